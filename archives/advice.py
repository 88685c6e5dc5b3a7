"""What to do about a finding, by its code: whoever reads that something is wrong reads also what helps."""

from archives.message import Message, message

_AGAIN = message(
    "请改好后重新接收；确认无误的，用 jinkui findings settle 了结",
    "put it right and take the batch in again; settle it with jinkui findings settle where it is as it should be",
)
_ASK = message(
    "请向移交方索取完好的文件，重新接收；索取不到的，写明理由了结",
    "ask who handed it over for a whole file and take it in again; where there is none, settle it with the reason",
)
_LOOK = message(
    "请打开文件核对；与原件相符的，写明理由了结", "open the file and compare; settle it where it is as the original"
)
_UPDATE = message(
    "确需更改的，加 --update 重新接收，存为新版本",
    "where it is meant to change, take the batch in again with --update",
)
_SHEET = message("请改正目录表中的这一格，重新接收", "correct this cell of the sheet and take the batch in again")
_NAMES = message(
    "请改文件名，或在“文件”列写明，重新接收",
    "rename the files, or name them in the column for files, and take the batch in again",
)
_READER = message(
    "文件已原样保存；需要检索其文字的，请另存为 PDF 或 DOCX 后一并归入",
    "the file is kept as it is; to have its text searched, save it as PDF or DOCX and take that in with it",
)
_PASSWORD = message("请向移交方索取无口令的文件，重新接收", "ask who handed it over for one without a password")
_PAGES = message(
    "请对照原件核对页数和页序；缺页的补扫后重新接收",
    "compare pages and their order with the original; scan what is missing and take it in again",
)
_RESCAN = message(
    "请看图像；不能用的重新扫描后加 --update 接收",
    "look at the image; scan it again where it is of no use, and take it in with --update",
)
_HIDDEN = message(
    "请打开表格核对隐藏的内容是否应当接收", "open the sheet and see whether what is hidden is meant to go in"
)

ADVICE: dict[str, Message] = {
    **dict.fromkeys(("file-unreadable", "file-empty", "file-cut-short", "text-incomplete", "image-damaged"), _ASK),
    **dict.fromkeys(("encoding-broken", "pdf-off-specification"), _ASK),
    **dict.fromkeys(("file-differs", "file-absent", "description-differs"), _UPDATE),
    **dict.fromkeys(("file-encrypted",), _PASSWORD),
    **dict.fromkeys(
        ("text-no-reader", "text-not-extracted", "text-cut-off", "text-in-xfa", "embedded-not-read"), _READER
    ),
    **dict.fromkeys(("extension-mismatch", "format-by-name-only", "format-unknown", "format-not-supported"), _LOOK),
    **dict.fromkeys(("encoding-doubtful", "hidden-unknown", "page-doubtful", "file-not-examined"), _LOOK),
    **dict.fromkeys(("page-gap", "page-zero", "page-twice", "page-count-differs", "pages-cut-off"), _PAGES),
    **dict.fromkeys(("page-of-one-colour", "page-too-small", "page-not-read", "not-read-again"), _RESCAN),
    **dict.fromkeys(
        (
            "file-ambiguous",
            "file-name-ambiguous",
            "file-claimed-twice",
            "file-missing",
            "files-missing",
            "file-without-row",
            "pages-ambiguous",
        ),
        _NAMES,
    ),
    **dict.fromkeys(("code-twice", "fonds-incomplete", "fonds-number", "security-unknown"), _SHEET),
    **dict.fromkeys(("formula-without-value", "column-without-heading"), _SHEET),
    **dict.fromkeys(("row-hidden", "columns-hidden", "worksheet-hidden"), _HIDDEN),
    **dict.fromkeys(("name-alike", "name-made-safe", "not-a-file", "not-listed", "access-copy-failed"), _AGAIN),
    "fonds-unknown": message(
        "请用 jinkui fonds import 登记全宗，再了结此问题",
        "describe the fonds with jinkui fonds import, then settle this",
    ),
    "disposed": message(
        "确需恢复的，请先查销毁清册（jinkui explain）",
        "where it should be there again, look at the register of destruction first (jinkui explain)",
    ),
}
"""Every finding of intake that is no note; a test holds it to the sources."""


def advice_on(code: str) -> Message | None:
    """Return what to do about findings of a kind; None where their own words say all there is."""
    return ADVICE.get(code)
