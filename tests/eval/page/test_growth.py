"""What the buttons of the growing tab do, without a browser."""

from collections.abc import Sequence
from html import unescape
from pathlib import Path

import pytest
from kiwipiepy import Kiwi
from openpyxl import Workbook

from eval.case_file import write_cases
from eval.cases import load_cases
from eval.page.growth import Growth
from eval.page.workspace import Workspace
from index.document import Document, DocumentKind
from tests.eval.builders import DOCUMENT, make_case

PLAN = """# 주차 로봇 도입

가람시는 주차 로봇 2대를 들여와 주차 면수를 40면에서 52면으로 늘렸습니다.
요금은 10분에 300원입니다. 이용자는 한 달에 1,200명으로 늘었습니다.
담당: 교통과 (02-000-1234)
"""
HEADER = ("번호", "질문", "기대답변", "필수표현", "근거", "문서")
QUOTE = "약 3일 수준으로 단축했다."


def document(name: str, title: str, text: str) -> Document:
    return Document(name, f"하위/{name}.md", title, DocumentKind.OTHER, "가람시", None, 2024, text, "0")


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    workspace = Workspace(tmp_path / "sets", tmp_path / "runs", tmp_path / "baselines")
    write_cases(workspace.sets / "set.jsonl", [make_case("q1")])
    return workspace


@pytest.fixture
def growth(workspace: Workspace, kiwi: Kiwi) -> Growth:
    documents = [document("a01", "처리 기간 단축", DOCUMENT), document("p01", "주차 로봇 <도입>", PLAN)]
    return Growth(workspace, lambda: iter(documents), lambda: kiwi)


def table(tmp_path: Path, *rows: Sequence[str], name: str = "표.xlsx") -> str:
    book = Workbook()
    for row in (HEADER, *rows):
        book.active.append(row)  # type: ignore[union-attr]
    book.save(tmp_path / name)
    return str(tmp_path / name)


ROWS = (
    ("n1", "처리 기간은 며칠이 되었나요?", "약 3일", "3일", QUOTE, "a01"),
    ("n2", "담당은 어디인가요?", "혁신행정담당관이 맡았습니다. 3일", "", "담당은 혁신행정담당관이다.", "a01"),
    ("n3", "없는 구절은 무엇인가요?", "", "3일", "문서에 없는 구절", "a01"),
    ("n4", "", "답", "답", QUOTE, "a01"),
    ("q1", "번호가 겹치는 문항은 무엇인가요?", "", "3일", QUOTE, "a01"),
    ("n5", "기간이 얼마로 줄었나요?", "", "3일", QUOTE, "a01"),
    ("n6", "<b>굵은</b> 질문은 며칠인가요?", "", "3일", QUOTE, "a01"),
)


def test_a_table_is_checked_row_by_row_before_anything_is_written(
    growth: Growth, workspace: Workspace, tmp_path: Path
) -> None:
    before = workspace.set_path("set").read_bytes()
    shown = growth.check_table(table(tmp_path, *ROWS), "set")
    assert "<strong>3</strong>문항을 set.jsonl에 더할 수 있습니다. 아래 4건은 빠집니다." in shown
    for wrong in (
        "n3: 근거(gold_quote)가 문서에 그대로 있지 않습니다",
        "5행: '질문'이 비어 있습니다",
        "번호 'q1'이(가) set.jsonl에 이미 있습니다",
        "n5: q1와(과) 질문이 같습니다",
    ):
        assert wrong in unescape(shown)
    assert "<b>굵은" not in shown
    assert workspace.set_path("set").read_bytes() == before


def test_the_rows_that_fit_are_added_and_no_case_is_overwritten(
    growth: Growth, workspace: Workspace, tmp_path: Path
) -> None:
    told = growth.add_table(table(tmp_path, *ROWS), "set.jsonl")
    assert "문항 3개를 더했습니다. 이 가운데 1개는 초안" in told
    cases = load_cases(workspace.set_path("set"), with_drafts=True)
    assert [case.case_id for case in cases] == ["q1", "n1", "n2", "n6"]
    assert cases[0] == make_case("q1")
    assert [name for _, name in growth.drafts("set")] == ["n2"]
    again = growth.add_table(table(tmp_path, *ROWS[:2]), "set.jsonl")
    assert "더할 수 있는 문항이 없습니다" in again


