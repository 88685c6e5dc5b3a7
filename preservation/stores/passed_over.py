"""What file systems, servers and desktops keep for themselves on a disk: no part of a store, wherever it stands.

Nothing is said of it and it stays where it is; no walk through a store names or enters it. A file of a package may be
called so all the same: who expects one asks for it by its path.
"""

import re
from typing import NamedTuple


class Kept(NamedTuple):
    """Things of one name: who keeps them, whether they are folders, and whether they stand at the top of a disk only.

    ``name`` is a regular expression for the whole name.
    """

    name: str
    by: str
    is_folder: bool
    at_top: bool = False


KEPT: tuple[Kept, ...] = (
    Kept(r"lost\+found", "ext4, XFS, UFS: fsck", True, at_top=True),
    Kept(r"\.zfs", "ZFS: snapshots", True, at_top=True),
    Kept(r"\.snapshots", "Btrfs: snapper", True, at_top=True),
    Kept(r"\.glusterfs|\.trashcan", "GlusterFS", True, at_top=True),
    Kept(r"#recycle|#snapshot", "Synology DSM", True, at_top=True),
    Kept(r"@Recycle|@Recently-Snapshot|\.@__thumb", "QNAP QTS", True, at_top=True),
    Kept(r"\.Trash|\.Trash-[0-9]+", "desktops: freedesktop.org Trash 1.0", True, at_top=True),
    Kept(
        r"\.Trashes|\.fseventsd|\.Spotlight-V100|\.TemporaryItems|\.DocumentRevisions-V100", "macOS", True, at_top=True
    ),
    Kept(r"System Volume Information|\$RECYCLE\.BIN|RECYCLER|RECYCLED", "Windows: NTFS, FAT", True, at_top=True),
    Kept(r"\.VolumeIcon\.icns|\.com\.apple\.timemachine\..*|\.apdisk", "macOS", False, at_top=True),
    Kept(r"a?quota\.(user|group)|\.journal", "ext4: quotas, journal", False, at_top=True),
    Kept(r"\.snapshot|\.snap|~snapshot", "NetApp, Ceph: in every folder", True),
    Kept(r"@eaDir", "Synology DSM: in every folder", True),
    Kept(r"\.nfs[0-9A-Fa-f]{8,}", "NFS: of a file that was removed while it was open", False),
    Kept(r"\.fuse_hidden[0-9A-Fa-f]{8,}", "FUSE: of a file that was removed while it was open", False),
    Kept(r"\.smbdelete[0-9A-Fa-f]+", "SMB: of a file that was removed while it was open", False),
    Kept(r"\.DS_Store|\._\.DS_Store|\._\.Trashes", "macOS: in every folder that was looked at", False),
    Kept(r"[Tt]humbs\.db|ehthumbs\.db|[Dd]esktop\.ini", "Windows: in every folder that was looked at", False),
)
"""One row a name, with its source; a name that is no row here is a stray as any other."""

_MATCHING = {
    (is_folder, at_top): re.compile(
        "|".join(f"(?:{one.name})" for one in KEPT if one.is_folder is is_folder and (at_top or not one.at_top))
    ).fullmatch
    for is_folder in (True, False)
    for at_top in (True, False)
}


_OURS = ("quarantine/", "work/")


def is_passed_over(place: str, *, is_folder: bool) -> bool:
    """Say whether what stands at a path of a store is kept there by others for themselves; of folders above nothing is asked.

    In quarantine and among drafts everything is ours: what is to be destroyed is destroyed with all that lies in it.
    """
    folder, _, name = place.rpartition("/")
    return _MATCHING[is_folder, not folder](name) is not None and not place.startswith(_OURS)


def passed_over_in(place: str) -> bool:
    """Say the same of a file and of every folder on the way to it."""
    above = [number for number, letter in enumerate(place) if letter == "/"]
    return is_passed_over(place, is_folder=False) or any(is_passed_over(place[:end], is_folder=True) for end in above)
