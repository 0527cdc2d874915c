"""The evaluation page: five tabs placed, and each of their events tied to its handler."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import gradio as gr

from eval.compare import DEFAULT_TOLERANCE
from eval.labels import DIFFICULTIES, PERSONAS, TYPES
from eval.page.growth import Growth
from eval.page.growth_tab import GrowthTab
from eval.page.handlers import ALL, FAILED, SHOWN, Handlers
from eval.page.workspace import SUFFIX
from eval.spreadsheet import COLUMNS

TITLE = "챗봇 평가"
_UPLOADS_KEPT = (600, 3600)
"""Every how many seconds to look for uploaded tables, and from which age, in seconds, to delete them."""
_YES_NO = ["예", "아니오"]
_CHOICES = {
    "type": list(TYPES.values()),
    "persona": list(PERSONAS.values()),
    "difficulty": ["", *(label for value, label in DIFFICULTIES.items() if value)],
    "answerable": _YES_NO,
    "reviewed": _YES_NO,
}
_DEFAULTS = {"type": "사실", "persona": "공무원", "difficulty": "", "answerable": "예", "reviewed": "아니오"}
_ROWS = (
    ("id", "type", "persona", "difficulty"),
    ("question", "history"),
    ("answerable", "reviewed"),
    ("expected_answer",),
    ("must_include", "must_not_include"),
    ("gold_quote",),
    ("gold_docs", "gold_case", "note"),
)
_LINES = {"question": 2, "history": 2, "expected_answer": 2, "must_include": 2, "must_not_include": 1, "gold_quote": 3}
_HINTS = {
    "must_include": "한 줄에 하나씩 모두 있어야 합니다. 같은 뜻의 다른 표현은 |로 잇습니다.",
    "gold_quote": "원문 그대로, 한 줄에 한 구절씩 적습니다.",
    "gold_docs": "근거가 있는 파일 이름의 앞부분입니다.",
    "history": "줄마다 ‘사용자: …’나 ‘챗봇: …’으로 적습니다.",
}
_QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}


class EvalPage:
    """Builds the page; :class:`Handlers` and :class:`Growth` do the work."""

    def __init__(self, handlers: Handlers, growth: Growth) -> None:
        self._handlers = handlers
        self._workspace = handlers.workspace
        self._grown = GrowthTab(growth, self._html)

    def build(self) -> gr.Blocks:
        """The page, ready to be mounted."""
        blocks = gr.Blocks(title=TITLE, analytics_enabled=False, fill_width=True, delete_cache=_UPLOADS_KEPT)
        with blocks:
            self._html("<h1>챗봇 평가</h1><p>이 컴퓨터에서만 열리는 화면입니다.</p>", elem_id="eval-top")
            with gr.Tabs() as tabs:
                with gr.Tab("문항 실행", id="run"):
                    self._place_run()
                with gr.Tab("틀린 문항 보기", id="browse"):
                    runs = self._place_browse()
                with gr.Tab("두 실행 비교", id="compare"):
                    references = self._place_compare()
                with gr.Tab("문항 늘리기", id="grow"):
                    self._grown.place(self._workspace.set_names())
                with gr.Tab("문항 고치기", id="edit"):
                    self._place_edit(tabs)
            # What was run since the page was opened is there when somebody looks.
            names = [self._set, *runs, *references, self._edited, self._chosen]
            grown = [self._set, self._grown.set, self._edited]
            gr.on([self._grown.changed.change], self._refresh_sets, grown[1:], grown, queue=False, **_QUIET)
            blocks.load(self._refresh, None, names, queue=False, **_QUIET)
            gr.on([self._ran.change], self._refresh_runs, None, [*runs, *references], queue=False, **_QUIET)
        blocks.queue(default_concurrency_limit=4, api_open=False)
        return blocks

    def _place_run(self) -> None:
        sets = self._workspace.set_names()
        with gr.Row():
            self._set = gr.Dropdown(sets, value=_first(sets), label="문항 파일", elem_id="set")
            name = gr.Textbox(label="실행 이름", placeholder="비우면 시각으로 정합니다", max_length=80, elem_id="name")
        with gr.Row():
            start = gr.Button("실행", variant="primary", elem_id="start")
            halt = gr.Button("멈추기", elem_id="halt")
        gr.HTML('<div class="eval"><p>같은 이름으로 다시 실행하면 멈춘 곳부터 이어서 합니다.</p></div>')
        shown = self._html("", elem_id="running")
        self._ran = gr.Number(0, visible=False)
        running = start.click(self._run, [self._set, name], [shown], concurrency_limit=1, **_QUIET)
        running.then(lambda count: count + 1, [self._ran], [self._ran], **_QUIET)
        stopped = '<div class="eval"><p class="notice" role="status">멈췄습니다. 마친 답은 남아 있습니다.</p></div>'
        halt.click(lambda: stopped, None, [shown], cancels=[running], queue=False, **_QUIET)

    def _place_browse(self) -> list[gr.Dropdown]:
        runs = self._workspace.run_names()
        with gr.Row():
            run = gr.Dropdown(runs, value=_first(runs), label="실행", elem_id="browsed")
            shown = gr.Dropdown(list(SHOWN), value=FAILED, label="보기", elem_id="shown")
            kind = gr.Dropdown([ALL, *TYPES.values()], value=ALL, label="유형", elem_id="kind")
        look = gr.Button("보기", variant="primary", elem_id="look")
        cases = self._html("", elem_id="cases")
        gr.on(
            [look.click, shown.input, kind.input, run.input],
            self._handlers.browse,
            [run, shown, kind],
            [cases],
            **_QUIET,
        )
        return [run]

    def _place_compare(self) -> list[gr.Dropdown]:
        names, runs = self._workspace.reference_names(), self._workspace.run_names()
        with gr.Row():
            baseline = gr.Dropdown(names, value=_first(names), label="기준", elem_id="baseline")
            candidate = gr.Dropdown(runs, value=_first(runs), label="이번", elem_id="candidate")
            tolerance = gr.Number(DEFAULT_TOLERANCE, label="허용 폭", step=0.01, minimum=0, elem_id="tolerance")
        button = gr.Button("비교", variant="primary", elem_id="do-compare")
        result = self._html("", elem_id="comparison")
        button.click(self._handlers.compare, [baseline, candidate, tolerance], [result], **_QUIET)
        return [baseline, candidate]

    def _place_edit(self, tabs: gr.Tabs) -> None:
        sets = self._workspace.set_names()
        with gr.Row():
            self._edited = gr.Dropdown(
                sets, value=_first(sets), label="문항 파일", allow_custom_value=True, elem_id="edited-set"
            )
            cases = self._handlers.case_names(_first(sets) or "")
            self._chosen = chosen = gr.Dropdown(cases, value=None, label="문항", elem_id="edited-case")
        fields: dict[str, gr.Dropdown | gr.Textbox] = {}
        for row in _ROWS:
            with gr.Row():
                fields |= {field: self._field(field) for field in row}
        with gr.Row():
            save = gr.Button("저장", variant="primary", elem_id="save")
            fresh = gr.Button("새 문항", elem_id="fresh")
        result = self._html("", elem_id="saved")
        values = [fields[field] for field in COLUMNS]
        self._edited.input(self._choices, [self._edited], [chosen], queue=False, **_QUIET)
        chosen.input(self._open, [self._edited, chosen], [*values, result], queue=False, **_QUIET)
        draft = [self._grown.set, self._grown.draft]
        opened = [tabs, self._edited, chosen, *values, result]
        self._grown.edit.click(self._open_draft, draft, opened, queue=False, **_QUIET)
        fresh.click(partial(self._open, "", ""), None, [*values, result], queue=False, **_QUIET)
        saved = save.click(self._save, [self._edited, *values], [result], **_QUIET)
        saved.then(self._choices, [self._edited], [chosen], queue=False, **_QUIET)

    def _field(self, field: str) -> gr.Dropdown | gr.Textbox:
        label, hint = COLUMNS[field][0], _HINTS.get(field)
        if field in _CHOICES:
            return gr.Dropdown(_CHOICES[field], value=_DEFAULTS[field], label=label, elem_id=f"field-{field}")
        lines = _LINES.get(field, 1)
        return gr.Textbox(label=label, info=hint, lines=lines, max_lines=12, max_length=4_000, elem_id=f"field-{field}")

    def _html(self, value: str, elem_id: str) -> gr.HTML:
        return gr.HTML(value, elem_id=elem_id, js_on_load=None, apply_default_css=False)

    def _run(self, set_name: str | None, name: str) -> Iterator[str]:
        yield from self._handlers.run(set_name or "", name.strip())

    def _open(self, set_name: str, case_id: str) -> list[str]:
        texts = self._handlers.open_case(set_name, case_id) or _DEFAULTS
        return [*(texts.get(field, "") for field in COLUMNS), ""]

    def _open_draft(self, set_name: str, case_id: str | None) -> list[Any]:
        if not case_id:
            return [gr.skip()] * (4 + len(COLUMNS))
        choices = gr.update(choices=self._handlers.case_names(set_name), value=case_id)
        return [gr.update(selected="edit"), set_name, choices, *self._open(set_name, case_id)]

    def _save(self, set_name: str, *texts: str) -> str:
        given = {field: text or "" for field, text in zip(COLUMNS, texts, strict=True)}
        return self._handlers.save_case(set_name or "", given)

    def _choices(self, set_name: str) -> dict[str, Any]:
        return gr.update(choices=self._handlers.case_names(set_name or ""))

    def _refresh_sets(self, *chosen: str | None) -> list[dict[str, Any]]:
        """A set that was just made is among those to run and to edit; what is chosen stays chosen."""
        sets = self._workspace.set_names()
        return [gr.update(choices=sets), *(gr.update(choices=sets, value=_kept(name, sets)) for name in chosen)]

    def _refresh_runs(self) -> list[dict[str, Any]]:
        runs, references = self._workspace.run_names(), self._workspace.reference_names()
        shown = [(runs, _first(runs)), (references, _first(references)), (runs, _first(runs))]
        return [gr.update(choices=names, value=value) for names, value in shown]

    def _refresh(self) -> list[dict[str, Any]]:
        sets = self._workspace.set_names()
        first = _first(sets)
        chosen = gr.update(choices=sets, value=first)
        return [chosen, *self._refresh_runs(), chosen, self._choices(first or "")]


def _kept(name: str | None, sets: list[str]) -> str | None:
    """A set by the name of its file, however it was typed."""
    return next((known for known in (name, f"{name}{SUFFIX}") if known in sets), name)


def _first(names: list[str]) -> str | None:
    return names[0] if names else None
