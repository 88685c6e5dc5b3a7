"""What the page of a record says in both languages."""

from archives.message import Message, message

RECORD_WORDS: dict[str, Message] = {
    "pages_of": message("共 {n} 页", "{n} {n:page|pages}"),
    "leafing": message("翻页", "Leafing"),
    "jump": message("转到页", "Go to page"),
    "jump_hint": message("页号或名称", "number or name"),
    "go": message("转到", "Go"),
    "strip": message("各页缩略图", "Thumbnails of the pages"),
    "tools": message("看图工具", "Tools of the image"),
    "zoom_in": message("放大", "Zoom in"),
    "zoom_out": message("缩小", "Zoom out"),
    "fit": message("整页", "Fit"),
    "turn_left": message("左转", "Turn left"),
    "turn_right": message("右转", "Turn right"),
    "keys": message(
        "方向键移动，加减号缩放，r 右转；按住 Ctrl 滚动可缩放",
        "Arrow keys move, plus and minus zoom, r turns; scroll with Ctrl to zoom",
    ),
}
