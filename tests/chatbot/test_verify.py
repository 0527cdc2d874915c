from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kiwipiepy import Kiwi

from chatbot.agencies import AgencyTable
from chatbot.polite import polite
from chatbot.verify import SentenceStream, Verifier, split_marked
from index.markup import plain
from index.morphemes import shared_kiwi
from tests.chatbot.corruptions import CardSentence, Corruption, card_sentences, corruptions

SHARED = Path(__file__).parents[3] / "shared" / "corpus"
SOURCE = (
    "우리구청은 지난 2024년 3월부터 전입신고 처리 기간을 최대 12일에서 4일로 줄였다. "
    "담당자가 서류를 눈으로 확인할 수 없어 신청의 18.5%가 반려되었다. "
    "「주민등록법 시행령」 제15조제2항을 근거로 1억 9,500만 원을 들여 ‘전입한번에’ 창구 20여 곳을 열었다. "
    "과기정통부가 AI 판독 모형을 제공했으며 부산 지역은 대상에서 제외했다. 문의는 김하늘 주무관 051-555-1234."
)
HEADER = "전입신고 처리 기간 단축 | 부산광역시 | 2024"


@pytest.fixture(scope="module")
def verifier() -> Verifier:
    return Verifier(shared_kiwi(), AgencyTable.load().names)


@pytest.fixture(scope="module")
def cards() -> list[CardSentence]:
    return list(card_sentences(shared_kiwi()))


@pytest.fixture(scope="module")
def wrong(cards: list[CardSentence]) -> list[tuple[CardSentence, Corruption]]:
    rng = random.Random(20240801)
    return [(card, false) for card in cards for false in corruptions(card, shared_kiwi(), rng)]


@pytest.mark.parametrize(
    "sentence",
    [
        "전입신고 처리 기간을 12일에서 4일로 줄였습니다.",
        "전입신고 처리 기간이 최대 12일에서 4일로 단축되었습니다.",
        "2024년 3월부터 처리 기간을 4일로 줄였습니다.",
        "신청의 18.5퍼센트가 반려되었습니다.",
        "창구를 여는 데 195,000,000원을 들였습니다.",
        "‘전입한번에’ 창구 20여 곳을 열었습니다.",
        "「주민등록법 시행령」 제15조 2항이 근거입니다.",
        "과학기술정보통신부가 인공지능 판독 모형을 제공했습니다.",
        "부산광역시의 2024년 사례입니다.",
        "문의: 김하늘 주무관 (051-555-1234)",
        "담당자가 서류를 눈으로 확인하지 못해 신청이 반려되었습니다.",
        "부산 지역은 제외했습니다.",
    ],
)
def test_another_wording_of_what_the_source_says_is_supported(verifier: Verifier, sentence: str) -> None:
    assert verifier.check(sentence, [SOURCE], context=HEADER).problems == ()


