"""A follow-up gets what it leaves out; a question that stands on its own is left alone."""

from __future__ import annotations

from itertools import pairwise

import pytest
from kiwipiepy import Kiwi

from chatbot.agencies import AgencyTable
from chatbot.answer import Turn
from chatbot.rephrase import MAX_CARRIED, condense

# Earlier question, follow-up.
FOLLOW_UPS = (
    ("운행 중인 택시기사를 폭행하면 어떤 처벌을 받나요?", "맞아서 다친 경우는요?"),
    (
        "국가계약 공사에서 최종 하자검사가 끝나면 뭘 발급하나요?",
        "그럼 그 서류를 받고 나면 시공사 책임은 언제 끝나는 건가요?",
    ),
    ("군대 병장은 한 달에 얼마 받나요?", "그럼 상병은요?"),
    ("농촌진흥청에서 꿀벌 인공수정을 가르쳐 주는 행사가 있나요?", "그건 며칠에 하는 건데요?"),
    (
        "주민소환투표 때문에 권한이 정지된 시의원은 의정보고회를 열 수 있나요?",
        "그럼 인터넷에 활동보고서를 올리는 것도 안 되나요?",
    ),
    ("직원에게 육아휴직을 주면 사업주가 매달 얼마를 지원받나요?", "육아기 근로시간 단축은요?"),
    ("드림장학금은 고등학생 때 뭘 지원해 주나요?", "외국 대학에 붙고 나면 1년에 얼마까지 나오나요?"),
    ("혁신 프리미어 1000에 뽑히면 뭐가 좋아요?", "그 지원은 언제까지 해 주는 거예요?"),
    ("건강보험공단은 이의신청을 받으면 며칠 안에 결정해야 하나요?", "사정이 있어서 그 기간 안에 못 끝내면요?"),
    ("HPV 국가예방접종은 누가 받을 수 있나요?", "스무 살인데 저도 공짜로 맞을 수 있어요?"),
    ("결핵환자 부양가족 생활보호비는 8인 가구면 얼마인가요?", "식구가 9명이면 8인 가구보다 얼마가 더 붙나요?"),
    ("보훈 대상자를 우선 고용해야 하는 기업체의 비율은 어느 정도인가요?", "공기업은 거기에 얼마를 더하나요?"),
    ("고령자 고용환경개선자금은 최대 얼마까지 융자되나요?", "돌려줘야 하는 기간은 총 몇 년이에요?"),
    ("장애인 일자리 지원에는 어떤 유형이 있어요?", "발달장애인 동생은 그중에 어떤 일을 할 수 있어요?"),
    ("6·25자녀수당 신규 승계자녀는 매달 얼마인가요?", "생활이 어려우면 더 얹어 주는 것도 있다던데 그건 얼마예요?"),
    ("휴양펜션업 사업계획 승인을 받고 착공을 미룰 수 있나요?", "그럼 준공은 언제까지 마쳐야 하죠?"),
    ("희귀질환자 특수조제분유는 1년에 얼마나 지원되나요?", "저단백즉석밥은 얼마까지예요?"),
    ("위기청소년 특별지원에서 생활비는 얼마나 도와주나요?", "상담 쪽은 한 달에 얼마까지예요?"),
    ("암으로 통원치료 중인 농민인데 농사일을 대신해 주는 사람을 쓸 수 있나요?", "그거 신청하려면 어디로 가야 하죠?"),
    ("장애인 직원을 쓰는 사업주인데 보조공학기기를 지원받을 수 있나요?", "그걸 받고 나면 얼마나 계속 고용해야 하죠?"),
    ("푸른등대 삼성기부장학금은 어떤 대학생이 받을 수 있어요?", "방통대도 되나요?"),
    ("재혼이 무효로 되면 그 사이에서 낳은 아이는 어떻게 되나요?", "그러면 그 아이는 누구 성을 따라요?"),
    ("뉴홈 선택형 신혼부부 유형의 소득 기준이 어떻게 되나요?", "맞벌이면 기준이 달라지나요?"),
    ("장애인연금 신청하면 장애정도 재심사를 꼭 받아야 하나요?", "그 재심사 받을 때 드는 검사비도 도와주나요?"),
    ("농어촌민박 개보수자금은 어떻게 갚나요?", "빌리는 돈이 1억 원 넘어가면 어떻게 돼요?"),
    (
        "임금 소멸시효가 중단되면 그동안 지난 기간은 어떻게 되나요?",
        "소송에서 이겨서 판결이 확정되면 그 다음은 어떻게 세나요?",
    ),
    ("국가유공자 생활조정수당 받으려면 소득이 얼마 이하여야 하나요?", "혼자 사는 사람이면 기준이 얼마예요?"),
    ("고혈압 등록관리 받을 수 있는 병원은 어떻게 알아보나요?", "처음 갈 때 뭘 들고 가야 해요?"),
    (
        "건강보험 가입자인데 정신질환자 치료비 지원 한도가 얼마인가요?",
        "권역정신응급의료센터에서 쓴 돈도 그만큼 나와요?",
    ),
    ("공탁금을 계좌로 넣고 나면 받을 사람한테도 연락이 가나요?", "그 통지서는 누가 보내주나요?"),
)
STANDALONE = (
    "교과서 표지 그림을 공모하는 행사의 이름은 무엇인가요?",
    "개인정보위가 대전에서 현장 컨설팅과 교육을 연 날짜와 시각이 언제였나요?",
    "하얀 스티로폼 상자에 붙은 택배 딱지는 떼고 내놔야 하죠?",
    "온가족보듬사업을 제공하는 가족센터는 전국에 몇 군데 있나요?",
    "합자조합을 설립하면 등기를 언제까지 마쳐야 하나요?",
    "전력 거버넌스 토론회를 여는 까닭은 무엇인가요?",
    "지리산 쪽 산불 헬기 부서의 새 책임자가 가장 중요하게 여기겠다고 한 것은 뭔가요?",
    "가정양육 수당 온라인은 어디서 신청하나뇨",
    "출소자를 위한 법무보호서비스의 지원 분야를 한눈에 정리해 주세요.",
    "대공탁 신청할때 추심비용 누가내는거에여? 법원이 내주나",
    "곧 문을 닫을 굴뚝인데도 기름 쓰는 양을 재는 장치를 달아야 합니까?",
    "빚을 깎아 주기로 약속받고 반년 넘게 꼬박꼬박 갚고 있는데 급전이 필요해요. 싸게 빌릴 수 있는 데가 있나요?",
    "뉴홈 선택형 청년 유형은 본인 순자산이 얼마 이하여야 하나요?",
    "액면총액 10억 원어치 주식을 발행하는 회사라면 정관 인증 수수료가 얼마인가요?",
    "과자 먹고 탈났는데 소비자단체가 소송해서 이기면 나한테도 돈 나와요?",
    "미아 찾는다고 모아 둔 DNA 자료를 다른 일에 쓰면 어떤 벌을 받나요?",
    "NICU에 태어난 지 몇 시간 안에 들어가야 미숙아 의료비 대상인가요?",
    "파산 신청해 놓고 돈이 없어서 절차비용을 못 내면 그냥 퇴짜 맞나요?",
    "농진청이 농약 등록 기준의 인축독성 분야를 개정한 목적은 무엇입니까?",
    "위해정보를 모으고 분석하는 일은 어느 기관이 맡고 있나요?",
    "희귀질환 환자 간병비는 한 달에 얼마나 도와주나요?",
    "제대군인 수업료 보조를 받으려면 학교에 무엇을 어떻게 내야 하나요?",
    "2026년 2분기에 이집트와 수출 검역 협상이 타결된 과일은?",
    "인터넷에 다른 사람을 헐뜯으려고 거짓말을 퍼뜨리면 벌금이 최대 얼마까지 나올 수 있나요?",
    "암보험 들고 나서 보통 며칠 지나야 암 진단 보장이 되나요?",
    "산지 개발 규제가 풀린 건 어떤 지역이라고 산림청이 밝혔나요?",
    "K-헤리티지 팝업스토어 어느 백화점에서 열려요?",
    "나라에 공을 세운 분의 아들이 대학에 붙으면 학비를 안 내려고 학교에 무슨 종이를 내야 하나요?",
    "내일배움카드에서 돌봄서비스 특화훈련과 K-디지털 기초역량훈련의 훈련비 지원율 차이는 얼마나 납니까?",
    "손주를 홀로 키우는 일흔 살 저소득 할머니도 안부 확인이나 집안일 거들어 주는 제도를 이용할 수 있나요?",
    "한림초중실업연예예술고등학교는 어느 지역에 있는 학력인정 학교예요?",
    "퇴직하고 나서 언제까지의 기간 안에 구직급여를 받을 수 있는 거죠? 신청을 미루면 안 되나요?",
    "학교 안 다니는 청소년 건강검진은 본인이 돈을 내나요?",
    "회사 그만뒀는데 경력증명서 안 떼주고 버티면 사장 과태료 물어요?",
    "실업크레딧 신청 마감이 언제예요? 국민연금공단 지사에 가서 하려고요.",
    "남편에게 맞고 아이랑 나왔는데 둘 다 돈 안 내고 치료받을 수 있는 병원이 있을까요?",
    "농촌 학자금 융자 나이재한 있나여?",
    "돈을 떼먹은 여행사를 상대로 정식 재판까지 안 가고, 받을 사람 혼자 써내기만 하면 되는 간단한 길이 있습니까?",
    "유전자변형 수산물이라고 표시하지 않고 팔면 과태료가 최대 얼마인가요?",
    "정규직 전환 고용안정장려금을 받기 위해 갖춰야 할 요건 네 가지가 뭔가요?",
    "산비탈 무너질 때 마을에 빨리 알리려고 영덕 산림 당국이 미리 챙겨 둔 건 뭐죠?",
    "외국에서 이루어지는 사업이 원칙적으로 우리 산재보험법 적용을 받지 못하는 이유가 뭔가요?",
    "관청을 상대로 재판을 걸면 그 사이 관청이 하려던 일은 저절로 멈추나요?",
    "서민금융진흥원 금융교육을 개설하려면 교육 인원이 몇 명 이상이어야 합니까?",
    "약식명령은 어느 시점에 효력을 잃게 되나요?",
    "신혼부부 국민임대 경쟁에서 점수까지 같으면 입주자를 어떻게 정합니까?",
    "농진청이 과수 저온 피해 관련해서 기업, 대학이랑 손잡은 배경이 뭐예요?",
    "여성긴급전화 1366은 새벽에도 상담이 되나요?",
    "어린이집 비용을 나라에서 대주는 것과 매달 통장으로 들어오는 돈을 둘 다 챙길 수 있나요? 부모급여 얘기예요.",
    "사마르칸트 제4테크니쿰은 우리나라와 어떤 인연으로 생긴 곳인가요?",
    "수입 식물은 어디어디에서 검역하는지 간단히 정리해 주세요.",
    "2023년부터 중증 여성장애인을 새로 뽑아 1년 유지하면 고용장려금이 총 얼마입니까?",
    "신고한 가게 밖에서 미용 영업을 한 업자는 과태료가 500만원까지 나온다던데 맞나요?",
    "영구임대주택 자산요건을 적용받지 않는 대상은 누구입니까?",
    "1회용 스티로폼으로 분리배출할 수 없는 것들은 무엇인가요?",
    "재난적의료비는 1년에 최대 얼마까지 나오나요?",
    "자녀장녀금 무소득가구도 바들수 있나요?",
    "강청희 국민건강보험공단 이사장의 임기는 몇 년입니까?",
    "피부미용업을 접을 때 국민연금과 건강보험의 사업장 탈퇴신고 기한은 서로 어떻게 다른가요?",
    "산업은행 스타트업 보육시설 넥스트원이 하반기에 새로 생길 도시는 어디인가요?",
)
ANSWER = "네, 자료에 그렇게 나와 있습니다."


