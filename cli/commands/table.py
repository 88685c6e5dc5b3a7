"""Every command there is, in the order in which help lists them: its name, what it does in one line, where it is.

The table is all that help reads, so that no list of commands imports one. Everything else about a command stands at its
function.
"""

from archives.message import Message, message
from cli.commands.words import disposing, keeping, operating, storing, trust
from cli.frame.commands import Group, Row


def _row(name: str, summary: Message, place: str) -> Row:
    return Row(name, summary, f"cli.commands.{place}")


TABLE: tuple[Row | Group, ...] = (
    _row("init", message("建立新的档案库", "make a new archive"), "archive.init:init"),
    Group(
        "repository",
        message("登记、列出档案馆和档案室", "describe and list archives and records rooms"),
        (
            _row("add", message("登记一个馆或室", "describe an archives or a records room"), "archive.repository:add"),
            _row(
                "list", message("列出馆和室", "list archives and records rooms"), "archive.repository:list_repositories"
            ),
        ),
    ),
    Group(
        "fonds",
        message("登记、列出全宗", "describe and list fonds"),
        (
            _row("import", message("从表格登记全宗", "describe fonds from a sheet"), "archive.fonds:import_sheet"),
            _row("list", message("列出全宗", "list fonds"), "archive.fonds:list_fonds"),
        ),
    ),
    _row("ingest", message("接收一个批次", "take a batch in"), "record.ingest:ingest_batch"),
    Group(
        "opening",
        message("开放审核：执行决定、撤回", "opening of records: apply decisions, take one back"),
        (
            _row("apply", message("执行开放审核决定表", "apply a sheet of opening decisions"), "record.opening:apply"),
            _row("withdraw", message("撤回开放，立即生效", "take an opening back, at once"), "record.opening:withdraw"),
        ),
    ),
    _row("search", message("检索档案和页面", "look for records and pages"), "record.search:search"),
    _row("show", message("显示一件档案", "show a record"), "record.show:show"),
    _row("explain", message("说明一件档案的经过", "tell what happened to a record"), "record.explain:explain"),
    _row("export", message("导出为 BagIt 包", "write a record out as a bag"), "record.export:export"),
    _row("versions", message("列出一件档案的各个版本", "list the versions of a record"), "record.versions:versions"),
    _row("renumber", message("给一件档案改档号", "give a record another archival code"), "record.versions:renumber"),
    *keeping.COMMANDS,
    _row(
        "check",
        message("验证任意 BagIt 包、OCFL 对象或存储根", "validate any bag, OCFL object or storage root"),
        "check.check:check_path",
    ),
    *disposing.COMMANDS,
    *storing.COMMANDS,
    *trust.COMMANDS,
    Group(
        "person",
        message("人员及其签名密钥：登记、列出、停用", "persons and the keys they sign with: register, list, retire"),
        (
            _row(
                "add",
                message("登记人员并生成其签名密钥", "register a person and make the key they sign with"),
                "person.persons:add",
            ),
            _row("list", message("列出人员", "list everyone ever registered"), "person.persons:list_persons"),
            _row(
                "retire",
                message("停用人员；此前的签名仍有效", "retire a person; what they signed stays valid"),
                "person.persons:retire",
            ),
        ),
    ),
    _row("serve", message("打开公众网站或存储接口", "open the public site, or the storage API"), "operate.serve:serve"),
    Group(
        "api-key",
        message("存储接口的密钥：发放、收回、查看结果", "keys of the storage API: give, take back, see what was asked"),
        (
            _row("add", message("发放密钥（只显示一次）", "give a key (shown once)"), "operate.api_key:add"),
            _row("list", message("列出密钥", "list who has one"), "operate.api_key:list_keys"),
            _row("revoke", message("收回密钥", "take a key back"), "operate.api_key:revoke"),
            _row("results", message("最近的检查结果", "the newest results of checks"), "operate.api_key:results"),
        ),
    ),
    Group(
        "schedule",
        message("定时核查、检查点和恢复演练", "audits, checkpoints and restore drills on schedule"),
        (
            _row(
                "show",
                message("显示定时单元，不写任何文件", "print the units and write nothing"),
                "operate.schedule:show_schedule",
            ),
            _row("install", message("写入定时单元", "write the units"), "operate.schedule:install_schedule"),
        ),
    ),
    operating.DRILL,
    _row("metrics", message("输出 Prometheus 指标", "give the figures for Prometheus"), "operate.metrics:show_metrics"),
    _row("doctor", message("检查环境和设置", "check what is installed and set"), "archive.doctor:doctor"),
)
