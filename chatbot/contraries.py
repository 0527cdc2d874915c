"""Contrary words: whether a sentence says 연장 of the very thing of which its source says 단축."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from kiwipiepy import Token

from chatbot.polarity import denied_after


@dataclass(frozen=True, slots=True)
class _Contrary:
    """Words and their contraries. ``kinds`` name what a thing is; both may well stand in one source."""

    words: frozenset[str]
    others: frozenset[str]
    kinds: bool


def _contraries(*pairs: tuple[str, str], kinds: bool) -> dict[str, list[_Contrary]]:
    found: dict[str, list[_Contrary]] = {}
    for one, other in (*pairs, *((other, one) for one, other in pairs)):
        contrary = _Contrary(frozenset(one.split()), frozenset(other.split()), kinds)
        for word in contrary.words:
            found.setdefault(word, []).append(contrary)
    return found


_CHANGES: Final = _contraries(
    (
        "증가 늘 늘리 늘어나 증대 확대 급증 상승 인상 오르 올리 넓히 증액",
        "감소 줄 줄이 줄어들 축소 급감 하락 인하 내리 단축 절감 경감 감축 감액",
    ),
    ("단축 앞당기 줄이", "연장 늦추 늘리"),
    ("강화", "약화 완화"),
    ("허용 승인", "금지 불허 반려"),
    ("포함", "제외"),
    ("성공", "실패"),
    ("찬성", "반대"),
    ("개선 향상 제고", "악화 저하"),
    ("높 높이 높아지", "낮 낮추 낮아지"),
    ("많 많아지", "적 적어지"),
    ("빠르 빨라지 신속", "느리 느려지 지연"),
    ("시작 개시 재개 착수", "종료 중단 중지 폐지"),
    kinds=False,
)
_KINDS: Final = _contraries(
    ("유료", "무료 무상"),
    ("최대 최대한", "최소 최소한"),
    ("이상 초과", "이하 미만 이내"),
    ("이전", "이후"),
    ("상반기", "하반기"),
    ("의무", "자율"),
    ("온라인", "오프라인"),
    ("국내", "국외 해외"),
    ("민간", "공공"),
    ("신규", "기존"),
    ("수입", "수출"),
    ("찾아오", "찾아가"),
    kinds=True,
)


def contrary_words(said: Sequence[Token], source: Sequence[Token], written: str) -> Iterator[tuple[str, str]]:
    """Pairs (word of the sentence, contrary word of the source) where the source says the contrary of the same thing.

    Which thing is told by the words around: 기간을 연장 against 기간을 단축. ``written`` is the source without white
    space, for words that Kiwi cuts differently there.
    """
    for position, token in enumerate(said):
        for contrary in (*_CHANGES.get(token.form, ()), *_KINDS.get(token.form, ())):
            if not denied_after(said, position):
                known = 0 if len(token.form) > 1 and token.form in written else -1
                facing = _facing(_around(said, position), source, contrary, known)
                if facing:
                    yield str(token.form), facing


def _facing(around: frozenset[str], source: Sequence[Token], contrary: _Contrary, support: int) -> str:
    """The contrary that stands among more of the words ``around`` than the word itself; ``""`` when none does."""
    against, facing = 0, ""
    for position, token in enumerate(source):
        if token.form not in contrary.words and token.form not in contrary.others:
            continue
        shared = len(around & _around(source, position))
        if (token.form in contrary.words) != denied_after(source, position):
            support = max(support, shared)
        elif shared > against:
            against, facing = shared, str(token.form)
    if contrary.kinds and support >= 0:
        return ""
    return facing if against >= (1 if support < 0 else max(support + 1, 2)) else ""


def _around(tokens: Sequence[Token], position: int) -> frozenset[str]:
    """Nouns close to the word: two or three words say what it is that rises or falls."""
    near = [*tokens[max(0, position - 5) : position], *tokens[position + 1 : position + 3]]
    return frozenset(token.form for token in near if token.tag.startswith(("NNG", "NNP", "SL", "SN", "XR")))
