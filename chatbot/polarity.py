"""Whether a sentence denies what its source says, or says what it denies.

Only a clear contradiction counts. What the source says both ways is judged by the clause that shares most words
with the sentence, and by nothing when that is a tie.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from kiwipiepy import Token

_LIGHT: Final = frozenset(
    {"하", "되", "이", "같", "대하", "위하", "따르", "통하", "의하", "시키", "보", "주", "오", "가", "관하", "이루어지"}
)
_EXISTENCE: Final = frozenset({"있", "없", "존재", "발생"})
_NEGATORS: Final = frozenset({"않", "못하", "말", "아니하"})
_NEIGHBOURS: Final = 8
"""Content words to the left of a predicate that tell one clause from another."""

_ABLE: Final = frozenset({"수", "리", "필요"})
_DENYING_PREFIXES: Final = frozenset({"미", "불"})
_CONDITIONS: Final = ("면", "더라도", "어도", "아도", "고는", "고도", "거든", "는데도", "는다면", "ᆫ다면")
_CASES: Final = frozenset({"경우", "때", "한"})
_STOPPING: Final = frozenset(
    {
        "차단",
        "방지",
        "금지",
        "중지",
        "중단",
        "막",
        "예방",
        "제거",
        "해소",
        "최소화",
        "억제",
        "근절",
        "제한",
        "배제",
        "없애",
    }
)
"""Words that make the noun before them something that is kept from happening: 통과 차단."""


@dataclass(frozen=True, slots=True)
class Predicate:
    """A verb, or a noun used as one, said or denied; ``neighbours`` are the content words around it.

    ``spoken`` is false for a bare noun (통신사 확인): it denies only what is stopped (통과 차단). ``conditional`` is
    what holds only if (신청하지 않으면): a source may say that as a duty.
    """

    name: str
    denied: bool
    neighbours: frozenset[str]
    spoken: bool = True
    conditional: bool = False


def predicates(tokens: Sequence[Token]) -> list[Predicate]:
    """Predicates in order. 있다 and 없다 are named after what is there: ``있:방법``."""
    found: list[Predicate] = []
    for position in range(len(tokens)):
        name, spoken = _name(tokens, position)
        if name:
            prefixed = _is_prefixed(tokens, position)
            denied = prefixed or (_denied(tokens, position) if spoken else _is_stopped(tokens, position))
            spoken = spoken or prefixed
            near = _neighbours(tokens, position)
            found.append(Predicate(name, denied, near, spoken, denied and _is_condition(tokens, position)))
    return found


def contradictions(said: Sequence[Predicate], source: Sequence[Predicate]) -> Iterator[str]:
    """Names of the predicates of a sentence that its source says the other way round."""
    by_name: dict[str, list[Predicate]] = {}
    for predicate in source:
        by_name.setdefault(predicate.name, []).append(predicate)
    spoken = [predicate for predicate in said if predicate.spoken]
    both = {p.name for p in spoken if p.denied} & {p.name for p in spoken if not p.denied}
    for predicate in spoken:
        others = by_name.get(predicate.name, [])
        free = not predicate.conditional and predicate.name not in both
        if free and others and _is_opposite(predicate, others):
            yield predicate.name.rpartition(":")[2]


def _name(tokens: Sequence[Token], position: int) -> tuple[str, bool]:
    token = tokens[position]
    if token.form in _EXISTENCE and token.tag.startswith(("VA", "VV", "NNG")):
        if _is_ability(tokens, position):
            return "", False
        subject = _subject(tokens, position)
        return (f"있:{subject}", True) if subject else ("", False)
    if token.form in ("가능", "불가능", "불가"):
        return _subject(tokens, position, skip=("XPN",)), True
    if token.tag.startswith("NNG") or token.tag == "XR":
        return _noun_name(tokens, position)
    if token.form in ("하", "되") and (token.tag.startswith(("VV", "VA", "VX")) or _follows_adverb(tokens, position)):
        return _light_name(tokens, position), True
    if token.tag.startswith(("VV", "VA")) and token.form not in _LIGHT:
        return token.form.removesuffix("하") if len(token.form) > 2 else token.form, True
    return "", False


def _noun_name(tokens: Sequence[Token], position: int) -> tuple[str, bool]:
    name, index = str(tokens[position].form), position + 1
    if index < len(tokens) and tokens[index].tag == "XSN":
        name, index = name + tokens[index].form, index + 1
    return name, index < len(tokens) and tokens[index].tag in ("XSV", "XSA")


def _follows_adverb(tokens: Sequence[Token], position: int) -> bool:
    before = tokens[position - 1] if position else None
    if before is None or before.tag != "MAG" or before.form in ("안", "못"):
        return False
    return tokens[position].tag in ("XSV", "XSA")


def _light_name(tokens: Sequence[Token], position: int) -> str:
    """하다 and 되다 are named after what they lean on: 역할을 하다, 반영되도록 하다, 알아야 하다."""
    before = tokens[position - 1] if position else None
    if before is None:
        return ""
    if before.tag == "EC":
        return f"하:{before.form}" if before.form not in ("어", "아", "지") else ""
    if not before.tag.startswith("J"):
        return str(before.form) if before.tag == "MAG" and before.end == tokens[position].start else ""
    if position > 1 and tokens[position - 2].tag == "ETN":
        return "하:기"
    noun = _subject(tokens, position)
    return f"하:{noun}" if noun else ""


def _is_ability(tokens: Sequence[Token], position: int) -> bool:
    """있 of 할 수 있다 and 할 필요가 있다."""
    before = [token for token in tokens[max(0, position - 2) : position] if not token.tag.startswith("J")]
    return bool(before) and before[-1].form in _ABLE


def _subject(tokens: Sequence[Token], position: int, *, skip: tuple[str, ...] = ()) -> str:
    index = position - 1
    while index >= 0 and (tokens[index].tag.startswith("J") or tokens[index].tag in skip):
        index -= 1
    if index >= 0 and tokens[index].tag.startswith(("NN", "XSN", "SL")):
        return str(tokens[index].form)
    return ""


def _is_prefixed(tokens: Sequence[Token], position: int) -> bool:
    """미지급, 불승인: denied by the prefix alone. 불가능 has its subject's name and is denied there."""
    before = tokens[position - 1] if position else None
    if before is None or before.tag != "XPN" or tokens[position].form == "가능":
        return False
    return before.form in _DENYING_PREFIXES


