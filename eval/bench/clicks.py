"""How long a click takes while many users are being answered: ``python -m eval.bench.clicks``.

Starts the product over the bundled documents (or ``--index-dir``), lets so many users ask without a pause through the
streaming interface, and meanwhile clicks in a real browser: a citation (its source opens beside the chat) and a page
of cases. Needs Chromium and the ``dev`` dependencies.
"""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import quantiles
from typing import TYPE_CHECKING, Annotated

import httpx
import typer

if TYPE_CHECKING:
    from playwright.sync_api import Page

QUESTIONS = (
    "미국행 국제우편은 왜 멈췄나요?",
    "불법 전화번호 이용중지 처리 기간이 며칠로 줄었나요?",
    "주차 문제를 로봇으로 푼 지자체가 있나요?",
    "블록체인을 쓴 사례를 모두 알려 주세요.",
    "화성 이주 지원금은 얼마인가요?",
)
START_SECONDS = 300
# From the press to the moment the page shows what was asked for, on the page's own clock.
CLICK = """async number => {
  const chips = document.querySelectorAll('.text .chip');
  const chip = chips[number % chips.length];
  const before = document.querySelector('#source .source-text').dataset.key;
  if (chip.getAttribute('aria-current')) return null;
  const begun = performance.now();
  chip.click();
  while (document.querySelector('#source .source-text').dataset.key === before) {
    await new Promise(done => requestAnimationFrame(done));
    if (performance.now() - begun > 30000) return 30000;
  }
  return performance.now() - begun;
}"""


def main(
    users: Annotated[int, typer.Option("--users", min=1, max=200, help="함께 묻는 사람 수")] = 20,
    seconds: Annotated[int, typer.Option("--seconds", min=5, max=600, help="재는 시간(초)")] = 60,
    index_dir: Annotated[
        Path | None, typer.Option("--index-dir", help="색인 폴더. 비우면 내장 문서로 만듭니다.")
    ] = None,
) -> None:
    """여러 사람이 함께 묻는 동안 화면을 누르면 얼마나 걸리는지 잽니다."""
    with tempfile.TemporaryDirectory() as scratch, served(index_dir or Path(scratch) / "index") as base:
        quiet = clicks(base, 8)
        stop = threading.Event()
        answered: list[float] = []
        threads = [threading.Thread(target=ask, args=(base, number, stop, answered)) for number in range(users)]
        for thread in threads:
            thread.start()
        busy = clicks(base, seconds)
        stop.set()
        for thread in threads:
            thread.join()
    typer.echo(f"누르기(혼자): {told(quiet)}")
    typer.echo(f"누르기({users}명이 묻는 동안): {told(busy)}")
    typer.echo(f"그동안의 답 {len(answered)}건: {told(answered)}")


def told(milliseconds: list[float]) -> str:
    """Median and 95th percentile in milliseconds."""
    if len(milliseconds) < 2:
        return "잰 것이 없습니다"
    cuts = quantiles(milliseconds, n=20)
    return f"{len(milliseconds)}번, 중앙값 {cuts[9]:.0f} ms, p95 {cuts[18]:.0f} ms"


def ask(base: str, number: int, stop: threading.Event, answered: list[float]) -> None:
    """One user, who reads nothing and asks again at once."""
    with httpx.Client(base_url=base, timeout=120) as client:
        while not stop.is_set():
            begun = time.perf_counter()
            question = {"question": QUESTIONS[(number + len(answered)) % len(QUESTIONS)]}
            with client.stream("POST", "/api/v1/ask/stream", json=question) as response:
                if response.status_code == 200:
                    for _ in response.iter_lines():
                        pass
                    answered.append((time.perf_counter() - begun) * 1000)
            if response.status_code != 200:  # the queue is full or the limit reached: the user waits a little
                stop.wait(1)


def clicks(base: str, seconds: int) -> list[float]:
    """Milliseconds of each click in a browser during ``seconds``."""
    from playwright.sync_api import sync_playwright

    found: list[float] = []
    with sync_playwright() as started:
        browser = started.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page()
        page.set_default_timeout(120_000)
        page.goto(base)
        page.wait_for_selector(".welcome")
        answer(page, QUESTIONS[0])
        end = time.monotonic() + seconds
        number = 0
        while time.monotonic() < end:
            took = page.evaluate(CLICK, number)
            number += 1
            if took is not None:
                found.append(took)
            page.wait_for_timeout(150)
        browser.close()
    return found


def answer(page: Page, question: str) -> None:
    """Asks in the page and waits for two citations to click."""
    page.locator("#question textarea").fill(question)
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelectorAll('.text .chip').length > 1 && !document.querySelector('.working')")


@contextmanager
def served(index_dir: Path) -> Iterator[str]:
    """The address of the product, started in a process of its own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "app.py", "--index-dir", str(index_dir), "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:  # noqa: S603  ours
        base = f"http://127.0.0.1:{port}"
        try:
            end = time.monotonic() + START_SECONDS
            while time.monotonic() < end and process.poll() is None:
                try:
                    if httpx.get(f"{base}/readyz").status_code == 200:
                        break
                except httpx.TransportError:
                    time.sleep(0.3)
            else:
                raise typer.Exit(1)
            yield base
        finally:
            process.terminate()


if __name__ == "__main__":
    typer.run(main)
