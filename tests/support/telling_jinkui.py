"""The jinkui command in one process, telling each acknowledged package on standard output the moment it is one."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from archives.journal.facts import PackageStored
from archives.record.record import PackageKind
from cli.main import main
from preservation.vault.vault import Vault
from tests.support.in_memory_jinkui import in_one_process

if __name__ == "__main__":
    in_one_process()
    put_together = Vault.put_together
    told = 0

    def telling(self: Vault, packages: Sequence[Any], *, note: str) -> Any:
        """Store packages and tell of each record among them that was acknowledged."""
        global told
        answers = put_together(self, packages, note=note)
        for package, answer in zip(packages, answers, strict=True):
            if package.kind is PackageKind.RECORD and isinstance(answer, PackageStored):
                told += 1
                print(f"ACKNOWLEDGED {told} {answer.package_id}", flush=True)
        return answers

    Vault.put_together = telling  # type: ignore[method-assign]  # a listener, nothing else
    main()
