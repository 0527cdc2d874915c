"""A chatbot over three short documents, one of them hostile: what the edges are tested against."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from chatbot.answer import (
    Answer,
    AnswerStatus,
    Citation,
    ContactCard,
    Event,
    Filters,
    NearestCase,
    Provenance,
    Question,
    QuestionKind,
)
from chatbot.api.links import document_url
from chatbot.explanation import Candidate, Explanation, Unused
from chatbot.own_documents.joining import Joined
from index.build import Progress
from index.document import (
    Case,
    CaseField,
    Chunk,
    Contact,
    Document,
    DocumentKind,
    Page,
    SearchFilters,
    SearchResult,
    Sentence,
)
from index.errors import IndexPackageError, UnknownIdError

HOSTILE = """<img src=x onerror="document.title='뚫림'"><script>document.title='뚫림'</script>"""

BIKE = """# 공영자전거 고장 신고 개선

□ 추진 배경
- 고장 난 자전거를 신고해도 수리까지 평균 9일이 걸렸습니다.
□ 추진 결과
- 큐알코드 신고를 도입하여 수리 기간을 평균 9일에서 2일로 줄였습니다.
- 신고 건수는 한 달 1,240건으로 늘었습니다.
담당 부서: 새빛시 교통정책과 (02-000-1234)
"""

LIBRARY = """# 밤에도 여는 작은도서관

새빛시는 작은도서관 12곳의 문을 밤 10시까지 열었습니다.
이용자는 석 달 만에 4만 명을 넘었습니다.
"""

EVIL = f"""# 나쁜 문서 {HOSTILE}

