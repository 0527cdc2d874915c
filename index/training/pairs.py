"""Question and passage pairs for fine-tuning the retriever, split by document and roughened like typed text."""

from __future__ import annotations

import hashlib
import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

# Documents held out of training, in percent; the sentence reader is trained with the same split.
GOV_HELD_OUT = 15
WELFARE_HELD_OUT = 20
PASSAGE_CHARS = 350

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n+")
_NEAR_VOWELS = {1: 5, 5: 1, 8: 13, 13: 8, 4: 0, 0: 4, 18: 13, 20: 18, 3: 7, 7: 3}
_FIRST, _LAST, _FINALS = 0xAC00, 0xD7A3, 28


class TrainingDataError(Exception):
    """A training file is missing or is not in the layout that is read here."""


@dataclass(frozen=True, slots=True)
class Text:
    """One document to search."""

    document_id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Query:
    """A question with the documents that answer it; ``evidence`` is what the answering passage says."""

    question: str
    document_ids: tuple[str, ...]
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """A question with one passage that answers it."""

    question: str
    passage: str
    document_id: str


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """Questions over a set of documents, with the share of documents that is never trained on."""

    texts: tuple[Text, ...]
    queries: tuple[Query, ...]
    held_out_percent: int

    def held_out(self) -> list[Query]:
        """Questions whose documents are all held out."""
        return [
            query for query in self.queries if all(held_out(name, self.held_out_percent) for name in query.document_ids)
        ]

    def pairs(self) -> Iterator[Pair]:
        """Questions none of whose documents is held out, each with the passage nearest to its evidence."""
        passages = {text.document_id: split_passages(text) for text in self.texts}
        for query in self.queries:
            if not any(held_out(name, self.held_out_percent) for name in query.document_ids):
                name = query.document_ids[0]
                yield Pair(query.question, nearest(query.evidence or query.question, passages[name]), name)


def held_out(document_id: str, percent: int) -> bool:
    """Whether a document is kept out of training; the same on every machine."""
    return int(hashlib.sha256(document_id.encode()).hexdigest()[:8], 16) % 100 < percent


def gov_questions(folder: Path) -> QuestionSet:
    """Answerable questions without history over public-sector documents, with their evidence."""
    queries = tuple(
        Query(str(row["question"]), (str(row["document_id"]),), " ".join(_strings(row["evidence"])))
        for row in read_rows(folder / "questions.jsonl")
        if row["answerable"] and not row["history"]
    )
    return QuestionSet(read_texts(folder / "documents.jsonl"), queries, GOV_HELD_OUT)


def welfare(folder: Path) -> QuestionSet:
    """Citizens' questions over welfare programmes, with a written answer as evidence."""
    queries = tuple(
        Query(str(row["query"]), tuple(_strings(row["document_ids"])), f"{row['query']} {row['answer']}")
        for row in read_rows(folder / "pairs.jsonl")
        if row["document_ids"]
    )
    return QuestionSet(read_texts(folder / "documents.jsonl"), queries, WELFARE_HELD_OUT)


def written(path: Path, folder: Path, percent: int) -> QuestionSet:
    """Our own answerable questions on the documents of ``folder``, their evidence kept as offsets into the texts."""
    texts = read_texts(folder / "documents.jsonl")
    by_id = {text.document_id: text.text for text in texts}
    queries = []
    for row in read_rows(path):
        name, places = str(row["document_id"]), row["evidence"]
        if name in by_id and isinstance(places, list) and places:
            evidence = " ".join(by_id[name][start:end] for start, end in places)
            queries.append(Query(str(row["question"]), (name,), evidence))
    return QuestionSet(texts, tuple(queries), percent)


def seoul120(folder: Path) -> Iterator[Pair]:
    """Titles of call-centre entries with the start of their texts, the title left out of the passage."""
    for text in read_texts(folder / "documents.jsonl"):
        if len(text.text) > 50:
            yield Pair(text.title, text.text[:PASSAGE_CHARS], text.document_id)


def read_texts(path: Path) -> tuple[Text, ...]:
    """Read ``documents.jsonl`` or a BEIR ``corpus.jsonl``."""
    return tuple(
        Text(str(row.get("document_id", row.get("_id"))), str(row["title"]), str(row["text"]))
        for row in read_rows(path)
    )


def read_rows(path: Path) -> list[dict[str, object]]:
    """Read one JSON object a line. Raises TrainingDataError where there is none to read."""
    try:
        return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    except (OSError, ValueError) as error:
        raise TrainingDataError(f"cannot read {path.name!r} of {path.parent.name!r}: {error}") from error


def split_passages(text: Text, size: int = PASSAGE_CHARS) -> list[str]:
    """Whole sentences up to ``size`` characters, each passage with the title in front; never empty."""
    passages, current = [], ""
    for sentence in _SENTENCE_END.split(text.text):
        for start in range(0, len(sentence), size):
            piece = sentence[start : start + size]
            if current and len(current) + len(piece) > size:
                passages.append(current)
                current = ""
            current = f"{current} {piece}".strip()
    return [f"{text.title}\n{passage}" for passage in [*passages, current] if passage] or [text.title]


def nearest(evidence: str, passages: Sequence[str]) -> str:
    """The passage that holds the most of the evidence's character trigrams."""
    wanted = _trigrams(evidence)
    return max(passages, key=lambda passage: len(wanted & _trigrams(passage)))


def roughen(question: str, rng: random.Random) -> str:
    """A quarter of questions as people type them: without spaces, or with a slip or two."""
    draw = rng.random()
    if draw < 0.13:
        return question.replace(" ", "")
    if draw < 0.25:
        return slip(slip(question, rng), rng)
    return question


def slip(text: str, rng: random.Random) -> str:
    """Change one Hangul syllable: a neighbouring vowel, a lost or doubled final, or two syllables swapped."""
    places = [place for place, char in enumerate(text) if _FIRST <= ord(char) <= _LAST]
    if not places:
        return text
    place = rng.choice(places)
    code = ord(text[place]) - _FIRST
    vowel, final = code // _FINALS % 21, code % _FINALS
    if final and rng.random() < 0.4:
        code -= final
    elif vowel in _NEAR_VOWELS:
        code += (_NEAR_VOWELS[vowel] - vowel) * _FINALS
    else:
        return text[:place] + text[place + 1 : place + 2] + text[place] + text[place + 2 :]
    return text[:place] + chr(_FIRST + code) + text[place + 1 :]


def _trigrams(text: str) -> set[str]:
    dense = "".join(text.split())
    return {dense[start : start + 3] for start in range(len(dense) - 2)}


def _strings(value: object) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list) else []
