"""What can go wrong in the chatbot, each with one Korean line: what, where, what to do."""

from __future__ import annotations


class ChatbotError(Exception):
    """Base of every error that the chatbot raises on purpose; ``str(error)`` is fit for a user."""


class PromptError(ChatbotError):
    """A prompt file is missing, malformed, or was given other variables than it declares."""


class ChatModelError(ChatbotError):
    """The configured chat model cannot be used: unknown provider, no answer, a broken stream."""


class ChatModelMissingError(ChatModelError):
    """A package that the configured chat model needs is not installed."""


class AnswerStoppedError(ChatbotError):
    """Nobody waits for the answer any more."""
