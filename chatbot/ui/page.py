"""The chat page: panels placed, and each of their events tied to its handler."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import gradio as gr

from chatbot.api.ports import ChatbotPort
from chatbot.settings import Settings
from chatbot.ui.conversation import Conversation
from chatbot.ui.facets import ALL, Facets
from chatbot.ui.handlers import Handlers, Screen, again_of, question_text
from chatbot.ui.render import asset, render

TITLE = "정부 문서 질의응답"


class ChatPage:
    """Builds the page. What it decides itself is only what goes where; :class:`Handlers` does the rest."""

    def __init__(self, chatbot: ChatbotPort, settings: Settings) -> None:
        self._settings = settings
        self._chatbot = chatbot
        self._version = chatbot.library.version
        self._handlers = Handlers(chatbot)

    def build(self) -> gr.Blocks:
        """The page, ready to be mounted."""
        blocks = gr.Blocks(title=TITLE, analytics_enabled=False, fill_width=True)
        with blocks:
            self._place()
            self._tie(blocks)
        blocks.queue(default_concurrency_limit=None, max_size=self._settings.queue_size, api_open=False)
        return blocks

    def _place(self) -> None:
        start = self._handlers.start()
        self._conversation = gr.State(Conversation())
        with gr.Row(elem_id="top"):
            self._head = gr.HTML(self._header(), elem_id="header", js_on_load=None, apply_default_css=False)
            self._new = gr.Button("새 대화", elem_id="new", size="sm", scale=0, min_width=90)
        with gr.Row(elem_id="layout", equal_height=False):
            with gr.Column(elem_id="chat", scale=3, min_width=300):
                self._log = gr.HTML(
                    start.log, elem_id="conversation", js_on_load=_script("conversation.js"), apply_default_css=False
                )
                self._announcer = gr.HTML(
                    "", elem_id="announcer", html_template=ANNOUNCER, js_on_load=None, apply_default_css=False
                )
                self._place_composer(self._handlers.facets)
            with gr.Column(elem_id="side", scale=2, min_width=300):
                self._source = gr.HTML(
                    start.source, elem_id="source", js_on_load=_script("source.js"), apply_default_css=False
                )

    def _place_composer(self, facets: Facets) -> None:
        with gr.Column(elem_id="composer"):
            with gr.Row(elem_id="ask-row"):
                self._text = gr.Textbox(
                    label="질문",
                    placeholder="질문을 적어 주십시오",
                    lines=1,
                    max_lines=6,
                    max_length=self._settings.max_question_chars,
                    elem_id="question",
                    container=False,
                    show_label=False,
                    autofocus=True,
                )
                self._send = gr.Button("보내기", variant="primary", elem_id="send", scale=0, min_width=88)
                self._halt = gr.Button("멈추기", elem_id="stop", scale=0, min_width=88, visible=False)
            with gr.Row(elem_id="filters"):
                self._year = gr.Dropdown(_years(facets), value=ALL, label="연도", elem_id="year", min_width=110)
                self._agency = gr.Dropdown(_agencies(facets), value=ALL, label="기관", elem_id="agency", min_width=150)

    def _tie(self, blocks: gr.Blocks) -> None:
        shown = [self._conversation, self._log, self._source, self._announcer, self._send, self._halt]
        chosen = [self._year, self._agency, self._conversation]
        hidden: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
        # Every time: after a stop Gradio's page takes an event for running a little longer than it does, and would drop
        # the next question. A second one beside a running answer is dropped here, by the state of the conversation.
        answering: dict[str, Any] = {
            "concurrency_id": "answers",
            "concurrency_limit": self._settings.workers,
            "trigger_mode": "multiple",
            **hidden,
        }
        typed = gr.on(
            [self._send.click, self._text.submit],
            self._ask_typed,
            [self._text, *chosen],
            [self._text, *shown],
            **answering,
        )
        pressed = self._log.submit(self._ask_pressed, chosen, shown, **answering)
        self._halt.click(self._stop, [self._conversation], shown, cancels=[typed, pressed], queue=False, **hidden)
        self._new.click(self._restart, None, [self._text, *shown], cancels=[typed, pressed], queue=False, **hidden)
        # The page was put together over the index of the start; who opens it later gets that of now.
        opened = [self._head, self._year, self._agency, self._log, self._source]
        blocks.load(self._opened, [self._conversation], opened, queue=False, **hidden)
        for panel in (self._log, self._source):
            panel.select(self._show, [self._conversation], [self._source], queue=False, **hidden)

    def _ask_typed(self, text: str, year: str, agency: str, conversation: Conversation) -> Iterator[tuple[Any, ...]]:
        question = question_text(text, self._settings.max_question_chars)
        if not question or conversation.working:
            yield (gr.skip(),) * 7
            return
        box: str | dict[str, Any] = ""
        for screen in self._handlers.ask(question, year, agency, conversation):
            yield (box, *_values(screen))
            box = gr.skip()  # the next question may be half typed by now

    def _ask_pressed(
        self, year: str, agency: str, conversation: Conversation, event: gr.EventData
    ) -> Iterator[tuple[Any, ...]]:
        data = _data(event)
        question = question_text(data.get("text"), self._settings.max_question_chars)
        if not question or conversation.working:
            yield (gr.skip(),) * 6
            return
        for screen in self._handlers.ask(question, year, agency, conversation, again_of(data)):
            yield _values(screen)

    def _stop(self, conversation: Conversation) -> tuple[Any, ...]:
        return _values(self._handlers.stop(conversation))

    def _restart(self) -> tuple[Any, ...]:
        return ("", *_values(self._handlers.start()))

    def _show(self, conversation: Conversation, event: gr.EventData) -> str | dict[str, Any]:
        html = self._handlers.show(_data(event), conversation)
        return gr.skip() if html is None else html

    def _opened(self, conversation: Conversation) -> tuple[Any, ...]:
        if self._chatbot.library.version == self._version:
            return (gr.skip(),) * 5
        facets, start = self._handlers.facets, self._handlers.start()
        begun = bool(conversation.turns)
        return (
            self._header(),
            gr.update(choices=_years(facets)),
            gr.update(choices=_agencies(facets)),
            gr.skip() if begun else start.log,
            gr.skip() if begun else start.source,
        )

    def _header(self) -> str:
        library = self._chatbot.library
        manifest = library.manifest
        return render(
            "header.html",
            title=TITLE,
            documents=f"{manifest.documents:,}",
            cases=f"{manifest.cases:,}",
            version=library.version,
            created_on=manifest.created_at[:10],
        )


ANNOUNCER = '<div role="status" aria-live="polite" class="sr-only">${value}</div>'


def _years(facets: Facets) -> list[str]:
    return [ALL, *(f"{year}년" for year in facets.years)]


def _agencies(facets: Facets) -> list[str]:
    return [ALL, *facets.agencies]


def _values(screen: Screen) -> tuple[Any, ...]:
    """A screen as values of the outputs, in their order."""
    return (
        screen.conversation,
        screen.log,
        gr.skip() if screen.source is None else screen.source,
        screen.announced,
        gr.update(visible=not screen.working),
        gr.update(visible=screen.working),
    )


def _script(name: str) -> str:
    """A panel's script after what both panels share."""
    return asset("panels.js") + asset(name)


def _data(event: gr.EventData) -> dict[str, Any]:
    """What the page's script sent along; anyone can send anything."""
    data = event._data
    return data if isinstance(data, dict) else {}
