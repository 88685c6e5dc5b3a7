"""The chart of coverage over time: laid out, then drawn as SVG, which every browser shows and prints at any size."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from lxml import etree

from archives.exchange.xml import serialize_xml
from archives.message import Language, Message, message
from preservation.audit.forecast import AuditForecast, Outlook

WIDTH_PX, HEIGHT_PX = 1000, 520
_LEFT, _RIGHT, _TOP, _BOTTOM = 80, 52, 104, 64
_INK, _GRID, _PAPER = "#1d2733", "#d9dee4", "#ffffff"
_SVG = "{http://www.w3.org/2000/svg}"
_SVG_FONTS = "Noto Sans CJK SC, Noto Sans SC, sans-serif"
_MOST_DATES = 6

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line through points, in pixels from the upper left; ``dash`` is the length of its dashes, 0 for none."""

    points: tuple[Point, ...]
    colour: str
    width_px: float = 1.0
    dash: float = 0.0


@dataclass(frozen=True, slots=True)
class Label:
    """A line of text; ``anchor`` (start, middle, end) says which part of it stands at ``at``, its baseline's middle."""

    text: str
    at: Point
    size_px: int = 14
    anchor: str = "start"


@dataclass(frozen=True, slots=True)
class Chart:
    """What is drawn, in order."""

    strokes: tuple[Stroke, ...]
    labels: tuple[Label, ...]


def lay_out(forecast: AuditForecast, language: Language) -> Chart:
    """Return the chart of a forecast with its words in one language."""
    coverage = forecast.coverage
    series = (
        (message("过去", "past"), coverage.past, "#14507a", 0.0),
        (message("照常核查", "audits go on"), coverage.with_audits, "#1f8a4c", 0.0),
        (message("不再核查", "no more audits"), coverage.without_audits, "#b3371e", 7.0),
    )
    moments = [point.at for _, points, _, _ in series for point in points]
    first, last = min(moments), max(moments)
    strokes, labels = _frame(forecast, first, last, language)
    shown = [(said, points, colour, dash) for said, points, colour, dash in series if len(points) > 1]
    for said, points, colour, dash in shown:
        path = _steps([(_x(point.at, first, last), _y(point.share)) for point in points])
        strokes.append(Stroke(path, colour, 2.6, dash))
        left = _LEFT + 220 * shown.index((said, points, colour, dash))
        strokes.append(Stroke(((left, 78), (left + 34, 78)), colour, 2.6, dash))
        labels.append(Label(said.text(language), (left + 42, 78)))
    return Chart(tuple(strokes), tuple(labels))


def draw_svg(chart: Chart) -> bytes:
    """Return the chart as SVG 1.1."""
    size = {"viewBox": f"0 0 {WIDTH_PX} {HEIGHT_PX}", "width": str(WIDTH_PX), "height": str(HEIGHT_PX)}
    root = etree.Element(_SVG + "svg", size | {"font-family": _SVG_FONTS}, nsmap={None: _SVG[1:-1]})
    etree.SubElement(root, _SVG + "rect", width=str(WIDTH_PX), height=str(HEIGHT_PX), fill=_PAPER)
    for stroke in chart.strokes:
        points = " ".join(f"{x:.1f},{y:.1f}" for x, y in stroke.points)
        drawn = {"points": points, "fill": "none", "stroke": stroke.colour, "stroke-width": f"{stroke.width_px:g}"}
        if stroke.dash:
            drawn["stroke-dasharray"] = f"{stroke.dash:g}"
        etree.SubElement(root, _SVG + "polyline", drawn)
    for label in chart.labels:
        place = {"x": f"{label.at[0]:.1f}", "y": f"{label.at[1]:.1f}", "text-anchor": label.anchor}
        style = {"font-size": str(label.size_px), "fill": _INK, "dominant-baseline": "central"}
        etree.SubElement(root, _SVG + "text", place | style).text = label.text
    return serialize_xml(root)


def _frame(
    forecast: AuditForecast, first: datetime, last: datetime, language: Language
) -> tuple[list[Stroke], list[Label]]:
    right, bottom = WIDTH_PX - _RIGHT, HEIGHT_PX - _BOTTOM
    said = message(
        "{days} 天内核查过的副本所占比例",
        "Share of copies audited within {days} {days:day|days}",
        days=forecast.interval_days,
    )
    strokes: list[Stroke] = []
    labels = [
        Label(said.text(language), (_LEFT, 30), 20),
        Label(_outcome(forecast).text(language), (_LEFT, 56)),
    ]
    for percent in range(0, 101, 20):
        y = _y(percent / 100)
        strokes.append(Stroke(((_LEFT, y), (right, y)), _GRID))
        labels.append(Label(f"{percent} %", (_LEFT - 10, y), anchor="end"))
    for number in range(_MOST_DATES):
        at = first + (last - first) * number / (_MOST_DATES - 1)
        x = _x(at, first, last)
        strokes.append(Stroke(((x, bottom), (x, bottom + 6)), _INK))
        labels.append(Label(f"{at:%Y-%m-%d}", (x, bottom + 20), anchor="middle"))
    strokes.append(Stroke(((_LEFT, bottom), (right, bottom)), _INK))
    now = _x(forecast.made_at, first, last)
    strokes.append(Stroke(((now, _TOP), (now, bottom)), _INK, 1, 3))
    today = message("今天", "today").text(language)
    labels.append(Label(today, (now, bottom + 42), anchor="middle"))
    return strokes, labels


def _outcome(forecast: AuditForecast) -> Message:
    if forecast.broken_at:
        return message("承诺失守：{day}", "promise broken: {day}", day=f"{forecast.broken_at:%Y-%m-%d}")
    if forecast.outlook is Outlook.KEPT:
        return message("承诺可守", "promise kept")
    return message("尚未测得读取速度", "reading speed not measured yet")


def _x(at: datetime, first: datetime, last: datetime) -> float:
    whole = (last - first).total_seconds() or 1.0
    return _LEFT + (WIDTH_PX - _LEFT - _RIGHT) * (at - first).total_seconds() / whole


def _y(share: float) -> float:
    return HEIGHT_PX - _BOTTOM - (HEIGHT_PX - _TOP - _BOTTOM) * share


def _steps(points: Sequence[Point]) -> tuple[Point, ...]:
    """Return the points of a path without those that lie on one level with both their neighbours."""
    kept = [
        point
        for number, point in enumerate(points)
        if number in (0, len(points) - 1) or not points[number - 1][1] == point[1] == points[number + 1][1]
    ]
    return tuple(kept)
