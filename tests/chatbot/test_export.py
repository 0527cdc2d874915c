"""Exports are opened again with the libraries and hold what the screen shows."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from urllib.parse import unquote

import docx
import hwpkit
import openpyxl
import pdfplumber
import pytest
from docx.document import Document
from fastapi.testclient import TestClient
from httpx import Response
from hwpx import HwpxDocument
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from openpyxl.worksheet.worksheet import Worksheet

from chatbot.answer import Question
from chatbot.export.hwpx import to_hwpx
from chatbot.export.markdown import to_markdown
from chatbot.export.pdf import to_pdf
from chatbot.export.report import Grid, Heading, Items, Paragraph, Report, Sheet, Source
from chatbot.export.word import to_word
from chatbot.export.workbook import to_workbook
from tests.chatbot.fake_chatbot import HOSTILE, FakeChatbot

TEXT = [
    "큐알코드 신고를 도입하여 수리 기간을 평균 9일에서 2일로 줄였습니다.[1]",
    "신고 건수는 한 달 1,240건으로 늘었습니다.[2]",
]
QUOTES = [
    "- 큐알코드 신고를 도입하여 수리 기간을 평균 9일에서 2일로 줄였습니다.",
    "- 신고 건수는 한 달 1,240건으로 늘었습니다.",
]


def turn(question: str) -> dict[str, object]:
    """A turn as a program has it: the whole answer as it came."""
    answer = FakeChatbot().answer(Question(text=question))
    return {"question": question, "answer": answer.model_dump(mode="json")}


def export(client: TestClient, format_: str, *questions: str) -> Response:
    body = {"format": format_, "turns": [turn(question) for question in questions]}
    response = client.post("/export/conversation", json=body)
    assert response.status_code == 200, response.text
    return response


def word(response: Response) -> Document:
    return docx.Document(BytesIO(response.content))


def paragraphs(document: Document) -> list[str]:
    return [paragraph.text for paragraph in document.paragraphs]


def sheet(response: Response, name: str) -> Worksheet:
    found = openpyxl.load_workbook(BytesIO(response.content))[name]
    assert isinstance(found, Worksheet)
    return found


def rows(worksheet: Worksheet) -> list[dict[str, object]]:
    head, *body = worksheet.iter_rows(values_only=True)
    return [dict(zip(map(str, head), row, strict=True)) for row in body]


def test_a_word_file_holds_the_text_the_numbers_and_the_sources(pages_client: TestClient) -> None:
    document = word(export(pages_client, "docx", "수리 기간은?"))
    said = paragraphs(document)
    assert said[0] == "수리 기간은?"
    assert "평균 2일" in said
    assert [line for line in said if line in TEXT] == TEXT
    assert [line for line in said if line in QUOTES] == QUOTES
    assert [line[:3] for line in said if line.startswith("[")] == ["[1]", "[2]"]
    source = next(line for line in said if line.startswith("[1]"))
    assert "공영자전거 고장 신고 개선, 새빛시, 2024년, bike.md 1쪽" in source
    assert "교통정책과 홍길동, 02-000-1234" in said


def pdf_text(content: bytes) -> str:
    """The words of a PDF in one line: it breaks lines where the page ends."""
    with pdfplumber.open(BytesIO(content)) as file:
        return "".join("".join(page.extract_text() for page in file.pages).split())


def squeezed(*lines: str) -> list[str]:
    """Without white space, and dashes told apart no more than the fonts do: one glyph stands for two of them."""
    return ["".join(line.split()).replace("―", "—") for line in lines]


def test_a_pdf_holds_the_text_the_numbers_and_the_sources(pages_client: TestClient) -> None:
    response = export(pages_client, "pdf", "수리 기간은?")
    assert response.headers["content-type"] == "application/pdf"
    said = pdf_text(response.content)
    for line in squeezed(
        "수리 기간은?", "평균 2일", *TEXT, *QUOTES, "[1] 공영자전거 고장 신고 개선, 새빛시, 2024년, bike.md 1쪽"
    ):
        assert line in said
    with pdfplumber.open(BytesIO(response.content)) as file:
        links = [link["uri"] for page in file.pages for link in page.annots]
    assert pages_client.get(links[0].removeprefix("http://testserver")).text.count(f">{QUOTES[0]}</mark>") == 1


def test_an_hwpx_file_holds_the_text_the_numbers_and_the_sources(pages_client: TestClient, tmp_path: Path) -> None:
    (tmp_path / "export.hwpx").write_bytes(export(pages_client, "hwpx", "수리 기간은?").content)
    said = hwpkit.extract_text_from_file(tmp_path / "export.hwpx").splitlines()
    assert "수리 기간은?" in said
    assert "평균 2일" in said
    assert TEXT[0] in said
    assert f"○ {TEXT[1]}" in said
    assert [line for line in said if line in QUOTES] == QUOTES
    assert "[1] 공영자전거 고장 신고 개선, 새빛시, 2024년, bike.md 1쪽 원문 보기" in said
    assert not HwpxDocument.open(tmp_path / "export.hwpx").validate().issues


def test_a_comparison_in_an_official_format_has_every_cell(pages_client: TestClient) -> None:
    asked = {"case": ["bike-1", "night-library-1"]}
    document = word(pages_client.get("/export/comparison", params={**asked, "format": "docx"}))
    cells = [squeezed(*(cell.text for cell in row.cells)) for row in document.tables[0].rows]
    pdf = pages_client.get("/export/comparison", params={**asked, "format": "pdf"}).content
    with pdfplumber.open(BytesIO(pdf)) as file:
        [found] = [table for page in file.pages for table in page.extract_tables()]
    assert [squeezed(*(cell or "" for cell in row)) for row in found] == cells
    hwpx = pages_client.get("/export/comparison", params={**asked, "format": "hwpx"}).content
    [table] = HwpxDocument.open(BytesIO(hwpx)).tables
    assert [squeezed(*(cell.text for cell in row.cells)) for row in table.rows] == cells


def test_a_words_source_opens_the_document_at_the_quote(pages_client: TestClient) -> None:
    document = word(export(pages_client, "docx", "수리 기간은?"))
    [first, _] = [
        link.address + "#" + link.fragment if link.fragment else link.address
        for paragraph in document.paragraphs
        for link in paragraph.hyperlinks
    ]
    page = pages_client.get(first.removeprefix("http://testserver")).text
    assert f">{QUOTES[0]}</mark>" in page


def test_a_workbook_has_answers_cited_cases_and_sources(pages_client: TestClient) -> None:
    response = export(pages_client, "xlsx", "수리 기간은?", "없는 내용은?")
    answers = rows(sheet(response, "답변"))
    assert answers[0]["답변"] == "\n".join(TEXT)
    assert answers[0]["짧은 답"] == "평균 2일"
    assert "자료에 없습니다" in str(answers[1]["답변"])
    [case] = rows(sheet(response, "사례"))
    assert (case["사례"], case["출처 번호"], case["연도"]) == ("공영자전거 고장 신고 개선", "[1][2]", 2024)
    sources = rows(sheet(response, "출처"))
    assert [(one["출처 번호"], one["인용문"], one["문서"]) for one in sources] == [
        ("[1]", QUOTES[0], "bike.md"),
        ("[2]", QUOTES[1], "bike.md"),
    ]


def test_markdown_says_the_same_when_it_is_read_as_markdown(pages_client: TestClient) -> None:
    tokens = MarkdownIt().parse(export(pages_client, "md", "수리 기간은?").text)
    said = [token.content for inline in tokens for token in inline.children or () if token.type == "text"]
    assert [line for line in said if line in TEXT] == TEXT
    assert QUOTES[0] in "".join(said)
    assert [line[:3] for line in said if line.startswith(("[1] 공영", "[2] 공영"))] == ["[1]", "[2]"]


def test_a_conversation_keeps_its_turns_in_order(pages_client: TestClient) -> None:
    document = word(export(pages_client, "docx", "수리 기간은?", "없는 내용은?"))
    headings = [one.text for one in document.paragraphs if one.style and one.style.name == "Heading 1"]
    assert headings == ["1. 수리 기간은?", "2. 없는 내용은?"]


def test_the_file_has_a_korean_name_and_the_type_of_its_format(pages_client: TestClient) -> None:
    response = export(pages_client, "docx", "수리 기간은?")
    assert "질의응답_" in unquote(response.headers["content-disposition"])
    assert response.headers["content-type"].endswith("wordprocessingml.document")
    assert response.headers["cache-control"] == "no-store"


def test_a_hostile_document_is_words_in_every_format(pages_client: TestClient) -> None:
    question = f"공격 {HOSTILE}"
    assert HOSTILE in "\n".join(paragraphs(word(export(pages_client, "docx", question))))
    assert squeezed(HOSTILE)[0] in pdf_text(export(pages_client, "pdf", question).content)
    assert HOSTILE in str(rows(sheet(export(pages_client, "xlsx", question), "답변"))[0]["답변"])
    html = MarkdownIt().render(export(pages_client, "md", question).text)
    assert "<img" not in html
    assert "<script" not in html


def test_what_another_index_held_is_refused(pages_client: TestClient) -> None:
    given = turn("수리 기간은?")
    given["answer"]["provenance"]["index_version"] = "다른 판"  # type: ignore[index]
    given["answer"]["citations"][0]["quote"] = "옛 판의 글"  # type: ignore[index]
    response = pages_client.post("/export/conversation", json={"format": "md", "turns": [given]})
    assert response.status_code == 409
    assert "다시 질문해 주십시오" in response.json()["detail"]


@pytest.mark.parametrize(("start", "end"), [(5, 5), (9, 3), (0, 100_000)])
def test_a_citation_that_stands_nowhere_is_refused(pages_client: TestClient, start: int, end: int) -> None:
    given = turn("수리 기간은?")
    given["answer"]["citations"][0] |= {"start": start, "end": end}  # type: ignore[index]
    response = pages_client.post("/export/conversation", json={"format": "md", "turns": [given]})
    assert response.status_code == 409


def test_a_quote_that_the_caller_made_up_is_not_exported(pages_client: TestClient) -> None:
    given = turn("수리 기간은?")
    given["answer"]["citations"][0]["quote"] = "지어낸 인용문"  # type: ignore[index]
    text = pages_client.post("/export/conversation", json={"format": "md", "turns": [given]}).text
    assert "지어낸" not in text
    assert "9일에서 2일로" in text


def test_a_long_conversation_is_exported_and_a_flood_is_not(pages_client: TestClient) -> None:
    long = turn("수리 기간은?")
    long["answer"]["text"] = "가" * 9_000  # type: ignore[index]
    response = pages_client.post("/export/conversation", json={"format": "md", "turns": [long] * 5})
    assert response.status_code == 200
    assert pages_client.post("/export/conversation", json={"format": "md", "turns": [long] * 120}).status_code == 413


def test_a_case_list_has_one_row_per_case(pages_client: TestClient) -> None:
    response = pages_client.get("/export/cases", params={"format": "xlsx", "sort": "oldest"})
    found = rows(sheet(response, "사례"))
    assert [row["연도"] for row in found] == [2022, 2023, 2024]
    bike = found[2]
    assert bike["목적"] == "- 고장 난 자전거를 신고해도 수리까지 평균 9일이 걸렸습니다."
    assert str(bike["결과"]).startswith(QUOTES[0])
    assert "1,240건" in str(bike["수치"])
    assert bike["연락처"] == "교통정책과 홍길동, 02-000-1234"
    assert str(bike["원문 주소"]).startswith("http://testserver/documents/bike?")


def test_a_case_list_takes_the_filters_of_the_page_or_the_cases_named(pages_client: TestClient) -> None:
    filtered = pages_client.get("/export/cases", params={"year": "2023"})
    assert [row["사례"] for row in rows(sheet(filtered, "사례"))] == ["밤에도 여는 작은도서관"]
    named = pages_client.get("/export/cases", params={"case": ["night-library-1", "bike-1"]})
    assert [row["연도"] for row in rows(sheet(named, "사례"))] == [2023, 2024]
    assert pages_client.get("/export/cases", params={"year": "1999"}).status_code == 404
    assert pages_client.get("/export/cases", params={"case": ["없는 사례"]}).status_code == 404


def test_picked_cases_become_a_report_with_an_overview_numbers_and_sources(pages_client: TestClient) -> None:
    asked = {"case": ["bike-1", "night-library-1"], "format": "docx"}
    document = word(pages_client.get("/export/cases", params=asked))
    [overview] = document.tables
    assert [cell.text for cell in overview.rows[1].cells][:4] == ["[1]", "공영자전거 고장 신고 개선", "새빛시", "2024"]
    said = paragraphs(document)
    assert f"{QUOTES[0]} [1]" in said
    assert any(line.startswith("[2] 밤에도 여는 작은도서관") for line in said)


def test_a_comparison_has_a_row_per_aspect_and_a_column_per_case(pages_client: TestClient) -> None:
    asked = {"case": ["bike-1", "night-library-1"]}
    document = word(pages_client.get("/export/comparison", params={**asked, "format": "docx"}))
    cells = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    assert cells[0] == ["항목", "[1] 공영자전거 고장 신고 개선", "[2] 밤에도 여는 작은도서관"]
    assert ["기관", "새빛시", "새빛시 도서관과"] in cells
    same = rows(sheet(pages_client.get("/export/comparison", params={**asked, "format": "xlsx"}), "비교"))
    assert [[str(value or "") for value in row.values()] for row in same] == cells[1:]


@pytest.mark.parametrize("cases", [["bike-1"], ["bike-1", "bike-1"], ["a", "b", "c", "d", "e", "f"]])
def test_too_few_or_too_many_cases_are_not_compared(pages_client: TestClient, cases: list[str]) -> None:
    response = pages_client.get("/export/comparison", params={"case": cases})
    assert response.status_code == 422
    assert "두 건에서 다섯 건까지" in response.json()["detail"]


@given(st.text(max_size=200))
def test_no_text_breaks_a_file(text: str) -> None:
    table = Sheet("표", ("이름", "글"), (10, 40), (("값", text),))
    blocks = (Heading(text, 1), Paragraph(text), Items((text,)), Source("[1]", text, text, ""), Grid(table))
    report = Report(title=text, details=(text,), blocks=blocks, sheets=(table,))
    assert docx.Document(BytesIO(to_word(report))).tables
    assert openpyxl.load_workbook(BytesIO(to_workbook(report)))["표"]["A2"].value == "값"
    assert "<script" not in MarkdownIt().render(to_markdown(report).decode())


@settings(max_examples=15)
@given(st.text(max_size=100))
def test_no_text_breaks_an_official_file(text: str) -> None:
    table = Sheet("표", ("이름", "글"), (10, 40), (("값", text),))
    blocks = (Heading(text, 1), Paragraph(text), Items((text,)), Source("[1]", text, text, "http://x/"), Grid(table))
    report = Report(title=text, details=(text,), blocks=blocks, sheets=(table,))
    with pdfplumber.open(BytesIO(to_pdf(report))) as file:
        assert "원문보기" in "".join(file.pages[0].extract_text().split())
    assert HwpxDocument.open(BytesIO(to_hwpx(report))).tables


def test_a_quote_and_a_cell_longer_than_a_page_are_broken_over_pages() -> None:
    long = "긴 문장입니다. " * 900
    table = Sheet("표", ("이름", "글"), (10, 40), (("값", long),))
    report = Report("제목", (), (Source("[1]", "출처", long, ""), Grid(table)), (table,))
    assert pdf_text(to_pdf(report)).count("긴") == 1800


@pytest.mark.parametrize("text", ['=HYPERLINK("http://x")', "+1", "@SUM(A1)", "-2"])
def test_what_looks_like_a_formula_stays_words(text: str) -> None:
    report = Report("제목", (), (), (Sheet("표", ("글",), (10,), ((text,),)),))
    cell = openpyxl.load_workbook(BytesIO(to_workbook(report)))["표"]["A2"]
    assert (cell.value, cell.data_type) == (text, "s")
