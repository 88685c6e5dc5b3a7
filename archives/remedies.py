"""What helps against many kinds of findings alike."""

from archives.message import message

AGAIN = message(
    "请改好后加 --update 重新接收；确认无误的，用 jinkui findings settle 了结",
    "put it right and take the batch in again with --update; settle it with jinkui findings settle where it is as it should be",
)
ASK = message(
    "请向移交方索取完好的文件，加 --update 接收；索取不到的，写明理由了结",
    "ask who handed it over for a whole file and take it in with --update; where there is none, settle it with the reason",
)
LOOK = message(
    "请打开文件核对；与原件相符的，写明理由了结", "open the file and compare; settle it where it is as the original"
)
UPDATE = message(
    "确需更改的，加 --update 重新接收，存为新版本",
    "where it is meant to change, take the batch in again with --update",
)
SHEET = message("请改正表中的这一格，再运行一次", "correct this cell of the sheet and run the command again")
NAMELESS = message(
    "请在原表中补上档号或题名，再导入；不是档案的行（合计、说明），不必理会",
    "add the archival code or the title in the table itself, and import it again; where the row is no record (a total, a remark), leave it",
)
COLUMN = message(
    "请改正列名，或删去此列，再执行一次", "correct the heading, or take the column out, and run the command again"
)
NO_CODE = message(
    "请改正表中的这一格，再运行一次；改正的档号已在别处收进的，用 jinkui findings settle 编号 --reason 理由 了结",
    "correct this cell of the sheet and run the command again; where its record came in elsewhere: jinkui findings settle ID --reason WHY",
)
CELL = message(
    "请改正表中的这一格，再运行一次；该件已保存的，加 --update",
    "correct this cell of the sheet and run the command again, with --update where the record is stored",
)
AS_TEXT = message(
    "请把这一格改为文本格式、照原件填写，加 --update 再运行一次；无误的，写明理由了结",
    "make the cell text, write it as the original has it and run the command again with --update; settle it where it is right",
)
CODE = message(
    "请对照档号改正这一格，加 --update 再运行一次；无误的，写明理由了结",
    "compare with the archival code, correct the cell and run the command again with --update; settle it where it is right",
)
HEADINGS = message(
    "如指已知的项，请改列名，加 --update 再运行一次；否则照录即可",
    "where a known element is meant, name the column so and run the command again with --update; else leave it as it is",
)
WORKSHEETS = message(
    "其中若有档案，请用 --sheet 工作表名 另行接收",
    "where it holds records, take them in by a run of their own with --sheet and its name",
)
DECISION = message(
    "请改正决定表中的这一行，再执行一次；其余各行照常执行",
    "correct this row of the decisions and apply the sheet again; it holds no other row up",
)
REVIEW = message(
    "请用 jinkui opening review 列出待复审的档案，复审后再执行决定",
    "jinkui opening review lists what waits; review it, then apply the decisions",
)
BEFORE_OPENING = message(
    "开放前请核对；不应公开的，改网上范围为仅目录或不上网，或去除后加 --update 接收",
    "look at it before it is opened; what is not meant for the public: choose catalogue only or not online, or take it out and take the record in with --update",
)
NAMED = message(
    "请照 jinkui search 所示写档号；几馆同号的，填馆代码列",
    "write the archival code as jinkui search shows it; where several repositories have it, fill in the column repository",
)
LATER = message("请排除原因后再运行一次", "remove the cause and run the command again")
NAMES = message(
    "请把缺的文件放进批次，或改文件名，或在“文件”列写明，重新接收；不属于任何一件的，取出后用 jinkui findings settle 编号 --reason 理由 了结",
    "put what is missing into the folder, rename the files, or name them in the column for files, and take the batch in again; "
    "where a file belongs to no record: jinkui findings settle ID --reason WHY",
)
READER = message(
    "文件已原样保存；需要检索其文字的，请另存为 PDF 或 DOCX，加 --update 一并归入",
    "the file is kept as it is; to have its text searched, save it as PDF or DOCX and take that in with it by --update",
)
PASSWORD = message(
    "请向移交方索取无口令的文件，加 --update 接收",
    "ask who handed it over for one without a password and take it in with --update",
)
TEXT = message(
    "请打开文件核对：打不开的，向移交方索取完好的文件；打得开的，另存为 PDF 或 DOCX，一并归入；均加 --update 接收",
    "open the file: where it does not open, ask who handed it over for a whole one; where it does, save it as PDF or DOCX; take either in with --update",
)
PAGES = message(
    "请对照原件核对页数和页序；缺页的补扫后加 --update 接收",
    "compare pages and their order with the original; scan what is missing and take it in with --update",
)
PAGES_OF_ITEMS = message(
    "请对照图像核对卷内目录的页号和次序，缺页的补扫，改好后加 --update 重新接收；无误的，写明理由了结",
    "compare the page numbers and the order of the items with the images, scan what is missing, and take it in again with --update; settle it where it is right",
)
DAMAGED = message(
    "是扫描件的，重新扫描；不是的，向移交方索取完好的文件；加 --update 接收；都没有的，写明理由了结",
    "scan it again, or ask who handed it over for a whole file, and take it in with --update; where there is none, settle it with the reason",
)
FILES = message(
    "请把文件放进批次，或改文件名，或在“文件”列写明，再重新接收；档号写错的改档号，以正确的档号收进后，此问题用 jinkui findings settle 编号 --reason 理由 了结",
    "put the files into the batch, rename them, or name them in the column for files, and take the batch in again; where the code is wrong, "
    "correct it, and once its record is in: jinkui findings settle ID --reason WHY",
)
RESCAN = message(
    "请看图像；不能用的重新扫描后加 --update 接收",
    "look at the image; scan it again where it is of no use, and take it in with --update",
)
RECOGNISE = message(
    "档案已保存，只缺这些文字：请在机器空闲时运行 jinkui recognise 档号；仍不成的，请看图像",
    "the record is kept, and these words alone are missing: run jinkui recognise CODE when the machine has less to do; where that fails, too, look at the image",
)
HIDDEN = message(
    "请打开表格核对隐藏的内容是否应当接收；应当的，用 jinkui findings settle 编号 --reason 理由 了结，否则去掉后重新接收",
    "open the sheet and see whether what is hidden is meant to go in: where it is, jinkui findings settle ID --reason WHY, "
    "else take it out and take the batch in again",
)