${{alert(1)}} {{{{constructor}}}} 이 문서는 2개의 공격을 담고 있습니다. {HOSTILE}
"""


def _document(document_id: str, title: str, agency: str, year: int, text: str, kind: DocumentKind) -> Document:
    return Document(
        document_id=document_id,
        source=f"{document_id}.md",
        title=title,
        kind=kind,
        agency=agency,
        published_on=date(year, 3, 1),
        year=year,
        text=text,
        digest="0" * 64,
        pages=(Page(1, 0),),
    )


DOCUMENTS = (
    _document("bike", "공영자전거 고장 신고 개선", "새빛시", 2024, BIKE, DocumentKind.CASE_CARD),
    _document("night-library", "밤에도 여는 작은도서관", "새빛시 도서관과", 2023, LIBRARY, DocumentKind.PRESS_RELEASE),
    _document("evil", f"나쁜 문서 {HOSTILE}", f"나쁜 기관 {HOSTILE}", 2022, EVIL, DocumentKind.OTHER),
)


@dataclass(frozen=True)
class FakeManifest:
    created_at: str = "2026-01-01T09:00:00+00:00"
    documents: int = 3
    cases: int = 3


class FakeLibrary:
    """Finds a document when a word of the query occurs in it; ``filters`` keeps what the last listing asked for."""

    version = "20260101-fake"
    manifest = FakeManifest()

    def __init__(self) -> None:
        self.filters: SearchFilters | None = None

    def document(self, document_id: str) -> Document:
        for document in DOCUMENTS:
            if document.document_id == document_id:
                return document
        raise UnknownIdError(f"문서 {document_id!r}이(가) 색인에 없습니다.")

    def replaces(self, document_id: str) -> list[str]:
        return ["옛 " + self.document(document_id).source]

    def replaced_by(self, document_id: str) -> str | None:
        return "night-library" if document_id == "bike" else None

    def cases(self, filters: SearchFilters | None = None) -> Sequence[Case]:
        self.filters = filters
        return [case for case in self._cases() if filters is None or self._meets(case, filters)]

    def _meets(self, case: Case, filters: SearchFilters) -> bool:
        if filters.year is not None and not filters.year <= (case.year or 0) <= (filters.year_to or filters.year):
            return False
        return filters.agency in case.agency and filters.kind in (None, self.kind(case.document_id))

    def _cases(self) -> list[Case]:
        return [
            Case(
                case_id=f"{d.document_id}-1",
                document_id=d.document_id,
                title=d.title,
                agency=d.agency,
                year=d.year,
                start=0,
                end=len(d.text),
                contacts=(Contact("교통정책과", "홍길동", "02-000-1234"),) if d.document_id == "bike" else (),
            )
            for d in DOCUMENTS
        ]

    def case(self, case_id: str) -> Case:
        for case in self.cases():
            if case.case_id == case_id:
                return case
        raise UnknownIdError(f"사례 {case_id!r}이(가) 색인에 없습니다.")

    def kind(self, document_id: str) -> DocumentKind:
        return self.document(document_id).kind

    def sentences(self, case_id: str) -> list[Sentence]:
        """A line is a sentence; a heading says what the lines below it are."""
        document = self.document(self.case(case_id).document_id)
        found: list[Sentence] = []
        field, start = CaseField.BODY, 0
        for line in document.text.splitlines(keepends=True):
            said = line.rstrip("\n")
            field = {"□ 추진 배경": CaseField.PURPOSE, "□ 추진 결과": CaseField.RESULT}.get(said, field)
            if said:
                found.append(
                    Sentence(
                        document_id=document.document_id,
                        case_id=case_id,
                        ordinal=len(found),
                        start=start,
                        end=start + len(said),
                        text=said,
                        field=field,
                        structural=said.startswith(("#", "□")),
                    )
                )
            start += len(line)
        return found

    def similar_cases(self, case_id: str, top_k: int) -> list[Case]:
        return [case for case in self.cases() if case.case_id != case_id][:top_k]

    def search(self, query: str, *, top_k: int = 10, filters: SearchFilters | None = None) -> list[SearchResult]:
        hits = [
            case for case in self.cases() if any(word in self.document(case.document_id).text for word in query.split())
        ]
        return [
            SearchResult(chunk=self._chunk(case), rank=rank, score=1 / rank)
            for rank, case in enumerate(hits[:top_k], 1)
        ]

    def _chunk(self, case: Case) -> Chunk:
        text = self.document(case.document_id).text[case.start : case.end]
        return Chunk(
            chunk_id=f"{case.document_id}#0",
            document_id=case.document_id,
            case_id=case.case_id,
            case_title=case.title,
            agency=case.agency,
            year=case.year,
            heading_path=(),
            start=case.start,
            end=case.end,
            text=text,
            digest="0" * 64,
        )


class FakeChatbot:
    """Answers about the bicycles, the hostile document and everything; refuses the rest.

    ``gate`` holds every answer back while it is cleared; ``asked`` keeps the questions.
    """

    def __init__(self) -> None:
        self.library = FakeLibrary()
        self.gate = threading.Event()
        self.gate.set()
        self.asked: list[Question] = []

    def search(self, query: str, *, top_k: int = 10, filters: SearchFilters | None = None) -> list[SearchResult]:
        return self.library.search(query, top_k=top_k, filters=filters)

    def answer(self, question: Question) -> Answer:
        self.asked.append(question)
        if not self.gate.wait(timeout=30):
            raise TimeoutError
        if "폭발" in question.text:
            raise RuntimeError(question.text)
        if "없는" in question.text:
            return self._refusal()
        if "공격" in question.text:
            return self._cited(
                f"문서는 공격을 담고 있습니다. {HOSTILE}[1] 없는 번호입니다.[7]", None, "evil", ["공격을 담고"]
            )
        answer = self._cited(
            "큐알코드 신고를 도입하여 수리 기간을 평균 9일에서 2일로 줄였습니다.[1]\n"
            "- 신고 건수는 한 달 1,240건으로 늘었습니다.[2]",
            "평균 2일",
            "bike",
            [
                "- 큐알코드 신고를 도입하여 수리 기간을 평균 9일에서 2일로 줄였습니다.",
                "- 신고 건수는 한 달 1,240건으로 늘었습니다.",
            ],
        )
        if "새 판" not in question.text:
            return answer
        former = tuple(self.library.replaces("bike"))
        newer = tuple(citation.model_copy(update={"replaces": former}) for citation in answer.citations)
        return answer.model_copy(update={"citations": newer})

    def stream(self, question: Question) -> Iterator[Event]:
        yield Event(name="status", data={"step": "retrieve"})
        answer = self.answer(question)
        if question.explain:
            yield Event(name="explanation", data=self._explanation().model_dump(mode="json"))
        for token in re.findall(r"\S+\s*", answer.text):
            yield Event(name="token", data={"text": token})
        for citation in answer.citations:
            yield Event(name="citation", data=citation.model_dump(mode="json"))
        yield Event(name="answer", data=answer.model_dump(mode="json"))

    def _cited(self, text: str, short: str | None, document_id: str, quotes: list[str]) -> Answer:
        document = self.library.document(document_id)
        citations = []
        for number, quote in enumerate(quotes, 1):
            start = document.text.index(quote)
            citations.append(
                Citation(
                    number=number,
                    document_id=document_id,
                    source=document.source,
                    case_id=f"{document_id}-1",
                    case_title=document.title,
                    agency=document.agency,
                    year=document.year,
                    page=1,
                    quote=quote,
                    start=start,
                    end=start + len(quote),
                    url=document_url(document_id, start, start + len(quote)),
                )
            )
        return Answer(
            answer_id="a1",
            status=AnswerStatus.ANSWERED,
            text=text,
            short_answer=short,
            citations=tuple(citations),
            kind=QuestionKind.NUMBER,
            filters=Filters(year=2024),
            confidence=0.9,
            contacts=(ContactCard(department="교통정책과", name="홍길동", phone="02-000-1234"),),
            follow_ups=("담당 부서는 어디인가요?",),
            provenance=Provenance(index_version=self.library.version, answerer="extractive"),
            timings_ms={"retrieve": 21.0, "rerank": 95.0, "verify": 10.0, "total": 131.0},
        )

    def joined(self, docs: Path, index_dir: Path, progress: Progress) -> Joined:
        """A chatbot of its own, which answers the same; the files are not read."""
        names = sorted(path.name for path in docs.rglob("*") if path.is_file())
        progress("임베딩과 색인", 1, 2)
        if "망가진.txt" in names:
            raise IndexPackageError("읽을 수 있는 문서가 없습니다.")
        own, both = FakeChatbot(), FakeChatbot()
        for chatbot in (own, both):
            chatbot.asked, chatbot.gate = self.asked, self.gate
        return Joined(own, both, len(names), close=lambda: None)

    def _explanation(self) -> Explanation:
        """The first sentence of the bicycle case was read and left out."""
        quote = "- 고장 난 자전거를 신고해도 수리까지 평균 9일이 걸렸습니다."
        start = BIKE.index(quote)
        candidate = Candidate(
            document_id="bike",
            case_id="bike-1",
            case_title="공영자전거 고장 신고 개선",
            agency="새빛시",
            year=2024,
            start=start,
            end=start + len(quote),
            quote=quote,
            score=0.12,
            unused=Unused.NOT_VERIFIED,
            problems=("‘9일’이 근거와 다름",),
        )
        return Explanation(synonyms=("따릉이",), candidates=(candidate,), threshold=0.3)

    def _refusal(self) -> Answer:
        return Answer(
            answer_id="a2",
            status=AnswerStatus.NOT_IN_SOURCES,
            text="그 내용은 자료에 없습니다. 아래 가까운 사례를 보시거나 담당 부서에 문의해 주십시오.",
            contacts=(ContactCard(department="교통정책과", name="홍길동", phone="02-000-1234"),),
            nearest_cases=(
                NearestCase(
                    case_id="night-library-1",
                    document_id="night-library",
                    title="밤에도 여는 작은도서관",
                    agency="새빛시 도서관과",
                    year=2023,
                    url=document_url("night-library", 0, 10),
                ),
            ),
            provenance=Provenance(index_version=self.library.version, answerer="none"),
        )
