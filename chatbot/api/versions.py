"""Entity tags: what is read from an index changes with its version, the rest with what it says."""

from __future__ import annotations

import hashlib

from fastapi import Depends, FastAPI, Request, Response

from chatbot.api.services import LibraryDep


class NotModifiedError(Exception):
    """The client has this version already."""

    def __init__(self, etag: str) -> None:
        super().__init__(etag)
        self.etag = etag


def versioned(request: Request, response: Response, library: LibraryDep) -> None:
    """Tags the response with the index version, or ends the request with 304."""
    _tag(request, response, library.version)


def tag(request: Request, response: Response, content: str) -> None:
    """Tags the response with a digest of ``content``, or ends the request with 304."""
    _tag(request, response, hashlib.sha256(content.encode()).hexdigest()[:32])


def _tag(request: Request, response: Response, version: str) -> None:
    etag = f'W/"{version}"'
    known = [tag.strip() for tag in request.headers.get("if-none-match", "").split(",")]
    if etag in known:
        raise NotModifiedError(etag)
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "no-cache"  # keep it, and ask whether it is still so


Versioned = Depends(versioned)


def install_versions(app: FastAPI) -> None:
    """Makes ``app`` answer 304 where nothing has changed."""

    async def not_modified(_: Request, error: Exception) -> Response:
        assert isinstance(error, NotModifiedError)  # noqa: S101  registered for this type only
        return Response(status_code=304, headers={"ETag": error.etag, "Cache-Control": "no-cache"})

    app.add_exception_handler(NotModifiedError, not_modified)
