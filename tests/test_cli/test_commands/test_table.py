"""Every command is in the table, can be imported, says everything of itself in both languages, and its example works."""

import importlib
import pkgutil
import re
import shlex
from collections.abc import Iterator
from functools import partial

import click
import pytest

from archives.errors import JinkuiError
from archives.message import Language, Message
from cli import commands
from cli.commands.other_words import OTHER_WORDS
from cli.commands.purposes import FIRST_STEPS, PURPOSES
from cli.commands.table import TABLE
from cli.frame import parameters
from cli.frame.commands import Command, Group, Row
from cli.frame.program import build

CHINESE = re.compile("[㐀-鿿]")


def rows() -> Iterator[tuple[str, Row]]:
    for entry in TABLE:
        if isinstance(entry, Group):
            yield from ((f"{entry.name} {row.name}", row) for row in entry.rows)
            if entry.default:
                yield entry.name, Row(entry.name, entry.summary, entry.default)
        else:
            yield entry.name, entry


ROWS = dict(rows())


@pytest.fixture
def any_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the folders that examples name be there."""
    monkeypatch.setattr(parameters, "require_folder", lambda _: None)


@pytest.mark.parametrize("name", ROWS)
@pytest.mark.usefixtures("any_folder")
def test_the_example_of_a_command_is_one_that_it_understands(name: str) -> None:
    command, ran = ROWS[name].load(), []
    program = build(TABLE, "en", lambda found, _: ran.append(found), lambda: "")
    jinkui, *arguments = shlex.split(command.example)
    program.main(arguments, prog_name=jinkui, standalone_mode=False)
    assert jinkui == "jinkui"
    assert f" {name} " in f"{command.example} "
    assert ran == [command]


@pytest.mark.parametrize("name", ROWS)
def test_everything_a_command_says_of_itself_is_said_in_both_languages(name: str) -> None:
    row = ROWS[name]
    command = row.load()
    said = [row.summary, *(one.help for one in command.parameters), *(one.meaning for one in command.exits)]
    assert all(is_in_both(one) for one in said)
    assert [one.code for one in command.exits][:2] == [0, 2]


def test_groups_say_what_they_are_in_both_languages() -> None:
    assert all(is_in_both(entry.summary) for entry in TABLE)


def test_every_error_says_in_both_languages_what_its_exit_code_means() -> None:
    kinds = [JinkuiError]
    for kind in kinds:
        kinds += kind.__subclasses__()
        assert is_in_both(kind.meaning), kind


def _remember(ran: list[Command], found: Command, _: click.Context) -> None:
    ran.append(found)


def is_in_both(said: Message) -> bool:
    return bool(CHINESE.search(said.zh)) and bool(said.en) and said.zh != said.en


def test_every_command_there_is_stands_in_the_table_once() -> None:
    loaded = [id(row.load()) for row in ROWS.values()]
    found = {
        id(value): f"{module.name}:{name}"
        for module in pkgutil.walk_packages(commands.__path__, f"{commands.__name__}.")
        for name, value in vars(importlib.import_module(module.name)).items()
        if isinstance(value, Command)
    }
    assert sorted(found.values()) == sorted(found[one] for one in loaded)


@pytest.mark.parametrize("group", [entry for entry in TABLE if isinstance(entry, Group)], ids=lambda group: group.name)
def test_a_group_that_runs_alone_takes_options_only(group: Group) -> None:
    assert (group.load() is not None) == bool(group.default)


def test_help_of_every_command_is_written_in_one_language() -> None:
    for name, row in ROWS.items():
        command = row.load()
        for language in ("zh", "en"):
            program = build(TABLE, language, lambda *_: None, lambda: "")
            text = help_of(program, name.split()).replace(command.example, "").replace("馆", "").replace("室", "")
            assert not re.search(CHINESE if language == "en" else "Usage|Options|Example|Exit|ARGS", text), text


def help_of(program: click.Group, names: list[str]) -> str:
    context = click.Context(program, info_name="jinkui")
    command: click.Command = program
    for name in names:
        assert isinstance(command, click.Group)
        found = command.get_command(context, name)
        assert found is not None
        context, command = click.Context(found, info_name=name, parent=context), found
    return command.get_help(context)


def test_every_command_stands_under_one_thing_that_people_come_for() -> None:
    placed = [name for one in PURPOSES for name in one.names]
    assert sorted(placed) == sorted(entry.name for entry in TABLE)
    assert all(is_in_both(one.title) for one in PURPOSES)


def test_words_of_elsewhere_lead_to_commands_and_are_none() -> None:
    assert {one for commands in OTHER_WORDS.values() for one in commands} <= ROWS.keys()
    assert not OTHER_WORDS.keys() & {entry.name for entry in TABLE}
    assert all(word == word.casefold() for word in OTHER_WORDS)


@pytest.mark.usefixtures("any_folder")
def test_the_first_steps_are_commands_that_are_understood() -> None:
    languages: tuple[Language, ...] = ("zh", "en")
    for language in languages:
        for step in FIRST_STEPS:
            ran: list[Command] = []
            program = build(TABLE, language, partial(_remember, ran), lambda: "")
            jinkui, *arguments = shlex.split(step.text(language))
            program.main(arguments, prog_name=jinkui, standalone_mode=False)
            assert len(ran) == 1, step


@pytest.mark.parametrize("group", [entry for entry in TABLE if isinstance(entry, Group)], ids=lambda group: group.name)
def test_help_of_a_group_shows_how_each_of_its_commands_is_used_and_how_they_end(group: Group) -> None:
    text = help_of(build(TABLE, "en", lambda *_: None, lambda: ""), [group.name])
    for row in group.rows:
        found = row.load()
        assert f"  {found.example}\n" in text
        assert all(re.search(rf"^  {one.code} ", text, re.MULTILINE) for one in found.exits)
