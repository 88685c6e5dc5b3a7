"""Parameters are what a function's signature says."""

from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

import click
import pytest

from archives.message import message
from cli.frame.parameters import Argument, Option, option, parameters_of

SAID = message("词", "word")


def every_kind(
    call: object,
    *,
    path: Annotated[Path, Argument(SAID)],
    credentials_file: Annotated[Path | None, Option(SAID)] = None,
    id_: Annotated[str, Option(SAID)],
    again: Annotated[bool, Option(SAID)] = False,
    code: Annotated[tuple[str, ...], Option(SAID)] = (),
    kind: Annotated[Literal["馆", "室"], Option(SAID)] = "馆",
    days: Annotated[int, Option(SAID, least=0, most=9)] = 5,
    number: Annotated[int | None, Option(SAID)] = None,
    speed: Annotated[float, Option(SAID, least=0.5)] = 1.0,
    due: Annotated[date | None, Option(SAID)] = None,
) -> None:
    """Take one parameter of every kind."""


FOUND = {one.name: one for one in parameters_of(every_kind)}


def test_names_are_derived_from_the_function() -> None:
    assert [one.written for one in FOUND.values()] == [
        "PATH",
        "--credentials-file",
        "--id",
        "--again",
        "--code",
        "--kind",
        "--days",
        "--number",
        "--speed",
        "--due",
    ]


def test_what_has_no_default_is_required() -> None:
    assert {name for name, one in FOUND.items() if one.is_required} == {"path", "id_"}
    assert {name for name, one in FOUND.items() if one.is_flag} == {"again"}
    assert {name for name, one in FOUND.items() if one.is_many} == {"code"}


@pytest.mark.parametrize(
    ("name", "written", "value"),
    [
        ("path", "a/b", Path("a/b")),
        ("kind", "室", "室"),
        ("days", "9", 9),
        ("number", "-3", -3),
        ("speed", "0.5", 0.5),
        ("due", "2027-06-30", date(2027, 6, 30)),
    ],
)
def test_values_have_the_type_of_the_annotation(name: str, written: str, value: object) -> None:
    assert FOUND[name].kind.convert(written, None, None) == value


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("path", ""),
        ("code", "\udcd5\udcc5"),
        ("kind", "库"),
        ("days", "10"),
        ("number", "1.5"),
        ("speed", "0.4"),
        ("speed", "nan"),
        ("speed", "inf"),
        ("due", "30.6.2027"),
    ],
)
def test_what_is_out_of_bounds_is_refused(name: str, written: str) -> None:
    with pytest.raises(click.BadParameter):
        FOUND[name].kind.convert(written, None, None)


def without_words(call: object, *, name: str) -> None:
    """Take a parameter that says nothing of itself."""


def by_position(call: object, name: Annotated[str, Argument(SAID)]) -> None:
    """Take a parameter by position."""


def with_a_taken_name(call: object, *, json: Annotated[bool, Option(SAID)] = False) -> None:
    """Take what every command takes."""


def with_more(call: object, **given: object) -> None:
    """Take what others keep a list of."""


def test_a_list_of_more_options_goes_to_a_function_that_takes_any() -> None:
    more = [option("kept_by", str | None, SAID), option("offline", bool, SAID)]
    assert [(one.written, one.is_flag) for one in parameters_of(with_more, more)] == [
        ("--kept-by", False),
        ("--offline", True),
    ]
    for run, given in ((every_kind, more), (with_more, [option("json", bool, SAID)])):
        with pytest.raises(TypeError):
            parameters_of(run, given)


@pytest.mark.parametrize("run", [without_words, by_position, with_a_taken_name, with_more])
def test_a_signature_that_is_none_of_a_commands_is_refused(run: Any) -> None:
    with pytest.raises(TypeError):
        parameters_of(run)