@pytest.fixture(scope="module")
def agencies() -> AgencyTable:
    return AgencyTable.load()


def talk(*contents: str) -> list[Turn]:
    return [Turn(role="assistant" if place % 2 else "user", content=text) for place, text in enumerate(contents)]


FLOOD = talk(
    "비 오는 날 하수구가 막혔는지 알려 주는 시설이 있나요?",
    "네, 전라남도 여수시가 빗물받이 감시 장치를 시범 설치했습니다.",
)


def test_nearly_all_follow_ups_are_completed(kiwi: Kiwi) -> None:
    changed = [condense(asked, talk(before, ANSWER), kiwi).changed for before, asked in FOLLOW_UPS]
    assert sum(changed) / len(changed) >= 0.85


def test_what_is_carried_comes_from_the_conversation(kiwi: Kiwi) -> None:
    for before, asked in FOLLOW_UPS:
        result = condense(asked, talk(before, ANSWER), kiwi)
        assert len(result.carried) <= MAX_CARRIED
        assert all(word in f"{before} {ANSWER}" for word in result.carried)
        assert result.text.endswith(asked)


def test_a_standalone_question_is_left_alone_beside_an_unrelated_one(kiwi: Kiwi) -> None:
    changed = [
        question for before, question in pairwise(STANDALONE) if condense(question, talk(before, "네."), kiwi).changed
    ]
    assert len(changed) / len(STANDALONE) <= 0.05, changed


