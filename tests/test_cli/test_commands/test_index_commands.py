"""The commands about the search indexes, and what happens to everything else while an index is away."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NoReturn

import pytest

from archives.errors import SearchError
from cli import wiring
from cli.home import indexes as home_indexes
from cli.main import run
from search.index.embedded import EmbeddedIndex
from search.index.query import parse_query
from tests.support.batches import make_batch
from tests.support.command_line import Jinkui, Prepared
from tests.test_cli.test_commands.test_closing import elasticsearch_hanging, elasticsearch_killed, replaced
from tests.test_cli.test_commands.test_searching import CODE, filled

OTHER = CODE[:-1] + "2"


@pytest.fixture
def jinkui(prepared: Prepared, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Jinkui:
    return prepared.copy(filled, tmp_path, capsys)


@contextmanager
def edited(home: Path) -> Iterator[sqlite3.Connection]:
    """Give the file of the public's index to be changed behind everybody's back."""
    with closing(sqlite3.connect(home / "public/index.db", isolation_level=None)) as connection:
        yield connection


def found(home: Path, words: str = "石桥") -> int:
    """Return how many records the public finds."""
    return EmbeddedIndex(home / "public/index.db").search(parse_query(words)).total


def proof(jinkui: Jinkui, audience: str = "public", code: int = 0) -> dict[str, Any]:
    """Return what verifying tells of an index."""
    (said,) = jinkui.json("index", "verify", "--only", audience, code=code)["indexes"]
    return dict(said)


def test_how_the_indexes_stand_is_told(jinkui: Jinkui) -> None:
    public, staff = jinkui.json("index", "status")["indexes"]
    assert (public["index"], public["records"], public["places"], public["health"]) == ("public", 2, 4, "whole")
    assert (public["lag_entries"], public["waiting_units"], public["is_well"]) == (0, 0, True)
    assert (staff["records"], staff["engine"], public["verified_at"]) == (2, "sqlite", None)
    assert "检索库" in jinkui("index", "status", lang="zh")


def test_an_index_that_holds_what_is_published_is_proved_to(jinkui: Jinkui) -> None:
    proved = proof(jinkui)
    assert (proved["records"], proved["pages"], proved["differences"], proved["looked_for"]) == (2, 4, 0, 2)
    assert jinkui.json("index", "status")["indexes"][0]["verified_at"]
    jinkui("index", "rebuild")
    assert proof(jinkui)["sha256"] == proved["sha256"]


def test_what_is_missing_too_much_or_different_is_listed_and_a_rebuild_mends_it(jinkui: Jinkui) -> None:
    with edited(jinkui.home) as index:
        index.execute("UPDATE document SET text = replace(text, '水库', '水厂') WHERE text LIKE '水库%'")
        index.execute("UPDATE document SET text = text || '了' WHERE text = '石桥的报告'")
    said = proof(jinkui, code=12)
    told = {one["archival_code"]: one for one in said["differing"]}
    assert (told[CODE]["difference"], told[CODE]["pages"], told[CODE]["description"]) == ("different", [2], False)
    assert (told[OTHER]["difference"], told[OTHER]["pages"], told[OTHER]["description"]) == ("different", [], True)
    assert "jinkui index rebuild" in jinkui("index", "verify", code=12)
    jinkui("index", "rebuild", "--only", "public")
    assert proof(jinkui)["differences"] == 0


def test_a_record_that_is_gone_one_that_is_too_much_and_words_that_lead_nowhere_are_found_out(jinkui: Jinkui) -> None:
    with edited(jinkui.home) as index:
        index.execute("UPDATE package SET package_id = 'stranger' WHERE first = (SELECT min(first) FROM record)")
        index.execute("UPDATE record SET package_id = 'stranger' WHERE first = (SELECT min(first) FROM record)")
        told = index.execute(
            "SELECT number, told FROM document WHERE told LIKE '%package_id%' ORDER BY number"
        ).fetchone()
        package = told[1].split('"package_id": "')[1].split('"')[0]
        index.execute("UPDATE document SET told = ? WHERE number = ?", (told[1].replace(package, "stranger"), told[0]))
    said = proof(jinkui, code=12)
    assert sorted(one["difference"] for one in said["differing"]) == ["missing", "too-much"]
    jinkui("index", "rebuild")
    with edited(jinkui.home) as index:
        index.execute("INSERT INTO word(word) VALUES ('delete-all')")
    said = proof(jinkui, code=12)
    assert {one["difference"] for one in said["differing"]} == {"not-found"}


def test_a_text_that_is_said_to_have_come_about_otherwise_is_found_out(jinkui: Jinkui) -> None:
    with edited(jinkui.home) as index:
        index.execute("UPDATE document SET told = replace(told, 'extracted', 'recognised') WHERE text = '石桥的报告'")
    (said,) = proof(jinkui, code=12)["differing"]
    assert (said["archival_code"], said["difference"], said["description"]) == (OTHER, "different", True)


def test_indexes_that_know_not_how_texts_came_about_are_filled_anew(jinkui: Jinkui) -> None:
    proved = proof(jinkui)["sha256"], proof(jinkui, "staff")["sha256"]
    for path in (jinkui.home / "public/index.db", jinkui.home / "staff-index.db"):
        with closing(sqlite3.connect(path, isolation_level=None)) as index:
            index.execute("UPDATE state SET schema = replace(schema, 'records-3', 'records-2')")
            index.execute("UPDATE document SET told = json_remove(told, '$.text_origin') WHERE told <> ''")
    with pytest.raises(SearchError, match="other software"):
        found(jinkui.home)
    jinkui("upgrade")
    assert (proof(jinkui)["sha256"], proof(jinkui, "staff")["sha256"]) == proved
    for public in ((), ("--public",)):
        counts = jinkui.json("search", "石桥", "--count", *public)["counts"]
        assert counts["text"] == [{"value": "extracted", "records": 2}]


def test_the_staffs_index_is_proved_to_hold_what_lies_in_the_stores(jinkui: Jinkui) -> None:
    jinkui("opening", "withdraw", OTHER, "--reason", "names a living person")
    public, staff = jinkui.json("index", "verify")["indexes"]
    assert [(one["records"], one["pages"], one["differences"]) for one in (public, staff)] == [(1, 3, 0), (2, 4, 0)]
    assert all(one["verified_at"] for one in jinkui.json("index", "status")["indexes"])
    with closing(sqlite3.connect(jinkui.home / "staff-index.db", isolation_level=None)) as index:
        index.execute("UPDATE document SET text = replace(text, '水库', '水厂') WHERE text LIKE '水库%'")
        index.execute("UPDATE document SET told = replace(told, '已封闭', '开放')")
        index.execute("INSERT INTO word(word) VALUES ('delete-all')")
    said = proof(jinkui, "staff", code=12)
    assert [(one["archival_code"], one["pages"]) for one in said["differing"] if one["pages"]] == [(CODE, [2])]
    assert "jinkui index rebuild --only staff" in jinkui("index", "verify", code=12)
    jinkui("index", "rebuild", "--only", "staff")
    assert proof(jinkui, "staff")["sha256"] == staff["sha256"]


def test_what_cannot_be_read_in_the_stores_is_told_and_never_called_good(jinkui: Jinkui) -> None:
    for text in jinkui.home.glob("stores/*/packages/**/*.txt"):
        if text.read_text("utf-8", "replace").startswith("水库工地"):
            text.unlink()
    said = proof(jinkui, "staff", code=12)
    assert [(one["archival_code"], one["difference"]) for one in said["differing"]] == [(CODE, "unread")]
    assert "jinkui audit" in jinkui("index", "verify", "--only", "staff", code=12)
    assert jinkui.json("index", "status")["indexes"][1]["verified_at"] is None
    assert proof(jinkui)["differences"] == 0


def test_a_rebuild_that_would_be_says_what_it_would_do_and_writes_nothing(jinkui: Jinkui) -> None:
    before = (jinkui.home / "public/index.db").stat().st_ino
    planned = jinkui.json("index", "rebuild", "--dry-run")["would_rebuild"]
    assert [one["records"] for one in planned] == [2, 2]
    assert (jinkui.home / "public/index.db").stat().st_ino == before
    jinkui("index", "rebuild", "--only", "staff")
    assert (jinkui.home / "public/index.db").stat().st_ino == before
    jinkui("index", "rebuild", "--only", "public")
    assert (jinkui.home / "public/index.db").stat().st_ino != before


class KilledError(BaseException):
    """The process is gone."""


def killed(jinkui: Jinkui, step: str, times: int, audience: str = "public") -> None:
    """Make an index again, a record at a time, until a step has been done beside it so many times and is begun once more."""
    does, seen = getattr(EmbeddedIndex, step), []

    def kill(index: EmbeddedIndex, *given: object, **named: object) -> object:
        if index._path.name.endswith(".new"):
            seen.append(step)
            if len(seen) > times:
                raise KilledError
        return does(index, *given, **named)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("search.published.indexing._WRITTEN_TOGETHER", 1)
        patched.setattr(EmbeddedIndex, step, kill)
        with pytest.raises(KilledError):
            jinkui("index", "rebuild", "--only", audience)


def written(jinkui: Jinkui, audience: str, *more: str, code: int = 0) -> tuple[int, str]:
    """Make an index again; return how many records were written for it, and what people were told."""
    does = EmbeddedIndex.replace_all
    wrote: list[Any] = []

    def count(index: EmbeddedIndex, changes: Any) -> None:
        wrote.extend(one for one in changes if one.record and index._path.name.endswith(".new"))
        does(index, changes)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(EmbeddedIndex, "replace_all", count)
        told = _whole(jinkui, "index", "rebuild", "--only", audience, *more, code=code)
    return len(wrote), told


@pytest.mark.parametrize("audience", ["public", "staff"])
@pytest.mark.parametrize(
    ("step", "times", "stood"),
    [
        ("replace_all", 1, 0),
        ("replace_all", 2, 1),
        ("replace_all", 3, 2),
        ("commit", 0, 2),
        ("commit", 1, 2),
        ("count", 0, 2),
        ("take_place", 0, 2),
    ],
)
def test_a_rebuild_that_is_killed_leaves_what_is_searched_and_is_gone_on_with(
    jinkui: Jinkui, step: str, times: int, stood: int, audience: str
) -> None:
    killed(jinkui, step, times, audience)
    assert found(jinkui.home) == 2
    wrote, told = written(jinkui, audience)
    assert wrote == 2 - stood
    assert f"goes on: {stood} record" in told
    assert (found(jinkui.home), proof(jinkui, audience)["differences"]) == (2, 0)
    assert not list(jinkui.home.rglob("*.new*"))
    assert "goes on" not in written(jinkui, audience)[1]


@pytest.mark.parametrize("what", ["journal", "day", "settings", "file"])
def test_what_was_begun_of_something_else_is_begun_anew_and_told(
    jinkui: Jinkui, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    killed(jinkui, "replace_all", 2)
    if what == "journal":
        jinkui("opening", "withdraw", OTHER, "--reason", "names a living person")
    elif what == "day":
        tomorrow = wiring.today() + timedelta(days=1)
        monkeypatch.setattr(wiring, "today", lambda: tomorrow)
    elif what == "settings":
        settings = jinkui.home / "jinkui.toml"
        text = settings.read_text("utf-8")
        settings.write_text(text.replace("keep-reviewed = false", "keep-reviewed = true"), "utf-8")
    else:
        (jinkui.home / "public/index.db.new").write_bytes(b"garbage" * 1000)
    wrote, told = written(jinkui, "public")
    assert wrote == (1 if what == "journal" else 2)
    assert "begins anew" in told
    assert "goes on" not in told
    assert proof(jinkui)["differences"] == 0


def published(home: Path) -> list[str]:
    """Return the titles of what is published."""
    with closing(sqlite3.connect(home / "public/public.db")) as views:
        return [one for (one,) in views.execute("SELECT json_extract(value, '$.title') FROM view ORDER BY 1")]


@pytest.mark.parametrize("step", ["search.published.publish._follow_views", "cli.home.caches.sign_head", "forget"])
def test_making_all_again_when_killed_is_told_and_publishing_adds_what_is_missing(jinkui: Jinkui, step: str) -> None:
    before = published(jinkui.home)

    def kill(*_: object, **__: object) -> NoReturn:
        raise KilledError

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("preservation.archive.Archive.forget" if step == "forget" else step, kill)
        with pytest.raises(KilledError):
            jinkui("rebuild")
    told = jinkui.json("status", code=12)["needs"]
    (need,) = [one for one in told if one["command"] == "jinkui rebuild"]
    assert "never finished" in str(need["message"])
    jinkui("opening", "publish")
    assert (published(jinkui.home), found(jinkui.home)) == (before, 2)
    assert proof(jinkui)["differences"] == 0
    jinkui("rebuild")
    told = jinkui.json("status", code=12)["needs"]
    assert "jinkui rebuild" not in [one["command"] for one in told]
    assert published(jinkui.home) == before


def test_an_index_that_was_begun_and_never_finished_is_told(jinkui: Jinkui, monkeypatch: pytest.MonkeyPatch) -> None:
    public, staff = jinkui.json("index", "status")["indexes"]
    assert (public["beside"], public["beside_since"], staff["beside"]) == (None, None, None)
    killed(jinkui, "replace_all", 2)
    began = wiring.now()
    monkeypatch.setattr(wiring, "now", lambda: began + timedelta(hours=3))
    public, staff = jinkui.json("index", "status")["indexes"]
    assert (public["beside"], staff["beside"], public["is_well"]) == ("goes-on", None, True)
    assert timedelta(0) <= began - datetime.fromisoformat(public["beside_since"]) < timedelta(minutes=5)
    assert "(3 h ago); this one answers → jinkui index rebuild --only public goes on" in jinkui("index", "status")
    assert "3 小时前" in jinkui("index", "status", lang="zh")
    since = public["beside_since"]
    killed(jinkui, "count", 0)
    assert jinkui.json("index", "status")["indexes"][0]["beside_since"] == since, "it was gone on with"
    jinkui("opening", "withdraw", OTHER, "--reason", "names a living person")
    assert jinkui.json("index", "status")["indexes"][0]["beside"] == "begins-anew"
    assert "jinkui index purge removes it" in jinkui("index", "status")
    jinkui("index", "purge")
    assert jinkui.json("index", "status")["indexes"][0]["beside"] is None
    jinkui("index", "rebuild")
    assert jinkui.json("index", "status")["indexes"][0]["beside"] is None


def test_an_index_that_is_being_made_again_is_told(jinkui: Jinkui, monkeypatch: pytest.MonkeyPatch) -> None:
    look, told = home_indexes.verified, []

    def meanwhile(*given: object) -> object:
        told.append(jinkui.json("index", "status")["indexes"][0]["beside"])
        return look(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(home_indexes, "verified", meanwhile)
    jinkui("index", "rebuild", "--only", "public")
    assert set(told) == {"under-way"}


def test_a_text_that_could_not_be_read_is_owed_also_after_a_kill(jinkui: Jinkui) -> None:
    for path in (one for one in (jinkui.home / "stores").rglob("*.txt") if "水库".encode() in one.read_bytes()):
        path.chmod(0o600)
        path.write_bytes(b"damaged")
    killed(jinkui, "commit", 1, "staff")
    wrote, told = written(jinkui, "staff", code=12)
    assert (wrote, "goes on: 2 records" in told, "stays as it was" in told) == (1, True, True)
    assert jinkui.json("search", "水库")["total"] == 1
    killed(jinkui, "commit", 1, "staff")
    wrote, _ = written(jinkui, "staff", "--incomplete", code=12)
    assert (wrote, jinkui.json("search", "水库")["total"]) == (1, 0)
    assert not list((jinkui.home / "owed-beside/staff").iterdir())
    assert len(list((jinkui.home / "owed").iterdir())) == 1


def test_what_was_removed_leaves_what_was_begun_beside_an_index_too(jinkui: Jinkui) -> None:
    killed(jinkui, "commit", 0)
    left = jinkui.home / "public/index.db.new"
    jinkui("index", "purge")
    assert left.exists(), "it is gone on with"
    jinkui("opening", "withdraw", CODE, "--reason", "names a living person")
    jinkui("opening", "publish")
    assert not left.exists()
    assert not left.with_name("index.db.new-journal").exists()


def test_what_is_opened_and_closed_while_an_index_is_filled_is_in_the_new_one(
    jinkui: Jinkui, monkeypatch: pytest.MonkeyPatch
) -> None:
    look = home_indexes.verified
    done: list[int] = []

    def meanwhile(*given: object) -> object:
        if not done:
            done.append(1)
            jinkui("opening", "withdraw", CODE, "--reason", "names a living person")
            jinkui("describe", str(sheet), "--reason", "as on the cover")
        return look(*given)  # type: ignore[arg-type]

    sheet = jinkui.home.parent / "describe.csv"
    sheet.write_text(f"档号,题名\n{OTHER},船闸的报告\n", "utf-8-sig")
    monkeypatch.setattr(home_indexes, "verified", meanwhile)
    jinkui("index", "rebuild", "--only", "public")
    monkeypatch.undo()
    assert done == [1]
    assert (found(jinkui.home, "水库"), found(jinkui.home, "石桥")) == (0, 0)
    assert proof(jinkui)["differences"] == 0


def test_two_rebuilds_at_a_time_are_refused(jinkui: Jinkui, monkeypatch: pytest.MonkeyPatch) -> None:
    look = home_indexes.verified
    said: list[str] = []

    def meanwhile(*given: object) -> object:
        said.append(jinkui("index", "rebuild", code=6))
        return look(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(home_indexes, "verified", meanwhile)
    jinkui("index", "rebuild")
    assert "another command" in said[0]


def test_a_rebuild_without_some_texts_takes_no_place_unless_it_is_told_to(jinkui: Jinkui) -> None:
    for path in (one for one in (jinkui.home / "stores").rglob("*.txt") if "水库".encode() in one.read_bytes()):
        path.chmod(0o600)
        path.write_bytes(b"damaged")
    assert jinkui.json("search", "水库")["total"] == 1
    said = jinkui.json("index", "rebuild", "--only", "staff", code=12)["indexes"][0]
    assert (said["took_place"], len(said["owed"])) == (False, 1)
    assert not list(jinkui.home.rglob("*.new"))
    assert jinkui.json("search", "水库")["total"] == 1
    said = jinkui.json("index", "rebuild", "--only", "staff", "--incomplete", code=12)["indexes"][0]
    assert said["took_place"] is True
    assert jinkui.json("search", "水库")["total"] == 0


def test_removed_words_leave_the_files(jinkui: Jinkui, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("search.index.embedded.merge_words", lambda *_, **__: None)  # as where it was killed before
    jinkui("opening", "withdraw", CODE, "--reason", "names a living person")
    public, _ = jinkui.json("index", "status")["indexes"]
    assert public["holds_removed_words"] is True
    assert "jinkui index purge" in jinkui("index", "status")
    monkeypatch.undo()
    jinkui("index", "purge")
    public, staff = jinkui.json("index", "status")["indexes"]
    assert (public["holds_removed_words"], staff["holds_removed_words"]) == (False, False)
    raw = b"".join(path.read_bytes() for path in (jinkui.home / "public").rglob("*") if path.is_file())
    for words in ("水库", "修路", "工地"):
        assert words.encode() not in raw


def test_what_is_wrong_with_an_index_is_told_by_status_doctor_and_metrics(jinkui: Jinkui) -> None:
    with elasticsearch_killed(jinkui.home):
        (said,) = (one for one in jinkui.json("status", code=12)["needs"] if "public search index" in one["message"])
        assert said["command"] == "jinkui index status"
        told = jinkui.json("index", "status", code=11)["indexes"]
        assert {one["health"] for one in told} == {"away"}
        assert 'jinkui_search_index_up{home="' in jinkui("metrics")
        assert '",index="public"} 0.0' in jinkui("metrics")
        states = {one["name"]: one["state"] for one in jinkui.json("doctor", code=11)["checks"]}
        assert (states["index-public"], states["index-staff"]) == ("missing", "missing")
    states = {one["name"]: one["state"] for one in jinkui.json("doctor")["checks"]}
    assert (states["index-public"], states["index-staff"]) == ("ok", "ok")


@contextmanager
def both_damaged(home: Path) -> Iterator[None]:
    """Let neither index be a database."""
    junk = b"no database" * 500
    with replaced(home / "staff-index.db", junk), replaced(home / "public/index.db", junk):
        yield


AWAY = {"killed": elasticsearch_killed, "hanging": elasticsearch_hanging, "damaged": both_damaged}


@pytest.mark.parametrize("how", AWAY)
def test_an_index_that_is_away_fails_no_intake_opening_closing_or_audit_and_catches_up(
    jinkui: Jinkui, how: str, tmp_path: Path
) -> None:
    batch = make_batch(
        tmp_path / "later", [("Z109-WS·1990·Y·BGS-0001", "Dredging report", "1990", "永久", "英语", "1")]
    )
    with AWAY[how](jinkui.home):
        assert "the public search index is behind" in _whole(jinkui, "ingest", str(batch), code=12)
        sheet = tmp_path / "later.csv"
        text = (jinkui.home.parent / "open.csv").read_text("utf-8").replace(CODE, "Z109-WS·1990·Y·BGS-0001")
        sheet.write_text("\n".join(text.splitlines()[:2]) + "\n", "utf-8")
        assert len(jinkui.json("opening", "apply", str(sheet))["applied"]) == 1
        closed = jinkui.json("opening", "withdraw", CODE, "--reason", "mistake", code=11)
        assert closed["closed"] is True
        assert jinkui.json("audit")["copies"] == []
        assert jinkui.json("opening", "publish", code=12)["behind"][0]["index"] == "public"
        jinkui("search", "石桥", code=11)
    assert jinkui.json("search", "dredging", "--public")["total"] == 1
    assert jinkui.json("search", "水库", "--public")["total"] == 0
    assert proof(jinkui)["differences"] == 0


def _whole(jinkui: Jinkui, *arguments: str, code: int) -> str:
    """Run a command and return both of what it says."""
    from cli.main import run

    jinkui.capsys.readouterr()
    assert run(["--home", str(jinkui.home), "--lang", "en", *arguments]) == code
    return "".join(jinkui.capsys.readouterr())


def test_an_index_that_cannot_be_filled_leaves_the_old_one(jinkui: Jinkui, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> NoReturn:
        raise SearchError(home_indexes.AUDIENCES["public"])

    monkeypatch.setattr(home_indexes, "verified", fail)
    said = jinkui.json("index", "rebuild", code=11)["indexes"]
    assert [one["took_place"] for one in said] == [False, True]
    assert found(jinkui.home) == 2
    assert not list(jinkui.home.rglob("*.new")), "it takes no room when it came to nothing"


@pytest.mark.parametrize("command", [("search", "report"), ("index", "verify")])
def test_what_an_index_is_ended_by_is_told_once(jinkui: Jinkui, command: tuple[str, ...]) -> None:
    next(jinkui.home.glob("*index*.db")).write_bytes(b"garbage" * 1000)
    jinkui.capsys.readouterr()
    assert run(["--home", str(jinkui.home), "--lang", "en", *command]) == 11
    told = "".join(jinkui.capsys.readouterr())
    assert "all else is done" not in told
    assert told.count("jinkui index rebuild") == 1


@pytest.mark.parametrize("damage", ["whole", "behind its first pages"])
def test_an_index_that_became_garbage_is_told_with_what_mends_it_though_it_was_verified(
    jinkui: Jinkui, damage: str
) -> None:
    jinkui("index", "verify")
    path = jinkui.home / "public" / "index.db"
    data = path.read_bytes()
    path.write_bytes(b"garbage" * 1000 if damage == "whole" else data[:8192] + b"\xa5" * (len(data) - 8192))
    told = jinkui("index", "status", code=11)
    assert "the public search index is away" in told
    assert "jinkui index rebuild makes it again" in told
    assert "since then it cannot be used any more" in told
    jinkui("index", "rebuild", "--only", "public")
    assert "since then" not in jinkui("index", "status")
