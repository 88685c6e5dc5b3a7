"""What to do about a finding, by its code: whoever reads that something is wrong reads also what helps."""

from archives.findings import Finding
from archives.message import Message, message

_AGAIN = message(
    "请改好后加 --update 重新接收；确认无误的，用 jinkui findings settle 了结",
    "put it right and take the batch in again with --update; settle it with jinkui findings settle where it is as it should be",
)
_ASK = message(
    "请向移交方索取完好的文件，加 --update 接收；索取不到的，写明理由了结",
    "ask who handed it over for a whole file and take it in with --update; where there is none, settle it with the reason",
)
_LOOK = message(
    "请打开文件核对；与原件相符的，写明理由了结", "open the file and compare; settle it where it is as the original"
)
_UPDATE = message(
    "确需更改的，加 --update 重新接收，存为新版本",
    "where it is meant to change, take the batch in again with --update",
)
_SHEET = message("请改正表中的这一格，再运行一次", "correct this cell of the sheet and run the command again")
_CELL = message(
    "请改正表中的这一格，再运行一次；该件已保存的，加 --update",
    "correct this cell of the sheet and run the command again, with --update where the record is stored",
)
_AS_TEXT = message(
    "请把这一格改为文本格式、照原件填写，加 --update 再运行一次；无误的，写明理由了结",
    "make the cell text, write it as the original has it and run the command again with --update; settle it where it is right",
)
_CODE = message(
    "请对照档号改正这一格，加 --update 再运行一次；无误的，写明理由了结",
    "compare with the archival code, correct the cell and run the command again with --update; settle it where it is right",
)
_HEADINGS = message(
    "如指已知的项，请改列名，加 --update 再运行一次；否则照录即可",
    "where a known element is meant, name the column so and run the command again with --update; else leave it as it is",
)
_WORKSHEETS = message(
    "其中若有档案，请用 --sheet 工作表名 另行接收",
    "where it holds records, take them in by a run of their own with --sheet and its name",
)
_DECISION = message(
    "请改正决定表中的这一行，再执行一次；其余各行照常执行",
    "correct this row of the decisions and apply the sheet again; it holds no other row up",
)
_REVIEW = message(
    "请用 jinkui opening review 列出待复审的档案，复审后再执行决定",
    "jinkui opening review lists what waits; review it, then apply the decisions",
)
_BEFORE_OPENING = message(
    "开放前请核对；不应公开的，改网上范围为仅目录或不上网，或去除后加 --update 接收",
    "look at it before it is opened; what is not meant for the public: choose catalogue only or not online, or take it out and take the record in with --update",
)
_NAMED = message(
    "请照 jinkui search 所示写档号；几馆同号的，填馆代码列",
    "write the archival code as jinkui search shows it; where several repositories have it, fill in the column repository",
)
_LATER = message("请排除原因后再运行一次", "remove the cause and run the command again")
_NAMES = message(
    "请改文件名，或在“文件”列写明，重新接收",
    "rename the files, or name them in the column for files, and take the batch in again",
)
_READER = message(
    "文件已原样保存；需要检索其文字的，请另存为 PDF 或 DOCX，加 --update 一并归入",
    "the file is kept as it is; to have its text searched, save it as PDF or DOCX and take that in with it by --update",
)
_PASSWORD = message(
    "请向移交方索取无口令的文件，加 --update 接收",
    "ask who handed it over for one without a password and take it in with --update",
)
_TEXT = message(
    "请打开文件核对：打不开的，向移交方索取完好的文件；打得开的，另存为 PDF 或 DOCX，一并归入；均加 --update 接收",
    "open the file: where it does not open, ask who handed it over for a whole one; where it does, save it as PDF or DOCX; take either in with --update",
)
_PAGES = message(
    "请对照原件核对页数和页序；缺页的补扫后加 --update 接收",
    "compare pages and their order with the original; scan what is missing and take it in with --update",
)
_PAGES_OF_ITEMS = message(
    "请对照图像核对卷内目录的页号和次序，缺页的补扫，改好后加 --update 重新接收；无误的，写明理由了结",
    "compare the page numbers and the order of the items with the images, scan what is missing, and take it in again with --update; settle it where it is right",
)
_DAMAGED = message(
    "是扫描件的，重新扫描；不是的，向移交方索取完好的文件；加 --update 接收；都没有的，写明理由了结",
    "scan it again, or ask who handed it over for a whole file, and take it in with --update; where there is none, settle it with the reason",
)
_FILES = message(
    "请把文件放进批次，或改文件名，或在“文件”列写明；档号写错的改档号；再重新接收",
    "put the files into the batch, rename them, or name them in the column for files; correct the code where it is wrong; then take the batch in again",
)
_RESCAN = message(
    "请看图像；不能用的重新扫描后加 --update 接收",
    "look at the image; scan it again where it is of no use, and take it in with --update",
)
_HIDDEN = message(
    "请打开表格核对隐藏的内容是否应当接收", "open the sheet and see whether what is hidden is meant to go in"
)

