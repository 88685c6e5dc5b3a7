"""The settings file is changed as people wrote it: every legal spelling, comments and layout kept, never in silence."""

import tomllib
from datetime import date

import pytest

from archives.errors import NotFoundError
from cli.home.default_settings import DEFAULT_FILE
from cli.home.settings_edit import with_changes, with_due, with_number, with_store, without_store

DUE = date(2030, 6, 30)
SPELLINGS = ('name = "box"', "name = 'box'", 'name="box"', 'name = "box" # carrier 7')
AROUND = """\
copies = 2 # of every package

[[stores]]
name = "first"
path = "stores/first"

[[stores]]
{name}
path = 'tape' # LTO
{due}offline = true

# how often
[audit]
interval-days = 90

[[stores]]
name = "last"
path = "stores/last"
# the end
"""


def without_due(text: str) -> str:
    return "".join(line for line in text.splitlines(keepends=True) if not line.startswith("due = "))


@pytest.mark.parametrize("due", ["", "due = 2026-01-01 # in spring\n"])
@pytest.mark.parametrize("name", SPELLINGS)
def test_a_due_date_is_set_in_every_spelling_and_nothing_else_is_touched(name: str, due: str) -> None:
    before = AROUND.format(name=name, due=due)
    after = with_due(before, "box", DUE)
    assert [one.get("due") for one in tomllib.loads(after)["stores"]] == [None, DUE, None]
    assert without_due(after) == without_due(before)
    assert ("due = 2030-06-30 # in spring\n" in after) is bool(due)


@pytest.mark.parametrize("name", ["first", "last"])
def test_a_due_date_is_set_wherever_the_store_stands(name: str) -> None:
    before = AROUND.format(name=SPELLINGS[0], due="")
    after = with_due(before, name, DUE)
    assert [one["name"] for one in tomllib.loads(after)["stores"] if one.get("due") == DUE] == [name]
    assert without_due(after) == before
    assert with_due(before.rstrip() + "\n[[stores]]\nname = 'x'", "x", DUE).endswith("name = 'x'\ndue = 2030-06-30\n")


@pytest.mark.parametrize(
    "text",
    [
        "stores = [{name = 'box', path = 'a'}, {name = 'b', path = 'b'}] # two\naudit.interval-days = 3\n",
        "audit.interval-days = 3\nstores = [\n  {name = 'box', path = 'a', due = 2026-01-01}, # one\n  # none\n]\n",
        "operator = '''\n[王]'''\n[[stores]]\r\nname = 'box'\r\npath = 'a'\r\n",
    ],
)
def test_inline_tables_dotted_keys_and_foreign_line_ends_are_kept(text: str) -> None:
    after = with_due(text, "box", DUE)
    stated, expected = tomllib.loads(after), tomllib.loads(text)
    expected["stores"][0]["due"] = DUE
    assert stated == expected
    assert [line for line in text.splitlines() if "box" not in line] == [
        line for line in after.splitlines() if "box" not in line and not line.startswith("due")
    ]


@pytest.mark.parametrize("text", ["", "stores = []\n", AROUND.format(name=SPELLINGS[1], due="")])
def test_a_store_that_the_file_does_not_name_is_an_error(text: str) -> None:
    with pytest.raises(NotFoundError):
        with_due(text, "tape", DUE)


@pytest.mark.parametrize(
    "text", [DEFAULT_FILE, "stores = [{name = 'first', path = 'a'}]\n[audit]\n", "stores = [\n  # none\n]\n", ""]
)
def test_a_store_is_added_after_those_that_are_there(text: str) -> None:
    new = {"name": "box", "path": 'a "b" \\ c', "offline": True, "due": DUE}
    after = tomllib.loads(with_store(text, new))
    assert after.pop("stores") == [*tomllib.loads(text).get("stores", []), new]
    assert after == {key: value for key, value in tomllib.loads(text).items() if key != "stores"}


def test_the_default_file_with_one_store_more_is_the_default_file_and_one_block_more() -> None:
    after = with_store(DEFAULT_FILE, {"name": "third", "path": "c"})
    assert after == f'{DEFAULT_FILE.rstrip()}\n\n[[stores]]\nname = "third"\npath = "c"\n'


@pytest.mark.parametrize("name", SPELLINGS)
def test_a_store_lies_elsewhere_and_nothing_else_is_touched(name: str) -> None:
    before = AROUND.format(name=name, due="")
    assert with_changes(before, "box", {"path": "new"}) == before.replace("'tape'", '"new"')
    moved = tomllib.loads(with_changes(before, "box", {"url": "s3://b"}, without={"path", "region"}))["stores"][1]
    assert moved == {"name": "box", "offline": True, "url": "s3://b"}


@pytest.mark.parametrize("name", ["first", "box", "last"])
@pytest.mark.parametrize(
    "text", [AROUND.format(name=SPELLINGS[1], due=""), "stores = [{name = 'first'}, {name = 'box'}, {name = 'last'}]\n"]
)
def test_a_store_is_taken_out_and_comments_stay(text: str, name: str) -> None:
    after = without_store(text, name)
    stated = tomllib.loads(text)
    stated["stores"] = [one for one in stated["stores"] if one["name"] != name]
    assert tomllib.loads(after) == stated
    assert ("# how often" in after) is ("# how often" in text)
    assert without_store(text, "none") == text


def test_the_default_file_keeps_what_it_tells_of_stores() -> None:
    after = without_store(DEFAULT_FILE, "first")
    assert [line for line in DEFAULT_FILE.splitlines() if line.startswith("#") and line not in after.splitlines()] == []
    assert [one["name"] for one in tomllib.loads(after)["stores"]] == ["second"]


@pytest.mark.parametrize("text", [DEFAULT_FILE, AROUND.format(name=SPELLINGS[0], due=""), "", "[audit]\nworkers = 1\n"])
def test_how_many_copies_are_promised_is_changed(text: str) -> None:
    after = tomllib.loads(with_number(text, "copies", 3))
    assert after == {**tomllib.loads(text), "copies": 3}
