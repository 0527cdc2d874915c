"""A run folder: what was asked, what came back, and what produced it; everything a re-scoring needs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError

from chatbot.answer import Answer
from eval.cases import EvalCase, load_cases
from eval.errors import RunFormatError, reason

CONFIG = "config.json"
QUESTIONS = "questions.jsonl"
GENERATED = "generated.jsonl"
PREVIOUS = "generated.previous.jsonl"
RETRIEVED = "retrieved.jsonl"
SUMMARY = "summary.json"
CASES = "cases.csv"

_Line = TypeVar("_Line", bound=BaseModel)


class RunConfig(BaseModel):
    """What produced a run. ``corpus_digest`` is that of the index's manifest; an empty digest is not known."""

    model_config = ConfigDict(frozen=True)

    kind: Literal["answers", "retrieval"]
    created_at: str
    questions_file: str
    questions_sha256: str
    n_questions: int
    index_version: str
    corpus_digest: str = ""
    code_digest: str = ""
    workers: int = 1
    settings: dict[str, JsonValue] = Field(default_factory=dict)

    def same_subject(self, other: RunConfig) -> bool:
        """Whether both describe the same index, code and settings, so that their answers may be mixed."""
        mine = (self.kind, self.index_version, self.code_digest, self.settings)
        return mine == (other.kind, other.index_version, other.code_digest, other.settings)


class CheckedSentence(BaseModel):
    """One sentence of an answer; ``problems`` say in Korean what its cited passages lack, none when they hold it."""

    model_config = ConfigDict(frozen=True)

    text: str
    problems: tuple[str, ...] = ()

    @property
    def supported(self) -> bool:
        """Whether the cited passages say what the sentence says."""
        return not self.problems


class GeneratedAnswer(BaseModel):
    """One line of ``generated.jsonl``.

    ``verbatim`` has one entry a citation: whether its quote is a slice of the stored document. ``sentences``
    has one entry a sentence of the answer. ``None`` where it was not checked.
    """

    model_config = ConfigDict(frozen=True)

    case_id: str
    answer: Answer
    latency_ms: float = Field(ge=0)
    verbatim: tuple[bool, ...] | None = None
    sentences: tuple[CheckedSentence, ...] | None = None
    question_sha256: str = ""


class RetrievedQuery(BaseModel):
    """One line of ``retrieved.jsonl``: document ids, best first, and the grades of the relevant ones."""

    model_config = ConfigDict(frozen=True)

    case_id: str
    question: str
    ranked: tuple[str, ...]
    relevant: dict[str, float]
    latency_ms: float = Field(ge=0)


class RunFolder:
    """Reads and writes the files of one run."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def create(self) -> None:
        """Make the folder.

        Raises:
            RunFormatError: It cannot be made or written.
        """
        try:
            self.path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise RunFormatError(
                f"실행 폴더를 만들 수 없습니다: {str(self.path)!r} ({reason(error)}). 다른 --out을 지정해 주십시오."
            ) from error

    def config(self) -> RunConfig:
        """What produced the run.

        Raises:
            RunFormatError: There is no readable ``config.json``.
        """
        try:
            return RunConfig.model_validate_json(self._read(CONFIG))
        except ValidationError as error:
            raise RunFormatError(f"{self.path / CONFIG}: 이 도구가 쓴 설정 파일이 아닙니다.") from error

    def has_config(self) -> bool:
        """Whether a run was started here."""
        return (self.path / CONFIG).is_file()

    def cases(self) -> tuple[EvalCase, ...]:
        """The questions as they were when the run was made."""
        return load_cases(self.path / QUESTIONS)

    def answers(self) -> tuple[GeneratedAnswer, ...]:
        """All generated answers; a last line that a killed process left half written is dropped."""
        return tuple(_parse(GeneratedAnswer, self._complete_lines(GENERATED), GENERATED))

    def retrieved(self) -> tuple[RetrievedQuery, ...]:
        """All queries of a retrieval run."""
        return tuple(_parse(RetrievedQuery, self._complete_lines(RETRIEVED), RETRIEVED))

    def append(self, generated: GeneratedAnswer) -> None:
        """Add one answer; it survives whatever happens to the process afterwards."""
        with (self.path / GENERATED).open("a", encoding="utf-8") as file:
            file.write(generated.model_dump_json() + "\n")

    def write_lines(self, name: str, records: Sequence[BaseModel]) -> None:
        """Replace a JSON Lines file in one step."""
        self.write_text(name, "".join(record.model_dump_json() + "\n" for record in records))

    def write_json(self, name: str, record: BaseModel) -> None:
        """Replace a JSON file in one step, indented and with Korean as it is."""
        self.write_text(name, json.dumps(record.model_dump(mode="json"), ensure_ascii=False, indent=2) + "\n")

    def write_text(self, name: str, text: str, encoding: str = "utf-8") -> None:
        """Replace a text file in one step.

        Raises:
            RunFormatError: The folder cannot be written.
        """
        part = self.path / f"{name}.part"
        try:
            part.write_text(text, encoding=encoding, newline="")
            part.replace(self.path / name)
        except OSError as error:
            raise RunFormatError(
                f"파일을 쓸 수 없습니다: {str(self.path / name)!r} ({reason(error)}). 권한을 확인해 주십시오."
            ) from error

    def set_aside_answers(self) -> bool:
        """Keep answers of another index or setting under another name. Returns whether there were any."""
        generated = self.path / GENERATED
        if not generated.is_file():
            return False
        generated.replace(self.path / PREVIOUS)
        return True

    def _complete_lines(self, name: str) -> list[str]:
        return [line for line in self._read(name).split("\n")[:-1] if line.strip()]

    def _read(self, name: str) -> str:
        path = self.path / name
        try:
            return path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise RunFormatError(
                f"{str(path)!r}을(를) 읽을 수 없습니다. generate나 retrieval이 만든 폴더인지 확인해 주십시오."
            ) from error


def _parse(model: type[_Line], lines: Iterable[str], name: str) -> Iterable[_Line]:
    for number, line in enumerate(lines, start=1):
        try:
            yield model.model_validate_json(line)
        except ValidationError as error:
            raise RunFormatError(
                f"{name} {number}번째 줄을 읽을 수 없습니다. 다른 판에서 만든 결과이면 generate를 다시 실행해 주십시오."
            ) from error
