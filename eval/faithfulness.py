"""Whether an answer's sentences are what their own citations say, by the product's verifier and no other model."""

from __future__ import annotations

import re
from collections.abc import Sequence

from chatbot.answer import Answer, Citation
from chatbot.marked import split_marked
from chatbot.messages import without_own_words
from chatbot.verify import Verifier
from eval.run import CheckedSentence
from index.markup import plain

UNCITED = "인용이 없음"
_SOURCE_LINE = re.compile(r"근거:[\s,]*")


def check_sentences(answer: Answer, verifier: Verifier) -> tuple[CheckedSentence, ...]:
    """Every sentence of ``answer``, in order, against the passages that its own marks name; empty for a refusal.

    Lines that the pipeline itself lets through unchecked (where it stands, lists, contacts) are checked too; what is
    left out are our own words about the answer (how many were found). A sentence without a mark, or whose marks name
    no citation, is not supported.
    """
    if not answer.status.is_answer:
        return ()
    cited = {citation.number: citation for citation in answer.citations}
    checked = []
    for sentence in split_marked(without_own_words(answer.text)):
        own = [cited[number] for number in sentence.numbers if number in cited]
        problems = _problems(sentence.text, own, verifier) if own else (UNCITED,)
        checked.append(CheckedSentence(text=sentence.text, problems=problems))
    return tuple(checked)


def _problems(sentence: str, cited: Sequence[Citation], verifier: Verifier) -> tuple[str, ...]:
    if _only_names(sentence, cited):
        return ()
    passages = [plain(citation.quote) for citation in cited]
    return verifier.check(sentence, passages, context=" ".join(map(_header, cited))).problems


def _only_names(sentence: str, cited: Sequence[Citation]) -> bool:
    """Whether a line names the cases that it cites, letter for letter as the index does, and says nothing else."""
    for citation in cited:
        facts = ", ".join(filter(None, [citation.agency, f"{citation.year}년" if citation.year else ""]))
        sentence = sentence.replace(f"「{citation.case_title}」" + (f"({facts})" if facts else ""), "")
    return _SOURCE_LINE.fullmatch(sentence) is not None


def _header(citation: Citation) -> str:
    """What a sentence may say of its case without the passage: title, agency, year, heading."""
    year = f"{citation.year}년" if citation.year else ""
    return " ".join([citation.case_title, citation.agency, year, *citation.heading_path])
