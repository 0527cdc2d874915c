"""The switch that breaks the tokenizer on purpose, to see that the evaluation notices.

``make eval BREAK_TOKENIZER=1``, or ``python -m tests.eval.broken_tokenizer eval generate …`` for any module of ours:
every search term becomes its length, in the index and in the questions, as if the letters were lost on the way to the
analyser. ``eval compare`` must exit 1.
"""

from __future__ import annotations

import runpy
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from kiwipiepy import Kiwi, Token

from index import library, morphemes, terms


@contextmanager
def broken_tokenizer() -> Iterator[None]:
    """Morphemes and syllable pairs are only lengths while this is open."""
    whole, pairs = morphemes._terms, morphemes.bigrams

    def lengths(line: str, raw: str, tokens: Iterable[Token], kiwi: Kiwi) -> list[str]:
        return [f"길이{len(term)}" for term in whole(line, raw, tokens, kiwi)]

    def no_pairs(text: str) -> list[str]:
        return ["길이2" for _ in pairs(text)]

    # The modules of the index hold the function by their own names.
    places = ((morphemes, "_terms", lengths), (library, "bigrams", no_pairs), (terms, "bigrams", no_pairs))
    before = [getattr(module, name) for module, name, _ in places]
    for module, name, broken in places:
        setattr(module, name, broken)
    try:
        yield
    finally:
        for (module, name, _), function in zip(places, before, strict=True):
            setattr(module, name, function)


def main(arguments: Sequence[str]) -> None:
    """Run the module named first with the rest as its arguments."""
    sys.argv = list(arguments)
    with broken_tokenizer():
        runpy.run_module(arguments[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main(sys.argv[1:])
