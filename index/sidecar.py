"""What people correct about a document, beside it: ``<file>.meta.yaml``, or ``_meta.yaml`` for a whole folder.

Corrections are read at each build, so they outlive every one; the documents stay as they are.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError

from index.document import Contact, DocumentKind
from index.raw import RawDocument, SkippedFile

SUFFIX = ".meta.yaml"
FOLDER_FILE = "_meta.yaml"
_MAX_BYTES = 2**20
_KINDS = {
    "보도자료": DocumentKind.PRESS_RELEASE,
    "계획": DocumentKind.PLAN,
    "사례집": DocumentKind.CASE_COLLECTION,
    "사례카드": DocumentKind.CASE_CARD,
    "법령": DocumentKind.LAW,
    "문답": DocumentKind.FAQ,
    "회의록": DocumentKind.MINUTES,
    "통계표": DocumentKind.TABLE,
    "기타": DocumentKind.OTHER,
}


def _kind(said: object) -> object:
    return _KINDS.get("".join(said.split()), said) if isinstance(said, str) else said


def _named(korean: str, english: str) -> Any:  # noqa: ANN401 - as pydantic types its fields
    return Field(default=None, validation_alias=AliasChoices(english, korean))


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True, str_max_length=500)


class ContactEntry(_Model):
    """One desk to call."""

    department: str = Field(default="", validation_alias=AliasChoices("department", "부서"))
    name: str = Field(default="", validation_alias=AliasChoices("name", "이름"))
    phone: str = Field(default="", validation_alias=AliasChoices("phone", "전화"))
    role: str = Field(default="", validation_alias=AliasChoices("role", "역할"))


class Correction(_Model):
    """What is given takes the place of what was read; ``None`` leaves it. Korean names of the fields do too."""

    title: str | None = _named("제목", "title")
    agency: str | None = _named("기관", "agency")
    published: date | None = _named("날짜", "date")
    year: int | None = Field(default=None, ge=1900, le=2100, validation_alias=AliasChoices("year", "연도"))
    kind: Annotated[DocumentKind | None, BeforeValidator(_kind)] = _named("종류", "kind")
    licence: str | None = _named("공공누리", "licence")
    tags: tuple[str, ...] | None = _named("주제어", "tags")
    contacts: tuple[ContactEntry, ...] | None = _named("연락처", "contacts")

    def applied(self, raw: RawDocument) -> RawDocument:
        """The document with this said of it; a changed correction makes it a changed document."""
        given = {
            "agency": self.agency,
            "date": self.published,
            "year": self.year or (self.published.year if self.published else None),
            "kind": self.kind,
            "licence": self.licence,
            "tags": None if self.tags is None else list(self.tags),
        }
        contacts = None if self.contacts is None else tuple(Contact(**one.model_dump()) for one in self.contacts)
        return replace(
            raw,
            title=self.title or raw.title,
            metadata={**raw.metadata, **{name: value for name, value in given.items() if value is not None}},
            contacts=raw.contacts if contacts is None else contacts,
            digest=hashlib.sha256(f"{raw.digest} {self.model_dump_json(exclude_none=True)}".encode()).hexdigest(),
        )


class Sidecars:
    """The corrections below one documents folder."""

    def __init__(self, base: Path) -> None:
        self._base = base.resolve()
        self._folders: dict[Path, Mapping[str, Correction]] = {}
        self._beside: dict[Path, Correction | None] = {}
        self._problems: list[SkippedFile] = []

    def applied(self, raw: RawDocument, path: Path, member: str = "") -> RawDocument:
        """The document in the file ``path``, or its ``member`` in a bundle, with what is said of it."""
        own = path.with_name(path.name + SUFFIX)
        name = f"{path.name}/{member}" if member else path.name
        said = self._folder(path.parent).get(name)
        if own.is_file():
            if own not in self._beside:
                self._beside[own] = self._read(own, TypeAdapter(Correction))
            beside = self._beside[own]
            if beside is not None and member:  # what is said of a bundle is said of each, but for the title
                beside = beside.model_copy(update={"title": None})
            said = beside or said
        return said.applied(raw) if said else raw

    def problems(self) -> Iterator[SkippedFile]:
        """What could not be read, each file once, and what belongs to no document."""
        yield from self._problems
        self._problems.clear()

    def unused(self, files: Iterator[Path]) -> Iterator[SkippedFile]:
        """Those of ``files`` that stand beside no document."""
        for path in files:
            if path.name != FOLDER_FILE and path not in self._beside:
                yield self._problem(path, "짝이 되는 문서가 없습니다. 파일 이름을 확인해 주십시오")

    def _folder(self, folder: Path) -> Mapping[str, Correction]:
        if folder not in self._folders:
            path = folder / FOLDER_FILE
            found = self._read(path, TypeAdapter(dict[str, Correction])) if path.is_file() else None
            self._folders[folder] = found or {}
        return self._folders[folder]

    def _read(self, path: Path, model: TypeAdapter[Any]) -> Any:  # noqa: ANN401 - what the model makes
        try:
            if not path.resolve().is_relative_to(self._base) or path.stat().st_size > _MAX_BYTES:
                raise OSError
            return model.validate_python(yaml.safe_load(path.read_text(encoding="utf-8-sig")) or {})
        except (OSError, ValueError, yaml.YAMLError, RecursionError) as error:
            self._problems.append(self._problem(path, f"문서 정보를 읽을 수 없습니다({_where(error)})"))
            return None

    def _problem(self, path: Path, reason: str) -> SkippedFile:
        return SkippedFile(self._name(path), f"{self._name(path)!r}: {reason}. 이 정보 없이 색인합니다.")

    def _name(self, path: Path) -> str:
        try:
            return path.resolve().relative_to(self._base).as_posix()
        except ValueError:
            return path.name


def is_sidecar(path: Path) -> bool:
    """Whether a file holds corrections and is no document itself."""
    return path.name == FOLDER_FILE or path.name.endswith(SUFFIX)


def _where(error: Exception) -> str:
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        return f"{where}: 없는 항목입니다" if first["type"] == "extra_forbidden" else f"{where or '전체'}의 값"
    mark = getattr(error, "problem_mark", None)
    return f"{mark.line + 1}행의 YAML 형식" if mark is not None else "UTF-8 YAML이 아니거나 너무 큽니다"
