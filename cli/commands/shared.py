"""What several commands take, and how most of them can end."""

from pathlib import Path
from typing import Annotated

from archives.errors import ConfigurationError, ConflictError, IntegrityError, NotFoundError, StorageError
from archives.findings import Severity
from archives.message import message
from cli.frame.parameters import Argument, Option

Code = Annotated[str, Argument(message("档号，可写作 馆代码:档号", "an archival code, or REPOSITORY:CODE"))]
Sheet = Annotated[Path, Argument(message("表格（XLSX 或 CSV）", "a sheet (XLSX or CSV)"))]
InRepository = Annotated[str | None, Option(message("馆（室）代码", "code of the repository"))]
DryRun = Annotated[bool, Option(message("只列出要做的事", "only say what would be done"))]
Yes = Annotated[bool, Option(message("不再询问", "do not ask"))]
Throttle = Annotated[
    float | None,
    Option(
        message("每秒最多读多少 MiB（0.001 起）", "read so many MiB a second at most (from 0.001)"),
        least=0.001,
        most=1e6,
    ),
]

SEVERITIES = {
    Severity.ERROR: message("错误", "error"),
    Severity.WARNING: message("警告", "warning"),
    Severity.NOTE: message("提示", "note"),
}

LOOKS = (ConfigurationError, NotFoundError, StorageError, IntegrityError)
"""How a command can end that opens the archive and changes nothing."""
WRITES = (*LOOKS, ConflictError)
"""How a command can end that writes to the journal."""
