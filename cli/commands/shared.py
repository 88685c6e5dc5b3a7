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
from preservation.stores.local import LocalStore
from preservation.stores.presence import StorePresence
from preservation.stores.store import PACKAGES, away_advice

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

OldPlaces = Annotated[
    tuple[Path, ...],
    Option(
        message(
            "另从此处读取（已替换或停用的存储的文件夹，可多次）",
            "read from this folder too: that of a store that was replaced or left (may be repeated)",
        )
    ),
]

SEVERITIES = {
    Severity.ERROR: message("错误", "error"),
    Severity.WARNING: message("警告", "warning"),
    Severity.NOTE: message("提示", "note"),
}

NOT_CONFIRMED = message(
    "未获确认，没有移除任何内容；--yes 预先作答", "not confirmed, nothing was removed; --yes answers beforehand"
)
"""Why a command that removes for good did nothing, where nobody answered with yes."""

NOT_DONE = message("未获确认，没有改动；加 --yes 执行", "not confirmed, nothing was changed; add --yes to do it")
"""Why a command that changes something did nothing, where nobody answered with yes."""

LOOKS = (ConfigurationError, NotFoundError, StorageError, IntegrityError)
"""How a command can end that opens the archive and changes nothing."""
WRITES = (*LOOKS, ConflictError)
"""How a command can end that writes to the journal."""


def said_of(seen: StorePresence) -> Message:
    """Return why a store cannot be read or written, with what to do about it."""
    name, state = seen.store.name, seen.presence.said
    return message(
        "{reason}；{advice}",
        "{reason}; {advice}",
        reason=seen.reason or message("存储“{name}”{state}", "the store “{name}”: {state}", name=name, state=state),
        advice=seen.advice or away_advice(name),
    )


def old_places(folders: tuple[Path, ...]) -> tuple[LocalStore, ...]:
    """Return folders of stores that are none of the archive any more, to be read from; raises ``NotFoundError`` for another."""
    for folder in folders:
        if not (folder / str(PACKAGES)).is_dir():
            said = message("{path} 不是存储的文件夹", "{path} is no folder of a store", path=str(folder))
            advice = message("请写其中有 packages 的文件夹", "give the folder in which packages lies")
            raise NotFoundError(said, subject=str(folder), advice=advice)
    return tuple(LocalStore(f"--from {folder}", folder.absolute()) for folder in folders)


def no_good_copy(files: int) -> Message:
    """Return the sentence that files are bad in every store, with what is left to do."""
    return message(
        "{n} 个文件已没有完好的副本：请停下来，保存好各磁盘，找出旧磁盘运行 jinkui repair --from 文件夹",
        "no good copy of {n} {n:file|files}: stop, keep the disks, look for old ones (jinkui repair --from FOLDER)",
        n=files,
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
