"""From a draft to an answer's text and citations: numbers, verbatim quotes, links."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote as url_quote

from chatbot.answer import Citation
from chatbot.draft import DraftSentence, Passage
from index.library import Library


@dataclass(frozen=True, slots=True)
class CitedText:
    """The answer's text with ``[n]`` marks and the citations that they refer to, in order of first use."""

    text: str = ""
    citations: tuple[Citation, ...] = ()


class Citer:
    """Numbers passages as they first occur; the same passage keeps its number. ``begun``: some text stands before."""

    def __init__(self, library: Library, *, begun: bool = False) -> None:
        self._library = library
        self._begun = begun
        self._numbers: dict[tuple[str, int, int], int] = {}

    def cite(self, sentence: DraftSentence) -> CitedText:
        """The sentence with its marks and with what parts it from the text before; the citations that are new."""
        marks: list[int] = []
        new: list[Citation] = []
        for passage in sentence.passages:
            key = (passage.case.document_id, passage.start, passage.end)
            if key not in self._numbers:
                self._numbers[key] = len(self._numbers) + 1
                new.append(_citation(self._numbers[key], passage, self._library))
            marks.append(self._numbers[key])
        text = sentence.text + "".join(f"[{number}]" for number in dict.fromkeys(marks))
        separator = "\n" if sentence.line_break or sentence.text.startswith("근거:") else " "
        piece = (separator if self._begun else "") + text
        self._begun = True
        return CitedText(piece, tuple(new))


def cite(sentences: Sequence[DraftSentence], library: Library, *, lead: str = "") -> CitedText:
    """The whole text, ``lead`` first, and all its citations."""
    citer = Citer(library, begun=bool(lead))
    pieces = [citer.cite(sentence) for sentence in sentences]
    return CitedText(
        lead + "".join(piece.text for piece in pieces),
        tuple(citation for piece in pieces for citation in piece.citations),
    )


def _citation(number: int, passage: Passage, library: Library) -> Citation:
    case = passage.case
    document = library.document(case.document_id)
    return Citation(
        number=number,
        document_id=document.document_id,
        source=document.source,
        case_id=case.case_id,
        case_title=case.title,
        agency=case.agency,
        year=case.year,
        heading_path=passage.heading_path,
        page=_page(document.pages, passage.start),
        replaces=tuple(library.replaces(document.document_id)),
        quote=document.text[passage.start : passage.end],
        start=passage.start,
        end=passage.end,
        url=f"/documents/{url_quote(document.document_id)}?start={passage.start}&end={passage.end}#{passage.start}",
    )


def _page(pages: Sequence[object], offset: int) -> int | None:
    starts = [int(getattr(page, "start", 0)) for page in pages]
    position = bisect_right(starts, offset)
    return int(getattr(pages[position - 1], "number", 0)) if position else None
