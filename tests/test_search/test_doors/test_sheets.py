"""What has to be seen to be used stands out from its ground (WCAG 2.2, 1.4.11): edges of fields, rings of focus, frames of hits."""

import re
from importlib import resources

import pytest

from cli.home.settings.portal import contrast

LEAST = 3.0
SHEETS = ("site.css", "browsing.css", "record.css")
GROUNDS = ("#ffffff", "var(--paper)", "var(--card)")
RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
FIELD = re.compile(r"(?<![.\w-])(input|select|button)\b|\.copy\b")
FRAME = re.compile(r"\.box\b|\.marks rect|mark#hit")
LINE = re.compile(r"(?:(?:border|outline): \d+px solid|stroke:) ([^;]+?)\s*(?:;|$)")


def rules() -> list[tuple[str, str]]:
    """Return the selectors of all style sheets, each with what it says."""
    text = "\n".join(
        resources.files("search.doors.portal").joinpath(f"static/{one}").read_text("utf-8") for one in SHEETS
    )
    return [(selector.strip(), said.strip()) for selector, said in RULE.findall(text)]


def colour(text: str) -> str:
    """Return a colour as ``#rrggbb``."""
    known = dict(re.findall(r"(--\w+): (#\w{6});", next(said for selector, said in rules() if selector == ":root")))
    text = known[text[4:-1]] if text.startswith("var(") else text
    return "#" + "".join(2 * one for one in text[1:]) if len(text) == 4 else text


LINES = [
    (selector, found[1])
    for selector, said in rules()
    if FIELD.search(selector) or FRAME.search(selector) or ":focus" in selector
    for found in LINE.finditer(said)
]


@pytest.mark.parametrize(("selector", "line"), LINES)
def test_the_edge_of_a_field_the_ring_of_focus_and_the_frame_of_a_hit_stand_out(selector: str, line: str) -> None:
    assert min(contrast(colour(line), colour(ground)) for ground in GROUNDS) >= LEAST


def test_fields_focus_and_hits_are_among_what_was_looked_at() -> None:
    told = " ".join(selector for selector, _ in LINES)
    assert all(one in told for one in (".search input", ".advanced select", ".jump input", ".tools button", ":focus"))
    assert all(one in told for one in (".marks rect", ".box.current", "mark#hit"))


def test_a_ground_is_what_the_page_says() -> None:
    assert contrast("#c98a1b", colour("var(--paper)")) < LEAST, "the measure tells a line that is too light"
