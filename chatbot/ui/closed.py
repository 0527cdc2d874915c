"""What Gradio offers beside a page of ours, all of it off."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

CLOSED: Final[Mapping[str, Any]] = MappingProxyType(
    {
        "footer_links": [],
        "run_history": False,
        "show_error": False,
        "ssr_mode": False,
        "pwa": False,
        "mcp_server": False,
        "enable_monitoring": False,
        "max_file_size": 0,
    }
)
"""For ``gradio.mount_gradio_app``: no links, no history, no words of an exception, no tools, no uploads."""
