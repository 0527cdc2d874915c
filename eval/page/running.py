"""A run that tells how it goes, answer by answer, and stops when nobody listens any more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from queue import Queue
from threading import Event, Lock, Thread

from eval.cases import EvalCase
from eval.errors import EvalError
from eval.generate import generate
from eval.run import GeneratedAnswer, RunFolder
from eval.scoring import CaseScore, score_case
from eval.subject import Subject

_running = Lock()


class _StopAskedError(Exception):
    """Ends a run after the answer that is being written."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How a run stands; ``scores`` are those of the answers so far, in the order in which they came."""

    total: int
    scores: tuple[CaseScore, ...] = field(default=())

    @property
    def done(self) -> int:
        """Questions answered."""
        return len(self.scores)


def run_set(cases: Sequence[EvalCase], subject: Subject, run: RunFolder, questions_file: str) -> Iterator[Progress]:
    """Answer ``cases`` into ``run``; one :class:`Progress` an answer. Closing the iterator stops the run.

    Raises:
        EvalError: Another run is under way, or the folder cannot be written.
    """
    if not _running.acquire(blocking=False):
        raise EvalError("다른 실행이 아직 끝나지 않았습니다. 끝난 뒤에 다시 눌러 주십시오.")
    news: Queue[GeneratedAnswer | Exception | None] = Queue()
    stop = Event()

    def told(line: GeneratedAnswer) -> None:
        news.put(line)
        if stop.is_set():
            raise _StopAskedError

    def work() -> None:
        try:
            generate(cases, subject, run, questions_file=questions_file, on_answer=told)
        except _StopAskedError:
            news.put(None)
        except Exception as error:  # told to whoever listens
            news.put(error)
        else:
            news.put(None)
        finally:
            _running.release()

    Thread(target=work, daemon=True).start()
    by_id = {case.case_id: case for case in cases}
    scores: tuple[CaseScore, ...] = ()
    try:
        yield Progress(len(cases))
        while (item := news.get()) is not None:
            if isinstance(item, Exception):
                raise item
            scores = (*scores, score_case(by_id[item.case_id], item))
            yield Progress(len(cases), scores)
    finally:
        stop.set()
