"""What the library holds, as a user can pick from it: years, agencies, questions to start with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from chatbot.api.ports import LibraryPort
from index.document import Case

MAX_AGENCIES = 300
LISTED_CASES = 50
_EXAMPLE_TITLE_CHARS = 34


@dataclass(frozen=True, slots=True)
class CaseEntry:
    """A case as a list names it."""

    case_id: str
    title: str
    about: str


@dataclass(frozen=True, slots=True)
class Facets:
    """``years`` newest first, ``agencies`` those with the most cases first, both without "all".

    ``cases`` are the newest, at most :data:`LISTED_CASES` of ``total``.
    """

    years: tuple[int, ...]
    agencies: tuple[str, ...]
    examples: tuple[str, ...]
    cases: tuple[CaseEntry, ...]
    total: int


def facets_of(cases: Sequence[Case]) -> Facets:
    """Facets of these cases."""
    newest = sorted(cases, key=lambda case: -(case.year or 0))
    agencies = Counter(name for case in cases for name in split_agencies(case.agency))
    common = [name for name, _ in agencies.most_common(MAX_AGENCIES)]
    return Facets(
        years=tuple(sorted({case.year for case in cases if case.year}, reverse=True)),
        agencies=tuple(common),
        examples=tuple(_examples(newest, common)),
        cases=tuple(_entry(case) for case in newest[:LISTED_CASES]),
        total=len(cases),
    )


class FacetsNow:
    """The facets of an open index; each version is looked through once."""

    def __init__(self) -> None:
        self._known: tuple[str, Facets] | None = None

    def of(self, library: LibraryPort) -> Facets:
        """What this version holds."""
        known = self._known
        if known is None or known[0] != library.version:
            known = self._known = (library.version, facets_of(library.cases()))
        return known[1]


def _entry(case: Case) -> CaseEntry:
    about = " · ".join(filter(None, [case.agency, f"{case.year}년" if case.year else ""]))
    return CaseEntry(case_id=case.case_id, title=case.title, about=about)


def split_agencies(agency: str) -> list[str]:
    """The agencies of a case, which a document may list with commas."""
    return [name for part in agency.split(",") if (name := part.strip())]


def _examples(cases: Sequence[Case], agencies: Sequence[str]) -> Iterable[str]:
    """One question of each sort, about cases whose title is short enough to read in a sentence."""
    titled = [case for case in cases if 4 <= len(case.title) <= _EXAMPLE_TITLE_CHARS]
    if titled:
        yield f"‘{titled[0].title}’의 주요 내용을 요약해 주세요."
    reachable = [case for case in titled[1:] if case.contacts]
    if reachable:
        yield f"‘{reachable[0].title}’ 담당 부서와 연락처를 알려 주세요."
    if len(titled) > 2:
        yield f"‘{titled[len(titled) // 2].title}’ 사례는 왜 추진했나요?"
    if agencies:
        yield f"{agencies[0]}의 사례에는 어떤 것이 있나요?"
