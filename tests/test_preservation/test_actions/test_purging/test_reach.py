"""Where data of units lie, and what a purge tells that it does not reach: counted whole, and nothing that it does reach."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from archives.record.description import Description
from archives.record.identifiers import reference_code
from archives.record.volume.structure import VolumeItem
from archives.units.unit import Level, Unit
from preservation.actions.purging.reach import beyond_reach, codes_above, purged_items, reach_of
from preservation.actions.units.describing import Change, Said, describe_units
from preservation.archive import Archive
from tests.support.intake import HOME, small_archive

VOLUME = "J019-2-0020"


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with small_archive(tmp_path / "archive") as opened:
        yield opened


def identifier(number: int) -> str:
    return f"10000000-0000-4000-8000-{number:012}"


def unit(number: int, code: str, *, above: int | None = None, persons: tuple[tuple[str, str], ...] = ()) -> Unit:
    said = Description(reference_code(code), f"第{number}题", persons=persons)
    level = Level.FILE if above is None else Level.ITEM
    return Unit(identifier(number), "990001", level, said, "" if above is None else identifier(above))


def described(archive: Archive, *units: Unit) -> None:
    list(describe_units(archive, HOME, map(Change, units), Said("1", "李档")))
    archive.refresh()


def told(archive: Archive, *numbers: int) -> str:
    return " / ".join(map(str, beyond_reach(archive, reach_of(archive, map(identifier, numbers)))))


def test_everything_below_is_counted_but_what_goes_itself(archive: Archive) -> None:
    described(archive, unit(0, VOLUME), *(unit(n, f"{VOLUME}-{n}", above=0) for n in range(1, 81)))
    assert "80 units directly below" in told(archive, 0)
    assert "77 units directly below" in told(archive, 0, 1, 2, 3)
    assert "directly below" not in told(archive, *range(81))
    assert "directly below" not in told(archive, 5)


def test_others_that_name_the_same_person_are_told_however_the_name_is_written(archive: Archive) -> None:
    name = '张\u3000三"四\n'
    described(
        archive,
        unit(0, "J019-2-1", persons=(("姓名", name),)),
        unit(1, "J019-2-2", persons=(("姓名", name),)),
        Unit(identifier(2), "990001", Level.FILE, Description(reference_code("J019-2-3"), f"{name}来信")),
        unit(3, "J019-2-4"),
    )
    assert "2 other units have the same words: J019-2-2, J019-2-3" in told(archive, 0)


def test_what_was_said_before_a_correction_is_known_too(archive: Archive) -> None:
    first = unit(0, "J019-2-1", persons=(("姓名", "张三"),))
    described(archive, first)
    known = archive.catalogue.units.get([identifier(0)])[identifier(0)]
    now = replace(first, description=replace(first.description, title="更正后", persons=()))
    list(describe_units(archive, HOME, [Change(now, known.digest)], Said("2", "李档")))
    assert reach_of(archive, [identifier(0)]).words == ("张三", "更正后", "第0题")


def test_of_a_volume_with_a_code_twice_only_the_item_that_is_named_goes() -> None:
    items = [VolumeItem(identifier(n), unit(n, f"{VOLUME}-1").description, (n,)) for n in (1, 2)]
    assert purged_items(items, [unit(1, f"{VOLUME}-1", above=0)]) == items[:1]
    assert purged_items(items, [unit(9, f"{VOLUME}-1", above=0)]) == items, (
        "a table that came apart names it by code alone"
    )
    assert purged_items(items, [unit(9, "", above=0)]) == []


@pytest.mark.parametrize(
    ("key", "above"),
    [
        ("J019-2-0020-1", ["J019", "J019-2", "J019-2-0020"]),
        ("HC/1/3", ["HC", "HC/1"]),
        ("RG 59, BOX 3", ["RG", "RG 59", "RG 59, BOX"]),
        ("", []),
    ],
)
def test_the_volume_of_an_item_is_looked_for_under_codes_of_any_rule(key: str, above: list[str]) -> None:
    assert codes_above(key) == above