PROFILE = message(
    "请核对表头与方案（profile）；需要时用 jinkui catalogue profile 为此表另写一份",
    "compare the headings with the profile; jinkui catalogue profile drafts one for this table where it is needed",
)
TABLE = message(
    "请在原系统中核对，重新导出此表后再运行一次",
    "look at it in the system it comes from, export the table again and run the command again",
)
BY_HAND = message(
    "{advice}；保持原样的，用 jinkui findings settle 编号 --reason 理由 了结",
    "{advice}; where it is to stay as it is: jinkui findings settle ID --reason WHY",
)
APPROVER = message(
    "须由提出者以外的两人批准：jinkui dispose approve 计划 --by 另一人；有哪些人见 jinkui person list",
    "two others than the planner sign it: jinkui dispose approve PLAN --by SOMEBODY-ELSE; jinkui person list says who there is",
)
LETTERS = message(
    "字母写错的，请改目录表中的档号后重新接收，已收进的用 jinkui renumber 改；档号本来如此的，了结此问题",
    "where a letter is wrong, correct the code in the sheet and take the batch in again, or a record that is in by jinkui renumber; where the code is meant so, settle this",
)

IGNORED = message(
    "如指已知的列，请改列名再运行一次；只供人看的，删去此列或不必理会",
    "where a known column is meant, name it so and run the command again; where it is for people to read, take it out or leave it",
)
