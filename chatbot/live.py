"""A chatbot that goes on with the newest index version while it runs."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from chatbot.answer import Answer, Event, Question
from chatbot.pipeline import Chatbot
from chatbot.settings import Settings
from index.build import Progress
from index.document import SearchFilters, SearchResult
from index.errors import IndexPackageError
from index.library import Library, open_library
from index.versions import VersionFolder

if TYPE_CHECKING:
    from chatbot.own_documents.joining import Joined

log = logging.getLogger(__name__)

POLL_SECONDS = 2.0
"""How soon a new version answers; a look costs one read of a small file."""


class LiveChatbot:
    """Answers from the version that is current, opened beside the one before and put in its place in one step.

    What began on the former version ends on it: a version closes when nothing refers to it any more. One that cannot
    be opened is told in the log, and the former goes on answering. Safe to share between threads.
    """

    def __init__(self, chatbot: Chatbot) -> None:
        self._chatbot = chatbot
        self._refused = ""
        self._opening = threading.Lock()
        self._stopped = threading.Event()

    @property
    def current(self) -> Chatbot:
        """The chatbot over the version that answers now; keep it for the time of one piece of work only."""
        return self._chatbot

    @property
    def settings(self) -> Settings:
        """The settings, which no new version changes."""
        return self._chatbot.settings

    @property
    def library(self) -> Library:
        """The version that answers now."""
        return self._chatbot.library

    def answer(self, question: Question) -> Answer:
        """The whole answer, from one version."""
        return self._chatbot.answer(question)

    def stream(self, question: Question) -> Iterator[Event]:
        """The answer step by step, from one version."""
        return self._chatbot.stream(question)

    def search(self, query: str, *, top_k: int = 10, filters: SearchFilters | None = None) -> list[SearchResult]:
        """The best chunks of one version, best first."""
        return self._chatbot.search(query, top_k=top_k, filters=filters)

    def joined(self, docs: Path, index_dir: Path, progress: Progress) -> Joined:
        """Documents brought along, joined to the version that answers now."""
        return self._chatbot.joined(docs, index_dir, progress)

    def refresh(self) -> bool:
        """Go on with the current version of the index folder; whether there was another one to go on with."""
        with self._opening:
            former = self._chatbot.library
            name = VersionFolder(former.settings.index_dir).current()
            if name is None or name in (former.version, self._refused):
                return False
            try:
                library = open_library(former.settings, former.embedder)
                library.self_test()
            except (IndexPackageError, OSError) as error:
                self._refused = name
                log.warning("색인 판 %s을(를) 열지 못해 %s(으)로 계속 답합니다: %s", name, former.version, error)
                return False
            self._chatbot = self._chatbot.over(library)
            log.info("색인 판 %s(으)로 답합니다(문서 %s건).", library.version, f"{library.manifest.documents:,}")
            return True

    def follow(self, seconds: float = POLL_SECONDS) -> None:
        """Look for a new version every ``seconds`` from now on, in a thread that ends with the process."""
        threading.Thread(target=self._watch, args=(seconds,), name="index-version", daemon=True).start()

    def stop(self) -> None:
        """Look no more."""
        self._stopped.set()

    def _watch(self, seconds: float) -> None:
        while not self._stopped.wait(seconds):
            try:
                self.refresh()
            except Exception:  # the former version answers, and the next look may go well
                log.exception("looking for a new index version failed")
