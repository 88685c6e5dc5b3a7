"""A disk dies: another place takes over, or the store leaves; what is owed is written, what is lost is named."""

import shutil
from contextlib import ExitStack
from pathlib import Path

import pytest

from cli.commands.operate.serve import stores_now
from cli.commands.store import leaving
from cli.frame.commands import Call
from cli.frame.output import Output
from cli.home.home import home_of, open_home
from cli.main import run
from preservation.audit.one_package import check_package
from tests.support.batches import make_batch
from tests.support.command_line import Jinkui, Prepared
from tests.test_cli.test_commands.test_stores import ROWS, set_minimum, with_a_record


@pytest.fixture
def filled(prepared: Prepared, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Jinkui:
    return prepared.copy(with_a_record, tmp_path, capsys)


def die(*_: object, **__: object) -> None:
    """Be interrupted here."""
    raise KeyboardInterrupt


def states(jinkui: Jinkui, *, code: int = 0) -> dict[str, str]:
    """Return the presence of every store by name."""
    return {one["name"]: one["presence"] for one in jinkui.json("store", "check", code=code)["stores"]}


def test_what_was_owed_to_a_dead_disk_already_is_told_before_it_is_replaced(filled: Jinkui, tmp_path: Path) -> None:
    shutil.rmtree(filled.home / "stores/second")
    set_minimum(filled, 1)
    filled("ingest", str(make_batch(tmp_path / "more", ROWS[1:])), code=12)
    planned = filled.json("store", "replace", "second", "--path", str(tmp_path / "new"), "--dry-run")["owed"]
    assert planned == filled.json("store", "replace", "second", "--path", str(tmp_path / "new"))["owed"] > 2


def test_a_dead_disk_is_replaced_and_filled_and_the_old_one_is_never_taken_for_it(
    filled: Jinkui, tmp_path: Path
) -> None:
    old, new = filled.home / "stores/second", tmp_path / "new disk"
    shutil.move(old, tmp_path / "dead")
    settings = (filled.home / "jinkui.toml").read_text("utf-8")
    planned = filled.json("store", "replace", "second", "--path", str(new), "--dry-run")
    assert (planned["owed"], planned["given_up"], planned["done"]) == (2, [], False)
    assert (filled.home / "jinkui.toml").read_text("utf-8") == settings
    assert not new.exists()
    assert filled.json("store", "replace", "second", "--path", str(new))["owed"] == 2
    assert len(filled.json("replicate")["done"]) == 2
    assert filled.json("audit")["checked_copies"] == 4
    filled("restore-drill")
    filled("journal", "verify")
    journal = b"".join(path.read_bytes() for path in (filled.home / "stores/first/journal").glob("*.jsonl"))
    assert b"store-replaced" in journal
    assert b"store-set-right" not in journal, "an empty place was not put back to an earlier state"
    assert (filled.home / "jinkui.toml").read_text("utf-8") == settings.replace('"stores/second"', f'"{new}"')
    shutil.move(new, tmp_path / "aside")
    shutil.move(tmp_path / "dead", new)
    assert states(filled, code=9) == {"first": "present", "second": "foreign"}
    filled("store", "replace", "second", "--path", str(new), code=6)
    filled("store", "replace", "second", "--path", str(tmp_path / "aside"))
    assert filled.json("audit")["copies"] == []


@pytest.mark.parametrize(("command", "more"), [("replace", ("--path", "new")), ("replace", ()), ("retire", ())])
def test_a_name_of_no_store_is_said_before_anything_is_asked_of_its_place(
    filled: Jinkui, tmp_path: Path, command: str, more: tuple[str, ...]
) -> None:
    shutil.move(filled.home / "stores", tmp_path / "all away")
    failed = filled.json("store", command, "nosuch", *more, code=4)["error"]
    assert failed["message"] == "there is no store “nosuch”"
    assert failed["advice"] == "stores: first, second"


def test_a_store_that_cannot_be_replaced_while_all_are_away_is_named_with_its_own_place(
    filled: Jinkui, tmp_path: Path
) -> None:
    shutil.move(filled.home / "stores", tmp_path / "all away")
    failed = filled.json("store", "replace", "second", "--path", str(tmp_path / "new"), code=9)["error"]
    assert str(filled.home / "stores") in failed["message"]
    assert str(tmp_path / "new") not in failed["message"]


def test_a_store_that_was_copied_goes_on_where_no_other_is_left(filled: Jinkui, tmp_path: Path) -> None:
    shutil.move(filled.home / "stores", tmp_path / "all away")
    copied = tmp_path / "all away/second"
    assert filled.json("store", "replace", "second", "--path", str(copied), "--dry-run")["is_there_already"]


def test_a_server_that_runs_meanwhile_looks_where_the_store_is_now(filled: Jinkui, tmp_path: Path) -> None:
    new = tmp_path / "new disk"
    with ExitStack() as opened:
        call = Call(filled.home, Output("en", as_json=True), opened)
        stores = stores_now(call, home_of(call))
        before = stores()
        assert stores() is before, "nothing is opened anew while nothing changed"
        shutil.move(filled.home / "stores/second", tmp_path / "dead")
        filled("store", "replace", "second", "--path", str(new))
        filled("replicate")
        reading = open_home(filled.home, call.output).archive.fresh_reading
        (package_id, *_) = reading.refresh().versions
        assert check_package(stores(), reading, package_id).success
        assert not check_package(before, reading, package_id).success, "as it would have told for ever"


def test_an_empty_disk_is_mounted_in_the_place_of_the_dead_one(filled: Jinkui) -> None:
    place = filled.home / "stores/second"
    shutil.rmtree(place)
    (place / "lost+found").mkdir(parents=True)
    assert filled.json("store", "replace", "second")["owed"] == 2
    filled("replicate")
    assert filled.json("audit")["copies"] == []
    assert filled.json("store", "replace", "second")["is_there_already"] is True


def test_a_store_that_is_there_or_a_place_that_is_not_empty_is_not_replaced_in_passing(
    filled: Jinkui, tmp_path: Path
) -> None:
    new = tmp_path / "new"
    told = filled.json("store", "replace", "second", "--path", str(new), code=5)["error"]
    assert "--even-if-there" in told["advice"]
    filled("store", "replace", "second", "--region", "eu", code=2)
    filled("store", "replace", "second", "--path", str(new), "--region", "eu", code=2)
    new.mkdir()
    (new / "report.doc").write_bytes(b"mine")
    assert "report.doc" in filled("store", "replace", "second", "--path", str(new / "report.doc"), code=2)
    assert "report.doc" in filled("store", "replace", "second", "--path", str(new), "--even-if-there", code=6)
    assert "report.doc" in filled("store", "add", "third", "--path", str(new), code=6)
    for inside in (str(filled.home / "stores/first/x"), str(filled.home / "stores")):
        filled("store", "replace", "second", "--path", inside, "--even-if-there", code=6)
        filled("store", "add", "third", "--path", inside, code=6)
    filled("store", "replace", "third", "--path", str(tmp_path / "free"), code=4)
    filled("store", "replace", "second", "--path", str(tmp_path / "free"), "--even-if-there")
    filled("replicate")
    assert filled.json("audit")["owed"] == []


def test_a_store_that_was_copied_to_another_disk_is_owed_nothing(filled: Jinkui, tmp_path: Path) -> None:
    shutil.copytree(filled.home / "stores/second", tmp_path / "larger")
    moved = filled.json("store", "replace", "second", "--path", str(tmp_path / "larger"))
    assert (moved["is_there_already"], moved["owed"]) == (True, 0)
    shutil.rmtree(filled.home / "stores/second")
    assert filled.json("audit")["checked_copies"] == 4


@pytest.mark.parametrize(
    "where",
    [
        "preservation.vault.founding.own_restore_program",
        "preservation.journal.memory.Memory.begin_anew",
        "preservation.journal.ledger.Ledger._bring_level",
        "preservation.journal.ledger.Ledger._give",
        "preservation.archive.Archive.begin_writing",
        "cli.commands.store.leaving.write_whole",
    ],
)
def test_replacing_goes_on_wherever_it_was_killed(
    filled: Jinkui, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    shutil.rmtree(filled.home / "stores/second")
    command = ("store", "replace", "second", "--path", str(tmp_path / "new"))
    with monkeypatch.context() as dying:
        dying.setattr(where, die)
        filled(*command, code=130)
    filled(*command)
    filled("replicate")
    audited = filled.json("audit")
    assert (audited["checked_copies"], audited["owed"], audited["copies"]) == (4, [], [])
    assert filled.json("doctor")["checks"]
    filled("journal", "verify")


def with_what_lies_in_second_alone(jinkui: Jinkui, tmp_path: Path) -> None:
    """Take a record in while the first store is away; the second is the only one that has it."""
    set_minimum(jinkui, 1)
    shutil.move(jinkui.home / "stores/first", tmp_path / "unplugged")
    jinkui("ingest", str(make_batch(tmp_path / "more", ROWS[1:])), code=12)
    shutil.move(tmp_path / "unplugged", jinkui.home / "stores/first")
    jinkui("repository", "add", "990002", "--name", "又一馆")


@pytest.mark.parametrize("command", ["replace", "retire"])
def test_what_lies_there_alone_is_named_and_leaves_only_when_somebody_says_so(
    filled: Jinkui, tmp_path: Path, command: str
) -> None:
    with_what_lies_in_second_alone(filled, tmp_path)
    shutil.move(filled.home / "stores/second", tmp_path / "dead")
    given = (
        "store",
        command,
        "second",
        *(("--path", str(tmp_path / "new")) if command == "replace" else ("--copies", "1")),
    )
    told = filled.json(*given, code=5)["error"]
    assert ROWS[1][0] in told["message"]
    assert "--give-up" in told["advice"]
    done = filled.json(*given, "--give-up")
    assert len(done["given_up"]) == 2
    assert "given up" in filled("explain", ROWS[1][0])
    if command == "replace":
        failed = filled.json("replicate", code=10)["failed"]
        assert {one["package_id"] for one in failed} == {*done["given_up"]}
        assert {one["package_id"] for one in filled.json("audit", code=12)["owed"]} == {*done["given_up"]}
    filled("replicate", "--from", str(tmp_path), code=4)
    assert filled.json("replicate", "--from", str(tmp_path / "dead"))["failed"] == [], "the disk is read again"
    assert filled.json("audit")["owed"] == []


def test_what_a_disk_has_that_is_read_again_is_judged_as_any_other_source(filled: Jinkui, tmp_path: Path) -> None:
    with_what_lies_in_second_alone(filled, tmp_path)
    shutil.move(filled.home / "stores/second", tmp_path / "dead")
    filled("store", "retire", "second", "--copies", "1", "--give-up")
    page = next(path for path in (tmp_path / "dead").rglob("original/data/*.jpg") if ROWS[1][0] in path.name)
    page.write_bytes(page.read_bytes() + b"x")
    told = filled.json("replicate", "--from", str(tmp_path / "dead"), code=10)
    assert (len(told["failed"]), len(told["done"])) == (1, 1)
    said = filled("replicate", code=10)
    assert told["failed"][0]["package_id"] in said, "people are told which, too"
    assert "jinkui replicate --from" in said


def test_a_store_leaves_when_the_others_have_everything(filled: Jinkui) -> None:
    filled("store", "add", "third", "--path", "stores/third")
    told = filled.json("store", "retire", "second", code=5)["error"]
    assert "--copies 2" in told["advice"]
    planned = filled.json("store", "retire", "second", "--copies", "2", "--dry-run")
    assert (planned["owed"], planned["done"]) == (2, False)
    before = sorted(path for path in (filled.home / "stores/second").rglob("*") if path.is_file())
    done = filled.json("store", "retire", "second", "--copies", "2")
    assert (done["written"], done["owed"], done["copies"]) == (2, 0, 2)
    assert [one["name"] for one in filled.json("store", "list")["stores"]] == ["first", "third"]
    audited = filled.json("audit")
    assert (audited["checked_copies"], audited["absent_stores"]) == (4, [])
    assert all(path.exists() for path in before), "its place is left as it is"
    assert "copies = 2\n" in (filled.home / "jinkui.toml").read_text("utf-8")
    filled("store", "retire", "second")
    filled("store", "retire", "fourth", code=4)
    filled("store", "add", "second", "--path", "stores/second", code=6)
    filled("store", "add", "second", "--path", "stores/anew")
    shutil.move(filled.home / "stores/anew", filled.home / "stores/x")
    shutil.move(filled.home / "stores/second", filled.home / "stores/anew")
    assert states(filled, code=9)["second"] == "foreign", "what had the name before is another store"


def test_the_last_store_stays_and_copies_that_cannot_be_written_keep_one(filled: Jinkui, tmp_path: Path) -> None:
    filled("store", "retire", "second", "--copies", "1")
    told = filled.json("store", "retire", "first", "--copies", "1", code=5)["error"]
    assert "last online store" in told["message"]
    filled("store", "add", "second", "--path", "stores/anew")
    filled("replicate")
    filled("store", "add", "third", "--path", "stores/third")
    set_minimum(filled, 1)
    shutil.move(filled.home / "stores/third", tmp_path / "away")
    settings = filled.home / "jinkui.toml"
    settings.write_text(settings.read_text("utf-8").replace("copies = 1\n", "copies = 2\n", 1), "utf-8")
    assert "third" in filled.json("store", "retire", "second", code=5)["error"]["message"]
    assert filled.json("store", "retire", "second", "--owing")["owed"] == 2


@pytest.mark.parametrize("where", ["cli.commands.store.leaving.write_whole", "cli.commands.store.leaving.retire_store"])
def test_a_retirement_goes_on_where_it_was_killed(filled: Jinkui, monkeypatch: pytest.MonkeyPatch, where: str) -> None:
    with monkeypatch.context() as dying:
        dying.setattr(where, die)
        filled("store", "retire", "second", "--copies", "1", code=130)
    filled("store", "retire", "second", "--copies", "1")
    assert filled.json("audit")["checked_copies"] == 2
    assert [one["name"] for one in filled.json("doctor")["checks"] if one["name"].startswith("store-")] == [
        "store-first"
    ]
    assert leaving.retire.example


def test_a_place_says_that_it_is_a_link_or_on_the_disk_of_another(filled: Jinkui, tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "linked").symlink_to(tmp_path / "real")
    added = filled.json("store", "add", "third", "--path", str(tmp_path / "linked"))
    told = {one["code"]: one["message"] for one in added["findings"]}
    assert set(told) >= {"store-behind-link", "store-on-disk-of-another"}
    assert "real" in told["store-behind-link"]
    assert "“first”, “second”" in told["store-on-disk-of-another"]
    filled("replicate")
    assert filled.json("audit")["checked_copies"] == 6
    assert states(filled)["third"] == "present"


LOOKING = (("store", "check", "--json"), ("doctor", "--json"))
WRITING = (
    ("replicate",),
    ("repair",),
    ("repository", "add", "990003", "--name", "又一馆"),
    ("audit",),
    ("restore-drill",),
)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_whatever_says_that_a_store_is_away_says_the_same_of_what_to_do(
    filled: Jinkui, lang: str, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.rmtree(filled.home / "stores/second")
    for command in (*LOOKING, *WRITING):
        capsys.readouterr()
        assert run(["--home", str(filled.home), "--lang", lang, *command]) in (7, 9), command
        told = "".join(capsys.readouterr())
        assert "jinkui store replace second --path" in told, command
        assert "jinkui store retire second" in told, command
        assert ("minimum-copies = 1" in told and "jinkui.toml" in told) is (command in WRITING), command


def test_one_store_of_several_that_is_away_stops_nothing_where_fewer_copies_are_enough(filled: Jinkui) -> None:
    set_minimum(filled, 1)
    shutil.rmtree(filled.home / "stores/second")
    filled("ingest", str(make_batch(filled.home.parent / "more", ROWS[1:])), code=12)
    assert {hit["archival_code"] for hit in filled.json("search", "Flood")["hits"]} == {row[0] for row in ROWS}
    for command in (("show", ROWS[1][0]), ("opening", "review"), ("catalogue", "list"), ("versions", ROWS[1][0])):
        filled(*command)
    filled("export", ROWS[1][0], str(filled.home.parent / "out"))
    assert filled.json("audit", code=9)["copies"][0]["verdict"] == "NOT_CHECKED"
    assert "store replace second" in filled("replicate", code=9)
    filled("store", "replace", "second", "--path", "stores/anew")
    filled("replicate")
    assert filled.json("audit")["checked_copies"] == 8


def test_a_mount_point_without_its_disk_is_not_taken_unless_it_is_named(filled: Jinkui, tmp_path: Path) -> None:
    place = tmp_path / "mnt"
    filled("store", "add", "third", "--path", str(place))
    shutil.rmtree(place)
    place.mkdir()
    told = filled.json("store", "replace", "third", code=6)["error"]
    assert "mount the new disk" in told["advice"]
    assert list(place.iterdir()) == []
    assert filled.json("store", "replace", "third", "--path", str(place))["owed"] == 2
