from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from math import log
from pathlib import Path

import pytest

from index.build import build_index, embedder_for, fingerprint_of
from index.document import DocumentKind, SearchFilters
from index.embed import Embedder
from index.errors import IndexNotBuiltError, IndexSelfTestError, IndexVersionError, UnknownIdError
from index.lexical import LexicalIndex
from index.library import Library, open_library
from index.settings import IndexSettings
from index.store import VectorStore
from index.versions import VersionFolder
from tests.fake_embedder import FakeEmbedder

ROOT = Path(__file__).parents[2]


def titles(library: Library, query: str, filters: SearchFilters | None = None) -> list[str]:
    return [result.chunk.case_title for result in library.search(query, filters=filters)]


def test_results_are_ranked_from_one_with_falling_scores_in_zero_to_one(small_library: Library) -> None:
    results = small_library.search("주차 로봇", top_k=5)
    assert [result.rank for result in results] == [1, 2, 3, 4, 5]
    scores = [result.score for result in results]
    assert scores == sorted(scores, reverse=True)
    for result in results:
        for score in (result.score, result.lexical, result.dense):
            assert -1e-9 <= score <= 1 + 1e-9
    everything = small_library.search("주차 로봇", top_k=100)
    assert everything[:5] == results
    assert len({result.chunk.chunk_id for result in everything}) == len(everything)


def test_both_spellings_of_an_agency_find_it(small_library: Library) -> None:
    for query in ("개인정보보호위원회", "개인정보 보호위원회", "개인정보보호 위원회 상담"):
        assert titles(small_library, query)[0] == "개인정보 보호위원회의 가명정보 상담"


def test_an_article_is_found_by_its_number(small_library: Library) -> None:
    best = small_library.search("제15조의2")[0]
    assert "제15조의2" in best.chunk.text


def test_chunks_are_slices_of_their_documents(small_library: Library) -> None:
    for query in ("버스", "미세먼지 측정소", "여권 수수료"):
        for result in small_library.search(query):
            chunk = result.chunk
            document = small_library.document(chunk.document_id)
            case = small_library.case(chunk.case_id)
            assert document.text[chunk.start : chunk.end] == chunk.text
            assert (case.title, case.agency, case.year) == (chunk.case_title, chunk.agency, chunk.year)


@pytest.mark.parametrize(
    ("filters", "years"),
    [
        (SearchFilters(year=2023), {2023}),
        (SearchFilters(year=2023, year_to=2024), {2023, 2024}),
        (SearchFilters(year=1999), set()),
    ],
)
def test_a_year_is_met_by_every_result(small_library: Library, filters: SearchFilters, years: set[int]) -> None:
    results = small_library.search("시민에게 도움이 된 일", filters=filters)
    assert {result.chunk.year for result in results} == years
    assert {case.year for case in small_library.cases(filters)} == years


@pytest.mark.parametrize(
    ("agency", "found"),
    [
        ("개인정보보호위원회", {"개인정보 보호위원회"}),
        ("가람시", {"가람시 > 교통과"}),
        ("나래군", {"나래군 안전총괄과", "나래군"}),
        ("없는부", set()),
    ],
)
def test_an_agency_is_met_whatever_the_spacing(small_library: Library, agency: str, found: set[str]) -> None:
    filters = SearchFilters(agency=agency)
    assert {case.agency for case in small_library.cases(filters)} == found
    assert {result.chunk.agency for result in small_library.search("어떤 일을 했나", filters=filters)} == found


def test_a_kind_is_met_together_with_a_year(small_library: Library) -> None:
    filters = SearchFilters(kind=DocumentKind.CASE_CARD, year=2024)
    assert titles(small_library, "주차", filters) == ["주차 로봇으로 좁은 골목의 주차난을 덜다"]
    assert titles(small_library, "개인정보", filters) == ["주차 로봇으로 좁은 골목의 주차난을 덜다"]


@pytest.mark.parametrize("query", ["", "   ", "?!", "…", "\n"])
def test_a_query_without_a_searchable_word_finds_nothing(small_library: Library, query: str) -> None:
    assert small_library.search(query) == []


@pytest.mark.parametrize(
    "query", ["가", "은는이가", "ㅋㅋㅋ", "a" * 5_000, "버스 " * 2_000, "'; DROP TABLE chunks; --", "😀"]
)
def test_strange_queries_are_answered(small_library: Library, query: str) -> None:
    assert len(small_library.search(query, top_k=3)) <= 3


