"""The one place that decides whether a request comes in: who sends it, from which site, and how often."""

from __future__ import annotations

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Send
from starlette.types import Scope as ConnectionScope

from chatbot.access.file import AccessFile
from chatbot.access.model import Scope
from chatbot.api.caller import CHALLENGE, Caller, identify, own_origin
from chatbot.api.middleware import SAFE_METHODS, is_cross_site
from chatbot.api.problems import ProblemError, problem_response
from chatbot.api.rates import RateLimits

SESSION_PATH = "/api/v1/widget/session"
OPEN_PATHS = ("/api/v1/openapi.json", "/api/v1/changelog")

# What a page of another origin may use, with a visitor token; the rest has no CORS at all.
_VISITOR_PATHS = ("/api/v1/ask", "/api/v1/feedback", SESSION_PATH)
_CORS = {
    "Access-Control-Allow-Methods": "GET, POST, DELETE",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, Idempotency-Key, Last-Event-ID",
    "Access-Control-Max-Age": "600",
}
_EXPOSED = "RateLimit, RateLimit-Policy, Retry-After"


class Gate:
    """Keys and tokens, scopes, cross-site requests and CORS, rate limits. Nobody else grants CORS: it is taken away."""

    def __init__(self, app: ASGIApp, access: AccessFile, rates: RateLimits, *, require_api_key: bool) -> None:
        self.app = app
        self.access = access
        self.rates = rates
        self.require_api_key = require_api_key

    async def __call__(self, scope: ConnectionScope, receive: Receive, send: Send) -> None:
        """Refuses the request or passes it on with its caller."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        grant = self._cors(scope, headers)
        extra: dict[str, str] = {}

        async def send_with_grant(message: Message) -> None:
            if message["type"] == "http.response.start":
                sent = MutableHeaders(scope=message)
                for name in [name for name in sent if name.lower().startswith("access-control-")]:
                    del sent[name]
                sent.update({**grant, **extra})
                if grant:
                    sent.add_vary_header("Origin")
            await send(message)

        if scope["method"] == "OPTIONS" and "access-control-request-method" in headers:
            extra.update(_CORS if grant else {})
            answer = Response(status_code=204) if grant else problem_response(403, instance=scope["path"])
            await answer(scope, receive, send_with_grant)
            return
        try:
            caller = self._admit(scope, headers)
            if _needs(scope["path"]) is not None or scope["path"] == SESSION_PATH:
                allowance = await self.rates.spend(caller)
                extra.update(allowance.headers() if allowance else {})
                if allowance and not allowance.granted:
                    raise ProblemError(429)
        except ProblemError as refused:
            path = scope["path"]
            answer = problem_response(refused.status, refused.detail, instance=path, headers=refused.headers)
            await answer(scope, receive, send_with_grant)
            return
        scope["chatbot.caller"] = caller
        await self.app(scope, receive, send_with_grant)

    def _cors(self, scope: ConnectionScope, headers: Headers) -> dict[str, str]:
        """The permission that a listed origin gets on the paths of visitors."""
        origin = headers.get("origin", "").lower()
        if not origin or not scope["path"].startswith(_VISITOR_PATHS):
            return {}
        if not self.access.allows_anywhere(origin, own_origin(scope, headers)):
            return {}
        return {"Access-Control-Allow-Origin": headers["origin"], "Access-Control-Expose-Headers": _EXPOSED}

    def _admit(self, scope: ConnectionScope, headers: Headers) -> Caller:
        path: str = scope["path"]
        caller = identify(scope, headers, self.access)
        crossing = scope["method"] not in SAFE_METHODS and is_cross_site(headers)
        if crossing and not caller.session_id and path != SESSION_PATH:
            raise ProblemError(403)
        needed = _needs(path)
        if needed is None:
            return caller
        if caller.scopes is None:
            if self.require_api_key and needed is not Scope.FEEDBACK:
                raise ProblemError(401, headers=CHALLENGE)
        elif needed not in caller.scopes:
            raise ProblemError(403, "이 키로는 할 수 없는 일입니다. 운영자에게 권한을 요청해 주십시오.")
        return caller


def _needs(path: str) -> Scope | None:
    """The scope that a path takes; ``None`` for pages and for what anybody may see."""
    if path.startswith(OPEN_PATHS) or path == SESSION_PATH:
        return None
    if path.startswith(("/api/v1/ask", "/v1/", "/mcp")):
        return Scope.ASK
    if path.startswith("/api/v1/feedback"):
        return Scope.FEEDBACK
    return Scope.READ if path.startswith("/api/v1/") else None
