"""A watched folder: what changes in it is in the index a moment later."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Event

import watchfiles

from index.build import BuildReport, build_index, embedder_for
from index.embed import Embedder
from index.errors import IndexPackageError
from index.settings import IndexSettings

_QUIET_MS = 1_500
"""A copy of many files is one change: the build waits until nothing was written for so long."""


def watch(
    docs: Sequence[Path], settings: IndexSettings, *, embedder: Embedder | None = None, stop: Event | None = None
) -> Iterator[BuildReport | IndexPackageError]:
    """Build now and after each change; what went wrong is given and the watch goes on.

    Raises:
        IndexModelError: The embedding model cannot be loaded.
    """
    embedder = embedder or embedder_for(settings)
    yield _built(docs, settings, embedder)
    own = settings.index_dir.resolve()

    def theirs(change: watchfiles.Change, path: str) -> bool:
        return not Path(path).resolve().is_relative_to(own)

    for _ in watchfiles.watch(*docs, watch_filter=theirs, debounce=_QUIET_MS, step=100, stop_event=stop):
        yield _built(docs, settings, embedder)


def _built(docs: Sequence[Path], settings: IndexSettings, embedder: Embedder) -> BuildReport | IndexPackageError:
    try:
        return build_index(docs, settings, embedder=embedder)
    except IndexPackageError as error:
        return error
