"""The tab in which a set grows: its parts placed, and each of their events tied to its handler."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gradio as gr
from gradio.events import Dependency

from eval.page.growth import MAX_DRAFTS, Growth
from eval.tabular import SPREADSHEET, TEXT

_QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
_DRAFTS = 8


class GrowthTab:
    """Places the tab; :class:`Growth` does the work.

    ``changed`` counts the changes of sets; ``edit`` asks that ``draft`` of ``set`` be opened in the editing tab.
    """

    def __init__(self, growth: Growth, html: Callable[..., gr.HTML]) -> None:
        self._growth = growth
        self._html = html
        self.changed: gr.Number
        self.set: gr.Dropdown
        self.draft: gr.Dropdown
        self.edit: gr.Button

    def place(self, sets: list[str]) -> None:
        """The set, the table, the document, and the drafts that wait."""
        first = sets[0] if sets else None
        self.changed = gr.Number(0, visible=False)
        self.set = gr.Dropdown(
            sets,
            value=first,
            label="문항 파일",
            info="고르거나 새 이름을 적습니다.",
            allow_custom_value=True,
            elem_id="grown-set",
        )
        self._place_table()
        self._place_document()
        self._place_review(first or "")

    def _place_table(self) -> None:
        self._html('<div class="eval"><h2>표에서 가져오기</h2></div>', elem_id="import-head")
        file = gr.File(
            label="질문·기대답변·근거를 적은 CSV나 XLSX", file_types=[*SPREADSHEET, *TEXT], height=140, elem_id="table"
        )
        add = gr.Button("올바른 문항 더하기", variant="primary", elem_id="add-table")
        result = self._html("", elem_id="table-checked")
        given = [file, self.set]
        file.upload(self._growth.check_table, given, [result], **_QUIET)
        file.clear(lambda: "", None, [result], queue=False, **_QUIET)
        added = add.click(lambda file, name: self._growth.add_table(file or "", name or ""), given, [result], **_QUIET)
        self._after(added)

    def _place_document(self) -> None:
        self._html('<div class="eval"><h2>문서에서 초안 만들기</h2></div>', elem_id="draft-head")
        with gr.Row():
            part = gr.Textbox(
                label="문서 찾기", placeholder="제목이나 파일 이름의 일부를 적고 엔터", max_length=100, elem_id="part"
            )
            document = gr.Dropdown(
                self._growth.document_names(""), value=None, label="문서", min_width=280, elem_id="document"
            )
            count = gr.Number(_DRAFTS, label="문항 수", minimum=1, maximum=MAX_DRAFTS, precision=0, elem_id="count")
        make = gr.Button("초안 만들기", variant="primary", elem_id="make-drafts")
        result = self._html("", elem_id="drafted")
        # Not when the field is left: what was meanwhile chosen from the list would be chosen no longer.
        part.submit(self._find, [part], [document], queue=False, **_QUIET)
        made = make.click(
            lambda document, name, count: self._growth.draft(document or "", name or "", count or 0),
            [document, self.set, count],
            [result],
            **_QUIET,
        )
        self._after(made)

    def _place_review(self, first: str) -> None:
        self._html('<div class="eval"><h2>초안 검토</h2></div>', elem_id="review-head")
        with gr.Row():
            self.draft = gr.Dropdown(
                self._growth.drafts(first), value=None, label="초안", min_width=280, elem_id="draft"
            )
            by = gr.Textbox(label="검토한 사람", max_length=40, elem_id="by")
        shown = self._html("", elem_id="draft-shown")
        with gr.Row():
            approve = gr.Button("승인", variant="primary", elem_id="approve")
            self.edit = gr.Button("고치기", elem_id="edit-draft")
            drop = gr.Button("버리기", elem_id="drop")
        result = self._html("", elem_id="reviewed")
        self.set.input(self._next, [self.set], [self.draft, shown], queue=False, **_QUIET)
        self.draft.input(self._show, [self.set, self.draft], [shown], queue=False, **_QUIET)
        for button, work, more in ((approve, self._growth.approve, [by]), (drop, self._growth.drop, [])):
            done = button.click(self._told(work), [self.set, self.draft, *more], [result], **_QUIET)
            self._after(done)
        gr.on([self.changed.change], self._next, [self.set], [self.draft, shown], queue=False, **_QUIET)

    def _told(self, work: Callable[..., str]) -> Callable[..., str]:
        return lambda *given: work(*(text or "" for text in given))

    def _after(self, event: Dependency) -> None:
        event.then(lambda times: times + 1, [self.changed], [self.changed], queue=False, **_QUIET)

    def _find(self, part: str) -> dict[str, Any]:
        found = self._growth.document_names(part or "")
        return gr.update(choices=found, value=found[0][1] if found and part else None)

    def _next(self, set_name: str) -> list[Any]:
        drafts = self._growth.drafts(set_name or "")
        first = drafts[0][1] if drafts else None
        return [gr.update(choices=drafts, value=first), self._show(set_name, first)]

    def _show(self, set_name: str, case_id: str | None) -> str:
        return self._growth.show_draft(set_name or "", case_id) if case_id else ""
