from __future__ import annotations

import threading

from chatbot.stopping import is_stopped, stoppable


def test_only_what_runs_inside_hears_that_nobody_waits_any_more() -> None:
    stopped = threading.Event()
    with stoppable(stopped):
        assert not is_stopped()
        stopped.set()
        assert is_stopped()
        elsewhere: list[bool] = []
        thread = threading.Thread(target=lambda: elsewhere.append(is_stopped()))
        thread.start()
        thread.join()
        assert elsewhere == [False]
    assert not is_stopped()
