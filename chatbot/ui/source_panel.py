"""The source beside the chat: the cited case, opened at the cited sentence."""

from __future__ import annotations

from dataclasses import dataclass, replace

from chatbot.answer import Answer, Citation
from chatbot.api.links import document_url
from chatbot.api.ports import LibraryPort
from chatbot.ui.facets import Facets
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
    turn: int
    cite: int
    number: int
    total: int
    previous: int
    next: int
    case_title: str
    document_title: str
    agency: str
    year: int | None
    page: int | None
    passage: Passage
    copied: str
    href: str
    replaces: tuple[str, ...] = ()
    changed: bool = False


def source_html(view: SourceView) -> str:
    """The panel with a source in it."""
    return render("source.html", view=view)


def contents_html(facets: Facets) -> str:
    """The panel before anything was cited: what there is to ask about."""
    return render("contents.html", cases=facets.cases, total=facets.total)


def citation_view(library: LibraryPort, answer: Answer, turn: int, number: int) -> SourceView | None:
    """The citation ``number`` of the answer to ``turn``; ``None`` if it has no such citation.

    Where another version of the index answers by now, the quote is looked for in the document as it is.
    """
    numbers = [citation.number for citation in answer.citations]
    if number not in numbers:
        return None
    place = numbers.index(number)
    citation = answer.citations[place]
    view = SourceView(
        key=f"{answer.answer_id}-{number}",
        turn=turn,
        cite=number,
        number=place + 1,
        total=len(numbers),
        previous=numbers[place - 1],
        next=numbers[(place + 1) % len(numbers)],
        case_title=citation.case_title,
        document_title=citation.source,
        agency=citation.agency,
        year=citation.year,
        page=citation.page,
        passage=passage(citation.quote, (0, len(citation.quote))),
        copied=_copied(citation),
        href=document_url(citation.document_id, citation.start, citation.end).removeprefix("/"),
        replaces=citation.replaces,
        changed=True,
    )
    try:
        document = library.document(citation.document_id)
        case = library.case(citation.case_id)
    except UnknownIdError:
        return view
    start = _place(citation, document.text)
    if start < 0:
        return view
    mark = (start, start + len(citation.quote))
    return replace(
        view,
        document_title=document.title,
        passage=passage(document.text, mark, window_around(mark, (case.start, case.end), REACH_CHARS)),
        href=document_url(document.document_id, *mark).removeprefix("/"),
        changed=False,
    )


def _place(citation: Citation, text: str) -> int:
    """Where the quote begins in ``text``; -1 where it stands no more."""
    return citation.start if text.startswith(citation.quote, citation.start) else text.find(citation.quote)


def case_view(library: LibraryPort, case_id: str) -> SourceView | None:
    """A case with nothing marked; ``None`` if the index does not know it."""
    try:
        case = library.case(case_id)
        document = library.document(case.document_id)
    except UnknownIdError:
        return None
    nothing = (case.start, case.start)
    return SourceView(
        key=case_id,
        turn=0,
        cite=0,
        number=0,
        total=0,
        previous=0,
        next=0,
        case_title=case.title,
        document_title=document.title,
        agency=case.agency,
        year=case.year,
        page=None,
        passage=passage(document.text, nothing, window_around(nothing, (case.start, case.end), REACH_CHARS)),
        copied=_case_text(case, document),
        href=document_url(document.document_id, case.start, case.start).removeprefix("/"),
        replaces=tuple(library.replaces(document.document_id)),
    )


def _copied(citation: Citation) -> str:
    about = ", ".join(filter(None, [citation.case_title, citation.agency, citation.source]))
    return f"{citation.quote}\n— {about}"


def _case_text(case: Case, document: Document) -> str:
    return document.text[case.start : case.end].strip()
