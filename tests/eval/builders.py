"""Small questions and answers for the tests of this folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from pydantic import JsonValue

from chatbot.answer import Answer, AnswerStatus, Citation, Provenance, Question
from eval.cases import EvalCase, cases_sha256
from eval.run import CONFIG, GENERATED, QUESTIONS, GeneratedAnswer, RunConfig, RunFolder
from eval.subject import Subject

DOCUMENT = "접수 기간은 최대 30일이었다. 약 3일 수준으로 단축했다. 담당은 혁신행정담당관이다."


def make_case(case_id: str = "q1", **fields: object) -> EvalCase:
    defaults: dict[str, object] = {
        "case_id": case_id,
        "type": "fact",
        "question": "기간이 얼마로 줄었나요?",
        "answerable": True,
        "must_include": [["3일"]],
        "gold_quote": ["약 3일 수준으로 단축했다."],
    }
    return EvalCase.model_validate(defaults | fields)


def make_unanswerable(case_id: str = "u1", **fields: object) -> EvalCase:
    defaults: dict[str, object] = {"answerable": False, "type": "unanswerable", "must_include": [], "gold_quote": []}
    return make_case(case_id, **(defaults | fields))


def cite(quote: str, number: int = 1, document_id: str = "d1", text: str = DOCUMENT) -> Citation:
    """The passage ``quote`` of ``text``; where it does not occur, a citation that claims it stands at 0."""
    start = max(0, text.find(quote))
    return Citation(
        number=number,
        document_id=document_id,
        source="a01.md",
        case_id=f"{document_id}:0",
        case_title="처리 기간 단축",
        agency="과학기술정보통신부",
        year=2026,
        quote=quote,
        start=start,
        end=start + len(quote),
        url=f"/documents/{document_id}#{start}",
    )


def make_answer(
    text: str = "약 3일 수준으로 단축했습니다.[1]",
    *,
    status: AnswerStatus = AnswerStatus.ANSWERED,
    quotes: tuple[str, ...] = ("약 3일 수준으로 단축했다.",),
    short_answer: str | None = None,
    confidence: float = 0.9,
    citations: tuple[Citation, ...] | None = None,
) -> Answer:
    if citations is None:
        citations = tuple(cite(quote, number) for number, quote in enumerate(quotes, start=1))
    return Answer(
        answer_id="a",
        status=status,
        text=text,
        short_answer=short_answer,
        citations=citations if status.is_answer else (),
        confidence=confidence,
        provenance=Provenance(index_version="v1", answerer="extractive"),
    )


def make_refusal(status: AnswerStatus = AnswerStatus.NOT_IN_SOURCES, confidence: float = 0.1) -> Answer:
    return make_answer("그 내용은 자료에 없습니다.", status=status, confidence=confidence)


def make_generated(
    case: EvalCase, answer: Answer | None = None, latency_ms: float = 100.0, verbatim: tuple[bool, ...] | None = None
) -> GeneratedAnswer:
    answer = answer or (make_answer() if case.answerable else make_refusal())
    return GeneratedAnswer(
        case_id=case.case_id,
        answer=answer,
        latency_ms=latency_ms,
        verbatim=tuple(True for _ in answer.citations) if verbatim is None else verbatim,
        question_sha256=case.question_sha256,
    )


class FakeAnswerer:
    """Answers from a table of question texts and remembers what it was asked."""

    def __init__(self, answers: Mapping[str, Answer | Exception] | None = None) -> None:
        self.answers = dict(answers or {})
        self.asked: list[Question] = []

    def answer(self, question: Question) -> Answer:
        self.asked.append(question)
        answer = self.answers.get(question.text, make_answer())
        if isinstance(answer, Exception):
            raise answer
        return answer


def make_subject(
    answerer: FakeAnswerer,
    index_version: str = "v1",
    settings: Mapping[str, JsonValue] | None = None,
    code_digest: str = "c1",
) -> Subject:
    return Subject(answerer, {"d1": DOCUMENT}.get, index_version, "c0ffee", code_digest, settings or {})


def write_run(path: Path, cases: Sequence[EvalCase], answers: Sequence[GeneratedAnswer], **config: object) -> RunFolder:
    run = RunFolder(path)
    run.create()
    run.write_lines(QUESTIONS, cases)
    run.write_lines(GENERATED, answers)
    fields: dict[str, object] = {
        "kind": "answers",
        "created_at": "2026-01-01T00:00:00+00:00",
        "questions_file": "set.jsonl",
        "questions_sha256": cases_sha256(cases),
        "n_questions": len(cases),
        "index_version": "v1",
        "corpus_digest": "c0ffee",
    }
    run.write_json(CONFIG, RunConfig.model_validate(fields | config))
    return run
