"""``POST /feedback``: whether an answer helped."""

from __future__ import annotations

from fastapi import APIRouter, Response

from chatbot.api.feedback import Feedback
from chatbot.api.problems import ProblemError
from chatbot.api.services import ServicesDep

router = APIRouter(prefix="/api/v1", tags=["feedback"])


@router.post("/feedback", status_code=204)
def send_feedback(feedback: Feedback, shared: ServicesDep) -> Response:
    """Keeps one opinion."""
    try:
        shared.feedback.append(feedback)
    except OSError as error:
        raise ProblemError(503, "의견을 저장하지 못했습니다. 운영자에게 알려 주십시오.") from error
    return Response(status_code=204)