@pytest.mark.parametrize(
    "question", ["예산은?", "그럼 담당 부서는?", "언제 설치했어요?", "외국인도 볼 수 있어요?", "왜요?"]
)
def test_an_elliptic_question_takes_topic_and_place(question: str, kiwi: Kiwi) -> None:
    result = condense(question, FLOOD, kiwi)
    assert result.changed
    assert {"하수구", "여수시"} <= set(result.text.replace("전라남도 ", "").split())


@pytest.mark.parametrize("question", ["거기 말고 부산은?", "부산은요?", "그럼 부산은?"])
def test_another_place_replaces_the_one_before(question: str, kiwi: Kiwi, agencies: AgencyTable) -> None:
    result = condense(question, FLOOD, kiwi, agencies)
    assert "하수구" in result.text
    assert "부산" in result.text
    assert "여수" not in result.text
    assert "거기" not in result.text


def test_that_foundation_is_the_one_the_answer_named(kiwi: Kiwi) -> None:
    history = talk("노인 안검진은 어디에 물어보나요?", "보건복지상담센터나 한국실명예방재단에 문의하시면 됩니다.")
    assert "한국실명예방재단" in condense("그 재단 번호도 알 수 있을까요?", history, kiwi).carried


def test_a_chain_of_follow_ups_keeps_the_first_topic(kiwi: Kiwi) -> None:
    history = [*FLOOD, *talk("예산은 얼마예요?", "3억 원입니다.")]
    assert "하수구" in condense("담당자는요?", history, kiwi).text


