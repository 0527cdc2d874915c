from __future__ import annotations

import os
from pathlib import Path

import pytest

from index.errors import IndexLockedError, IndexNotBuiltError, IndexVersionError, IndexWriteError
from index.versions import Manifest, VersionFolder


def manifest(name: str) -> Manifest:
    return Manifest(
        name=name, fingerprint="f", embedding="e", created_at="", corpus_digest="", documents=1, cases=1, chunks=1
    )


def publish(versions: VersionFolder, *names: str) -> None:
    for name in names:
        versions.path(name).mkdir(parents=True)
        versions.publish(manifest(name))


@pytest.fixture
def versions(tmp_path: Path) -> VersionFolder:
    return VersionFolder(tmp_path / "index")


def test_without_a_build_there_is_no_version(versions: VersionFolder) -> None:
    assert versions.current() is None
    assert versions.previous() is None
    assert versions.complete() == []
    with pytest.raises(IndexNotBuiltError, match="index build"):
        versions.manifest()


def test_a_published_version_answers(versions: VersionFolder) -> None:
    publish(versions, "1", "2")
    assert (versions.current(), versions.previous(), versions.complete()) == ("2", "1", ["1", "2"])
    assert versions.manifest() == manifest("2")


def test_names_sort_by_time(versions: VersionFolder) -> None:
    names = [versions.new_name() for _ in range(50)]
    assert names == sorted(names)
    assert len(set(names)) == 50


def test_a_version_without_a_manifest_is_no_version(versions: VersionFolder) -> None:
    publish(versions, "1")
    versions.path("2").mkdir()
    versions.activate("2")
    assert versions.current() is None
    assert versions.complete() == ["1"]


@pytest.mark.parametrize("written", [b"", b"\xff\xfe\n", b"\n", b"no-such-version\n"])
def test_a_damaged_pointer_is_as_good_as_none(versions: VersionFolder, written: bytes) -> None:
    publish(versions, "1")
    (versions.index_dir / "CURRENT").write_bytes(written)
    assert versions.current() is None


@pytest.mark.parametrize("written", ["", "{", '{"name": "1"}'])
def test_a_damaged_manifest_is_told(versions: VersionFolder, written: str) -> None:
    publish(versions, "1")
    (versions.path("1") / "manifest.json").write_text(written)
    with pytest.raises(IndexVersionError, match="읽을 수 없습니다"):
        versions.manifest()


def test_pruning_keeps_the_newest_and_the_one_that_answers(versions: VersionFolder) -> None:
    publish(versions, "1", "2", "3", "4")
    versions.path("5-unfinished").mkdir()
    versions.activate("1")
    assert sorted(versions.prune(2)) == ["2", "5-unfinished"]
    assert versions.complete() == ["1", "3", "4"]
    assert versions.current() == "1"


def test_only_one_build_at_a_time(versions: VersionFolder) -> None:
    second = VersionFolder(versions.index_dir)
    with versions.building(), pytest.raises(IndexLockedError, match="다른 프로세스"), second.building():
        pass
    with second.building():
        pass


def test_a_file_in_place_of_the_folder_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for folder in (tmp_path / "file", tmp_path / "file" / "below"):
        versions = VersionFolder(folder)
        assert versions.current() is None
        with pytest.raises(IndexWriteError, match="쓸 수 없습니다"), versions.building():
            pass
        with pytest.raises(IndexWriteError, match="쓸 수 없습니다"):
            versions.activate("1")


def test_publishing_leaves_no_temporary_files(versions: VersionFolder) -> None:
    publish(versions, "1")
    assert sorted(path.name for path in versions.index_dir.rglob("*")) == ["1", "CURRENT", "manifest.json", "versions"]


def test_above_the_limit_the_oldest_versions_go_and_the_current_one_never(versions: VersionFolder) -> None:
    publish(versions, "1", "2", "3", "4")
    for name in versions.complete():
        (versions.path(name) / "data").write_bytes(bytes(10_000))
    assert versions.prune(4, 25_000) == ["1", "2"]
    versions.activate("3")
    assert versions.prune(4, 1) == ["4"]
    assert versions.complete() == ["3"]
    assert versions.size() > 10_000


def test_a_version_that_a_process_holds_stays_above_the_limit(versions: VersionFolder) -> None:
    publish(versions, "1", "2")
    held = versions.hold("1")
    assert versions.prune(2, 1) == []
    os.close(held)
    assert versions.prune(2, 1) == ["1"]
