"""Gradio's own parts in our colours and the system's Korean fonts; nothing is fetched from elsewhere."""

from __future__ import annotations

import gradio as gr
from gradio.themes.utils.colors import Color

FONTS = (
    "Pretendard",
    "Apple SD Gothic Neo",
    "Malgun Gothic",
    "Noto Sans KR",
    "Noto Sans CJK KR",
    "system-ui",
    "sans-serif",
)
MONO_FONTS = ("D2Coding", "ui-monospace", "monospace")

NAVY = Color(
    c50="#eef4fc",
    c100="#d9e6f8",
    c200="#b3ccef",
    c300="#84abe2",
    c400="#5688d3",
    c500="#2f68bd",
    c600="#1b4f9c",
    c700="#123f80",
    c800="#0e3267",
    c900="#0b2a56",
    c950="#071c3b",
    name="navy",
)


def theme() -> gr.themes.Base:
    """The theme of the pages."""
    return gr.themes.Base(
        primary_hue=NAVY,
        neutral_hue=gr.themes.colors.slate,
        radius_size=gr.themes.sizes.radius_md,
        text_size=gr.themes.sizes.text_md,
        font=FONTS,
        font_mono=MONO_FONTS,
    )
