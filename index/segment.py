"""From outline lines to sentences with exact offsets, heading paths and the part of the case they stand in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from kiwipiepy import Kiwi

from index.document import CaseField, Sentence
from index.markup import blank_markup, plain
from index.metadata import agency_line
from index.morphemes import LineAnalysis, analyse
from index.outline import RECORD_FIELDS, Line, LineKind

MAX_SENTENCE_CHARS = 1_200
"""Lines are joined up to this length, and cut above four times as much: a 1 MB line is not one sentence."""

_CARRY_LABELLED = (CaseField.TITLE, CaseField.METADATA)
_JOINABLE = (LineKind.TEXT, LineKind.ITEM, LineKind.RECORD, LineKind.FIELD)
_END = re.compile(r"[.!?](?=\s)")
_ENDED = re.compile(r"[.!?。:：]['\"”’)\]]*$")


@dataclass(frozen=True, slots=True)
class TermedSentence:
    """A sentence and its search terms."""

    sentence: Sentence
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CaseLines:
    """The lines of one case. ``card`` marks Markdown cards, whose summaries are full sentences."""

    text: str
    document_id: str
    case_id: str
    lines: Sequence[Line]
    card: bool = False


@dataclass(frozen=True, slots=True)
class _Piece:
    line: Line
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Run:
    """Lines that belong together; ``analysis`` is ``None`` when there are several, so Kiwi has to see them again."""

    piece: _Piece
    analysis: LineAnalysis | None


def sentences_of(cases: Sequence[CaseLines], kiwi: Kiwi) -> list[list[TermedSentence]]:
    """Sentences of each case in document order.

    Lines that were cut inside a sentence (a page or column border) are joined again; a table row, a record
    and a heading are one sentence each. All cases go to Kiwi together, which keeps its workers busy.
    """
    pieces = [_pieces(case) for case in cases]
    analyses = _analysed(cases, pieces, kiwi)
    runs = [_runs(case.text, own, found) for case, own, found in zip(cases, pieces, analyses, strict=True)]
    again = _analysed(cases, [[run.piece for run in own if run.analysis is None] for own in runs], kiwi)
    return [_sentences(case, own, iter(found)) for case, own, found in zip(cases, runs, again, strict=True)]


def _analysed(cases: Sequence[CaseLines], pieces: Sequence[list[_Piece]], kiwi: Kiwi) -> list[list[LineAnalysis]]:
    visible = [_visible(case.text, piece) for case, own in zip(cases, pieces, strict=True) for piece in own]
    found = analyse(visible, kiwi)
    return [list(islice(found, len(own))) for own in pieces]


def _sentences(case: CaseLines, runs: Sequence[_Run], again: Iterator[LineAnalysis]) -> list[TermedSentence]:
    result: list[TermedSentence] = []
    path = _HeadingPath(case.text)
    for number, run in enumerate(runs):
        line = run.piece.line
        path.see(line)
        header = _is_header_row(case.text, runs[max(0, number - 1) : number + 2], first=number == 0)
        for start, end, terms in _bounds(run.piece, run.analysis or next(again)):
            said = case.text[start:end]
            sentence = Sentence(
                document_id=case.document_id,
                case_id=case.case_id,
                ordinal=len(result),
                start=start,
                end=end,
                text=said,
                heading_path=path.current(),
                field=path.field,
                structural=header or _is_structural(line, path.field, said, card=case.card),
            )
            result.append(TermedSentence(sentence, terms))
    return result


class _HeadingPath:
    """The headings above the current line and the field they put it in."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._headings: dict[int, str] = {}
        self._row_header = ""
        self._in_award = False
        self.field = CaseField.BODY

    def see(self, line: Line) -> None:
        if line.kind is not LineKind.ROW:
            self._row_header = ""
        elif not self._row_header:
            said = plain(self._text[line.start : line.end])
            self._row_header = " | ".join(cell for cell in said.split(" ") if cell)[:80] or " "
        if self._in_award and line.kind not in (LineKind.FIELD, LineKind.HEADING):
            # 기존, 개선 and 효과 end with their table row: what follows is not an effect of the award.
            self._in_award = False
            self.field = CaseField.BODY
            self._headings.pop(6, None)
        if line.kind is LineKind.HEADING:
            said = plain(self._text[line.start : line.end])
            self._headings = {level: name for level, name in self._headings.items() if level < line.level}
            self._headings[line.level] = said
            self.field = RECORD_FIELDS.get(re.sub(r"\s+", "", said), CaseField.BODY)
        elif line.kind in (LineKind.RECORD, LineKind.FIELD):
            self.field = line.field
            self._in_award = line.kind is LineKind.FIELD
            self._headings = {level: name for level, name in self._headings.items() if level < 6}
            if line.field not in _CARRY_LABELLED:
                self._headings[6] = line.label
        elif line.kind is LineKind.YEAR:
            self.field = CaseField.METADATA

    def current(self) -> tuple[str, ...]:
        names = [self._headings[level] for level in sorted(self._headings)]
        return tuple([*names, self._row_header] if self._row_header.strip() else names)


