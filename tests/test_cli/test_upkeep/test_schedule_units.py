"""Units and crontab lines: systemd and a shell read back the very words that were meant."""

import os
import shlex
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archives.errors import UsageProblem
from cli.upkeep.schedule_units import BY_CLOCK, JOBS, Installation, crontab, is_as_written, systemd_units
from cli.upkeep.unit_rights import is_shut_in, loosened_by, may_write, quoted

needs_systemd = pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not installed")
HARD = Path('/srv/档案 100% "金匮" $HOME \\x; 2')
ODD = Path('/srv/档案 100% "金匮" $HOME; 2')
IMPLIES_NO_NEW_PRIVILEGES = (  # systemd.exec(5), under NoNewPrivileges=
    "NoNewPrivileges=",
    "LockPersonality=",
    "MemoryDenyWriteExecute=",
    "PrivateDevices=",
    "ProtectClock=",
    "ProtectHostname=",
    "ProtectKernel",
    "Restrict",
    "SystemCall",
    "DynamicUser=",
)
PLAIN = st.text(st.characters(blacklist_categories=["Cc", "Cs"]), min_size=1)


def installation(home: Path, *, user: str = "", program: tuple[str, ...] = ("/usr/bin/true",)) -> Installation:
    return Installation(program, home, (home / "stores", Path("/mnt/archive 2")), user)


def unquote(word: str) -> str:
    """Read a word as systemd.syntax(7) says."""
    assert word[0] == word[-1] == '"'
    out, escaped = [], False
    for character in word[1:-1]:
        assert escaped or character != '"'
        if character == "\\" and not escaped:
            escaped = True
            continue
        out.append(character)
        escaped = False
    return "".join(out).replace("%%", "%")


@given(PLAIN)
def test_a_quoted_word_is_read_back(word: str) -> None:
    assert unquote(quoted(word.replace("%%", "%"))) == word.replace("%%", "%")


@given(PLAIN)
def test_a_crontab_line_is_read_back_by_the_shell(name: str) -> None:
    home = Path("/srv") / name.replace("/", "_")
    lines = crontab(installation(home)).splitlines()[2:] if name.splitlines() == [name] else []
    for job, line in zip(JOBS, lines, strict=bool(lines)):
        words = shlex.split(line.removeprefix(job.cron + " ").replace("\\%", "%"))
        assert words == [BY_CLOCK, "nice", "-n", "10", "/usr/bin/true", "--home", str(home), *job.words]


def test_a_system_crontab_names_the_account() -> None:
    line = crontab(installation(Path("/srv/a"), user="archive")).splitlines()[2]
    assert line.startswith("30 1 * * * archive JINKUI_BY_CLOCK=1 nice ")


def test_a_path_with_a_line_feed_is_refused() -> None:
    for write in (systemd_units, crontab):
        with pytest.raises(UsageProblem):
            write(installation(Path("/srv/a\nExecStart=/bin/sh")))


def test_two_homes_have_units_of_different_names() -> None:
    one, other = (systemd_units(installation(Path(home))) for home in ("/srv/a", "/srv/b"))
    assert not one.keys() & other.keys()
    assert len(one) == 2 * len(JOBS)


def test_what_was_written_is_told_from_what_was_edited() -> None:
    for text in (*systemd_units(installation(HARD)).values(), crontab(installation(HARD))):
        assert is_as_written(text)
        assert not is_as_written(text + "# mine\n")
        assert not is_as_written(text.partition("\n")[2])


def test_a_command_of_the_operators_choice_loosens_what_it_cannot_bear_and_nothing_else() -> None:
    shut = Installation(("/usr/bin/true",), Path("/srv/a"), (Path("/mnt/b"),), user="archive")
    for name, text in systemd_units(shut).items():
        assert ("ProtectSystem=strict" in text) == name.endswith(".service")
        assert loosened_by(text) == ""
    free = systemd_units(replace(shut, own_alarm=True))
    jobs = [text for name, text in free.items() if name.endswith(".service") and "-site" not in name]
    for text in jobs:
        kept = {"User=archive", "ProtectSystem=full", "ProtectControlGroups=yes", 'ReadWritePaths="-/mnt/b"'}
        assert kept <= set(text.splitlines())
        assert not any(line.startswith(IMPLIES_NO_NEW_PRIVILEGES) for line in text.splitlines()), "else no mail is sent"
        assert loosened_by(text) == "[audit] alarm-command"
        assert may_write(text, Path("/mnt/another"))
        assert is_shut_in(text)
    (site,) = [text for name, text in free.items() if name.endswith("-site.service")]
    assert "ProtectSystem=strict" in site, "the site never runs it"


