"""The fonts of this machine that forms are printed with (Debian: ``fonts-noto-cjk``, and others for rare characters)."""

from pathlib import Path

from archives.message import message

NO_FONT = message(
    "没有写 PDF：缺少中文字体，请安装 fonts-noto-cjk 后再运行一次",
    "no PDF was written: a Chinese font is missing; install fonts-noto-cjk and run again",
)

_NOTO = ("/usr/share/fonts/opentype/noto", "/usr/share/fonts/noto-cjk", "/usr/share/fonts/truetype/noto")
_CHINESE = tuple(f"{folder}/Noto{kind}CJK-Regular.ttc" for kind in ("Serif", "Sans") for folder in _NOTO)
_OTHERS = (
    "/usr/share/fonts/truetype/hanazono/HanaMinA.ttf",
    "/usr/share/fonts/truetype/hanazono/HanaMinB.ttf",
    "/usr/share/fonts/truetype/dejavu/DejaVuSerif.ttf",
    "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
)


def installed_fonts() -> tuple[Path, ...]:
    """Return the fonts that are installed, in the order in which a character is looked for."""
    return tuple(path for name in (*_CHINESE, *_OTHERS) if (path := Path(name)).is_file())


def chinese_font() -> Path | None:
    """Return a font with Chinese characters that is installed, or None."""
    return next((path for path in installed_fonts() if str(path) in _CHINESE), None)


def face_number(path: Path) -> int:
    """Return which font of a collection has the forms of characters that are printed on the Chinese mainland."""
    from fontTools.ttLib import TTCollection

    if path.suffix != ".ttc":
        return 0
    with TTCollection(str(path), lazy=True) as collection:
        names = [str(font["name"].getDebugName(4)) for font in collection.fonts]
    return next((number for number, name in enumerate(names) if name.endswith(" SC")), 0)
