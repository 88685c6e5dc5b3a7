"""Pages to choose floors by are the same for the same seed, and judged as ingest finds them."""

from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from tests.support.accuracy import common_length, edit_distance
from tests.support.drawn_pages import KINDS
from tests.support.floors import Judged, judge, measured
from tests.support.fonts import Fonts
from tests.support.worn_pages import DAMAGES, bad_page, good_page, real_hand

GOOD = Judged("good-000-note", "note", False, (), (), 0.99, 20, 0.0, 0.0, 0, ())
BAD = Judged("bad-000-faded", "faded", True, (), (), 0.99, 20, 0.4, 0.0, 0, ())


@pytest.fixture(scope="module")
def fonts() -> Fonts:
    """Return the fonts of the machine."""
    found = Fonts(())
    if not all(found.faces[purpose] for _, purpose, _, _ in KINDS.values()):
        pytest.skip(f"not installed: {', '.join(found.missing)}")
    return found


def test_the_same_seed_draws_the_same_pages_and_another_draws_others(fonts: Fonts) -> None:
    one = good_page(1, 0, fonts)
    assert one == good_page(1, 0, fonts)
    assert one.data != good_page(2, 0, fonts).data


@pytest.mark.parametrize("place", range(len(DAMAGES)), ids=list(DAMAGES))
def test_every_damage_makes_a_picture_of_its_name(place: int, fonts: Fonts) -> None:
    page = bad_page(1, place, fonts)
    assert page.kind == list(DAMAGES)[place]
    assert page.data.startswith(b"\xff\xd8")
    assert bool(page.truth) == (page.kind != "blank")


def test_a_page_is_judged_as_ingest_finds_it(fonts: Fonts, tmp_path: Path) -> None:
    blank = judge(partial(bad_page, 1, 0, fonts), tmp_path)
    assert blank.is_bad
    assert (blank.warnings, blank.notes) == ((), ("page-without-text",))
    assert blank.error is None


def test_what_stands_on_a_page_by_hand_lies_beside_it(tmp_path: Path) -> None:
    (tmp_path / "zh-a.png").write_bytes(b"picture")
    assert real_hand(tmp_path / "zh-a.png").truth == ""
    (tmp_path / "zh-a.txt").write_text("防汛", "utf-8")
    page = real_hand(tmp_path / "zh-a.png")
    assert (page.truth, page.language, page.ending) == ("防汛", "zh-Hans", ".png")


def test_one_good_page_of_a_hundred_may_be_flagged_and_no_bad_one_may_be_silent() -> None:
    flagged = replace(GOOD, warnings=("page-doubtful",))
    assert measured([GOOD] * 99 + [flagged])["failures"] == []
    assert measured([GOOD] * 98 + [flagged] * 2)["failures"] == [flagged.name] * 2
    assert measured([BAD])["failures"] == [BAD.name]
    assert measured([replace(BAD, error=None)])["failures"] == [BAD.name]
    assert measured([replace(BAD, warnings=("page-doubtful",)), replace(BAD, error=0.04)])["failures"] == []
    assert measured([replace(BAD, notes=("page-without-text",))])["failures"] == []


def test_what_two_texts_have_in_common_is_counted() -> None:
    assert common_length("防甲汛", "防汛乙") == 2
    assert common_length("", "防汛") == 0
    assert edit_distance("", "防汛") == edit_distance("防汛", "") == 2
