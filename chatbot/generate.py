"""Answers written by a chat model: numbered sources in, verified sentences out."""

from __future__ import annotations

import logging
import re
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from copy import copy
from typing import Any

from langchain_core.messages import BaseMessage
from langchain_core.runnables import Runnable

from chatbot.agencies import AgencyTable
from chatbot.compose import passage_of
from chatbot.draft import DraftSentence
from chatbot.errors import ChatModelError, ChatModelMissingError
from chatbot.evidence import Evidence
from chatbot.guardrails import looks_like_instruction
from chatbot.llm import build_chat_model, constrained, prompt_name, read_within
from chatbot.marked import MarkedSentence, SentenceStream
from chatbot.model_queue import ModelQueue
from chatbot.prompt import Prompt, load_grammar, load_prompt
from chatbot.settings import Settings
from chatbot.verify import Verifier
from index.library import Library
from index.markup import plain

log = logging.getLogger(__name__)

MAX_SOURCES = 8
MAX_SENTENCES = 6
"""Sentences after which a model that does not stop is no longer listened to; the prompts ask for three."""
MAX_SOURCE_CHARS = 500
ANSWERS_AT_ONCE = 4
MODEL_SHARE = 0.75
"""Of the time for an answer that the model may use: the extractive answer that stands in for it needs the rest."""

_REFUSAL = re.compile(r"[\[［【(]\s*근거\s*없음\s*[\]］】)]|^\s*근거\s*없음\s*[.。]?\s*$")
# A model that says so in its own words. The source must be named: "법적 근거가 없습니다" is an answer.
_NOT_FOUND = re.compile(
    r"(?:자료|문서|출처|본문)[가-힣]{0,4}\s.{0,40}"
    r"(?:나와|나타나|적혀|담겨|언급|포함|명시|제시|확인|찾을|알|답할|정보|내용|설명)\S{0,3}\s?(?:있지\s?)?(?:수\s?)?(?:않|없)"
)
# Small models go on by writing the prompt's next sections themselves.
_NEXT_SECTION = re.compile(r"^\s*(?:</?(?:자료|질문|대화)>|(?:사례|질문)\s*:)")
# "답:" of the prompt, and the "(추진 배경)" that stands before a source there.
_LABEL = re.compile(r"^(?:(?:답변?|정답)\s*:\s*|\([^()]{1,30}\)\s+)+")
_TAIL_CHARS = 16
_COMPLETE = re.compile(r"[\].!?。］】]\s*$")
_DELIMITERS = str.maketrans("[]<>［］【】＜＞", "()〈〉()()〈〉")
_THINK, _THOUGHT = "<think>", "</think>"


class GenerativeComposer:
    """Asks a chat model and lets through what the verifier finds in the sentences it cites.

    ``model`` is a LangChain chat model, bound to what it needs. ``timeout_seconds`` is the time for the whole answer,
    silence included; ``queue`` says how many answers may be written at once. Safe to share between threads.
    """

    def __init__(
        self,
        model: Runnable[Any, BaseMessage],
        prompt: Prompt,
        verifier: Verifier,
        library: Library,
        timeout_seconds: float,
        queue: ModelQueue | None = None,
    ) -> None:
        self.prompt = prompt
        self._chain = prompt.template | model
        self._verifier = verifier
        self._library = library
        self._timeout_seconds = timeout_seconds
        self._queue = queue or ModelQueue(ANSWERS_AT_ONCE)

    def over(self, library: Library) -> GenerativeComposer:
        """The same model and prompt over another version of the index."""
        other = copy(self)
        other._library = library
        return other

    def stream(self, question: str, evidence: Sequence[Evidence]) -> Generator[DraftSentence]:
        """The sentences of the answer, each as soon as it is complete and verified; none when the model refuses.

        Raises:
            ChatModelError: The model fails, breaks off, says nothing, takes too long, or has enough to do already;
                possibly after some sentences.
        """
        numbered = number_sources(evidence)
        if not numbered:
            return
        said: set[str] = set()
        with closing(self._sentences(question, numbered)) as sentences:
            for sentence in sentences:
                if _REFUSAL.search(sentence.text) or _NEXT_SECTION.search(sentence.text):
                    return
                text = _LABEL.sub("", plain(sentence.text))
                cited = tuple(numbered[number] for number in sentence.numbers if number in numbered)
                if not cited or text in said or _is_asked(text, question):
                    continue
                if self._is_supported(text, cited):
                    said.add(text)
                    yield DraftSentence(text, tuple(passage_of(item) for item in cited))
                if len(said) >= MAX_SENTENCES:
                    return

    def _sentences(self, question: str, numbered: Mapping[int, Evidence]) -> Generator[MarkedSentence]:
        values = {"sources": sources_text(numbered), "question": neutral(question)}
        self.prompt.check(values)
        stream, end = SentenceStream(), ""
        with self._queue.place(), closing(read_within(self._chain, values, self._timeout_seconds)) as tokens:
            for token in without_thinking(tokens):
                yield from stream.feed(token)
                end = (end + token)[-_TAIL_CHARS:]
        if not end.strip():
            raise ChatModelError("언어 모델이 빈 답을 보냈습니다.")
        if _COMPLETE.search(end):
            yield from stream.flush()

    def _is_supported(self, sentence: str, cited: Sequence[Evidence]) -> bool:
        passages = [self._quote(item) for item in cited]
        if _NOT_FOUND.search(sentence) and not any(map(_NOT_FOUND.search, passages)):
            return False
        return self._verifier.check(sentence, passages, context=" ".join(map(_context, cited))).supported

    def _quote(self, item: Evidence) -> str:
        """The stored text that will be shown as the citation, so that what is compared is what is quoted."""
        document = self._library.document(item.sentence.document_id)
        return plain(document.text[item.sentence.start : item.sentence.end])


