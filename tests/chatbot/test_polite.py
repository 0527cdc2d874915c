from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatbot.polite import polite
from index.morphemes import shared_kiwi

PRESENT = {
    # -함, -됨, -임, -음
    "민원 창구를 한 층에 모아 운영함": "민원 창구를 한 층에 모아 운영합니다.",
    "접수된 서류는 자동으로 분류됨": "접수된 서류는 자동으로 분류됩니다.",
    "전국에서 처음 시도한 사례임": "전국에서 처음 시도한 사례입니다.",
    "대기 시간이 길다는 어려움이 있음": "대기 시간이 길다는 어려움이 있습니다.",
    "종이 서류는 더 받지 않음": "종이 서류는 더 받지 않습니다.",
    "야간에는 상담할 인력이 없음": "야간에는 상담할 인력이 없습니다.",
    "이용자의 만족도가 높음": "이용자의 만족도가 높습니다.",
    "온라인으로도 신청할 수 있음": "온라인으로도 신청할 수 있습니다.",
    "현장 확인이 어려움": "현장 확인이 어렵습니다.",
    "처리 기한을 7일로 줄임": "처리 기한을 7일로 줄입니다.",
    "주민이 직접 지도를 만듦": "주민이 직접 지도를 만듭니다.",
    "내년에도 이어 갈 예정임": "내년에도 이어 갈 예정입니다.",
    "도입이 시급함": "도입이 시급합니다.",
    # past endings keep their tense
    "2022년에 시범 운영을 마쳤음": "2022년에 시범 운영을 마쳤습니다.",
    "안내문을 12개 언어로 옮겼음": "안내문을 12개 언어로 옮겼습니다.",
    "전담 창구를 신설하였음": "전담 창구를 신설하였습니다.",
    "수수료를 전액 면제했음": "수수료를 전액 면제했습니다.",
    "문의가 크게 늘었음": "문의가 크게 늘었습니다.",
    # plain sentences
    "구청은 무인 발급기를 40대로 늘렸다.": "구청은 무인 발급기를 40대로 늘렸습니다.",
    "이 제도는 2020년에 시작되었다.": "이 제도는 2020년에 시작되었습니다.",
    "도서관이 책을 집까지 배달한다.": "도서관이 책을 집까지 배달합니다.",
    "신청서는 한 장이면 된다.": "신청서는 한 장이면 됩니다.",
    "전국 최초의 사례이다.": "전국 최초의 사례입니다.",
    "반드시 방문할 필요는 없다.": "반드시 방문할 필요는 없습니다.",
    "앞으로 대상을 넓혀 나가겠다.": "앞으로 대상을 넓혀 나가겠습니다.",
    "시장은 “계속 늘리겠다.”라고 밝혔다.": "시장은 “계속 늘리겠다.”라고 밝혔습니다.",
    "그는 “현장에 답이 있다”며 방문을 약속했다.": "그는 “현장에 답이 있다”며 방문을 약속했습니다.",
    "이는 사실이 아니다.": "이는 사실이 아닙니다.",
    # verbal nouns with what they govern
    "통합 예약 시스템을 구축": "통합 예약 시스템을 구축합니다.",
    "모든 동에 전담 인력을 배치.": "모든 동에 전담 인력을 배치합니다.",
    "서류 제출을 전자 문서로 대체": "서류 제출을 전자 문서로 대체합니다.",
    "드론으로 산불을 감시하여 초기에 진화": "드론으로 산불을 감시하여 초기에 진화합니다.",
    "연간 8천만 원 이상 절감": "연간 8천만 원 이상 절감입니다.",
    "수기 대장을 없애 연간 8천만 원 이상 절감": "수기 대장을 없애 연간 8천만 원 이상 절감합니다.",
    "통합 안내판 설계 및 설치": "통합 안내판을 설계 및 설치합니다.",
    "생활 정보 지도 구축·제공": "생활 정보 지도를 구축·제공합니다.",
    "부서마다 다른 서식을 하나로 표준화": "부서마다 다른 서식을 하나로 표준화합니다.",
    "신청 서식 표준화": "신청 서식을 표준화합니다.",
    "농촌 인구 고령화": "농촌 인구가 고령화됩니다.",
    "유형별 안내": "유형별 안내입니다.",
    "신청자의 71.5%가 이용(4,210명)": "신청자의 71.5%가 이용합니다(4,210명).",
    "신고 건수 폭증": "신고 건수가 폭증합니다.",
    "주민의 의견을 들어 노선을 조정": "주민의 의견을 들어 노선을 조정합니다.",
    "담당 부서와 협의하여 절차 개선": "담당 부서와 협의하여 절차를 개선합니다.",
    "행정 신뢰도 향상에 기여": "행정 신뢰도 향상에 기여합니다.",
    "골목 상권의 매출 회복에 이바지": "골목 상권의 매출 회복에 이바지합니다.",
    "빈 점포를 활용하여 청년 창업 지원": "빈 점포를 활용하여 청년 창업을 지원합니다.",
    "앱 하나로 접수부터 결과 확인까지 처리": "앱 하나로 접수부터 결과 확인까지 처리합니다.",
    # verbal nouns with a bare noun before them
    "모바일 안내 서비스 제공": "모바일 안내 서비스를 제공합니다.",
    "민원 처리 기간 단축": "민원 처리 기간을 단축합니다.",
    "주차장 공유 체계 마련": "주차장 공유 체계를 마련합니다.",
    "스마트 버스 정류장 설치(32곳)": "스마트 버스 정류장을 설치합니다(32곳).",
    "위치 확인 앱(길찾기) 개발": "위치 확인 앱(길찾기)을 개발합니다.",
    "‘우리동네 한바퀴’ 운영": "‘우리동네 한바퀴’를 운영합니다.",
    "업무 담당자 부담 완화": "업무 담당자 부담을 완화합니다.",
    "독거 어르신 안전 확보": "독거 어르신 안전을 확보합니다.",
    "이용자 불편 발생": "이용자 불편이 발생합니다.",
    "법적 근거 부족": "법적 근거가 부족합니다.",
    "이용 만족도 향상": "이용 만족도가 향상됩니다.",
    "방문 민원 감소": "방문 민원이 감소합니다.",
    "지역 경제 활성화 기여": "지역 경제 활성화에 기여합니다.",
    # subjects
    "안전성이 확보": "안전성이 확보됩니다.",
    "개선의 필요성이 제기": "개선의 필요성이 제기됩니다.",
    "주민의 불만이 증가": "주민의 불만이 증가합니다.",
    "상담 요청이 접수": "상담 요청이 접수됩니다.",
    "지역 주민이 참여": "지역 주민이 참여합니다.",
    # need, ability, expectation
    "안내 체계 개선 필요": "안내 체계 개선이 필요합니다.",
    "현장의 목소리를 반영할 필요": "현장의 목소리를 반영할 필요가 있습니다.",
    "제도의 보완이 필요": "제도의 보완이 필요합니다.",
    "휴대전화로 신청 가능": "휴대전화로 신청 가능합니다.",
    "기한 연장 불가": "기한 연장 불가합니다.",
    "연간 3억 원의 예산 절감 기대": "연간 3억 원의 예산 절감이 기대됩니다.",
    "이용자가 늘어날 것으로 전망": "이용자가 늘어날 것으로 전망됩니다.",
    "개인정보 유출 우려": "개인정보 유출이 우려됩니다.",
    "다른 지역으로 확산될 것으로 기대.": "다른 지역으로 확산될 것으로 기대됩니다.",
    # nouns
    "종이 없는 민원실을 만든 사례": "종이 없는 민원실을 만든 사례입니다.",
    "담당자가 일일이 확인해야 하는 상황": "담당자가 일일이 확인해야 하는 상황입니다.",
    "2024년 하반기에 전면 시행할 계획": "2024년 하반기에 전면 시행할 계획입니다.",
    "행정안전부는 대상을 확대할 계획": "행정안전부는 대상을 확대할 계획입니다.",
    "약 1,250개": "약 1,250개입니다.",
    "12월 4일(목)": "12월 4일(목)입니다.",
    "2026년까지": "2026년까지입니다.",
    "담당: 정보화과 이서준 주무관": "담당: 정보화과 이서준 주무관입니다.",
    "하늘마루 평생학습관": "하늘마루 평생학습관입니다.",
    "만족도 94.5%": "만족도 94.5%입니다.",
    "절차의 대폭 간소화": "절차의 대폭 간소화입니다.",
    "온라인 접수": "온라인 접수입니다.",
    "신속한 복구 및 주민의 피해 최소화": "신속한 복구 및 주민의 피해 최소화입니다.",
    "서류 간소화, 방문 횟수 축소": "서류 간소화, 방문 횟수 축소입니다.",
    # several sentences
    "창구를 통합함. 또한 안내 인력을 배치.": "창구를 통합합니다. 또한 안내 인력을 배치합니다.",
    "대기 시간을 줄였다. 특히 점심시간에도 운영함.": "대기 시간을 줄였습니다. 특히 점심시간에도 운영합니다.",
}

