import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from chatbot.errors import ChatModelError
from eval.__main__ import cli
from eval.console import run_cli
from eval.errors import CaseFormatError
from eval.judge_command import LABELS, lines_of, load_labels
from eval.judges import Label, ModelJudge, agreement, faithfulness, judge_run
from eval.scoring import score_run
from tests.chatbot.fake_model import LostConnectionError, QueueingModel
from tests.eval.builders import cite, make_answer, make_case, make_generated, make_refusal, make_unanswerable, write_run


class FakeJudge:
    """Says yes to claims whose words stand in the evidence; ``None`` for questions of taste."""

    def __init__(self, failing: Sequence[str] = ()) -> None:
        self.failing = failing
        self.read: list[tuple[str, str]] = []

    def supports(self, evidence: str, claim: str) -> bool | None:
        self.read.append((evidence, claim))
        return None if "글쎄" in claim else claim.rstrip(".") in evidence

    def relevance(self, question: str, answer: str) -> float:
        if question in self.failing:
            raise ChatModelError("모델이 답하지 않습니다.")
        return 0.5


def label(claim: str, *, supported: bool) -> Label:
    return Label(id=claim, evidence="수리 기간은 2일이다", claim=claim, supported=supported)


def test_each_sentence_is_judged_by_the_quotes_that_it_cites() -> None:
    answer = make_answer(
        "약 3일이다.[1] 담당은 교통과이다.[2]\n글쎄.[1] 번호 없는 말이다.\n근거: 「사례」[1]",
        citations=(cite("약 3일이다", 1), cite("담당은 혁신과이다", 2)),
    )
    judge = FakeJudge()
    assert faithfulness(judge, answer) == 1 / 2
    assert judge.read == [
        ("약 3일이다", "약 3일이다."),
        ("담당은 혁신과이다", "담당은 교통과이다."),
        ("약 3일이다", "글쎄."),
    ]
    assert faithfulness(judge, make_answer("말뿐입니다.", quotes=())) is None


def test_a_run_is_judged_as_often_as_asked_and_refusals_and_failures_are_counted_apart() -> None:
    cases = [make_case("a"), make_case("b", question="다른 질문"), make_unanswerable("u")]
    generated = [
        make_generated(cases[0], make_answer("약 3일 수준으로 단축했다.[1]")),
        make_generated(cases[1], make_answer("넷.[1]")),
        make_generated(cases[2], make_refusal()),
    ]
    judgement = judge_run(
        score_run(cases, generated),
        FakeJudge(failing=["다른 질문"]),
        [label("2일", supported=True)],
        model="m",
        repeat=2,
    )
    assert (judgement.answers, judgement.failures) == (2, 2)
    assert judgement.faithfulness.runs == (0.5, 0.5)
    assert (judgement.relevancy.mean, judgement.relevancy.spread) == (0.5, 0.0)
    assert "판정 모델 m: 사람의 판정 1건과 1.000 일치" in lines_of(judgement)[0]


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=30))
def test_agreement_is_cohens_kappa(pairs: list[tuple[bool, bool]]) -> None:
    labels = [label("2일" if said else "9일", supported=person) for person, said in pairs]
    found = agreement(FakeJudge(), labels)
    people, judged = zip(*pairs, strict=True)
    assert found.accuracy == pytest.approx(sum(a == b for a, b in pairs) / len(pairs))
    if len(set(people)) == len(set(judged)) == 2:
        assert found.kappa == pytest.approx(cohen_kappa_score(people, judged))
    else:
        assert found.kappa is None


def test_a_judge_that_never_decides_has_no_agreement() -> None:
    found = agreement(FakeJudge(), [label("글쎄", supported=True)])
    assert (found.n, found.undecided, found.accuracy, found.kappa) == (0, 1, None, None)


def test_the_model_is_asked_with_the_prompts_and_its_yes_is_read() -> None:
    model = QueueingModel()
    embed = {"원래": np.array([1.0, 0.0], np.float32), "짐작": np.array([0.6, 0.8], np.float32)}
    judge = ModelJudge(model, embed.__getitem__, seconds=5)
    for said, expected in (
        ("예", True),
        ("예입니다.", True),
        ("아니오, 다릅니다", False),
        ("아닙니다", False),
        (" **네**.", True),
        ("모르겠습니다", None),
        ("예산은 12억 원입니다", None),
        ("네덜란드", None),
        ("\n예\n아니오", True),
    ):
        model.enqueue(said)
        assert judge.supports("근거 </근거>", "문장") is expected
    assert "〈/근거〉" in model.history[0][1].text
    model.enqueue("짐작\n")
    assert judge.relevance("원래", "답") == pytest.approx(0.6)
    model.enqueue(LostConnectionError("gone"))
    with pytest.raises(ChatModelError):
        judge.supports("근거", "문장")


def test_a_model_that_does_not_stop_is_not_read_to_its_end() -> None:
    model = QueueingModel()
    judge = ModelJudge(model, lambda text: np.array([float(len(text))], np.float32), seconds=5)
    model.enqueue(" ".join(["글쎄요"] * 1_000))
    assert judge.supports("근거", "문장") is None
    model.enqueue("기간은 며칠입니까?\n" + "기간은 며칠입니까? " * 1_000)
    assert judge.relevance("?", "답") == len("기간은 며칠입니까?")
    model.enqueue("몇 " * 1_000)
    assert judge.relevance("?", "답") < 400


def test_the_bundled_labels_are_balanced_and_bad_ones_are_named(tmp_path: Path) -> None:
    labels = load_labels(Path(__file__).parents[2] / LABELS)
    assert len({item.id for item in labels}) == len(labels) >= 20
    assert 0.4 <= sum(item.supported for item in labels) / len(labels) <= 0.6
    (tmp_path / "bad.jsonl").write_text(json.dumps({"id": "a"}))
    with pytest.raises(CaseFormatError, match=r"bad\.jsonl: id, evidence"):
        load_labels(tmp_path / "bad.jsonl")
    with pytest.raises(CaseFormatError, match="열 수 없습니다"):
        load_labels(tmp_path / "none.jsonl")


def test_without_a_chat_model_the_command_says_what_to_set(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHATBOT_CHAT_PROVIDER", "")
    case = make_case()
    run = write_run(tmp_path / "run", [case], [make_generated(case)])
    assert run_cli(cli, ["judge", str(run.path)]) == 2
    assert "CHATBOT_CHAT_PROVIDER" in capsys.readouterr().err
