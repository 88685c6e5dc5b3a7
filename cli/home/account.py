"""Whose a home is: what root leaves in another account's home locks that account out, so root opens none but its own."""

import os
import shlex
from pathlib import Path

from archives.errors import ConfigurationError
from archives.message import message
from cli import wiring


def require_own_account(home: Path) -> None:
    """Raise ``ConfigurationError`` for root where a home belongs to another account; nothing is written before.

    Journal, locks and indexes are their owner's alone: of what root writes there the account could not write any more. Any
    other account is kept out by the system itself.
    """
    if os.geteuid() != 0 or not home.is_dir() or home.stat().st_uid == 0:
        return
    owner, place = wiring.owner_of(home), shlex.quote(str(home))
    raise ConfigurationError(
        message(
            "档案库属于账户 {owner}，而现在以 root 运行：root 写下的文件会把 {owner} 挡在外面，没有做任何事",
            "the home belongs to the account {owner}, and this runs as root: what root writes there would lock {owner} out; "
            "nothing was done",
            owner=owner,
        ),
        subject=str(home),
        advice=message(
            "请以它运行：sudo -u {owner} jinkui --home {home} …；root 以前在其中留下过文件的，先运行 chown -R {owner} {home}；"
            "root 只运行 jinkui schedule install",
            "run it as that account: sudo -u {owner} jinkui --home {home} …; where root left files in it before, chown -R "
            "{owner} {home} first; root runs nothing but jinkui schedule install",
            owner=owner,
            home=place,
        ),
    )
