"""The stored form of a text, with a map back to the text as it was delivered."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

_KEPT_CONTROLS = frozenset("\n\t")
_REMOVED = frozenset("\ufeff\u200b\u200c\u200d\u2060\u00ad")
_BREAKS = {"\r": "\n", "\u2028": "\n", "\u2029": "\n", "\x0b": "\n", "\x0c": "\n", "\x85": "\n"}


@dataclass(frozen=True, slots=True)
class NormalizedText:
    """``text`` is what is stored; ``origins[i]`` is the position in the delivered text of ``text[i]``.

    ``origins`` is ``None`` when both texts are the same.
    """

    text: str
    origins: tuple[int, ...] | None

    def original_offset(self, offset: int) -> int:
        """Position in the delivered text of the stored character at ``offset``."""
        if self.origins is None:
            return offset
        if offset < len(self.origins):
            return self.origins[offset]
        return self.origins[-1] + 1 if self.origins else 0


def normalize(raw: str) -> NormalizedText:
    """NFC, line feeds only, no control, zero-width or tag characters. Spacing and wording are left alone."""
    if _is_clean(raw):
        return NormalizedText(raw, None)
    characters: list[str] = []
    origins: list[int] = []
    position = 0
    while position < len(raw):
        end = _cluster_end(raw, position)
        composed = unicodedata.normalize("NFC", raw[position:end])
        if raw[position] == "\r" and raw[position + 1 : position + 2] == "\n":
            position += 1
            continue
        for character in composed:
            kept = _BREAKS.get(character, character)
            if not _is_dropped(kept):
                characters.append(kept)
                origins.append(position)
        position = end
    return NormalizedText("".join(characters), tuple(origins))


def _is_clean(raw: str) -> bool:
    return unicodedata.is_normalized("NFC", raw) and not any(
        character in _BREAKS or _is_dropped(character) for character in set(raw)
    )


def _is_dropped(character: str) -> bool:
    if character in _KEPT_CONTROLS:
        return False
    # Cf at U+E0000 and above: invisible tag characters, a known way to hide instructions in documents.
    return character in _REMOVED or unicodedata.category(character) == "Cc" or "\U000e0000" <= character <= "\U000e007f"


def _cluster_end(raw: str, start: int) -> int:
    end = start + 1
    while end < len(raw) and (unicodedata.combining(raw[end]) or "\u1160" <= raw[end] <= "\u11ff"):
        end += 1
    return end
