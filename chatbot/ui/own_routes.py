"""``/own``: the documents that this browser brings along for a while."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response

from chatbot.api.ports import LibraryPort
from chatbot.api.problems import ProblemError
from chatbot.api.services import library as common_library
from chatbot.own_documents.collections import MAX_FILES, Collection, CollectionFullError, Collections
from chatbot.ui.browser_cookie import owner_of

router = APIRouter(include_in_schema=False)


def collections_of(request: Request) -> Collections:
    """The collections of this application, or 404 where there are none."""
    found: Collections | None = request.app.state.own_documents
    if found is None:
        raise ProblemError(404, "이 설치에서는 내 문서를 올릴 수 없습니다.")
    return found


def page_library(request: Request) -> LibraryPort:
    """The common index, with the browser's own documents if it has some."""
    found: Collections | None = getattr(request.app.state, "own_documents", None)
    chatbots = found.chatbots(owner_of(request.cookies)) if found else None
    return chatbots[1].library if chatbots else common_library(request)


CollectionsDep = Annotated[Collections, Depends(collections_of)]
PageLibraryDep = Annotated[LibraryPort, Depends(page_library)]


def owner(request: Request) -> str:
    """Whose browser asks, or 403."""
    found = owner_of(request.cookies)
    if found is None:
        raise ProblemError(403, "채팅 화면을 연 브라우저에서만 문서를 올릴 수 있습니다. 화면을 다시 열어 주십시오.")
    return found


Owner = Annotated[str, Depends(owner)]


@router.get("/own")
def own_documents(request: Request, response: Response, collections: CollectionsDep) -> dict[str, Any]:
    """What there is and how far the reading is."""
    response.headers["Cache-Control"] = "no-store"
    return _status(collections.of(owner_of(request.cookies)))


@router.post("/own/files", status_code=202)
async def add_file(
    request: Request,
    owner: Owner,
    collections: CollectionsDep,
    name: Annotated[str, Query(min_length=1, max_length=300)],
) -> dict[str, Any]:
    """Takes the body in as a file called ``name``."""
    content = await request.body()
    if not content:
        raise ProblemError(422, "빈 파일입니다. 내용이 있는 문서를 올려 주십시오.")
    try:
        return _status(collections.add(owner, name, content))
    except CollectionFullError as error:
        raise ProblemError(422, str(error)) from None


@router.delete("/own", status_code=204)
def delete_own_documents(owner: Owner, collections: CollectionsDep) -> Response:
    """Gone now and for good."""
    collections.delete(owner)
    return Response(status_code=204)


def _status(collection: Collection | None) -> dict[str, Any]:
    if collection is None:
        return {"stage": "", "done": 0, "total": 0, "ready": False, "files": [], "most": MAX_FILES}
    files = [{**asdict(report), "told": report.line()} for report in collection.reports]
    return {
        "stage": collection.stage,
        "done": collection.done,
        "total": collection.total,
        "ready": collection.joined is not None,
        "files": files,
        "most": MAX_FILES,
    }
