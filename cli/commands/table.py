"""Every command there is, in the order in which help lists them: its name, what it does in one line, where it is.

The table is all that help reads, so that no list of commands imports one. Everything else about a command stands at its
function.
"""

from archives.message import message
from cli.commands.administering import ADMINISTERING
from cli.commands.row import row as _row
from cli.frame.commands import Group, Row

TABLE: tuple[Row | Group, ...] = (
    _row("init", message("建立新的档案库", "make a new archive"), "archive.init:init"),
    Group(
        "repository",
        message("登记、列出档案馆和档案室", "describe and list archives and records rooms"),
        (
            _row("add", message("登记一个馆或室", "describe an archives or a records room"), "archive.repository:add"),
            _row(
                "correct",
                message("更正误登的名称、启用日期", "correct what was a mistake"),
                "archive.repository:correct",
            ),
            _row("rename", message("登记更名", "say a name that holds from a day on"), "archive.repository:rename"),
            _row("list", message("列出馆和室", "list archives and rooms"), "archive.repository:list_repositories"),
        ),
    ),
    Group(
        "fonds",
        message("登记、列出全宗", "describe and list fonds"),
        (
            _row("import", message("从表格登记全宗", "describe fonds from a sheet"), "archive.fonds:import_sheet"),
            _row("correct", message("更正误登的名称", "correct what was a mistake"), "archive.fonds:correct"),
            _row("rename", message("登记更名", "say a name that holds from a day on"), "archive.fonds:rename"),
            _row("list", message("列出全宗", "list fonds"), "archive.fonds:list_fonds"),
        ),
    ),
    Group(
        "template",
        message("空白表格：说明、选项、示例齐备", "sheets to fill in, with notes, choices and an example"),
        (
            _row("batch", message("一批档案的目录表", "the sheet of a batch"), "template.templates:batch"),
            _row("volumes", message("案卷目录和卷内文件目录", "volumes and their items"), "template.templates:volumes"),
            _row("fonds", message("全宗表", "fonds"), "template.templates:fonds"),
            _row("opening", message("开放审核决定表", "opening decisions"), "template.templates:opening"),
            _row("catalogue", message("馆藏目录表", "what is held"), "template.templates:catalogue"),
        ),
    ),
    Group(
        "catalogue",
        message("目录：馆藏有什么，数字化与否", "the catalogue: all that is held, digitised or not"),
        (
            _row("export", message("导出目录", "write the catalogue to a file"), "catalogue.handouts:export"),
            _row("import", message("导入目录表", "bring tables into the catalogue"), "catalogue.tables:import_tables"),
            _row("list", message("列出目录", "list what the catalogue holds"), "catalogue.units:list_units"),
            _row(
                "merge", message("合并小的著录包", "merge small packages of rows"), "catalogue.merging:merge_packages"
            ),
            _row("profile", message("为一张表起草方案", "draft a profile of a table"), "catalogue.tables:draft"),
            _row("reconcile", message("逐行核对", "add up what came in"), "catalogue.reconcile:reconcile_all"),
            _row("undo", message("撤销一次导入", "take an import back"), "catalogue.submissions:undo"),
        ),
    ),
    _row("print", message("打印目录", "print a form of the catalogue"), "catalogue.forms:print_forms"),
    _row("describe", message("按表更正著录", "correct descriptions by a sheet"), "catalogue.describe:describe"),
    _row("ingest", message("接收一个批次", "take a batch in"), "record.ingest:ingest_batch"),
    Group(
        "batch",
        message("批次：列出、显示、继续", "batches: list, show, go on with one that was stopped"),
        (
            _row("list", message("列出批次", "list batches"), "batch.batches:list_batches"),
            _row("show", message("显示一个批次", "show a batch"), "batch.batches:show"),
            _row("resume", message("继续中断的批次", "go on with one that was stopped"), "batch.resuming:resume"),
            _row("close", message("放弃未完成的批次", "give up an unfinished batch"), "batch.resuming:close"),
        ),
    ),
    _row(
        "recognise",
        message("识别已入库档案的文字", "recognise the text of records that are kept"),
        "record.recognise:recognise_records",
    ),
    Group(
        "opening",
        message("开放审核：执行决定、复审、撤回", "opening of records: apply decisions, review again, take one back"),
        (
            _row("due", message("列出应审核的档案", "list what is due for opening"), "record.review:due"),
            _row("apply", message("执行开放审核决定表", "apply a sheet of opening decisions"), "record.opening:apply"),
            _row(
                "list",
                message("列出已作的开放审核决定", "list what was decided about each unit"),
                "record.decided.standing:list_decisions",
            ),
            _row(
                "preview",
                message("看决定表会公开什么", "say what a sheet of decisions would make public"),
                "record.preview:preview",
            ),
            _row(
                "publish",
                message("办理今天到期的开放和关闭", "open and close what is due today"),
                "record.opening:publish",
            ),
            _row(
                "review",
                message("列出开放后有改动、待复审的档案", "list what changed since it was opened"),
                "record.review:review",
            ),
            _row(
                "signatures",
                message("开放决定是否须两人签名", "whether what opens a record needs two signatures"),
                "record.opening:signatures",
            ),
            _row("withdraw", message("撤回开放，立即生效", "take an opening back, at once"), "record.opening:withdraw"),
            _row(
                "confirm",
                message("恢复后的档案库重新公布", "let a restored archive publish again"),
                "record.opening:confirm",
            ),
        ),
    ),
    _row("search", message("检索档案和页面", "look for records and pages"), "record.search:search"),
    _row("show", message("显示一件档案", "show a record"), "record.show:show"),
    _row("explain", message("说明一件档案的经过", "tell what happened to a record"), "record.explain:explain"),
    Group(
        "findings",
        message("接收时发现的问题：列出、显示、了结", "what was found wrong at intake: list, show, settle"),
        (
            _row(
                "list",
                message("列出未了结的问题", "list the findings that nobody settled"),
                "record.findings:list_found",
            ),
            _row("show", message("显示一个问题", "show a finding"), "record.findings:show_found"),
            _row("settle", message("了结问题，写明理由", "settle findings, with a reason"), "record.findings:settle"),
        ),
    ),
    _row("export", message("导出为 BagIt 包", "write a record out as a bag"), "record.export:export"),
    _row("versions", message("列出一件档案的各个版本", "list the versions of a record"), "record.versions:versions"),
    _row("renumber", message("改档号", "give other archival codes"), "catalogue.renumber:renumber"),
    Group(
        "audit",
        message("核查副本的每一个字节", "read every byte of the copies again"),
        (
            _row(
                "forecast",
                message(
                    "预测每天到期的核查量，何时守不住承诺",
                    "say what falls due on which day, and when the promise will be broken",
                ),
                "audit.forecast:forecast_audits",
            ),
        ),
        default="cli.commands.audit.audit:audit_copies",
    ),
    _row("repair", message("用完好的副本修复", "repair from a good copy"), "audit.repair:repair_all"),
    _row(
        "rebuild",
        message("重建目录、索引和公开库", "make catalogue, indexes and public copies again"),
        "archive.rebuild:rebuild",
    ),
    _row(
        "upgrade",
        message("为早先版本写成的日志签章", "sign the journal of an archive that an earlier version wrote"),
        "archive.upgrade:upgrade",
    ),
    _row(
        "check",
        message("验证任意 BagIt 包、OCFL 对象或存储根", "validate any bag, OCFL object or storage root"),
        "check.check:check_path",
    ),
    Group(
        "hold",
        message("冻结：不得销毁", "holds: records that may not be disposed of"),
        (
            _row("place", message("冻结一件档案", "put a record under a hold"), "dispose.holds:place"),
            _row("lift", message("解除冻结", "let a hold stand no longer"), "dispose.holds:lift"),
            _row("list", message("列出冻结", "list holds"), "dispose.holds:list_holds"),
        ),
    ),
    Group(
        "dispose",
        message("鉴定销毁：计划、批准、执行", "disposal: plan, approve, run"),
        (
            _row("plan", message("提出销毁计划", "propose what is to go"), "dispose.disposal:plan"),
            _row("approve", message("签名批准计划", "sign a plan"), "dispose.disposal:approve"),
            _row("run", message("执行已批准的计划", "carry an approved plan out"), "dispose.disposal:run"),
        ),
    ),
    Group(
        "purge",
        message(
            "清除个人数据：计划、执行（批准用 dispose approve）",
            "purge of personal data: plan, run (sign with dispose approve)",
        ),
        (
            _row("plan", message("提出清除计划", "propose whose data are to go"), "dispose.purge:plan"),
            _row("run", message("执行已批准的清除计划", "carry an approved purge out"), "dispose.purge:run"),
        ),
    ),
    Group(
        "store",
        message("存储位置：启用、列出、检查、接上、替换、停用", "add, list, check, attach, replace, retire stores"),
        (
            _row("add", message("启用一个存储位置", "take a place into use for copies"), "store.stores:add"),
            _row("list", message("列出存储位置", "list stores"), "store.stores:list_stores"),
            _row("check", message("检查存储可否读写", "look whether stores can be used"), "store.stores:check"),
            _row("attach", message("接上离线载体：核查并补齐", "check and fill an offline set"), "store.stores:attach"),
            _row(
                "replace", message("磁盘坏了：由空的新位置替换", "a disk died: another place"), "store.leaving:replace"
            ),
            _row("retire", message("停用存储", "let a store leave for good"), "store.leaving:retire"),
        ),
    ),
    _row("replicate", message("补齐所欠的副本", "write the copies that are owed"), "store.replicate:replicate"),
    Group(
        "journal",
        message("验证日志，签署检查点，出具证明", "verify the journal, sign checkpoints, give proofs"),
        (
            _row(
                "verify",
                message("通读并验证每个存储中的日志", "read the journal of every store and verify it wholly"),
                "journal.verify:verify",
            ),
            _row(
                "checkpoint",
                message("签署检查点，供馆外保存", "sign a checkpoint, to be kept elsewhere"),
                "journal.checkpoint:checkpoint",
            ),
            _row(
                "reconcile",
                message("裁定此处没有记录的日志", "judge entries that this home does not know"),
                "journal.reconcile:reconcile",
            ),
            _row(
                "prove",
                message("证明一件档案的入库条目在日志中", "prove that a record's entry is in the journal"),
                "journal.prove:prove",
            ),
        ),
    ),
    *ADMINISTERING,
)