def test_a_table_makes_a_set_of_its_own(growth: Growth, workspace: Workspace, tmp_path: Path) -> None:
    assert "새문항.jsonl에 문항 1개" in growth.add_table(table(tmp_path, ROWS[0]), "새문항")
    assert "새문항.jsonl" in workspace.set_names()


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"PK\x03\x04broken", "엑셀 파일로 읽을 수 없습니다"), (b"", "엑셀 파일로 읽을 수 없습니다")],
)
def test_a_file_that_is_no_table_is_one_korean_line(
    growth: Growth, tmp_path: Path, content: bytes, message: str
) -> None:
    (tmp_path / "표.xlsx").write_bytes(content)
    shown = growth.check_table(str(tmp_path / "표.xlsx"), "set")
    assert 'class="problem"' in shown
    assert message in shown


def test_a_set_leads_nowhere_else_and_needs_a_file(growth: Growth, tmp_path: Path) -> None:
    for work in (growth.check_table, growth.add_table):
        assert "이름을 고르거나" in unescape(work(table(tmp_path, ROWS[0]), "../밖"))
        assert "파일을 먼저 올려" in work("", "set")
    assert "이름을 고르거나" in unescape(growth.draft("p01", "../밖", 3))
    assert not (tmp_path / "밖.jsonl").exists()


def test_documents_are_found_by_title_or_file(growth: Growth) -> None:
    assert [name for _, name in growth.document_names("")] == ["a01", "p01"]
    assert [name for _, name in growth.document_names("주차로봇")] == ["p01"]
    assert [name for _, name in growth.document_names("A01.md")] == ["a01"]
    assert growth.document_names("없는 말") == []


def test_drafts_of_a_document_wait_until_each_is_approved(growth: Growth, workspace: Workspace) -> None:
    assert "초안 4개를 더했습니다" in growth.draft("p01", "set", 4)
    path = workspace.set_path("set")
    drafts = [case for case in load_cases(path, with_drafts=True) if not case.reviewed]
    assert len(drafts) == 4
    assert load_cases(path) == (make_case("q1"),)
    first = next(case for case in drafts if case.gold_quote)
    shown = growth.show_draft("set", first.case_id)
    assert "<mark>" in shown
    assert "주차 로봇 &lt;도입&gt;" in shown
    assert 'href="/documents/p01?start=' in shown
    assert f"문항 {first.case_id}을(를) 승인했습니다" in growth.approve("set", first.case_id, " 김검토 ")
    (approved,) = [case for case in load_cases(path) if case.case_id == first.case_id]
    assert (approved.reviewed, approved.checked_by) == (True, "김검토")
    assert approved.checked_on
    assert first.case_id not in [name for _, name in growth.drafts("set")]
    assert "검토할 초안을 고르십시오" in growth.approve("set", first.case_id, "")


def test_a_document_asked_again_gives_only_what_is_new_with_numbers_of_its_own(
    growth: Growth, workspace: Workspace
) -> None:
    growth.draft("p01", "set", 3)
    assert "찾지 못했습니다" in growth.draft("p01", "set", 3)
    growth.draft("p01", "set", 6)
    cases = load_cases(workspace.set_path("set"), with_drafts=True)
    assert len({case.case_id for case in cases}) == len({case.question for case in cases}) == len(cases) == 7


def test_a_draft_with_an_error_is_not_approved(growth: Growth, workspace: Workspace) -> None:
    wrong = make_case("w1", question="틀린 초안은?", gold_quote=["없는 구절"], reviewed=False)
    write_cases(workspace.set_path("set"), [make_case("q1"), wrong])
    told = growth.approve("set", "w1", "")
    assert "승인하지 않았습니다" in told
    assert "그대로 있지 않습니다" in told
    assert [name for _, name in growth.drafts("set")] == ["w1"]


def test_a_draft_is_dropped_and_a_reviewed_case_is_not(growth: Growth, workspace: Workspace) -> None:
    growth.draft("p01", "set", 1)
    ((_, name),) = growth.drafts("set")
    assert "버렸습니다" in growth.drop("set", name)
    assert load_cases(workspace.set_path("set"), with_drafts=True) == (make_case("q1"),)
    assert "검토할 초안이 아닙니다" in unescape(growth.drop("set", "q1"))
    growth.draft("p01", "only", 1)
    ((_, name),) = growth.drafts("only")
    growth.drop("only", name)
    assert workspace.set_names() == ["set.jsonl"]


def test_what_is_not_there_is_told(growth: Growth) -> None:
    assert "초안을 만들 문서를 골라" in growth.draft("none", "set", 3)
    assert "1부터 40까지" in growth.draft("p01", "set", 0)
    assert growth.drafts("none") == []
    assert 'class="problem"' in growth.show_draft("none", "x")
