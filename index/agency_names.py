"""Names of agencies and local governments: the table that ships with the package, and what an installation adds."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from index.errors import AgencyFileError


class Province(BaseModel):
    """A province or metropolitan city with its cities, counties and districts."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    aliases: tuple[str, ...] = ()
    former: tuple[str, ...] = ()
    municipalities: tuple[str, ...] = ()


class Body(BaseModel):
    """Any other agency; ``parent`` is the one that it belongs to."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    aliases: tuple[str, ...] = ()
    former: tuple[str, ...] = ()
    parent: str = ""


class AgencyNames(BaseModel):
    """The table. ``everyday_stems`` are stems that are words of their own (예산, 강화)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    provinces: tuple[Province, ...] = ()
    everyday_stems: str = ""
    bodies: tuple[Body, ...] = ()

    def joined(self, other: AgencyNames) -> AgencyNames:
        """Both tables; a name that both have keeps the spellings of both."""
        return AgencyNames(
            provinces=(*self.provinces, *other.provinces),
            everyday_stems=f"{self.everyday_stems} {other.everyday_stems}",
            bodies=(*self.bodies, *other.bodies),
        )


def agency_names(extra: Path | None = None) -> AgencyNames:
    """The table that ships with the package, with that of the file ``extra``.

    Raises:
        AgencyFileError: ``extra`` cannot be read or has another form.
    """
    shipped = _shipped()
    return shipped.joined(read_agency_names(extra)) if extra else shipped


def read_agency_names(path: Path) -> AgencyNames:
    """A table that someone wrote.

    Raises:
        AgencyFileError: It cannot be read or has another form.
    """
    try:
        return AgencyNames.model_validate(yaml.safe_load(path.read_text(encoding="utf-8-sig")) or {})
    except (OSError, UnicodeDecodeError, yaml.YAMLError, ValidationError) as error:
        where = ".".join(map(str, error.errors()[0]["loc"])) if isinstance(error, ValidationError) else ""
        raise AgencyFileError(
            f"기관 이름표를 읽을 수 없습니다: {str(path)!r}{f'의 {where!r}' if where else ''}. "
            "bodies 아래에 name, aliases, former, parent를 적은 UTF-8 YAML인지 확인해 주십시오."
        ) from error


@lru_cache(maxsize=4)
def full_names(extra: Path | None = None) -> frozenset[str]:
    """Every name and former name of the table as a document writes it: 안전행정부, 도봉구, 경기도."""
    table = agency_names(extra)
    towns = [town for province in table.provinces for town in province.municipalities]
    bodies: list[Province | Body] = [*table.provinces, *table.bodies]
    long = [alias for body in bodies for alias in body.aliases if len(alias) >= 3]
    return frozenset([*towns, *long, *(name for body in bodies for name in (body.name, *body.former))])


@lru_cache(maxsize=1)
def _shipped() -> AgencyNames:
    text = files("index").joinpath("data/agencies.yaml").read_text(encoding="utf-8")
    return AgencyNames.model_validate(yaml.safe_load(text))
