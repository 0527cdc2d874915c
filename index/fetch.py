"""Documents from a list of addresses: each is asked whether it has changed, and only then sent again.

Nothing here runs unless someone calls it: an installation without a network never does.
"""

from __future__ import annotations

import hashlib
import ipaddress
import json
import re
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import httpx
from pydantic import BaseModel, TypeAdapter, ValidationError

from index.errors import FetchError

STATE_FILE = ".fetched.json"
MAX_REDIRECTS = 4
_NAME = re.compile(r"[^\w.\-가-힣]+")
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


class Fetch(StrEnum):
    """What became of an address; the value is what people are shown."""

    NEW = "받음"
    CHANGED = "바뀜"
    SAME = "그대로"
    GONE = "목록에서 빠져 지움"
    FAILED = "받지 못함"


@dataclass(frozen=True, slots=True)
class Fetched:
    """One address; ``file`` is its name in the folder, ``reason`` why it was not fetched."""

    url: str
    outcome: Fetch
    file: str = ""
    reason: str = ""

    def line(self) -> str:
        """The outcome as one Korean line."""
        said = f" → {self.file!r}" if self.file and self.outcome in (Fetch.NEW, Fetch.CHANGED) else ""
        return f"{self.outcome.value}: {self.url}{said}" + (f" ({self.reason})" if self.reason else "")


class _Known(BaseModel):
    file: str
    etag: str = ""
    modified: str = ""
    digest: str = ""


class _RefusedError(Exception):
    """The address is not fetched; the message is Korean and says why."""


