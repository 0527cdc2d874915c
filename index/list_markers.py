"""What a line of a Korean document begins with when it is one of a list; each set for a class of a pattern."""

from __future__ import annotations

from typing import Final

DASHES: Final = "-–—‐"
BULLETS: Final = "·•∙▪▸▹►‣◦○ㅇ●◎❍※☞☛△▲▷*"
ARROWS: Final = "⇒→"
"""Before an item they lead to its consequence; between two words they are part of what is said."""
SQUARES: Final = "□■◇◆▣"
"""Before a few words they make a heading, before a sentence a paragraph."""
NUMBER: Final = r"(?:[①-⑳]|\(?\d{1,2}[.)]|[가-하][.)])"
"""A pattern: ①, 1., 1), (1), 가."""
