"""Levels of description as tables name them, in Chinese and in English."""

import re
import unicodedata

from archives.units.unit import Level

_WORDS = {
    Level.FONDS: "全宗 全宗级 fonds collection recordgroup archives",
    Level.SERIES: "类别 类 类级 类别级 目录 目录级 系列 series subseries subfonds section class subgroup 分类 一级类目",
    Level.FILE: "案卷 案卷级 卷 卷级 盒 宗卷 file volume folder dossier subfile bundle",
    Level.GROUP: "组 组级 照片组 group",
    Level.ITEM: "件 件级 文件 文件级 卷内文件 卷内 卷内文件级 单份 一文一件 张 item document record piece part",
}
_LEVELS = {word: level for level, words in _WORDS.items() for word in words.split()}


def level_named(text: str) -> Level | None:
    """Return which level a text names, None for none that is known (ISAD(G) 3.1.4; DA/T 18-2022)."""
    plain = re.sub(r"[\s_\-]", "", unicodedata.normalize("NFKC", text)).lower()
    return _LEVELS.get(plain)