def read_list(path: Path) -> list[str]:
    """Addresses, one a line; empty lines and lines that begin with ``#`` are passed over.

    Raises:
        FetchError: The file cannot be read, or a line is no http or https address.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise FetchError(f"주소 목록을 읽을 수 없습니다: {str(path)!r}. UTF-8 텍스트인지 확인해 주십시오.") from error
    urls = []
    for number, line in enumerate(lines, start=1):
        if (url := line.strip()) and not url.startswith("#"):
            if not _is_web(url):
                raise FetchError(f"{str(path)!r} {number}행: http나 https 주소가 아닙니다: {url[:80]!r}.")
            urls.append(url)
    return list(dict.fromkeys(urls))


def fetch_all(
    urls: list[str], folder: Path, *, max_bytes: int, seconds: float, intranet: bool = False
) -> Iterator[Fetched]:
    """Bring ``folder`` up to date with ``urls``; what is no longer in the list is removed.

    ``seconds`` bounds one address as a whole. Addresses inside a private network are refused unless ``intranet``,
    and so are redirections to another host.

    Raises:
        FetchError: The folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        known = _load(folder)
        for url in sorted(known.keys() - set(urls)):
            gone = known.pop(url)
            (folder / gone.file).unlink(missing_ok=True)
            _save(folder, known)
            yield Fetched(url, Fetch.GONE, gone.file)
        # No proxy and no credentials from the environment: what is asked is what is in the list.
        with httpx.Client(trust_env=False, headers={"User-Agent": "gov-case-chatbot"}) as client:
            for url in urls:
                try:
                    fetched, now = _fetch(client, url, known.get(url), folder, max_bytes, seconds, intranet)
                except (_RefusedError, httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
                    said = str(error) if isinstance(error, _RefusedError) else f"연결 실패: {type(error).__name__}"
                    yield Fetched(url, Fetch.FAILED, known[url].file if url in known else "", said)
                    continue
                known[url] = now
                _save(folder, known)
                yield fetched
    except OSError as error:
        raise FetchError(
            f"받은 문서를 쓸 수 없습니다: {str(folder)!r}({error.strerror}). 권한을 보아 주십시오."
        ) from error


def _fetch(
    client: httpx.Client, url: str, before: _Known | None, folder: Path, max_bytes: int, seconds: float, intranet: bool
) -> tuple[Fetched, _Known]:
    name = before.file if before else _file_name(url)
    asked = {}
    if before and (folder / name).is_file():
        asked = {"If-None-Match": before.etag, "If-Modified-Since": before.modified}
        asked = {header: value for header, value in asked.items() if value}
    until = time.monotonic() + seconds
    where = url
    for _ in range(MAX_REDIRECTS):
        _check(where, url, intranet)
        with client.stream("GET", where, headers=asked, timeout=httpx.Timeout(min(10.0, seconds))) as response:
            _check_peer(response, intranet)
            if response.status_code in _REDIRECTS:
                where = urljoin(where, response.headers.get("Location", ""))
                continue
            if response.status_code == 304 and before:
                return Fetched(url, Fetch.SAME, name), before
            if response.status_code != 200:
                raise _RefusedError(f"서버의 답 {response.status_code}")
            data = _body(response, max_bytes, until)
        digest = hashlib.sha256(data).hexdigest()
        now = _Known(
            file=name,
            etag=response.headers.get("ETag", ""),
            modified=response.headers.get("Last-Modified", ""),
            digest=digest,
        )
        if before and digest == before.digest and (folder / name).is_file():
            return Fetched(url, Fetch.SAME, name), now
        temporary = folder / f".{name}"
        temporary.write_bytes(data)
        temporary.replace(folder / name)
        return Fetched(url, Fetch.CHANGED if before else Fetch.NEW, name), now
    raise _RefusedError("다른 주소로 너무 여러 번 넘깁니다")


def _body(response: httpx.Response, max_bytes: int, until: float) -> bytes:
    data = bytearray()
    for part in response.iter_bytes(65_536):
        data += part
        if len(data) > max_bytes:
            raise _RefusedError(f"너무 큰 파일입니다(최대 {max_bytes:,}바이트)")
        if time.monotonic() > until:
            raise _RefusedError("시간이 너무 오래 걸립니다")
    return bytes(data)


def _is_web(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.username is None
    except ValueError:
        return False


def _check(where: str, url: str, intranet: bool) -> None:
    """Refuse what is not on the web, another host than that of the list, and a private network."""
    if not _is_web(where):
        raise _RefusedError("http나 https가 아닌 곳으로 넘깁니다")
    host = urlsplit(where).hostname or ""
    if host != urlsplit(url).hostname:
        raise _RefusedError(f"다른 서버({host})로 넘깁니다. 그 주소를 목록에 적어 주십시오")
    if intranet:
        return
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError:
        raise _RefusedError("서버를 찾을 수 없습니다") from None
    for *_, address in found:
        _check_address(str(address[0]))


def _check_peer(response: httpx.Response, intranet: bool) -> None:
    """The name may by now stand for another address than the one that was looked at."""
    stream = response.extensions.get("network_stream")
    peer = stream.get_extra_info("server_addr") if stream is not None else None
    if not intranet and peer:
        _check_address(str(peer[0]))


def _check_address(address: str) -> None:
    if not ipaddress.ip_address(address.partition("%")[0]).is_global:
        raise _RefusedError("내부망의 주소입니다. 내부망에서 받으려면 --intranet을 주십시오")


def _file_name(url: str) -> str:
    """A name that tells where it is from, of safe letters, and different for different addresses."""
    last = unquote(urlsplit(url).path).rstrip("/").rpartition("/")[2]
    stem, dot, suffix = last.rpartition(".")
    stem, suffix = (stem, suffix) if dot and stem else (last, "")
    cleaned = _NAME.sub("_", stem).strip("._")[:60] or urlsplit(url).hostname or "문서"
    ending = f".{_NAME.sub('', suffix)[:8]}" if suffix else ""
    return f"{cleaned}-{hashlib.sha256(url.encode()).hexdigest()[:8]}{ending}"


def _load(folder: Path) -> dict[str, _Known]:
    try:
        known = TypeAdapter(dict[str, _Known]).validate_json((folder / STATE_FILE).read_bytes())
    except (FileNotFoundError, ValidationError):
        return {}
    # Whoever can write the folder could name any file to be removed: only names of ours count.
    return {url: one for url, one in known.items() if one.file == _file_name(url)}


def _save(folder: Path, known: dict[str, _Known]) -> None:
    temporary = folder / f"{STATE_FILE}.new"
    temporary.write_text(
        json.dumps({url: one.model_dump() for url, one in known.items()}, ensure_ascii=False), encoding="utf-8"
    )
    temporary.replace(folder / STATE_FILE)