def test_a_checkpoints_own_command_loosens_the_checkpoint_alone() -> None:
    units = systemd_units(Installation(("/usr/bin/true",), Path("/srv/a"), user="archive", own_checkpoint=True))
    loosened = {name.split("-", 2)[2]: by for name, text in units.items() if (by := loosened_by(text))}
    assert loosened == {"checkpoint.service": "[journal] checkpoint-command"}


def test_a_users_own_unit_says_why_nothing_of_it_is_shut_in() -> None:
    units = systemd_units(Installation(("/usr/bin/true",), Path("/srv/a"), own_alarm=True))
    for text in (text for name, text in units.items() if name.endswith(".service")):
        assert loosened_by(text)
        assert not any(line.startswith(IMPLIES_NO_NEW_PRIVILEGES) for line in text.splitlines())


def test_temporary_folders_are_kept_private_unless_a_store_lies_there() -> None:
    def private(home: str) -> bool:
        return any(
            "PrivateTmp=yes" in text for text in systemd_units(installation(Path(home), user="archive")).values()
        )

    assert private("/srv/a")
    assert not private("/tmp/a")


def test_the_public_site_sees_what_is_published_and_not_the_rest() -> None:
    home = Path("/srv/a b")
    units = systemd_units(
        Installation(("/usr/bin/true",), home, (Path("/mnt/store"),), "archive", site_reads=(home / "jinkui.toml",))
    )
    (text,) = [text for name, text in units.items() if name.endswith("-site.service")]
    lines = text.splitlines()
    assert 'TemporaryFileSystem="/srv/a b:ro"' in lines
    assert 'BindReadOnlyPaths="/srv/a b/public" "-/srv/a b/jinkui.toml"' in lines
    assert 'InaccessiblePaths="-/mnt/store"' in lines
    assert '"serve" "--public" "/srv/a b/public"' in text
    assert "ReadWritePaths" not in text
    for home in (Path("/tmp/a"), Path("/srv/a:b")):
        assert not any("-site" in name for name in systemd_units(installation(home, user="archive")))
    assert not any("-site" in name for name in systemd_units(installation(Path("/srv/a"))))


def complaints(folder: Path, units: dict[str, str]) -> list[str]:
    """Return what systemd says against units, of ours only."""
    for name, text in units.items():
        (folder / name).write_text(text, encoding="utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *(str(folder / name) for name in units)],
        capture_output=True,
        text=True,
        env={**os.environ, "SYSTEMD_UNIT_PATH": f"{folder}:", "LC_ALL": "C.UTF-8"},
        check=False,
    )
    return [line for line in done.stderr.splitlines() if "jinkui" in line]


@needs_systemd
@pytest.mark.parametrize("user", ["", "root"])
@pytest.mark.parametrize("home", [Path("/srv/archive"), ODD, HARD])
def test_systemd_finds_nothing_wrong(tmp_path: Path, user: str, home: Path) -> None:
    tool = tmp_path / "a tool 100% $HOME"
    tool.write_text("#!/bin/sh\n")
    tool.chmod(0o755)
    units = systemd_units(installation(home, user=user, program=(str(tool),)))
    assert complaints(tmp_path, units) == []


@needs_systemd
def test_systemd_would_say_so_if_something_were_wrong(tmp_path: Path) -> None:
    units = systemd_units(installation(Path("/srv/archive"), program=("/nowhere/jinkui",)))
    assert any("/nowhere/jinkui" in line for line in complaints(tmp_path, units))
    spoiled = {name: text.replace("OnCalendar=*", "OnCalendar=never") for name, text in units.items()}
    assert any("OnCalendar" in line or "calendar" in line for line in complaints(tmp_path, spoiled))
