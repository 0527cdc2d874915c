"""How heavy the widget is and how long a citizen waits for it, in a real browser.

``python -m eval.bench.widget [--rounds 10 --slow]`` starts ``app.py`` over the bundled cards (or asks ``--url``) and
visits its demo page anew each round. ``--slow`` is a cheap phone on a slow line: the processor at a quarter of its
speed, 1.6 Mbit/s and 150 ms, as Lighthouse has it. Needs ``pip install '.[dev]'`` and Chromium.
"""

from __future__ import annotations

import gzip
import importlib.util
import shutil
from collections.abc import Mapping, Sequence
from statistics import median
from typing import TYPE_CHECKING, Annotated

import typer

from chatbot.widget.build import BUILT
from eval.bench.load import QUESTIONS, given, running
from eval.cases import load_case_files
from eval.report.markdown import table

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
PHONE_SLOWDOWN = 4
SLOW_LINE = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 0.75e6 / 8}
PATIENCE_MS = 60_000

# Notes when what a person waits for is there; seen by the page itself, so that no round trip is counted.
WATCH = """
window.seen = {};
const note = (name) => { seen[name] ??= performance.now(); };
addEventListener("gov-chat:ready", () => {
  note("ready");
  const root = document.querySelector("gov-chat").shadowRoot;
  new MutationObserver(() => {
    if (root.querySelector(".first .ask")) note("session");
    if (root.querySelector(".coming")?.textContent) note("token");
    if (root.querySelector(".answer[aria-busy=false]")) note("answer");
  }).observe(root, { childList: true, subtree: true, characterData: true, attributes: true });
});
"""
NAMES: Mapping[str, str] = {
    "ready": "쪽을 연 때부터 단추를 누를 수 있을 때까지",
    "session": "단추를 누른 때부터 첫 질문들이 보일 때까지",
    "token": "질문을 보낸 때부터 첫 글자까지",
    "answer": "질문을 보낸 때부터 답 전체까지",
}


def main(
    url: Annotated[str, typer.Option(help="a server that runs; without it, one is started")] = "",
    rounds: Annotated[int, typer.Option(min=1)] = 10,
    slow: Annotated[bool, typer.Option("--slow", help="a cheap phone on a slow line")] = False,
) -> None:
    """Measure, and print a table."""
    executable = next(filter(None, map(shutil.which, BROWSERS)), None)
    if importlib.util.find_spec("playwright") is None or executable is None:
        typer.echo(
            "playwright나 Chromium이 없어 건너뜁니다. pip install '.[dev]'와 apt install chromium으로 설치해 주십시오.",
            err=True,
        )
        return
    from playwright.sync_api import sync_playwright

    asked = [case.question for case in load_case_files([QUESTIONS]) if not case.history and case.answerable]
    with running() if not url else given(url, 0) as (address, _), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox", "--disable-gpu"])
        # The first answer of a server loads what later ones have.
        visits = [visit(browser, address, asked[number % len(asked)], slow=slow) for number in range(rounds + 1)][1:]
        browser.close()
    typer.echo("\n".join(report(BUILT.read_bytes(), visits)))


def visit(browser: Browser, address: str, question: str, *, slow: bool) -> dict[str, float]:
    """Milliseconds of one first visit, by the names of :data:`NAMES`."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="ko-KR")
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    if slow:
        _slow_down(page)
    page.add_init_script(WATCH)
    page.goto(f"{address}/widget/demo", wait_until="commit")
    page.wait_for_selector("gov-chat .launcher")
    opened = _pressed(page, "gov-chat .launcher")
    page.click("gov-chat .agree")
    page.wait_for_selector("gov-chat .first .ask")
    page.fill("gov-chat textarea", question)
    sent = _pressed(page, "gov-chat .send")
    page.wait_for_selector("gov-chat .answer[aria-busy=false]")
    seen: dict[str, float] = page.evaluate("seen")
    context.close()
    # An answer that comes in one piece is there with its first token.
    token = seen.get("token", seen["answer"])
    return {
        "ready": seen["ready"],
        "session": seen["session"] - opened,
        "token": token - sent,
        "answer": seen["answer"] - sent,
    }


def _pressed(page: Page, selector: str) -> float:
    """Presses a button; when, by the clock of the page."""
    page.evaluate(
        "name => document.querySelector('gov-chat').shadowRoot.querySelector(name)"
        ".addEventListener('click', () => { window.pressed = performance.now(); }, { capture: true, once: true })",
        selector.partition(" ")[2],
    )
    page.click(selector)
    pressed: float = page.evaluate("pressed")
    return pressed


def _slow_down(page: Page) -> None:
    control = page.context.new_cdp_session(page)
    control.send("Network.enable")
    control.send("Network.emulateNetworkConditions", SLOW_LINE)
    control.send("Emulation.setCPUThrottlingRate", {"rate": PHONE_SLOWDOWN})


def report(script: bytes, visits: Sequence[Mapping[str, float]]) -> list[str]:
    """The table: sizes in KB (1,000 bytes), times in milliseconds, the median and the slowest."""
    sizes = [f"{len(data) / 1000:.1f} KB" for data in (script, gzip.compress(script, 9))]
    rows = [("위젯의 크기, 압축한 크기", *sizes)]
    rows += [
        (f"{name}(ms) 중앙값, 최대", f"{median(times):,.0f}", f"{max(times):,.0f}")
        for name, times in ((label, [one[key] for one in visits]) for key, label in NAMES.items())
    ]
    return table(("", "", ""), rows)


if __name__ == "__main__":
    typer.run(main)
