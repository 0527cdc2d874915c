"""A corrected or later edition replaces the earlier one; what is only alike does not."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from index.build import build_index
from index.editions import Edition, replaced
from index.library import open_library
from index.settings import IndexSettings
from tests.fake_embedder import FakeEmbedder

BODY = (
    "가람시는 골목 주차난을 풀려고 주차 로봇 열두 대를 들인다. 로봇은 차를 들어 옮기며 밤에는 스스로 충전한다. "
    "주민은 앱으로 차를 부르고 평균 삼 분을 기다린다. 이용료는 한 시간에 {fee}원이며 매달 첫 주는 받지 않는다."
)
OLD, NEW = BODY.format(fee=800), BODY.format(fee=600)


def edition(number: int, title: str, source: str = "", published: date | None = None) -> Edition:
    return Edition(f"d{number}", source or f"{number}.hwp", title, published)


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        (("주차 로봇 도입", "a.hwp"), ("주차 로봇 도입", "a_최종.hwp")),
        (("주차 로봇 도입", "a_v1.hwp"), ("주차 로봇 도입", "a_v2.hwp")),
        (("주차 로봇 도입", "a(수정).hwp"), ("주차 로봇 도입", "a(3차 수정).hwp")),
        (("주차 로봇 도입", "a.hwp"), ("주차 로봇 도입 (정정)", "b.hwp")),
        (("주차 로봇 도입", "a.hwp", date(2026, 1, 2)), ("주차 로봇 도입", "b.hwp", date(2026, 2, 3))),
    ],
)
def test_the_newer_edition_replaces_the_older(
    older: tuple[str, str] | tuple[str, str, date], newer: tuple[str, str] | tuple[str, str, date]
) -> None:
    texts = {"d1": OLD, "d2": NEW}
    for editions in ([edition(1, *older), edition(2, *newer)], [edition(2, *newer), edition(1, *older)]):
        assert replaced(editions, texts.__getitem__) == {"d1": "d2"}


@pytest.mark.parametrize(
    ("first", "second", "text"),
    [
        (("주차 로봇 도입", "a.hwp"), ("주차 로봇 도입", "b.hwp"), NEW),  # nothing says which is newer
        (("2025년 주차 계획", "a.hwp"), ("2026년 주차 계획", "b_최종.hwp"), NEW),  # another year's
        (("주차 로봇 도입", "a.hwp"), ("주차 로봇 도입", "b_최종.hwp"), "여권은 나흘 뒤에 받는다. " * 20),
    ],
)
def test_what_is_only_alike_stays(first: tuple[str, str], second: tuple[str, str], text: str) -> None:
    texts = {"d1": OLD, "d2": text}
    assert replaced([edition(1, *first), edition(2, *second)], texts.__getitem__) == {}


def test_notices_after_one_template_are_no_editions() -> None:
    dated = [edition(n, "입주자 모집 공고", f"{n}.hwp", date(2026, n, 1)) for n in (1, 2)]
    place = {"d1": "물빛마을 3단지 84제곱미터 스무 집", "d2": "햇살마을 7단지 59제곱미터 마흔 집"}
    text = "입주자를 모집한다. {0}이며 신청은 가람시 주거복지과에서 받는다. 자격은 무주택 세대주이다. {0}을 고른다."
    assert replaced(dated, lambda document_id: text.format(place[document_id])) == {}


def test_three_editions_end_in_the_newest() -> None:
    editions = [edition(n, "주차 로봇 도입", f"a_v{n}.hwp") for n in (2, 3, 1)]
    assert replaced(editions, lambda _: OLD) == {"d1": "d3", "d2": "d3"}


def test_only_the_newest_answers_and_says_what_it_replaced(tmp_path: Path, settings: IndexSettings) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "로봇.md").write_text(f"# 주차 로봇 도입\n\n{OLD}", encoding="utf-8")
    build_index([docs], settings, embedder=FakeEmbedder())
    (docs / "로봇_수정.md").write_text(f"# 주차 로봇 도입\n\n{NEW}", encoding="utf-8")
    report = build_index([docs], settings, embedder=FakeEmbedder())
    assert report.replacements == ("'로봇.md' → '로봇_수정.md'",)
    library = open_library(settings, FakeEmbedder())
    results = library.search("주차 로봇 이용료")
    assert {library.document(result.chunk.document_id).source for result in results} == {"로봇_수정.md"}
    assert library.replaces(results[0].chunk.document_id) == ["로봇.md"]
    library.close()
    (docs / "로봇_수정.md").unlink()
    assert build_index([docs], settings, embedder=FakeEmbedder()).replacements == ()
    library = open_library(settings, FakeEmbedder())
    assert "800원" in library.search("주차 로봇 이용료")[0].chunk.text
    library.close()
