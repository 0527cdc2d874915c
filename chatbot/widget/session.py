"""``POST /api/v1/widget/session``: a visitor token for a page of a listed site, and what its widget shows."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Annotated

import yaml
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from chatbot.access import tokens
from chatbot.access.model import Site, SiteContact
from chatbot.api.caller import own_origin, page_origin
from chatbot.api.problems import ProblemError
from chatbot.api.services import Services, ServicesDep
from chatbot.ui.facets import FacetsNow

router = APIRouter(prefix="/api/v1/widget", tags=["widget"])

_facets = FacetsNow()
NOT_LISTED = "이 누리집에서는 챗봇을 쓸 수 없습니다. 누리집 운영자에게 알려 주십시오."


class SessionRequest(BaseModel):
    """Which site asks; ``token`` is the one that is about to end, to stay in its session."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    site_key: Annotated[str, Field(min_length=1, max_length=60, description="누리집의 공개 키")]
    token: Annotated[str, Field(max_length=1_000, description="지금 쓰는 표. 주면 같은 대화로 이어진다")] = ""


class WidgetSession(BaseModel):
    """A token and the settings of the site."""

    token: str = Field(description="Authorization: Bearer 머리글에 넣을 표")
    expires_in: int = Field(description="표가 유효한 시간(초)")
    name: str = Field(description="챗봇의 이름")
    contact: SiteContact = Field(description="답이 없을 때 안내할 곳")
    hours: str = Field(description="담당자를 만날 수 있는 시간")
    privacy_url: str = Field(description="개인정보 처리방침 주소")
    suggestions: tuple[str, ...] = Field(description="처음에 물어볼 만한 질문")
    easy_words: dict[str, str] = Field(description="어려운 말과 쉬운 풀이")


@router.post("/session")
def start_session(body: SessionRequest, request: Request, response: Response, shared: ServicesDep) -> WidgetSession:
    """A token for the page that asks, if its origin is on the list of its site; another answer is 403."""
    response.headers["Cache-Control"] = "no-store"
    origin = page_origin(request.headers)
    site = shared.access.site(body.site_key)
    if site is None or not site.allows(origin, own_origin(request.scope, request.headers)):
        raise ProblemError(403, NOT_LISTED)
    visitor = _visitor(body.token, site, origin, shared)
    return WidgetSession(
        token=tokens.sign(visitor, shared.access.current().token_secrets),
        expires_in=tokens.TOKEN_SECONDS,
        name=site.name,
        contact=site.contact,
        hours=site.hours,
        privacy_url=site.privacy_url,
        suggestions=_facets.of(shared.chatbot.library).examples,
        easy_words=easy_words(),
    )


def _visitor(token: str, site: Site, origin: str, shared: Services) -> tokens.Visitor:
    """The same visitor as before, or a new one where the old token is not of this page or too old."""
    held = token and tokens.verify(token, shared.access.current().token_secrets, max_age_seconds=tokens.SESSION_SECONDS)
    if held and (held.site_key, held.origin) == (site.key, origin) and tokens.is_fresh(held):
        return held
    return tokens.new_visitor(site.key, origin)


@cache
def easy_words() -> dict[str, str]:
    """Hard words of official documents and what they mean, the longest first."""
    text = files("chatbot").joinpath("data/easy_words.yaml").read_text(encoding="utf-8")
    words: dict[str, str] = yaml.safe_load(text)
    return dict(sorted(words.items(), key=lambda item: -len(item[0])))