def _is_stopped(tokens: Sequence[Token], position: int) -> bool:
    """Whether a bare noun is kept from happening: 통과 차단, 안내가 이루어지지 못하다."""
    if any(token.form in _STOPPING for token in tokens[position + 1 : position + 4]):
        return True
    verb = position + 2
    governed = verb < len(tokens) and tokens[position + 1].tag.startswith("J") and tokens[verb].form in _LIGHT
    return governed and denied_after(tokens, verb)


def _denied(tokens: Sequence[Token], position: int) -> bool:
    token, denied = tokens[position], False
    before = tokens[position - 1] if position else None
    if token.form in ("없", "불가능", "불가"):
        denied = True
    if token.form == "가능" and before is not None and before.form == "불":
        denied = True
    attached = position > 1 and before is not None and tokens[position - 2].end == before.start  # 잘못 is one word
    if before is not None and before.tag == "MAG" and before.form in ("안", "못") and not attached:
        denied = not denied
    return denied ^ denied_after(tokens, position)


def _is_condition(tokens: Sequence[Token], position: int) -> bool:
    """Whether the denial of the predicate is only supposed: 않으면, 않더라도, 않은 경우."""
    for index in range(position + 1, min(position + 8, len(tokens))):
        if tokens[index].tag == "EC" and tokens[index].form.endswith(_CONDITIONS):
            return True
        if tokens[index].tag == "ETM" and index + 1 < len(tokens) and tokens[index + 1].form in _CASES:
            return True
    return False


def denied_after(tokens: Sequence[Token], position: int) -> bool:
    """Whether 지 않, 지 못하, 수 없 follow; two of them cancel out (않을 수 없다)."""
    denied = False
    index = position + 1
    while index < len(tokens) and index <= position + 10:
        token = tokens[index]
        if _negates(tokens, index):
            denied = not denied
        elif not _belongs(token):
            break
        index += 1
    return denied


def _negates(tokens: Sequence[Token], index: int) -> bool:
    token, before = tokens[index], tokens[index - 1]
    if token.form == "없":
        return _is_ability(tokens, index)
    if token.form == "못" and token.tag == "MAG":
        return bool(before.tag == "EC" and before.form == "지")
    return bool(token.tag in ("VX", "VV") and token.form in _NEGATORS and before.tag in ("EC", "JX", "JKO"))


def _belongs(token: Token) -> bool:
    """Whether ``token`` may stand between a stem and its negation: 하, 지, 었, ㄹ, 수, 는."""
    return (
        token.tag in ("XSN", "XSV", "XSA", "EP", "VX", "JX", "JKS", "JKO", "ETM")
        or (token.tag == "EC" and token.form in ("지", "어", "아", "게", "고"))
        or (token.tag in ("VV", "VA") and token.form in ("하", "되", "있", "시키"))
        or token.form in _ABLE
    )


def _neighbours(tokens: Sequence[Token], position: int) -> frozenset[str]:
    words: list[str] = []
    for token in reversed(tokens[:position]):
        if token.tag in ("SF", "EF") or len(words) >= _NEIGHBOURS:
            break
        if token.tag.startswith(("NN", "SL", "SN", "VV", "VA", "XR")) and token.form not in _LIGHT:
            words.append(token.form)
    return frozenset(words)


def _is_opposite(predicate: Predicate, others: Sequence[Predicate]) -> bool:
    if predicate.denied:
        if any(other.denied for other in others):
            return _closest_differs(predicate, others)
        return len(predicate.name) > 1 or any(predicate.neighbours & other.neighbours for other in others)
    spoken = [other for other in others if other.spoken]
    if not any(other.denied for other in spoken):
        return False
    if len(predicate.name) > 1 and len(spoken) == len(others) and all(other.denied for other in spoken):
        return True
    return _closest_differs(predicate, others)


def _closest_differs(predicate: Predicate, others: Sequence[Predicate]) -> bool:
    """Whether the mentions that share most neighbours have the other polarity, by more than a word if both are said."""
    shares = {False: 0, True: 0}
    for other in others:
        shares[other.denied] = max(shares[other.denied], len(predicate.neighbours & other.neighbours))
    agreed = any(other.spoken and other.denied == predicate.denied for other in others)
    return shares[not predicate.denied] > shares[predicate.denied] + agreed