def test_extra_terms_only_widen_the_lexical_legs(small_library: Library) -> None:
    plain = {r.chunk.chunk_id: r for r in small_library.search("탈것 보관", top_k=20)}
    wide = {r.chunk.chunk_id: r for r in small_library.search("탈것 보관", top_k=20, extra_terms=["주차"])}
    parking = next(key for key, result in wide.items() if "주차 로봇" in result.chunk.case_title)
    assert wide[parking].lexical > plain[parking].lexical
    assert wide[parking].similarity == pytest.approx(plain[parking].similarity)


@pytest.mark.parametrize(("leg", "silent"), [("use_lexical", "lexical"), ("use_dense", "dense")])
def test_a_leg_can_be_left_out(small_settings: IndexSettings, small_library: Library, leg: str, silent: str) -> None:
    library = open_library(small_settings.model_copy(update={leg: False}), FakeEmbedder())
    results = library.search("주차 로봇")
    library.close()
    assert results
    assert {getattr(result, silent) for result in results} == {0.0}


def test_rarity_is_the_inverse_document_frequency(small_library: Library) -> None:
    total = small_library.manifest.chunks
    assert small_library.rarity("없는낱말") == pytest.approx(log(1 + (total + 0.5) / 0.5))
    assert small_library.rarity("여권") > small_library.rarity("주차") > 0
    assert (small_library.knows("여권"), small_library.knows("없는낱말")) == (True, False)


def test_unknown_ids_are_errors_that_name_them(small_library: Library) -> None:
    for look_up in (small_library.document, small_library.case, small_library.sentences):
        with pytest.raises(UnknownIdError, match="d-없음"):
            look_up("d-없음")
    assert small_library.chunks(["d-없음#0"]) == {}


def test_threads_get_the_same_results(small_library: Library) -> None:
    queries = ["주차 로봇", "여권 수수료", "물길 지도", "등기우편"] * 8
    alone = [[r.chunk.chunk_id for r in small_library.search(query)] for query in queries]
    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(lambda query: [r.chunk.chunk_id for r in small_library.search(query)], queries))
    assert together == alone


@pytest.fixture
def copied(tmp_path: Path, small_library: Library) -> Iterator[IndexSettings]:
    """A copy of the small index that a test may damage."""
    shutil.copytree(small_library.settings.index_dir, tmp_path / "index")
    yield small_library.settings.model_copy(update={"index_dir": tmp_path / "index"})


def version_path(settings: IndexSettings) -> Path:
    versions = VersionFolder(settings.index_dir)
    return versions.path(versions.current() or "")


def self_test(settings: IndexSettings) -> None:
    library = open_library(settings, FakeEmbedder())
    try:
        library.self_test()
    finally:
        library.close()


def empty_lexical(settings: IndexSettings) -> None:
    library = open_library(settings, FakeEmbedder())
    index = LexicalIndex(version_path(settings) / "lexical")
    index.remove([case.case_id for case in library.cases()])
    library.close()


def empty_vectors(settings: IndexSettings) -> None:
    store = VectorStore(version_path(settings) / "vectors")
    library = open_library(settings, FakeEmbedder())
    store.remove([f"{document.document_id}#{n}" for document in library.documents() for n in range(50)])
    library.close()
    store.close()


def lose_cases(settings: IndexSettings) -> None:
    shutil.rmtree(version_path(settings) / "lexical" / "cases")


def lose_one_vector(settings: IndexSettings) -> None:
    library = open_library(settings, FakeEmbedder())
    chunk_id = library.search("여권")[0].chunk.chunk_id
    library.close()
    store = VectorStore(version_path(settings) / "vectors")
    store.remove([chunk_id])
    store.close()


def test_a_whole_index_passes_the_self_test(copied: IndexSettings) -> None:
    self_test(copied)


@pytest.mark.parametrize(
    ("damage", "named"),
    [
        (empty_lexical, "형태소 검색"),
        (empty_vectors, "임베딩 검색"),
        (lose_cases, "사례 검색"),
        (lose_one_vector, "벡터 색인에 17개"),
    ],
)
def test_a_leg_that_lost_its_entries_fails_loudly(copied: IndexSettings, damage: object, named: str) -> None:
    assert callable(damage)
    damage(copied)
    with pytest.raises(IndexSelfTestError, match=named) as caught:
        self_test(copied)
    assert "index build" in str(caught.value)


