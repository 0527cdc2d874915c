"""Nouns that take 하다 or 되다, by the particle that their argument needs, and nouns that modify them."""

from __future__ import annotations

from typing import Final


def _read(text: str) -> frozenset[str]:
    return frozenset(text.split())


TRANSITIVE: Final = _read(
    """
    감축 강화 개발 개방 개선 개설 개시 개정 개최 개편 경감 고도화 공개 공유 관리 구성 구현 구축 극복 단축 달성
    대체 도입 마련 만회 매입 면제 모집 반영 발굴 발급 발표 방지 배포 배치 보급 보완 보장 보호 부과 부여 분석
    선도 선정 설립 설치 설정 수립 수행 수집 시행 신설 실시 실현 안내 연계 예방 완료 완화 운영 운용 위탁 유도
    유지 육성 이행 인하 일원화 저감 적용 전송 절감 점검 정비 제거 제고 제공 제작 제정 제출 조성 조사 조정 지원
    지정 진행 차단 창출 채택 처리 체결 추진 촉진 최소화 최적화 추가 축소 충당 측정 파악 폐지 표준화 해소 해결
    허용 확대 확립 확보 확인 확충 활성화 활용 획득 회복 효율화 간소화 다양화 자동화 전산화 내실화 의무화 제도화
    체계화 투명화 합리화
    """
)
"""Nouns that take 하다 and an object: 체계 구축 → 체계를 구축합니다."""

INTRANSITIVE: Final = _read(
    """
    급감 급증 발생 부족 상승 존재 증가 감소 하락 상존 곤란 미흡 시급 성장 출범 폭증 취약 부적합 급등
    """
)
"""Nouns that take 하다 and a subject: 피해 발생 → 피해가 발생합니다."""

BECOMING: Final = _read(
    """
    향상 저하 악화 심화 증대 지연 정착 노출 소요 가중 제기 대두 누락 고령화 노후화 양극화 장기화 가속화 다변화
    본격화 둔화 상용화 표출
    """
)
"""Nouns that take 되다 and a subject: 만족도 향상 → 만족도가 향상됩니다."""

DIRECTED: Final = _read(
    """
    기여 이바지 일조 부응 대응 대처 착수 성공
    """
)
"""Nouns that take 하다 and 에: 신뢰 회복 기여 → 신뢰 회복에 기여합니다."""

SUBJECT_ONLY: Final = frozenset(
    {"발생", "존재", "급감", "급증", "폭증", "상존", "부족", "시급", "곤란", "미흡", "취약"}
)
"""Those of them whose subject may itself be a list: 민원 증가 및 불편 발생."""

EXPECTED: Final = frozenset({"기대", "예상", "전망", "우려", "예측", "추정"})
"""Nouns of expectation, passive where nobody is said to expect."""

AGENTIVE: Final = _read(
    """
    감면 개통 검색 검증 검토 견인 결정 경쟁 계약 고려 공급 공모 교육 교체 구매 구분 구입 권고 금지 기록 기획
    납부 논의 단속 답변 당부 대여 대출 독려 등록 로그인 명시 모니터링 방문 배부 배송 변경 병행 보고 보관 보존
    복구 복원 부담 분류 사용 삭제 상담 생산 선별 선발 설계 설명 설문 소통 수거 수렴 수령 수상 승인 시도 시범
    식별 신고 신청 실험 알림 양성 연구 연장 연결 열람 예방 예약 완비 요구 요청 운반 운행 이관 이동 이용 이전
    인식 인정 인증 인하 인상 입력 작성 재개 저장 전달 전송 접속 접수 접종 제안 제한 조회 준비 중단 중지 지급
    지시 지도 진단 진료 징수 집행 출력 출시 취소 측정 탐지 통보 통합 통제 투입 적발 구제 처방 판독 압수 조치
    체감 유출 설득 참여 참가 참석 동참 협력 협업 도달 도약 작용 전환 진출 집중 탈피 활동 합의 돌입 치중 의존
    판단 판매 편성 평가 포상 표시 학습 할인 협의 홍보 환급 회신 훈련 가동 가입 갱신 격려 결합 확산 혁신 뒷받침
    유통 반출 개입 감시 진화 순찰 배달 수리 수선
    """
)
"""Other nouns that take 하다; what they need is left to what is written."""

ACTIONS: Final = TRANSITIVE | INTRANSITIVE | BECOMING | DIRECTED | AGENTIVE
ADVERBIAL: Final = _read(
    """
    최초 원스톱 자동 수동 온라인 오프라인 무상 무료 유료 전면 전국 전체 실시간 상시 수시 조기 최종 본격 적극
    지속 신속 직접 간접 간편 공동 즉시 동시 병행 일괄 통합 긴급 우선 추가 신규 시범 정기 사전 사후 별도 연속
    특별 집중 자체 대폭 소폭 확대 개별 원격 비대면 대면 방문 맞춤 순차 단계 점차 전격 전량 일부 모두 각각 서로
    매년 매월 매일 매주 연내 연중 내년 올해 금년 향후 이후 이전 당시 현재 최근 지난해 작년 상반기 하반기 이상
    이하 이내 미만 초과 정도 가량 수준 등 상호 교차 병렬 단독 자율 의무 강제 임의 선제 철저 원활 조속 완전 부분
    다시 별 간 시 후 전 중 내 외 당 맞춤형
    """
)
"""Nouns that say how or when in front of a verbal noun (온라인 신청): no object particle goes after them."""


ACTING: Final = (
    INTRANSITIVE
    | DIRECTED
    | frozenset(
        {
            "참여",
            "참가",
            "참석",
            "동참",
            "협력",
            "협업",
            "도달",
            "도약",
            "작용",
            "진출",
            "활동",
            "합의",
            "방문",
            "이용",
            "신청",
        }
        | {"경쟁", "소통", "확산", "논의", "탈피", "집중"}
    )
)
"""Nouns whose subject does them: 주민이 참여 is active, 신청이 접수 passive."""

AGENTS: Final = frozenset(
    {
        "기관",
        "정부",
        "담당자",
        "국민",
        "시민",
        "주민",
        "기업",
        "공무원",
        "직원",
        "지자체",
        "본부",
        "공단",
        "위원회",
        "부처",
    }
    | {"부", "청", "처", "시", "군", "구", "원", "학생", "전문가", "업체", "민간", "관계자", "이용자", "사용자"}
)
"""Subjects that act: 정부가 지원 is active where 안전성이 확보 is passive."""
