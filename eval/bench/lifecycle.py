"""Rename 5, change 5, delete 5 of 1,000 documents: what is embedded, how long it takes, and whether answers follow.

``python -m eval.bench.lifecycle [--documents 1000]`` prints one JSON line. The documents are generated, the models are
the real ones, and the chatbot is one that runs on through all of it. Exit code 1 when an answer did not follow.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from chatbot.answer import Answer, Question
from chatbot.live import LiveChatbot
from chatbot.pipeline import build_chatbot
from chatbot.settings import Settings
from eval.bench.generated import GeneratedDocument, documents
from index.build import build_index
from index.settings import IndexSettings
from index.verify import verify
from index.versions import VersionFolder

_Result = TypeVar("_Result")
_OTHER_FEE = 12_300  # above every fee of a generated document


def main(
    count: Annotated[int, typer.Option("--documents", min=30, help="문서 수")] = 1_000,
    each: Annotated[int, typer.Option(min=1, max=10, help="이름을 바꾸고, 고치고, 지울 문서 수")] = 5,
) -> None:
    """Print seconds, chunks embedded, the ratio to the whole build, and the answers that followed."""
    with tempfile.TemporaryDirectory() as folder:
        row = _measured(Path(folder), count, each)
    typer.echo(json.dumps(row, ensure_ascii=False))
    # A question that was not answered before shows nothing: the documents are as alike as notices after one template.
    if not row["answers_follow"] or not row["rollback_restores"] or row["problems"]:
        raise typer.Exit(1)


def _measured(folder: Path, count: int, each: int) -> dict[str, object]:
    docs, made = folder / "docs", documents(count)
    docs.mkdir()
    for document in made:
        (docs / document.name).write_text(document.text, encoding="utf-8")
    picked = made[:: count // (3 * each)][: 3 * each]
    renamed, changed, deleted = picked[::3], picked[1::3], picked[2::3]
    settings = Settings(index=IndexSettings(index_dir=folder / "index", chroma_url=""))
    whole, whole_seconds = _timed(lambda: build_index([docs], settings.index))
    chatbot = LiveChatbot(build_chatbot(settings))
    former = _all_said(chatbot, [*renamed, *changed, *deleted])

    for document in renamed:
        (docs / document.name).rename(docs / f"moved-{document.name}")
    edited = [document.with_fee(_OTHER_FEE + 100 * number) for number, document in enumerate(changed)]
    for document in edited:
        (docs / document.name).write_text(document.text, encoding="utf-8")
    for document in deleted:
        (docs / document.name).unlink()
    report, seconds = _timed(lambda: build_index([docs], settings.index))
    _, refresh_seconds = _timed(chatbot.refresh)
    moved = all(_cites(chatbot, document, f"moved-{document.name}") for document in renamed)
    gone = not any(_cites(chatbot, document, document.name) for document in deleted)
    problems = verify(settings.index).problems
    follows = moved and gone and _all_said(chatbot, [*renamed, *edited])

    versions = VersionFolder(settings.index.index_dir)
    versions.activate(versions.previous() or "")
    _, rollback_seconds = _timed(chatbot.refresh)
    restored = _all_said(chatbot, [*renamed, *changed, *deleted]) and not any(
        _says(chatbot, document) for document in edited
    )
    return {
        "documents": count,
        "chunks": whole.chunks,
        "whole_seconds": round(whole_seconds, 1),
        "changed_seconds": round(seconds, 1),
        "ratio": round(seconds / whole_seconds, 3),
        "changes": Counter(change.action.value for change in report.changes),
        "embedded": report.embedded,
        "refresh_seconds": round(refresh_seconds, 2),
        "rollback_seconds": round(rollback_seconds, 2),
        "answered_before": former,
        "answers_follow": follows,
        "rollback_restores": restored,
        "problems": list(problems),
    }


def _timed(work: Callable[[], _Result]) -> tuple[_Result, float]:
    began = time.perf_counter()
    return work(), time.perf_counter() - began


def _all_said(chatbot: LiveChatbot, asked: Sequence[GeneratedDocument]) -> bool:
    return all(_says(chatbot, document) for document in asked)


def _says(chatbot: LiveChatbot, document: GeneratedDocument) -> bool:
    """Whether the answer to the document's question tells its figure."""
    return f"{document.fee:,}원" in _answer(chatbot, document).text


def _cites(chatbot: LiveChatbot, document: GeneratedDocument, source: str) -> bool:
    return any(citation.source == source for citation in _answer(chatbot, document).citations)


def _answer(chatbot: LiveChatbot, document: GeneratedDocument) -> Answer:
    return chatbot.answer(Question(text=document.question))


if __name__ == "__main__":
    typer.run(main)
