"""What other accounts of the machine may read of what commands make: what is published, where the settings say so."""

import csv
import grp
import os
import stat
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cli.main import main
from tests.support.batches import make_batch
from tests.support.places import ROOT

CODE = "Z109-WS·1980·Y·BGS-0001"
MADE_FOR_OTHERS = ("keys/archive.pub", "checkpoints")

Run = Callable[..., int]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """Give what runs the program as a shell with a careless umask would."""

    def program(*arguments: str) -> int:
        os.umask(0)
        monkeypatch.setattr(sys, "argv", ["jinkui", "--home", str(tmp_path / "home"), *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        return int(str(ended.value.code))

    before = os.umask(0)
    yield program
    os.umask(before)


def publish(run: Run, folder: Path) -> None:
    """Take in a record and open it."""
    assert run("init") == 0
    assert run("repository", "add", "990001", "--name", "馆", "--name-en", "L", "--kind", "馆") == 0
    assert run("ingest", str(make_batch(folder / "batch", [(CODE, "Report", "1980", "永久", "英语", "1")]))) in (0, 12)
    sheet = folder / "decisions.csv"
    with sheet.open("w", newline="", encoding="utf-8") as file:
        head = ("档号", "结论", "依据", "审核人", "批准人", "审核日期", "开放日期", "网上范围")
        row = (CODE, "开放", "第二十七条", "甲", "乙", "2021-09-01", "2021-09-01", "全文")
        csv.writer(file).writerows([head, row])
    assert run("opening", "apply", str(sheet)) == 0


def modes(folder: Path, *, but: tuple[str, ...] = ()) -> dict[str, set[int]]:
    """Return the modes of the folders and of the files below a folder."""
    found: dict[str, set[int]] = {"folders": {stat.S_IMODE(folder.stat().st_mode)}, "files": set()}
    for path in folder.rglob("*"):
        if not any(path.is_relative_to(folder / name) for name in but):
            found["folders" if path.is_dir() else "files"].add(stat.S_IMODE(path.stat().st_mode))
    return found


def test_without_a_group_everything_is_the_archives_own(run: Run, tmp_path: Path) -> None:
    publish(run, tmp_path)
    assert run("journal", "checkpoint") == 0
    assert modes(tmp_path / "home", but=MADE_FOR_OTHERS) == {"folders": {0o700}, "files": {0o600}}
    assert (tmp_path / "home/public/images").is_dir()


def test_what_is_published_can_be_read_by_a_group_and_nobody_else(run: Run, tmp_path: Path) -> None:
    group = next(
        (one for one in grp.getgrall() if one.gr_gid != os.getgid() and may_be_given(tmp_path, one.gr_gid)), None
    )
    if group is None:
        pytest.skip("needs a second group that we may give files to")
    publish(run, tmp_path)
    settings = tmp_path / "home/jinkui.toml"
    settings.write_text(settings.read_text("utf-8").replace('group = ""', f'group = "{group.gr_name}"'), "utf-8")
    assert run("opening", "publish") == 0
    public = tmp_path / "home/public"
    assert modes(public) == {"folders": {0o750}, "files": {0o640}}
    assert run("opening", "withdraw", CODE, "--reason", "x") == 0
    assert run("opening", "apply", str(tmp_path / "decisions.csv")) == 0
    assert modes(public) == {"folders": {0o750}, "files": {0o640}}
    assert {path.stat().st_gid for path in (public, *public.rglob("*"))} == {group.gr_gid}
    assert modes(tmp_path / "home", but=(*MADE_FOR_OTHERS, "public")) == {"folders": {0o700}, "files": {0o600}}
    settings.write_text(settings.read_text("utf-8").replace(f'group = "{group.gr_name}"', 'group = ""'), "utf-8")
    assert run("opening", "publish") == 0
    assert modes(public) == {"folders": {0o700}, "files": {0o600}}


def test_a_folder_in_which_others_have_something_stays_as_it_is_and_doctor_says_so(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "home").mkdir(mode=0o755)
    (tmp_path / "home/somebody's").write_text("x")
    publish(run, tmp_path)
    assert (tmp_path / "home").stat().st_mode & 0o777 == 0o755
    capsys.readouterr()
    run("--lang", "en", "doctor", "--json")
    assert '"permissions"' in capsys.readouterr().out


def test_a_folder_that_was_there_is_shut_when_an_archive_is_made_in_it(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "home").mkdir(mode=0o755)
    publish(run, tmp_path)
    assert modes(tmp_path / "home", but=MADE_FOR_OTHERS) == {"folders": {0o700}, "files": {0o600}}
    capsys.readouterr()
    run("--lang", "en", "doctor", "--json")
    assert '"permissions"' not in capsys.readouterr().out


def test_a_home_that_the_sites_account_passes_through_shows_it_nothing_else(run: Run, tmp_path: Path) -> None:
    publish(run, tmp_path)
    (tmp_path / "home").chmod(0o750)
    (tmp_path / "home/staff-index.db").unlink()
    assert run("rebuild") in (0, 12)
    assert stat.S_IMODE((tmp_path / "home/staff-index.db").stat().st_mode) == 0o600
    (tmp_path / "home/staff-index.db").chmod(0o640)
    assert run("search", "Report") == 0
    assert stat.S_IMODE((tmp_path / "home/staff-index.db").stat().st_mode) == 0o600, "one of before is shut, too"


def test_the_demonstration_makes_its_home_for_its_owner_alone() -> None:
    assert 'mkdir -p -m 0700 "$home"' in (ROOT / "scripts/demo").read_text("utf-8")


def test_a_group_that_is_not_there_is_told(run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("init") == 0
    settings = tmp_path / "home/jinkui.toml"
    settings.write_text(settings.read_text("utf-8").replace('group = ""', 'group = "no-such-group"'), "utf-8")
    capsys.readouterr()
    assert run("--lang", "en", "opening", "publish") == 0
    assert "no-such-group" in "".join(capsys.readouterr())
    assert modes(tmp_path / "home/public") == {"folders": {0o700}, "files": {0o600}}
    run("--lang", "en", "doctor")
    assert "there is no group “no-such-group”" in "".join(capsys.readouterr())


def test_what_is_exported_or_reported_is_for_whoever_ran_it_and_never_a_program(run: Run, tmp_path: Path) -> None:
    publish(run, tmp_path)
    os.umask(0)
    page = next(path for path in (tmp_path / "home/stores/first/packages").rglob("*.jpg"))
    page.chmod(0o777)
    assert run("export", CODE, str(tmp_path / "out")) == 0
    assert modes(tmp_path / "out") == {"folders": {0o700}, "files": {0o600}}
    for ending in ("csv", "xlsx", "html"):
        report = tmp_path / f"report.{ending}"
        if run("doctor", "--report", str(report)) in (0, 12) and report.exists():
            assert stat.S_IMODE(report.stat().st_mode) == 0o600


def may_be_given(folder: Path, group: int) -> bool:
    """Say whether we may give files to a group."""
    probe = folder / "probe"
    probe.touch()
    try:
        os.chown(probe, -1, group)
    except OSError:
        return False
    finally:
        probe.unlink()
    return True
