"""Kills at file-changing system calls: what can be killed, how, and what has to hold afterwards.

A scenario is a command on a prepared home. The command runs under strace, which kills it (SIGKILL) at the n-th call of
one system call in one of its threads; then the same command runs again, and everything that was promised is checked.
"""

import csv
import json
import random
import shutil
import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from archives.journal.chain import Entry
from archives.journal.facts import HomeRestored, PackageDisposed, PackageStored
from archives.units.state import State
from cli.frame.output import Output
from cli.home.backup.folder import read_backup
from cli.home.home import open_home
from tests.support.forked_jinkui import ForkedJinkui
from tests.support.purging import GOING, STAYING, carry_purge_out, left_of_a_purge, prepare_to_purge

CALLS = (
    "write",
    "pwrite64",
    "openat",
    "rename",
    "link",
    "mkdir",
    "rmdir",
    "unlink",
    "unlinkat",
    "chmod",
    "fchmod",
    "copy_file_range",
    "fsync",
    "fdatasync",
    "ftruncate",
)
"""System calls by which Python, SQLite and our stores change files here; ``openat`` makes them."""

CODES = tuple(f"Z109-WS·2001-D10-BGS-{number:04}" for number in (1, 2))
_PASSPHRASE = "correct horse"


@dataclass(frozen=True, slots=True)
class Point:
    """Where a command is killed: at the n-th call of a system call in a thread."""

    call: str
    number: int


@dataclass(frozen=True, slots=True)
class Scenario:
    """A command on a home that ``prepare`` made in a folder; ``codes`` are its exit codes when nothing is wrong.

    ``again`` are the codes it may have after a kill, because what it did before is done already.
    """

    name: str
    prepare: Callable[[ForkedJinkui, Path], None]
    arguments: Callable[[Path], Sequence[str]]
    codes: tuple[int, ...]
    again: tuple[int, ...] = ()


