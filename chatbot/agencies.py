"""Names of agencies and local governments as people write them, mapped to one official name each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from index.agency_names import Province, agency_names, read_agency_names

_PARTICLE: Final = (
    r"(?:에서는|에서도|에서|에는|에도|에게|에|의|은|는|이랑|이나|이라|이|가|을|를|와|과|랑|하고|도|만|으로|로|부터|까지|"
    r"처럼|말고|보다|나|들|청|시청|도청|군청|구청|시민|도민|군민|구민|시의|지역|권|형|산하|소속|쪽|판|표|청사|였|인가|인지|요|죠)"
)
_LATIN: Final = re.compile(r"[A-Za-z]")


@dataclass(frozen=True, slots=True)
class AgencyMention:
    """An agency named in a text: ``text[start:end]`` is how it was written, ``name`` the official name.

    A municipality's official name carries its province: ``부산광역시 중구``.
    """

    name: str
    start: int
    end: int


@dataclass(frozen=True)
class AgencyTable:
    """Every spelling of every agency.

    ``spellings`` maps a spelling without white space to official names,
    several where the spelling is shared (중구); ``parents`` maps an agency to the one above it; ``places`` are
    provinces and municipalities.
    """

    spellings: Mapping[str, tuple[str, ...]]
    parents: Mapping[str, str]
    everyday: frozenset[str]
    places: frozenset[str]
    _pattern: re.Pattern[str] = field(repr=False, compare=False)

    @classmethod
    def load(cls, path: Path | None = None, *, extra: Path | None = None) -> AgencyTable:
        """Reads the table; without ``path`` the one that ships with the package, with what ``extra`` adds.

        Raises:
            AgencyFileError: A file cannot be read or has another form.
        """
        data = read_agency_names(path) if path else agency_names(extra)
        everyday = frozenset(data.everyday_stems.split())
        spellings: dict[str, list[str]] = {}
        parents: dict[str, str] = {}
        places: set[str] = set()
        for province in data.provinces:
            places.add(province.name)
            _add(spellings, (province.name, *province.aliases, *province.former), province.name)
            for town in province.municipalities:
                name = f"{province.name} {town}"
                parents[name] = province.name
                places.add(name)
                _add(spellings, _town_spellings(province, town), name)
        for body in data.bodies:
            _add(spellings, (body.name, *body.aliases, *body.former), body.name)
            if body.parent:
                parents[body.name] = body.parent
        frozen = {spelling: tuple(names) for spelling, names in spellings.items()}
        return cls(frozen, parents, everyday, frozenset(places), _compile(frozen))

    def find(self, text: str) -> tuple[AgencyMention, ...]:
        """The agencies named in ``text``, in order, longest spelling first, none overlapping.

        A shared name (중구) counts only where the province stands in the text; an everyday word (예산) only with
        시, 군, 구 or a province in front.
        """
        mentions: list[AgencyMention] = []
        provinces: list[str] = []
        for match in self._pattern.finditer(text):
            spelling = re.sub(r"\s+", "", match.group())
            if not self._is_name(spelling, text, match.start(), match.end()):
                continue
            name = self._resolve(spelling, provinces)
            if name is None:
                continue
            start = match.start()
            if mentions and self._continues(mentions[-1], name, text[mentions[-1].end : start]):
                start = mentions.pop().start
            mentions.append(AgencyMention(name, start, match.end()))
            provinces.append(self.parents.get(name, name))
        return tuple(mentions)

    def names(self, text: str) -> tuple[str, ...]:
        """Official names found in ``text``, each once, in order."""
        return tuple(dict.fromkeys(mention.name for mention in self.find(text)))

    def spellings_of(self, name: str) -> tuple[str, ...]:
        """Every spelling of the agency ``name``, the official one first; ``(name,)`` when it is unknown."""
        found = [spelling for spelling, names in self.spellings.items() if name in names]
        return tuple(dict.fromkeys([name, *found]))

    def matches(self, asked: str, agency_text: str) -> bool:
        """Whether ``agency_text`` (부산광역시 > 부산진구) is the agency ``asked`` (부산) or belongs to it."""
        wanted = set(self.names(asked)) or {asked}
        squeezed = re.sub(r"[\s>·ㆍ/]+", "", agency_text)
        if re.sub(r"\s+", "", asked) in squeezed and not self.names(asked):
            return True
        present = self.with_parents(self.names(re.sub(r"[>·ㆍ/]+", " ", agency_text)))
        return bool(wanted & present)

    def _continues(self, last: AgencyMention, name: str, between: str) -> bool:
        """Whether ``name`` narrows the agency just before it: 대전 서구, 부산광역시 > 부산진구."""
        return self.parents.get(name) == last.name and re.fullmatch(r"[\s>·ㆍ/]{1,3}", between) is not None

    def with_parents(self, names: Iterable[str]) -> set[str]:
        """``names`` and every agency above them."""
        present: set[str] = set()
        for name in names:
            current: str | None = name
            while current and current not in present:
                present.add(current)
                current = self.parents.get(current)
        return present

    def _is_name(self, spelling: str, text: str, start: int, end: int) -> bool:
        """Rejects words that only contain the letters of a name: 대전환, 부산물, 한국 전력 안의 전력."""
        before, after = text[start - 1 : start], text[end:]
        if _LATIN.search(spelling):
            return not re.match(r"[A-Za-z0-9]", after) and not re.match(r"[A-Za-z0-9]", before)
        if len(spelling) >= 5:
            return True
        if re.match(r"[가-힣]", before):
            return False
        return not re.match(r"[가-힣]", after) or re.match(_PARTICLE, after) is not None

    def _resolve(self, spelling: str, provinces: list[str]) -> str | None:
        names = self.spellings[spelling]
        for province in reversed(provinces):
            for name in names:
                if self.parents.get(name) == province:
                    return name
        if spelling in self.everyday and not any(name.endswith(spelling) or name == spelling for name in names):
            return next((n for n in names if n not in self.parents and spelling != "경기"), None)
        top = [name for name in names if name not in self.parents or " " not in name]
        if top:
            return top[0]
        return names[0] if len(names) == 1 else None


def _add(spellings: dict[str, list[str]], forms: Iterable[str], name: str) -> None:
    for form in forms:
        names = spellings.setdefault(re.sub(r"\s+", "", form), [])
        if name not in names:
            names.append(name)


def _town_spellings(province: Province, town: str) -> list[str]:
    """부천시: 부천시, 부천, 경기도부천시, 경기부천시, 경기부천. 서구 keeps its 구: 서 alone is no name."""
    stem = town[:-1] if town[-1] in "시군" and len(town) > 2 else town
    heads = (province.name, *province.aliases)
    return [town, stem, *(head + form for head in heads for form in (town, stem))]


def _compile(spellings: Mapping[str, tuple[str, ...]]) -> re.Pattern[str]:
    ordered = sorted(spellings, key=len, reverse=True)
    return re.compile(
        "|".join(
            r"\s?".join(map(re.escape, spelling)) if len(spelling) > 5 else re.escape(spelling) for spelling in ordered
        )
    )