def test_the_first_follow_up_is_not_skipped(kiwi: Kiwi) -> None:
    assert condense("예산은?", FLOOD[:1], kiwi).changed


@pytest.mark.parametrize("history", [[], [Turn(role="assistant", content="무엇을 도와드릴까요?")]])
def test_without_an_earlier_question_nothing_changes(history: list[Turn], kiwi: Kiwi) -> None:
    result = condense("예산은?", history, kiwi)
    assert (result.text, result.changed, result.carried) == ("예산은?", False, ())


@pytest.mark.parametrize("courtesy", ["고마워요", "안녕하세요", "네.", "thanks"])
def test_courtesies_carry_nothing(courtesy: str, kiwi: Kiwi) -> None:
    assert not condense(courtesy, FLOOD, kiwi).changed


def test_a_new_topic_is_left_alone(kiwi: Kiwi, agencies: AgencyTable) -> None:
    question = "국세청이 운영하는 연말정산 간소화 서비스는 언제 열리나요?"
    assert not condense(question, FLOOD, kiwi, agencies).changed


def test_an_english_follow_up_is_completed_too(kiwi: Kiwi) -> None:
    assert "하수구" in condense("How much did it cost?", FLOOD, kiwi).text
    assert not condense("Which ministry runs the tax settlement service for employees in Korea?", FLOOD, kiwi).changed