PAST = {
    "통합 예약 시스템을 구축": "통합 예약 시스템을 구축했습니다.",
    "민원 처리 기간 단축": "민원 처리 기간을 단축했습니다.",
    "이용 만족도 향상": "이용 만족도가 향상되었습니다.",
    "이용자 불편 발생": "이용자 불편이 발생했습니다.",
    "안내 체계 개선 필요": "안내 체계 개선이 필요했습니다.",
    "현장의 목소리를 반영할 필요": "현장의 목소리를 반영할 필요가 있었습니다.",
    "안전성이 확보": "안전성이 확보되었습니다.",
    "접수된 서류는 자동으로 분류됨": "접수된 서류는 자동으로 분류됩니다.",
    "휴대전화로 신청 가능": "휴대전화로 신청 가능합니다.",
    "다른 지역으로 확산될 것으로 기대.": "다른 지역으로 확산될 것으로 기대됩니다.",
    "전국 최초의 사례이다.": "전국 최초의 사례입니다.",
}

BULLETED = {
    "- 전담 창구 신설": "전담 창구를 신설합니다.",
    "○ 방문 없이 신청 가능 ": "방문 없이 신청 가능합니다.",
    "※ 주말에는 운영하지 않음": "주말에는 운영하지 않습니다.",
    "☞ 연간 2천만 원 절감": "연간 2천만 원 절감입니다.",
    "▸ 무인 발급기 설치 ;": "무인 발급기를 설치합니다.",
    "\\* 시범 기간은 6개월임": "시범 기간은 6개월입니다.",
    "**안심 귀가 서비스** 도입": "안심 귀가 서비스를 도입합니다.",
    "혁신 과정 ▶ 구청은 상담 인력을 확충": "혁신 과정 ▶ 구청은 상담 인력을 확충합니다.",
}

