"""Clipped administrative Korean (개조식) turned into polite sentences, with every figure and name left alone.

Only the ending changes. Where no ending is certain to be right, the text stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from kiwipiepy import Kiwi, Token

from index.markup import plain

_BULLET: Final = re.compile(r"^(?:[\s○●◦□■▪◆◇▶▸►※☞☛△▲▷❍◎•·ㅇ*#]|[-–—](?!\d))+(?=\S)")
_TRAILING: Final = re.compile(r"[\s.,;:·…\-–—~*]+$")
_LAYOUT: Final = re.compile(r"[→⇒⇨▶▸►◀|\t＞]|\d{1,2}:\d{2}\s?[~∼〜-]\s?\d{1,2}:\d{2}|:\s[^:]*,[^:]*$")
_LABEL: Final = re.compile(r"(?!제목|기관명)[^▶:.]{1,12}▶\s*(?=[^▶]+$)")
_PARENTHESIS: Final = re.compile(r"\s*\([^()]*\)$")
_POLITE: Final = re.compile(
    r"(?:니다|니까|(?:[어아여예에세네지까나데래게해돼워려와봐줘고구군걸]|가|이)요|죠)[.!?]*['\"’”)\]]*$"
)
_QUOTED: Final = re.compile(r"“[^”]*”|‘[^’]*’|「[^」]*」|『[^』]*』|\([^()]*\)|\[[^\]]*\]")
_BREAK: Final = re.compile(r"(?<=[가-힣)\]’”」』%])\.\s+(?=\S)")

_CLOSING: Final = ("’", "”", "」", "』", "'", '"')

_PLAIN_ENDINGS: Final = frozenset({"다", "ᆫ다", "는다", "ᆷ", "음"})
_NOUN_TAGS: Final = ("NN", "NR", "NP", "SL", "SN", "SH", "XSN", "XR")
_STEM_TAGS: Final = ("VV", "VA", "VX", "VC", "XSV", "XSA")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


TRANSITIVE: Final = _words(
    """
    감소화 감축 강화 개발 개방 개선 개설 개시 개정 개최 개편 경감 고도화 공개 공유 관리 구성 구현 구축 극복 단축
    달성 대체 도입 마련 만회 매입 면제 모집 반영 발굴 발급 발표 방지 배포 배치 보급 보완 보장 보호 부과 부여
    분석 선도 선정 설립 설치 설정 수립 수행 수집 시행 신설 실시 실현 안내 연계 예방 완료 완화 운영 운용 위탁
    유도 유지 육성 이행 인하 일원화 저감 적용 전송 절감 점검 정비 제거 제고 제공 제작 제정 제출 조성 조사 조정
    줄임 지원 지정 진행 차단 창출 채택 처리 체결 추진 촉진 최소화 최적화 추가 축소 충당 측정 파악 폐지 표준화
    해소 해결 허용 확대 확립 확보 확산 확인 확충 활성화 활용 획득 회복 효율화 간소화 다양화 자동화 전산화 내실화
    의무화 제도화 체계화 투명화 합리화
    """
)
"""Nouns that take 하다 and an object: 체계 구축 → 체계를 구축합니다."""

INTRANSITIVE: Final = _words(
    """
    급감 급증 발생 부족 상승 존재 증가 감소 하락 상존 곤란 미흡 시급 성장 출범
    """
)
"""Nouns that take 하다 and a subject: 피해 발생 → 피해가 발생합니다."""

BECOMING: Final = _words(
    """
    향상 저하 악화 심화 증대 확산 지연 정착 노출 소요 가중 제기 대두 누락
    """
)
"""Nouns that take 되다 and a subject: 만족도 향상 → 만족도가 향상됩니다."""

DIRECTED: Final = _words(
    """
    기여 이바지 일조 부응 대응 대처 착수 성공
    """
)
"""Nouns that take 하다 and 에: 신뢰 회복 기여 → 신뢰 회복에 기여합니다."""

_SUBJECT_ONLY: Final = frozenset({"발생", "존재", "급감", "급증", "상존", "부족", "시급"})
_EXPECTED: Final = frozenset({"기대", "예상", "전망", "우려", "예측", "추정"})
_OTHER_ACTIONS: Final = _words(
    """
    감면 개통 검색 검증 검토 견인 결정 경쟁 계약 고려 공급 공모 교육 교체 구매 구분 구입 권고 금지 기록 기획
    납부 논의 단속 답변 당부 대여 대출 독려 등록 로그인 명시 모니터링 방문 배부 배송 변경 병행 보고 보관 보존
    복구 복원 부담 분류 사용 삭제 상담 생산 선별 선발 설계 설명 설문 소통 수거 수렴 수령 수상 승인 시도 시범
    식별 신고 신청 실험 알림 양성 연구 연장 연결 열람 예방 예약 완비 요구 요청 운반 운행 이관 이동 이용 이전
    인식 인정 인증 인하 인상 입력 작성 재개 저장 전달 전송 접속 접수 접종 제안 제한 조회 준비 중단 중지 지급
    지시 지도 진단 진료 징수 집행 출력 출시 취소 측정 탐지 통보 통합 통제 투입 설득 참여 참가 참석 동참 협력
    협업 도달 도약 작용 전환 진출 집중 탈피 활동 합의 돌입 치중 의존 판단 판매 편성 평가 포상 표시 학습 할인
    협의 홍보 환급 회신 훈련 가동 가입 갱신 격려 결합 계획 공동
    """
)
_ACTIONS: Final = TRANSITIVE | INTRANSITIVE | BECOMING | DIRECTED | _OTHER_ACTIONS
_ADVERBIAL: Final = _words(
    """
    최초 자동 수동 온라인 오프라인 무상 무료 유료 전면 전국 전체 실시간 상시 수시 조기 최종 본격 적극 지속 신속
    직접 간접 간편 공동 즉시 동시 병행 일괄 통합 긴급 우선 추가 신규 시범 정기 사전 사후 별도 연속 특별 집중
    자체 대폭 소폭 확대 개별 원격 비대면 대면 방문 맞춤 순차 단계 점차 전격 전량 일부 모두 각각 서로 매년 매월
    매일 매주 연내 연중 내년 올해 금년 향후 이후 이전 당시 현재 최근 지난해 작년 상반기 하반기 이상 이하 이내
    미만 초과 정도 가량 수준 등 상호 교차 병렬 단독 자율 의무 강제 임의 선제 효율 안전 철저 원활 조속 완전 부분
    다시 별 간 시 후 전 중 내 외 당
    """
)
"""Nouns that say how or when in front of a verbal noun (온라인 신청): no object particle goes after them."""


@dataclass(frozen=True, slots=True)
class _Clause:
    """A sentence without its full stop; ``tail`` is a closing parenthesis that stays behind the verb."""

    body: str
    tail: str
    tokens: Sequence[Token]


def polite(fragment: str, kiwi: Kiwi, *, past: bool = False) -> str:
    """``fragment`` with polite endings, without its bullet and closing dots.

    ``past`` is for what is known to be done: 체계 구축 → 체계를 구축했습니다 instead of 구축합니다; endings that
    carry a tense keep it. Rows of tables, arrows, quotations and text that is already polite stay as they are.
    """
    text = _BULLET.sub("", plain(fragment)).strip()
    label = _LABEL.match(text)
    if label:
        return label.group() + polite(text[label.end() :], kiwi, past=past)
    if not text or _LAYOUT.search(_outside(text)):
        return text
    pieces = list(_sentences(text))
    if all(_POLITE.search(piece) or piece.endswith(("?", "!")) for piece in pieces):
        return text
    return " ".join(_polite_sentence(piece, kiwi, past) for piece in pieces)


def _outside(text: str) -> str:
    """``text`` without what stands in quotation marks and brackets, at the same length."""
    return _QUOTED.sub(lambda found: "\x00" * len(found.group()), text)


def _sentences(text: str) -> Iterator[str]:
    start = 0
    for match in _BREAK.finditer(_outside_keeping_closers(text)):
        yield text[start : match.start() + 1]
        start = match.end()
    yield text[start:]


def _outside_keeping_closers(text: str) -> str:
    return _QUOTED.sub(lambda found: "\x00" * (len(found.group()) - 1) + found.group()[-1], text)


def _polite_sentence(sentence: str, kiwi: Kiwi, past: bool) -> str:
    if _POLITE.search(sentence) or sentence.endswith(("?", "!")):
        return sentence
    whole = _TRAILING.sub("", sentence)
    tail_match = _PARENTHESIS.search(whole)
    tail = whole[tail_match.start() :] if tail_match and tail_match.start() > 0 else ""
    body = whole[: len(whole) - len(tail)]
    tokens = [token for token in kiwi.tokenize(body) if token.tag not in ("SF", "SE")]
    ended = _ended(_Clause(body, tail, tokens), kiwi, past) if tokens else None
    return f"{ended}." if ended else whole


def _ended(clause: _Clause, kiwi: Kiwi, past: bool) -> str | None:
    """The clause with a polite ending; ``None`` where none is certain."""
    last = clause.tokens[-1]
    if last.tag in ("EF", "ETN") and last.form in _PLAIN_ENDINGS:
        return _formal(clause, kiwi)
    if last.form in ("까지", "부터") and last.tag in ("JX", "JKB"):
        return clause.body + clause.tail + "입니다"
    if last.tag in ("SW", "W_SERIAL") or last.tag.startswith(_NOUN_TAGS):
        return _nominal(clause, past)
    if last.tag == "SSC":
        return clause.body + clause.tail + "입니다" if _is_name(clause.body) else None
    return None


def _formal(clause: _Clause, kiwi: Kiwi) -> str | None:
    """하였다, 제공함, 있음 → 하였습니다, 제공합니다, 있습니다; the tense is the one written."""
    if len(clause.tokens) < 2:
        return None
    stem, ending = clause.tokens[-2], clause.tokens[-1]
    if stem.tag == "EP":
        return clause.body[: ending.start] + "습니다" + clause.tail
    if not stem.tag.startswith(_STEM_TAGS):
        return None
    joined: str = kiwi.join([(stem.form, stem.tag), ("습니다", "EF")])
    return clause.body[: stem.start] + joined + clause.tail


def _nominal(clause: _Clause, past: bool) -> str:
    body, tail = clause.body, clause.tail
    noun = _final_noun(clause.tokens)
    head = body[: len(body) - len(noun)].rstrip()
    if noun == "필요":
        return _needed(clause, head, past) + tail
    if noun in ("가능", "불가", "불가능"):
        return body + "합니다" + tail
    if noun in _EXPECTED:
        return _expected(clause, head, noun) + tail
    if noun in _ACTIONS or (clause.tokens[-1].tag == "NNG" and _particle_before(clause.tokens) == "JKO"):
        acted = _acted(clause, head, noun, past)
        if acted:
            return acted + tail
    return body + tail + "입니다"


def _final_noun(tokens: Sequence[Token]) -> str:
    """The last noun with its suffix: 활성화, 간소화."""
    last = tokens[-1]
    if last.tag == "XSN" and len(tokens) > 1 and tokens[-2].end == last.start:
        return str(tokens[-2].form + last.form)
    return str(last.form)


def _needed(clause: _Clause, head: str, past: bool) -> str:
    """수단 필요 → 수단이 필요합니다; 개선할 필요 → 개선할 필요가 있습니다."""
    body, tokens = clause.body, clause.tokens
    modified = len(tokens) > 1 and tokens[-2].tag == "ETM"
    bare = len(tokens) > 1 and not tokens[-2].tag.startswith("J")
    verb = "했습니다" if past else "합니다"
    if modified:
        return body + ("가 있었습니다" if past else "가 있습니다")
    return f"{_with_particle(head, '이', '가') if bare else head} 필요{verb}"


def _expected(clause: _Clause, head: str, noun: str) -> str:
    """The one who expects is not named, so the passive is the faithful form, unless an object is written."""
    if head.endswith(("을", "를")) and clause.tokens[-2].tag == "JKO":
        return f"{head} {noun}합니다"
    if len(clause.tokens) > 1 and _is_bare(clause.tokens, head):
        return f"{_with_particle(head, '이', '가')} {noun}됩니다"
    return f"{clause.body}됩니다"


def _acted(clause: _Clause, head: str, noun: str, past: bool) -> str | None:
    """A verbal noun as a verb; ``None`` when it is a name for the act and wants the copula."""
    gap = clause.body[len(head) : len(clause.body) - len(noun)]
    active, passive = noun + ("했습니다" if past else "합니다"), noun + ("되었습니다" if past else "됩니다")
    particle = _particle_before(clause.tokens)
    if particle == "JKS":
        return head + gap + (active if noun in INTRANSITIVE or noun in _OTHER_ACTIONS else passive)
    frame = _frame(clause.tokens, noun)
    if particle or not head or not _is_bare(clause.tokens, head):
        ended = passive if noun in BECOMING and particle != "JKO" else active
        return head + gap + ended if frame.verbal and head else None
    if noun in INTRANSITIVE and (noun in _SUBJECT_ONLY or not (frame.listed or frame.filled)):
        return f"{_with_particle(head, '이', '가')} {active}"
    if frame.listed or frame.filled:
        return head + gap + active if frame.verbal else None
    if noun in TRANSITIVE:
        return f"{_with_particle(head, '을', '를')} {active}"
    if noun in BECOMING:
        return f"{_with_particle(head, '이', '가')} {passive}"
    if noun in DIRECTED:
        return f"{_with_particle(head, '에', '에')} {active}"
    return head + gap + active if frame.verbal else None


def _particle_before(tokens: Sequence[Token]) -> str:
    """The tag of the particle right before the last noun; ``""`` when there is none."""
    skip = 2 if tokens[-1].tag == "XSN" else 1
    tag = str(tokens[-1 - skip].tag) if len(tokens) > skip else ""
    return tag if tag.startswith("J") else ""


def _is_bare(tokens: Sequence[Token], head: str) -> bool:
    """Whether a noun without particle stands before the last noun, as its object or subject."""
    before = [token for token in tokens if token.end <= len(head)]
    if before and head.endswith(")"):
        before = [token for token in before if token.end <= head.rfind("(")]
    if before and before[-1].tag in ("SSC", "SW", "SP") and head.endswith(_CLOSING):
        before = before[:-1]
    if not before or not before[-1].tag.startswith(("NNG", "NNP", "XSN")):
        return False
    return _final_noun(before) not in _ADVERBIAL and before[-1].form not in ("적", *_ADVERBIAL)


@dataclass(frozen=True, slots=True)
class _Frame:
    """What goes with the last noun: an object of its own, any verbal dependent, another act listed before it."""

    filled: bool
    verbal: bool
    listed: bool


def _frame(tokens: Sequence[Token], noun: str) -> _Frame:
    filled = verbal = listed = closed = inner = False
    rest = _unbracketed([token for token in tokens if token.end <= tokens[-1].end - len(noun)])
    for position in range(len(rest) - 1, -1, -1):
        token, following = rest[position], (rest[position + 1] if position + 1 < len(rest) else None)
        if token.tag == "EC":
            verbal = verbal or not inner
            break
        inner = inner or (token.tag == "ETM" and not (following and following.form == "등"))
        listed = listed or (_is_joint(token) and not verbal and _is_act(rest[:position]))
        if not inner:
            filled = filled or (token.tag == "JKO" and not closed)
            verbal = verbal or _is_dependent(token, following)
            closed = closed or token.tag in ("SP", "MAJ", "ETN")
    topic = any(token.tag == "JX" and token.form in ("은", "는") for token in rest)
    return _Frame(filled, verbal or topic, listed)


def _unbracketed(tokens: Sequence[Token]) -> list[Token]:
    depth, kept = 0, []
    for token in tokens:
        depth += token.tag == "SSO"
        if depth <= 0:
            kept.append(token)
        depth -= token.tag == "SSC"
    return kept


def _is_dependent(token: Token, following: Token | None) -> bool:
    if token.tag == "JKB":
        return following is None or following.tag != "JKG"
    return token.tag in ("JKO", "JKS", "ETM") or (token.tag == "MAG" and token.form != "및")


def _is_joint(token: Token) -> bool:
    return token.tag in ("MAJ", "JC") or token.form in ("및", ",")


def _is_act(tokens: Sequence[Token]) -> bool:
    return bool(tokens) and (_final_noun(tokens) in _ACTIONS or (tokens[-1].form == "화" and tokens[-1].tag == "XSN"))


def _is_name(body: str) -> bool:
    return body.endswith(_CLOSING)


def _with_particle(head: str, closed: str, opened: str) -> str:
    """``head`` with the particle for a final consonant or for none; a parenthesis is looked through."""
    word = _PARENTHESIS.sub("", head).rstrip("".join(_CLOSING))
    last = word[-1:] or head[-1:]
    if not "가" <= last <= "힣":
        return head
    return head + (closed if (ord(last) - 0xAC00) % 28 else opened)
