"""Composition root: settings -> index -> chatbot -> HTTP interface with the pages on it."""

from __future__ import annotations

import gc
import logging
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from chatbot.pipeline import Chatbot
    from chatbot.settings import Settings

KEEP_ALIVE_SECONDS = 75

Docs = Annotated[list[Path] | None, typer.Option("--docs", help="문서 폴더나 파일. 여러 번 쓸 수 있습니다.")]
IndexDir = Annotated[Path | None, typer.Option("--index-dir", help="색인을 두는 폴더")]
Host = Annotated[str | None, typer.Option("--host", help="듣는 주소")]
Port = Annotated[int | None, typer.Option("--port", min=1, max=65535, help="듣는 포트")]


def main(docs: Docs = None, index_dir: IndexDir = None, host: Host = None, port: Port = None) -> None:
    """정부 문서 질의응답 챗봇을 띄웁니다. 색인이 없거나 문서가 바뀌었으면 먼저 만듭니다."""
    from chatbot.errors import ChatbotError
    from index.errors import IndexPackageError

    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s %(message)s", stream=sys.stderr)
    logging.getLogger("chatbot").setLevel(logging.INFO)
    try:
        serve(_settings(index_dir, host, port), docs or [])
    except (ChatbotError, IndexPackageError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    except OSError as error:
        typer.echo(
            f"{error.filename or '파일'}: 쓸 수 없습니다({error.strerror}). 경로와 권한을 확인해 주십시오.", err=True
        )
        raise typer.Exit(1) from error


def serve(settings: Settings, docs: list[Path]) -> None:
    """Checks what can fail early, builds what has changed, then answers until it is stopped."""
    from chatbot.startup import bind, documents_to_serve

    gc.disable()  # a fifth of the start is the collector going over modules that stay
    address = bind(settings.host, settings.port)
    roots = documents_to_serve(docs, settings.index)
    chatbot = _chatbot(settings, roots)
    # Kiwi loads its model at the first sentence and holds every thread meanwhile: not under the first hundred citizens.
    chatbot.library.kiwi.tokenize("준비")

    import uvicorn

    from chatbot.api.app import create_app
    from chatbot.live import LiveChatbot
    from chatbot.ui.mount import mount_pages

    live = LiveChatbot(chatbot)
    app = create_app(live, settings)
    if settings.eval_page:
        from eval.page.mount import mount_eval

        mount_eval(app, live)
    mount_pages(app, live, settings)
    del chatbot  # or the first version stays open for good
    gc.freeze()
    gc.enable()
    typer.echo(
        f"http://{settings.host}:{settings.port} 에서 질문하실 수 있습니다. 멈추려면 Ctrl+C를 누르십시오.", err=True
    )
    # The access log would hold the questions of GET /search; the application writes its own line.
    # Proxies keep their connections for a minute; who closes first must not be the one that is about to be asked.
    config = uvicorn.Config(
        app, access_log=False, log_level="warning", timeout_graceful_shutdown=3, timeout_keep_alive=KEEP_ALIVE_SECONDS
    )
    live.follow()
    uvicorn.Server(config).run(sockets=[address])


def _chatbot(settings: Settings, roots: list[Path]) -> Chatbot:
    """The chatbot over an index that is up to date with ``roots``, or over the one that is there without any."""
    from chatbot.startup import is_indexed
    from index.errors import IndexVersionError

    if roots and not is_indexed(roots, settings.index):
        _build(settings, roots)

    from chatbot.pipeline import build_chatbot

    try:
        return build_chatbot(settings)
    except IndexVersionError:  # made by another version of the program, from documents that we have
        if not roots:
            raise
        _build(settings, roots)
        return build_chatbot(settings)


def _build(settings: Settings, roots: list[Path]) -> None:
    from index.build import build_index
    from index.progress import progress_bar

    gc.enable()
    typer.echo(f"색인을 만듭니다: {settings.index.index_dir}", err=True)
    with progress_bar() as progress:
        report = build_index(roots, settings.index, progress=progress)
    for skipped in report.skipped:
        typer.echo(skipped.reason, err=True)


def _settings(index_dir: Path | None, host: str | None, port: int | None) -> Settings:
    from chatbot.settings import Settings
    from index.settings import IndexSettings

    index = IndexSettings(index_dir=index_dir) if index_dir else IndexSettings()
    given = {name: value for name, value in (("host", host), ("port", port)) if value is not None}
    return Settings(index=index).model_copy(update=given)


if __name__ == "__main__":
    typer.run(main)
