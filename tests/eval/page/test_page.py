"""What the buttons of the page do, without a browser."""

import subprocess
import sys
from html import unescape
from pathlib import Path
from threading import Semaphore

import pytest

from chatbot.answer import Answer, AnswerStatus, Question
from eval.case_file import write_cases
from eval.cases import EvalCase, load_cases
from eval.compare import Verdict
from eval.errors import EvalError
from eval.page import running
from eval.page.handlers import ALL, EVERY, FAILED, UNSUPPORTED, Handlers
from eval.page.mount import EvalRoute, is_local
from eval.page.running import run_set
from eval.page.workspace import Workspace
from eval.run import RunFolder
from eval.scorecard import bless
from eval.spreadsheet import texts_of
from index.document import Document, DocumentKind
from tests.eval.builders import (
    DOCUMENT,
    FakeAnswerer,
    make_answer,
    make_case,
    make_refusal,
    make_subject,
    make_unanswerable,
)

CASES = [
    make_case("q1", question="첫째는 며칠인가요?"),
    make_case("q2", question="둘째는 며칠인가요?", type="number"),
    make_case("q3", question="셋째는 며칠인가요?", gold_quote=["담당은 혁신행정담당관이다."]),
    make_unanswerable("u1", question="없는 것은?"),
]
ANSWERS = {
    "둘째는 며칠인가요?": make_answer("<b>40일</b>입니다.[1]"),
    "없는 것은?": make_refusal(AnswerStatus.NOT_IN_SOURCES),
}


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    workspace = Workspace(tmp_path / "sets", tmp_path / "runs", tmp_path / "baselines")
    write_cases(workspace.sets / "set.jsonl", CASES)
    return workspace


@pytest.fixture
def answerer() -> FakeAnswerer:
    return FakeAnswerer(ANSWERS)


@pytest.fixture
def handlers(workspace: Workspace, answerer: FakeAnswerer) -> Handlers:
    document = Document("d1", "하위/a01.md", "제목", DocumentKind.OTHER, "", None, None, DOCUMENT, "")
    return Handlers(workspace, lambda: make_subject(answerer), lambda: iter([document]))


def test_a_run_tells_every_answer_and_ends_with_its_summary(handlers: Handlers, workspace: Workspace) -> None:
    *steps, last = handlers.run("set.jsonl", "first")
    assert [f'aria-valuenow="{done}"' in step for done, step in enumerate(steps)] == [True] * 5
    assert "지금까지 정답률 0.750" in steps[-1]
    assert "&lt;b&gt;40일" in steps[-1]
    assert "실행 first을(를) 마쳤습니다" in last
    assert workspace.run_names() == ["first"]
    assert (workspace.run("first").path / "summary.json").is_file()


class GatedAnswerer(FakeAnswerer):
    """Answers as often as it is permitted to."""

    def __init__(self, permits: int) -> None:
        super().__init__(ANSWERS)
        self.permits = Semaphore(permits)

    def answer(self, question: Question) -> Answer:
        assert self.permits.acquire(timeout=30)
        return super().answer(question)


def test_a_run_that_nobody_watches_stops_and_goes_on_where_it_was(workspace: Workspace) -> None:
    answerer, run = GatedAnswerer(permits=1), workspace.run("stopped")
    watching = run_set(CASES, make_subject(answerer), run, "set.jsonl")
    assert [next(watching).done, next(watching).done] == [0, 1]
    watching.close()
    answerer.permits.release(10)
    with running._running:  # free again once the answer under way is written
        assert len(run.answers()) == len(answerer.asked) == 2
    *_, last = run_set(CASES, make_subject(answerer), run, "set.jsonl")
    assert (last.done, len(answerer.asked), len(run.answers())) == (2, 4, 4)


def test_only_one_run_at_a_time(handlers: Handlers, workspace: Workspace) -> None:
    answerer = GatedAnswerer(permits=1)
    watching = run_set(CASES, make_subject(answerer), workspace.run("one"), "set.jsonl")
    next(watching)
    (second,) = handlers.run("set.jsonl", "two")
    assert "다른 실행이 아직 끝나지 않았습니다" in second
    answerer.permits.release(10)
    *_, last = watching
    assert last.done == 4


def test_what_goes_wrong_in_a_run_is_one_line(handlers: Handlers) -> None:
    assert "problem" in [*handlers.run("none.jsonl", "")][-1]
    assert "이름을 고르거나" in [*handlers.run("../../etc/passwd", "")][-1]
    assert "이름을 고르거나" in [*handlers.run("set.jsonl", "../up")][-1]


