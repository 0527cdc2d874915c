"""Wrong versions of true sentences: one figure, date, telephone number, name or denial changed."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from kiwipiepy import Kiwi

from chatbot.figures import dates, figures, phones
from index.markup import plain

CARDS = Path(__file__).parents[2] / "index" / "corpus"
OTHER_UNITS = {
    "일": "개월",
    "개월": "년",
    "년": "일",
    "건": "명",
    "명": "건",
    "원": "달러",
    "%": "건",
    "개": "%",
    "곳": "명",
}
OTHER_NAMES = ("국방부", "대전광역시", "한국수자원공사", "기상청", "제주특별자치도", "해양경찰청", "통일부", "강릉시")
OTHER_PEOPLE = ("김영호", "박서윤", "최도현", "정하린")
CONTRARY = (
    ("줄였", "늘렸"), ("늘었", "줄었"), ("단축되", "연장되"), ("단축했", "연장했"), ("높였", "낮췄"),
    ("높아졌", "낮아졌"),
    ("감소", "증가"), ("증가", "감소"), ("절감", "증가"), ("확대", "축소"), ("향상", "저하"), ("최대", "최소"),
    (" 이상", " 이하"), ("무료", "유료"), ("강화", "약화"), ("온라인", "오프라인"), ("상반기", "하반기"),
)  # fmt: skip

DENIALS = (
    (r"하였습니다\.?$", "하지 않았습니다."), (r"했습니다\.?$", "하지 않았습니다."),
    (r"합니다\.?$", "하지 않습니다."), (r"되었습니다\.?$", "되지 않았습니다."), (r"됩니다\.?$", "되지 않습니다."),
    (r"할 수 있", "할 수 없"), (r"방법이 없어", "방법이 있어"), (r"하지 않", "하"), (r"수 없", "수 있"),
    (r"받지 못하", "받"),
)  # fmt: skip


@dataclass(frozen=True)
class Corruption:
    kind: str
    true: str
    false: str
    window: str


@dataclass(frozen=True)
class CardSentence:
    text: str
    window: str
    header: str


def card_sentences(kiwi: Kiwi) -> Iterator[CardSentence]:
    """Sentences of every bundled card with their neighbours, and the card's header."""
    for path in sorted(CARDS.glob("*.md")):
        _, header, body = path.read_text("utf-8").split("---", 2)
        lines = [line.strip("- ") for line in body.splitlines() if line.strip() and not line.startswith("#")]
        said = [plain(sentence.text) for line in lines for sentence in kiwi.split_into_sents(line)]
        for position, text in enumerate(said):
            yield CardSentence(text, " ".join(said[max(0, position - 1) : position + 2]), header)


def corruptions(sentence: CardSentence, kiwi: Kiwi, rng: random.Random) -> Iterator[Corruption]:
    for kind, makers in _MAKERS.items():
        for maker in makers:
            for false in maker(sentence, kiwi, rng):
                if false != sentence.text:
                    yield Corruption(kind, sentence.text, false, sentence.window)


def _changed_value(sentence: CardSentence, _: Kiwi, rng: random.Random) -> Iterator[str]:
    known = {figure.value for figure in figures(sentence.window)}
    for figure in figures(sentence.text):
        found = re.search(r"\d[\d,]*(?:\.\d+)?", figure.text)
        if found is None:
            continue
        number = found.group().replace(",", "")
        for wrong in (_other_number(number, rng), _other_number(number, rng)):
            text = figure.text.replace(found.group(), wrong, 1)
            read = figures(text)
            if read and read[0].value not in known:
                yield sentence.text[: figure.start] + text + sentence.text[figure.end :]


def _other_number(number: str, rng: random.Random) -> str:
    place = rng.randrange(len(number))
    while number[place] == ".":
        place = rng.randrange(len(number))
    digit = rng.choice([d for d in "123456789" if d != number[place]])
    return number[:place] + digit + number[place + 1 :]


