"""The chart of coverage: what the layout says is what is drawn."""

from datetime import UTC, datetime, timedelta

from archives.exchange.xml import parse_xml
from archives.message import Language
from cli.upkeep.coverage_chart import HEIGHT_PX, WIDTH_PX, Chart, draw_svg, lay_out
from preservation.audit.forecast import plan_forecast
from preservation.catalogue.anchors import CopyRecord
from preservation.catalogue.upkeep import VerificationMove

NOW = datetime(2026, 6, 15, tzinfo=UTC)
SVG = "{http://www.w3.org/2000/svg}"


def chart(language: Language = "zh", *, copies: int = 20) -> Chart:
    records = [CopyRecord("first", str(n), 1000, NOW - timedelta(days=4 * n + 1)) for n in range(copies)]
    moves = [VerificationMove((NOW - timedelta(days=60)).date(), None, copies)] if copies else []
    return lay_out(
        plan_forecast(records, now=NOW, interval_days=90, days=90, speeds={"first": 1e6}, moves=moves), language
    )


def test_everything_lies_within_the_picture() -> None:
    for drawn in (chart(), chart(copies=0)):
        points = [point for stroke in drawn.strokes for point in stroke.points] + [label.at for label in drawn.labels]
        assert all(0 <= x <= WIDTH_PX and 0 <= y <= HEIGHT_PX for x, y in points)


def test_the_svg_says_what_the_layout_says_in_the_readers_language() -> None:
    root = parse_xml(draw_svg(chart("zh")))
    texts = [element.text for element in root.iter(SVG + "text")]
    assert texts == [label.text for label in chart("zh").labels]
    assert "不再核查" in texts
    assert not any("audits" in (text or "") for text in texts)
    assert len(list(root.iter(SVG + "polyline"))) == len(chart("zh").strokes)


def test_the_svg_shows_all_three_lines_and_dashes_the_one_without_audits() -> None:
    lines = list(parse_xml(draw_svg(chart("en"))).iter(SVG + "polyline"))
    assert {"#14507a", "#1f8a4c", "#b3371e"} <= {line.get("stroke") for line in lines}
    assert {line.get("stroke-dasharray") for line in lines if line.get("stroke") == "#b3371e"} == {"7"}