_PROFILE = message(
    "请核对表头与方案（profile）；需要时用 jinkui catalogue profile 为此表另写一份",
    "compare the headings with the profile; jinkui catalogue profile drafts one for this table where it is needed",
)
_TABLE = message(
    "请在原系统中核对，重新导出此表后再运行一次",
    "look at it in the system it comes from, export the table again and run the command again",
)
ADVICE: dict[str, Message] = {
    **dict.fromkeys(("profile-column-missing", "value-not-in-map", "level-unreadable"), _PROFILE),
    "column-missing": message(
        "请在表中补上缺少的列，再运行一次", "add the column that the sheet lacks and run the command again"
    ),
    "column-not-taken": message(
        "请把其内容写进认识的列（如“全宗介绍”），再导入一次；jinkui template fonds 给出全部列",
        "write what it says below a known heading (history, say) and import the sheet again; jinkui template fonds has them all",
    ),
    "date-reversed": message(
        "请在表中更正起止时间，再导入一次", "correct the two dates in the sheet and import it again"
    ),
    **dict.fromkeys(("rows-deleted", "table-cut-short", "encoding-mixed"), _TABLE),
    **dict.fromkeys(
        (
            "rows-numbered-twice",
            "cell-twice",
            "records-beyond-count",
            "bytes-behind-records",
            "memo-not-whole",
            "field-type-unknown",
        ),
        _TABLE,
    ),
    "memo-file-missing": message(
        "请把同名的 .FPT 或 .DBT 文件与表放在一起，再运行一次",
        "put the file of the same name with .FPT or .DBT beside the table and run the command again",
    ),
    **dict.fromkeys(("code-part-missing", "code-differs-from-parts", "image-path-unusable"), _SHEET),
    **dict.fromkeys(("file-unreadable", "file-empty", "file-cut-short", "text-incomplete"), _ASK),
    **dict.fromkeys(("encoding-broken", "pdf-off-specification"), _ASK),
    "image-damaged": _DAMAGED,
    "files-missing": _FILES,
    **dict.fromkeys(("file-differs", "file-new", "file-moved", "description-differs"), _UPDATE),
    "row-secret": message(
        "涉密条目请在涉密系统中管理；已解密的，请填写解密日期和解密依据后再导入",
        "keep them in a system for secrets; of what was declassified give date and basis, and import it again",
    ),
    "unit-unknown": message(
        "请核对档号；目录中有哪些，用 jinkui catalogue list 查看",
        "check the code; jinkui catalogue list says what the catalogue has",
    ),
    "unit-ambiguous": message(
        "加一列“单元标识”（unit_id），写明是哪一个；单元标识见 jinkui catalogue list --json",
        "add a column unit_id that says which one; jinkui catalogue list --json names them",
    ),
    "state-unknown": message(
        "可写：未数字化、实物、缺失、已移交；在库的，清空此格",
        "write not digitised, object, missing or handed on; empty the cell for what is held",
    ),
    "file-absent": message(
        "漏带的，请放回批次再接收；确已不属此件的，加 --update 接收，存为没有它们的新版本",
        "put them back into the batch; where they no longer belong to the record, take it in with --update: the new version is without them",
    ),
    **dict.fromkeys(("file-encrypted",), _PASSWORD),
    **dict.fromkeys(
        (
            "text-no-reader",
            "text-cut-off",
            "text-in-xfa",
            "embedded-not-read",
            "attachment-not-taken-out",
        ),
        _READER,
    ),
    "text-not-extracted": _TEXT,
    **dict.fromkeys(("extension-mismatch", "format-by-name-only", "format-unknown", "format-not-supported"), _LOOK),
    **dict.fromkeys(
        (
            "encoding-doubtful",
            "letters-doubtful",
            "note-without-look",
            "hidden-unknown",
            "page-doubtful",
            "page-not-legible",
            "file-not-examined",
            "text-none",
            "list-numbers-not-read",
        ),
        _LOOK,
    ),
    **dict.fromkeys(("page-gap", "page-zero", "page-twice", "page-count-differs", "pages-cut-off"), _PAGES),
    **dict.fromkeys(
        ("page-of-one-colour", "page-cut-off", "page-too-small", "page-not-read", "not-read-again"), _RESCAN
    ),
    **dict.fromkeys(
        (
            "file-ambiguous",
            "file-name-ambiguous",
            "file-claimed-twice",
            "file-missing",
            "file-without-row",
            "pages-ambiguous",
        ),
        _NAMES,
    ),
    **dict.fromkeys(("code-twice", "unit-twice", "fonds-incomplete", "fonds-number"), _SHEET),
    **dict.fromkeys(("code-missing", "code-unreadable", "title-missing"), _SHEET),
    **dict.fromkeys(("security-unknown", "title-kept", "formula-without-value", "cell-error"), _CELL),
    **dict.fromkeys(("control-characters", "private-characters", "nothing-above"), _CELL),
    **dict.fromkeys(
        (
            "date-unreadable",
            "number-unreadable",
            "retention-unreadable",
            "language-unreadable",
            "declassified-on-unreadable",
        ),
        _CELL,
    ),
    **dict.fromkeys(("cell-rounded", "cell-shown-otherwise", "digits-lost", "zeros-lost", "made-a-date"), _AS_TEXT),
    **dict.fromkeys(("date-ambiguous", "date-without-year", "date-in-future"), _AS_TEXT),
    **dict.fromkeys(("year-differs", "retention-differs"), _CODE),
    **dict.fromkeys(("column-unknown", "column-without-heading"), _HEADINGS),
    **dict.fromkeys(("item-pages-missing", "item-pages-unreadable", "item-pages-reversed"), _PAGES_OF_ITEMS),
    **dict.fromkeys(
        ("item-pages-descending", "item-pages-overlap", "item-pages-beyond", "item-pages-differ"), _PAGES_OF_ITEMS
    ),
    **dict.fromkeys(("item-page-absent", "items-without-pages", "pages-without-item"), _PAGES_OF_ITEMS),
    "volume-rejected": message(
        "请先改正案卷那一行，再运行一次；各件随案卷接收",
        "correct the row of the volume and run the command again; its items are taken in with it",
    ),
    "code-of-before": message(
        "如是同一件，请用 jinkui catalogue undo 撤销本次导入，改写现在的档号后再导入",
        "if it is the same, take the import back with jinkui catalogue undo, write the code of now, and import again",
    ),
    "item-without-volume": message(
        "请对照案卷目录改正档号或案卷号，再运行一次；确是单独一件的，写明理由了结",
        "compare with the list of volumes, correct the code or the number of the volume and run the command again; settle it where it is a record by itself",
    ),
    "volume-without-row": message(
        "请把案卷的行补入案卷目录；题名用 jinkui describe 更正后了结",
        "add a row of the volume to the list of volumes; correct its title with jinkui describe, then settle this",
    ),
    "code-kept": message(
        "请用 jinkui renumber 改档号；无意改的，把这一格改回",
        "renumber it with jinkui renumber; where no other code is meant, put the cell back",
    ),
    "changed-meanwhile": message(
        "请重新导出，对照别人的更正，再改一次；确认以本表为准的，加 --over-newer",
        "export it again, compare with what the other person wrote, and correct it there; where this sheet is right, --over-newer",
    ),
    "unit-gone": message(
        "仍要著录的，请重新导入；否则从表中去掉此行",
        "where it is to be described after all, import it again; else take the row out of the sheet",
    ),
    "export-unread": message(
        "请核查并修复存储后重试，或重新导出再改",
        "audit and repair the stores and try again, or export it again and correct it there",
    ),
    "page-labels-supplied": message(
        "与纸上页号不同的，请拆成单页图像、按页号命名，加 --update 重新接收；相同的，写明理由了结",
        "where the paper has other numbers, take in single images named by them with --update; settle it where they are the same",
    ),
    "page-label-unknown": message(
        "请改文件名，或在 batch.toml 的 [[pages]] 中写明此类名称是哪一页，加 --update 重新接收；照录即可的，写明理由了结",
        "rename the file, or say in [[pages]] of batch.toml which page such names are, and take the batch in again with --update; settle it where the name is what the page is called",
    ),
    "worksheet-not-read": _WORKSHEETS,
    **dict.fromkeys(("conclusion-missing", "basis-missing", "reviewer-missing", "approver-missing"), _DECISION),
    **dict.fromkeys(("reviewed-on-missing", "takes-effect-on-missing", "conclusion-unreadable"), _DECISION),
    **dict.fromkeys(("reviewed-on-unreadable", "takes-effect-on-unreadable", "closes-on-unreadable"), _DECISION),
    **dict.fromkeys(("postponed-until-unreadable", "scope-unreadable", "approver-is-reviewer"), _DECISION),
    **dict.fromkeys(("reviewed-on-in-future", "takes-effect-before-review", "refused"), _DECISION),
    "open-record-waits": _REVIEW,
    "code-unknown": message(
        "请按目录改正档号，再运行一次；目录中还没有的，请补写题名",
        "correct the code as the catalogue has it and run the command again; give what the catalogue does not have a title",
    ),
    "code-of-several": message(
        "请先用 jinkui renumber 单元标识 新档号 给其中几个改档号，再运行一次",
        "give all but one another code with jinkui renumber IDENTIFIER CODE first, then run the command again",
    ),
    "private-person": message(
        "请先用 jinkui describe 把姓名从题名等处去掉；可以公开的，把 opening preview --report 所列的审核摘要填入决定表的“审核摘要”一列",
        "take the name out with jinkui describe; where the public may read it, put the reviewed digest that opening preview --report gives into the column reviewed_digest of the decisions",
    ),
    **dict.fromkeys(("private-name", "private-id-number", "private-telephone"), _BEFORE_OPENING),
    **dict.fromkeys(("deleted-text", "hidden-columns", "hidden-rows", "hidden-sheet", "hidden-slide"), _BEFORE_OPENING),
    **dict.fromkeys(("hidden-text", "speaker-notes", "unseen-words", "not-looked-into"), _BEFORE_OPENING),
    **dict.fromkeys(("not-found", "ambiguous", "identifier"), _NAMED),
    **dict.fromkeys(
        ("conflict", "unfinished", "source-changed", "format", "package", "storage", "store-absent"), _LATER
    ),
    **dict.fromkeys(
        ("path-taken", "search", "search-busy", "tool", "tool-missing", "tool-failed", "integrity"), _LATER
    ),
    **dict.fromkeys(("row-hidden", "columns-hidden", "worksheet-hidden"), _HIDDEN),
    **dict.fromkeys(("name-alike", "name-made-safe", "not-a-file", "not-listed", "access-copy-failed"), _AGAIN),
    "sheet-without-rows": message(
        "请核对是否为应读的表、应读的工作表，填好后再运行一次",
        "see whether it is the sheet and the worksheet that were meant, fill it in and run the command again",
    ),
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


def advice_on(found: Finding) -> Message | None:
    """Return what to do about a finding; None where its own words say all there is."""
    return found.advice or ADVICE.get(found.code)
