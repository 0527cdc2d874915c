"""What the HTTP edge and the pages need from the chatbot: the only surface of it that they call."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Protocol

from chatbot.answer import Answer, Event, Question
from index.document import Case, Document, DocumentKind, SearchFilters, SearchResult, Sentence

if TYPE_CHECKING:
    from pathlib import Path

    from chatbot.own_documents.joining import Joined
    from index.build import Progress


class ManifestPort(Protocol):
    """What an index version holds."""

    @property
    def created_at(self) -> str:
        """When it was made, in ISO 8601."""
        ...

    @property
    def documents(self) -> int:
        """How many documents."""
        ...

    @property
    def cases(self) -> int:
        """How many cases."""
        ...


class LibraryPort(Protocol):
    """An open index. Unknown ids raise :class:`index.errors.UnknownIdError`."""

    @property
    def version(self) -> str:
        """The version of the index that is open."""
        ...

    @property
    def manifest(self) -> ManifestPort:
        """What the version holds."""
        ...

    def search(self, query: str, *, top_k: int = 10, filters: SearchFilters | None = None) -> list[SearchResult]:
        """The best chunks for ``query``, best first."""
        ...

    def document(self, document_id: str) -> Document:
        """The document with this id."""
        ...

    def replaces(self, document_id: str) -> list[str]:
        """Sources of the earlier editions that the document replaces."""
        ...

    def replaced_by(self, document_id: str) -> str | None:
        """Id of the newest edition of the document; ``None`` where it is the newest itself."""
        ...

    def case(self, case_id: str) -> Case:
        """The case with this id."""
        ...

    def cases(self, filters: SearchFilters | None = None) -> Sequence[Case]:
        """The cases that meet ``filters``, in index order."""
        ...

    def sentences(self, case_id: str) -> Sequence[Sentence]:
        """The sentences of a case, in order."""
        ...

    def kind(self, document_id: str) -> DocumentKind:
        """The kind of a document."""
        ...

    def similar_cases(self, case_id: str, top_k: int) -> Sequence[Case]:
        """The cases nearest in meaning to this one, nearest first, without it."""
        ...


class ChatbotPort(Protocol):
    """Question in, answer with citations out; safe to call from several threads."""

    @property
    def library(self) -> LibraryPort:
        """The documents that answers come from."""
        ...

    def answer(self, question: Question) -> Answer:
        """The whole answer."""
        ...

    def search(self, query: str, *, top_k: int = 10, filters: SearchFilters | None = None) -> list[SearchResult]:
        """The best chunks without an answer, best first."""
        ...

    def stream(self, question: Question) -> Iterator[Event]:
        """The answer step by step; the last event holds all of it."""
        ...

    def joined(self, docs: Path, index_dir: Path, progress: Progress) -> Joined:
        """Chatbots over the documents in ``docs``, which are indexed in ``index_dir``."""
        ...
