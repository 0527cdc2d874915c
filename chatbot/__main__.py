"""``python -m chatbot "질문"``: one answer on the command line."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer
from pydantic import TypeAdapter, ValidationError

from chatbot.answer import Question, Turn
from chatbot.errors import ChatbotError
from chatbot.pipeline import build_chatbot
from chatbot.settings import Settings
from index.errors import IndexPackageError
from index.settings import IndexSettings


def main(
    question: Annotated[str, typer.Argument(help="질문")],
    index_dir: Annotated[Path | None, typer.Option("--index-dir", help="색인 폴더")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="답을 JSON 하나로 표준 출력에 씁니다.")] = False,
    history: Annotated[Path | None, typer.Option("--history", help="앞선 대화: role과 content의 JSON 목록")] = None,
) -> None:
    """문서에서 답을 찾아 출처와 함께 보여 줍니다."""
    try:
        settings = Settings(index=IndexSettings(index_dir=index_dir)) if index_dir else Settings()
        asked = Question(text=question, history=_turns(history))
        answer = build_chatbot(settings).answer(asked)
    except (IndexPackageError, ChatbotError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    except ValidationError as error:
        typer.echo(f"입력을 읽을 수 없습니다: {error.errors()[0]['msg']}. 질문과 설정을 확인해 주십시오.", err=True)
        raise typer.Exit(2) from error
    if as_json:
        sys.stdout.write(answer.model_dump_json() + "\n")
        return
    typer.echo(answer.text)
    for citation in answer.citations:
        quote = " ".join(citation.quote.split())
        typer.echo(f"  [{citation.number}] {citation.source} {citation.start}~{citation.end}: {quote}", err=True)
        if citation.replaces:
            typer.echo(f"      이전 판을 대신하는 문서입니다: {', '.join(citation.replaces)}", err=True)


def _turns(path: Path | None) -> tuple[Turn, ...]:
    if path is None:
        return ()
    try:
        loaded = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ChatbotError(
            f"앞선 대화를 읽을 수 없습니다: {str(path)!r}. role과 content의 JSON 목록인지 확인해 주십시오."
        ) from error
    return tuple(TypeAdapter(list[Turn]).validate_python(loaded))


if __name__ == "__main__":
    typer.run(main)
