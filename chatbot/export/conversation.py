"""Answered questions as a report: the text and the numbers of the screen, the quotes from the documents themselves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, Field

from chatbot.answer import ContactCard
from chatbot.api.links import document_url
from chatbot.api.ports import LibraryPort
from chatbot.export.report import Block, Heading, Items, Paragraph, Report, Sheet, Source
from chatbot.ui.answer_text import Row, blocks
from index.document import Case, Document
from index.errors import UnknownIdError


class StaleAnswerError(ValueError):
    """The answer cites what does not stand in the open index."""


class _Given(BaseModel):
    """An :class:`~chatbot.answer.Answer` may be sent as it came: what an export does not need is passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class GivenCitation(_Given):
    """Where a quote stands; its words are read from the index again.

    ``quote`` tells whether what was cited in another version of the index still stands there.
    """

    number: int = Field(ge=1, le=999)
    document_id: str = Field(max_length=1_000)
    case_id: str = Field(max_length=1_000)
    start: int = Field(ge=0)
    end: int = Field(ge=0)
    page: int | None = None
    quote: str = Field(default="", max_length=20_000)


class GivenProvenance(_Given):
    """Which index the offsets are true of."""

    index_version: str = Field(max_length=200)


class GivenAnswer(_Given):
    """What an export needs of an answer."""

    text: str = Field(max_length=20_000)
    short_answer: str | None = Field(default=None, max_length=2_000)
    citations: tuple[GivenCitation, ...] = Field(default=(), max_length=200)
    contacts: tuple[ContactCard, ...] = Field(default=(), max_length=50)
    provenance: GivenProvenance


class GivenTurn(_Given):
    """A question and its answer."""

    question: str = Field(max_length=4_000)
    answer: GivenAnswer


@dataclass(frozen=True, slots=True)
class _Cited:
    number: int
    document: Document
    case: Case
    quote: str
    page: int | None
    url: str

    @property
    def about(self) -> str:
        year = f"{self.case.year}년" if self.case.year else ""
        place = f"{self.document.source} {self.page}쪽" if self.page else self.document.source
        return ", ".join(filter(None, [self.case.title, self.case.agency, year, place]))


def conversation_report(turns: Sequence[GivenTurn], library: LibraryPort, base_url: str, made_at: str) -> Report:
    """The report; ``base_url`` is where the source pages are.

    Raises:
        StaleAnswerError: A citation does not stand in the open index.
    """
    cited = [[_cited(given, turn.answer, library, base_url) for given in turn.answer.citations] for turn in turns]
    pairs = list(zip(turns, cited, strict=True))
    return Report(
        title="정부 문서 질의응답" if len(turns) > 1 else turns[0].question,
        details=(f"작성: {made_at}", f"색인: {library.version}", "모든 인용문은 원문의 문장 그대로입니다."),
        blocks=tuple(_blocks(pairs)),
        sheets=(_answers(pairs), _cases(pairs), _sources(pairs)),
    )


def _cited(given: GivenCitation, answer: GivenAnswer, library: LibraryPort, base_url: str) -> _Cited:
    try:
        document, case = library.document(given.document_id), library.case(given.case_id)
    except UnknownIdError as error:  # gone since the answer was made
        raise StaleAnswerError(given.number) from error
    quote = document.text[given.start : given.end]
    # An answer over the common documents holds beside those that somebody brought along.
    open_now = set(library.version.split("+")) >= set(answer.provenance.index_version.split("+"))
    if not (open_now or quote == given.quote) or not given.start < given.end <= len(document.text):
        raise StaleAnswerError(given.number)
    return _Cited(
        number=given.number,
        document=document,
        case=case,
        quote=quote,
        page=given.page,
        url=base_url + document_url(document.document_id, given.start, given.end),
    )


_Pairs = Sequence[tuple[GivenTurn, Sequence[_Cited]]]


def _blocks(pairs: _Pairs) -> Iterator[Block]:
    for number, (turn, cited) in enumerate(pairs, 1):
        if len(pairs) > 1:
            yield Heading(f"{number}. {turn.question}", 1)
        yield from _turn(turn.answer, cited)


def _turn(answer: GivenAnswer, cited: Sequence[_Cited]) -> Iterator[Block]:
    if answer.short_answer:
        yield Paragraph(answer.short_answer, strong=True)
    for block in blocks(answer.text, {one.number for one in cited}):
        if block.kind == "paragraph":
            yield Paragraph(_said(block.rows[0]))
        else:
            yield Items(tuple(_said(row) for row in block.rows), numbered=block.kind == "numbers")
    if answer.contacts:
        yield Heading("담당 부서", 2)
        yield Items(tuple(contact_line(contact) for contact in answer.contacts))
    if cited:
        yield Heading("출처", 2)
        yield from (Source(f"[{one.number}]", one.about, one.quote, one.url) for one in cited)


def _lines(answer: GivenAnswer, cited: Sequence[_Cited]) -> Iterator[str]:
    for block in blocks(answer.text, {one.number for one in cited}):
        yield from (_said(row) for row in block.rows)


def _said(row: Row) -> str:
    """A row as on screen; the word before a mark stands in the mark's piece."""
    return "".join(piece.lead + piece.text for piece in row)


def contact_line(contact: ContactCard) -> str:
    """Whom to ask, on one line."""
    who = " ".join(filter(None, [contact.department, contact.name, contact.role]))
    return ", ".join(filter(None, [who, contact.phone]))


def _answers(pairs: _Pairs) -> Sheet:
    rows = tuple(
        (
            number,
            turn.question,
            turn.answer.short_answer,
            "\n".join(_lines(turn.answer, cited)),
            "\n".join(contact_line(contact) for contact in turn.answer.contacts),
        )
        for number, (turn, cited) in enumerate(pairs, 1)
    )
    return Sheet("답변", ("번호", "질문", "짧은 답", "답변", "담당 부서"), (7, 36, 20, 90, 30), rows)


def _cases(pairs: _Pairs) -> Sheet:
    """One row per cited case of each answer."""
    rows: list[tuple[str | int | None, ...]] = []
    for number, (_, cited) in enumerate(pairs, 1):
        for case_id in dict.fromkeys(one.case.case_id for one in cited):
            own = [one for one in cited if one.case.case_id == case_id]
            case = own[0].case
            marks = "".join(f"[{one.number}]" for one in own)
            quotes = "\n".join(one.quote for one in own)
            rows.append((number, case.title, case.agency, case.year, marks, quotes, own[0].document.source))
    columns = ("질문 번호", "사례", "기관", "연도", "출처 번호", "인용문", "문서")
    return Sheet("사례", columns, (10, 40, 24, 8, 12, 90, 30), tuple(rows))


def _sources(pairs: _Pairs) -> Sheet:
    rows = tuple(
        (
            number,
            f"[{one.number}]",
            one.case.title,
            one.case.agency,
            one.case.year,
            one.document.source,
            one.page,
            one.quote,
            one.url,
        )
        for number, (_, cited) in enumerate(pairs, 1)
        for one in cited
    )
    columns = ("질문 번호", "출처 번호", "사례", "기관", "연도", "문서", "쪽", "인용문", "원문 주소")
    return Sheet("출처", columns, (10, 10, 40, 24, 8, 30, 6, 90, 40), rows, links=8)