def make_documents(folder: Path, *, changed: bool = False) -> None:
    """Write a batch of two text documents."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = [(code, f"Report {number}", "2001", "10年") for number, code in enumerate(CODES)]
    with (folder / "catalogue.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("档号", "题名", "日期", "保管期限"), *rows])
    (folder / "batch.toml").write_text('kind = "documents"\n', "utf-8")
    for number, code in enumerate(CODES):
        text = f"document {number} {'corrected' if changed else 'as received'}\n" * 40
        (folder / f"{code}.txt").write_text(text, "utf-8")


def _empty(jinkui: ForkedJinkui, folder: Path) -> None:
    jinkui.on_home(folder, "init")
    jinkui.on_home(folder, "repository", "add", "990001", "--name", "馆")
    make_documents(folder / "batch")


def _filled(jinkui: ForkedJinkui, folder: Path) -> None:
    made = folder.with_name("filled")
    if not made.exists():
        being_made = folder.with_name("being-filled")
        _empty(jinkui, being_made)
        jinkui.on_home(being_made, "ingest", str(being_made / "batch"), codes=(12,))
        being_made.rename(made)
    shutil.copytree(made, folder, symlinks=True, dirs_exist_ok=True)


def _to_update(jinkui: ForkedJinkui, folder: Path) -> None:
    _filled(jinkui, folder)
    make_documents(folder / "batch", changed=True)


def _owed(jinkui: ForkedJinkui, folder: Path) -> None:
    _filled(jinkui, folder)
    jinkui.on_home(folder, "store", "add", "third", "--path", "stores/third")


def _dead(jinkui: ForkedJinkui, folder: Path) -> None:
    _filled(jinkui, folder)
    shutil.rmtree(folder / "home/stores/second")


def _damaged(jinkui: ForkedJinkui, folder: Path) -> None:
    _filled(jinkui, folder)
    first, second = sorted((folder / "home/stores/second/packages").rglob("original/data/*.txt"))[:2]
    first.write_bytes(b"rotten")
    second.unlink()
    (folder / "home/stores/first/packages/stray").write_bytes(b"x")
    (folder / "home/stores/second/journal/head").write_bytes(b"x")


def _approved(jinkui: ForkedJinkui, folder: Path) -> None:
    _filled(jinkui, folder)
    _sign(jinkui, folder, "--code", CODES[0])


def _mistaken(jinkui: ForkedJinkui, folder: Path) -> None:
    _opened(jinkui, folder)
    _sign(jinkui, folder, "--mistake", "not ours", "--batch", "batch")


def _sign(jinkui: ForkedJinkui, folder: Path, *what: str) -> None:
    (folder / "pass").write_text(_PASSPHRASE)
    secret = ("--passphrase-file", str(folder / "pass"))
    persons = ("planner", "li", "wang")
    keys = [option for one in persons for option in ("--id", one, "--key-file", str(folder / f"{one}.key"))]
    jinkui.on_home(folder, "person", "add", *persons, *keys, *secret)
    plan = str(folder / "plan.json")
    jinkui.on_home(folder, "dispose", "plan", "--by", "planner", "--out", plan, *what)
    for person in ("li", "wang"):
        jinkui.on_home(
            folder, "dispose", "approve", plan, "--by", person, "--key-file", str(folder / f"{person}.key"), *secret
        )


def _opened(jinkui: ForkedJinkui, folder: Path) -> None:
    _filled(jinkui, folder)
    head = ("档号", "结论", "依据", "审核人", "批准人", "审核日期", "开放日期", "网上范围")
    rows = [(code, "开放", "依据", "甲", "乙", "2021-09-01", "2021-09-01", "全文") for code in CODES]
    with (folder / "decisions.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([head, *rows])
    jinkui.on_home(folder, "opening", "apply", str(folder / "decisions.csv"))


def _to_purge(jinkui: ForkedJinkui, folder: Path) -> None:
    _opened(jinkui, folder)
    prepare_to_purge(jinkui, folder, CODES[0], _PASSPHRASE)


def _to_back_up(jinkui: ForkedJinkui, folder: Path) -> None:
    _filled(jinkui, folder)
    (folder / "pass").write_text(_PASSPHRASE)
    (folder / "usb").mkdir()


def _lost(jinkui: ForkedJinkui, folder: Path) -> None:
    _to_back_up(jinkui, folder)
    jinkui.on_home(folder, *_back_up(folder))
    jinkui.on_home(folder, "opening", "withdraw", CODES[0], "--reason", "after the backup")
    for left in (folder / "home").iterdir():
        if left.name != "stores":
            shutil.rmtree(left) if left.is_dir() else left.unlink()


def _back_up(folder: Path, *options: str) -> Sequence[str]:
    return ("home", "backup", str(folder / "usb"), "--passphrase-file", str(folder / "pass"), *options)


def _restore(folder: Path) -> Sequence[str]:
    (backup,) = (folder / "usb").iterdir()
    return ("home", "restore", str(backup), "--passphrase-file", str(folder / "pass"))


def _disposal(folder: Path) -> Sequence[str]:
    watched = ("--supervisor", "甲", "--supervisor", "乙")
    return ("dispose", "run", str(folder / "plan.json"), *watched, "--out", str(folder / "out"), "--yes")


SCENARIOS = (
    Scenario("init", lambda _jinkui, _: None, lambda _: ("init",), (0,), (0, 6)),
    Scenario("ingest", _empty, lambda f: ("ingest", str(f / "batch")), (12,), (0, 12)),
    Scenario("update", _to_update, lambda f: ("ingest", str(f / "batch"), "--update"), (12,), (0, 12)),
    Scenario("store-add", _filled, lambda _: ("store", "add", "third", "--path", "stores/third"), (0,), (0, 6)),
    Scenario("store-replace", _dead, lambda _: ("store", "replace", "second", "--path", "stores/anew"), (0,)),
    Scenario("store-retire", _owed, lambda _: ("store", "retire", "second", "--copies", "2"), (0,)),
    Scenario("replicate", _owed, lambda _: ("replicate",), (0,)),
    Scenario("audit", _filled, lambda _: ("audit",), (0,)),
    Scenario("repair", _damaged, lambda _: ("repair", "--yes"), (0,)),
    Scenario("renumber", _filled, lambda _: ("renumber", CODES[0], "Z109-WS·2001-D10-BGS-0901"), (0,), (0, 2)),
    Scenario("withdraw", _opened, lambda _: ("opening", "withdraw", CODES[0], "--reason", "mistake"), (0,)),
    Scenario("dispose", _approved, _disposal, (0, 7)),
    Scenario("backup", _to_back_up, _back_up, (0,)),
    Scenario("move", _to_back_up, lambda f: _back_up(f, "--move"), (0,)),
    Scenario("restore", _lost, _restore, (0,)),
    Scenario("mistake", _mistaken, _disposal, (0, 7)),
    Scenario("purge", _to_purge, carry_purge_out, (0,)),
)


def prepared(scenario: Scenario, folder: Path, jinkui: ForkedJinkui) -> Path:
    """Return the folder with the scenario's home in it, made once."""
    place = folder / scenario.name
    if not place.exists():
        place.mkdir(parents=True)
        scenario.prepare(jinkui, place)
    return place