@pytest.mark.parametrize(
    ("sentence", "problem"),
    [
        ("전입신고 처리 기간을 12일에서 5일로 줄였습니다.", "수치 5일이 근거에 없음"),
        ("전입신고 처리 기간을 12개월에서 4개월로 줄였습니다.", "수치 12개월이 근거에 없음"),
        ("전입신고 처리 기간을 4일에서 12일로 줄였습니다.", "4일에서 12일(으)로의 변화 방향이 맞지 않음"),
        ("신청의 18.5%p가 반려되었습니다.", "수치 18.5%p가 근거에 없음"),
        ("창구 20여 개월을 열었습니다.", "수치 20여 개월이 근거에 없음"),
        ("1억 9,500만 달러를 들였습니다.", "수치 1억 9,500만 달러가 근거에 없음"),
        ("창구 20곳 이하를 열었습니다.", "수치 20곳의 범위(이상·이하)가 근거와 다름"),
        ("2024년 5월부터 처리 기간을 줄였습니다.", "날짜 2024년 5월이 근거에 없음"),
        ("2023년 3월부터 처리 기간을 줄였습니다.", "날짜 2023년 3월이 근거에 없음"),
        ("「주민등록법 시행령」 제15조제3항이 근거입니다.", "조항 제15조제3항이 근거에 없음"),
        ("「주민등록법 시행규칙」 제15조제2항이 근거입니다.", "인용 ‘주민등록법 시행규칙’이 근거에 없음"),
        ("문의는 김하늘 주무관 051-555-1235입니다.", "전화번호 051-555-1235가 근거에 없음"),
        ("문의는 박서윤 주무관 051-555-1234입니다.", "이름 박서윤이 근거에 없음"),
        ("행정안전부가 AI 판독 모형을 제공했습니다.", "기관 행정안전부가 근거에 없음"),
        ("과기정통부가 GPT 판독 모형을 제공했습니다.", "이름 GPT가 근거에 없음"),
        ("‘전입두번에’ 창구를 열었습니다.", "인용 ‘전입두번에’가 근거에 없음"),
        ("전입신고 처리 기간을 줄이지 않았습니다.", "‘줄이’에 대한 긍정·부정이 근거와 반대임"),
        ("담당자가 서류를 눈으로 확인할 수 있었습니다.", "‘확인’에 대한 긍정·부정이 근거와 반대임"),
        ("전입신고 처리 기간을 늘렸습니다.", "‘늘리’: 근거의 ‘단축’과 반대임"),
        ("부산 지역은 대상에 포함했습니다.", "‘포함’: 근거의 ‘제외’와 반대임"),
        ("우주선을 쏘아 올려 화성의 토양을 채취했습니다.", "근거에 없는 내용이 많음"),
        ("", "내용이 없는 문장"),
    ],
)
def test_what_the_source_does_not_say_is_refused_with_its_reason(
    verifier: Verifier, sentence: str, problem: str
) -> None:
    verdict = verifier.check(sentence, [SOURCE], context=HEADER)
    assert not verdict.supported
    assert problem in verdict.problems


def test_a_bare_number_takes_the_unit_that_its_heading_states(verifier: Verifier) -> None:
    table = "고지서 건수(단위: 천만건) : 수도 1.1, 전기 19.5"
    assert verifier.check("전기 고지서는 1억 9,500만 건입니다.", [table]).supported
    assert not verifier.check("전기 고지서는 19.5건입니다.", [table]).supported
    assert not verifier.check("전기 고지서는 1억 9,500만 명입니다.", [table]).supported


def test_a_figure_of_another_item_is_refused(verifier: Verifier) -> None:
    source = ["민원은 남구 320건, 북구 145건이고 처리 기간은 9일에서 2일로 줄었다."]
    assert verifier.check("북구 민원은 145건입니다.", source).supported
    assert verifier.check("민원은 남구가 320건, 북구가 145건입니다.", source).supported
    verdict = verifier.check("북구 민원은 320건입니다.", source)
    assert verdict.problems == ("수치 320건: 근거에서는 다른 항목의 값임",)


@pytest.mark.parametrize(
    ("sentence", "source", "supported"),
    [
        ("동구, 서구, 남구의 세 곳에 창구를 열었습니다.", "동구·서구·남구에 창구 개설", True),
        ("동구, 서구, 남구의 네 곳에 창구를 열었습니다.", "동구·서구·남구에 창구 개설", False),
        ("상담 12건과 방문 30건을 합해 모두 42건을 처리했습니다.", "상담 12건, 방문 30건 처리", True),
        ("상담 12건과 방문 30건을 합해 모두 45건을 처리했습니다.", "상담 12건, 방문 30건 처리", False),
        ("처리 기간은 9일이 아니라 4일입니다.", "처리 기간은 4일이다.", True),
        ("처리 기간은 4일이 아니라 9일입니다.", "처리 기간은 4일이다.", False),
        ("보증금은 무담보 5억 원입니다.", "보증금 총 15억 원(무담보 5억)", True),
        ("정원의 150%까지 신청할 수 있습니다.", "정원의 100분의 150까지 신청 가능", True),
        ("콜센터 1350에 문의하시면 됩니다.", "문의: 콜센터(☎1350)", True),
        ("6월 25일부터 7월 3일까지 점검했습니다.", "점검 실시(6.25~7.3)", True),
        ("신청하지 않으면 수당을 지급하지 않습니다.", "미신청 시 수당 미지급", True),
        ("서류를 내지 않은 사람에게 수당을 지급합니다.", "서류를 내지 않은 사람에게 수당 미지급", False),
        ("하루에 9일에서 4일로 줄였습니다.", "처리 기간을 하루에 4일에서 9일로 늘렸다.", False),
    ],
)
def test_what_follows_from_the_source_is_told_from_what_does_not(
    verifier: Verifier, sentence: str, source: str, supported: bool
) -> None:
    assert verifier.check(sentence, [source]).supported is supported


