"""A document's kind by how it is built; what only looks a little like one keeps its own."""

from __future__ import annotations

import pytest

from index.document import DocumentKind
from index.document_kinds import document_kind
from index.outline import read_lines

ARTICLES = "제1조(목적) 이 규칙은 반납을 정한다.\n제2조(기한) 열흘 안에 반납한다.\n제3조(연체) 하루에 백 원을 낸다."
ROWS = "기관\t건수\t비율\n가람시\t건수: 182\t비율: 98%\n새빛시\t건수: 154\t비율: 97%\n해담시\t건수: 98\t비율: 96%"


@pytest.mark.parametrize(
    ("text", "title", "kind"),
    [
        (ARTICLES, "장서 반납", DocumentKind.LAW),
        ("가람시 [시행 2026. 1. 1.]\n1. 목적\n휴일에 나누어 쓴다.", "공용차량 운영지침", DocumentKind.LAW),
        ("Q1. 누가 받나요?\n청년이 받습니다.\nQ2. 얼마인가요?\n이십만 원입니다.", "월세 지원", DocumentKind.FAQ),
        ("## 누가 받나요?\n청년이다.\n## 얼마를 받나요?\n이십만 원이다.", "월세 지원", DocumentKind.FAQ),
        ("○ 일  시 : 2025. 6. 12.\n○ 참석자 : 위원 13명\n논의했다.", "제9차 교육위원회 회의록", DocumentKind.MINUTES),
        ("- 때: 11월 6일\n- 온 사람: 위원 9명\n심의했다.", "제4차 회의 결과", DocumentKind.MINUTES),
        (ROWS, "민원 처리 평가 결과", DocumentKind.TABLE),
        ("보 도 자 료\n상가를 작업실로 바꾼다.", "작업실", DocumentKind.PRESS_RELEASE),
        ("가람시(시장 온누리)는 9월에 쉼터를 연다고 밝혔다.", "쉼터를 연다", DocumentKind.PRESS_RELEASE),
        ("【사례1】 빗물을 쓰다\n채웠다.\n【사례2】 반납함을 두다\n두었다.", "모음", DocumentKind.CASE_COLLECTION),
        ("Ⅰ. 추진 배경\n늘었다.", "인공지능 로드맵(2026~2029)", DocumentKind.PLAN),
    ],
)
def test_each_kind_is_known_by_its_build(text: str, title: str, kind: DocumentKind) -> None:
    assert document_kind(text, title, list(read_lines(text))) is kind


@pytest.mark.parametrize(
    ("text", "title", "kind"),
    [
        # A plan that encloses the draft of a rule.
        (f"Ⅰ. 배경\n{'늘어난 반납 지연을 줄인다. ' * 20}\n{ARTICLES}", "반납 개선 계획", DocumentKind.PLAN),
        ("제1조(목적)에 따라 반납한다. 제2조(기한)도 본다.", "반납 안내", DocumentKind.OTHER),
        ("분리배출 요령을 알린다. 2026년 시행", "재활용 방법", DocumentKind.OTHER),
        ("왜 늦나요? 신청이 많기 때문이다.\n□ 처리 기간\n열흘이다.\n□ 수수료\n없다.", "처리 안내", DocumentKind.OTHER),
        ("○ 일시: 6월 12일\n○ 장소: 시청\n잔치를 연다.", "주민 잔치 안내", DocumentKind.OTHER),
        (f"{'수수료를 정한 까닭을 길게 적는다. ' * 30}\n{ROWS}", "수수료 안내", DocumentKind.OTHER),
        ("시장은 기쁘다고 밝혔다.", "소식", DocumentKind.OTHER),
        ("적극행정 우수사례를 뽑는다.", "적극행정 우수사례", DocumentKind.OTHER),
    ],
)
def test_what_only_mentions_a_kind_is_not_of_it(text: str, title: str, kind: DocumentKind) -> None:
    assert document_kind(text, title, list(read_lines(text))) is kind
