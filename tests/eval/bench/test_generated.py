from collections import Counter

from eval.bench.generated import documents


def test_documents_are_the_same_every_time_and_more_begin_with_the_same() -> None:
    assert documents(40)[:12] == documents(12)


def test_titles_and_names_tell_them_apart() -> None:
    made = documents(1_000)
    assert len({document.title for document in made}) == len({document.name for document in made}) == 1_000
    assert all(document.title in document.question for document in made)


def test_a_document_tells_its_figure_once_and_another_one_changes_nothing_else() -> None:
    document = documents(1)[0]
    changed = document.with_fee(12_300)
    assert document.text.count(f"{document.fee:,}원") == 1
    assert "12,300원" in changed.text
    assert Counter(document.text.split()) - Counter(changed.text.split()) == Counter([f"{document.fee:,}원이다."])
