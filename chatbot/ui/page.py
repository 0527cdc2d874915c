"""The chat page: panels placed, and each of their events tied to its handler."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import gradio as gr
from gradio.components import Component

from chatbot.api.ports import ChatbotPort
from chatbot.error_report import ErrorReports
from chatbot.own_documents.collections import Collections
from chatbot.settings import Settings
from chatbot.ui.archive import Archive
from chatbot.ui.conversation import Conversation
from chatbot.ui.facets import Facets
from chatbot.ui.handlers import Handlers, Screen
from chatbot.ui.labels import Labels
from chatbot.ui.presses import Scope, again_of, question_text, scope_of
from chatbot.ui.render import asset, render


class ChatPage:
    """Builds the page. What it decides itself is only what goes where; :class:`Handlers` does the rest."""

    def __init__(
        self,
        chatbot: ChatbotPort,
        settings: Settings,
        t: Labels,
        *,
        reports: ErrorReports,
        archive: Archive,
        collections: Collections | None,
        base: str = "",
    ) -> None:
        self._settings = settings
        self._t = t
        self._base = base
        self._chatbot = chatbot
        self._version = chatbot.library.version
        self._handlers = Handlers(chatbot, reports, t, archive=archive, collections=collections, base=base)

    def build(self) -> gr.Blocks:
        """The page, ready to be mounted."""
        blocks = gr.Blocks(title=self._t("site"), analytics_enabled=False, fill_width=True)
        with blocks:
            self._place()
            self._tie()
            for event in (blocks.load, self._head.upload):
                event(
                    self._offer_scope, None, self._scope, queue=False, show_progress="hidden", api_visibility="private"
                )
            blocks.load(self._open, None, self._shown, queue=False, show_progress="hidden", api_visibility="private")
            # The page was put together over the index of the start; who opens it later gets that of now.
            choices = [self._head, self._year, self._agency]
            blocks.load(self._choices, None, choices, queue=False, show_progress="hidden", api_visibility="private")
        blocks.queue(default_concurrency_limit=None, max_size=self._settings.queue_size, api_open=False)
        return blocks

    def _place(self) -> None:
        start = self._handlers.start()
        self._conversation = gr.State(Conversation())
        with gr.Row(elem_id="top"):
            self._head = gr.HTML(
                self._header(),
                elem_id="header",
                js_on_load=self._script("preferences.js", "history.js", "keys.js", "own.js", "offline.js"),
                apply_default_css=False,
            )
            self._new = gr.Button(self._t("chat.new"), elem_id="new", size="sm", scale=0, min_width=90)
        with gr.Row(elem_id="layout", equal_height=False):
            with gr.Column(elem_id="chat", scale=3, min_width=300):
                self._log = gr.HTML(
                    start.log,
                    elem_id="conversation",
                    js_on_load=self._script("conversation.js"),
                    apply_default_css=False,
                )
                self._announcer = gr.HTML(
                    "", elem_id="announcer", html_template=ANNOUNCER, js_on_load=None, apply_default_css=False
                )
                self._place_composer(self._handlers.facets)
            with gr.Column(elem_id="side", scale=2, min_width=300):
                self._source = gr.HTML(
                    start.source, elem_id="source", js_on_load=self._script("source.js"), apply_default_css=False
                )

    def _place_composer(self, facets: Facets) -> None:
        with gr.Column(elem_id="composer"):
            with gr.Row(elem_id="ask-row"):
                self._text = gr.Textbox(
                    label=self._t("chat.question"),
                    placeholder=self._t("chat.placeholder"),
                    lines=1,
                    max_lines=6,
                    max_length=self._settings.max_question_chars,
                    elem_id="question",
                    container=False,
                    show_label=False,
                    autofocus=True,
                )
                self._send = gr.Button(self._t("chat.send"), variant="primary", elem_id="send", scale=0, min_width=88)
                self._halt = gr.Button(self._t("chat.stop"), elem_id="stop", scale=0, min_width=88, visible=False)
            with gr.Row(elem_id="filters"):
                scopes = [(self._t(f"own.scope-{scope}"), scope.value) for scope in Scope]
                self._scope = gr.Dropdown(
                    scopes, value=Scope.COMMON.value, label=self._t("own.scope"), elem_id="scope", visible=False
                )
                every = self._t("all")
                self._year = gr.Dropdown(
                    self._years(facets), value=every, label=self._t("chat.year"), elem_id="year", min_width=110
                )
                self._agency = gr.Dropdown(
                    self._agencies(facets),
                    value=every,
                    label=self._t("chat.agency"),
                    elem_id="agency",
                    min_width=150,
                )

    @property
    def _shown(self) -> list[Component]:
        """What a screen fills, in the order of :func:`_values`."""
        return [self._conversation, self._log, self._source, self._announcer, self._send, self._halt]

    def _tie(self) -> None:
        shown = self._shown
        chosen = [self._year, self._agency, self._scope, self._conversation]
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
        self._log.apply(self._report, [self._conversation], shown, queue=False, **hidden)
        for panel in (self._log, self._source):
            panel.select(self._show, [self._conversation], [self._source], queue=False, **hidden)

    def _open(self, request: gr.Request) -> tuple[Any, ...]:
        conversation_id = request.query_params.get("c")
        return _values(self._handlers.open(conversation_id, request.cookies)) if conversation_id else (gr.skip(),) * 6

    def _offer_scope(self, request: gr.Request) -> dict[str, Any]:
        """Where to search is asked once there is a choice."""
        own = self._handlers.has_own_documents(request.cookies)
        return gr.update(visible=own, value=(Scope.BOTH if own else Scope.COMMON).value)

    def _ask_typed(
        self, text: str, year: str, agency: str, scope: str, conversation: Conversation, request: gr.Request
    ) -> Iterator[tuple[Any, ...]]:
        question = question_text(text, self._settings.max_question_chars)
        if not question or conversation.working:
            yield (gr.skip(),) * 7
            return
        box: str | dict[str, Any] = ""
        for screen in self._handlers.ask(question, year, agency, conversation, None, request.cookies, scope_of(scope)):
            yield (box, *_values(screen))
            box = gr.skip()  # the next question may be half typed by now

    def _ask_pressed(
        self, year: str, agency: str, scope: str, conversation: Conversation, event: gr.EventData, request: gr.Request
    ) -> Iterator[tuple[Any, ...]]:
        data = _data(event)
        question = question_text(data.get("text"), self._settings.max_question_chars)
        if not question or conversation.working:
            yield (gr.skip(),) * 6
            return
        for screen in self._handlers.ask(
            question, year, agency, conversation, again_of(data), request.cookies, scope_of(scope)
        ):
            yield _values(screen)

    def _stop(self, conversation: Conversation) -> tuple[Any, ...]:
        return _values(self._handlers.stop(conversation))

    def _restart(self) -> tuple[Any, ...]:
        return ("", *_values(self._handlers.start()))

    def _report(self, conversation: Conversation, event: gr.EventData) -> tuple[Any, ...]:
        return _values(self._handlers.report(_data(event), conversation))

    def _show(self, conversation: Conversation, event: gr.EventData, request: gr.Request) -> str | dict[str, Any]:
        html = self._handlers.show(_data(event), conversation, request.cookies)
        return gr.skip() if html is None else html

    def _script(self, *names: str) -> str:
        """A panel's script after what all share: their words, and the way to the root of the service."""
        told = f"const LABELS = {json.dumps(self._t.starting('js.'))};\nconst BASE = {json.dumps(self._base)};\n"
        told += f"const LANGUAGE = {json.dumps(self._t.language)};\n"
        return told + "".join(asset(name) for name in ("panels.js", *names))

    def _choices(self) -> tuple[Any, ...]:
        if self._chatbot.library.version == self._version:
            return (gr.skip(),) * 3
        facets = self._handlers.facets
        return (
            self._header(),
            gr.update(choices=self._years(facets)),
            gr.update(choices=self._agencies(facets)),
        )

    def _years(self, facets: Facets) -> list[str]:
        return [self._t("all"), *(self._t("year.of", year=year) for year in facets.years)]

    def _agencies(self, facets: Facets) -> list[str]:
        return [self._t("all"), *facets.agencies]

    def _header(self) -> str:
        library = self._chatbot.library
        manifest = library.manifest
        return render(
            "header.html",
            self._t,
            base=self._base,
            days=self._settings.conversation_days,
            own_documents=self._settings.own_documents,
            documents=f"{manifest.documents:,}",
            cases=f"{manifest.cases:,}",
            version=library.version,
            created_on=manifest.created_at[:10],
        )


ANNOUNCER = '<div role="status" aria-live="polite" class="sr-only">${value}</div>'


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


def _data(event: gr.EventData) -> dict[str, Any]:
    """What the page's script sent along; anyone can send anything."""
    data = event._data
    return data if isinstance(data, dict) else {}
