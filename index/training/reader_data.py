"""Training groups for the reader: a question with its own passage, hard negatives and passages without the answer."""

from __future__ import annotations

import hashlib
import json
import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from index.training.augment import LabelledPassage, hasty, joined, outline, record

HELD_OUT_PERCENT = 15
# Characters of a window: about 1.9 a token, so that question, header and window stay within 384 tokens.
WINDOW_CHARS = (180, 520)
EVAL_WINDOW_CHARS = 480

_SPLIT = re.compile(
    r"\n+|(?<=[다요음함됨임까죠][.?!])\s+|(?<=[.?!])(?=[□○ㅇ※▲▷◦①-⑳])|\s+(?=[□○ㅇ※▷▶√◦•]\s?[가-힣「‘“(<0-9])|(?=[□◦▷√])"
)
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class SourceDocument:
    """A document cut into sentences."""

    document_id: str
    title: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """A question with its document, evidence labels (one a sentence of the document) and short answer."""

    question: str
    kind: str
    document: SourceDocument
    evidence: tuple[bool, ...]
    short_answer: tuple[int, int, int] | None = None
    source: str = "gov"

    @property
    def answerable(self) -> bool:
        """Whether the document holds the answer."""
        return any(self.evidence)


@dataclass(frozen=True, slots=True)
class Group:
    """A question with the passages it is read against; at most the first one holds the answer."""

    question: str
    kind: str
    passages: tuple[LabelledPassage, ...]


def held_out(document_id: str) -> bool:
    """Whether the document belongs to the held-out split, which is never trained on."""
    return int(hashlib.sha256(document_id.encode()).hexdigest()[:8], 16) % 100 < HELD_OUT_PERCENT


def split_sentences(text: str) -> tuple[str, ...]:
    """Sentences, lines and outline items, without the white space around them."""
    return tuple(part for part in (piece.strip() for piece in _SPLIT.split(text) if piece) if part)


