"""The readings of a text that was written so that a filter does not read it: what is behind the disguise."""

from __future__ import annotations

import base64
import binascii
import re
import unicodedata
from typing import Final
from urllib.parse import unquote

MAX_CHARS: Final = 4_000
_LEADS: Final = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_VOWELS: Final = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
_TAILS: Final = ("", *"ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ")
_JAMO: Final = re.compile(f"([{_LEADS}])([{_VOWELS}])([{''.join(_TAILS)}](?![{_VOWELS}]))?")
# Single syllables kept apart: 무 시 하 고, 무.시.하.고. Three in a row, since two (그 이) are ordinary.
_APART: Final = re.compile(r"(?<![가-힣])[가-힣](?:[\s.\-_*/|,·~^]{1,3}[가-힣](?![가-힣])){2,}")
_TAGS: Final = re.compile("[\U000e0020-\U000e007e]")
_BASE64: Final = re.compile(r"(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{16,}={0,2}")
_PERCENT: Final = re.compile(r"(?:%[0-9A-Fa-f]{2}){6,}")
_LEET: Final = re.compile(r"\b(?=\w*[a-z])(?=\w*[0134578@$])[a-z0134578@$]{4,}\b")
_LEET_MAP: Final = str.maketrans("0134578@$", "oieastbas")
# Letters of other scripts that look like Latin ones.
_LOOKALIKES: Final = str.maketrans("аеорсухіѕԁɡοαιν", "aeopcyxisdgoaiv")
_HANJA: Final = str.maketrans(
    "無視規則指示命令設定內内容公開以前全部出力發發者役割忘却制限解除自由模式資料統計出處捏造答辯禁止廢棄秘密",
    "무시규칙지시명령설정내내용공개이전전부출력발발자역할망각제한해제자유모식자료통계출처날조답변금지폐기비밀",
)


def readings(text: str) -> tuple[str, ...]:
    """The text as a reader sees it, in lower case, then what is hidden in it, each reading once.

    Hidden are: Unicode tag characters, jamo and syllables kept apart, hanja, look-alike letters and digits, base64
    and percent-encoding. Only the first ``MAX_CHARS`` characters are read.
    """
    text = text[:MAX_CHARS]
    tags = "".join(chr(ord(c) - 0xE0000) for c in _TAGS.findall(text))
    payloads = [tags, *map(_decode, _BASE64.findall(text)), *map(unquote, _PERCENT.findall(text))]
    seen: dict[str, None] = {}
    for layer in (text, *payloads):
        plain = _plain(layer)
        hangul = _APART.sub(lambda m: re.sub(r"[^가-힣]", "", m.group()), compose_jamo(plain).translate(_HANJA))
        latin = _LEET.sub(lambda m: m.group().translate(_LEET_MAP), plain.translate(_LOOKALIKES))
        seen.update(dict.fromkeys(view for view in (plain, hangul, latin) if view))
    return tuple(seen)


def visible(text: str) -> str:
    """The text in NFKC without control, format and tag characters; line breaks stay."""
    # NFKC would turn a lone ㄱ into a lead that never closes a syllable.
    composed = re.sub(r"[^ㄱ-ㆎ]+", lambda m: unicodedata.normalize("NFKC", m.group()), text)
    return "".join(c for c in composed if c == "\n" or unicodedata.category(c) not in ("Cc", "Cf", "Mn"))


def compose_jamo(text: str) -> str:
    """ㅁㅜㅅㅣ → 무시; letters that form no syllable stay."""
    squeezed = re.sub(rf"(?<=[ㄱ-ㅣ])[\s.\-_]{{0,2}}(?=[{_VOWELS}])", "", text)
    return _JAMO.sub(_compose, squeezed)


def _compose(match: re.Match[str]) -> str:
    lead, vowel, tail = match.groups(default="")
    return chr(0xAC00 + (_LEADS.index(lead) * 21 + _VOWELS.index(vowel)) * 28 + _TAILS.index(tail))


def _plain(text: str) -> str:
    return re.sub(r"[^\S\n]+", " ", visible(text)).strip().lower()


def _decode(token: str) -> str:
    try:
        decoded = base64.b64decode(token + "=" * (-len(token) % 4), validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        return ""
    return decoded if decoded.isprintable() else ""
