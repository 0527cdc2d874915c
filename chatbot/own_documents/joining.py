"""A folder of documents to chatbots that answer from them, alone or together with the common index."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from chatbot.api.ports import ChatbotPort
from chatbot.own_documents.joint_library import JointLibrary
from index.build import Progress, build_index
from index.library import open_library

if TYPE_CHECKING:
    from chatbot.pipeline import Chatbot


@dataclass(frozen=True, slots=True)
class Joined:
    """``own`` answers from the documents alone, ``both`` also from the common index."""

    own: ChatbotPort
    both: ChatbotPort
    documents: int
    close: Callable[[], None]


def join(chatbot: Chatbot, docs: Path, index_dir: Path, progress: Progress) -> Joined:
    """Indexes ``docs`` with the models of ``chatbot``, which are loaded already.

    Raises:
        IndexPackageError: Nothing can be read, or the index cannot be written.
    """
    settings = chatbot.settings.index.model_copy(update={"index_dir": index_dir, "chroma_url": "", "keep_versions": 1})
    report = build_index([docs], settings, embedder=chatbot.library.embedder, progress=progress)
    library = open_library(settings, chatbot.library.embedder)
    return Joined(
        own=chatbot.over(library),
        both=chatbot.over(JointLibrary(library, chatbot.library)),
        documents=report.documents,
        close=library.close,
    )
