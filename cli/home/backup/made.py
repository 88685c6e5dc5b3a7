"""What a backup says of itself, as elements of ``bag-info.txt``."""

from dataclasses import dataclass
from datetime import UTC, datetime

from archives.errors import FormatError, NotFoundError
from archives.journal.chain import Head
from archives.message import message

_FORMAT = "1"


@dataclass(frozen=True, slots=True)
class Made:
    """What a backup says of itself: of which archive it is, of when, and where the journal ended then.

    ``folder`` is where the home was; ``is_move`` tells that the home retired, so that the restored one takes its place.
    """

    home_id: str
    at: datetime
    head: Head
    folder: str
    is_move: bool = False

    @property
    def name(self) -> str:
        """The name of the backup's folder."""
        return f"jinkui-{self.home_id[:8]}-{self.at.astimezone(UTC):%Y%m%dT%H%M%SZ}"

    def elements(self) -> tuple[tuple[str, str], ...]:
        """Return it as elements of ``bag-info.txt``."""
        return (
            ("Bagging-Date", f"{self.at.astimezone(UTC):%Y-%m-%d}"),
            ("Jinkui-Home-Backup", _FORMAT),
            ("Jinkui-Home", self.home_id),
            ("Jinkui-Made-At", self.at.astimezone(UTC).isoformat(timespec="seconds")),
            ("Jinkui-Home-Folder", self.folder),
            ("Jinkui-Journal-Entries", str(self.head.sequence)),
            ("Jinkui-Journal-Head", self.head.digest),
            ("Jinkui-Home-Retired", "yes" if self.is_move else "no"),
        )


def read_made(info: bytes) -> Made:
    """Read it back.

    Raises ``NotFoundError`` where a bag does not say that it is a backup, ``FormatError`` for one of a newer version,
    ``ValueError`` for what was never written.
    """
    said = dict(line.split(": ", 1) for line in info.decode("utf-8").splitlines())
    form = said.get("Jinkui-Home-Backup")
    if form is None:
        raise NotFoundError(
            message("不是档案库的备份", "no backup of a home"),
            advice=message("请写 jinkui home backup 写出的文件夹", "name a folder that jinkui home backup wrote"),
        )
    if form != _FORMAT:
        raise FormatError(
            message("备份由较新的版本写成", "the backup was written by a newer version"),
            subject=form,
            advice=message("请更新 Jinkui", "install a newer version of Jinkui"),
        )
    try:
        return Made(
            said["Jinkui-Home"],
            datetime.fromisoformat(said["Jinkui-Made-At"]),
            Head(int(said["Jinkui-Journal-Entries"]), said["Jinkui-Journal-Head"]),
            said["Jinkui-Home-Folder"],
            said["Jinkui-Home-Retired"] == "yes",
        )
    except KeyError as cause:
        raise ValueError(info) from cause
