"""The templates of fonds and of opening decisions."""

from archives.message import Message, message
from archives.record.rights import Conclusion, OnlineScope, term
from ingest.templates.template import Column, Template, Worksheet


def _column(key: str, zh: str, en: str, meaning: Message, *, is_required: bool = False) -> Column:
    return Column(key, message(zh, en), meaning, is_required=is_required)


_DAY = message("哪一天审核的，如 20240603", "the day of the review, such as 2024-06-03")

FONDS = Template(
    "fonds",
    (
        Worksheet(
            message("全宗", "Fonds"),
            (
                _column("number", "全宗号", "fonds number", message("档号的第一部分，如 X001", "what its codes begin with, such as X001"), is_required=True),
                _column("name", "全宗名称", "fonds name", message("有过几个名称的，每个名称一行，全宗号相同", "where it had several names, a row a name under one number"), is_required=True),
                _column("creator", "立档单位", "creator", message("形成这些档案的单位", "whose records they are")),
                _column("years", "起止年", "years", message("如 1958-2024", "such as 1958-2024")),
                _column("first", "启用时间", "valid from", message("此名称从何时用起，如 1984.3", "since when it had this name, such as 1984.3")),
                _column("last", "停用时间", "valid to", message("此名称用到何时；仍在用的不填", "until when it had this name; empty where it still has it")),
                _column("kind", "全宗属类", "kind", message("如 机关、企业、个人", "such as a government office, a firm, a person")),
                Column(
                    "state", message("全宗状态", "state"), message("是否还有档案移交进来", "whether more records will come"),
                    (message("未封闭", "open"), message("封闭", "closed")), is_closed=True,
                ),
                _column("relations", "演变关联情况", "relations", message("由哪个全宗分出、并入哪个全宗等", "of which fonds it came, into which it went")),
                _column("history", "全宗介绍", "history", message("立档单位的沿革和档案的概况，可公开", "its creator's history and what it holds; it may be made public")),
            ),
            (
                {
                    "number": message("X001", "X001"),
                    "name": message("青山县水利局全宗", "Qingshan County Water Bureau"),
                    "creator": message("青山县水利局", "Qingshan County Water Bureau"),
                    "years": message("1958-2024", "1958-2024"),
                    "state": message("未封闭", "open"),
                },
            ),
        ),
    ),
    message(
        "填好后登记：jinkui fonds import 文件 --repository 馆代码",
        "fill it in, then: jinkui fonds import FILE --repository CODE",
    ),
)  # fmt: skip
"""The fonds of a repository, by which its records are told apart."""

OPENING = Template(
    "opening",
    (
        Worksheet(
            message("开放审核", "Opening"),
            (
                _column("code", "档号", "archival code", message("哪一件（卷）", "of which record"), is_required=True),
                Column(
                    "conclusion", message("结论", "conclusion"), message("审核的结论", "what the review came to"),
                    tuple(term(one.value) for one in Conclusion), is_required=True, is_closed=True,
                ),
                _column("basis", "依据", "basis", message("依据哪一条", "by which rule"), is_required=True),
                _column("reviewer", "审核人", "reviewer", message("谁审核", "who reviewed it"), is_required=True),
                _column("approver", "批准人", "approver", message("谁批准，与审核人不得是同一人", "who approved it, somebody else than the reviewer"), is_required=True),
                Column("reviewed_on", message("审核日期", "reviewed on"), _DAY, is_required=True),
                _column("takes_effect_on", "开放日期", "opens on", message("结论为开放的必填，不早于审核日期", "needed where the conclusion is open; not before the review")),
                Column(
                    "scope", message("网上范围", "online scope"), message("不填即不上网", "left empty, it is not online"),
                    tuple(term(one.value) for one in OnlineScope), is_closed=True,
                ),
                _column("public_title", "公开题名", "public title", message("公众看到的题名；不填即题名本身", "what the public is told in place of the title; left empty, the title itself")),
                _column("closes_on", "关闭日期", "closes on", message("从这一天起不再开放", "from that day on it is open no more")),
                _column("postponed_until", "延期至", "postponed until", message("延期开放的，到哪一天", "until when the opening is put off")),
                _column("joint_unit", "会同单位", "joint unit", message("会同哪个单位审核", "with whom it was reviewed")),
                _column("repository", "馆代码", "repository", message("几个馆有同一档号时填写", "where several repositories have the code")),
            ),
            (
                {
                    "code": message("X001-WS·2024-Y-BGS-0001", "X001-WS·2024-Y-BGS-0001"),
                    "conclusion": term(Conclusion.OPEN.value),
                    "basis": message("《档案法》第二十七条", "Archives Act, section 27"),
                    "reviewer": message("张三", "A. Reviewer"),
                    "approver": message("李四", "B. Approver"),
                    "reviewed_on": message("20240603", "2024-06-03"),
                    "takes_effect_on": message("20240701", "2024-07-01"),
                    "scope": term(OnlineScope.FULL_TEXT.value),
                },
            ),
        ),
    ),
    message(
        "填好后先看会公开什么：jinkui opening preview 文件；再执行：jinkui opening apply 文件",
        "fill it in, see what it would make public: jinkui opening preview FILE; then: jinkui opening apply FILE",
    ),
)  # fmt: skip
"""Decisions about what the public may see."""