def test_the_header_dates_a_case_but_not_what_happens_in_it(verifier: Verifier) -> None:
    plan = ["2022년까지 창구를 100곳으로 넓힌다."]
    assert verifier.check("2019년 계획에 따라 창구를 100곳으로 넓힙니다.", plan, context="창구 확대 | 2019").supported
    assert not verifier.check("창구를 2019년까지 100곳으로 넓힙니다.", plan, context="창구 확대 | 2019").supported


def test_a_sentence_cut_before_its_denial_is_not_verbatim(verifier: Verifier) -> None:
    source = ["모든 시민이 창구를 이용할 수 있는 것은 아니다."]
    assert verifier.check("모든 시민이 창구를 이용할 수 있는 것은 아닙니다.", source).supported
    assert not verifier.check("창구 이용은 가능하지 않다", ["창구 이용은 가능하다."]).supported


def test_no_passage_supports_nothing(verifier: Verifier) -> None:
    assert not verifier.check("처리 기간을 줄였습니다.", []).supported


def test_without_agency_names_figures_are_still_checked() -> None:
    plain_verifier = Verifier(shared_kiwi())
    assert plain_verifier.check("처리 기간을 4일로 줄였습니다.", [SOURCE]).supported
    assert not plain_verifier.check("처리 기간을 3일로 줄였습니다.", [SOURCE]).supported


def test_every_card_sentence_is_supported_as_it_stands_and_made_polite(
    verifier: Verifier, cards: list[CardSentence]
) -> None:
    refused = [
        (said, verdict.problems)
        for card in cards
        for said in (card.text, polite(card.text, shared_kiwi()), polite(card.text, shared_kiwi(), past=True))
        if not (verdict := verifier.check(said, [card.window], context=card.header)).supported
    ]
    assert len(cards) > 400
    assert refused == []


@pytest.mark.parametrize(
    ("kind", "at_least", "floor"),
    [
        ("figure", 300, 0.98),
        ("exchange", 50, 0.9),
        ("date", 100, 0.98),
        ("phone", 20, 1.0),
        ("name", 200, 0.95),
        ("polarity", 200, 0.95),
        ("contrary", 50, 0.9),
    ],
)
def test_a_changed_detail_is_found(
    verifier: Verifier,
    wrong: list[tuple[CardSentence, Corruption]],
    record_property: pytest.RecordProperty,
    kind: str,
    at_least: int,
    floor: float,
) -> None:
    made = [(card, false) for card, false in wrong if false.kind == kind]
    missed = [
        false.false
        for card, false in made
        if verifier.check(false.false, [false.window], context=card.header).supported
    ]
    rate = 1 - len(missed) / len(made)
    record_property(f"detected_{kind}", f"{rate:.3f} of {len(made)}")
    assert len(made) >= at_least
    assert rate >= floor, missed[:20]


def shared_sentences(kiwi: Kiwi) -> Iterator[tuple[str, str]]:
    """Sentences of the customer's documents with the block they stand in."""
    for path in sorted(SHARED.glob("*.txt")):
        for block in re.split(r"\n\s*\n|\n(?=#)", path.read_text("utf-8")):
            for line in block.splitlines():
                for sentence in kiwi.split_into_sents(line):
                    if re.search(r"\w", plain(sentence.text)):
                        yield sentence.text.strip(), block


