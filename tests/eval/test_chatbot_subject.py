import json
from pathlib import Path

import pytest

from chatbot.answer import Question
from chatbot.fingerprint import recorded
from eval import chatbot_subject
from eval.chatbot_subject import open_or_build, open_subject, settings_with
from eval.errors import EvalError
from index.build import build_index
from index.errors import IndexNotBuiltError, IndexVersionError
from index.settings import IndexSettings
from tests.eval.builders import DOCUMENT


def test_overrides_reach_the_chatbot_and_the_index(tmp_path: Path) -> None:
    settings = settings_with(tmp_path, {"use_reranker": False, "index.use_dense": False})
    assert (settings.use_reranker, settings.index.use_dense, settings.index.index_dir) == (False, False, tmp_path)
    assert settings.use_verifier


@pytest.mark.parametrize("name", ["use_rerankr", "index.use_dens", "index"])
def test_a_setting_that_does_not_exist_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(EvalError, match=f"그런 설정이 없습니다: '{name}'"):
        settings_with(tmp_path, {name: False})


def test_a_value_out_of_range_is_named(tmp_path: Path) -> None:
    with pytest.raises(EvalError, match="'refusal_threshold'"):
        settings_with(tmp_path, {"refusal_threshold": 7})


def test_what_is_recorded_holds_no_secret_no_address_and_no_path(tmp_path: Path) -> None:
    settings = settings_with(tmp_path, {"chat_api_key": "sk-secret", "chat_base_url": "http://10.0.0.9"})
    text = json.dumps(recorded(settings))
    assert str(tmp_path) not in text
    assert "secret" not in text
    assert "10.0.0.9" not in text
    assert "refusal_threshold" in text


def test_the_digest_of_the_code_sees_source_prompts_and_weights_and_not_the_pages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "product"
    for name in ("pipeline.py", "models/reader.bin", "ui/page.py", "__pycache__/pipeline.pyc"):
        (package / name).parent.mkdir(parents=True, exist_ok=True)
        (package / name).write_text("1")
    monkeypatch.setattr(chatbot_subject, "_PRODUCT", ("product",))
    monkeypatch.setattr(chatbot_subject, "_folders", lambda name: (tmp_path / name,))
    before = chatbot_subject.code_digest()
    for name, matters in (
        ("ui/page.py", False),
        ("__pycache__/pipeline.pyc", False),
        ("pipeline.py", True),
        ("models/reader.bin", True),
    ):
        (package / name).write_text("2")
        after = chatbot_subject.code_digest()
        assert (after != before) is matters, name
        before = after


@pytest.mark.parametrize(
    ("package", "part"), [("chatbot", "verify.py"), ("index", "build.py"), ("prompts", "answer.yaml")]
)
def test_the_digest_of_the_code_reaches_into_every_package_of_the_product(package: str, part: str) -> None:
    assert package in chatbot_subject._PRODUCT
    assert any((folder / part).is_file() for folder in chatbot_subject._folders(package))


def test_a_folder_without_an_index_is_an_error_of_the_index(tmp_path: Path) -> None:
    with pytest.raises(IndexNotBuiltError):
        open_subject(tmp_path)


@pytest.mark.model
def test_the_chatbot_answers_and_its_documents_are_at_hand(tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "a01.md").write_text(f"# 불법 전화번호 처리 기간\n\n{DOCUMENT}\n", encoding="utf-8")
    build_index([docs], IndexSettings(index_dir=tmp_path / "index"))
    subject = open_subject(tmp_path / "index", {"use_reranker": False, "use_refusal": False})
    answer = subject.answerer.answer(Question(text="처리 기간은 며칠로 단축했나요?"))
    assert answer.provenance.index_version == subject.index_version
    for citation in answer.citations:
        assert (subject.text_of(citation.document_id) or "")[citation.start : citation.end] == citation.quote
    assert answer.status.is_answer
    assert subject.check_sentences is not None
    assert all(sentence.supported for sentence in subject.check_sentences(answer))
    invented = answer.model_copy(update={"text": answer.text.replace("3일", "7일")})
    assert not all(sentence.supported for sentence in subject.check_sentences(invented))
    assert subject.text_of("none") is None
    assert subject.corpus_digest


@pytest.mark.model
def test_settings_that_need_another_index_get_one_of_the_same_documents(tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "a.md").write_text("# 주차 로봇\n\n가람시는 주차 로봇 3대를 들였습니다.\n", encoding="utf-8")
    settings = settings_with(tmp_path / "index", {})
    build_index([docs], settings.index)
    overrides = {"index.max_chunk_chars": 200, "use_reranker": False}
    with pytest.raises(IndexVersionError):
        open_or_build(tmp_path / "index", overrides, (), tmp_path / "others")
    subject = open_or_build(tmp_path / "index", overrides, [docs], tmp_path / "others")
    assert subject.settings["index"]["max_chunk_chars"] == 200  # type: ignore[index, call-overload]