def _is_structural(line: Line, field: CaseField, said: str, *, card: bool) -> bool:
    if line.kind in (LineKind.CONTENTS, LineKind.YEAR):
        return True
    if line.kind is LineKind.HEADING:
        # "생애주기 서비스 대폭 확대 (현재 2개 → 22년 10개 이상)" says something; "추진 배경" does not.
        return not re.search(r"[(\[][^)\]]*\d", said)
    if field in (CaseField.TITLE, CaseField.METADATA):
        return True
    if line.kind is LineKind.TEXT and agency_line(plain(said)):
        return True
    return field is CaseField.SUMMARY and not card


def _is_header_row(text: str, around: Sequence[_Run], *, first: bool) -> bool:
    """Whether a row only names the columns: the row below it says the names again, each with its value.

    ``around`` is the run before, the run itself and the run after it.
    """
    before, rest = (None, around) if first else (around[0], around[1:])
    if len(rest) < 2 or any(run.piece.line.kind is not LineKind.ROW for run in rest):
        return False
    if before is not None and before.piece.line.kind is LineKind.ROW:
        return False
    names, row = (text[run.piece.start : run.piece.end] for run in rest)
    return any(f"{name}: " in row for name in names.split("\t"))


def _bounds(piece: _Piece, analysis: LineAnalysis) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    whole = piece.line.kind in (LineKind.ROW, LineKind.HEADING, LineKind.YEAR, LineKind.CONTENTS)
    if whole or piece.line.field in _CARRY_LABELLED:
        terms = tuple(term for sentence in analysis.sentences for term in sentence.terms)
        labelled = piece.line.kind is LineKind.RECORD and piece.start == piece.line.start
        yield (piece.line.outer if labelled else piece.start), piece.end, terms
        return
    for sentence in analysis.sentences:
        yield piece.start + sentence.start, piece.start + sentence.end, sentence.terms


def _runs(text: str, pieces: Sequence[_Piece], analyses: Sequence[LineAnalysis]) -> list[_Run]:
    """Each line that runs on together with the plain text line that follows it."""
    runs: list[_Run] = []
    for number, (piece, analysis) in enumerate(zip(pieces, analyses, strict=True)):
        if number and _continues(text, pieces[number - 1], analyses[number - 1], piece):
            runs[-1] = _Run(replace(runs[-1].piece, end=piece.end), None)
        else:
            runs.append(_Run(piece, analysis))
    return runs


def _continues(text: str, before: _Piece, analysis: LineAnalysis, piece: _Piece) -> bool:
    if piece.line.kind is not LineKind.TEXT or before.line.kind not in _JOINABLE:
        return False
    if piece.end - before.start > MAX_SENTENCE_CHARS:
        return False
    if before.line.field is CaseField.TITLE and before.line.kind is LineKind.RECORD:
        return True  # a title goes on until the next label
    said = text[before.start : before.end].rstrip()
    if said.endswith((",", "·")) and agency_line(plain(said)):
        return True
    return analysis.runs_on and not _ENDED.search(said) and text[before.end : piece.start].count("\n") <= 4


def _pieces(case: CaseLines) -> list[_Piece]:
    return [piece for line in case.lines for piece in _cut(case.text, line)]


def _cut(text: str, line: Line) -> Iterator[_Piece]:
    start = line.start
    while line.end - start > 4 * MAX_SENTENCE_CHARS:
        low, high = start + MAX_SENTENCE_CHARS, start + 4 * MAX_SENTENCE_CHARS
        ends = [found.end() for found in _END.finditer(text, low, high)]
        space = text.rfind(" ", low, high)
        end = ends[-1] if ends else space if space > start else low
        yield from _trimmed(text, line, start, end)
        start = end
    yield from _trimmed(text, line, start, line.end)


def _trimmed(text: str, line: Line, start: int, end: int) -> Iterator[_Piece]:
    said = text[start:end]
    if said.strip():
        yield _Piece(line, start + len(said) - len(said.lstrip()), start + len(said.rstrip()))


def _visible(text: str, piece: _Piece) -> str:
    return blank_markup(text[piece.start : piece.end]).replace("\n", " ").replace("\t", " ")
