"""Readers of office documents: bytes in, stored text with page anchors out. One module a format."""