def calls_of(scenario: Scenario, snapshot: Path, scratch: Path, jinkui: ForkedJinkui) -> dict[str, list[int]]:
    """Return which calls of each kind change files, counted in their threads: of ``openat`` those that make one."""
    folder = _copy(snapshot, scratch)
    log = scratch.with_name(f"{scratch.name}.strace")
    jinkui.run(_command(scenario, folder), strace=["-e", f"trace={','.join(CALLS)}", "-o", str(log)])
    counts: dict[tuple[str, str], int] = {}
    changing: dict[str, set[int]] = {call: set() for call in CALLS}
    for line in log.read_text("utf-8", "replace").splitlines():
        thread, _, rest = line.partition(" ")
        call = rest.strip().partition("(")[0]
        if call in CALLS:
            counts[thread, call] = counts.get((thread, call), 0) + 1
            if call != "openat" or "O_CREAT" in rest:
                changing[call].add(counts[thread, call])
    log.unlink()
    shutil.rmtree(folder)
    return {call: sorted(numbers) for call, numbers in changing.items()}


def draw_points(calls: dict[str, list[int]], number: int, seed: int) -> list[Point]:
    """Return points drawn at random: first a system call that happens, then which of its calls."""
    chosen = random.Random(seed)
    happening = [call for call, numbers in calls.items() if numbers]
    return [Point(call, chosen.choice(calls[call])) for call in chosen.choices(happening, k=number)]


def kill_and_check(scenario: Scenario, snapshot: Path, scratch: Path, point: Point, jinkui: ForkedJinkui) -> bool:
    """Kill the command at a point, run it again, check what was promised; return whether the kill came."""
    folder = _copy(snapshot, scratch)
    inject = f"inject={point.call}:signal=KILL:when={point.number}"
    options = ["-e", f"trace={point.call}", "-e", inject, "-o", "/dev/null"]
    killed = jinkui.run(_command(scenario, folder), strace=options).code == -signal.SIGKILL
    acknowledged = _acknowledged(folder)
    if scenario.name == "withdraw" and _marks(folder):
        assert _public(folder, jinkui) == [CODES[1]], f"{point}: what was marked is public again"
    again = jinkui.on_home(folder, *scenario.arguments(folder), codes=scenario.again or scenario.codes)
    _check(scenario, folder, acknowledged, f"{scenario.name} {point}\n{again}", jinkui)
    shutil.rmtree(folder)
    return killed


def _command(scenario: Scenario, folder: Path) -> tuple[str, ...]:
    return ("--home", str(folder / "home"), "--lang", "en", *scenario.arguments(folder))


def _copy(snapshot: Path, scratch: Path) -> Path:
    """Put the prepared home where it was made, since what was made there names that place."""
    place = snapshot.with_name(f"{snapshot.name}-{scratch.name}")
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(snapshot, place, symlinks=True)
    return place


def _entries(folder: Path) -> list[Entry]:
    home = open_home(folder / "home", Output("en", as_json=True))
    return list(home.vault.ledger.entries())


def _acknowledged(folder: Path) -> set[tuple[str, int]]:
    """Return the versions that the journal acknowledged before the kill."""
    if not list(folder.glob("home/stores/*/journal/head")) or not (folder / "home/jinkui.toml").exists():
        return set()
    facts = [entry.fact for entry in _entries(folder)]
    return {(fact.package_id, fact.version) for fact in facts if isinstance(fact, PackageStored)}


