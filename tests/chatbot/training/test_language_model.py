"""The training of the language model on a random one of two tiny layers."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
import torch
from transformers import Gemma3ForCausalLM, Gemma3TextConfig

from chatbot.ranker import ANSWER_SIGNS, SENTENCE_SIGNS
from chatbot.training.candidates import Candidate, Sample
from chatbot.training.forms import Form, pointwise_prompt
from chatbot.training.language_model import Plan, Pointer, Trainer, judge, loss, shown


class Letters:
    """A tokenizer of one token a letter; spaces belong to what follows."""

    pad_token_id = 0
    bos_token_id = 1

    def __call__(self, text: str, *, add_special_tokens: bool) -> dict[str, list[int]]:
        assert not add_special_tokens
        return {"input_ids": [2 + ord(letter) % 90 for letter in text if letter != " "]}


def pointer(form: Form) -> Pointer:
    torch.manual_seed(3)
    model = Gemma3ForCausalLM(
        Gemma3TextConfig(
            vocab_size=92,
            hidden_size=16,
            intermediate_size=32,
            num_hidden_layers=2,
            num_attention_heads=2,
            num_key_value_heads=1,
            head_dim=8,
            sliding_window=16,
            layer_types=["sliding_attention", "full_attention"],
        )
    )
    return Pointer(model.float(), Letters(), form)


def candidate(text: str, is_evidence: bool = False) -> Candidate:
    return Candidate("제목", text, is_evidence, 0.5, dict.fromkeys(SENTENCE_SIGNS, 0.0))


CANDIDATES = [
    candidate("문을 밤 열 시까지 열었다."),
    candidate("수리 기간을 줄였다.", True),
    candidate("신고가 늘었다."),
]
SAMPLE = Sample(
    "q1",
    "d1",
    "fact",
    "무엇을 줄였나?",
    True,
    "수리 기간을 줄였습니다.",
    True,
    dict.fromkeys(ANSWER_SIGNS, 0.0),
    tuple(CANDIDATES),
)


def plan(form: Form, *, steps: int = 4, writes: bool = False) -> Plan:
    return Plan(form, steps=steps, shortlist=3, rate=1e-2, warmup=1, seed=5, writes=writes)


@pytest.mark.parametrize("form", ["pointwise", "numbered", "copied"])
def test_odds_are_the_same_with_and_without_learning(form: Form) -> None:
    one = pointer(form)
    with torch.no_grad():
        read = one.odds("무엇을 줄였나?", CANDIDATES)
    learned = one.odds("무엇을 줄였나?", CANDIDATES)
    assert read.shape == (4,)
    assert torch.allclose(read, learned.detach(), atol=1e-4)


def test_a_sentence_has_the_same_odds_alone_and_padded_beside_longer_ones() -> None:
    one = pointer("pointwise")
    with torch.no_grad():
        together = one.odds("무엇을 줄였나?", CANDIDATES)
        alone = [one.odds("무엇을 줄였나?", [each])[0] for each in CANDIDATES]
    assert torch.allclose(together[:-1], torch.stack(alone), atol=1e-4)
    assert together[-1] == 0.0


def test_pointwise_odds_are_those_of_the_two_words() -> None:
    one = pointer("pointwise")
    ids = torch.tensor([one.ids(pointwise_prompt("무엇을 줄였나?", "제목", CANDIDATES[0].sentence))])
    with torch.no_grad():
        logits = one.model(ids).logits[0, -1]
        odds = one.odds("무엇을 줄였나?", CANDIDATES[:1])[0]
    yes, no = (one.ids(word, begin=False)[0] for word in (" 예", " 아니오"))
    assert yes != no
    assert torch.allclose(odds, logits[yes] - logits[no], atol=1e-4)


@pytest.mark.parametrize(("form", "writes"), [("pointwise", True), ("numbered", False), ("copied", False)])
def test_steps_bring_the_loss_down(form: Form, writes: bool) -> None:
    trainer = Trainer(pointer(form), plan(form, steps=12, writes=writes))
    losses = [trainer.fit([SAMPLE]) for _ in range(12)]
    assert sum(losses[-4:]) < sum(losses[:4])


def test_a_resumed_run_goes_on_as_if_it_had_not_stopped(tmp_path: Path) -> None:
    whole = Trainer(pointer("numbered"), plan("numbered"))
    losses = [whole.fit([SAMPLE]) for _ in range(4)]
    first = Trainer(pointer("numbered"), plan("numbered"))
    for _ in range(2):
        first.fit([SAMPLE])
    first.save(tmp_path / "state.pt")
    second = Trainer(pointer("numbered"), plan("numbered"))
    second.resume(tmp_path / "state.pt")
    assert [second.fit([SAMPLE]) for _ in range(2)] == pytest.approx(losses[2:], rel=1e-3)


def test_the_right_sentence_is_missing_in_a_third_and_stands_anywhere_else() -> None:
    draws = [shown(SAMPLE, plan("numbered"), random.Random(seed)) for seed in range(300)]
    places = [[one.is_evidence for one in draw].index(True) for draw in draws if any(one.is_evidence for one in draw)]
    assert 60 < 300 - len(places) < 140
    assert {places.count(place) > 30 for place in range(3)} == {True}


def test_without_a_right_sentence_none_is_what_is_learned() -> None:
    one = pointer("numbered")
    unanswered = Sample(
        **{
            **{name: getattr(SAMPLE, name) for name in Sample.__slots__},
            "answerable": False,
            "candidates": (candidate("문을 열었다."), candidate("신고가 늘었다.")),
        }
    )
    random_ = random.Random(1)
    value = loss(one, unanswered, plan("numbered"), random_)
    odds = one.odds(unanswered.question, shown(unanswered, plan("numbered"), random.Random(1)))
    assert torch.allclose(value, torch.logsumexp(odds, 0) - odds[-1], atol=1e-4)


def test_what_is_said_of_a_shuffled_list_comes_back_in_the_order_of_the_sample() -> None:
    one = pointer("pointwise")
    (judged,) = judge(one, [SAMPLE], shortlist=3, seed=1)
    assert sorted(judged.places) == [0, 1, 2]
    assert len(judged.odds) == 3
    assert judged.none == 0.0
