"""The jinkui command in one process, telling each acknowledged package on standard output the moment it is one."""

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from archives.record.record import PackageKind
from cli.main import main
from preservation.vault.vault import Vault
from tests.support.in_memory_jinkui import in_one_process

if __name__ == "__main__":
    in_one_process()
    put = Vault.put
    told = 0

    def telling(self: Vault, package: Any, *, note: str) -> Any:
        """Store a package and tell of it when it is a record."""
        global told
        anchor = put(self, package, note=note)
        if package.kind is PackageKind.RECORD:
            told += 1
            print(f"ACKNOWLEDGED {told} {anchor.package_id}", flush=True)
        return anchor

    Vault.put = telling  # type: ignore[method-assign]  # a listener, nothing else
    main()
