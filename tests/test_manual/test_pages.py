"""What the pages of the manual name is there, what is made in them is as the program has it, both languages say the same."""

import re
import shlex
import subprocess
import tomllib
from pathlib import Path

import click
import pytest

from archives.errors import JinkuiError, NotFoundError
from archives.message import Language
from archives.record.volume.label_rules import parse_rules
from cli.commands.table import TABLE
from cli.frame.program import build
from cli.home.settings.portal import PortalLink, PortalPage, RepositoryTold
from cli.home.settings.reading import parse_settings
from scripts.manual import LANGUAGES, MANUAL, PAGES, made_anew, page_path
from scripts.manual_commands import every_command
from scripts.manual_settings import every_key, said_of_examples, said_of_keys
from tests.support.manual import Page, commands_of, page, slug

EVERY = [pytest.param(language, name, id=f"{language}-{name}") for language in LANGUAGES for name in PAGES]
COMMANDS = {name: command for name, _, command in every_command()}
_OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]+")
_SETTING = re.compile(r"\[([a-z-]+)\] ([a-z-]+)")
_REASON = re.compile(r'(--(?:reason|mistake)) "[^"]*"')
"""Why somebody does something, which each language says in its own words."""
_OF_EVERY = frozenset(("--home", "--lang", "--json", "--report", "--help"))
"""Options of every command."""


def test_every_page_there_is_stands_in_both_languages() -> None:
    for language in LANGUAGES:
        assert {path.stem for path in (MANUAL / language).glob("*.md")} == set(PAGES)


@pytest.mark.parametrize(("language", "name"), EVERY)
def test_what_a_page_has_from_the_program_is_as_the_program_has_it(language: Language, name: str) -> None:
    text = page_path(language, name).read_text("utf-8")
    assert text == made_anew(text, language), "run scripts/manual.py"


@pytest.mark.parametrize("name", PAGES)
def test_both_languages_have_the_same_headings_tables_blocks_and_pictures(name: str) -> None:
    assert page("en", name).outline == page("zh", name).outline


@pytest.mark.parametrize("name", PAGES)
def test_both_languages_have_the_same_commands_and_name_the_same_things(name: str) -> None:
    en, zh = page("en", name), page("zh", name)
    assert [_REASON.sub(r"\1", one.text) for one in en.blocks if one.kind != "text"] == [
        _REASON.sub(r"\1", one.text) for one in zh.blocks if one.kind != "text"
    ]
    assert [places(one, "en") for one in en.links] == [places(one, "zh") for one in zh.links]
    assert [path.replace("-en.", "-zh.") for _, path in en.pictures] == [path for _, path in zh.pictures]


def places(link: str, language: Language) -> str:
    """Return where a link leads, whatever the language of its page and of the heading it names."""
    return link.partition("#")[0].replace({"en": "../zh/", "zh": "../en/"}[language], "../other/")


@pytest.mark.parametrize(("language", "name"), EVERY)
def test_a_page_is_written_in_its_language_and_begins_with_the_way_to_the_other(language: Language, name: str) -> None:
    found = page(language, name)
    other, word = ("zh", "中文") if language == "en" else ("en", "English")
    assert found.text.splitlines()[2] == f"[{word}](../{other}/{name}.md)"
    assert [depth for depth, _ in found.headings].count(1) == 1
    own = [text for _, text in found.headings if not text.startswith("jinkui ")]
    assert {any("㐀" <= letter <= "鿿" for letter in text) for text in own} == {language == "zh"}


@pytest.mark.parametrize(("language", "name"), EVERY)
def test_every_link_and_picture_leads_somewhere(language: Language, name: str) -> None:
    for link in page(language, name).links:
        path, _, anchor = link.partition("#")
        target = (page_path(language, name).parent / path).resolve() if path else page_path(language, name)
        assert target.exists(), link
        if anchor:
            headings = [slug(text) for _, text in Page(language, name, target.read_text("utf-8")).headings]
            assert anchor in headings, link
    for words, path in page(language, name).pictures:
        picture = page_path(language, name).parent / path
        assert words
        assert picture.stat().st_size <= 150 << 10, path


@pytest.mark.parametrize("name", PAGES)
def test_every_command_of_a_block_is_one_that_is_understood(name: str, tmp_path: Path) -> None:
    typed = [words for block in page("en", name).blocks for words in commands_of(block)]
    meant = [[word.replace("~/", f"{tmp_path}/") for word in words] for words in typed]
    assert [why for words in meant if (why := why_not_understood(words))] == []


