"""Questions with the sentences that our own retrieval offers for them: what the small language model is trained on.

``python -m chatbot.training.candidates --help``. The documents must be indexed first, each under its own id.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from chatbot.answer import Question, Turn
from chatbot.evidence import sentence_signs
from chatbot.pipeline import Chatbot, Trace, build_chatbot
from chatbot.refusal import answer_signs
from chatbot.settings import Settings
from index.markup import plain
from index.settings import IndexSettings
from index.training.reader_data import held_out, read_lines

KEPT = 8
"""Candidates kept for a question."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence with the title it stands under. ``signs`` are those of :data:`chatbot.ranker.SENTENCE_SIGNS`."""

    title: str
    sentence: str
    is_evidence: bool
    score: float
    signs: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Sample:
    """A question with its candidates, best first by the ranker.

    ``reachable`` tells whether any sentence that retrieval brought is evidence, kept or not; ``signs`` are those of
    :data:`chatbot.ranker.ANSWER_SIGNS`; ``answer`` is the polite answer written for the question.
    """

    question_id: str
    document_id: str
    kind: str
    question: str
    answerable: bool
    answer: str
    reachable: bool
    signs: Mapping[str, float]
    candidates: tuple[Candidate, ...]

    @property
    def held_out(self) -> bool:
        """Whether the document is kept from all training."""
        return held_out(self.document_id)


def is_evidence(sentence: str, passages: Sequence[str]) -> bool:
    """Whether the sentence and a passage (without white space) hold one another."""
    flat = "".join(sentence.split())
    return any(flat in passage or passage in flat for passage in passages) if len(flat) > 3 else False


def sample(record: Mapping[str, Any], trace: Trace) -> Sample:
    """The question of a ``gov_questions`` line as the chatbot saw it."""
    flat = ["".join(passage.split()) for passage in record["evidence"]]
    labels = [is_evidence(item.sentence.text, flat) for item in trace.evidence]
    ranked = list(zip(trace.evidence, labels, strict=True))
    kept = ranked[:KEPT]
    if not held_out(record["document_id"]):
        # What is trained on needs its right sentence, however far down it was found.
        kept = sorted(ranked, key=lambda pair: not pair[1])[:KEPT]
    return Sample(
        question_id=record["id"],
        document_id=record["document_id"],
        kind=record["type"],
        question=trace.text,
        answerable=record["answerable"],
        answer=record["answer"],
        reachable=any(labels),
        signs=answer_signs(trace.draft, trace.evidence),
        candidates=tuple(
            Candidate(item.case.title, plain(item.sentence.text), label, item.score, sentence_signs(item, trace.asked))
            for item, label in kept
        ),
    )


def read_samples(path: Path) -> list[Sample]:
    """The samples of a file that this module wrote."""
    return [
        Sample(**{**row, "candidates": tuple(Candidate(**one) for one in row["candidates"])})
        for row in read_lines(path)
    ]


def _samples(chatbot: Chatbot, records: Sequence[Mapping[str, Any]]) -> Iterator[Sample]:
    for record in records:
        history = tuple(Turn(**turn) for turn in record["history"])
        trace = chatbot.trace(Question(text=record["question"], history=history))
        if trace is not None and trace.evidence:
            yield sample(record, trace)


def main(
    gov: Annotated[Path, typer.Option(help="Folder with questions.jsonl.")],
    index_dir: Annotated[Path, typer.Option(help="Index over the documents of the set.")],
    out: Annotated[Path, typer.Option(help="File to write; questions that stand in it are not asked again.")],
    train: Annotated[int, typer.Option(help="Questions to take besides the held-out ones.")] = 2000,
    seed: int = 7,
) -> None:
    """Ask every held-out question and ``train`` others, and write what retrieval and the ranker offer.

    The others are ranked without the reader, which knows their documents by heart: there its order would be better,
    and the wrong sentences easier, than anywhere else.
    """
    records = read_lines(gov / "questions.jsonl")
    others = [record for record in records if not held_out(record["document_id"])]
    random.Random(seed).shuffle(others)
    kept = [record for record in records if held_out(record["document_id"])]
    done = {row["question_id"] for row in read_lines(out)} if out.is_file() else set()
    with out.open("a", encoding="utf-8") as lines:
        for use_reranker, wanted in (
            (False, others[:train]),
            (True, kept),
        ):
            left = [record for record in wanted if record["id"] not in done]
            if not left:
                continue
            chatbot = build_chatbot(Settings(index=IndexSettings(index_dir=index_dir), use_reranker=use_reranker))
            for one in _samples(chatbot, left):
                lines.write(json.dumps(asdict(one), ensure_ascii=False) + "\n")
                lines.flush()
            chatbot.library.close()


if __name__ == "__main__":
    typer.run(main)
