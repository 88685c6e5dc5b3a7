"""The table of what lies in a home knows everything in one that was used, and what its settings name beside that."""

from pathlib import Path, PurePosixPath

import pytest

from cli.frame.output import Output
from cli.home.backup.contents import CONTENTS, Kept, contents_of, named_elsewhere, survey
from cli.home.home import open_home
from cli.home.settings.reading import parse_settings
from search.doors.portal.served import Served
from tests.support.command_line import Jinkui, Prepared
from tests.test_cli.test_commands.test_homes import back_up, with_state
from tests.test_cli.test_commands.test_one_store import OPEN


@pytest.fixture
def jinkui(prepared: Prepared, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Jinkui:
    return prepared.copy(with_state, tmp_path, capsys)


def test_nothing_in_a_home_that_was_used_is_missing_from_the_table(jinkui: Jinkui) -> None:
    words = ("--passphrase-file", str(jinkui.home.parent / "words"))
    jinkui("key", "export", str(jinkui.home.parent / "safe.pem"), *words)
    jinkui("key", "rotate")
    jinkui("audit")
    jinkui("restore-drill")
    jinkui("journal", "checkpoint")
    jinkui("opening", "publish")
    jinkui("opening", "withdraw", OPEN, "--reason", "mistake")
    jinkui("rebuild")
    back_up(jinkui)
    Served(jinkui.home / "served").require_current(1)
    for left in ("owed/x", "public/closed/y", "work/draft/z", "work.db-journal", "catalogue.db-wal"):
        (jinkui.home / left).parent.mkdir(parents=True, exist_ok=True)
        (jinkui.home / left).write_bytes(b"")
    with open_home(jinkui.home, Output("en", as_json=True)) as home:
        found = survey(home.folder, contents_of(home.settings, home.folder))
    assert found.unknown == ()
    names = {kept: sorted(str(path) for path, how in found.files.items() if how is kept) for kept in Kept}
    (former,) = (path.name for path in (jinkui.home / "keys").glob("archive-*.pem"))
    checkpoints = sorted(f"checkpoints/{path.name}" for path in (jinkui.home / "checkpoints").iterdir())
    assert names[Kept.LOCKED] == [f"keys/{former}", "keys/archive.pem"]
    assert names[Kept.OPEN] == sorted(
        [
            "jinkui.toml",
            "journal/last",
            "journal/tail",
            "keys/archive.pub",
            "keys/exported",
            "public/closed/y",
            "served",
            "work.db",
            *checkpoints,
        ]
    )


def test_every_row_of_the_table_is_said_in_both_languages_and_stands_once() -> None:
    assert all(one.what.zh and one.what.en and one.what.zh != one.what.en for one in CONTENTS)
    assert len({one.where for one in CONTENTS}) == len(CONTENTS)


def test_what_the_settings_name_in_the_home_is_backed_up_and_what_they_name_outside_is_told(tmp_path: Path) -> None:
    text = f"""
        [[stores]]
        name = "first"
        path = "stores/first"
        [[stores]]
        name = "cloud"
        url = "s3://bucket"
        credentials-file = "secret/s3.toml"
        [[stores]]
        name = "other"
        url = "s3://other"
        credentials-file = "/etc/jinkui/s3.toml"
        [journal]
        checkpoints = "notes"
        timestamp-ca = "{tmp_path}/ca.pem"
        checkpoint-command = ["/usr/bin/send", "--to", "x"]
        [audit]
        metrics-file = "figures.prom"
        alarm-command = ["{tmp_path}/alarm.sh"]
        [search]
        elasticsearch = "http://localhost"
        api-key-file = "secret/es"
    """
    settings = parse_settings(text, tmp_path / "jinkui.toml")
    files = (
        "secret/s3.toml",
        "secret/es",
        "notes/7.txt",
        "ca.pem",
        "alarm.sh",
        "figures.prom",
        "stores/first/store.json",
    )
    for name in (*files, "secret/other", "empty/.keep"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / "empty/.keep").unlink()
    (tmp_path / "link").symlink_to("/etc")
    found = survey(tmp_path, contents_of(settings, tmp_path))
    assert {str(path): kept.name for path, kept in found.files.items()} == {
        "secret/s3.toml": "LOCKED",
        "secret/es": "LOCKED",
        "notes/7.txt": "OPEN",
        "ca.pem": "OPEN",
        "alarm.sh": "OPEN",
    }
    assert found.unknown == ("empty", "link", "secret/other")
    assert named_elsewhere(settings, tmp_path) == ("/etc/jinkui/s3.toml", "/usr/bin/send")


def test_a_folder_that_is_a_link_is_looked_into_where_it_belongs(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere/7.txt").write_bytes(b"x")
    (tmp_path / "home/checkpoints").symlink_to(tmp_path / "elsewhere")
    settings = parse_settings("", tmp_path / "home/jinkui.toml")
    found = survey(tmp_path / "home", contents_of(settings, tmp_path / "home"))
    assert (found.files, found.unknown) == ({PurePosixPath("checkpoints/7.txt"): Kept.OPEN}, ())
