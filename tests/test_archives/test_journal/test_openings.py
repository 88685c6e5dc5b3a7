"""What persons sign of an opening: all that was decided, and of a decision of before what it was then."""

from dataclasses import replace
from datetime import date

from archives.journal.facts import OpeningDecided
from archives.journal.openings import opening_text
from archives.record.rights import Conclusion, OnlineScope, OpeningDecision

DECISION = OpeningDecision(
    Conclusion.OPEN, "依据", "", "甲", "乙", date(2025, 1, 1), date(2025, 2, 1), None, OnlineScope.FULL_TEXT
)
FACT = OpeningDecided("990001", "Z109-1", DECISION, "ab", "00000000-0000-4000-8000-000000000001", 5)


def test_a_decision_without_a_public_title_is_signed_as_it_was_before_there_were_any() -> None:
    known = b"jinkui/opening/v1\n67f7cfc769c83d1032cc613fbdf1e87b46560ddfbd8782605df5bb2f82c7ce86\n"
    assert opening_text(FACT) == known


def test_who_signs_an_opening_signs_the_title_that_the_public_is_told() -> None:
    told = [replace(FACT, decision=replace(DECISION, public_title=title)) for title in (None, "一", "二")]
    assert len({opening_text(fact) for fact in told}) == 3
    assert "一" in told[1].said().text("zh")
