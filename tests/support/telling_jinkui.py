"""The jinkui command in one process, telling each acknowledged package on standard output the moment it is one."""

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from archives.journal.facts import PackageStored
from archives.record.record import PackageKind
from cli.main import main
from preservation.vault.writing import UnderWay
from tests.support.in_memory_jinkui import in_one_process

if __name__ == "__main__":
    in_one_process()
    finished = UnderWay.finished
    told = 0

    def telling(self: UnderWay) -> Any:
        """Wait for the stores and tell of each record that was acknowledged."""
        global told
        answers = finished(self)
        for package, answer in zip(self.packages, answers, strict=True):
            if package.kind is PackageKind.RECORD and isinstance(answer, PackageStored):
                told += 1
                print(f"ACKNOWLEDGED {told} {answer.package_id}", flush=True)
        return answers

    UnderWay.finished = telling  # type: ignore[method-assign]  # a listener, nothing else
    main()