def why_not_understood(words: list[str]) -> str:
    """Return what is wrong with how a command is written, empty for nothing; a place that it names need not be here."""
    ran: list[object] = []
    program = build(TABLE, "en", lambda found, _: ran.append(found), lambda: "")
    try:
        program.main(words, prog_name="jinkui", standalone_mode=False)
    except NotFoundError:
        return ""
    except (click.ClickException, JinkuiError) as wrong:
        return f"jinkui {shlex.join(words)}: {wrong}"
    return "" if ran or {"--help", "--version"} & {*words} else f"jinkui {shlex.join(words)}: nothing ran"


@pytest.mark.parametrize(("language", "name"), EVERY)
def test_every_command_and_option_that_a_sentence_names_is_there(language: Language, name: str) -> None:
    options = {one.written for command in COMMANDS.values() for one in command.parameters if one.is_option}
    known = options | _OF_EVERY | {"--no-serve"}
    for said in page(language, name).code:
        of: frozenset[str] | set[str] = known
        if said.startswith("jinkui "):
            words = [word for word in said.split()[1:] if not word.startswith("-")]
            path = next((" ".join(words[:n]) for n in (2, 1) if " ".join(words[:n]) in COMMANDS), None)
            groups = {one.partition(" ")[0] for one in COMMANDS if " " in one}
            assert path or not words or (len(words) == 1 and words[0] in groups), said
            if path:
                of = _OF_EVERY | {one.written for one in COMMANDS[path].parameters}
        assert {*_OPTION.findall(said)} <= of, said


@pytest.mark.parametrize(("language", "name"), EVERY)
def test_every_setting_that_a_sentence_names_is_there(language: Language, name: str) -> None:
    known = {(section, key) for section, key, _ in every_key()}
    named = [found for said in page(language, name).code if (found := _SETTING.fullmatch(said))]
    assert [one[0] for one in named if (one[1], one[2]) not in known] == []


def test_every_setting_is_said_in_each_language_and_in_no_other() -> None:
    each = [*said_of_keys().values(), *(one for table in said_of_examples().values() for one in table.values())]
    for said in each:
        assert re.search("[㐀-鿿]", said.zh) and said.en
        assert not re.search(r"(?:[A-Za-z]+,? ){4}", said.zh), said.zh
        assert not re.search("[㐀-鿿]{2}", said.en), said.en


def test_every_key_of_a_table_of_which_there_are_several_is_in_the_manual() -> None:
    for kind, place in ((PortalLink, "links"), (PortalPage, "pages"), (RepositoryTold, "repositories")):
        named = {one for keys in said_of_examples()[f"portal.{place}"] for one in keys}
        assert named == {info.alias or name for name, info in kind.model_fields.items()}
        for language in LANGUAGES:
            rows = [row for row in page(language, "administering").text.splitlines() if f"`[[portal.{place}]]`" in row]
            assert named <= {one for row in rows for one in re.findall("`([a-z-]+)`", row)}


def test_every_block_of_settings_is_understood() -> None:
    for name in PAGES:
        for block in page("en", name).blocks:
            if block.kind == "toml" and "[[pages]]" in block.text:
                assert parse_rules(tomllib.loads(block.text)["pages"])
            elif block.kind == "toml":
                parse_settings(block.text, MANUAL)


@pytest.mark.parametrize("name", PAGES)
def test_every_block_of_a_shell_can_be_read_by_one(name: str) -> None:
    for block in page("en", name).blocks:
        if block.kind == "sh":
            done = subprocess.run(["bash", "-n"], input=block.text, text=True, capture_output=True)
            assert done.returncode == 0, done.stderr


def test_every_kind_of_block_is_known_and_what_is_not_run_says_why() -> None:
    for name in PAGES:
        for block in page("en", name).blocks:
            assert block.kind in ("sh", "text", "toml"), block
            assert not block.mark or re.fullmatch(r"not run, .+|ends with \d+", block.mark), block.mark
            if block.ends_with:
                assert len([*commands_of(block)]) == 1, block


def test_every_command_and_every_exit_code_is_told() -> None:
    text = {name: page("en", name).text for name in PAGES}
    assert all(f"\n## jinkui {name}\n" in text["commands"] for name in COMMANDS)
    kinds = [JinkuiError]
    for kind in kinds:
        kinds += kind.__subclasses__()
    codes = {one.exit_code for one in kinds} | {0, 12}
    told = {int(found) for found in re.findall(r"^### Exit code (\d+)$", text["what-can-go-wrong"], re.MULTILINE)}
    assert told == codes
