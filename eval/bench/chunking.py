"""Chunk size, and titles and headings in front of what is embedded: retrieval and fact accuracy of each choice.

``python -m eval.bench.chunking --beir DIR --docs DIR --questions FILE --out DIR`` prints a table; what was measured
before in ``--out`` is not measured again, so that a long grid can be interrupted.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated
from unittest.mock import patch

import typer

from chatbot.pipeline import build_chatbot
from chatbot.settings import Settings
from eval.cases import load_case_files
from eval.chatbot_subject import subject_of
from eval.evaluate import evaluate
from eval.generate import generate
from eval.ranking import RetrievalSummary
from eval.report.markdown import table
from eval.retrieval import measure
from eval.run import RunFolder
from index.build import build_index
from index.settings import IndexSettings

SIZES = (200, 400, 800)
_DONE = "row.txt"


def main(
    beir: Annotated[Path, typer.Option(help="BEIR 형식 폴더")],
    docs: Annotated[Path, typer.Option(help="문항의 문서 폴더")],
    questions: Annotated[Path, typer.Option(help="문항 파일")],
    out: Annotated[Path, typer.Option(help="결과를 두는 폴더")],
    sizes: Annotated[list[int] | None, typer.Option("--size", help="청크의 최대 길이. 여러 번 쓸 수 있습니다.")] = None,
    context: Annotated[bool, typer.Option(help="제목 없이도 잴지")] = True,
) -> None:
    """Measure every choice, and print a row for each."""
    rows = []
    for size in sizes or SIZES:
        for headed in (True, False) if context else (True,):
            folder = out / f"{size}-{'headed' if headed else 'bare'}"
            folder.mkdir(parents=True, exist_ok=True)
            done = folder / _DONE
            if not done.exists():
                done.write_text("\t".join(_measured(size, headed, beir, docs, questions, folder)), encoding="utf-8")
            rows.append(done.read_text(encoding="utf-8").split("\t"))
            typer.echo(" ".join(rows[-1]), err=True)
    typer.echo("\n".join(table(("청크(글자)", "앞에 제목", "nDCG@10", "재현율@5", "사실 정확도", "인용 재현율"), rows)))


def _measured(size: int, headed: bool, beir: Path, docs: Path, questions: Path, folder: Path) -> list[str]:
    index = IndexSettings(max_chunk_chars=size, index_dir=folder / "index")
    with _headers(headed):
        found: RetrievalSummary = measure(beir, RunFolder(folder / "beir"), settings=index)
        build_index([docs], index)
    run = RunFolder(folder / "answers")
    chatbot = build_chatbot(Settings(index=index))
    generate(load_case_files([questions]), subject_of(chatbot), run, questions_file=questions.name)
    chatbot.library.close()
    answered, _ = evaluate(run)
    shares = (found.ndcg_at_10, found.recall_at_5, answered.fact_accuracy, answered.citation_recall)
    return [str(size), "예" if headed else "아니오", *(f"{share or 0:.3f}" for share in shares)]


@contextmanager
def _headers(wanted: bool) -> Iterator[None]:
    """Without ``wanted``, neither leg is told the title, agency, year and headings of a chunk."""
    if wanted:
        yield
        return
    with patch("index.build.chunk_header", lambda _: ""), patch("index.terms._header", lambda _: ""):
        yield


if __name__ == "__main__":
    typer.run(main)
