"""The commands of who runs an archive: its keys and persons, the sites, what runs by the clock."""

from archives.message import message
from cli.commands.row import row
from cli.frame.commands import Group, Row

ADMINISTERING: tuple[Row | Group, ...] = (
    row(
        "status",
        message("一屏看全：馆藏、待办、欠缺、逾期", "one screen: holdings, what waits, is missing or late"),
        "operate.status:status",
    ),
    Group(
        "home",
        message("档案库本身：备份、恢复、迁移", "the home itself: backed up, restored, moved"),
        (
            row("backup", message("备份设置、密钥和工作状态", "back up settings, keys, state"), "archive.homes:backup"),
            row("restore", message("由备份恢复", "restore a home from its backup"), "archive.restore:restore_from"),
            row("resume", message("停用的档案库继续使用", "let a home that retired work"), "archive.homes:resume"),
        ),
    ),
    Group(
        "key",
        message(
            "签章密钥：显示、存入保险柜、放回、更换", "the signing key: show, keep in the safe, bring back, replace"
        ),
        (
            row("show", message("显示公钥", "show the public key"), "archive.keys:show"),
            row(
                "export",
                message("把私钥（加口令）写入文件", "write it under a passphrase to a file"),
                "archive.keys:export",
            ),
            row("import", message("从保险柜放回私钥", "bring it back from the safe"), "archive.keys:import_file"),
            row("rotate", message("更换密钥", "let a new key sign"), "archive.keys:rotate"),
            row(
                "begin-anew",
                message("密钥丢失或被盗：由两人重新开始", "lost or stolen: two persons begin it anew"),
                "archive.keys:begin_anew",
            ),
            row(
                "review",
                message("列出可疑之日以来的条目", "list what was written since it is suspected"),
                "archive.keys:review",
            ),
        ),
    ),
    Group(
        "person",
        message("人员及其签名密钥：登记、列出、停用", "persons and the keys they sign with: register, list, retire"),
        (
            row(
                "add",
                message("登记人员并生成其签名密钥", "register a person and make the key they sign with"),
                "person.persons:add",
            ),
            row("list", message("列出人员", "list everyone ever registered"), "person.persons:list_persons"),
            row(
                "retire",
                message("停用人员；此前的签名仍有效", "retire a person; what they signed stays valid"),
                "person.persons:retire",
            ),
            row(
                "sign",
                message("签名登记或停用人员的请求", "sign a request to register or retire somebody"),
                "person.persons:sign",
            ),
            row(
                "begin-anew",
                message("密钥丢失后重新登记全部人员", "register everybody anew when keys are lost"),
                "person.persons:begin_anew",
            ),
        ),
    ),
    row("serve", message("打开公众网站或存储接口", "open the public site, or the storage API"), "operate.serve:serve"),
    Group(
        "api-key",
        message("存储接口的密钥：发放、收回、查看结果", "keys of the storage API: give, take back, see what was asked"),
        (
            row("add", message("发放密钥（只显示一次）", "give a key (shown once)"), "operate.api_key:add"),
            row("list", message("列出密钥", "list who has one"), "operate.api_key:list_keys"),
            row("revoke", message("收回密钥", "take a key back"), "operate.api_key:revoke"),
            row("results", message("最近的检查结果", "the newest results of checks"), "operate.api_key:results"),
        ),
    ),
    Group(
        "index",
        message(
            "检索库：状况、重建、核对、清除已移除的字词",
            "the search indexes: how they stand, made again, verified, purged",
        ),
        (
            row("status", message("检索库的状况", "how the indexes stand"), "index.standing:status"),
            row(
                "rebuild",
                message("在旁边重建，完整后换上", "make them again beside, and let them take their place"),
                "index.renewing:rebuild",
            ),
            row(
                "verify",
                message("核对检索库与公开的内容一致", "prove that the index holds what is published"),
                "index.verifying:verify",
            ),
            row(
                "purge",
                message("让已移除的字词离开文件", "let removed words leave the files"),
                "index.renewing:purge",
            ),
        ),
    ),
    Group(
        "schedule",
        message("定时核查、检查点和恢复演练", "audits, checkpoints and restore drills on schedule"),
        (
            row(
                "show",
                message("显示定时单元，不写任何文件", "print the units and write nothing"),
                "operate.schedule:show_schedule",
            ),
            row("install", message("写入定时单元", "write the units"), "operate.schedule:install_schedule"),
        ),
    ),
    row(
        "restore-drill",
        message("只用通用工具试恢复若干信息包", "restore some packages with stock tools only, to prove it can be done"),
        "audit.drill:restore_drill",
    ),
    row("metrics", message("输出 Prometheus 指标", "give the figures for Prometheus"), "operate.metrics:show_metrics"),
    row("doctor", message("检查环境和设置", "check what is installed and set"), "archive.doctor:doctor"),
)
