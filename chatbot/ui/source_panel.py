"""The source beside the chat: the cited case, opened at the cited sentence."""

from __future__ import annotations

from dataclasses import dataclass, replace

from chatbot.answer import Answer, Citation
from chatbot.api.links import document_url
from chatbot.api.ports import LibraryPort
from chatbot.explanation import Candidate
from chatbot.ui.facets import Facets
from chatbot.ui.labels import Labels
from chatbot.ui.outline import OutlineEntry, outline_of
from chatbot.ui.passage import Passage, passage, window_around
from chatbot.ui.render import render
from index.document import Case, Document
from index.errors import UnknownIdError

# A longer case is cut this far from the cited sentence on both sides: about three screens.
REACH_CHARS = 2_000


@dataclass(frozen=True, slots=True)
class SourceView:
    """What the template needs.

    ``cite`` is the citation's number and ``number`` its place among ``total``, all 0 for a case opened without a
    citation. ``key`` changes with what is shown. ``changed``: the document no longer holds the quote, which is all
    that is shown. ``replaces`` are the earlier editions of the document.
    """

    key: str
    case_title: str
    document_title: str
    agency: str
    year: int | None
    passage: Passage
    outline: tuple[OutlineEntry, ...]
    copied: str
    href: str
    turn: int = 0
    cite: int = 0
    number: int = 0
    total: int = 0
    previous: int = 0
    next: int = 0
    page: int | None = None
    replaces: tuple[str, ...] = ()
    changed: bool = False


def source_html(view: SourceView, t: Labels, base: str = "") -> str:
    """The panel with a source in it; ``base`` leads from the page to the root of the service."""
    return render("source.html", t, view=view, base=base)


def contents_html(facets: Facets, t: Labels) -> str:
    """The panel before anything was cited: what there is to ask about."""
    return render("contents.html", t, cases=facets.cases, total=facets.total)


def citation_view(library: LibraryPort, answer: Answer, turn: int, number: int) -> SourceView | None:
    """The citation ``number`` of the answer to ``turn``; ``None`` if it has no such citation.

    Where another version of the index answers by now, the quote is looked for in the document as it is.
    """
    numbers = [citation.number for citation in answer.citations]
    if number not in numbers:
        return None
    place = numbers.index(number)
    citation = answer.citations[place]
    key = f"{answer.answer_id}-{number}"
    mark = _place(library, citation)
    view = _view(library, citation.case_id, mark, key, citation.page) if mark else None
    if mark and view:
        cited = [(one.start, one.end) for one in answer.citations if one.document_id == citation.document_id]
        view = replace(view, href=document_url(citation.document_id, *mark, cited).removeprefix("/"))
    return replace(
        view or _quoted(citation, key),
        turn=turn,
        cite=number,
        number=place + 1,
        total=len(numbers),
        previous=numbers[place - 1],
        next=numbers[(place + 1) % len(numbers)],
    )


def _place(library: LibraryPort, citation: Citation) -> tuple[int, int] | None:
    """Where the quote stands in the document as it is; ``None`` where it stands no more."""
    try:
        text = library.document(citation.document_id).text
    except UnknownIdError:
        return None
    start = citation.start if text.startswith(citation.quote, citation.start) else text.find(citation.quote)
    return None if start < 0 else (start, start + len(citation.quote))


def _quoted(citation: Citation, key: str) -> SourceView:
    """What an answer quoted of a document that has changed since."""
    about = ", ".join(filter(None, [citation.case_title, citation.agency, citation.source]))
    return SourceView(
        key=key,
        case_title=citation.case_title,
        document_title=citation.source,
        agency=citation.agency,
        year=citation.year,
        passage=passage(citation.quote, (0, len(citation.quote))),
        outline=(),
        copied=f"{citation.quote}\n— {about}",
        href="",
        page=citation.page,
        replaces=citation.replaces,
        changed=True,
    )


def candidate_view(library: LibraryPort, candidate: Candidate) -> SourceView | None:
    """A sentence that was read and not cited, marked; ``None`` if the index lost it."""
    mark = (candidate.start, candidate.end)
    return _view(library, candidate.case_id, mark, f"{candidate.document_id}-{candidate.start}")


def case_view(library: LibraryPort, case_id: str) -> SourceView | None:
    """A case with nothing marked; ``None`` if the index does not know it."""
    return _view(library, case_id, None, case_id)


def _view(
    library: LibraryPort, case_id: str, mark: tuple[int, int] | None, key: str, page: int | None = None
) -> SourceView | None:
    """A case opened at ``mark``, or at its beginning; copied is the mark, or all of it."""
    try:
        case = library.case(case_id)
        document = library.document(case.document_id)
    except UnknownIdError:
        return None
    whole = (case.start, case.end)
    shown = mark or (case.start, case.start)
    window = window_around(shown, whole, REACH_CHARS)
    return SourceView(
        key=key,
        case_title=case.title,
        document_title=document.title,
        agency=case.agency,
        year=case.year,
        passage=passage(document.text, shown, window),
        outline=outline_of(library.sentences(case_id), window),
        copied=copied_text(case, document, mark or whole, page),
        page=page,
        href=document_url(document.document_id, *shown).removeprefix("/"),
        replaces=tuple(library.replaces(document.document_id)),
    )


def copied_text(case: Case, document: Document, mark: tuple[int, int], page: int | None) -> str:
    """What the copy button copies: the words of the document and a line that says where they stand."""
    year = f"{case.year}년" if case.year else ""
    place = f"{document.source} {page}쪽" if page else document.source
    about = ", ".join(filter(None, [case.title, case.agency, year, place]))
    return f"{document.text[mark[0] : mark[1]].strip()}\n— {about}"
