"""Measures the index and the chatbot, and compares runs. Nothing imports this package."""
