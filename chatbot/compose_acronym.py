"""Answers to "CRM은 무엇의 약어인가": the words that the documents themselves put beside the acronym."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from chatbot.compose import choose, source_line, source_line_of, spoken
from chatbot.draft import Draft, DraftSentence, Passage
from chatbot.evidence import Evidence
from chatbot.wording import particle
from index.document import Case, SearchResult
from index.library import Library
from index.markup import plain

_ACRONYM: Final = r"(?<![A-Za-z-])(?P<acronym>[A-Z][A-Za-z0-9&-]{0,9}[A-Z0-9])(?![A-Za-z])"
_ASKS_MEANING: Final = re.compile(
    _ACRONYM + r"(?:['’”」]?\s?(?:[은는이가]|란|이란|라는\s?(?:게|건|것은|말은))?)?\s*"
    r"(?:무엇의\s*)?(?:약자|약어|줄임말|뜻|의미|풀네임|뭐|뭔|무엇|무슨\s*(?:뜻|말|약자)|어떤\s*말)"
)
_WORDS: Final = 3
_BOUNDARY: Final = re.compile(r"[,.:;·‘’“”'\"「」『』()\[\]<>ㆍ/]|\s-\s")
# A word with one of these at its end belongs to what stands before the spelled-out name.
_PARTICLE: Final = re.compile(r".[을를은는이가와과의에로및등]$|^(?:및|등|또는|위한|통한|대한)$")


def asked_acronym(question: str) -> str | None:
    """The acronym whose meaning is asked."""
    found = _ASKS_MEANING.search(question)
    return found["acronym"] if found else None


def spelled_out(acronym: str, text: str) -> str | None:
    """What ``text`` writes beside the acronym: 고객관계관리시스템 in "고객관계관리시스템(CRM)" and in "CRM(고객…)"."""
    escaped = re.escape(acronym)
    before = re.search(rf"(?P<left>[^()\n]{{2,60}})\(\s*{escaped}\s*[,:;)]", text)
    if before and (name := _last_words(before["left"])):
        return name
    after = re.search(rf"(?<![A-Za-z]){escaped}\s*\(\s*(?P<name>[^()\n]{{2,60}}?)\s*\)", text)
    return after["name"] if after and re.search(r"[가-힣A-Za-z]{2}", after["name"]) else None


def compose_acronym(
    acronym: str, evidence: Sequence[Evidence], results: Sequence[SearchResult], library: Library, max_chars: int
) -> Draft:
    """The meaning with the place that gives it, then what its case says; empty where no found case spells it out."""
    for case_id in dict.fromkeys(result.chunk.case_id for result in results):
        case = library.case(case_id)
        for sentence in library.sentences(case_id):
            name = spelled_out(acronym, plain(sentence.text))
            if name is None:
                continue
            said = f"{acronym}: 자료에 ‘{name}’{particle(name, '으로', '로')} 적혀 있습니다."
            meaning = DraftSentence(said, (Passage(case, sentence.start, sentence.end),), fixed=True)
            return _with_context(meaning, name, case, evidence, library, max_chars)
    return Draft()


def _with_context(
    meaning: DraftSentence, name: str, case: Case, evidence: Sequence[Evidence], library: Library, max_chars: int
) -> Draft:
    of_case = [item for item in evidence if item.case.case_id == case.case_id]
    if not of_case:
        told = source_line_of(meaning.passages, library)
        return Draft((meaning, told), short_answer=name, confidence=0.9, settled=True)
    start = meaning.passages[0].start
    of_case.sort(key=lambda item: item.sentence.start != start)  # the sentence that spells it out goes first
    chosen = choose("", of_case, max_chars, limit=2)
    lines = (meaning, *(spoken(item, library.kiwi) for item in chosen), source_line(chosen, library))
    return Draft(lines, short_answer=name, confidence=0.9, settled=True)


def _last_words(left: str) -> str:
    """The name that ends ``left``: at most three words, none before it that ends in a particle."""
    words: list[str] = []
    for word in reversed(_BOUNDARY.split(left)[-1].split()):
        if len(words) == _WORDS or (words and _PARTICLE.search(word)):
            break
        words.insert(0, word)
    name = " ".join(words)
    return name if re.search(r"[가-힣A-Za-z]{2}", name) else ""
