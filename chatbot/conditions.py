"""The question's own conditions (an agency, a year, a numbered event), held against the cases that are shown."""

from __future__ import annotations

import re
from collections.abc import Sequence

from chatbot.agencies import AgencyTable
from chatbot.answer_type import HARD
from chatbot.understand import Understanding
from index.document import Case
from index.library import Library

_TWO_DIGIT_YEAR = re.compile(r"(?<!\d)['’‘\"]?(\d{2})(?=\s*[년.~→上下말·,)\s]|년)")
_ORDINAL = re.compile(r"제\s?\d+\s?(?:회|차|호|기)(?![가-힣]*\s*(?:이내|이상))")
_FOUR_DIGIT_YEAR = re.compile(r"(?:19|20)\d{2}")
_LATIN_NAME = re.compile(r"(?<![A-Za-z0-9])(?=[A-Z][A-Za-z0-9]*[A-Z0-9])[A-Z][A-Za-z0-9]{2,}(?![A-Za-z0-9])")
# A name in more chunks than this is a word of the trade (CCTV) and not the name of one matter.
_CHUNKS_OF_A_NAME = 8
_ASKS_MUNICIPALITY = re.compile(
    r"(?:어느|어떤|무슨)\s*(?:지자체|(?:지방)?자치단체|시·?도|시·?군·?구|자치구|[시군구](?=[는은이가의에]|\s))"
)


def lacks_municipality(asked: Understanding, shown: str, agencies: AgencyTable) -> bool:
    """Whether a municipality is asked for (어느 지자체) and what is ``shown``, agencies included, names no place."""
    return bool(_ASKS_MUNICIPALITY.search(asked.asking)) and agencies.places.isdisjoint(agencies.names(shown))


def missing_name(question: str, text: str, library: Library) -> str | None:
    """A name in Latin capitals (COOV) that the index knows from few places, and the cases' ``text`` does not hold.

    Names in Hangul are left out: a paraphrase tells of Vietnam or an illness that the documents need not name.
    """
    flat = text.lower()
    names = (found.group() for found in _LATIN_NAME.finditer(question))
    rare = (name for name in names if 0 < library.frequency(name.lower()) <= _CHUNKS_OF_A_NAME)
    return next((name for name in rare if name.lower() not in flat), None)


def missing_ordinal(question: str, text: str) -> str | None:
    """A numbered event of the question (제2회, 3차) that the cases' ``text`` does not name."""
    flat = "".join(text.split())
    found = ("".join(match.group().split()) for match in _ORDINAL.finditer(question))
    return next((ordinal for ordinal in found if ordinal not in flat), None)


def missing_year(asked: Understanding, cases: Sequence[Case], text: str) -> int | None:
    """A year the question names that neither the cases nor their ``text`` know.

    A year told by a word (작년) is held against them only where a figure or a date of that year is asked for: in
    "작년에 결혼했는데 대출이 되나요?" it is the asker's own.
    """
    known = {int(year) for year in _FOUR_DIGIT_YEAR.findall(text)}
    known |= {2000 + int(year) for year in _TWO_DIGIT_YEAR.findall(text)}
    dated = [case.year for case in cases if case.year]
    known |= set(dated)
    if not known:
        return None  # nothing dates the documents, so nothing speaks against the year
    relative = {year: words for words, year in asked.relative_years}
    # Where an undated document says 올해 itself, nobody can tell which year that was, and the answer quotes it.
    said = {year for year, words in relative.items() if any(word in text for word in words)}
    known |= {year for year in said if not dated or any(abs(other - year) <= 1 for other in dated)}
    own = {year for year, words in relative.items() if not _of_the_asked(words, asked)}
    return next((year for year in asked.mentioned_years if year not in known | own), None)


def _of_the_asked(words: Sequence[str], asked: Understanding) -> bool:
    return asked.asked_for in HARD and any(word in asked.asking for word in words)


def missing_agency(asked: Understanding, cases: Sequence[Case], text: str, agencies: AgencyTable) -> str | None:
    """An agency the question names when the cases are others' and their ``text`` does not mention it.

    A place is no such agency where the documents name no place at all (the asker lives there), nor where they name
    what lies around it or in it.
    """
    if not asked.agencies:
        return None
    mentioned = set(agencies.names(text))
    known = agencies.with_parents(mentioned)
    names_places = not agencies.places.isdisjoint(mentioned)
    for name in asked.agencies:
        if name in known or any(agencies.matches(name, case.agency) for case in cases):
            continue
        if name in agencies.places and (not names_places or agencies.parents.get(name) in mentioned):
            continue
        if any(spelling in text for spelling in agencies.spellings_of(name)):
            continue
        return name
    return None
