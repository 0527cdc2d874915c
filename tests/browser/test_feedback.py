"""Opinions and error reports, from the press to the replay."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval.replay import replay
from eval.replay_command import load_reports
from tests.browser.conftest import Visit
from tests.chatbot.fake_chatbot import FakeChatbot

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:.future.no_silent_downcasting"),  # Gradio's use of pandas
]


def test_an_opinion_may_have_reasons_and_a_line(visit: Visit, data_dir: Path) -> None:
    visit.ask("수리 기간은?")
    visit.page.get_by_label("도움이 되지 않았습니다").click()
    form = visit.page.locator(".opinion:visible")
    form.get_by_label("빠진 것이 있음").check()
    form.get_by_label("한 줄 의견").fill("예산이 없습니다. a@b.kr로 알려 주십시오.")
    with visit.page.expect_response("**/api/v1/feedback") as response:
        form.get_by_role("button", name="보내기").click()
    assert response.value.status == 204
    visit.page.wait_for_selector("text=의견을 남겼습니다.")
    last = json.loads((data_dir / "feedback" / "feedback.jsonl").read_text(encoding="utf-8").splitlines()[-1])
    assert (last["rating"], last["reasons"]) == ("down", ["incomplete"])
    assert last["comment"] == "예산이 없습니다. [전자우편 주소]로 알려 주십시오."


def test_a_reported_error_is_kept_and_replayed(visit: Visit, data_dir: Path) -> None:
    visit.ask("없는 내용은?")
    visit.page.get_by_role("button", name="오류 신고").click()
    form = visit.page.locator(".opinion:visible")
    assert "개인 번호는 가립니다" in form.inner_text()
    form.get_by_label("자료에 있는데 못 찾음").check()
    form.get_by_role("button", name="신고하기").click()
    visit.page.wait_for_selector("text=신고를 받았습니다")
    assert visit.page.get_by_role("button", name="오류 신고").count() == 0
    report = load_reports(data_dir / "feedback" / "reports.jsonl")[-1]
    assert report.report_id in visit.page.inner_text(".turn")
    assert report.reasons == ("not_found",)
    [found] = replay([report], FakeChatbot())
    assert found.changes == ()
    assert visit.complaints == []


def test_the_form_works_from_the_keyboard(visit: Visit) -> None:
    visit.ask("수리 기간은?")
    visit.page.get_by_role("button", name="오류 신고").focus()
    visit.page.keyboard.press("Enter")
    assert visit.page.evaluate("document.activeElement.value") == "wrong"
    visit.page.keyboard.press("Escape")
    assert visit.page.locator(".opinion:visible").count() == 0
    assert visit.page.evaluate("document.activeElement.innerText") == "오류 신고"


def test_a_sentence_that_was_not_used_opens_in_its_document(visit: Visit) -> None:
    visit.ask("수리 기간은?")
    visit.page.get_by_text("어떻게 찾았나").click()
    visit.page.locator(".unused button").click()
    visit.page.wait_for_function("document.querySelector('#source mark').innerText.includes('고장 난 자전거')")
