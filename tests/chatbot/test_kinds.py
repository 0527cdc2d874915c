from __future__ import annotations

import pytest

from chatbot.answer import QuestionKind
from chatbot.kinds import AskedFor, kind_of


@pytest.mark.parametrize(
    ("question", "kind", "asked_for"),
    [
        ("혁신행정담당관 과장님 전화번호 좀 알려 주세요", QuestionKind.CONTACT, AskedFor.PHONE),
        ("이 사업 담당 부서는 어디인가요?", QuestionKind.CONTACT, AskedFor.PHONE),
        ("불법 전화번호는 어떻게 차단했나요?", QuestionKind.WHY_HOW, AskedFor.METHOD),
        ("모바일 신분증과 플라스틱 신분증은 어떻게 다른가요?", QuestionKind.COMPARE, AskedFor.OTHER),
        ("2012년과 2018년에 등록서비스가 각각 몇 개였나요?", QuestionKind.NUMBER, AskedFor.COUNT),
        ("주차로봇 사례를 세 줄로 요약해 줘", QuestionKind.SUMMARY, AskedFor.OTHER),
        ("COOV는 어떤 서비스인가요?", QuestionKind.SUMMARY, AskedFor.OTHER),
        ("사망률을 낮추려고 만든 것은 어떤 사례인가?", QuestionKind.FACT, AskedFor.OTHER),
        ("로봇을 쓴 지자체 사례를 모두 알려 주세요", QuestionKind.LIST, AskedFor.LIST),
        ("2016년 성과로는 무엇이 있나요?", QuestionKind.LIST, AskedFor.LIST),
        ("처리 기간이 며칠로 줄었나요?", QuestionKind.NUMBER, AskedFor.DURATION),
        ("불이 난 게 며칠이었죠?", QuestionKind.WHEN, AskedFor.DATE),
        ("발급 수수료는 얼마인가요?", QuestionKind.NUMBER, AskedFor.AMOUNT),
        ("상담원이 몇 명이에요?", QuestionKind.NUMBER, AskedFor.COUNT),
        ("국민비서는 어느 부처가 만들었어요?", QuestionKind.WHO, AskedFor.ORGANISATION),
        ("개회사는 누가 하나요?", QuestionKind.WHO, AskedFor.PERSON),
        ("그거 어느 동네 이야기야?", QuestionKind.WHERE, AskedFor.PLACE),
        ("왜 송달기준을 완화했나요?", QuestionKind.WHY_HOW, AskedFor.REASON),
        ("How many robots are there?", QuestionKind.NUMBER, AskedFor.COUNT),
        ("상담소 번호는 몇 번인가요?", QuestionKind.CONTACT, AskedFor.PHONE),
        ("유효기간을 늘리려면 최소 몇 점을 받아야 하나요?", QuestionKind.NUMBER, AskedFor.COUNT),
        ("우리가 정한 날짜에 강사를 부를 수 있나요?", QuestionKind.FACT, AskedFor.OTHER),
        ("두 대출의 상환 조건은 어떻게 다릅니까?", QuestionKind.COMPARE, AskedFor.OTHER),
        ("빗물받이를 감시하는 동네는 어디예요?", QuestionKind.WHERE, AskedFor.PLACE),
        ("협약식이 열린 곳은요?", QuestionKind.WHERE, AskedFor.PLACE),
        ("민원 상담 콜센터 번호가 뭔가요?", QuestionKind.CONTACT, AskedFor.PHONE),
        ("몇 번으로 신고하면 되나요?", QuestionKind.CONTACT, AskedFor.PHONE),
        ("우편번호는 몇 자리인가요?", QuestionKind.NUMBER, AskedFor.COUNT),
        ("임기는 몇 년입니까?", QuestionKind.NUMBER, AskedFor.DURATION),
        ("몇 년도에 제정되었나요?", QuestionKind.WHEN, AskedFor.DATE),
        ("신청 기간은 언제까지인가요?", QuestionKind.WHEN, AskedFor.DATE),
        ("처리 비용은 누가 내나요?", QuestionKind.WHO, AskedFor.PERSON),
        ("제출할 서류 세 가지는?", QuestionKind.LIST, AskedFor.LIST),
        ("신청서에는 무엇이 있나요?", QuestionKind.LIST, AskedFor.LIST),
        ("제도를 만든 취지가 뭐예요?", QuestionKind.WHY_HOW, AskedFor.REASON),
        ("안녕하세요!", QuestionKind.SMALL_TALK, AskedFor.OTHER),
        ("오늘 날씨 어때?", QuestionKind.OUT_OF_SCOPE, AskedFor.OTHER),
        ("주식 지금 살까요?", QuestionKind.OUT_OF_SCOPE, AskedFor.OTHER),
    ],
)
def test_the_wording_tells_the_kind_and_the_thing_asked_for(
    question: str, kind: QuestionKind, asked_for: AskedFor
) -> None:
    assert kind_of(question) == (kind, asked_for)


@pytest.mark.parametrize(
    "question",
    [
        "날씨 데이터를 개방한 사례가 있나요?",
        "주식회사 참여 기업은 어디인가요?",
        "농촌 맛집 지도 앱을 만든 지자체가 있나요?",
        "안녕 서비스를 도입한 곳은 어디인가요?",
    ],
)
def test_a_question_about_documents_is_not_sent_away_for_one_word(question: str) -> None:
    assert kind_of(question)[0] not in (QuestionKind.OUT_OF_SCOPE, QuestionKind.SMALL_TALK)
