"""What a chat model gets past the verifier, counted by a second reading that shares no code with it.

The composer is asked about every question, also where the product would not ask it or would refuse in the end, so
that what is counted is more than a user can ever see.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from chatbot.agencies import AgencyTable
from chatbot.answer import Question
from chatbot.draft import DraftSentence
from chatbot.errors import ChatModelError
from chatbot.generate import GenerativeComposer, build_composer
from chatbot.pipeline import Chatbot, build_chatbot
from chatbot.settings import Settings
from chatbot.verify import Verdict, Verifier
from eval.cases import EvalCase
from eval.errors import EvalError
from index.library import Library
from index.settings import IndexSettings

_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_SPELLED = re.compile(r"(?<![가-힣])(?:한|두|세|네|다섯|여섯|일곱|여덟|아홉|열|스무)\s?(?:명|건|곳|배|달|살|차례|가지)")
_LATIN = re.compile(r"[a-z]{2,}")
_BODY = re.compile(
    r"[가-힣]{2,}(?:위원회|공단|공사|진흥원|연구원|연구소|개발원|정보원|본부|재단|협회|은행|대학교|특별시|광역시|자치시|"
    r"자치도|시청|군청|구청|도청|경찰청|경찰서|소방서|교육청|우체국|보건소|세관|센터)"
)
_MIN_AGENCY_CHARS = 3
_PERSON = re.compile(
    r"(?<![가-힣])([가-힣]{3})\s(?:과장|사무관|주무관|장관|차관|국장|실장|팀장|청장|원장|시장|군수|교수|대표)"
)


class Invention(BaseModel):
    """A sentence that was let through although ``found`` stands nowhere in what it cites."""

    model_config = ConfigDict(frozen=True)

    sentence: str
    found: tuple[str, ...]


class CaseInventions(BaseModel):
    """One question, counted in sentences.

    ``written`` cite a source that the model was given, ``rejected`` were stopped by the verifier, and in
    ``rejected_unsupported`` of those the second reading finds something, too. ``failed``: the model broke off or was
    too late; what it had written counts all the same.
    """

    model_config = ConfigDict(frozen=True)

    case_id: str
    failed: bool
    written: int
    rejected: int
    rejected_unsupported: int
    shown: int
    inventions: tuple[Invention, ...]


class InventionReport(BaseModel):
    """The sums of the questions, and those that let something through."""

    model_config = ConfigDict(frozen=True)

    questions: int
    failed: int
    written: int
    rejected: int
    rejected_unsupported: int
    shown: int
    inventions: tuple[CaseInventions, ...]

    @classmethod
    def of(cls, cases: Sequence[CaseInventions]) -> InventionReport:
        """The report of ``cases``."""
        names = ("failed", "written", "rejected", "rejected_unsupported", "shown")
        return cls(
            questions=len(cases),
            inventions=tuple(one for one in cases if one.inventions),
            **{name: sum(getattr(one, name) for one in cases) for name in names},
        )


class CountingVerifier(Verifier):
    """The verifier itself; keeps count of what it was shown and did not let through."""

    written = 0
    rejected = 0
    rejected_unsupported = 0

    def check(self, sentence: str, passages: Sequence[str], *, context: str = "") -> Verdict:
        """As the verifier checks."""
        verdict = super().check(sentence, passages, context=context)
        self.written += 1
        self.rejected += not verdict.supported
        self.rejected_unsupported += not verdict.supported and bool(missing(sentence, [*passages, context]))
        return verdict


def open_composer(index_dir: Path) -> tuple[Chatbot, GenerativeComposer, CountingVerifier]:
    """The extractive chatbot over an index, the configured model's composer beside it, and that one's verifier.

    Raises:
        EvalError: No chat model is configured, or its package is not installed.
        ChatModelError: A setting of the chat model is wrong.
        IndexPackageError: The index cannot be opened.
    """
    settings = Settings(index=IndexSettings(index_dir=index_dir))
    chatbot = build_chatbot(settings.model_copy(update={"chat_provider": ""}))
    verifier = CountingVerifier(chatbot.library.kiwi, AgencyTable.load().names)
    composer = build_composer(settings, chatbot.library, verifier)
    if composer is None:
        raise EvalError("쓸 수 있는 언어 모델이 없습니다. CHATBOT_CHAT_PROVIDER와 CHATBOT_CHAT_MODEL을 정해 주십시오.")
    return chatbot, composer, verifier


def count_inventions(
    cases: Sequence[EvalCase], chatbot: Chatbot, composer: GenerativeComposer, verifier: CountingVerifier
) -> Iterator[CaseInventions]:
    """Ask ``composer``, whose verifier is ``verifier``, about the evidence that ``chatbot`` finds for each case.

    Cases that end at a guard, or for which nothing is found, are left out.
    """
    for case in cases:
        trace = chatbot.trace(Question(text=case.question, history=case.history))
        if trace is None or not trace.evidence:
            continue
        before = (verifier.written, verifier.rejected, verifier.rejected_unsupported)
        shown: list[DraftSentence] = []
        failed = False
        try:
            shown.extend(composer.stream(trace.text, trace.evidence))
        except ChatModelError:
            failed = True
        found = [Invention(sentence=one.text, found=unsupported(one, chatbot.library)) for one in shown]
        yield CaseInventions(
            case_id=case.case_id,
            failed=failed,
            written=verifier.written - before[0],
            rejected=verifier.rejected - before[1],
            rejected_unsupported=verifier.rejected_unsupported - before[2],
            shown=len(shown),
            inventions=tuple(one for one in found if one.found),
        )


def read_inventions(path: Path) -> list[CaseInventions]:
    """The cases of a file written before, less those that failed; none where there is no file yet.

    Raises:
        EvalError: The file is of another kind.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
        found = [CaseInventions.model_validate_json(line) for line in lines if line.strip()]
    except (OSError, ValueError) as error:
        raise EvalError(f"{path.name}: 이 명령이 쓴 파일이 아닙니다. --out을 바꿔 주십시오.") from error
    return [one for one in found if not one.failed]


