"""The stored form of a text, with a map back to the text as it was delivered."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

_KEPT_CONTROLS = frozenset("\n\t")
_DROPPED = frozenset({"Cc", "Cf", "Cs"})
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
    """NFC, line feeds only, no invisible or control characters. Spacing and wording are left alone."""
    if _is_clean(raw):
        return NormalizedText(raw, None)
    visible, origins = _visible(raw)
    if unicodedata.is_normalized("NFC", visible):
        return NormalizedText(visible, tuple(origins))
    characters: list[str] = []
    composed_origins: list[int] = []
    position = 0
    while position < len(visible):
        end = _cluster_end(visible, position)
        composed = unicodedata.normalize("NFC", visible[position:end])
        characters.append(composed)
        # What does not compose stands behind what does: count from the end.
        rest = [max(position, end - left) for left in range(len(composed) - 1, 0, -1)]
        composed_origins.extend(origins[place] for place in (position, *rest))
        position = end
    return NormalizedText("".join(characters), tuple(composed_origins))


def _is_clean(raw: str) -> bool:
    return unicodedata.is_normalized("NFC", raw) and not any(
        character in _BREAKS or _is_dropped(character) for character in set(raw)
    )


def _visible(raw: str) -> tuple[str, list[int]]:
    characters: list[str] = []
    origins: list[int] = []
    for position, character in enumerate(raw):
        if character == "\r" and raw[position + 1 : position + 2] == "\n":
            continue
        kept = _BREAKS.get(character, character)
        if not _is_dropped(kept):
            characters.append(kept)
            origins.append(position)
    return "".join(characters), origins


def _is_dropped(character: str) -> bool:
    if character in _KEPT_CONTROLS:
        return False
    # Cc: controls. Cf: zero-width, direction-changing and tag characters (U+E0000), all known ways to hide
    # instructions in documents. Cs: half surrogates, which no file can hold. Cn within the tag block as well.
    return unicodedata.category(character) in _DROPPED or "\U000e0000" <= character <= "\U000e007f"


def _cluster_end(text: str, start: int) -> int:
    """End of the character at ``start`` with the marks and Hangul letters that compose with it."""
    end = start + 1
    while end < len(text) and (unicodedata.category(text[end])[0] == "M" or "\u1160" <= text[end] <= "\u11ff"):
        end += 1
    return end
