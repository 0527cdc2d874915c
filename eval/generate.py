"""Ask every question once and record what came back; a run that was stopped goes on where it was."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Event, Lock
from time import perf_counter

from eval.cases import EvalCase, cases_sha256
from eval.metrics.answers import is_verbatim
from eval.run import CONFIG, GENERATED, QUESTIONS, GeneratedAnswer, RunConfig, RunFolder
from eval.subject import Subject

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class GenerateReport:
    """How many questions were asked now, taken over from before, and whether older answers were set aside."""

    asked: int
    reused: int
    set_aside: bool


def generate(
    cases: Sequence[EvalCase],
    subject: Subject,
    run: RunFolder,
    *,
    questions_file: str,
    workers: int = 1,
    on_progress: Progress = lambda done, total: None,
    on_answer: Callable[[GeneratedAnswer], None] = lambda line: None,
) -> GenerateReport:
    """Answer ``cases`` into ``run``, each answer written as soon as it is there.

    Answers that are there already are kept when index version, code, settings and the question itself are
    the same; answers of another subject are moved to ``generated.previous.jsonl``. More than one of
    ``workers`` is faster on the whole and slower for each question: latencies of such a run are not
    comparable with those of a run with one. ``on_answer`` sees every new answer once it is written, one at a
    time; what it raises ends the run, which goes on later where it was.

    Raises:
        RunFormatError: The run folder cannot be written, or what is there cannot be read.
    """
    run.create()
    config = _config(cases, subject, questions_file, workers)
    set_aside = run.has_config() and not run.config().same_subject(config) and run.set_aside_answers()
    reused = _reusable(cases, run)
    run.write_lines(GENERATED, reused)
    run.write_lines(QUESTIONS, cases)
    run.write_json(CONFIG, config)
    done = {line.case_id for line in reused}
    pending = [case for case in cases if case.case_id not in done]
    on_progress(len(done), len(cases))

    def told(line: GeneratedAnswer, count: int) -> None:
        on_progress(len(done) + count, len(cases))
        on_answer(line)

    _ask_all(pending, subject, run, workers, told)
    return GenerateReport(len(pending), len(done), set_aside)


def ask(case: EvalCase, subject: Subject) -> GeneratedAnswer:
    """Ask one question. The latency is what a caller of the answerer waits, in milliseconds."""
    question = case.to_question()
    start = perf_counter()
    answer = subject.answerer.answer(question)
    latency_ms = (perf_counter() - start) * 1000
    return GeneratedAnswer(
        case_id=case.case_id,
        answer=answer,
        latency_ms=latency_ms,
        verbatim=tuple(is_verbatim(citation, subject.text_of(citation.document_id)) for citation in answer.citations),
        sentences=subject.check_sentences(answer) if subject.check_sentences else None,
        question_sha256=case.question_sha256,
    )


def _ask_all(
    pending: Sequence[EvalCase],
    subject: Subject,
    run: RunFolder,
    workers: int,
    told: Callable[[GeneratedAnswer, int], None],
) -> None:
    writing, stop = Lock(), Event()
    written = 0

    def work(case: EvalCase) -> None:
        nonlocal written
        if stop.is_set():
            return
        try:
            generated = ask(case, subject)
            with writing:
                run.append(generated)
                written += 1
                told(generated, written)
        except BaseException:
            stop.set()
            raise

    with ThreadPoolExecutor(max_workers=workers) as pool:
        try:
            for _ in pool.map(work, pending):
                pass
        finally:
            # After an interrupt or a failed question the rest is not asked; what is written stays.
            stop.set()


def _reusable(cases: Sequence[EvalCase], run: RunFolder) -> tuple[GeneratedAnswer, ...]:
    if not (run.path / GENERATED).is_file():
        return ()
    asked = {case.case_id: case.question_sha256 for case in cases}
    kept = {line.case_id: line for line in run.answers() if asked.get(line.case_id) == line.question_sha256}
    return tuple(kept.values())


def _config(cases: Sequence[EvalCase], subject: Subject, questions_file: str, workers: int) -> RunConfig:
    return RunConfig(
        kind="answers",
        created_at=datetime.now(UTC).isoformat(timespec="seconds"),
        questions_file=questions_file,
        questions_sha256=cases_sha256(cases),
        n_questions=len(cases),
        index_version=subject.index_version,
        corpus_digest=subject.corpus_digest,
        code_digest=subject.code_digest,
        workers=workers,
        settings=dict(subject.settings),
    )
