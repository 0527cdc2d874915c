# Two commands are enough: `make run` and `make test`. `make help` lists the rest.
PYTHON ?= python3.11
VENV   := .venv
BIN    := $(VENV)/bin
PORT   ?= 7860
RUNS   := eval/runs
QUESTIONS := eval/datasets/bundled_cases.jsonl eval/datasets/bundled_plans.jsonl
RUN_EVAL   := $(BIN)/python -m $(if $(BREAK_TOKENIZER),tests.eval.broken_tokenizer)
EVAL_INDEX := var/eval-index$(if $(BREAK_TOKENIZER),-broken)
EVAL_RUN   := $(RUNS)/$(if $(BREAK_TOKENIZER),broken,latest)

.DEFAULT_GOAL := help
.PHONY: help run test check format eval bench clean

help: ## 명령 목록
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/'

run: $(VENV)/.run ## 설치하고, 내장 색인이 없으면 만들고, 127.0.0.1:7860에서 답합니다
	$(BIN)/python app.py --port $(PORT)

test: check ## CI와 같은 검사를 모두 실행합니다
	$(BIN)/python -m pytest

check: $(VENV)/.dev ## 형식, 규칙, 자료형, 불러오기 방향
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/.dev ## 형식을 맞춥니다
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

eval: $(VENV)/.dev ## 내장 문제로 품질을 재고 기준과 비교합니다(BREAK_TOKENIZER=1이면 일부러 망가뜨려 1로 끝나는지 봅니다)
	$(RUN_EVAL) index build --docs index/corpus --index-dir $(EVAL_INDEX)
	$(RUN_EVAL) eval generate $(foreach set,$(QUESTIONS),--questions $(set)) --index-dir $(EVAL_INDEX) --out $(EVAL_RUN)
	$(BIN)/python -m eval evaluate $(EVAL_RUN)
	$(BIN)/python -m eval report $(EVAL_RUN) --baseline bundled
	$(BIN)/python -m eval compare bundled $(EVAL_RUN)

bench: $(VENV)/.dev ## 속도를 기준과의 비율로 잽니다
	for script in eval/bench/*.py; do echo "== $$script"; $(BIN)/python -m $$(echo $${script%.py} | tr / .) || exit 1; done

clean: ## 만든 것을 지웁니다(모델 캐시는 남깁니다)
	rm -rf $(VENV) var build dist .mypy_cache .ruff_cache .pytest_cache

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: $(VENV)/bin/python requirements.lock pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	touch $@

$(VENV)/.dev: $(VENV)/.run requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.lock
	touch $@