@pytest.mark.parametrize("file", ["catalog.sqlite", "lexical/chunks/meta.json", "vectors/chroma.sqlite3"])
def test_a_damaged_file_is_told_with_the_way_out(copied: IndexSettings, file: str) -> None:
    (version_path(copied) / file).write_bytes(b"damaged")
    with pytest.raises(IndexVersionError, match="rollback") as caught:
        open_library(copied, FakeEmbedder())
    assert "\n" not in str(caught.value)


def test_no_index_is_told_with_the_command_that_makes_one(settings: IndexSettings) -> None:
    with pytest.raises(IndexNotBuiltError, match="python -m index build"):
        open_library(settings, FakeEmbedder())


def test_an_index_of_another_version_is_refused(copied: IndexSettings) -> None:
    with pytest.raises(IndexVersionError, match="다른 설정"):
        open_library(copied.model_copy(update={"max_chunk_chars": 900}), FakeEmbedder())


def test_a_held_version_outlives_pruning(copied: IndexSettings, corpus_dir: Path, tmp_path: Path) -> None:
    library = open_library(copied, FakeEmbedder())
    docs = shutil.copytree(corpus_dir, tmp_path / "docs")
    held = version_path(copied)
    for number in range(2):
        (docs / "새.txt").write_text(f"{number}번째 새 글이다.", encoding="utf-8")
        build_index([docs], copied.model_copy(update={"keep_versions": 1}), embedder=FakeEmbedder())
    assert held.is_dir()
    with ThreadPoolExecutor(1) as thread:
        assert thread.submit(titles, library, "주차 로봇").result()[0].startswith("주차 로봇")
    library.close()
    (docs / "새.txt").unlink()
    build_index([docs], copied.model_copy(update={"keep_versions": 1}), embedder=FakeEmbedder())
    assert not held.exists()


READ_ONLY = """
mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && exec "$1" -m index search 질의 --index-dir "$0"
"""


@pytest.mark.slow
def test_a_read_only_folder_is_told_as_such(copied: IndexSettings) -> None:
    folder = copied.index_dir
    command = ["unshare", "--mount", "sh", "-c"]
    if subprocess.run([*command, 'mount --bind "$0" "$0"', folder], capture_output=True, check=False).returncode:
        pytest.skip("mounting is not allowed here")
    manifest = version_path(copied) / "manifest.json"
    real = fingerprint_of(copied, embedder_for(copied))
    manifest.write_text(manifest.read_text().replace(VersionFolder(folder).manifest().fingerprint, real))
    done = subprocess.run(
        [*command, READ_ONLY, folder, sys.executable], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1), done.stderr
    assert "쓸 수 없어 열지 못합니다" in done.stderr


def test_another_spelling_of_the_agency_is_met_too(small_library: Library) -> None:
    filters = SearchFilters(agency="개보위", agency_spellings=("개인정보 보호위원회",))
    assert {case.agency for case in small_library.cases(filters)} == {"개인정보 보호위원회"}


def test_similar_cases_are_others_each_once_and_the_nearest_first(small_library: Library) -> None:
    for case in small_library.cases():
        near = [other.case_id for other in small_library.similar_cases(case.case_id, 3)]
        assert len(near) == len(set(near)) == 3
        assert case.case_id not in near
    with pytest.raises(UnknownIdError):
        small_library.similar_cases("없는 사례", 3)


@pytest.mark.model
def test_a_case_on_the_same_matter_is_the_most_similar(real_embedder: Embedder, tmp_path: Path) -> None:
    for name, text in {
        "로봇": "# 주차로봇으로 주차난 해소\n로봇이 차를 옮겨 좁은 주차장의 주차 공간을 늘렸습니다.",
        "주차장": "# 학교 운동장 주차장 개방\n밤에 학교 주차장을 열어 주민의 주차 공간을 늘렸습니다.",
        "예방접종": "# 예방접종 사전예약\n백신 예약 누리집의 접속 지연을 없앴습니다.",
        "우편": "# 국제우편 재개\n미국으로 보내는 우편을 다시 받습니다.",
    }.items():
        (tmp_path / f"{name}.md").write_text(text, encoding="utf-8")
    settings = IndexSettings(index_dir=tmp_path / "index")
    build_index([tmp_path], settings, embedder=real_embedder)
    library = open_library(settings, real_embedder)
    [robot] = [case for case in library.cases() if "주차로봇" in case.title]
    assert library.similar_cases(robot.case_id, 1)[0].title == "학교 운동장 주차장 개방"
    library.close()
