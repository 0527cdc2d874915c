"""``POST /feedback``: whether an answer helped."""

from __future__ import annotations

from fastapi import APIRouter, Response
from fastapi.concurrency import run_in_threadpool

from chatbot.api.caller import CallerDep
from chatbot.api.feedback import Feedback
from chatbot.api.idempotency import Attempt, KeyHeader
from chatbot.api.problems import ProblemError
from chatbot.api.services import ServicesDep

router = APIRouter(prefix="/api/v1", tags=["feedback"])


@router.post("/feedback", status_code=204)
async def send_feedback(
    feedback: Feedback, shared: ServicesDep, caller: CallerDep, idempotency_key: KeyHeader = None
) -> Response:
    """Keeps one opinion."""
    response = Response(status_code=204)

    async def keep() -> None:
        try:
            await run_in_threadpool(shared.feedback.append, feedback)
        except OSError as error:
            raise ProblemError(503, "의견을 저장하지 못했습니다. 운영자에게 알려 주십시오.") from error

    if idempotency_key is None:
        await keep()
    else:
        await shared.idempotency.once(Attempt(idempotency_key, caller, "feedback", feedback), response, keep)
    return response
