"""The HTTP edge: request in, :class:`~chatbot.pipeline.Chatbot` or library call, JSON out."""
