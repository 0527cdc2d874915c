from __future__ import annotations

from pathlib import Path

import pytest

from chatbot.api.app import create_app
from chatbot.settings import Settings
from eval.bench.widget import NAMES, report, visit
from index.settings import IndexSettings
from tests.browser.widget_host import served
from tests.chatbot.fake_chatbot import FakeChatbot


@pytest.mark.browser
@pytest.mark.parametrize("slow", [False, True], ids=["desk", "slow"])
def test_a_visit_is_timed_from_the_page_to_the_whole_answer(tmp_path: Path, browser: object, slow: bool) -> None:
    app = create_app(FakeChatbot(), Settings(index=IndexSettings(index_dir=tmp_path / "index")))
    with served(lambda: app) as address:
        times = visit(browser, address, "수리 기간은?", slow=slow)  # type: ignore[arg-type]
    assert list(times) == list(NAMES)
    assert all(0 < value < 30_000 for value in times.values())
    assert times["token"] <= times["answer"]
    if slow:
        assert times["token"] > 150, "the slow line was not slow"


def test_the_table_holds_sizes_medians_and_the_slowest() -> None:
    visits = [dict.fromkeys(NAMES, value) for value in (1.0, 2.0, 30.0)]
    lines = report(b"x" * 2_000, visits)
    assert "| 위젯의 크기, 압축한 크기 | 2.0 KB | 0.0 KB |" in lines
    assert "| 질문을 보낸 때부터 첫 글자까지(ms) 중앙값, 최대 | 2 | 30 |" in lines
