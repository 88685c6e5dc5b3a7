"""What several commands take, and how most of them can end."""

from pathlib import Path
from typing import Annotated

from archives.errors import (
    ConfigurationError,
    ConflictError,
    IntegrityError,
    NotFoundError,
    StorageError,
    UsageProblem,
)
from archives.findings import Severity
from archives.message import Message, message
from cli.frame.parameters import Argument, Option
from preservation.stores.store import away_advice

Code = Annotated[str, Argument(message("档号，可写作 馆代码:档号", "an archival code, or REPOSITORY:CODE"))]
Sheet = Annotated[Path, Argument(message("表格（XLSX 或 CSV）", "a sheet (XLSX or CSV)"))]
InRepository = Annotated[str | None, Option(message("馆（室）代码", "code of the repository"))]
DryRun = Annotated[bool, Option(message("只列出要做的事", "only say what would be done"))]
Yes = Annotated[bool, Option(message("不再询问", "do not ask"))]
NotSecret = Annotated[
    tuple[str, ...],
    Option(
        message(
            "不是密级标志的位置及理由（C7=片名），记入日志",
            "a place that is no marking of secrecy, and why (C7=title of a film); kept in the journal",
        )
    ),
]
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


def store_away(name: str) -> Message:
    """Return the sentence that a store is not there, with what to do about it."""
    return message(
        "存储“{name}”不在；{advice}", "the store “{name}” is not there; {advice}", name=name, advice=away_advice(name)
    )


def judged_places(answers: tuple[str, ...]) -> dict[str, str]:
    """Return the places that are no markings, each with the reason; raises ``UsageProblem`` for an answer without one."""
    judged = {}
    for answer in answers:
        place, _, reason = answer.rpartition("=")
        if not (place.strip() and reason.strip()):
            said = message("--not-secret 应写成 位置=理由", "--not-secret is written PLACE=WHY")
            raise UsageProblem(said, subject=answer)
        judged[place.strip()] = reason.strip()
    return judged
