"""Power cuts: a home on a file system whose power can be cut, a batch going in, and what has to hold afterwards."""

import json
import random
import shutil
import subprocess
import sys
from pathlib import Path

from tests.support.forked_jinkui import Done, ForkedJinkui
from tests.support.kill import make_documents
from tests.support.places import SHARED

TOOL = SHARED / "tools/power-cut"
_RECORDS = 6


def make_many(folder: Path, first: int) -> None:
    """Write a batch of several small text documents."""
    make_documents(folder)
    lines = ["档号,题名,日期,保管期限"]
    for path in folder.glob("*.txt"):
        path.unlink()
    for number in range(first, first + _RECORDS):
        code = f"Z109-WS·2001-D10-BGS-{number:04}"
        lines.append(f"{code},Report {number},2001,10年")
        (folder / f"{code}.txt").write_text(f"document {number}\n" * 200, "utf-8")
    (folder / "catalogue.csv").write_text("\n".join(lines) + "\n", "utf-8")


class Machine:
    """A file system whose power can be cut, with a home on it."""

    def __init__(self, mount: Path, batches: Path, jinkui: ForkedJinkui) -> None:
        self._jinkui = jinkui
        self.mount = mount
        self.home = mount / "home"
        self._batches = batches
        self._taken = 0
        self._tell("make", str(mount), "--size", "1G")
        for arguments in (("init",), ("repository", "add", "990001", "--name", "馆")):
            done = self._run(*arguments)
            assert done.code == 0, done.error

    def remove(self) -> None:
        """Take the file system away."""
        self._tell("remove", str(self.mount))

    def cut_during_ingest(self, chosen: random.Random) -> tuple[bool, int]:
        """Take a batch in and cut the power, at an acknowledgement or at a random moment.

        Returns whether the cut came before the command ended, and how many records it had told.

        Every record that the command had told as acknowledged has to be whole in every copy afterwards.
        """
        batch = self._batches / f"batch-{self._taken}"
        make_many(batch, self._taken * _RECORDS + 1)
        self._taken += 1
        how = ["--at", f"ACKNOWLEDGED {chosen.randint(1, _RECORDS)} "]
        if chosen.random() < 0.5:
            how = ["--after", f"{chosen.uniform(0.6, 3.0):.2f}"]
        watcher = Path(__file__).with_name("telling_jinkui.py")
        command = [sys.executable, "-u", str(watcher), "--home", str(self.home), "ingest", str(batch)]
        cut = subprocess.run(
            [TOOL, "run", str(self.mount), *how, "--", *command],
            capture_output=True,
            text=True,
            check=False,
            timeout=240,
        )
        assert cut.returncode in (0, 3), cut.stdout + cut.stderr
        if cut.returncode:  # the power was cut at the very end, before that was noticed, or is cut now
            self._tell("cut", str(self.mount))
        told = [line.split()[2] for line in cut.stdout.splitlines() if line.startswith("ACKNOWLEDGED")]
        self._check(told, batch)
        return cut.returncode == 0, len(told)

    def _check(self, told: list[str], batch: Path) -> None:
        for package_id in told:
            done = self._run("audit", "--package", package_id, "--json")
            assert done.code == 0, f"{package_id}: {done}"
            assert json.loads(done.out)["checked_copies"] == 2, done.out
        done = self._run("ingest", str(batch), "--json")
        assert done.code in (0, 12), done
        outcomes = {record["package_id"]: record["outcome"] for record in json.loads(done.out)["records"]}
        assert len(outcomes) == _RECORDS
        assert set(told) <= outcomes.keys(), "an acknowledged record is another one now"
        for arguments in (("audit",), ("journal", "verify")):
            done = self._run(*arguments)
            assert done.code == 0, f"{arguments}: {done}"

    def _run(self, *arguments: str) -> Done:
        return self._jinkui.run(("--home", str(self.home), "--lang", "en", *arguments))

    def _tell(self, *arguments: str) -> None:
        done = subprocess.run([TOOL, *arguments], capture_output=True, text=True, check=False, timeout=240)
        if done.returncode:
            raise RuntimeError(done.stdout + done.stderr)


def why_not() -> str:
    """Return why no power can be cut here, or nothing."""
    if not TOOL.exists():
        return "../shared/tools/power-cut is not here"
    probe = subprocess.run(["losetup", "-f"], capture_output=True, check=False) if shutil.which("losetup") else None
    return "" if probe is not None and probe.returncode == 0 else "there is no loop device, or we are not root"