def _marks(folder: Path) -> list[Path]:
    return list((folder / "home/public/closed").glob("*"))


def _public(folder: Path, jinkui: ForkedJinkui) -> list[str]:
    """Return the codes of what the public finds, after what is public was brought up to the journal."""
    answer = json.loads(jinkui.on_home(folder, "search", "Report", "--public", "--json"))
    return sorted({hit["archival_code"] for hit in answer["hits"]})


def _check(
    scenario: Scenario, folder: Path, acknowledged: set[tuple[str, int]], about: str, jinkui: ForkedJinkui
) -> None:
    """Nothing acknowledged is lost, nothing half is left, every store is level, an audit finds nothing."""
    facts = [entry.fact for entry in _entries(folder)]
    if scenario.name in ("backup", "move"):
        _check_backups(folder, about)
    if scenario.name == "move":
        jinkui.on_home(folder, "home", "resume", "--yes")
    stored = {(fact.package_id, fact.version) for fact in facts if isinstance(fact, PackageStored)}
    assert acknowledged <= stored, f"{about}: {acknowledged - stored} is lost"
    assert len(stored) == len([fact for fact in facts if isinstance(fact, PackageStored)]), about
    left_for_good = ["second"] if scenario.name == "store-retire" else []
    stores = [one for one in sorted((folder / "home/stores").iterdir()) if one.name not in left_for_good]
    for store in stores:
        left = [path for path in (store / "work").rglob("*") if path.is_file()]
        assert not left, f"{about}: {left}"
    journals = [{p.name: p.read_bytes() for p in (store / "journal").iterdir()} for store in stores]
    assert all(journal == journals[0] for journal in journals), f"{about}: {[sorted(one) for one in journals]}"
    answer = json.loads(
        jinkui.on_home(
            folder, "audit", "--json", codes=(12,) if scenario.name in ("store-add", "store-replace") else (0,)
        )
    )
    assert answer["copies"] == [], about
    if scenario.name == "dispose":
        assert len([fact for fact in facts if isinstance(fact, PackageDisposed)]) == 1, about
        gone = [fact.package_id for fact in facts if isinstance(fact, PackageDisposed)]
        left = [p for s in stores for p in (s / "quarantine").rglob("*") if p.is_file()]
        assert not [p for p in left if "representations" in p.parts or any(one in str(p) for one in gone)], about
    if scenario.name == "restore":
        assert [one.backup > 0 for one in facts if isinstance(one, HomeRestored)][:1] == [True], about
        assert "opening-withdrawn" in [one.type for one in facts], f"{about}: what came after the backup is lost"
    if scenario.name == "mistake":
        assert len([fact for fact in facts if isinstance(fact, PackageDisposed)]) == len(CODES) + 1, about
        left = [p for s in stores for p in (s / "quarantine").rglob("*") if p.is_file()]
        assert not [p for p in left if "representations" in p.parts], about
    if scenario.name == "purge":
        assert left_of_a_purge(folder) == [], about
        jinkui.on_home(folder, "show", STAYING)
        jinkui.on_home(folder, "show", GOING, codes=(4,))
    if scenario.name in ("withdraw", "mistake"):
        public = [CODES[1]] if scenario.name == "withdraw" else []
        assert (_public(folder, jinkui), _marks(folder)) == (public, []), about
    found = [json.loads(jinkui.on_home(folder, "show", code, "--json", codes=(0, 4))) for code in CODES]
    missing = [one for one in found if "error" in one]
    expected = {"init": 2, "mistake": 2, "purge": 1}.get(scenario.name, 0)
    assert len(missing) == expected, f"{about}: {missing}"
    destroyed = [one for one in found if one.get("state") == State.DESTROYED.value]
    assert len(destroyed) == (scenario.name == "dispose"), f"{about}: what was destroyed stays in the catalogue"


def _check_backups(folder: Path, about: str) -> None:
    """What looks like a backup is one, and nothing else is left."""
    found = sorted((folder / "usb").iterdir())
    assert found, about
    for place in found:
        assert not place.name.startswith("."), f"{about}: {place} is left"
        assert set(read_backup(place).opened(_PASSPHRASE)) == {PurePosixPath("keys/archive.pem")}, about
