"""What to do about a finding, by its code: whoever reads that something is wrong reads also what helps."""

from dataclasses import replace

from archives import remedies
from archives.findings import Finding, Severity
from archives.message import Message, message

ADVICE: dict[str, Message] = {
    **dict.fromkeys(
        ("profile-column-missing", "profile-doubtful", "value-not-in-map", "level-unreadable"), remedies.PROFILE
    ),
    "column-missing": message(
        "请在表中补上缺少的列，再运行一次", "add the column that the sheet lacks and run the command again"
    ),
    "column-ignored": remedies.IGNORED,
    "row-nameless": remedies.NAMELESS,
    "column-not-understood": remedies.COLUMN,
    "column-not-taken": message(
        "请把其内容写进认识的列（如“全宗介绍”），再导入一次；jinkui template fonds 给出全部列",
        "write what it says below a known heading (history, say) and import the sheet again; jinkui template fonds has them all",
    ),
    "date-reversed": message(
        "请在表中更正起止时间，再导入一次", "correct the two dates in the sheet and import it again"
    ),
    **dict.fromkeys(("rows-deleted", "table-cut-short", "encoding-mixed"), remedies.TABLE),
    **dict.fromkeys(
        (
            "rows-numbered-twice",
            "cell-twice",
            "records-beyond-count",
            "bytes-behind-records",
            "memo-not-whole",
            "field-type-unknown",
        ),
        remedies.TABLE,
    ),
    "memo-file-missing": message(
        "请把同名的 .FPT 或 .DBT 文件与表放在一起，再运行一次",
        "put the file of the same name with .FPT or .DBT beside the table and run the command again",
    ),
    **dict.fromkeys(("code-part-missing", "code-differs-from-parts", "image-path-unusable"), remedies.SHEET),
    **dict.fromkeys(("file-unreadable", "file-empty", "file-cut-short", "text-incomplete"), remedies.ASK),
    **dict.fromkeys(("encoding-broken", "pdf-off-specification"), remedies.ASK),
    "image-damaged": remedies.DAMAGED,
    "files-missing": remedies.FILES,
    **dict.fromkeys(("file-differs", "file-new", "file-moved", "description-differs"), remedies.UPDATE),
    "row-secret": message(
        "涉密条目请在涉密系统中管理；已解密的，请填写解密日期和解密依据后再导入",
        "keep them in a system for secrets; of what was declassified give date and basis, and import it again",
    ),
    "row-purged": message(
        "请从表中删去这些行；确需重新著录的，另列一表，在“单元标识”列写一个新的 UUID",
        "take these rows out of the table; what has to be described after all comes in by a table of its own that gives it a new UUID in a column unit_id",
    ),
    "row-takes-from-left-out": message(
        "请在这些行写明各自的值，不用“同上”和合并的单元格，再导入一次",
        "write in these rows what they say, without ditto and merged cells, and import the table again",
    ),
    "identifier-of-another-repository": message(
        "不该进入此馆（室）的，用 jinkui catalogue undo 撤销，再以 --repository 写明馆代码导入",
        "where it was not meant for this repository, take it back with jinkui catalogue undo and import it with --repository",
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
    **dict.fromkeys(("file-encrypted",), remedies.PASSWORD),
    **dict.fromkeys(
        (
            "text-no-reader",
            "text-cut-off",
            "text-in-xfa",
            "embedded-not-read",
            "attachment-not-taken-out",
        ),
        remedies.READER,
    ),
    "text-not-extracted": remedies.TEXT,
    **dict.fromkeys(
        ("extension-mismatch", "format-by-name-only", "format-unknown", "format-not-supported"), remedies.LOOK
    ),
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
        remedies.LOOK,
    ),
    **dict.fromkeys(("page-gap", "page-zero", "page-twice", "page-count-differs", "pages-cut-off"), remedies.PAGES),
    **dict.fromkeys(
        ("page-of-one-colour", "page-cut-off", "page-too-small", "page-not-read", "not-read-again"), remedies.RESCAN
    ),
    **dict.fromkeys(
        (
            "file-ambiguous",
            "file-name-ambiguous",
            "file-claimed-twice",
            "file-missing",
            "file-without-row",
            "names-garbled",
            "pages-ambiguous",
        ),
        remedies.NAMES,
    ),
    **dict.fromkeys(
        ("code-twice", "unit-twice", "fonds-incomplete", "fonds-number", "fonds-rows-differ"), remedies.SHEET
    ),
    **dict.fromkeys(("code-missing", "title-missing"), remedies.SHEET),
    "code-unreadable": remedies.NO_CODE,
    "code-letters": remedies.LETTERS,
    **dict.fromkeys(("security-unknown", "title-kept", "formula-without-value", "cell-error"), remedies.CELL),
    **dict.fromkeys(("control-characters", "private-characters", "nothing-above"), remedies.CELL),
    **dict.fromkeys(
        (
            "date-unreadable",
            "number-unreadable",
            "retention-unreadable",
            "language-unreadable",
            "declassified-on-unreadable",
        ),
        remedies.CELL,
    ),
    **dict.fromkeys(
        ("cell-rounded", "cell-shown-otherwise", "digits-lost", "zeros-lost", "made-a-date"), remedies.AS_TEXT
    ),
    **dict.fromkeys(("date-ambiguous", "date-without-year", "date-in-future"), remedies.AS_TEXT),
    **dict.fromkeys(("year-differs", "retention-differs"), remedies.CODE),
    **dict.fromkeys(("column-unknown", "column-without-heading"), remedies.HEADINGS),
    **dict.fromkeys(("item-pages-missing", "item-pages-unreadable", "item-pages-reversed"), remedies.PAGES_OF_ITEMS),
    **dict.fromkeys(
        ("item-pages-descending", "item-pages-overlap", "item-pages-beyond", "item-pages-differ"),
        remedies.PAGES_OF_ITEMS,
    ),
    **dict.fromkeys(("item-page-absent", "items-without-pages", "pages-without-item"), remedies.PAGES_OF_ITEMS),
    "volume-rejected": message(
        "请先改正案卷那一行，再运行一次；各件随案卷接收",
        "correct the row of the volume and run the command again; its items are taken in with it",
    ),
    "volume-of-unknown-secrecy": message(
        "请弄清该件的密级，改正后再运行一次；整卷随之接收",
        "find out the level of that item, correct its cell and run the command again; the volume is taken in with it",
    ),
    "item-stands-in": message(
        "请改正这一行，加 --update 再运行一次；此件照改正的著录，开放另行审核",
        "correct the row and run the command again with --update; the item is described as corrected, and may then be reviewed",
    ),
    "item-row-missing": message(
        "是漏写的，把行补入表中，加 --update 再运行一次；保持原样即可的，写明理由了结",
        "where they were left out, put their rows into the sheet and run the command again with --update; settle it where they are to stay as they are",
    ),
    "parent-not-changed": message(
        "所属随档号而定：要移到别处，请用 jinkui renumber 给它那里的档号",
        "what stands above follows the code: to move it, give it a code there with jinkui renumber",
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
    "cut-cell-changed": message(
        "请用 jinkui catalogue export 文件.csv 导出，在其中改这一格；要清空的写（清空）",
        "export it with jinkui catalogue export FILE.csv, and correct the cell there; to empty it, write (clear)",
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
    "worksheet-not-read": remedies.WORKSHEETS,
    **dict.fromkeys(("conclusion-missing", "basis-missing", "reviewer-missing", "approver-missing"), remedies.DECISION),
    **dict.fromkeys(("reviewed-on-missing", "takes-effect-on-missing", "conclusion-unreadable"), remedies.DECISION),
    **dict.fromkeys(
        ("reviewed-on-unreadable", "takes-effect-on-unreadable", "closes-on-unreadable"), remedies.DECISION
    ),
    **dict.fromkeys(("postponed-until-unreadable", "scope-unreadable", "approver-is-reviewer"), remedies.DECISION),
    **dict.fromkeys(("reviewed-on-in-future", "takes-effect-before-review", "refused"), remedies.DECISION),
    "open-record-waits": remedies.REVIEW,
    "code-unknown": message(
        "请按目录改正档号，再运行一次；目录中还没有的，请补写题名",
        "correct the code as the catalogue has it and run the command again; give what the catalogue does not have a title",
    ),
    "code-of-several": message(
        "请先用 jinkui renumber 单元标识 新档号 给其中几个改档号，再运行一次",
        "give all but one another code with jinkui renumber IDENTIFIER CODE first, then run the command again",
    ),
    "unit-left": message(
        "确已收回、找到的，先用 jinkui describe 把状态改为“在库”，再运行一次；是另一件的，请改档号",
        "if it came back or was found, let jinkui describe say that its state is held, then run the command again; if it is another record, give that another code",
    ),
    "private-person": message(
        "请在决定表的“公开题名”一列另写题名，或先用 jinkui describe 把姓名从题名等处去掉；可以公开的，把 opening preview --report 所列的审核摘要填入决定表的“审核摘要”一列",
        "give another title in the column public title of the decisions, or take the name out with jinkui describe; where the public may read it, put the reviewed digest that opening preview --report gives into the column reviewed_digest of the decisions",
    ),
    "title-elsewhere": message(
        "公众从这里会看到不公开的题名：请改公开题名以外的著录（jinkui describe），或只公开目录",
        "the public would read there the title that is kept back: correct that element with jinkui describe, or put the description alone online",
    ),
    **dict.fromkeys(("comment", "private-name", "private-id-number", "private-telephone"), remedies.BEFORE_OPENING),
    **dict.fromkeys(
        ("deleted-text", "hidden-columns", "hidden-rows", "hidden-sheet", "hidden-slide"), remedies.BEFORE_OPENING
    ),
    **dict.fromkeys(
        ("hidden-text", "speaker-notes", "unseen-words", "embedded-file", "not-looked-into"), remedies.BEFORE_OPENING
    ),
    **dict.fromkeys(("not-found", "ambiguous", "identifier"), remedies.NAMED),
    **dict.fromkeys(
        (
            "conflict",
            "unfinished",
            "source-changed",
            "format",
            "package",
            "storage",
            "store-absent",
            "store-denied",
            "store-empty",
        ),
        remedies.LATER,
    ),
    **dict.fromkeys(
        ("path-taken", "search", "search-busy", "tool", "tool-missing", "tool-failed", "integrity"), remedies.LATER
    ),
    **dict.fromkeys(("row-hidden", "columns-hidden", "worksheet-hidden"), remedies.HIDDEN),
    **dict.fromkeys(("name-alike", "name-made-safe", "not-a-file", "not-listed", "access-copy-failed"), remedies.AGAIN),
    "sheet-without-rows": message(
        "请核对是否为应读的表、应读的工作表，填好后再运行一次；模板里写在“例”工作表中的不会被接收，要填在第一张工作表",
        "see whether it is the sheet and the worksheet that were meant, fill it in and run the command again; what stands on the worksheet Example of a template is never taken in: fill in the first one",
    ),
    "fonds-unknown": message(
        "请用 jinkui fonds import 登记全宗，再了结此问题；批次本不该接收的，用 jinkui dispose plan --mistake 移除",
        "describe the fonds with jinkui fonds import, then settle this; where the batch should not be here: jinkui dispose plan --mistake",
    ),
    "removed": message(
        "不该接收的，请从批次中取出；确应接收的，加 --removed-too 再运行一次",
        "where it should not be here, take it out of the batch; where it is the right one, run this again with --removed-too",
    ),
    "disposed": message(
        "确需恢复的，请先查销毁清册（jinkui explain）",
        "where it should be there again, look at the register of destruction first (jinkui explain)",
    ),
}
"""Every finding of intake that is no note; a test holds it to the sources."""


_SETTLED_BY_HAND = frozenset(("column-unknown", "worksheet-not-read"))
"""Kinds that are a note or wait to be settled, as the case may be: of a note nothing is to be settled."""


def advice_on(found: Finding) -> Message | None:
    """Return what to do about a finding; None where its own words say all there is."""
    advice = found.advice or ADVICE.get(found.code)
    if advice is None or found.severity is Severity.NOTE or found.code not in _SETTLED_BY_HAND:
        return advice
    return replace(remedies.BY_HAND, values=(("advice", advice),))