def build_composer(settings: Settings, library: Library, verifier: Verifier | None = None) -> GenerativeComposer | None:
    """The composer that the settings ask for; ``None`` where answers are extracted only.

    A package that is not installed costs the model, not the service: the log says so and answers are extracted.

    Raises:
        ChatModelError: A setting is missing or wrong.
    """
    try:
        model = build_chat_model(settings)
    except ChatModelMissingError as error:
        log.warning("%s 그때까지 발췌 답변을 냅니다.", error)
        return None
    if model is None:
        return None
    return GenerativeComposer(
        constrained(model, settings, load_grammar("answer")),
        load_prompt(prompt_name(settings)),
        verifier or Verifier(library.kiwi, AgencyTable.load(extra=settings.index.agencies_file).names),
        library,
        timeout_seconds=min(settings.chat_timeout_seconds, MODEL_SHARE * settings.answer_timeout_seconds),
        queue=ModelQueue(settings.chat_queue_size),
    )


def number_sources(evidence: Sequence[Evidence]) -> dict[int, Evidence]:
    """The best sentences by the number a model sees, case by case, in document order inside a case.

    Sentences that give orders to whoever reads them are left out.
    """
    best = [item for item in evidence if not looks_like_instruction(plain(item.sentence.text))][:MAX_SOURCES]
    places = {case_id: place for place, case_id in enumerate(dict.fromkeys(item.case.case_id for item in best))}
    best.sort(key=lambda item: (places[item.case.case_id], item.sentence.start))
    return dict(enumerate(best, start=1))


def sources_text(numbered: Mapping[int, Evidence]) -> str:
    """The numbered sentences as the prompt shows them: one a line, under the case that they belong to."""
    lines: list[str] = []
    case_id = ""
    for number, item in numbered.items():
        if item.case.case_id != case_id:
            case_id = item.case.case_id
            lines += ["", f"사례: {_case_line(item)}"]
        lines.append(f"[{number}] {_heading(item)}{neutral(_short(plain(item.sentence.text)))}")
    return "\n".join(lines).strip()


def without_thinking(tokens: Iterable[str]) -> Iterator[str]:
    """The tokens outside ``<think>…</think>``, in which some models write before they answer."""
    held, inside = "", False
    for token in tokens:
        held += token
        while (found := held.find(_THOUGHT if inside else _THINK)) >= 0:
            if not inside and found:
                yield held[:found]
            held = held[found + len(_THOUGHT if inside else _THINK) :]
            inside = not inside
        ready = len(held) - _begun(held, _THOUGHT if inside else _THINK)
        if ready and not inside:
            yield held[:ready]
        held = held[ready:]
    if held and not inside:
        yield held


def neutral(text: str) -> str:
    """``text`` on one line, without the signs that mark numbers and sections in our prompts."""
    return " ".join(text.translate(_DELIMITERS).split())


def _is_asked(text: str, question: str) -> bool:
    """Whether a sentence asks, or only says the question again."""
    said, asked = (re.sub(r"\W", "", part) for part in (text, question))
    return text.endswith("?") or not said or said in asked


def _begun(text: str, tag: str) -> int:
    """Characters at the end of ``text`` that may be the beginning of ``tag``."""
    return next((size for size in range(min(len(text), len(tag) - 1), 0, -1) if tag.startswith(text[-size:])), 0)


def _case_line(item: Evidence) -> str:
    title = item.case.title if not looks_like_instruction(item.case.title) else "제목 없음"
    facts = [item.case.agency, f"{item.case.year}년" if item.case.year else ""]
    known = ", ".join(fact for fact in facts if fact and not looks_like_instruction(fact))
    return neutral(title) + (f" ({neutral(known)})" if known else "")


def _heading(item: Evidence) -> str:
    """What a fragment is about when it does not say so itself; the case's own title is already above it."""
    heading = item.sentence.heading_path[-1] if item.sentence.heading_path else ""
    if not heading or heading == item.case.title or looks_like_instruction(heading):
        return ""
    return f"({neutral(heading)}) "


def _context(item: Evidence) -> str:
    year = f"{item.case.year}년" if item.case.year else ""
    return " ".join([item.case.title, item.case.agency, year, *item.sentence.heading_path])


def _short(text: str) -> str:
    if len(text) <= MAX_SOURCE_CHARS:
        return text
    return text[:MAX_SOURCE_CHARS].rsplit(" ", 1)[0] + " …"
