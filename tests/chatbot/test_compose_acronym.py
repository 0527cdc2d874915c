from __future__ import annotations

import pytest

from chatbot.compose_acronym import asked_acronym, spelled_out


@pytest.mark.parametrize(
    ("question", "acronym"),
    [
        ("CRM은 무엇의 약어이며 어떤 맥락에서 나오는가?", "CRM"),
        ("UAV가 뭐고 그걸로 뭘 했다는 거예요?", "UAV"),
        ("RPA 뜻이 뭐예요", "RPA"),
        ("K-IoT란 무슨 말인가요?", "K-IoT"),
        ("RPA로 무엇을 줄였나요?", None),
        ("AI를 도입한 곳은 어디인가요?", None),
        ("약어가 뭐예요?", None),
    ],
)
def test_the_meaning_of_an_acronym_is_asked_or_not(question: str, acronym: str | None) -> None:
    assert asked_acronym(question) == acronym


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("범정부 고객관계관리시스템(CRM)을 갖춥니다.", "범정부 고객관계관리시스템"),
        ("시민을 위한 고객관계관리(CRM)를 넓힙니다.", "고객관계관리"),
        ("‘고객관리(CRM) 시범사업’", "고객관리"),
        ("CRM(Customer Relationship Management)을 씁니다.", "Customer Relationship Management"),
        ("CRM을 씁니다.", None),
        ("SCRM(공급망)을 씁니다.", None),
        ("(CRM)", None),
        ("2020(CRM)", None),
    ],
)
def test_what_stands_beside_the_acronym_is_its_name(text: str, name: str | None) -> None:
    assert spelled_out("CRM", text) == name
