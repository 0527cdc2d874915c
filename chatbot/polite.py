"""Clipped administrative Korean (개조식) turned into polite sentences, with every figure and name left alone.

Only the ending changes. Where no ending is certain to be right, the text stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from kiwipiepy import Kiwi, Token

from chatbot.verbal_nouns import (
    ACTING,
    ACTIONS,
    ADVERBIAL,
    AGENTIVE,
    AGENTS,
    BECOMING,
    DIRECTED,
    EXPECTED,
    INTRANSITIVE,
    SUBJECT_ONLY,
    TRANSITIVE,
)
from index.list_markers import BULLETS, DASHES, SQUARES
from index.markup import plain

# ▶ and # head a record and a title: they are no list, and not said either.
_BULLET: Final = re.compile(rf"^(?:[\s{BULLETS}{SQUARES}▶#]|[{DASHES}](?!\d))+(?=\S)")
_TRAILING: Final = re.compile(r"[\s.,;:·…\-–—~*]+$")
_LAYOUT: Final = re.compile(r"[→⇒⇨▶▸►◀|＞]|\d{1,2}:\d{2}\s?[~∼〜-]\s?\d{1,2}:\d{2}|:\s[^:]*,[^:]*$|\.{3,}|…")
_LABEL: Final = re.compile(r"(?!제목|기관명)[^▶:.]{1,12}▶\s*(?=[^▶]+$)")
_PARENTHESIS: Final = re.compile(r"\s*\([^()]*\)$")
_FORMAL: Final = re.compile(r"([가-힣])니[다까]$")
_INFORMAL: Final = re.compile(r"(?:(?:[어아여예에세네지까나데래게해돼워려와봐줘고구군걸]|가|이)요|죠)$")
_QUOTED: Final = re.compile(r"“[^”]*”|‘[^’]*’|「[^」]*」|『[^』]*』|\([^()]*\)|\[[^\]]*\]")
_BREAK: Final = re.compile(r"(?<=[가-힣)\]’”」』%])\.\s+(?=\S)")

_CLOSING: Final = ("’", "”", "」", "』", "'", '"')

_BIEUP: Final = 17
_NEVER_LAST: Final = frozenset({"기존", "향후", "및", "또는", "각종", "해당"})
_PLAIN_ENDINGS: Final = frozenset({"다", "ᆫ다", "는다", "ᆷ", "음"})
_NOUN_TAGS: Final = ("NN", "NR", "NP", "SL", "SN", "SH", "XSN", "XR")
_STEM_TAGS: Final = ("VV", "VA", "VX", "VC", "XSV", "XSA")


@dataclass(frozen=True, slots=True)
class _Clause:
    """A sentence without its full stop; ``tail`` is a closing parenthesis that stays behind the verb."""

    body: str
    tail: str
    tokens: Sequence[Token]


def polite(fragment: str, kiwi: Kiwi, *, past: bool = False) -> str:
    """``fragment`` with polite endings, without its bullet and closing dots.

    ``past`` is for what is known to be done: 체계 구축 → 체계를 구축했습니다 instead of 구축합니다; endings that
    carry a tense keep it. Rows of tables, arrows, quotations and text that is already polite stay as they are.
    """
    text = _BULLET.sub("", plain(fragment)).strip()
    label = _LABEL.match(text)
    if label:
        return label.group() + polite(text[label.end() :], kiwi, past=past)
    if not text or _LAYOUT.search(_outside(text)) or "\t" in fragment.strip():
        return text
    pieces = list(_sentences(text))
    if all(_is_polite(piece) for piece in pieces):
        return text
    return " ".join(_polite_sentence(piece, kiwi, past) for piece in pieces)


def _outside(text: str) -> str:
    """``text`` without what stands in quotation marks and brackets, at the same length."""
    return _QUOTED.sub(lambda found: "\x00" * len(found.group()), text)


def _sentences(text: str) -> Iterator[str]:
    start = 0
    for match in _BREAK.finditer(_outside_keeping_closers(text)):
        yield text[start : match.start() + 1]
        start = match.end()
    yield text[start:]


def _outside_keeping_closers(text: str) -> str:
    return _QUOTED.sub(lambda found: "\x00" * (len(found.group()) - 1) + found.group()[-1], text)


def _is_polite(sentence: str) -> bool:
    """Whether nothing is to be done: 습니다 but not 아니다, 해요, a question, a call."""
    if sentence.endswith(("?", "!")):
        return True
    said = re.sub(r"[\W_]+$", "", _PARENTHESIS.sub("", _TRAILING.sub("", sentence)))
    formal = _FORMAL.search(said)
    return bool(_INFORMAL.search(said)) or (formal is not None and _final_consonant(formal.group(1)) == _BIEUP)


def _final_consonant(syllable: str) -> int:
    """Its number among the 28 of Unicode, 0 for none."""
    return (ord(syllable) - 0xAC00) % 28


def _polite_sentence(sentence: str, kiwi: Kiwi, past: bool) -> str:
    if _is_polite(sentence):
        return sentence
    whole = _TRAILING.sub("", sentence)
    tail_match = _PARENTHESIS.search(whole)
    tail = whole[tail_match.start() :] if tail_match and tail_match.start() > 0 else ""
    body = whole[: len(whole) - len(tail)]
    tokens = [token for token in kiwi.tokenize(body) if token.tag not in ("SF", "SE")]
    ended = _ended(_Clause(body, tail, tokens), kiwi, past) if tokens else None
    return f"{ended}." if ended else whole


def _ended(clause: _Clause, kiwi: Kiwi, past: bool) -> str | None:
    """The clause with a polite ending; ``None`` where none is certain."""
    last = clause.tokens[-1]
    if last.tag in ("EF", "ETN") and last.form in _PLAIN_ENDINGS:
        return _formal(clause, kiwi)
    if last.form in ("까지", "부터") and last.tag in ("JX", "JKB"):
        return clause.body + clause.tail + "입니다"
    if last.tag in ("SW", "W_SERIAL") or last.tag.startswith(_NOUN_TAGS):
        return _nominal(clause, past)
    if last.tag == "SSC":
        return clause.body + clause.tail + "입니다" if _is_name(clause.body) else None
    return None


def _formal(clause: _Clause, kiwi: Kiwi) -> str | None:
    """하였다, 제공함, 있음 → 하였습니다, 제공합니다, 있습니다; the tense is the one written."""
    if len(clause.tokens) < 2:
        return None
    stem, ending = clause.tokens[-2], clause.tokens[-1]
    if stem.tag == "EP":
        return clause.body[: ending.start] + "습니다" + clause.tail
    if not stem.tag.startswith(_STEM_TAGS):
        return None
    joined: str = kiwi.join([(stem.form, stem.tag), ("습니다", "EF")])
    return clause.body[: stem.start] + joined + clause.tail


def _nominal(clause: _Clause, past: bool) -> str | None:
    body, tail = clause.body, clause.tail
    noun = _final_noun(clause.tokens)
    pair = _paired(clause, noun)
    if pair:
        return f"{pair}{'했습니다' if past else '합니다'}{tail}"
    head = body[: len(body) - len(noun)].rstrip()
    if noun == "필요":
        return _needed(clause, head, past) + tail
    if noun in ("가능", "불가", "불가능"):
        return body + "합니다" + tail
    if noun in EXPECTED:
        return _expected(clause, head, noun) + tail
    before = _before(clause.tokens)
    governs = clause.tokens[-1].tag == "NNG" and before is not None and before.tag == "JKO"
    if noun in ACTIONS or governs or _is_made(clause.tokens):
        acted = _acted(clause, head, noun, past)
        if acted:
            return acted + tail
    return None if noun in _NEVER_LAST else body + tail + "입니다"


def _final_noun(tokens: Sequence[Token]) -> str:
    """The last noun with its suffix: 활성화, 간소화."""
    last = tokens[-1]
    if last.tag == "XSN" and len(tokens) > 1 and tokens[-2].end == last.start:
        return str(tokens[-2].form + last.form)
    return str(last.form)


def _needed(clause: _Clause, head: str, past: bool) -> str:
    """수단 필요 → 수단이 필요합니다; 개선할 필요 → 개선할 필요가 있습니다."""
    body, tokens = clause.body, clause.tokens
    modified = len(tokens) > 1 and tokens[-2].tag == "ETM"
    bare = len(tokens) > 1 and not tokens[-2].tag.startswith("J")
    verb = "했습니다" if past else "합니다"
    if modified:
        return body + ("가 있었습니다" if past else "가 있습니다")
    return f"{_with_particle(head, '이', '가') if bare else head} 필요{verb}"


def _expected(clause: _Clause, head: str, noun: str) -> str:
    """The one who expects is not named, so the passive is the faithful form, unless an object is written."""
    if head.endswith(("을", "를")) and clause.tokens[-2].tag == "JKO":
        return f"{head} {noun}합니다"
    if len(clause.tokens) > 1 and _is_bare(clause.tokens, head):
        return f"{_with_particle(head, '이', '가')} {noun}됩니다"
    return f"{clause.body}됩니다"


def _acted(clause: _Clause, head: str, noun: str, past: bool) -> str | None:
    """A verbal noun as a verb; ``None`` when it is a name for the act and wants the copula."""
    gap = clause.body[len(head) : len(clause.body) - len(noun)]
    active, passive = noun + ("했습니다" if past else "합니다"), noun + ("되었습니다" if past else "됩니다")
    before = _before(clause.tokens)
    if before is None or before.tag in ("ETM", "JKG", "MM"):
        return None
    if before.tag == "JKS" or head.endswith("%가"):
        return head + gap + (active if _acts(clause.tokens, noun) else passive)
    frame = _frame(clause.tokens, noun)
    if not _is_bare(clause.tokens, head):
        spoken = frame.filled if before.form == "적" else frame.verbal
        return head + gap + (passive if noun in BECOMING and before.tag != "JKO" else active) if spoken else None
    inserted = _inserted(head, noun, frame)
    if inserted:
        return f"{inserted} {passive if noun in BECOMING else active}"
    return head + gap + active if frame.verbal else None


def _inserted(head: str, noun: str, frame: _Frame) -> str | None:
    """``head`` with the particle that its last noun needs before ``noun``; ``None`` when none is certain."""
    if noun in SUBJECT_ONLY:
        return _with_particle(head, "이", "가")
    if frame.listed or frame.filled:
        return None
    if noun in INTRANSITIVE or noun in BECOMING:
        return _with_particle(head, "이", "가")
    if noun in TRANSITIVE or noun.endswith("화"):
        return _with_particle(head, "을", "를")
    return _with_particle(head, "에", "에") if noun in DIRECTED else None


def _acts(tokens: Sequence[Token], noun: str) -> bool:
    """Whether the subject right before ``noun`` does it (정부가 지원) rather than undergoes it (안전성이 확보)."""
    if noun in ACTING:
        return True
    place = _place(tokens) - 1
    return place > 0 and (tokens[place - 1].form in AGENTS or tokens[place - 1].tag == "NNP")


def _place(tokens: Sequence[Token]) -> int:
    """Index of the first token of the last noun."""
    return len(tokens) - (2 if tokens[-1].tag == "XSN" and len(tokens) > 1 else 1)


def _before(tokens: Sequence[Token]) -> Token | None:
    place = _place(tokens)
    return tokens[place - 1] if place else None


def _is_bare(tokens: Sequence[Token], head: str) -> bool:
    """Whether a noun without particle stands before the last noun, as its object or subject."""
    word = _bare_word(head)
    before = [token for token in tokens if token.end <= len(word)]
    if before and word != head and before[-1].tag.startswith("NN"):
        return True
    if not before or not before[-1].tag.startswith(("NNG", "NNP", "XSN")):
        return False
    manner = before[-1].tag == "XSN" and before[-1].form in ("적", "형", "별", "식", "용")
    return not manner and _final_noun(before) not in ADVERBIAL and before[-1].form not in ADVERBIAL


def _bare_word(head: str) -> str:
    """``head`` up to the word that a particle agrees with: 앱(COOV), ‘나르카’."""
    word = head.rstrip("".join(_CLOSING))
    return _PARENTHESIS.sub("", word).rstrip("".join(_CLOSING))


@dataclass(frozen=True, slots=True)
class _Frame:
    """What goes with the last noun: an object of its own, any verbal dependent, another act listed before it."""

    filled: bool
    verbal: bool
    listed: bool


def _frame(tokens: Sequence[Token], noun: str) -> _Frame:
    filled = verbal = listed = closed = inner = owned = adverb = False
    rest = _unbracketed([token for token in tokens if token.end <= tokens[-1].end - len(noun)])
    for position in range(len(rest) - 1, -1, -1):
        token, following = rest[position], (rest[position + 1] if position + 1 < len(rest) else None)
        if token.tag == "EC":
            verbal = verbal or not inner
            break
        inner = inner or (token.tag == "ETM" and not _closes_clause(rest, position))
        listed = listed or (_is_joint(token) and not verbal and _is_act(rest[:position]))
        if not inner:
            filled = filled or (token.tag == "JKO" and not closed)
            verbal = verbal or _is_dependent(token, following)
            owned = owned or (token.tag == "JKG" and not verbal)
            adverb = adverb or (token.tag == "MAG" and token.form != "및" and not owned)
            closed = closed or token.tag in ("SP", "MAJ", "ETN")
    topic = any(token.tag == "JX" and token.form in ("은", "는") for token in rest)
    return _Frame(filled, verbal or topic or (adverb and not owned), listed)


def _closes_clause(rest: Sequence[Token], position: int) -> bool:
    """Whether 등 after an ending says "and so on" of the whole clause: 개발하는 등, but not 구현하는 등의 효과."""
    after = [token.form for token in rest[position + 1 : position + 3]]
    return after[:1] == ["등"] and after[1:] != ["의"]


def _unbracketed(tokens: Sequence[Token]) -> list[Token]:
    depth, kept = 0, []
    for token in tokens:
        depth += token.form in ("(", "[")
        if depth <= 0:
            kept.append(token)
        depth -= token.form in (")", "]") and depth > 0
    return kept


def _is_dependent(token: Token, following: Token | None) -> bool:
    if token.tag == "JKB":
        return following is None or following.tag != "JKG"
    return token.tag in ("JKO", "JKS", "ETM")


def _is_joint(token: Token) -> bool:
    return token.tag in ("MAJ", "JC") or token.form in ("및", ",")


def _is_act(tokens: Sequence[Token]) -> bool:
    return bool(tokens) and (_final_noun(tokens) in ACTIONS or _is_made(tokens))


def _paired(clause: _Clause, noun: str) -> str | None:
    """Two acts on one object, with its particle: 서비스 개발 및 제공 → 서비스를 개발 및 제공."""
    tokens = clause.tokens[: _place(clause.tokens)]
    if len(tokens) < 3 or tokens[-1].form not in ("·", "및") or noun not in TRANSITIVE:
        return None
    first = _final_noun(tokens[:-1])
    start = tokens[-2].end - len(first)
    head = clause.body[:start].rstrip()
    if first not in TRANSITIVE and first not in AGENTIVE:
        return None
    earlier = [token for token in tokens[:-1] if token.end <= start]
    frame = _frame([*earlier, tokens[-2]], first)
    if not earlier or not _is_bare(earlier, head) or frame.filled or frame.listed:
        return None
    return f"{_with_particle(head, '을', '를')} {clause.body[start:]}"


def _is_made(tokens: Sequence[Token]) -> bool:
    """Whether the last noun is one in 화, which takes 하다: 표준화, DB화."""
    return bool(tokens[-1].form == "화" and tokens[-1].tag == "XSN")


def _is_name(body: str) -> bool:
    return body.endswith(_CLOSING)


def _with_particle(head: str, closed: str, opened: str) -> str:
    """``head`` with the particle for a final consonant or for none; a parenthesis is looked through."""
    last = _bare_word(head)[-1:]
    if not "가" <= last <= "힣":
        return head
    return head + (closed if _final_consonant(last) else opened)
