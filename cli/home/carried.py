"""Closings of a home whose archive goes on elsewhere: a sheet of them, to be carried there.

A home that retired, or that its stores are ahead of, keeps the public out at once and puts nothing into the journal that
the stores hold, so that nobody elsewhere hears of it. Each closing is on disk in the sheet before its command answers; ``opening withdraw --sheet`` takes the sheet in.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass
from functools import partial
from pathlib import Path

from archives.errors import StorageError
from archives.message import Message, listed, message
from archives.record.identifiers import archival_code_key
from archives.system_reason import reason_of
from cli.home.home import Home
from preservation.actions.opening import AskedDecision
from preservation.catalogue.naming import named
from preservation.journal.memory import Memory
from preservation.stores.files import write_whole
from search.published.closing import Owed, Step, tried

SHEET = "closings-to-carry.csv"
"""The file of a home in which they stand."""
HEADINGS = {
    "repository": ("馆代码", "repository"),
    "code": ("档号", "archival code"),
    "reason": ("理由", "reason"),
}
"""The columns of such a sheet, each with its names; a home writes the Chinese ones, so that it reads its own sheet alike for all."""


@dataclass(frozen=True, slots=True)
class ToClose:
    """A record that is to be closed elsewhere too, and why; without a repository where nobody could tell which it is."""

    repository: str
    archival_code: str
    reason: str

    @property
    def named(self) -> str:
        """Its code as a person types it."""
        return f"{self.repository}:{self.archival_code}" if self.repository else self.archival_code


def to_carry(home: Path) -> tuple[ToClose, ...]:
    """Return the closings that wait to be carried, none where nothing is to be; raises ``StorageError`` for a sheet unread."""
    path = home / SHEET
    try:
        rows = list(csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline="")))
    except FileNotFoundError:
        return ()
    except (OSError, ValueError, csv.Error) as cause:
        reason = reason_of(cause) if isinstance(cause, OSError) else str(cause)
        raise StorageError(
            message("{path} 读不出：{reason}", "{path} cannot be read: {reason}", path=str(path), reason=reason),
            subject=str(path),
        ) from cause
    if any(
        len(row) != len(HEADINGS) for row in rows if row
    ):  # as a spreadsheet may have saved it; nothing of it may be lost
        raise StorageError(
            message(
                "{path} 不是馆代码、档号、理由三列（以逗号分隔）",
                "{path} has not the three columns repository, archival code, reason, with commas between",
                path=str(path),
            ),
            subject=str(path),
            advice=message(
                "请用 opening withdraw --sheet 办完其中各件，再移开这个文件",
                "close what stands in it with opening withdraw --sheet, then move it away",
            ),
        )
    return tuple(ToClose(*row) for row in rows[1:] if row)


def has_retired(home: Home) -> bool:
    """Say whether a home was moved elsewhere, so that the journal hears nothing of what is closed in it."""
    return home.archive.memory.is_there and bool(home.archive.memory.retired_at)


def goes_on_elsewhere(home: Home) -> bool:
    """Say whether what is closed in a home stays in it alone: it was moved, or another home goes on in its stores."""
    return has_retired(home) or home.vault.ledger.is_behind()


def retired_since(folder: Path) -> str:
    """Return since when a home signs nothing because it was moved elsewhere, empty where it was not; nothing is opened."""
    memory = Memory(folder / "journal", folder / "keys")
    return memory.retired_at if memory.is_there else ""


def carry(home: Home, one: ToClose) -> None:
    """Put a closing into the sheet of a home, once, on disk when this returns; raises ``StorageError``."""
    with home.archive.locks.journal():
        known = to_carry(home.folder)
        if (one.repository, one.archival_code) not in {(other.repository, other.archival_code) for other in known}:
            _write(home.folder, (*known, one))


def carried(home: Home, repository: str, code: str) -> None:
    """Take a closing off the sheet that the journal has now; the sheet goes with the last of them."""
    if not (home.folder / SHEET).exists():
        return
    key = archival_code_key(code)
    with home.archive.locks.journal():
        known = to_carry(home.folder)
        left = [
            one
            for one in known
            if one.repository not in ("", repository) or archival_code_key(one.archival_code) != key
        ]
        if not left:
            (home.folder / SHEET).unlink(missing_ok=True)
        elif len(left) < len(known):
            _write(home.folder, left)


def told_to_carry(home: Path, known: Sequence[ToClose], *, is_elsewhere: bool) -> tuple[Message, Message]:
    """Return what is said of closings that the stores' journal does not know, naming them, and what is to be done.

    ``is_elsewhere`` says that the archive goes on elsewhere, as ``goes_on_elsewhere`` does.
    """
    names, sheet = listed([one.named for one in known]), str(home / SHEET)
    said = message("只在此处封闭：{names}", "closed here alone: {names}", names=names)
    if not is_elsewhere:
        return said, message("请运行 jinkui opening withdraw --sheet {sheet}", "run jinkui opening withdraw --sheet {sheet}", sheet=sheet)  # fmt: skip
    return said, message(
        "在档案库继续的地方公众可能仍看得到：请把 {sheet} 带过去，在那里运行 jinkui opening withdraw --sheet；办完后删除此处的这个文件",
        "elsewhere the public may still see it: carry {sheet} to where the archive goes on and run jinkui opening withdraw "
        "--sheet there; delete this one afterwards",
        sheet=sheet,
    )


def told_not_on_sheet(known: Sequence[ToClose]) -> tuple[Message, Message]:
    """Return what is said of closings that could not be put on the sheet, and what is to be done without it."""
    names = listed([one.named for one in known])
    return (
        message(
            "只在此处封闭，且未能写入要带走的表：{names}",
            "closed here alone, and not on the sheet to be carried: {names}",
            names=names,
        ),
        message(
            "在档案库继续的地方公众可能仍看得到：请在那里逐件运行 jinkui opening withdraw 档号 --reason 理由",
            "where the archive goes on the public may still see it: run jinkui opening withdraw CODE --reason WHY there for each",
        ),
    )


def _write(home: Path, known: Sequence[ToClose]) -> None:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(([names[0] for names in HEADINGS.values()], *map(astuple, known)))
    write_whole(home / SHEET, text.getvalue().encode("utf-8-sig"), mode=0o600)


def carry_decided(home: Home, asked: Iterable[AskedDecision]) -> tuple[Message, ...]:
    """Put what decisions closed here alone, as the archive goes on elsewhere, into the sheet; return what is to be said of it."""
    on_sheet: list[ToClose] = []
    not_on_sheet: list[ToClose] = []
    why: list[Owed] = []
    for one in asked:
        repository, code = named(one.code, one.repository)
        to_close = ToClose(repository or "", code, one.decision.basis)
        failed = tried(Step.CARRY, partial(carry, home, to_close))
        (not_on_sheet if failed else on_sheet).append(to_close)
        why += failed
    reasons = dict.fromkeys(one.failure.with_advice for one in why)
    return (*reasons, *told_elsewhere(home.folder, on_sheet, not_on_sheet))


def told_elsewhere(
    home: Path, on_sheet: Sequence[ToClose], not_on_sheet: Sequence[ToClose] = ()
) -> tuple[Message, ...]:
    """Return what is said of records closed here alone: by the sheet, or by hand where they are not on it."""
    told = told_to_carry(home, on_sheet, is_elsewhere=True) if on_sheet else ()
    return (*told, *(told_not_on_sheet(not_on_sheet) if not_on_sheet else ()))
