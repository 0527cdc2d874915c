"""The gate for every answer sentence: what it says must stand in the passages that it cites.

The same checks hold for a sentence taken from a document and for one that a chat model wrote.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise
from typing import Final

from kiwipiepy import Kiwi, Token

from chatbot.figures import DateMention, Figure, articles, dates, figures, masked, phones, same_figure
from chatbot.marked import MarkedSentence, SentenceStream, split_marked
from chatbot.polarity import Predicate, contradictions, contrary_words, predicates
from index.markup import plain

__all__ = ["MarkedSentence", "SentenceStream", "Verdict", "Verifier", "split_marked"]

MIN_SHARE: Final = 0.55
"""Share of a sentence's content words that the passages must have."""

CACHED_PASSAGES: Final = 64

_CONTENT: Final = ("NNG", "NNP", "VV", "VA", "XR", "SL", "SH", "MAG")
_EMPTY_WORDS: Final = frozenset(
    {
        "하",
        "되",
        "있",
        "없",
        "이",
        "아니",
        "않",
        "같",
        "대하",
        "위하",
        "따르",
        "통하",
        "의하",
        "그리고",
        "또한",
        "또",
        "특히",
    }
    | {
        "따라서",
        "필요",
        "내용",
        "경우",
        "것",
        "때",
        "등",
        "수",
        "사례",
        "기대",
        "가능",
        "이번",
        "당시",
        "후",
        "전",
        "중",
        "뒤",
    }
    | {
        "위",
        "문의",
        "담당",
        "번호",
        "전화",
        "전화번호",
        "연락처",
        "자료",
        "문서",
        "설명",
        "다음",
        "관련",
        "알",
        "알리",
        "나오",
    }
)
"""Words that hold an answer together and say nothing that a source would have to say."""

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
_VERB_TAIL: Final = re.compile(r"(?<=[가-힣]{2})[한된할될]$")
_LOWER: Final = re.compile(r"^\s?(?:이상|초과|넘|남짓)|^여")
_UPPER: Final = re.compile(r"^\s?(?:이하|미만|이내|안에|못 미치)")
_DURATION: Final = re.compile(r"^\s?(?:간|만에|이내|수준|이상|이하|동안|로|으로|까지 걸|정도|가량|째|차)")
_TERM: Final = re.compile(r"^\s?(?:까지|부터|말|초|이후|이전|~)")
_FRAMED: Final = re.compile(r"^(?:도)?(?:의|\s?(?:사례|계획|당시|자료|보도|우수|정부|제\d))")
_INSIDE: Final = re.compile(r"\d|[을를]\s")
_CHANGE: Final = re.compile(r"(?:\s?수준)?\s?(?:에서|→|⇒)\s?(?:약|최대|최소)?\s?")
_FALLING: Final = frozenset(
    {"감소", "줄", "줄이", "줄어들", "축소", "급감", "하락", "인하", "단축", "절감", "경감", "감축", "낮추", "낮아지"}
)
_RISING: Final = frozenset(
    {"증가", "늘", "늘리", "늘어나", "확대", "급증", "상승", "인상", "연장", "완화", "높이", "높아지", "오르"}
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a sentence may be shown; ``problems`` say in Korean what its sources lack."""

    supported: bool
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Evidence:
    """What the passages and the header of their case hold, read once."""

    text: str
    squeezed: str
    figures: tuple[Figure, ...]
    scales: tuple[Figure, ...]
    dates: tuple[DateMention, ...]
    years: frozenset[int]
    header_years: frozenset[int]
    articles: frozenset[str]
    phones: frozenset[str]
    digits: frozenset[str]
    agencies: frozenset[str]
    words: frozenset[str]
    tokens: tuple[Token, ...]
    predicates: tuple[Predicate, ...]


class Verifier:
    """Checks sentences against passages. ``agency_names`` gives the official names of the agencies in a text."""

    def __init__(self, kiwi: Kiwi, agency_names: Callable[[str], tuple[str, ...]] | None = None) -> None:
        self._kiwi = kiwi
        self._agency_names = agency_names or (lambda _: ())
        self._read = lru_cache(maxsize=CACHED_PASSAGES)(self._evidence)

    def check(self, sentence: str, passages: Sequence[str], *, context: str = "") -> Verdict:
        """Whether ``passages`` say what ``sentence`` says.

        ``context`` is the header of the cited case: its title, agency and year count as said. A sentence that
        stands word for word in a passage is always supported; one without a word in it never is.
        """
        said = _tidy(sentence)
        if not re.search(r"\w", said):
            return Verdict(False, ("내용이 없는 문장",))
        if any(_stands_in(said, _tidy(passage)) for passage in passages):
            return Verdict(True, ())
        evidence = self._read(tuple(passages), context)
        tokens = self._kiwi.tokenize(said)
        problems = [
            *_figure_problems(said, evidence),
            *_date_problems(said, evidence),
            *_number_problems(said, evidence),
            *self._name_problems(said, tokens, evidence),
            *_polarity_problems(said, tokens, evidence),
            *self._invention_problems(said, tokens, evidence),
        ]
        return Verdict(not problems, tuple(dict.fromkeys(problems)))

    def _evidence(self, passages: tuple[str, ...], context: str) -> _Evidence:
        cited = "\n".join(_tidy(part) for part in passages if part.strip())
        text = f"{cited}\n{_tidy(context)}"
        read = figures(text)
        tokens = self._kiwi.tokenize(text)
        return _Evidence(
            text=text,
            squeezed=_squeezed(text),
            figures=tuple(read),
            scales=tuple(f for f in read if not re.search(r"\d", f.text) and f.value >= 1000),
            dates=tuple(dates(text)),
            years=_years(cited),
            header_years=_years(_tidy(context)),
            articles=frozenset(articles(text)),
            phones=frozenset(phones(text)),
            digits=frozenset(re.findall(r"\d+", text.replace(",", ""))),
            agencies=frozenset((*self._agencies(text), *self._agencies(_copulas_apart(text, tokens)))),
            words=frozenset(_words(tokens)),
            tokens=tuple(tokens),
            predicates=tuple(predicates(tokens)),
        )

    def _agencies(self, text: str) -> Iterator[str]:
        """Names in the whole text and in each sentence alone: what stands before can change how a name is read."""
        yield from self._agency_names(text)
        for sentence in re.split(r"(?<=[.!?])\s+|\n", text):
            yield from self._agency_names(sentence)

    def _name_problems(self, said: str, tokens: Sequence[Token], evidence: _Evidence) -> Iterator[str]:
        for match in _QUOTED.finditer(said):
            inside = next(group for group in match.groups() if group)
            if _squeezed(inside) not in evidence.squeezed:
                yield _lacking("인용", f"‘{inside}’")
        for name in _LATIN.findall(said):
            if len(name) > 1 and not _has_name(name, evidence):
                yield _lacking("이름", name)
        for agency in self._agency_names(_copulas_apart(said, tokens)):
            if not self._has_agency(agency, evidence):
                yield _lacking("기관", agency)
        for name, word in _korean_names(said, tokens):
            if not (_has_name(name, evidence) or self._is_spelling(word, evidence)):
                yield _lacking("이름", name)

    def _has_agency(self, agency: str, evidence: _Evidence) -> bool:
        return (
            agency in evidence.agencies
            or _squeezed(agency) in evidence.squeezed
            or any(name.startswith(f"{agency} ") for name in evidence.agencies)
        )

    def _is_spelling(self, name: str, evidence: _Evidence) -> bool:
        """Whether ``name`` is another spelling of an agency of the evidence and nothing more (부산과기정통부)."""
        official = self._agency_names(name)
        if not official or not all(self._has_agency(agency, evidence) for agency in official):
            return False
        whole = any(_squeezed(name).startswith(_squeezed(agency)) for agency in official)
        extra = max(start for start in range(len(name)) if self._agency_names(name[start:]) == official)
        return whole or _squeezed(name[:extra]) in evidence.squeezed

    def _invention_problems(self, said: str, tokens: Sequence[Token], evidence: _Evidence) -> Iterator[str]:
        words = {word: token.start for token in tokens for word in _words([token]) if word not in _EMPTY_WORDS}
        known = sum(
            _is_known(word, _word_at(said, start), evidence) or self._is_spelling(_word_at(said, start), evidence)
            for word, start in words.items()
        )
        if words and known / len(words) < MIN_SHARE:
            yield "근거에 없는 내용이 많음"


def _lacking(what: str, name: str) -> str:
    return f"{what} {name}{_particle(name, '이', '가')} 근거에 없음"


def _particle(word: str, closed: str, opened: str) -> str:
    """The particle as the word is read aloud: 3 is 삼, KISA ends in a vowel, NIPA too, % is 퍼센트."""
    last = re.sub(r"[^\w%]+$", "", word)[-1:]
    if "가" <= last <= "힣":
        return closed if (ord(last) - 0xAC00) % 28 else opened
    return closed if last in "013678lmnrLMNR" else opened


def _tidy(text: str) -> str:
    return unicodedata.normalize("NFC", plain(text))


def _copulas_apart(text: str, tokens: Sequence[Token]) -> str:
    """기상청입니다 as 기상청 입니다: a name ends where the copula begins."""
    starts = sorted((token.start for token in tokens if token.tag == "VCP"), reverse=True)
    for start in starts:
        text = f"{text[:start]} {text[start:]}"
    return text


def _squeezed(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).lower()
    return re.sub(r"[\s·ㆍ・‧∙•․]+", "", folded)


def _stands_in(said: str, passage: str) -> bool:
    """Whether the words of ``said`` stand in ``passage`` in a row, cut at word borders and not before a denial."""
    bare = re.sub(r"[\s.!?。]+$", "", said)
    start = passage.find(bare)
    while start >= 0:
        end = start + len(bare)
        free = not re.match(r"\w", passage[end:]) and not (start and re.match(r"\w", passage[start - 1]))
        if free and not re.match(r"\s*(?:수\s|지\s|않|못|없|아니)", passage[end:]):
            return True
        start = passage.find(bare, start + 1)
    return False


def _figure_problems(said: str, evidence: _Evidence) -> Iterator[str]:
    read = figures(said)
    for figure in read:
        if not _has_figure(figure, said, evidence):
            yield _lacking("수치", figure.text.strip())
        elif _bound_differs(figure, said, evidence):
            yield f"수치 {figure.text.strip()}의 범위(이상·이하)가 근거와 다름"


def _has_figure(figure: Figure, said: str, evidence: _Evidence) -> bool:
    for other in evidence.figures:
        if same_figure(figure, other):
            return True
        if figure.value == other.value and (figure.unit == "" or _takes_unit(figure.unit, other, evidence)):
            return True
    if any(_scaled(figure, scale, evidence) for scale in evidence.scales):
        return True
    return _has_as_date(figure, said, evidence)


def _takes_unit(unit: str, other: Figure, evidence: _Evidence) -> bool:
    """Whether a bare number of a table may take ``unit`` because its heading names it: (단위: 건), 접수 건수."""
    if other.unit or evidence.scales:
        return False
    word = re.escape(unit)
    return bool(re.search(rf"단위\s?:?\s?[^)\]]{{0,8}}{word}|{word}수|[(\[]\s?{word}\s?[)\]]", evidence.text))


def _scaled(figure: Figure, scale: Figure, evidence: _Evidence) -> bool:
    """19.5 under a heading that counts in 천만 건 is 1억 9,500만 건."""
    if figure.unit not in ("", scale.unit):
        return False
    return any(not other.unit and other.value * scale.value == figure.value for other in evidence.figures)


def _has_as_date(figure: Figure, said: str, evidence: _Evidence) -> bool:
    """22년 and 26일 may be read as lengths of time where the source has a date, and the other way round."""
    if figure.unit == "년":
        return any(d.year and d.year % 100 == figure.value and not re.search(r"\d{4}", d.text) for d in evidence.dates)
    if figure.unit == "일" and not _DURATION.match(said[figure.end :]):
        return any(d.day == figure.value for d in evidence.dates)
    return False


def _bound_differs(figure: Figure, said: str, evidence: _Evidence) -> bool:
    bound = _bound(said, figure)
    if not bound:
        return False
    bounds = {_bound(evidence.text, other) for other in evidence.figures if other.value == figure.value}
    return bool(bounds) and bound not in bounds and "" not in bounds


def _bound(text: str, figure: Figure) -> str:
    after = text[figure.end :]
    if _LOWER.match(after) or "여" in figure.text:
        return "이상"
    return "이하" if _UPPER.match(after) else ""


def _years(text: str) -> frozenset[int]:
    bare = (figure.value for figure in figures(text) if figure.unit == "" and 1900 <= figure.value <= 2100)
    return frozenset([*(date.year for date in dates(text) if date.year), *(int(value) for value in bare)])


def _date_problems(said: str, evidence: _Evidence) -> Iterator[str]:
    for date in dates(said):
        if not _has_date(date, said, evidence):
            yield _lacking("날짜", date.text.strip())


def _has_date(date: DateMention, said: str, evidence: _Evidence) -> bool:
    if date.year and not _has_year(date, said, evidence):
        return False
    if date.month is None:
        return True
    days: set[Decimal] = {figure.value for figure in evidence.figures if figure.unit == "일"}
    for other in evidence.dates:
        if other.month != date.month or (date.year and other.year and other.year != date.year):
            continue
        if date.day is None or date.day == other.day or (other.day is not None and Decimal(date.day) in days):
            return True
    return False


def _has_year(date: DateMention, said: str, evidence: _Evidence) -> bool:
    if date.year in evidence.years:
        return True
    if date.year in evidence.header_years:
        return _frames(date, said) or not evidence.years
    short = not re.search(r"\d{4}", date.text) and date.month is None and date.year is not None
    return short and any(f.unit == "년" and f.value == (date.year or 0) % 100 for f in evidence.figures)


def _frames(date: DateMention, said: str) -> bool:
    """Whether a date says when the case was (2019년의 계획), not when something in it happens (2019년까지 확대)."""
    after = said[date.end :]
    return not _TERM.match(after) and (not _INSIDE.search(said[: date.start]) or _FRAMED.match(after) is not None)


def _number_problems(said: str, evidence: _Evidence) -> Iterator[str]:
    for article in articles(said):
        if not any(
            other == article or other.startswith((f"{article}제", f"{article}의")) for other in evidence.articles
        ):
            yield _lacking("조항", article)
    for phone in phones(said):
        if phone not in evidence.phones:
            yield _lacking("전화번호", phone)
    for digits in re.findall(r"\d+", masked(said)):
        if digits not in evidence.digits:
            yield _lacking("수치", digits)


def _korean_names(said: str, tokens: Sequence[Token]) -> Iterator[tuple[str, str]]:
    """Proper nouns, people before or after their rank, and bodies, each with the word that it stands in."""
    for token in tokens:
        if token.tag == "NNP" and len(token.form) > 1:
            yield _VERB_TAIL.sub("", token.form), _word_at(said, token.start)
    for match in (*_PERSON.finditer(said), *_BODY.finditer(said)):
        name = next((group for group in match.groups() if group), match.group())
        yield name, _word_at(said, match.start())


def _word_at(text: str, position: int) -> str:
    start = text.rfind(" ", 0, position) + 1
    end = text.find(" ", position)
    return text[start:end] if end >= 0 else text[start:]


def _has_name(name: str, evidence: _Evidence) -> bool:
    folded = _squeezed(name)
    if folded in evidence.squeezed:
        return True
    pairs = [*_ALIASES, *((other, one) for one, other in _ALIASES)]
    return any(folded == one and other in evidence.squeezed for one, other in pairs)


def _polarity_problems(said: str, tokens: Sequence[Token], evidence: _Evidence) -> Iterator[str]:
    for name in contradictions(predicates(tokens), evidence.predicates):
        yield f"‘{name}’에 대한 긍정·부정이 근거와 반대임"
    for word, contrary in contrary_words(tokens, evidence.tokens, evidence.squeezed):
        yield f"‘{word}’: 근거의 ‘{contrary}’{_particle(contrary, '과', '와')} 반대임"
    yield from _direction_problems(said, set(_words(tokens)))


def _direction_problems(said: str, words: set[str]) -> Iterator[str]:
    """30일에서 3일로 can only fall."""
    read = figures(said)
    for before, after in pairwise(read):
        gap = said[before.end : after.start]
        if not _CHANGE.fullmatch(gap) or before.unit != after.unit or before.value == after.value:
            continue
        falls = after.value < before.value
        if (falls and words & _RISING and not words & _FALLING) or (
            not falls and words & _FALLING and not words & _RISING
        ):
            yield f"{before.text}에서 {after.text}(으)로의 변화 방향이 맞지 않음"


def _is_known(word: str, written: str, evidence: _Evidence) -> bool:
    """A word of one syllable may be a piece that Kiwi cut wrong: then the start of ``written`` decides."""
    if word in evidence.words or (len(word) > 1 and word in evidence.squeezed):
        return True
    return len(word) == 1 and re.match(r"\w\w", written) is not None and written[:2] in evidence.squeezed


def _words(tokens: Iterable[Token]) -> Iterator[str]:
    for token in tokens:
        if token.tag.startswith(_CONTENT):
            yield unicodedata.normalize("NFKC", token.form).lower()
