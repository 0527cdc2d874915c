import pytest

from eval.text import fold, squeeze, strip_marks


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("약 3일입니다.[1]", "약 3일입니다."),
        ("둘 다입니다.[1][12] 끝.", "둘 다입니다. 끝."),
        ("[2020] 사업", "[2020] 사업"),
    ],
)
def test_marks_go_and_bracketed_years_stay(text: str, expected: str) -> None:
    assert strip_marks(text) == expected


def test_squeeze_removes_white_space_only() -> None:
    assert squeeze("1,009개\n 기관\t연계") == "1,009개기관연계"


def test_squeeze_makes_decomposed_hangul_equal_to_composed() -> None:
    assert squeeze("\u1100\u1161") == "가"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1,000건 이상", "1000건이상"),
        ("１，０００건", "1000건"),
        ("12,345,678원", "12345678원"),
        ("1,2,3", "1,2,3"),
        ("2023, 100건", "2023,100건"),
        ("Challenge.GOV", "challenge.gov"),
    ],
)
def test_fold_removes_thousands_commas_and_keeps_other_commas(text: str, expected: str) -> None:
    assert fold(text) == expected
