"""A typed client of the HTTP interface, generated from its OpenAPI document by ``python -m chatbot.api.client_build``.

The folder stands alone: it needs ``httpx`` and ``pydantic`` and nothing else of the project.
"""

from .operations import Client
from .transport import ApiError, Event

__all__ = ["ApiError", "Client", "Event"]
