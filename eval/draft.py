"""Candidate questions from documents, by templates and morphology. Every one is a draft until a person approves it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import zip_longest
from pathlib import Path, PurePosixPath

from kiwipiepy import Kiwi

from eval.case_file import fresh_ids
from eval.cases import CaseType, EvalCase
from eval.interrogate import questions_of
from index.document import Case, Document, Sentence
from index.ingest import IngestedDocument, ingest
from index.load import RawDocument, SkippedFile, load_documents
from index.markup import plain
from index.settings import IndexSettings

DEFAULT_PER_DOCUMENT = 12
_TITLE_CHARS = 40
_SENTENCE_CHARS = (15, 200)
# Asked where the document does not have the word: a question that sounds right and has no answer.
_ABSENT = (
    ("예산", "에 든 예산은 모두 얼마입니까?"),
    ("만족도", "의 이용자 만족도는 몇 퍼센트입니까?"),
    ("위탁", "의 운영을 위탁받은 업체는 어디입니까?"),
    ("특허", "에서 출원한 특허는 몇 건입니까?"),
    ("조례", "의 근거가 된 조례는 무엇입니까?"),
)


def draft_cases(
    docs: Sequence[Path],
    kiwi: Kiwi,
    *,
    per_document: int = DEFAULT_PER_DOCUMENT,
    on_progress: Callable[[int], None] = lambda done: None,
) -> tuple[EvalCase, ...]:
    """At most ``per_document`` drafts for each document, of as many types as it gives.

    Raises:
        DocumentsNotFoundError: One of ``docs`` does not exist or holds nothing to read.
    """
    limits = IndexSettings.model_fields
    drafts: list[EvalCase] = []
    loaded = load_documents(docs, max_file_bytes=limits["max_file_bytes"].default)
    readable = (item for item in loaded if not isinstance(item, SkippedFile))
    for count, raw in enumerate(readable, start=1):
        document = ingest(raw, kiwi, max_chunk_chars=limits["max_chunk_chars"].default)
        drafts.extend(_of_document(document, kiwi, per_document))
        on_progress(count)
    return fresh_ids(drafts, ())


def draft_document(document: Document, kiwi: Kiwi, *, per_document: int) -> tuple[EvalCase, ...]:
    """As :func:`draft_cases`, for a document that an index holds."""
    metadata = {"kind": document.kind, "agency": document.agency, "year": document.year}
    raw = RawDocument(document.source, document.text, document.digest, document.title, metadata)
    ingested = ingest(raw, kiwi, max_chunk_chars=IndexSettings.model_fields["max_chunk_chars"].default)
    return tuple(_of_document(ingested, kiwi, per_document))


def _of_document(document: IngestedDocument, kiwi: Kiwi, limit: int) -> Iterator[EvalCase]:
    stem = _stem(document.document.source)
    by_type: dict[str, list[EvalCase]] = defaultdict(list)
    for case in document.cases:
        if len(case.title) <= _TITLE_CHARS:
            for draft in _of_case(document, case, kiwi):
                by_type[draft.type].append(draft)
    spread = (draft for turn in zip_longest(*by_type.values()) for draft in turn if draft is not None)
    unique = {"".join(draft.question.split()) + draft.type: draft for draft in spread}
    for number, draft in enumerate(list(unique.values())[:limit], start=1):
        yield draft.model_copy(update={"case_id": f"{stem}-{number:02}", "gold_docs": (stem,)})


def _stem(source: str) -> str:
    """A file's name without its ending; of ``corpus.jsonl#id``, many documents in a file, all of it."""
    name = PurePosixPath(source).name
    return name if "#" in name else name.rpartition(".")[0] or name


def _of_case(document: IngestedDocument, case: Case, kiwi: Kiwi) -> Iterator[EvalCase]:
    text = document.document.text
    sentences = [item.sentence for item in document.sentences if item.sentence.case_id == case.case_id]
    said = [sentence for sentence in sentences if _tells(sentence)]
    for sentence in said:
        yield from _of_sentence(case, sentence, kiwi)
    yield from _whom_to_ask(case, sentences)
    for word, asks in _ABSENT:
        if word not in text:
            note = f"문서에 '{word}'이(가) 없음"
            yield _draft(case, CaseType.UNANSWERABLE, _title(case) + asks, note=note)
            break


def _tells(sentence: Sentence) -> bool:
    low, high = _SENTENCE_CHARS
    return not sentence.structural and low <= len(sentence.text) <= high and not set("\t|▶") & set(sentence.text)


def _of_sentence(case: Case, sentence: Sentence, kiwi: Kiwi) -> Iterator[EvalCase]:
    words = plain(sentence.text).lstrip("□○-·※*•▪ ").strip()
    for asked in questions_of(words, kiwi):
        evidence = {"must_include": [[asked.fact]], "gold_quote": [sentence.text]}
        formal, polite = f"{_title(case)}에서 {asked.formal}", f"{_title(case)}에서 {asked.polite}"
        yield _draft(case, CaseType(asked.about), formal, **evidence)
        yield _draft(case, CaseType.COLLOQUIAL, polite, **evidence)
        yield _draft(case, CaseType.NOSPACE, "".join(formal.split()), **evidence)


def _whom_to_ask(case: Case, sentences: Sequence[Sentence]) -> Iterator[EvalCase]:
    for contact in case.contacts:
        if quote := _holding(contact.phone, sentences):
            whose = contact.department or "담당 부서"
            asked = f"{_title(case)}에 관해 {whose}에 물어보려면 몇 번으로 전화해야 합니까?"
            yield _draft(case, CaseType.CONTACT, asked, must_include=[[contact.phone]], gold_quote=[quote])
    quote = _holding(case.agency, sentences)
    if quote and case.agency not in case.title:
        asked = f"{_title(case)}을(를) 추진한 기관은 어디입니까?"
        yield _draft(case, CaseType.WHO, asked, must_include=[[case.agency]], gold_quote=[quote])


def _holding(words: str, sentences: Iterable[Sentence]) -> str:
    return next((sentence.text for sentence in sentences if words and words in sentence.text), "")


def _title(case: Case) -> str:
    return f"「{case.title}」"


def _draft(case: Case, kind: CaseType, question: str, **fields: object) -> EvalCase:
    return EvalCase.model_validate(
        {
            "case_id": "draft",
            "type": kind,
            "question": question,
            "answerable": kind is not CaseType.UNANSWERABLE,
            "gold_case": case.title,
            "reviewed": False,
            **fields,
        }
    )
