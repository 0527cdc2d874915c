"""``python -m chatbot.access``: adds and removes sites and API keys."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated
from uuid import uuid4

import typer
from pydantic import ValidationError

from chatbot.access.file import AccessFileError, new_secret, read_access, write_access
from chatbot.access.keys import new_api_key
from chatbot.access.model import AccessList, Scope, Site, SiteContact
from chatbot.settings import Settings

app = typer.Typer(add_completion=False, no_args_is_help=True, help="위젯을 다는 누리집과 API 키를 관리합니다.")
File = Annotated[Path | None, typer.Option("--file", help="접근 목록 파일(기본은 CHATBOT_ACCESS_FILE)")]


@app.command()
def add_site(
    origin: Annotated[list[str], typer.Option("--origin", help="위젯을 다는 누리집 주소. 여러 번 쓸 수 있습니다.")],
    name: Annotated[str, typer.Option("--name", help="챗봇의 이름")] = "",
    department: Annotated[str, typer.Option("--department", help="답이 없을 때 안내할 부서")] = "",
    phone: Annotated[str, typer.Option("--phone", help="그 부서의 전화번호")] = "",
    hours: Annotated[str, typer.Option("--hours", help="상담 시간. 예: 월-금 09:00-18:00, 토 10:00-13:00")] = "",
    privacy_url: Annotated[str, typer.Option("--privacy-url", help="개인정보 처리방침 주소")] = "",
    file: File = None,
) -> None:
    """누리집을 더하고 공개 키를 보여 줍니다."""
    try:
        site = Site(
            key=f"site_{uuid4().hex[:12]}",
            name=name,
            origins=tuple(origin),
            contact=SiteContact(department=department, phone=phone),
            hours=hours,
            privacy_url=privacy_url,
        )
    except ValidationError as error:
        raise _stop(_why_not(error)) from None
    _change(file, lambda held: held.model_copy(update={"sites": (*held.sites, site)}))
    typer.echo(site.key)


@app.command()
def add_key(
    name: Annotated[str, typer.Option("--name", help="누구의 키인지")],
    scope: Annotated[list[Scope] | None, typer.Option("--scope", help="할 수 있는 일(기본은 모두)")] = None,
    file: File = None,
) -> None:
    """API 키를 만들어 한 번만 보여 줍니다. 파일에는 해시만 남습니다."""
    key, entry = new_api_key(name, scope or list(Scope))
    _change(file, lambda held: held.model_copy(update={"api_keys": (*held.api_keys, entry)}))
    typer.echo(key)


@app.command()
def remove(
    name: Annotated[str, typer.Argument(help="누리집의 공개 키나 API 키의 번호(gck_ 뒤 여덟 자)")], file: File = None
) -> None:
    """누리집이나 API 키를 없앱니다. 바로 효력이 있습니다."""

    def without(held: AccessList) -> AccessList:
        sites = tuple(site for site in held.sites if site.key != name)
        keys = tuple(key for key in held.api_keys if key.key_id != name)
        if (sites, keys) == (held.sites, held.api_keys):
            raise _stop(f"{name!r}은(는) 목록에 없습니다. list 명령으로 확인해 주십시오.")
        return held.model_copy(update={"sites": sites, "api_keys": keys})

    _change(file, without)


@app.command()
def rotate(file: File = None) -> None:
    """방문자 표의 서명 비밀을 바꿉니다. 앞의 비밀 하나는 남겨 지금 쓰는 사람이 끊기지 않습니다."""
    _change(file, lambda held: held.model_copy(update={"token_secrets": (new_secret(), held.token_secrets[0])}))


@app.command(name="list")
def show(file: File = None) -> None:
    """누리집과 API 키를 보여 줍니다."""
    held = _read(_path(file))
    for site in held.sites:
        typer.echo(f"{site.key}\t{site.name}\t{' '.join(site.origins)}")
    for key in held.api_keys:
        typer.echo(f"{key.key_id}\t{key.name}\t{' '.join(key.scopes)}")


def _why_not(error: ValidationError) -> str:
    first = error.errors()[0]
    return _FORMS.get(str(first["loc"][0]), first["msg"].removeprefix("Value error, "))


_FORMS = {
    "hours": "--hours는 ‘월-금 09:00-18:00’처럼 적어 주십시오. 여러 때는 쉼표로 나눕니다.",
    "privacy_url": "--privacy-url은 https://로 시작하는 주소로 적어 주십시오.",
    "name": "--name은 60자를 넘을 수 없습니다.",
}


def _path(file: Path | None) -> Path:
    return file or Settings().access_file


def _read(path: Path) -> AccessList:
    if not path.exists():
        return AccessList(token_secrets=(new_secret(),))
    try:
        return read_access(path)
    except AccessFileError as error:
        raise _stop(str(error)) from error


def _change(file: Path | None, change: Callable[[AccessList], AccessList]) -> None:
    path = _path(file)
    try:
        write_access(path, change(_read(path)))
    except OSError as error:
        raise _stop(f"{path}: 쓸 수 없습니다({error.strerror}). 경로와 권한을 확인해 주십시오.") from error


def _stop(message: str) -> typer.Exit:
    typer.echo(message, err=True)
    return typer.Exit(1)


if __name__ == "__main__":
    app()
