"""Each prompt as a model receives it, against a copy that a person has read: ``tests/prompts/golden``.

After a prompt was changed on purpose, the failing test shows the new text; read it, then copy it there.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from chatbot.prompt import load_prompt, prompt_names

GOLDEN = Path(__file__).parent / "golden"
SOURCES = """사례: 공영자전거 고장 신고 개선 (새빛시, 2024년)
[1] (추진 배경) 고장 난 자전거를 신고해도 수리까지 평균 9일이 걸렸습니다.
[2] (성과) 수리 기간을 평균 9일에서 2일로 줄임 {제3조}"""
VALUES = {
    "answer": {"sources": SOURCES, "question": "수리 기간이 얼마나 줄었나요?"},
    "answer_small": {"sources": SOURCES, "question": "수리 기간이 얼마나 줄었나요?"},
    "condense": {
        "history": "사용자: 새빛시 공영자전거 수리 기간이 줄었나요?\n안내원: 평균 9일에서 2일로 줄었습니다.",
        "question": "그럼 담당 부서는?",
    },
    "judge_faithfulness": {"evidence": "수리 기간을 평균 9일에서 2일로 줄임", "claim": "수리 기간이 2일이 되었습니다."},
    "judge_question": {"answer": "수리 기간은 평균 9일에서 2일로 줄었습니다."},
}


def rendered(name: str) -> str:
    messages = load_prompt(name).render(**VALUES[name])
    return "\n".join(f"===== {message.type} =====\n{message.text}" for message in messages) + "\n"


@pytest.mark.parametrize("name", prompt_names())
def test_a_prompt_renders_to_its_reviewed_text(name: str) -> None:
    assert rendered(name) == (GOLDEN / f"{name}.txt").read_text(encoding="utf-8")
