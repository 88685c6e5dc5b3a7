"""The fonts of pages that are drawn: print, typewriters, handwriting; what is installed, and what lies in further folders."""

import shutil
import subprocess
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont

FACES = {
    "simplified": (
        "NotoSerifCJK-Regular.ttc:2 NotoSansCJK-Regular.ttc:2 NotoSerifCJK-Bold.ttc:2 gbsn00lp.ttf gkai00mp.ttf uming.ttc:0 "
        "ukai.ttc:0 wqy-zenhei.ttc:0 wqy-microhei.ttc:0 LXGWWenKai-Regular.ttf"
    ),
    "traditional": (
        "NotoSerifCJK-Regular.ttc:3 NotoSansCJK-Regular.ttc:3 NotoSerifCJK-Bold.ttc:3 uming.ttc:2 ukai.ttc:2 cwming.ttf cwkai.ttf "
        "cwfs.ttf"
    ),
    "latin": (
        "DejaVuSerif.ttf DejaVuSans.ttf DejaVuSerifCondensed.ttf LiberationSerif-Regular.ttf LiberationSans-Regular.ttf "
        "LiberationSansNarrow-Regular.ttf EBGaramond12-Regular.otf FreeSerif.otf FreeSans.otf"
    ),
    "typewriter": "DejaVuSansMono.ttf:0 LiberationMono-Regular.ttf FreeMono.otf GNUTypewriter.ttf",
    "by hand": "ZhiMangXing-Regular.ttf LongCang-Regular.ttf LiuJianMaoCao-Regular.ttf",
    "latin by hand": (
        "DancingScript-Regular.otf dkg.ttf Breip.ttf femkeklaver.ttf SteveHand.ttf Delphine.ttf El_Abogado_Loco.ttf It_wasn_t_me.ttf"
    ),
}
"""Names of font files by what they are for, ``:`` before the number of a face; those that are not installed are left out."""


class Fonts:
    """The font files that are installed, or lie below further folders, by purpose (``FACES``)."""

    def __init__(self, folders: Sequence[Path]) -> None:
        listed = subprocess.run(["fc-list", "--format", "%{file}\n"], capture_output=True, text=True, check=True).stdout if shutil.which("fc-list") else ""  # fmt: skip
        found = {Path(line).name: Path(line) for line in sorted(listed.split("\n")) if line}
        found |= {path.name: path for folder in folders for path in sorted(folder.rglob("*.[to]t[fc]"))}
        named = {purpose: [one.partition(":") for one in names.split()] for purpose, names in FACES.items()}
        self.faces = {
            purpose: [(found[name], int(number or 0)) for name, _, number in names if name in found]
            for purpose, names in named.items()
        }
        self.missing = sorted({name for names in named.values() for name, _, _ in names if name not in found})


@cache
def characters(path: Path, number: int) -> frozenset[int]:
    """Return the code points that a face has."""
    with TTFont(path, fontNumber=number, lazy=True) as face:
        return frozenset(face.getBestCmap())
