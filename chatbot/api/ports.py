"""What the HTTP edge and the pages need from the chatbot: the only surface of it that they call."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from chatbot.answer import Answer, Event, Question
from index.document import Case, Document, SearchFilters, SearchResult


class LibraryPort(Protocol):
    """An open index. Unknown ids raise :class:`index.errors.UnknownIdError`."""

    @property
    def version(self) -> str:
        """The version of the index that is open."""
        ...

    def search(self, query: str, top_k: int = 10, filters: SearchFilters = ...) -> list[SearchResult]:
        """The best chunks for ``query``, best first."""
        ...

    def document(self, document_id: str) -> Document:
        """The document with this id."""
        ...

    def documents(self) -> Sequence[Document]:
        """Every document."""
        ...

    def case(self, case_id: str) -> Case:
        """The case with this id."""
        ...

    def cases(self) -> Sequence[Case]:
        """Every case."""
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

    def stream(self, question: Question) -> Iterator[Event]:
        """The answer step by step; the last event holds all of it."""
        ...
