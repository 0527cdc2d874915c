from __future__ import annotations

import pytest

from chatbot.answer_type import Wanted, counter_of, holds, lacks_holder, wanted_of
from chatbot.kinds import AskedFor


@pytest.mark.parametrize(
    ("question", "unit"),
    [
        ("상담원이 몇 명이에요?", "명"),
        ("로봇이 몇 대 운행 중인가요?", "대"),
        ("몇 개월 걸렸나요?", "개월"),
        ("얼마인가요?", ""),
    ],
)
def test_the_counting_word_of_a_question(question: str, unit: str) -> None:
    assert counter_of(question) == unit


@pytest.mark.parametrize(
    ("asked_for", "counter", "text", "expected"),
    [
        (AskedFor.COUNT, "명", "상담원(9,450명)의 근무환경을 개선", True),
        (AskedFor.COUNT, "명", "21인에게 서비스를 제공", True),
        (AskedFor.COUNT, "대", "자율주행 로봇을 운행", False),
        (AskedFor.COUNT, "명", "예산 3억 원을 절감", False),
        (AskedFor.COUNT, "%", "보험료의 100분의 50을 부담", True),
        (AskedFor.COUNT, "%", "교사와 아동의 비율을 1 : 3 이하로", True),
        (AskedFor.COUNT, "명", "미성년인 세 명 이상의 자녀", True),
        (AskedFor.COUNT, "명", "전국의 8만 2천여 대원이 참여", True),
        (AskedFor.COUNT, "명", "전세 명의를 빌린 사람", False),
        (AskedFor.COUNT, "등급", "부상자(1~14급)", True),
        (AskedFor.COUNT, "", "서울에 이은 두 번째 거점", True),
        (AskedFor.AMOUNT, "", "약 1.8억 원을 절감", True),
        (AskedFor.AMOUNT, "", "온라인은 무료", True),
        (AskedFor.AMOUNT, "", "예산을 절감", False),
        (AskedFor.AMOUNT, "원", "금액(원/월): 1,833,572", True),
        (AskedFor.AMOUNT, "원", "등록금 전액", True),
        (AskedFor.AMOUNT, "원", "21명이 이용", False),
        (AskedFor.DATE, "", "2025년 9월 26일 화재", True),
        (AskedFor.DATE, "", "7.8(수) 오전에 만났습니다", True),
        (AskedFor.DATE, "", "점검 기간(6.29~8.31)", True),
        (AskedFor.DATE, "", "21일 오후 1시 10분에 가동", True),
        (AskedFor.DATE, "", "시기를 정할 계획", False),
        (AskedFor.DATE, "", "퇴원일부터 6개월 이내", False),
        (AskedFor.DURATION, "", "약 3일 수준으로 단축", True),
        (AskedFor.DURATION, "", "발급일로부터 3월 이내", True),
        (AskedFor.DURATION, "명", "교사 256명을 초청", True),
        (AskedFor.PHONE, "", "044-202-4448", True),
        (AskedFor.PHONE, "", "상담 대표번호(☎1375)", True),
        (AskedFor.OTHER, "", "아무 문장", None),
    ],
)
def test_whether_a_sentence_holds_the_kind_of_thing(
    asked_for: AskedFor, counter: str, text: str, expected: bool | None
) -> None:
    assert holds(Wanted(asked_for, counter), text) is expected


@pytest.mark.parametrize(
    ("question", "text", "expected"),
    [
        ("폐업 신고는 언제까지 해야 하나요?", "폐업한 날부터 20일 이내에 내야 합니다.", True),
        ("보험에 들었는데 갱신은 언제까지 하나요?", "만기 전까지 하셔야 합니다.", True),
        ("수당은 언제 지급되나요?", "격리가 끝난 후 지체 없이 지급합니다.", True),
        ("할인은 언제부터 되나요?", "신청하신 달의 다음 달부터입니다.", True),
        ("수당은 언제 지급되나요?", "수당을 지급합니다.", False),
        ("자격은 어느 날을 기준으로 보나요?", "모집 공고일 현재 집이 없어야 합니다.", True),
        ("책은 언제까지 빌릴 수 있나요?", "다음 연도 말까지 빌릴 수 있습니다.", True),
        ("행사는 언제 열렸나요?", "신청한 날부터 20일 이내에 열도록 하였습니다.", False),
        ("행사는 언제 열렸나요?", "행사는 지난 3월 2일에 열렸습니다.", True),
    ],
)
def test_what_holds_in_general_may_be_told_by_a_limit_and_what_happened_only_by_a_date(
    question: str, text: str, expected: bool
) -> None:
    assert holds(wanted_of(question, AskedFor.DATE), text) is expected


@pytest.mark.parametrize(
    ("question", "text", "lacks"),
    [
        ("기획단의 초대 단장은 누구인가요?", "새로운 기획단을 두기로 하였습니다.", True),
        ("기획단의 초대 단장은 누구인가요?", "홍길동 단장이 이끕니다.", False),
        ("시장 이름이 뭐예요?", "가람시장 김가람은 행사에 참석했습니다.", False),
        ("이 사업은 누가 맡나요?", "교통과가 맡습니다.", False),
    ],
)
def test_who_holds_an_office_needs_somebody_named_with_one(question: str, text: str, lacks: bool) -> None:
    assert lacks_holder(question, [text]) is lacks


@pytest.mark.parametrize(
    ("question", "unit"),
    [
        ("입장료는 얼마인가요?", "원"),
        ("단장에게 주는 월급은 얼마예요?", "원"),
        ("지방세 종이고지서 건수가 얼마인가요?", ""),
        ("조금 전 소비를 얼마나 줄였나요?", ""),
        ("당시 수위는 몇 미터였나요?", "미터"),
        ("몇 톤을 수확하나요?", "톤"),
        ("로봇 한 대 값이 얼마예요?", "원"),
        ("예산은 어느 정도인가요?", "원"),
        ("예산이 어느 정도 줄어드나요?", ""),
        ("근로계수 값은 얼마인가요?", ""),
        ("초청한 선생님은 몇 분인가요?", "명"),
        ("처리에 몇 분이 걸리나요?", "분"),
        ("보험료는 회사와 몇 대 몇으로 내나요?", "%"),
        ("몇 번째 거점인가요?", ""),
    ],
)
def test_money_and_measures_are_asked_for_by_their_nouns(question: str, unit: str) -> None:
    assert counter_of(question) == unit


@pytest.mark.parametrize(
    ("question", "text", "expected"),
    [
        ("건강보험료는 얼마를 부담하나요?", "보험료의 100분의 50을 부담합니다.", True),
        ("로봇 한 대 값이 얼마예요?", "주차 효율을 30% 높였습니다.", False),
        ("사업 예산은 얼마예요?", "예산의 절반을 아꼈습니다.", False),
    ],
)
def test_a_share_answers_only_where_amounts_are_given_as_shares(question: str, text: str, expected: bool) -> None:
    assert holds(wanted_of(question, AskedFor.AMOUNT), text) is expected
