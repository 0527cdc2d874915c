"""Names in a sentence (agencies, people, products, quoted titles) against those of its sources."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from kiwipiepy import Token

from chatbot.passages import AgencyNames, Sources, copulas_apart, squeezed
from chatbot.wording import lacking

_QUOTED: Final = re.compile(
    r"「([^」]{2,})」|『([^』]{2,})』|‘([^’]{2,})’|“([^”]{2,})”|《([^》]{2,})》|〈([^〉]{2,})〉|\"([^\"]{2,})\""
)
_LATIN: Final = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[.&+/-][A-Za-z0-9]+)*")
_RANK: Final = (
    "과장|사무관|주무관|서기관|장관|차관|국장|실장|팀장|부장|차장|처장|청장|원장|시장|군수|구청장|도지사|변호사|교수|박사|"
    "이사|대표|위원장|위원|연구원|연구관|담당관|정책관|심의관|부총리|총리|대통령|의원|소장|센터장|본부장|대변인|선임|책임|전문관"
)
_PERSON: Final = re.compile(
    rf"(?<![가-힣])([가-힣]{{2,4}})\s?(?:{_RANK})(?![가-힣]*[실과팀])"
    rf"|(?:{_RANK})\s([가-힣]{{2,4}})(?=[\s,.()은는이가을를의와과]|$)"
)
_BODY: Final = re.compile(
    r"[가-힣A-Za-z]{2,}(?:위원회|공단|진흥원|연구원|연구소|관리원|개발원|정보원|본부|재단|협회|은행|대학교|경찰청|경찰서|"
    r"소방서|시청|군청|구청|도청|특별시|광역시|특별자치시|특별자치도|담당관|정책관|우체국|보건소|세관|공항|병원|센터)"
    r"(?![가-힣]{2,})"
)
_ALIASES: Final = (
    ("ai", "인공지능"), ("iot", "사물인터넷"), ("ict", "정보통신기술"), ("cctv", "폐쇄회로"), ("eu", "유럽연합"),
    ("un", "유엔"), ("sw", "소프트웨어"), ("pc", "컴퓨터"), ("qr", "큐알"),
    ("한국", "대한민국"), ("우리나라", "대한민국"), ("한국", "우리나라"),
)  # fmt: skip
_TAIL: Final = re.compile(r"(?<=[가-힣])(?:[한된할될이가은는을를도의만장]|에게|에서|으로)$")
"""Endings and particles that Kiwi leaves on a word it does not know, and the 장 of a head of an office."""


class NameChecker:
    """Finds names that the sources do not have. An agency may be named by any of its spellings."""

    def __init__(self, agency_names: AgencyNames) -> None:
        self._agency_names = agency_names

    def problems(self, said: str, tokens: Sequence[Token], sources: Sources) -> Iterator[str]:
        """One problem for each quoted, Latin, agency, person or other proper name without support."""
        for match in _QUOTED.finditer(said):
            inside = next(group for group in match.groups() if group)
            if squeezed(inside) not in sources.squeezed:
                yield lacking("인용", f"‘{inside}’")
        for name in _LATIN.findall(said):
            if len(name) > 1 and not _has_name(name, sources):
                yield lacking("이름", name)
        for agency in self._agency_names(copulas_apart(said, tokens)):
            if not _has_agency(agency, sources):
                yield lacking("기관", agency)
        for name, word in _korean_names(said, tokens):
            if not (_has_name(name, sources) or self.is_spelling(word, sources)):
                yield lacking("이름", name)

    def is_spelling(self, name: str, sources: Sources) -> bool:
        """Whether ``name`` is a spelling of an agency of the sources and nothing more (부산과기정통부)."""
        official = self._agency_names(name)
        if not official or not all(_has_agency(agency, sources) for agency in official):
            return False
        whole = any(squeezed(name).startswith(squeezed(agency)) for agency in official)
        extra = max(start for start in range(len(name)) if self._agency_names(name[start:]) == official)
        return whole or squeezed(name[:extra]) in sources.squeezed


def word_at(text: str, position: int) -> str:
    """The white-space word around ``position``."""
    start = text.rfind(" ", 0, position) + 1
    end = text.find(" ", position)
    return text[start:end] if end >= 0 else text[start:]


def _has_agency(agency: str, sources: Sources) -> bool:
    return (
        agency in sources.agencies
        or squeezed(agency) in sources.squeezed
        or any(name.startswith(f"{agency} ") for name in sources.agencies)
    )


def _korean_names(said: str, tokens: Sequence[Token]) -> Iterator[tuple[str, str]]:
    """Proper nouns, people before or after their rank, and bodies, each with the word that it stands in."""
    for token in tokens:
        if token.tag == "NNP" and len(token.form) > 1:
            yield token.form, word_at(said, token.start)
    for match in _PERSON.finditer(said):
        group = 1 if match.group(1) else 2
        if _may_be_name(match.start(group), match.end(group), tokens):
            yield match.group(group), word_at(said, match.start(group))
    for match in _BODY.finditer(said):
        yield match.group(), word_at(said, match.start())


def _may_be_name(start: int, end: int, tokens: Sequence[Token]) -> bool:
    """Not a common noun (관할 시장) and nothing with a particle or a verb in it (시장 등에게)."""
    inside = [token for token in tokens if start <= token.start < end]
    common = len(inside) == 1 and inside[0].tag == "NNG"
    return bool(inside) and not common and all(token.tag.startswith(("NNG", "NNP", "MM", "XPN")) for token in inside)


def _has_name(name: str, sources: Sources) -> bool:
    folded = squeezed(name)
    if folded in sources.squeezed or _TAIL.sub("", folded) in sources.squeezed:
        return True
    pairs = [*_ALIASES, *((other, one) for one, other in _ALIASES)]
    return any(folded == one and other in sources.squeezed for one, other in pairs)