def unsupported(sentence: DraftSentence, library: Library) -> tuple[str, ...]:
    """Figures, dates and names of a sentence that stand nowhere in the passages it cites or in their headers."""
    texts = []
    for passage in sentence.passages:
        case = passage.case
        texts.append(library.document(case.document_id).text[passage.start : passage.end])
        texts.append(f"{case.title} {case.agency} {case.year} {' '.join(passage.heading_path)}")
    return missing(sentence.text, texts)


def missing(sentence: str, texts: Sequence[str]) -> tuple[str, ...]:
    """Figures, Latin words, organisations and people of ``sentence`` that are not in ``texts``, letter for letter.

    Read off the letters alone and stricter than the verifier, so that the two cannot be wrong together: 3만 is not
    30,000 here, and a figure must stand as a whole.
    """
    return tuple(dict.fromkeys(_missing(_plain(sentence), _plain(" ".join(texts)))))


def _missing(said: str, known: str) -> Iterator[str]:
    figures = set(_NUMBER.findall(known))
    yield from (figure for figure in _NUMBER.findall(said) if figure not in figures)
    tight = known.replace(" ", "")
    for pattern in (_SPELLED, _LATIN, _BODY):
        yield from (name for name in pattern.findall(said) if name.replace(" ", "") not in tight)
    yield from (name for name in _PERSON.findall(said) if name not in tight)
    written = said.replace(" ", "")
    yield from (name for name in _agencies() if name in written and name not in tight)


@lru_cache(maxsize=1)
def _agencies() -> tuple[str, ...]:
    return tuple(name for name in AgencyTable.load().spellings if len(name) >= _MIN_AGENCY_CHARS)


def _plain(text: str) -> str:
    return re.sub(r"(?<=\d),(?=\d{3})", "", " ".join(text.split())).lower()