def test_failures_are_filtered_by_kind_and_link_to_their_sources(handlers: Handlers) -> None:
    list(handlers.run("set.jsonl", "first"))
    failed = handlers.browse("first", FAILED, ALL)
    assert failed.count("<article") == 1
    assert 'href="/documents/d1#' in failed
    assert "<b>40일" not in failed
    assert handlers.browse("first", UNSUPPORTED, ALL).count("<article") == 1
    assert handlers.browse("first", EVERY, ALL).count("<article") == 4
    assert handlers.browse("first", EVERY, "수치").count("<article") == 1
    assert "해당하는 문항이 없습니다" in handlers.browse("first", FAILED, "목록")
    assert "problem" in handlers.browse("none", FAILED, ALL)


def test_runs_and_baselines_are_compared_by_name(handlers: Handlers, workspace: Workspace) -> None:
    list(handlers.run("set.jsonl", "first"))
    bless(workspace.run("first"), "named", baselines=workspace.baselines)
    assert workspace.reference_names() == ["named", "first"]
    assert f'class="verdict {Verdict.UNCHANGED}"' in handlers.compare("named", "first", 0.5)
    assert "4문항으로는 허용 폭 0.02" in handlers.compare("named", "first", 0.02)
    assert "허용 폭은 0보다" in handlers.compare("named", "first", 0)
    assert "problem" in handlers.compare("none", "first", 0.5)


def test_a_case_is_opened_changed_and_saved_with_what_the_form_does_not_show(
    handlers: Handlers, workspace: Workspace
) -> None:
    path = workspace.set_path("set.jsonl")
    known = make_case(
        "q1", question="첫째는 며칠인가요?", source_url="https://example.com", gold_quote=["약 3일\n수준으로"]
    )
    write_cases(path, [known, *CASES[1:]])
    texts = handlers.open_case("set.jsonl", "q1")
    assert "고쳤습니다" in handlers.save_case("set.jsonl", texts | {"question": "첫째는 몇 날인가요?"})
    saved: EvalCase = load_cases(path)[0]
    assert saved == known.model_copy(update={"question": "첫째는 몇 날인가요?"})


def test_a_case_that_breaks_the_contract_or_quotes_what_is_not_there_is_not_saved(
    handlers: Handlers, workspace: Workspace
) -> None:
    before = workspace.set_path("set.jsonl").read_text(encoding="utf-8")
    texts = texts_of(make_case("n1"))
    assert "'유형'의 값" in unescape(handlers.save_case("set.jsonl", texts | {"type": "잡담"}))
    assert "'번호'를 적어" in unescape(handlers.save_case("set.jsonl", texts | {"id": ""}))
    assert "그대로 있지 않습니다" in handlers.save_case("set.jsonl", texts | {"gold_quote": "없는 구절"})
    assert "이름을 고르거나" in handlers.save_case("../set.jsonl", texts)
    assert workspace.set_path("set.jsonl").read_text(encoding="utf-8") == before
    assert "더했습니다" in handlers.save_case("새문항", texts | {"reviewed": "아니오"})
    assert [shown for shown, _ in handlers.case_names("새문항")] == ["n1 (초안) 기간이 얼마로 줄었나요?"]


@pytest.mark.parametrize(
    ("client", "headers", "local"),
    [
        ("127.0.0.1", {"host": "127.0.0.1:7860"}, True),
        ("::1", {"host": "[::1]:7860"}, True),
        ("127.0.0.1", {"host": "localhost"}, True),
        ("10.0.0.7", {"host": "127.0.0.1:7860"}, False),
        ("127.0.0.1", {"host": "chat.example.go.kr"}, False),
        ("127.0.0.1", {"host": "127.0.0.1", "x-forwarded-for": "10.0.0.7"}, False),
        ("testclient", {"host": "localhost"}, False),
    ],
)
def test_only_this_machine_sees_the_page(client: str, headers: dict[str, str], local: bool) -> None:
    encoded = [(name.encode(), value.encode()) for name, value in headers.items()]
    assert is_local({"type": "http", "client": (client, 1), "headers": encoded}) is local


@pytest.mark.parametrize(("path", "ours"), [("/eval", True), ("/eval/", True), ("/evaluation", False), ("/", False)])
def test_the_route_takes_only_its_own_paths(path: str, ours: bool) -> None:
    match, _ = EvalRoute(chatbot=None).matches({"type": "http", "path": path})  # type: ignore[arg-type]
    assert (match.name == "FULL") is ours


def test_mounting_the_page_loads_neither_gradio_nor_the_evaluation() -> None:
    names = "('gradio', 'openpyxl', 'eval.compare')"
    probe = f"import sys, eval.page.mount; print([name for name in {names} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_name_leads_nowhere_else(workspace: Workspace) -> None:
    for name in ("", "..", "a/b", ".hidden", "/etc/passwd"):
        with pytest.raises(EvalError):
            workspace.run(name)
    assert isinstance(workspace.run("좋은-이름.1"), RunFolder)
