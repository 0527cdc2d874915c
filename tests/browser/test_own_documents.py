"""Own documents in a browser: brought along, told about, asked over, deleted."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser.conftest import Visit
from tests.browser.test_chat import CONTRASTS, NAMELESS, PHONE
from tests.browser.test_comfort import violations

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:.future.no_silent_downcasting"),  # Gradio's use of pandas
]


@pytest.mark.parametrize("window", [PHONE], ids=["390"])
def test_a_file_is_brought_along_asked_over_and_deleted(visit: Visit, tmp_path: Path) -> None:
    page = visit.page
    assert not page.get_by_label("찾을 곳").is_visible()
    (tmp_path / "계획.txt").write_text("달빛시 수달 쉼터 계획입니다. 예산은 3억 원입니다.", encoding="utf-8")
    (tmp_path / "그림.bin").write_bytes(bytes(range(256)) * 10)
    page.get_by_role("button", name="내 문서").click()
    page.set_input_files("#own input[type=file]", [tmp_path / "계획.txt", tmp_path / "그림.bin"])
    page.wait_for_selector("text=이제 물어보실 수 있습니다.")
    assert page.locator("#own li").count() == 2
    assert page.locator("#own li.failed").count() == 1
    assert page.evaluate(NAMELESS) == []
    assert page.evaluate(CONTRASTS) == []
    assert violations(page) == []
    assert visit.overflow <= 0
    page.keyboard.press("Escape")
    page.get_by_label("찾을 곳").wait_for()
    assert page.get_by_label("찾을 곳").input_value() == "둘 다"
    visit.ask("예산은?")
    assert page.get_by_role("button", name="오류 신고").count() == 0
    assert "?c=" not in page.url
    assert visit.overflow <= 0
    page.get_by_role("button", name="내 문서").click()
    page.get_by_role("button", name="모두 지우기").click()
    page.wait_for_selector("text=내 문서를 모두 지웠습니다.")
    page.keyboard.press("Escape")
    page.get_by_label("찾을 곳").wait_for(state="hidden")
    visit.page.get_by_label("질문", exact=True).fill("수리 기간은?")
    page.keyboard.press("Enter")
    visit.finished(2)
    assert visit.complaints == []
