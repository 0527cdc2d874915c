"""Short documents made up for timings: the same ones every time, each with one figure that only it has."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

_PLACES = [
    "가람시", "나래군", "다솔구", "라온시", "마루군", "바람구", "사랑시", "아라군", "자람구", "차온시",
    "카람군", "타래구", "파란시", "하늘군",
]  # fmt: skip
_THINGS = [
    "공공자전거", "작은도서관", "무인우편함", "마을버스", "공유주방", "빗물정원", "돌봄교실", "나눔냉장고",
    "공구도서관", "야간약국", "전기수레", "장터배달", "목공방", "물놀이터", "스마트정류장",
]  # fmt: skip
_REASONS = ["민원", "불편", "대기", "비용", "안전", "환경", "고령화", "통행량"]
_SENTENCES = (
    "{place}는 {reason} 때문에 {thing} 사업을 시작했다.",
    "담당 부서는 주민 {n}명에게 물어 운영 시간을 정했다.",
    "시설은 모두 {n}곳이며 한 해에 한 번 고친다.",
    "예산은 {n}만 원이고 절반은 도에서 받는다.",
    "지난해에는 {n}건의 의견이 들어와 그 가운데 열에 아홉을 받아들였다.",
    "이용하려는 사람은 누리집이나 주민센터에서 신청한다.",
    "신청한 뒤 {n}일 안에 결과를 알려 준다.",
    "사업은 {n}주 동안 이어지고 그 뒤에 다시 따져 본다.",
    "{reason} 문제를 줄이려고 {n}개 기관이 함께한다.",
    "처음 석 달 동안 {n}명이 이용했다.",
)


@dataclass(frozen=True, slots=True)
class GeneratedDocument:
    """A document with its own ``name`` and the ``fee`` in won that it tells."""

    number: int
    name: str
    title: str
    body: str
    fee: int

    @property
    def text(self) -> str:
        """The document as a text file holds it."""
        return f"# {self.title}\n\n{self.body}\n\n{self.title}의 이용료는 한 번에 {self.fee:,}원이다.\n"

    @property
    def question(self) -> str:
        """What only this document answers, with :attr:`fee`."""
        return f"{self.title}의 이용료는 얼마인가요?"

    def with_fee(self, fee: int) -> GeneratedDocument:
        """The same document with another figure."""
        return replace(self, fee=fee)


def documents(count: int) -> list[GeneratedDocument]:
    """``count`` documents of about 400 characters; one asked for more begins with the same ones."""
    return [_document(number) for number in range(count)]


def _document(number: int) -> GeneratedDocument:
    source = random.Random(number)
    place, thing = _PLACES[number % len(_PLACES)], _THINGS[number // len(_PLACES) % len(_THINGS)]
    said = [
        sentence.format(place=place, thing=thing, reason=source.choice(_REASONS), n=source.randint(2, 97))
        for sentence in source.sample(_SENTENCES, k=8)
    ]
    return GeneratedDocument(
        number=number,
        name=f"{number:05}.md",
        title=f"{place} {thing} 제{number + 1}지구",
        body=" ".join(said),
        fee=100 * source.randint(3, 90),
    )
