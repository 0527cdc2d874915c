"""The evaluation page in a real browser, over the fake chatbot and a few questions about its documents."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest
import uvicorn
from kiwipiepy import Kiwi

from chatbot.api.app import create_app
from chatbot.live import LiveChatbot
from chatbot.settings import Settings
from chatbot.startup import bind
from chatbot.ui.mount import mount_pages
from eval.case_file import write_cases
from eval.cases import load_cases
from eval.page import mount
from eval.subject import Subject
from index.settings import IndexSettings
from tests.chatbot.fake_chatbot import BIKE, DOCUMENTS, FakeChatbot
from tests.eval.builders import make_case, make_unanswerable

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

# Gradio's own count of events warns.
pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")]
QUOTE = "- 신고 건수는 한 달 1,240건으로 늘었습니다."


def cases() -> list[object]:
    return [
        make_case("r1", question="수리 기간은 며칠인가요?", must_include=[["2일"]], gold_quote=["평균 9일에서 2일로"]),
        make_case("r2", type="number", question="신고 건수는?", must_include=[["1,240건"]], gold_quote=[QUOTE]),
        make_case(
            "w1", type="number", question="공격은 몇 개인가요?", must_include=[["12개"]], gold_quote=["2개의 공격"]
        ),
        make_unanswerable("u1", question="없는 것은 무엇인가요?"),
    ]


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("workspace")
    write_cases(root / "eval" / "datasets" / "set.jsonl", cases())  # type: ignore[arg-type]
    return root


@pytest.fixture(scope="module")
def served(workspace: Path, kiwi: Kiwi) -> Iterator[str]:
    """The address of the application with the page on it, working in a folder of its own; the analyser is loaded."""
    chatbot = FakeChatbot()
    library = chatbot.library
    library.documents = lambda: iter(DOCUMENTS)  # type: ignore[attr-defined]
    subject = Subject(chatbot, lambda name: library.document(name).text, library.version, "corpus", "code")
    listening = bind("127.0.0.1", 0)
    listening.listen()
    servers: list[uvicorn.Server] = []

    async def serve() -> None:
        settings = Settings(index=IndexSettings(index_dir=workspace / "index"))
        app = create_app(chatbot, settings)
        mount.mount_eval(app, LiveChatbot(chatbot))  # type: ignore[arg-type]
        mount_pages(app, chatbot, settings)
        servers.append(uvicorn.Server(uvicorn.Config(app, access_log=False, log_level="warning")))
        await servers[0].serve(sockets=[listening])

    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(workspace)
        patch.setattr("eval.chatbot_subject.subject_of", lambda _: subject)
        thread = threading.Thread(target=lambda: asyncio.run(serve()))
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        servers[0].should_exit = True
        servers[0].force_exit = True
        thread.join(timeout=30)


@pytest.fixture(params=[(1280, 900), (390, 844)], ids=["desktop", "phone"])
def page(request: pytest.FixtureRequest, browser: Browser, served: str) -> Iterator[Page]:
    width, height = request.param
    context = browser.new_context(locale="ko-KR", viewport={"width": width, "height": height})
    page = context.new_page()
    page.set_default_timeout(30_000)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda sent: complaints.append(sent.url) if not sent.url.startswith((served, "data:")) else None)
    page.goto(f"{served}/eval/", timeout=90_000)  # the first visitor waits while the page is built
    page.get_by_role("tab", name="문항 실행").wait_for()
    yield page
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    assert complaints == []
    context.close()


def open_tab(page: Page, name: str) -> None:
    tab = page.get_by_role("tab", name=name)
    if tab.is_visible():
        tab.click()
        return
    page.locator(".overflow-menu > button").click()  # narrow windows hide tabs in a menu
    page.locator(".overflow-dropdown").get_by_text(name).click()


def choose(page: Page, field: str, option: str) -> None:
    page.locator(f"#{field} input").click()
    page.get_by_role("option", name=option, exact=True).click()
    page.wait_for_function("!document.querySelector('[role=option]')")  # it fades out


def run_all(page: Page, name: str) -> None:
    page.locator("#name textarea, #name input").fill(name)
    page.locator("#start").click()
    page.wait_for_selector(f"#running .notice:has-text('실행 {name}을(를) 마쳤습니다')")


def test_a_set_is_run_and_its_failures_are_browsed_down_to_the_cited_source(page: Page, workspace: Path) -> None:
    run_all(page, "first")
    assert page.locator("#running .card h3").first.inner_text() == "정답률"
    assert page.locator("#running .card .value").first.inner_text() == "0.750"
    open_tab(page, "틀린 문항 보기")
    page.wait_for_function("document.querySelector('#browsed input').value === 'first'")
    page.locator("#look").click()
    page.wait_for_selector("#cases .case")
    assert page.locator("#cases .case h3").all_inner_texts()[0].startswith("w1")
    with page.expect_popup() as opened:
        page.locator("#cases .case a").first.click()
    source = opened.value
    source.wait_for_load_state()
    assert "/documents/evil" in source.url
    assert source.locator("mark").first.is_visible()
    source.close()
    choose(page, "shown", "모든 문항")
    page.wait_for_function("document.querySelectorAll('#cases .case').length === 4")
    choose(page, "kind", "수치")
    page.wait_for_function("document.querySelectorAll('#cases .case').length === 2")


def test_two_runs_are_compared_and_too_few_cases_are_told(page: Page) -> None:
    run_all(page, "first")
    run_all(page, "second")
    open_tab(page, "두 실행 비교")
    choose(page, "baseline", "first")
    page.locator("#do-compare").click()
    page.wait_for_selector("#comparison .problem")
    assert "4문항으로는 허용 폭 0.02" in page.locator("#comparison .problem").inner_text()
    page.locator("#tolerance input").fill("0.5")
    page.locator("#do-compare").click()
    page.wait_for_selector("#comparison .verdict")
    assert page.locator("#comparison .verdict").inner_text() == "변화 없음"


def test_a_table_is_checked_and_added_and_a_draft_approved_after_it_was_mended(page: Page, workspace: Path) -> None:
    width = page.viewport_size["width"]  # type: ignore[index]
    sets = workspace / "eval" / "datasets"
    table = workspace / f"문항{width}.csv"
    table.write_text(
        "번호,질문,필수표현,근거\n"
        f"t{width},자전거 수리 기간은 며칠이 되었나요?,2일,{BIKE.split(chr(10))[5]}\n"
        "t0,없는 구절은 무엇인가요?,2일,문서에 없는 구절\n",
        encoding="utf-8",
    )
    open_tab(page, "문항 늘리기")
    page.locator("#grown-set input").fill(f"더한{width}")
    page.keyboard.press("Enter")
    page.locator("#table input[type=file]").set_input_files(table)
    page.wait_for_selector("#table-checked .findings .error")
    assert "t0: 근거(gold_quote)가 문서에 그대로 있지 않습니다" in page.locator("#table-checked").inner_text()
    page.locator("#add-table").click()
    page.wait_for_selector(f"#table-checked .notice:has-text('더한{width}.jsonl에 문항 1개를 더했습니다')")
    assert [case.case_id for case in load_cases(sets / f"더한{width}.jsonl")] == [f"t{width}"]

    page.locator("#part textarea, #part input").fill("자전거")
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelector('#document input').value.startsWith('공영자전거')")
    page.locator("#make-drafts").click()
    page.wait_for_selector("#drafted .notice:has-text('더했습니다')")
    page.wait_for_selector("#draft-shown .case mark")
    first = page.locator("#draft-shown .question").inner_text()
    page.locator("#by textarea, #by input").fill("김검토")
    page.locator("#approve").click()
    page.wait_for_selector("#reviewed .notice:has-text('승인했습니다')")
    page.wait_for_function("text => document.querySelector('#draft-shown .question').innerText !== text", arg=first)
    approved = load_cases(sets / f"더한{width}.jsonl")
    assert [case.question for case in approved if case.checked_by == "김검토"] == [first]

    second = page.locator("#draft-shown .question").inner_text()
    page.locator("#edit-draft").click()
    expect = pytest.importorskip("playwright.sync_api").expect
    expect(page.locator("#field-question textarea")).to_have_value(second)
    expect(page.locator("#field-reviewed input")).to_have_value("아니오")
    page.locator("#field-question textarea").fill(f"{second} (고침)")
    page.locator("#save").click()
    page.wait_for_selector("#saved .notice:has-text('고쳤습니다')")
    open_tab(page, "문항 늘리기")
    page.locator("#drop").click()
    page.wait_for_selector("#reviewed .notice:has-text('버렸습니다')")
    left = [case.question for case in load_cases(sets / f"더한{width}.jsonl", with_drafts=True)]
    assert f"{second} (고침)" not in left
    (sets / f"더한{width}.jsonl").unlink()


def test_another_site_cannot_put_a_file_onto_the_page(page: Page, served: str) -> None:
    send = {"files": {"files": ("표.csv", b"a", "text/csv")}, "timeout": 60}
    address = f"{served}/eval/gradio_api/upload"
    theirs = {"sec-fetch-site": "cross-site", "origin": "https://bad.example"}
    assert httpx.post(address, headers=theirs, **send).status_code == 403
    assert httpx.post(address, headers={"x-forwarded-for": "10.0.0.7"}, **send).status_code == 404
    assert httpx.post(address, **send).status_code == 200
    large = {**send, "files": {"files": ("표.csv", b"a" * (mount.MAX_UPLOAD_BYTES + 1), "text/csv")}}
    assert httpx.post(address, **large).status_code == 413


def test_axe_finds_nothing_serious_in_any_tab(page: Page) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    for name in ("문항 실행", "틀린 문항 보기", "두 실행 비교", "문항 늘리기", "문항 고치기"):
        open_tab(page, name)
        page.wait_for_timeout(300)  # tabs fade in, and half a fade has half the contrast
        found = axe.run(page)
        serious = [
            (one["id"], [node["html"][:160] for node in one["nodes"]])
            for one in found.response["violations"]
            if one["impact"] in ("serious", "critical")
        ]
        assert serious == [], name


def test_a_case_is_added_only_when_it_follows_the_contract(page: Page, workspace: Path) -> None:
    expect = pytest.importorskip("playwright.sync_api").expect
    width = page.viewport_size["width"]  # type: ignore[index]
    open_tab(page, "문항 고치기")
    name = page.locator("#field-id textarea, #field-id input")
    page.locator("#edited-case input").click()
    page.get_by_role("option", name="r1 수리 기간은 며칠인가요?").click()
    expect(name).to_have_value("r1")
    expect(page.locator("#field-must_include textarea")).to_have_value("2일")
    page.locator("#fresh").click()
    expect(name).to_have_value("")
    name.fill(f"n{width}")
    page.locator("#field-question textarea").fill(f"자전거는 며칠 만에 고치나요? ({width})")
    page.locator("#save").click()
    page.wait_for_selector("#saved .problem")
    assert "'기대답변'이나 '근거'" in page.locator("#saved .problem").inner_text()
    page.locator("#field-must_include textarea").fill("2일")
    page.locator("#field-gold_quote textarea").fill("원문에 없는 구절")
    page.locator("#save").click()
    page.wait_for_selector("#saved .findings .error")
    assert "근거(gold_quote)가 문서에 그대로 있지 않습니다" in page.locator("#saved").inner_text()
    page.locator("#field-gold_quote textarea").fill(BIKE.split("\n")[5])
    choose(page, "field-reviewed", "예")
    page.locator("#save").click()
    page.wait_for_selector("#saved .notice:has-text('더했습니다')")
    saved = {case.case_id: case for case in load_cases(workspace / "eval" / "datasets" / "set.jsonl")}
    assert saved[f"n{width}"].must_include == (("2일",),)
    # Taken out again: the other tests count the cases.
    write_cases(workspace / "eval" / "datasets" / "set.jsonl", cases())  # type: ignore[arg-type]
