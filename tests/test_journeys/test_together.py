"""Three ingests (two of one batch), an audit, a repair and a disposal at the same time, each a process: one after the other where they meet."""

import json
import subprocess
import sys
from pathlib import Path

from tests.support.forked_jinkui import ForkedJinkui
from tests.support.in_memory_jinkui import DRIVER
from tests.support.kill import SCENARIOS, make_documents, prepared


def test_commands_at_the_same_time_are_never_wrong(tmp_path: Path, forked: ForkedJinkui) -> None:
    disposal = next(scenario for scenario in SCENARIOS if scenario.name == "dispose")
    folder = prepared(disposal, tmp_path, forked)
    for name, first in (("more", 11), ("again", 21)):
        batch = folder / name
        make_documents(batch)
        for path in sorted(batch.glob("*.txt")):
            path.unlink()
        codes = [f"Z109-WS·2001-D10-BGS-{number:04}" for number in range(first, first + 8)]
        rows = "\n".join(f"{code},Report,2001,10年" for code in codes)
        (batch / "catalogue.csv").write_text(f"档号,题名,日期,保管期限\n{rows}\n", "utf-8")
        for code in codes:
            (batch / f"{code}.txt").write_text(f"document {code}\n" * 30, "utf-8")
    commands = (
        ("ingest", str(folder / "more")),
        ("ingest", str(folder / "again")),
        ("ingest", str(folder / "more")),
        ("audit", "--restart"),
        ("repair", "--yes"),
        tuple(disposal.arguments(folder)),
    )
    running = [
        subprocess.Popen(
            [sys.executable, DRIVER, "--home", folder / "home", "--lang", "en", *command, "--json"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for command in commands
    ]
    answers = [process.communicate(timeout=240) for process in running]
    ended = [process.returncode for process in running]
    assert ended[:2] == [12, 12], answers
    assert ended[2] in (0, 12), answers[2]
    for once, twice in zip(*(json.loads(answers[number][0])["records"] for number in (0, 2)), strict=True):
        assert once["package_id"] == twice["package_id"]
        assert sorted((once["outcome"], twice["outcome"]))[0] == "already_in"
    assert ended[3] in (0, 12), answers[3]
    assert json.loads(answers[3][0])["copies"] == [], "an alarm while others write"
    assert ended[4] == 0, answers[4]
    assert ended[5] in (0, 7), answers[5]
    after = json.loads(forked.on_home(folder, "audit", "--json"))
    assert (after["copies"], after["owed"], after["checked_copies"]) == ([], [], 2 * (1 + 1 + 16 + 2 + 1 + 1))