@pytest.mark.shared
@pytest.mark.slow
@pytest.mark.timeout(1_200)
@pytest.mark.skipif(not SHARED.is_dir(), reason="the customer's documents are not here")
def test_every_sentence_of_the_documents_is_supported_as_it_stands_and_made_polite(verifier: Verifier) -> None:
    refused = [
        (said, verdict.problems)
        for sentence, block in shared_sentences(shared_kiwi())
        for said in (sentence, polite(sentence, shared_kiwi()), polite(sentence, shared_kiwi(), past=True))
        for passage in (sentence, block)
        if said and not (verdict := verifier.check(said, [passage])).supported
    ]
    assert refused == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("기간을 줄였습니다.[1] 창구도 열었습니다.[2]", [("기간을 줄였습니다.", (1,)), ("창구도 열었습니다.", (2,))]),
        ("기간을 줄였습니다[1]. 창구도 열었습니다 [2].", [("기간을 줄였습니다.", (1,)), ("창구도 열었습니다.", (2,))]),
        ("줄였습니다.【1】 열었습니다.［2］", [("줄였습니다.", (1,)), ("열었습니다.", (2,))]),
        ("줄였습니다.[1][2] 열었습니다.[1, 3]", [("줄였습니다.", (1, 2)), ("열었습니다.", (1, 3))]),
        ("줄였습니다.[1-3]", [("줄였습니다.", (1, 2, 3))]),
        ("줄였습니다 [1] 열었습니다 [2]", [("줄였습니다", (1,)), ("열었습니다", (2,))]),
        ("2026. 4. 13.에 열었습니다.[1]", [("2026. 4. 13.에 열었습니다.", (1,))]),
        ("18.5%입니다.[1] 도전.한국입니다.[2]", [("18.5%입니다.", (1,)), ("도전.한국입니다.", (2,))]),
        ("“더 늘리겠다.”라고 밝혔습니다.[1]", [("“더 늘리겠다.”라고 밝혔습니다.", (1,))]),
        ("- 첫째입니다.[1]\n- 둘째입니다.\n[2]", [("첫째입니다.", (1,)), ("둘째입니다.", (2,))]),
        ("1. 첫째입니다.[1]\n2. 둘째입니다.", [("첫째입니다.", (1,)), ("둘째입니다.", ())]),
        ("[2024]년 자료입니다.[1]", [("[2024]년 자료입니다.", (1,))]),
        ("왜일까요? 줄였습니다.[1]", [("왜일까요?", ()), ("줄였습니다.", (1,))]),
        ("줄였습니다.[1] 잘린 문장 [", [("줄였습니다.", (1,)), ("잘린 문장", ())]),
        ("[1]", []),
        ("", []),
    ],
)
def test_an_answer_is_cut_into_sentences_with_their_marks(
    text: str, expected: list[tuple[str, tuple[int, ...]]]
) -> None:
    assert [tuple(sentence) for sentence in split_marked(text)] == expected


@settings(deadline=None)
@given(
    st.text(alphabet='가다니요함.!?“”()"\n []【】［］,-123 니다A', max_size=80),
    st.lists(st.integers(min_value=1, max_value=7), min_size=1, max_size=20),
)
def test_a_stream_gives_the_sentences_of_the_whole_text(text: str, steps: list[int]) -> None:
    stream, streamed, position, turn = SentenceStream(), [], 0, 0
    while position < len(text):
        step = steps[turn % len(steps)]
        streamed += stream.feed(text[position : position + step])
        position, turn = position + step, turn + 1
    assert [*streamed, *stream.flush()] == split_marked(text)


def test_a_sentence_leaves_the_stream_as_soon_as_nothing_can_follow_its_marks() -> None:
    stream = SentenceStream()
    assert stream.feed("기간을 줄였습니다.[1") == []
    assert stream.feed("]") == []
    assert [tuple(sentence) for sentence in stream.feed(" 창")] == [("기간을 줄였습니다.", (1,))]
