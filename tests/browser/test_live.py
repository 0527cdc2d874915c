"""The chat page over an index that changes while it is open."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from chatbot.live import LiveChatbot
from index.settings import IndexSettings
from tests.browser.conftest import Visit
from tests.chatbot.live_index import FIRST, SECOND, live_chatbot, publish

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:.future.no_silent_downcasting"),  # Gradio's use of pandas
    pytest.mark.filterwarnings("ignore:The copy keyword is deprecated"),  # the same
]


@pytest.fixture(scope="module")
def index(data_dir: Path) -> IndexSettings:
    return IndexSettings(index_dir=data_dir / "index", chroma_url="")


@pytest.fixture(scope="module")
def chatbot(index: IndexSettings) -> Iterator[LiveChatbot]:  # type: ignore[override]
    publish(index, fee=FIRST)
    live = live_chatbot(index)
    yield live
    live.library.close()


def test_an_open_page_goes_on_and_a_page_opened_later_knows_the_new_years(
    visit: Visit, chatbot: LiveChatbot, index: IndexSettings
) -> None:
    page = visit.page
    visit.ask("복수여권 수수료는 얼마인가요?")
    assert "53,000원" in page.locator(".turn").inner_text()
    publish(index, fee=FIRST.replace("53,000원", "51,000원"), fee_new=SECOND.replace("여권", "운전면허"))
    chatbot.refresh()
    page.locator("#source [data-list]").click()
    page.wait_for_selector("#source .contents")
    page.locator(".turn .chip").first.click()
    page.wait_for_selector("#source .cut >> text=답한 뒤에 문서가 바뀌어")
    assert "53,000원" in page.locator("#source .source-text").inner_text()
    visit.ask("복수여권 수수료는 얼마인가요?")
    assert "51,000원" in page.locator(".turn >> nth=1").inner_text()

    page.reload()
    page.wait_for_function("v => document.querySelector('.version')?.title.includes(v)", arg=chatbot.library.version)
    page.locator("#year input").click()
    page.get_by_role("option", name="2025년").click()
    visit.ask("운전면허 수수료는 얼마인가요?")
    assert "47,000원" in page.locator(".turn").last.inner_text()
    assert visit.complaints == []
