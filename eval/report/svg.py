"""Plots as inline SVG: nothing is loaded, they print, and each has a text that says what it shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from eval.metrics.statistics import Interval

_LABEL_WIDTH = 120
_BAR_WIDTH = 420
_ROW_HEIGHT = 26
_SIDE = 260
_MARGIN = 44


@dataclass(frozen=True, slots=True)
class Bar:
    """A share in [0, 1] with its interval; ``note`` stands to the right of it."""

    label: str
    value: float | None
    interval: Interval | None
    note: str


@dataclass(frozen=True, slots=True)
class Dot:
    """A point of the unit square."""

    x: float
    y: float


def share_bars(bars: Sequence[Bar], title: str) -> str:
    """Horizontal bars from 0 to 1 with 95 % intervals as whiskers."""
    height = _ROW_HEIGHT * len(bars) + 24
    grid = "".join(
        f'<line class="grid" x1="{_x(tick)}" y1="4" x2="{_x(tick)}" y2="{height - 20}"/>'
        f'<text class="tick" x="{_x(tick)}" y="{height - 6}" text-anchor="middle">{tick:g}</text>'
        for tick in (0.0, 0.25, 0.5, 0.75, 1.0)
    )
    rows = "".join(_bar(bar, _ROW_HEIGHT * number + 4) for number, bar in enumerate(bars))
    return _svg(_LABEL_WIDTH + _BAR_WIDTH + 110, height, title, grid + rows)


def step_curve(dots: Sequence[Dot], title: str, x_label: str, y_label: str) -> str:
    """A curve over the unit square that holds its value up to the next point."""
    path = ""
    for before, dot in zip((None, *dots), dots, strict=False):
        path += f"M{_px(dot.x):.1f}," if before is None else f"H{_px(dot.x):.1f}V"
        path += f"{_py(dot.y):.1f}"
    marks = "".join(f'<circle class="dot" cx="{_px(dot.x):.1f}" cy="{_py(dot.y):.1f}" r="2"/>' for dot in dots)
    curve = f'<path class="curve" d="{path}"/>'
    return _square(title, x_label, y_label, curve + marks)


def reliability(dots: Sequence[Dot], sizes: Sequence[int], title: str, x_label: str, y_label: str) -> str:
    """Points against the diagonal; the area of a point grows with its size."""
    largest = max(sizes, default=1)
    marks = "".join(
        f'<circle class="bin" cx="{_px(dot.x):.1f}" cy="{_py(dot.y):.1f}" r="{3 + 9 * (size / largest) ** 0.5:.1f}">'
        f"<title>{size}문항: 확신도 {dot.x:.2f}, 맞은 비율 {dot.y:.2f}</title></circle>"
        for dot, size in zip(dots, sizes, strict=True)
    )
    diagonal = f'<line class="diagonal" x1="{_px(0)}" y1="{_py(0)}" x2="{_px(1)}" y2="{_py(1)}"/>'
    return _square(title, x_label, y_label, diagonal + marks)


def _bar(bar: Bar, top: float) -> str:
    middle = top + _ROW_HEIGHT / 2
    parts = [
        f'<text class="label" x="{_LABEL_WIDTH - 8}" y="{middle + 4}" text-anchor="end">{escape(bar.label)}</text>'
    ]
    if bar.value is not None:
        width = _x(bar.value) - _LABEL_WIDTH
        parts.append(
            f'<rect class="bar" x="{_LABEL_WIDTH}" y="{top + 5}" width="{width:.1f}" height="{_ROW_HEIGHT - 10}"/>'
        )
    if bar.interval is not None:
        low, high = _x(bar.interval.low), _x(bar.interval.high)
        parts.append(
            f'<path class="whisker" d="M{low:.1f},{middle}H{high:.1f}'
            f'M{low:.1f},{middle - 4}v8M{high:.1f},{middle - 4}v8"/>'
        )
    parts.append(f'<text class="tick" x="{_LABEL_WIDTH + _BAR_WIDTH + 8}" y="{middle + 4}">{escape(bar.note)}</text>')
    return "".join(parts)


def _square(title: str, x_label: str, y_label: str, body: str) -> str:
    ticks = "".join(
        f'<line class="grid" x1="{_px(t)}" y1="{_py(0)}" x2="{_px(t)}" y2="{_py(1)}"/>'
        f'<line class="grid" x1="{_px(0)}" y1="{_py(t)}" x2="{_px(1)}" y2="{_py(t)}"/>'
        f'<text class="tick" x="{_px(t)}" y="{_py(0) + 14}" text-anchor="middle">{t:g}</text>'
        f'<text class="tick" x="{_px(0) - 6}" y="{_py(t) + 4}" text-anchor="end">{t:g}</text>'
        for t in (0.0, 0.5, 1.0)
    )
    names = (
        f'<text class="label" x="{_px(0.5)}" y="{_py(0) + 32}" text-anchor="middle">{escape(x_label)}</text>'
        f'<text class="label" x="14" y="{_py(0.5)}" text-anchor="middle" '
        f'transform="rotate(-90 14 {_py(0.5)})">{escape(y_label)}</text>'
    )
    return _svg(_SIDE + 2 * _MARGIN, _SIDE + _MARGIN + 16, title, ticks + names + body)


def _svg(width: float, height: float, title: str, body: str) -> str:
    return (
        f'<svg viewBox="0 0 {width:g} {height:g}" role="img" aria-label="{escape(title)}" '
        f'style="max-width:{width:g}px"><title>{escape(title)}</title>{body}</svg>'
    )


def _x(share: float) -> float:
    return _LABEL_WIDTH + _BAR_WIDTH * share


def _px(x: float) -> float:
    return _MARGIN + _SIDE * x


def _py(y: float) -> float:
    return 12 + _SIDE * (1 - y)
