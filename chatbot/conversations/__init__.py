"""Conversations that a browser keeps, until it deletes them or they grow old."""
