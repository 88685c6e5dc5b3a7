"""What a colleague says of a unit while a batch is on its way is not written over in silence."""

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from archives.record.description import Description
from archives.record.identifiers import RecordKey, parse_archival_code
from archives.units.state import State
from archives.units.unit import Level, Unit
from ingest import meanwhile
from ingest.outcome import Outcome, RecordOutcome
from ingest.readers.registry import read_batch
from ingest.workflow import ingest
from ingest.workplace import Workplace
from preservation.actions.units.describing import Change, Said, describe_units
from preservation.catalogue.levels.wanted import Listed
from tests.support.intake import CODE, HOME, KNOWN, workplace

UNIT = "00000000-0000-4000-8000-0000000000aa"


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Workplace]:
    """Give a place to work in, whose catalogue has a unit without content."""
    with workplace(tmp_path) as opened:
        said = Description(parse_archival_code(CODE), "旧题名", author="局", language="zh-Hans")
        unit = Unit(UNIT, HOME.code.value, Level.ITEM, said, state=State.NOT_DIGITISED)
        tell(opened, Change(unit))
        yield opened


def tell(place: Workplace, change: Change) -> None:
    """Let a colleague say something of a unit."""
    for _ in describe_units(place.archive, HOME, [change], Said("1", "colleague", "as on the paper")):
        pass


def now(place: Workplace) -> Listed:
    """Return the unit as it is."""
    return place.archive.refresh().units.get([UNIT])[UNIT]


def correct(place: Workplace, **values: str) -> None:
    """Let a colleague correct the unit."""
    listed = now(place)
    description = replace(listed.unit.description, **values)  # type: ignore[arg-type]  # of its fields
    tell(place, Change(replace(listed.unit, description=description), listed.digest))


def bring(
    place: Workplace,
    folder: Path,
    rows: Sequence[Sequence[str]],
    between: Callable[[], None],
    *,
    update: bool = False,
) -> RecordOutcome:
    """Take a batch of one record in; ``between`` is done when it is planned and nothing stored."""
    folder.mkdir(exist_ok=True)
    with (folder / "catalogue.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    (folder / f"{CODE}.txt").write_text("text", "utf-8")
    units = place.archive.refresh().units
    known = replace(KNOWN, update=update, held=place.archive.catalogue.find_key, described=units.described)
    plan = read_batch(folder, known)
    between()
    (outcome,) = ingest(plan, replace(place, update=update), progress=lambda code: None)
    return outcome


def told(outcome: RecordOutcome) -> dict[str, str]:
    """Return what was told of what others changed."""
    return {
        one.code: one.message.text("zh")
        for one in outcome.findings
        if one.code in ("described-since", "changed-meanwhile")
    }


def test_a_batch_that_names_codes_alone_changes_nothing_of_it(tmp_path: Path, place: Workplace) -> None:
    outcome = bring(
        place,
        tmp_path / "in",
        [("档号", "语种"), (CODE, "汉语")],
        lambda: correct(place, title="新题名", note="更正"),
    )
    said = now(place).unit.description
    assert (said.title, said.note, said.author) == ("新题名", "更正", "局")
    assert [*told(outcome)] == ["described-since"]
    held = place.archive.catalogue.find_key(RecordKey(HOME.code.value, CODE))
    assert held is not None
    stored = place.archive.holdings.newest(held.package_id).record
    assert stored.description.title == "新题名", "nor does the package say what is over"


def test_what_both_say_otherwise_stays_the_newer_one_and_both_are_told(tmp_path: Path, place: Workplace) -> None:
    rows = [("档号", "题名", "责任者", "语种"), (CODE, "表中题名", "新局", "汉语")]
    outcome = bring(place, tmp_path / "in", rows, lambda: correct(place, title="新题名"))
    said = now(place).unit.description
    assert (said.title, said.author) == ("新题名", "新局")
    assert outcome.outcome is Outcome.STORED_WITH_FINDINGS
    assert "新题名" in told(outcome)["changed-meanwhile"]
    assert "表中题名" in told(outcome)["changed-meanwhile"]


def test_an_update_is_made_on_top_of_what_was_said_meanwhile(tmp_path: Path, place: Workplace) -> None:
    bring(place, tmp_path / "in", [("档号", "语种"), (CODE, "汉语")], lambda: None)
    rows = [("档号", "责任者"), (CODE, "新局")]
    outcome = bring(place, tmp_path / "in", rows, lambda: correct(place, title="新题名", note="又一"), update=True)
    said = now(place).unit.description
    assert (said.title, said.note, said.author) == ("新题名", "又一", "新局")
    assert (outcome.outcome, [*told(outcome)]) == (Outcome.UPDATED, ["described-since"])


def test_who_is_faster_while_rows_are_said_is_waited_for(
    tmp_path: Path, place: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    changes_of = meanwhile._changes
    titles = iter(("新题名", "更新题名"))

    def overtaken(*arguments: object) -> Iterator[Change]:
        changes = [*changes_of(*arguments)]  # type: ignore[arg-type]  # as they came
        for title in titles:
            correct(place, title=title)
            break
        yield from changes

    monkeypatch.setattr(meanwhile, "_changes", overtaken)
    outcome = bring(place, tmp_path / "in", [("档号", "责任者", "语种"), (CODE, "新局", "汉语")], lambda: None)
    said = now(place).unit.description
    assert (said.title, said.author) == ("更新题名", "新局")
    assert "更新题名" in told(outcome)["described-since"]
