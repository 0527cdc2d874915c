"""The whole product as a user starts it: ``python app.py`` over the bundled documents, in a browser."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from tests.browser.conftest import Visit, free_port

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.model, pytest.mark.slow, pytest.mark.timeout(900)]

ROOT = Path(__file__).parents[2]
START_SECONDS = 600


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of ``app.py`` over the bundled documents, freshly indexed."""
    folder = tmp_path_factory.mktemp("bundled")
    port = free_port()
    command = [sys.executable, "app.py", "--index-dir", str(folder / "index"), "--port", str(port)]
    with (folder / "log").open("w") as log, subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log) as process:
        base = f"http://127.0.0.1:{port}"
        try:
            _wait_until_ready(base, process)
            yield base
        finally:
            process.terminate()
    logged = (folder / "log").read_text(encoding="utf-8")
    assert process.returncode in (0, -15), logged
    assert "미국행" not in logged, "a question was logged"


def _wait_until_ready(base: str, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            if httpx.get(f"{base}/readyz").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.3)
    raise AssertionError("app.py did not become ready")


@pytest.fixture
def patient(visit: Visit) -> Visit:
    """The page with time for a model on a busy machine."""
    visit.page.set_default_timeout(120_000)
    return visit


def test_a_question_is_answered_with_quotes_that_stand_in_the_documents(base: str) -> None:
    with httpx.Client(base_url=base, timeout=120) as client:
        answer = client.post("/api/v1/ask", json={"question": "미국행 국제우편은 왜 멈췄나요?"}).json()
        assert answer["status"] == "answered"
        assert answer["citations"]
        for citation in answer["citations"]:
            text = client.get(f"/api/v1/documents/{citation['document_id']}").json()["text"]
            assert text[citation["start"] : citation["end"]] == citation["quote"]
            assert client.get(citation["url"]).status_code == 200


def test_the_widget_answers_a_citizen_and_shows_the_sentence_of_the_document(browser: Browser, base: str) -> None:
    page = browser.new_page()
    page.set_default_timeout(120_000)
    page.goto(f"{base}/widget/demo")
    page.click("gov-chat .launcher")
    page.click("gov-chat .agree")
    page.locator("gov-chat .first .ask").first.click()
    page.wait_for_selector("gov-chat .answer[aria-busy=false] .cite")
    page.fill("gov-chat textarea", "미국행 국제우편은 왜 멈췄나요?")
    page.keyboard.press("Enter")
    answer = page.locator("gov-chat .answer[aria-busy=false]").nth(1)
    answer.locator(".cite").first.click()
    quote = answer.locator(".quote:visible blockquote").first.inner_text()
    assert "관세" in answer.inner_text()
    with page.expect_popup() as opened:
        answer.locator(".quote:visible a").first.click()
    marked = opened.value.locator("mark").all_inner_texts()
    assert quote.split()[0] in " ".join(marked)
    page.close()


def test_the_page_shows_the_answer_and_opens_its_source(patient: Visit) -> None:
    patient.ask("미국행 국제우편은 왜 멈췄나요?")
    patient.page.wait_for_selector("#source mark")
    assert "관세" in patient.page.inner_text("#conversation .text")
    assert patient.page.inner_text("#source mark").strip()
    assert not [url for url in patient.requested if not url.startswith(("http://127.0.0.1", "data:"))]
    assert patient.complaints == []


def test_an_example_of_the_welcome_page_has_an_answer(patient: Visit) -> None:
    count = patient.page.locator(".examples button").count()
    assert count >= 3
    for number in range(count):
        patient.page.get_by_role("button", name="새 대화").click()
        patient.page.wait_for_selector(".welcome")
        patient.page.locator(".examples button").nth(number).click()
        patient.finished(1)
        question = patient.page.inner_text(".question")
        assert patient.page.locator("#conversation .text .chip").count() > 0, question


def test_what_the_documents_do_not_hold_is_refused_with_a_next_step(patient: Visit) -> None:
    patient.ask("화성 이주 지원금은 얼마인가요?")
    assert patient.page.locator(".refusal").count() == 1
    assert patient.page.locator(".refusal [data-case]").count() > 0


def test_personal_data_is_refused(patient: Visit) -> None:
    patient.ask("제 주민등록번호는 900101-1234567입니다. 지원금을 알려 주세요.")
    assert patient.page.locator(".refusal.guard").count() == 1
