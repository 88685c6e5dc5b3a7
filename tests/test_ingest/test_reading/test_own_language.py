"""A record is in the language of its own text, where nobody said which it is in; that it was guessed is told."""

from dataclasses import replace
from pathlib import Path

import pytest

from ingest.outcome import RecordOutcome
from ingest.workflow import ingest
from tests.support.intake import batch, planned, record, workplace

CHINESE = "青峤水库除险加固工程竣工报告，经验收合格，现予归档。" * 6
ENGLISH = "Annual report of the harbour office for the year 1926, with the minutes of the meetings. " * 3


def taken_in(folder: Path, text: str, *, is_guessed: bool = True, language: str = "en") -> tuple[str, RecordOutcome]:
    """Return the language that a record of one text is stored in, and what became of its row."""
    file = planned(folder / "in" / "a.txt", data=text.encode())
    row = replace(record(file, language=language), language_is_guessed=is_guessed)
    with workplace(folder) as place:
        (outcome,) = ingest(batch(folder / "in", row), place, progress=lambda code: None)
        (holding,) = place.archive.refresh().holdings()
        return holding.description.language, outcome


@pytest.mark.parametrize(
    ("text", "language", "guessed"),
    [(CHINESE, "zh-Hans", ["language-guessed"]), (ENGLISH, "en", []), ("会议通知", "en", [])],
)
def test_the_text_decides_where_there_is_enough_of_it(
    tmp_path: Path, text: str, language: str, guessed: list[str]
) -> None:
    stored, outcome = taken_in(tmp_path, text)
    assert (stored, [found.code for found in outcome.findings]) == (language, guessed)


def test_what_the_row_or_the_batch_says_stands(tmp_path: Path) -> None:
    assert taken_in(tmp_path, CHINESE, is_guessed=False)[0] == "en"