def read_lines(path: Path) -> list[dict[str, Any]]:
    """The objects of a JSONL file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def load_documents(path: Path) -> dict[str, SourceDocument]:
    """Documents of a ``corpus.jsonl`` or ``documents.jsonl`` by id."""
    documents = {}
    for row in read_lines(path):
        document_id = row.get("document_id") or row["_id"]
        documents[document_id] = SourceDocument(document_id, row["title"], split_sentences(row["text"]))
    return documents


def load_gov(folder: Path) -> list[Item]:
    """The questions of a ``gov_questions`` folder; those whose evidence is not found in the text are left out."""
    documents = load_documents(folder / "documents.jsonl")
    rows = read_lines(folder / "questions.jsonl")
    return list(_items((row, documents[row["document_id"]], row["evidence"]) for row in rows))


def load_written(path: Path, folder: Path) -> list[Item]:
    """Our own questions on documents of ``folder``, kept as offsets (``index/training/questions/README.md``).

    Questions on documents of other folders are passed over.
    """
    texts = {row["document_id"]: row["text"] for row in read_lines(folder / "documents.jsonl")}
    documents = load_documents(folder / "documents.jsonl")
    rows = []
    for row in read_lines(path):
        if text := texts.get(row["document_id"]):
            evidence = [text[start:end] for start, end in row["evidence"]]
            short_answer = text[slice(*row["short_answer"])] if row["short_answer"] else ""
            full = {**row, "answerable": bool(evidence), "short_answer": short_answer}
            rows.append((full, documents[row["document_id"]], evidence))
    return list(_items(rows))


def _items(rows: Iterable[tuple[dict[str, Any], SourceDocument, list[str]]]) -> Iterator[Item]:
    for row, document, evidence in rows:
        asked = [turn["content"] for turn in row.get("history", []) if turn["role"] == "user"][-1:]
        labels = evidence_labels(document.sentences, evidence)
        if row["answerable"] != any(labels):
            continue
        span = locate(document.sentences, labels, row.get("short_answer", ""))
        yield Item(" ".join([*asked, row["question"]]), row["type"], document, labels, span)


def load_korquad(path: Path) -> list[Item]:
    """KorQuAD 1 questions; a paragraph is a document."""
    items = []
    for article in json.loads(path.read_text(encoding="utf-8"))["data"]:
        for number, paragraph in enumerate(article["paragraphs"]):
            text = paragraph["context"]
            name = f"{article['title']}#{number}"
            document = SourceDocument(name, article["title"].replace("_", " "), split_sentences(text))
            for asked in paragraph["qas"]:
                answer = asked["answers"][0]
                labels = _labels_at(document.sentences, text, answer["answer_start"], len(answer["text"]))
                span = locate(document.sentences, labels, answer["text"])
                if span is not None:
                    items.append(Item(asked["question"], "korquad", document, labels, span, "korquad"))
    return items


def load_welfare(folder: Path) -> list[Item]:
    """Welfare pairs whose answer is clearly one sentence of the document, by shared syllable pairs."""
    documents = load_documents(folder / "documents.jsonl")
    items = []
    for row in read_lines(folder / "pairs.jsonl"):
        document = documents[row["document_ids"][0]]
        pairs = _bigrams(row["answer"])
        shared = [len(pairs & _bigrams(sentence)) / max(len(pairs), 1) for sentence in document.sentences]
        ranked = sorted(shared, reverse=True)
        if ranked[0] >= 0.6 and (len(ranked) == 1 or ranked[0] - ranked[1] >= 0.2):
            labels = tuple(share == ranked[0] for share in shared)
            items.append(Item(row["query"], "welfare", document, labels, None, "welfare"))
    return items


def evidence_labels(sentences: Sequence[str], evidence: Sequence[str]) -> tuple[bool, ...]:
    """Which sentences overlap a piece of evidence by four characters or wholly, white space aside."""
    starts, squeezed = _squeezed(sentences)
    labels = [False] * len(sentences)
    for piece in (_SPACE.sub("", text) for text in evidence):
        place = squeezed.find(piece) if piece else -1
        while place >= 0:
            for ordinal, start in enumerate(starts[:-1]):
                overlap = min(starts[ordinal + 1], place + len(piece)) - max(start, place)
                if overlap >= min(4, starts[ordinal + 1] - start):
                    labels[ordinal] = True
            place = squeezed.find(piece, place + 1)
    return tuple(labels)


def _labels_at(sentences: Sequence[str], text: str, start: int, length: int) -> tuple[bool, ...]:
    """Which sentence holds the characters from ``start``; sentences come in the order of the text."""
    labels, position = [], 0
    for sentence in sentences:
        position = text.index(sentence, position)
        labels.append(position < start + length and start < position + len(sentence))
        position += len(sentence)
    return tuple(labels)


def _squeezed(sentences: Sequence[str]) -> tuple[list[int], str]:
    """Where each sentence starts in the text without white space (and its end), and that text."""
    starts, parts = [0], []
    for sentence in sentences:
        parts.append(_SPACE.sub("", sentence))
        starts.append(starts[-1] + len(parts[-1]))
    return starts, "".join(parts)


def locate(sentences: Sequence[str], labels: Sequence[bool], answer: str) -> tuple[int, int, int] | None:
    """The short answer inside an evidence sentence, white space aside: (sentence, start, end)."""
    if not answer.strip():
        return None
    pattern = re.compile(r"\s*".join(re.escape(letter) for letter in _SPACE.sub("", answer)))
    for ordinal, sentence in enumerate(sentences):
        found = pattern.search(sentence) if labels[ordinal] else None
        if found:
            return ordinal, found.start(), found.end()
    return None


def _bigrams(text: str) -> set[str]:
    squeezed = _SPACE.sub("", text)
    return {squeezed[i : i + 2] for i in range(len(squeezed) - 1)}


class Neighbours:
    """Windows of documents that resemble a question, by TF-IDF over syllable pairs and triples."""

    def __init__(self, documents: Iterable[SourceDocument]) -> None:
        from sklearn.feature_extraction.text import TfidfVectorizer

        self._windows = [(document, *run) for document in documents for run in _runs(document, EVAL_WINDOW_CHARS)]
        self._vectorizer = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 3), sublinear_tf=True, min_df=2)
        texts = [document.title + " " + " ".join(document.sentences[a:b]) for document, a, b in self._windows]
        self._matrix = self._vectorizer.fit_transform(texts)

    def nearest(self, items: Sequence[Item], count: int = 12) -> list[list[LabelledPassage]]:
        """For each item the ``count`` most similar windows of other documents, best first."""
        scores = (self._vectorizer.transform([item.question for item in items]) @ self._matrix.T).tocsr()
        found = []
        for row, item in enumerate(items):
            line = scores[row]
            order = [place for _, place in sorted(zip(-line.data, line.indices, strict=True))[: 4 * count]]
            windows = [self._windows[place] for place in order]
            others = [
                w
                for w in windows
                if w[0].document_id != item.document.document_id and w[0].title != item.document.title
            ]
            found.append([_unlabelled(*window) for window in others[:count]])
        return found


def _runs(document: SourceDocument, chars: int) -> Iterator[tuple[int, int]]:
    """Consecutive runs of sentences of about ``chars`` characters."""
    first, used = 0, 0
    for ordinal, sentence in enumerate(document.sentences):
        if used and used + len(sentence) > chars:
            yield first, ordinal
            first, used = ordinal, 0
        used += len(sentence)
    if first < len(document.sentences):
        yield first, len(document.sentences)


def _unlabelled(document: SourceDocument, first: int, last: int) -> LabelledPassage:
    return LabelledPassage(document.title, document.sentences[first:last], (False,) * (last - first))


def window_around(item: Item, chars: int, random_: random.Random) -> LabelledPassage:
    """A window of about ``chars`` characters around one piece of the evidence (any place for a near miss)."""
    sentences = item.document.sentences
    anchors = [ordinal for ordinal, label in enumerate(item.evidence) if label] or list(range(len(sentences)))
    first = random_.choice(anchors)
    last, used = first + 1, len(sentences[first])
    while first > 0 or last < len(sentences):
        forward = last < len(sentences) and (first == 0 or random_.random() < 0.5)
        used += len(sentences[last] if forward else sentences[first - 1])
        if used > chars:
            break
        first, last = (first, last + 1) if forward else (first - 1, last)
    span = item.short_answer
    if span is not None:
        span = (span[0] - first, span[1], span[2]) if first <= span[0] < last else None
    return LabelledPassage(item.document.title, sentences[first:last], item.evidence[first:last], span)


def without_evidence(item: Item, passage: LabelledPassage) -> LabelledPassage | None:
    """The passage less its evidence; ``None`` where nothing is left or the short answer still stands there."""
    kept = tuple(text for text, label in zip(passage.sentences, passage.evidence, strict=True) if not label)
    if item.short_answer is not None:
        ordinal, start, end = item.short_answer
        if item.document.sentences[ordinal][start:end] in " ".join(kept):
            return None
    return replace(passage, sentences=kept, evidence=(False,) * len(kept), short_answer=None) if kept else None


def elsewhere(item: Item, passage: LabelledPassage, chars: int, random_: random.Random) -> LabelledPassage | None:
    """Another window of the same document without any evidence, ``None`` where there is none."""
    sentences = item.document.sentences
    runs = [(a, b) for a, b in _runs(item.document, chars) if not any(item.evidence[a:b])]
    runs = [(a, b) for a, b in runs if not set(sentences[a:b]) & set(passage.sentences)]
    return _unlabelled(item.document, *random_.choice(runs)) if runs else None


def training_group(item: Item, near: Sequence[LabelledPassage], random_: random.Random) -> Group:
    """The item's own window first, then passages without the answer; forms and question varied at random."""
    chars = random_.randint(*WINDOW_CHARS)
    own = window_around(item, chars, random_)
    others: list[LabelledPassage] = []
    if item.answerable and random_.random() < 0.34 and (left := without_evidence(item, own)):
        others.append(left)
    if item.answerable and random_.random() < 0.3 and (rest := elsewhere(item, own, chars, random_)):
        others.append(rest)
    if near and (not others or random_.random() < 0.5):
        others.append(_shortened(random_.choice(near), chars, random_))
    if near and random_.random() < 0.12:
        own = joined(own, _shortened(random_.choice(near), chars // 2, random_), random_)
    passages = tuple(_varied(passage, random_) for passage in (own, *others))
    return Group(hasty(item.question, random_), item.kind, passages)


def _shortened(passage: LabelledPassage, chars: int, random_: random.Random) -> LabelledPassage:
    document = SourceDocument("", passage.header, passage.sentences)
    return window_around(Item("", "", document, passage.evidence), chars, random_)


def _varied(passage: LabelledPassage, random_: random.Random) -> LabelledPassage:
    chance = random_.random()
    if chance < 0.3:
        passage = outline(passage, random_)
    elif chance < 0.5:
        passage = record(passage, random_)
    chance = random_.random()
    if chance < 0.08:
        return replace(passage, header="")
    if chance < 0.3:
        return replace(passage, header=f"{passage.header} · {random_.randint(2015, 2025)}")
    return passage


def evaluation_group(item: Item, near: Sequence[LabelledPassage], seed: int, *, removed: bool = False) -> Group | None:
    """The item's window and three of other documents, unvaried; ``removed`` takes the evidence away."""
    own: LabelledPassage | None = window_around(item, EVAL_WINDOW_CHARS, random.Random(f"{seed}:{item.question}"))
    if removed and own is not None:
        own = without_evidence(item, own)
    return Group(item.question, item.kind, (own, *near[:3])) if own is not None else None
