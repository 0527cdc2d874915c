r"""Personal numbers in a text: what they are, where they stand, and which of them a question must not hold.

Digit look-arounds instead of ``\b``: there is no word boundary between a digit and a Hangul particle
(``900101-1234567은``). Office lines (044-202-0000, 1588-0000, 110), dates, amounts and business numbers are not
personal data.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

_DASH: Final = r"[-\s.‐-―−~]"
# Full-width digits and dashes are read, one character for one, so that offsets stay those of the text.
_FOLD: Final = str.maketrans("０１２３４５６７８９－．", "0123456789-.")
_INVISIBLE: Final = re.compile("[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]")


@dataclass(frozen=True, slots=True)
class PersonalDatum:
    """``label`` is what it is, in Korean; ``refused`` whether a question that holds it is turned away."""

    label: str
    start: int
    end: int
    refused: bool = True


def find_personal_data(text: str) -> tuple[PersonalDatum, ...]:
    """Personal numbers in ``text``, in order, none overlapping."""
    folded = text.translate(_FOLD)
    found: list[PersonalDatum] = []
    taken = [False] * len(text)
    for detector in _DETECTORS:
        for datum in detector(folded):
            if not any(taken[datum.start : datum.end]):
                taken[datum.start : datum.end] = [True] * (datum.end - datum.start)
                found.append(datum)
    return tuple(sorted(found, key=lambda datum: datum.start))


def mask(text: str) -> str:
    """The text with each personal number replaced by its label in brackets; unchanged where there is none."""
    text = (
        _INVISIBLE.sub("", text) if _INVISIBLE.search(text) and find_personal_data(_INVISIBLE.sub("", text)) else text
    )
    pieces: list[str] = []
    position = 0
    for datum in find_personal_data(text):
        pieces += [text[position : datum.start], f"[{datum.label}]"]
        position = datum.end
    return "".join([*pieces, text[position:]])


def without_invisible(text: str) -> str:
    """The text without the zero-width characters that are used to split a number."""
    return _INVISIBLE.sub("", text)


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _near(text: str, start: int, end: int, words: str, reach: int = 25) -> bool:
    return re.search(words, text[max(0, start - reach) : end + 12], re.IGNORECASE) is not None


_RESIDENT: Final = re.compile(rf"(?<!\d)(\d{{6}})({_DASH}{{1,3}})?([1-8]\d{{6}})(?!\d)")


def _resident_numbers(text: str) -> Iterator[PersonalDatum]:
    """주민등록번호 and 외국인등록번호.

    The check digit was dropped in October 2020, so a hyphen or the word counts as much as a right check digit.
    """
    for match in _RESIDENT.finditer(text):
        front, dash, back = match.groups()
        if not _is_birth_date(front, back[0]) or _near(text, match.start(), match.end(), "법인", 12):
            continue
        named = _near(text, match.start(), match.end(), "주민|외국인등록|등록번호|생년월일|주번")
        if dash or named or _resident_check(front + back):
            label = "외국인등록번호" if back[0] in "5678" else "주민등록번호"
            yield PersonalDatum(label, match.start(), match.end())


def _is_birth_date(front: str, century: str) -> bool:
    try:
        date((1900 if century in "1256" else 2000) + int(front[:2]), int(front[2:4]), int(front[4:]))
    except ValueError:
        return False
    return True


def _resident_check(number: str) -> bool:
    total = sum(
        int(digit) * weight for digit, weight in zip(number, (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5), strict=False)
    )
    expected = (11 - total % 11) % 10
    foreign = (13 - total % 11) % 10
    return int(number[12]) == (foreign if number[6] in "5678" else expected)


_CARD: Final = re.compile(
    rf"(?<!\d)(?:[3-69]\d{{3}}(?:{_DASH}?\d{{4}}){{3}}|3[47]\d{{2}}{_DASH}?\d{{6}}{_DASH}?\d{{5}})(?!\d)"
)


def _cards(text: str) -> Iterator[PersonalDatum]:
    for match in _CARD.finditer(text):
        if luhn(_digits(match.group())):
            yield PersonalDatum("카드번호", match.start(), match.end())


def luhn(number: str) -> bool:
    """Whether the check digit is right (ISO/IEC 7812-1, annex B)."""
    doubled = (2 * int(d) if place % 2 else int(d) for place, d in enumerate(reversed(number)))
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


_LICENCE: Final = re.compile(r"(?<!\d)(?:1[1-9]|2[0-8])-\d{2}-\d{6}-\d{2}(?!\d)")
_PASSPORT: Final = re.compile(r"(?<![A-Za-z0-9])[MSRODGmsrodg](?:\d{8}|\d{3}[A-Za-z]\d{4})(?![A-Za-z0-9])")
_MOBILE: Final = re.compile(
    rf"(?<!\d)(?:\+?82{_DASH}{{0,2}}\(?0?\)?{_DASH}?|0)1[016789]\)?{_DASH}{{0,3}}\d{{3,4}}{_DASH}{{0,3}}\d{{4}}(?!\d)"
)
_OWN_PHONE: Final = re.compile(
    rf"(?:제|내|저희|우리)\s*(?:집|휴대폰|핸드폰|휴대전화|전화|연락처|번호|폰)[^\d\n]{{0,12}}(?P<number>0\d{{1,2}}{_DASH}?\d{{3,4}}{_DASH}?\d{{4}})(?!\d)"
)
_ACCOUNT_WORD: Final = r"계좌|통장|입금|송금|이체|account"
_ACCOUNT: Final = re.compile(
    r"(?<![\d-])(?:\d{2,6}-){1,3}\d{2,8}(?![\d-])|(?<!\d)\d{10,14}(?!\d|\s*(?:원|건|명|개|만|억|회))"
)
_NOT_ACCOUNT: Final = re.compile(
    r"(?:19|20)\d\d-\d{1,2}(?:-\d{1,2})?|0\d{1,2}-\d{3,4}-\d{4}|1[3-9]\d\d-\d{4}|\d{3}-\d{2}-\d{5}|01\d{8,9}|(?:19|20)\d{6}"
)
_EMAIL: Final = re.compile(r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")


def _licences(text: str) -> Iterator[PersonalDatum]:
    for match in _LICENCE.finditer(text):
        yield PersonalDatum("운전면허번호", match.start(), match.end())


def _passports(text: str) -> Iterator[PersonalDatum]:
    for match in _PASSPORT.finditer(text):
        if _near(text, match.start(), match.end(), "여권|passport"):
            yield PersonalDatum("여권번호", match.start(), match.end())


def _mobiles(text: str) -> Iterator[PersonalDatum]:
    for match in _MOBILE.finditer(text):
        yield PersonalDatum("휴대전화번호", match.start(), match.end())


def _own_phones(text: str) -> Iterator[PersonalDatum]:
    for match in _OWN_PHONE.finditer(text):
        yield PersonalDatum("전화번호", match.start("number"), match.end("number"))


def _accounts(text: str) -> Iterator[PersonalDatum]:
    """A run of digits is an account only beside the word, and never a date, a telephone or a business number."""
    if not re.search(_ACCOUNT_WORD, text, re.IGNORECASE):
        return
    for match in _ACCOUNT.finditer(text):
        long_enough = 10 <= len(_digits(match.group())) <= 16
        if (
            long_enough
            and not _NOT_ACCOUNT.fullmatch(match.group())
            and _near(text, match.start(), match.end(), _ACCOUNT_WORD)
        ):
            yield PersonalDatum("계좌번호", match.start(), match.end())


def _emails(text: str) -> Iterator[PersonalDatum]:
    """Masked in logs; not refused, since offices publish theirs."""
    for match in _EMAIL.finditer(text):
        yield PersonalDatum("전자우편 주소", match.start(), match.end(), refused=False)


_DETECTORS: Final[tuple[Callable[[str], Iterator[PersonalDatum]], ...]] = (
    _resident_numbers,
    _cards,
    _licences,
    _passports,
    _mobiles,
    _own_phones,
    _accounts,
    _emails,
)
