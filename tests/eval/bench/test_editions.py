from eval.bench.editions import made
from index.editions import replaced


def test_editions_stand_under_the_same_or_another_title_and_only_the_same_are_replaced() -> None:
    corpus = made(200)
    titles = {edition.document_id: edition.title for edition in corpus.editions}
    assert all(titles[old] == titles[new] for old, new in corpus.same_title.items())
    assert all(titles[old] != titles[new] for old, new in corpus.other_title.items())
    assert corpus.same_title
    assert replaced(corpus.editions, corpus.texts.__getitem__) == corpus.same_title
