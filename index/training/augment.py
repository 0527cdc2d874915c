"""Rewrites training text into the forms that the reader meets: outline fragments, records, hasty questions."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

_NOUN_ENDINGS = [
    (re.compile(pattern), ending)
    for pattern, ending in (
        (r"(?<=[가-힣])(?:할|될) 예정(?:입니다|이다)\.?$", " 예정"),
        (r"(?<=[가-힣])(?:할|될) 계획(?:입니다|이다)\.?$", " 계획"),
        (r"할 수 (?:있습니다|있다)\.?$", " 가능"),
        (
            r"(추진|실시|개최|지원|운영|제공|마련|강화|확대|구축|발표|시행|도입|개선|점검|체결)(?:합니다|한다)\.?$",
            r"\1",
        ),
        (r"(?:하였습니다|했습니다|하였다|했다)\.?$", "하였음"),
        (r"(?:되었습니다|됐습니다|되었다|됐다)\.?$", "되었음"),
        (r"(?:합니다|한다)\.?$", "함"),
        (r"(?:됩니다|된다)\.?$", "됨"),
        (r"(?:입니다|이다)\.?$", "임"),
        (r"(?:밝혔습니다|밝혔다)\.?$", "밝힘"),
        (r"(있|없|같|았|었|였|겠)(?:습니다|다)\.?$", r"\1음"),
        (r"받(?:습니다|는다)\.?$", "받음"),
        (r"않(?:습니다|는다)\.?$", "않음"),
    )
]
_MARKS = ("○ ", "- ", "□ ", "ㅇ ", "· ", "* ", "▲ ", "• ", "◦ ", "(1) ", "", "")
_NOTES = ("※ ", "* ", "\\* ")
_FIELDS = (
    "추진 배경",
    "추진 내용",
    "주요 내용",
    "추진 성과",
    "기대 효과",
    "향후 계획",
    "개요",
    "현황",
    "문제점",
    "개선 내용",
)
_RECORD_FIELDS = ("목적", "과정", "결과", "배경", "내용", "성과")
_AGENCIES = (
    "행정안전부",
    "보건복지부",
    "고용노동부",
    "산림청",
    "국토교통부",
    "서울특별시",
    "경기도",
    "한국철도공사",
    "관세청",
)
_QUESTION_ENDINGS = (
    (
        re.compile(r"(?:인가요|입니까|이에요|예요|인지요|이죠)\?$"),
        ("?", "야?", "인지 알려주세요", "인가?", "인지 궁금합니다"),
    ),
    (re.compile(r"(?:나요|습니까|어요|는지요|죠)\?$"), ("나?", "는지 알려줘", "는지 알려주세요", "는지요?", "나요")),
    (re.compile(r"\?$"), ("", " 알려주세요", "??", "?")),
)


@dataclass(frozen=True, slots=True)
class LabelledPassage:
    """A passage with what is right: ``evidence`` by sentence, and the short answer as (sentence, start, end)."""

    header: str
    sentences: tuple[str, ...]
    evidence: tuple[bool, ...]
    short_answer: tuple[int, int, int] | None = None

    @property
    def answerable(self) -> bool:
        """Whether any sentence is evidence."""
        return any(self.evidence)


def outline(passage: LabelledPassage, random_: random.Random) -> LabelledPassage:
    """The same statements as an outline: noun endings, marks in front, headings in between."""
    mark = random_.choice(_MARKS)
    lines: list[tuple[str, int | None]] = []
    if random_.random() < 0.5:
        lines.append((f"{random_.choice(('', '1. ', '□ ', 'Ⅱ. ', '## '))}{random_.choice(_FIELDS)}", None))
    for ordinal, sentence in enumerate(passage.sentences):
        if ordinal and random_.random() < 0.08:
            lines.append((f"{random_.choice(('2. ', '③ ', '□ ', '### '))}{random_.choice(_FIELDS)}", None))
        front = random_.choice(_NOTES) if random_.random() < 0.1 else mark
        lines.append((front + noun_ending(sentence), ordinal))
    return _relabelled(passage, lines)


def record(passage: LabelledPassage, random_: random.Random) -> LabelledPassage:
    """The same statements as a case record: ``제목 ▶ …``, ``기관명 ▶ …``, then named fields."""
    arrow, stem = random_.choice((" ▶ ", ": ", " > ", " | ")), random_.choice(("추진 ", "사업 ", "혁신 ", "개선 ", ""))
    lines: list[tuple[str, int | None]] = []
    if random_.random() < 0.7:
        lines.append((f"{random_.choice(('제목', '사례명', '과제명'))}{arrow}{passage.header}", None))
        lines.append((f"기관명{arrow}{random_.choice(_AGENCIES)}", None))
    fields = random_.sample(_RECORD_FIELDS, len(_RECORD_FIELDS))
    for ordinal, sentence in enumerate(passage.sentences):
        text = noun_ending(sentence) if random_.random() < 0.8 else sentence
        named = fields and (ordinal == 0 or random_.random() < 0.3)
        lines.append((f"{stem}{fields.pop()}{arrow}{text}" if named else text, ordinal))
    return _relabelled(passage, lines)


def joined(first: LabelledPassage, second: LabelledPassage, random_: random.Random) -> LabelledPassage:
    """Two passages under their headings in one window, so that the heading tells which one is asked about."""
    mark = random_.choice(("□ ", "## ", "【사례】 ", "제목 ▶ ", "1. "))
    parts = [first, second]
    random_.shuffle(parts)
    sentences: list[str] = []
    evidence: list[bool] = []
    short_answer = None
    for part in parts:
        sentences.append(mark + part.header)
        evidence.append(False)
        if part.short_answer is not None:
            ordinal, start, end = part.short_answer
            short_answer = (ordinal + len(sentences), start, end)
        sentences += part.sentences
        evidence += part.evidence
    header = random_.choice(("주요 사례 모음", "보도자료", "추진계획", ""))
    return LabelledPassage(header, tuple(sentences), tuple(evidence), short_answer)


def noun_ending(sentence: str) -> str:
    """``…합니다.`` as ``…함``: the fragment style of official outlines. Unchanged where no rule fits."""
    for pattern, ending in _NOUN_ENDINGS:
        shorter, count = pattern.subn(ending, sentence)
        if count:
            return shorter
    return sentence


def hasty(question: str, random_: random.Random) -> str:
    """The question as people type it: another ending, no spaces, a slip."""
    chance = random_.random()
    if chance < 0.18:
        for pattern, endings in _QUESTION_ENDINGS:
            if pattern.search(question):
                return pattern.sub(random_.choice(endings), question)
    if chance < 0.26:
        return question.replace(" ", "")
    if chance < 0.34:
        return _slipped(question, random_)
    return question


def _slipped(question: str, random_: random.Random) -> str:
    """One or two slips: a syllable dropped, doubled, swapped, without its final consonant, or a space lost."""
    letters = list(question)
    for _ in range(random_.randint(1, 2)):
        place = random_.randrange(len(letters) - 1) if len(letters) > 3 else 0
        letter, kind = letters[place], random_.randrange(4)
        if kind == 0 and "가" <= letter <= "힣":
            letters[place] = chr(ord(letter) - (ord(letter) - 0xAC00) % 28)
        elif kind == 1:
            letters[place : place + 2] = letters[place : place + 2][::-1]
        elif kind == 2 and letter == " ":
            letters.pop(place)
        elif kind == 3 and not letter.isdigit():
            letters.insert(place, letter)
    return "".join(letters)


def _relabelled(passage: LabelledPassage, lines: Sequence[tuple[str, int | None]]) -> LabelledPassage:
    """The passage with new lines, each from an old sentence or from none; the short answer is found again."""
    evidence = tuple(source is not None and passage.evidence[source] for _, source in lines)
    changed = replace(passage, sentences=tuple(text for text, _ in lines), evidence=evidence, short_answer=None)
    if passage.short_answer is None:
        return changed
    ordinal, start, end = passage.short_answer
    answer = passage.sentences[ordinal][start:end]
    for place, (text, source) in enumerate(lines):
        if source == ordinal and answer in text:
            found = text.index(answer)
            return replace(changed, short_answer=(place, found, found + len(answer)))
    return changed