def _exchanged(sentence: CardSentence, _: Kiwi, rng: random.Random) -> Iterator[str]:
    """Two figures of one unit in each other's place."""
    read = [figure for figure in figures(sentence.text) if figure.unit != "시각"]
    for one, other in combinations(read, 2):
        if one.unit == other.unit and one.value != other.value:
            text, between = sentence.text, sentence.text[one.end : other.start]
            yield text[: one.start] + other.text + between + one.text + text[other.end :]


def _changed_scale(sentence: CardSentence, _: Kiwi, rng: random.Random) -> Iterator[str]:
    for figure in figures(sentence.text):
        for old, new in (("만", "억"), ("억", "만"), ("천", "백")):
            if old in figure.text:
                text = figure.text.replace(old, new, 1)
                yield sentence.text[: figure.start] + text + sentence.text[figure.end :]
                break


def _changed_unit(sentence: CardSentence, _: Kiwi, rng: random.Random) -> Iterator[str]:
    known = {(figure.value, figure.unit) for figure in figures(sentence.window)}
    for figure in figures(sentence.text):
        wrong = OTHER_UNITS.get(figure.unit)
        if wrong and figure.text.endswith(figure.unit) and (figure.value, wrong) not in known:
            text = figure.text.removesuffix(figure.unit) + wrong
            yield sentence.text[: figure.start] + text + sentence.text[figure.end :]


def _changed_date(sentence: CardSentence, _: Kiwi, rng: random.Random) -> Iterator[str]:
    for date in dates(sentence.text):
        numbers = list(re.finditer(r"\d+", date.text))
        for found in numbers:
            number = int(found.group())
            wrong = str(number % 9 + 1 if number < 100 else number + rng.choice((-3, 4)))
            text = date.text[: found.start()] + wrong + date.text[found.end() :]
            if text not in sentence.window:
                yield sentence.text[: date.start] + text + sentence.text[date.end :]


def _changed_phone(sentence: CardSentence, _: Kiwi, rng: random.Random) -> Iterator[str]:
    for phone in phones(sentence.text):
        yield sentence.text.replace(phone, phone[:-1] + str((int(phone[-1]) + 1) % 10))


def _changed_latin(sentence: CardSentence, _: Kiwi, rng: random.Random) -> Iterator[str]:
    for name in set(re.findall(r"[A-Za-z]{3,}", sentence.text)):
        yield sentence.text.replace(name, name[::-1] if name != name[::-1] else f"{name}X")


def _changed_quoted(sentence: CardSentence, _: Kiwi, rng: random.Random) -> Iterator[str]:
    for name in re.findall(r"[‘「]([가-힣 ]{3,})[’」]", sentence.text):
        yield sentence.text.replace(name, "푸른" + name[2:])


def _changed_noun(sentence: CardSentence, kiwi: Kiwi, rng: random.Random) -> Iterator[str]:
    """One proper noun replaced by another of its sort."""
    for token in kiwi.tokenize(sentence.text):
        alone = re.match(r"(?:\W|입니다|[은는이가을를의와과에도로])", f"{sentence.text[token.end :]} ")
        if (
            token.tag == "NNP"
            and len(token.form) > 1
            and alone
            and not re.match(r"\w", sentence.text[token.start - 1 :])
        ):
            wrong = rng.choice(OTHER_PEOPLE if re.match(r"\s?\d{3}-", sentence.text[token.end :]) else OTHER_NAMES)
            yield sentence.text[: token.start] + wrong + sentence.text[token.end :]


def _denied(sentence: CardSentence, _: Kiwi, rng: random.Random) -> Iterator[str]:
    for true, false in DENIALS:
        changed = re.sub(true, false, sentence.text, count=1)
        if changed != sentence.text:
            yield changed


def _contrary(sentence: CardSentence, _: Kiwi, rng: random.Random) -> Iterator[str]:
    for true, false in CONTRARY:
        if true in sentence.text and false not in sentence.window:
            yield sentence.text.replace(true, false, 1)


_MAKERS = {
    "figure": (_changed_value, _changed_scale, _changed_unit),
    "exchange": (_exchanged,),
    "date": (_changed_date,),
    "phone": (_changed_phone,),
    "name": (_changed_latin, _changed_quoted, _changed_noun),
    "polarity": (_denied,),
    "contrary": (_contrary,),
}