LEFT = [
    "09:30~09:40(10분) ▸ 여는 말 시민협력과",
    "창구 3곳 → '24년 8곳 이상",
    "접수 건수 | 1,204",
    "목차 ..... 3",
    "(현행) 방문 신청 ⇒ (개선) 앱 신청",
    "고지서 건수 : 수도 2.1, 전기 8.4, 가스 3",
    "민원을 줄이기 위해",
    "주민과 함께",
    "대상자를",
    "왜 앱이 필요했을까?",
    "함께 만들어 갑시다!",
]

ALREADY = [
    "창구를 한 층에 모았습니다.",
    "담당 부서는 정보화과입니다.",
    "신청은 어디서 하나요?",
    "전화로도 신청할 수 있어요.",
    "먼저 앱을 내려받으세요.",
    "창구를 모았습니다. 대기 시간도 줄었습니다.",
]


@pytest.mark.parametrize(("fragment", "expected"), PRESENT.items())
def test_clipped_text_gets_a_polite_ending(fragment: str, expected: str) -> None:
    assert polite(fragment, shared_kiwi()) == expected


@pytest.mark.parametrize(("fragment", "expected"), PAST.items())
def test_what_is_known_to_be_done_is_told_in_the_past(fragment: str, expected: str) -> None:
    assert polite(fragment, shared_kiwi(), past=True) == expected


@pytest.mark.parametrize(("fragment", "expected"), BULLETED.items())
def test_bullets_marks_and_odd_punctuation_go(fragment: str, expected: str) -> None:
    assert polite(fragment, shared_kiwi()) == expected


@pytest.mark.parametrize("fragment", LEFT)
def test_tables_arrows_and_cut_off_text_stay_as_they_are(fragment: str) -> None:
    assert polite(fragment, shared_kiwi()) == fragment


def test_cells_of_a_table_stay_apart_from_sentences() -> None:
    assert polite("시범\t본사업\t행정과 각 동", shared_kiwi()) == "시범 본사업 행정과 각 동"


@pytest.mark.parametrize("fragment", ALREADY)
def test_polite_text_stays_byte_for_byte(fragment: str) -> None:
    assert polite(fragment, shared_kiwi()) == fragment


@pytest.mark.parametrize("fragment", [*PRESENT, *PAST, *BULLETED, *LEFT, *ALREADY])
def test_to_make_polite_twice_changes_nothing_more(fragment: str) -> None:
    once = polite(fragment, shared_kiwi())
    assert polite(once, shared_kiwi()) == once


@pytest.mark.parametrize("fragment", ["", " ", "-", "※", ".", "1", "·"])
def test_a_fragment_without_words_stays_without_words(fragment: str) -> None:
    assert re.sub(r"입니다\.$", "", polite(fragment, shared_kiwi())) in ("", "-", "※", ".", "·", "1")


def kept(text: str) -> list[str]:
    """What must survive: digits, Latin words and quoted names, in order."""
    return re.findall(r"\d+|[A-Za-z]+|[‘「“][^’」”]+[’」”]", text)


PIECES = st.sampled_from(
    [
        "3만 2천 명",
        "‘새싹길’",
        "「지방자치법」",
        "AI",
        "앱(app)을",
        "2024년 3월",
        "44.5%",
        "제7조",
        "체계를",
        "주민의",
        "하여",
        "및",
        ",",
    ]
)
ENDS = st.sampled_from(
    ["구축", "함", "제공함", "늘렸다", "필요", "가능", "기대", "사례", "향상.", "발생", "하였음", "것", "이다.", "등"]
)


@settings(deadline=None, max_examples=150)
@given(st.lists(PIECES, max_size=6), ENDS, st.booleans())
def test_digits_latin_words_and_quoted_names_stay_in_order(pieces: list[str], end: str, past: bool) -> None:
    fragment = " ".join([*pieces, end])
    assert kept(polite(fragment, shared_kiwi(), past=past)) == kept(fragment)


@settings(deadline=None, max_examples=100)
@given(st.text(alphabet="가나다함음임됨를을의 ,.()‘’“”「」0123456789ABC%~→|-※\n", max_size=40))
def test_any_text_keeps_its_figures(text: str) -> None:
    assert re.findall(r"\d+", polite(text, shared_kiwi())) == re.findall(r"\d+", text)
