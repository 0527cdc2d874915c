"""One case by its aspects: purpose, process, result, figures, contact. Every line is a sentence of the document."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from chatbot.figures import figures
from index.document import Case, CaseField, Contact, Document, Sentence
from index.markup import plain

SUMMARY_CHARS = 120
MAX_FIGURES = 8


class CaseSource(Protocol):
    """What an open index gives of a case."""

    def document(self, document_id: str) -> Document:
        """The document with this id."""
        ...

    def sentences(self, case_id: str) -> Sequence[Sentence]:
        """Sentences of the case in order."""
        ...


class Aspect(StrEnum):
    """The parts of a case that people compare; a document without such parts has only its content."""

    PURPOSE = "목적"
    PROCESS = "과정"
    RESULT = "결과"
    CONTENT = "내용"


_FIELDS: dict[CaseField, Aspect] = {
    CaseField.PURPOSE: Aspect.PURPOSE,
    CaseField.BEFORE: Aspect.PURPOSE,
    CaseField.PROCESS: Aspect.PROCESS,
    CaseField.AFTER: Aspect.PROCESS,
    CaseField.RESULT: Aspect.RESULT,
    CaseField.EFFECT: Aspect.RESULT,
    CaseField.BODY: Aspect.CONTENT,
}


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence to show, and where it stands in the document."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class CaseFigure:
    """Quantities of one sentence (``30%``, ``29만면``), with the sentence."""

    quantities: tuple[str, ...]
    said: Said


@dataclass(frozen=True, slots=True)
class CaseSheet:
    """A case with its document, its aspects (those that it has, in reading order) and its figures."""

    case: Case
    document: Document
    summary: str
    aspects: dict[Aspect, tuple[Said, ...]]
    figures: tuple[CaseFigure, ...]

    def text(self, aspect: Aspect) -> str:
        """The sentences of an aspect, a line each; empty where the case has none."""
        return "\n".join(said.text for said in self.aspects.get(aspect, ()))

    @property
    def figure_lines(self) -> str:
        """The sentences with figures, a line each."""
        return "\n".join(figure.said.text for figure in self.figures)


def case_sheet(source: CaseSource, case: Case) -> CaseSheet:
    """The sheet of ``case``."""
    sentences = source.sentences(case.case_id)
    telling = [sentence for sentence in sentences if not sentence.structural and sentence.field in _FIELDS]
    said = {
        aspect: tuple(_said(sentence) for sentence in telling if _FIELDS[sentence.field] is aspect) for aspect in Aspect
    }
    return CaseSheet(
        case=case,
        document=source.document(case.document_id),
        summary=summary_of(sentences),
        aspects={aspect: lines for aspect, lines in said.items() if lines},
        figures=tuple(_figures(telling))[:MAX_FIGURES],
    )


def summary_of(sentences: Sequence[Sentence]) -> str:
    """The document's own one-line summary, or the first sentence that tells something."""
    own = [sentence for sentence in sentences if sentence.field is CaseField.SUMMARY and len(plain(sentence.text)) > 12]
    telling = [sentence for sentence in sentences if not sentence.structural and sentence.field in _FIELDS]
    for sentence in (*own, *telling):
        text = plain(sentence.text)
        return text if len(text) <= SUMMARY_CHARS else f"{text[: SUMMARY_CHARS - 1].rstrip()}…"
    return ""


def contact_line(contact: Contact) -> str:
    """Whom to call, on one line."""
    who = " ".join(filter(None, [contact.department, contact.name, contact.role]))
    return ", ".join(filter(None, [who, contact.phone]))


def _said(sentence: Sentence) -> Said:
    return Said(text=plain(sentence.text), start=sentence.start, end=sentence.end)


def _figures(sentences: Sequence[Sentence]) -> Iterator[CaseFigure]:
    """Sentences with a quantity that has a unit; what came of the case first."""
    for sentence in sorted(sentences, key=lambda one: _FIELDS[one.field] is not Aspect.RESULT):
        said = _said(sentence)
        found = tuple(dict.fromkeys(figure.text for figure in figures(said.text) if figure.unit))
        if found:
            yield CaseFigure(found, said)
