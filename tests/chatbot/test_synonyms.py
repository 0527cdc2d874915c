"""The synonym file widens a search; it must stay clean, since anyone may add to it."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatbot.synonyms import SynonymTable


@pytest.fixture(scope="module")
def table() -> SynonymTable:
    return SynonymTable.load()


def test_an_everyday_word_leads_to_the_official_one(table: SynonymTable) -> None:
    assert "보이스피싱" in table.expand(["전화 사기"])
    assert "북한이탈주민" in table.expand(["탈북민"])
    assert "행정복지센터" in table.expand(["동사무소"])


def test_white_space_and_case_do_not_matter(table: SynonymTable) -> None:
    assert table.expand(["전화사기"]) == table.expand(["전화 사기"])
    assert "드론" in table.expand(["uav"])


def test_what_was_given_is_not_given_back(table: SynonymTable) -> None:
    assert not {"드론", "무인기"} & set(table.expand(["드론", "무인기"]))


def test_an_unknown_word_widens_nothing(table: SynonymTable) -> None:
    assert table.expand(["가나다라마"]) == ()
    assert table.expand([]) == ()


def test_long_words_are_found_anywhere_and_short_ones_as_words(table: SynonymTable) -> None:
    assert "쓰레기문자" in table.find("쓰레기 문자를 막은 사례")
    assert "앱" in table.find("앱 사례")
    assert "앱" not in table.find("앱솔루트 사례")


def test_the_file_has_many_groups_and_no_group_of_one(table: SynonymTable) -> None:
    assert len(table.groups) >= 150
    assert [group for group in table.groups if len(set(group)) < 2] == []


def test_no_word_stands_in_three_groups(table: SynonymTable) -> None:
    assert [word for word, groups in table.groups_of.items() if len(set(groups)) > 2] == []


def test_a_file_of_ones_own_replaces_it(tmp_path: Path) -> None:
    path = tmp_path / "synonyms.yaml"
    path.write_text("- [자전거, 따릉이]\n", "utf-8")
    assert SynonymTable.load(path).expand(["따릉이"]) == ("자전거",)
