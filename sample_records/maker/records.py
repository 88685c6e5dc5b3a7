"""The scanned records: what each is called, which pages it has, how they are kept and worn."""

from collections.abc import Callable
from dataclasses import dataclass

from maker.content import CLOSED, FLOOD, MEETING, NOTICE_2014, REPORT, SCHOOL, TRADITIONAL, TRADITIONAL_FLOOD
from maker.pages import (
    drafting_form,
    following,
    handling_form,
    last_page,
    letter_page,
    red_head,
    register_page,
    roster_page,
    vertical_page,
)
from maker.paper import CLEAN, FAINT, NOISY, SKEWED, THROUGH, TYPED, Paper, Wear


@dataclass(frozen=True)
class SampleRecord:
    """A scanned record; ``form`` says how its pages are filed, ``decision`` what the opening review concluded."""

    repository: str
    code: str
    title: str
    author: str
    number: str
    date: str
    year: str
    retention: str
    pages: tuple[Callable[[], Paper], ...]
    wear: tuple[Wear, ...]
    form: str = "folder"
    language: str = "汉语"
    direction: str = "horizontal"
    proposal: str = ""
    security: tuple[str, str, str] = ("", "", "")
    note: str = ""
    decision: tuple[str, str, str, str] | None = None


_ARTICLE = "《中华人民共和国档案法》第二十七条"
_OFFICE = "岭澜省人民政府办公厅"

RECORDS = (
    SampleRecord(
        "990001", "Z109-WS·1986·Y·办公室-0012", "关于做好一九八六年防汛工作的通知", _OFFICE, "岭府办〔1986〕12号",
        "1986-04-12", "1986", "永久",
        (
            lambda: red_head("岭澜省人民政府办公厅文件", "岭府办〔1986〕12号", ("关于做好一九八六年防汛工作的通知",), "各市、县人民政府，省直有关单位：", FLOOD[:2]),
            lambda: following(FLOOD[2:5], 2),
            lambda: last_page(FLOOD[5:], _OFFICE, "一九八六年四月十二日", subjects="防汛 水利 通知", copies="省委办公厅，省军区司令部。", printed="岭澜省人民政府办公厅一九八六年四月十三日印发"),
        ),
        (NOISY, SKEWED, THROUGH), decision=("开放", f"形成已满二十五年，{_ARTICLE}", "2021-09-01", "全文"), proposal="开放",
    ),
    SampleRecord(
        "990001", "Z109-WS·1991·Y·办公室-0031", "水利建设专题会议纪要", _OFFICE, "岭府纪〔1991〕8号", "19910718", "1991", "Y",
        (
            lambda: red_head("岭澜省人民政府会议纪要", "岭府纪〔1991〕8号", ("水利建设专题会议纪要",), "一九九一年七月十五日，省政府召开专题会议。", MEETING[:2]),
            lambda: last_page(MEETING[2:], _OFFICE, "一九九一年七月十八日", subjects="水利 会议 纪要", copies="各市人民政府，省直有关单位。", printed="岭澜省人民政府办公厅一九九一年七月十九日印发"),
        ),
        (CLEAN, FAINT), form="dash", decision=("开放", f"形成已满二十五年，{_ARTICLE}", "2021-09-01", "全文"),
    ),
    SampleRecord(
        "990001", "Z109-WS·2014-Y-BGS-0007", "关于加快推进数字档案馆（室）建设的通知", _OFFICE, "岭府办函〔2014〕77号", "2014年11月7日", "2014", "永久",
        (
            lambda: red_head("岭澜省人民政府办公厅", "岭府办函〔2014〕77号", ("关于加快推进数字档案馆（室）", "建设的通知"), "各市、县人民政府，省政府各部门：", NOTICE_2014[:2]),
            lambda: following(NOTICE_2014[2:4], 2),
            lambda: last_page(NOTICE_2014[4:], _OFFICE, "2014年11月7日", subjects="", copies="省委各部委，省人大常委会办公厅。", printed="岭澜省人民政府办公厅秘书处2014年11月8日印发"),
        ),
        (CLEAN, NOISY, CLEAN), form="tiff", decision=("开放", "科技、教育类档案提前开放，经形成单位同意，档案法第二十七条", "2022-07-01", "仅目录"),
    ),
    SampleRecord(
        "990001", "X021-WS·1979·Y·业务科-0003", "Letter to Harrow and Penfield about baskets and tea sets", "Linglan Arts and Crafts Corporation", "LAC/79/114", "1979-05-14", "1979", "永久",
        (lambda: letter_page(True), lambda: letter_page(False)),
        (TYPED, TYPED), form="png", language="英语", decision=("开放", f"形成已满二十五年，{_ARTICLE}", "2021-09-01", "全文"),
    ),
    SampleRecord(
        "990001", "Z109-WS·1998-D30-BGS-0044", "关于青鹞计划前期安排的通报", _OFFICE, "岭府办〔1998〕44号", "1998.9.21", "1998", "30年",
        (
            lambda: red_head("岭澜省人民政府办公厅文件", "岭府办〔1998〕44号", ("关于青鹞计划前期安排的通报",), "各有关单位：", CLOSED[:1]),
            lambda: last_page(CLOSED[1:], _OFFICE, "一九九八年九月二十一日", subjects="计划 安排 通报", copies="协调小组成员。", printed="岭澜省人民政府办公厅一九九八年九月二十二日印发"),
        ),
        (NOISY, THROUGH), decision=("控制使用", "涉及企业商业秘密，国家档案馆档案开放办法", "", "不上网"), proposal="控制使用",
    ),
    SampleRecord(
        "990101", "J002-WS·1953·Y·秘书科-0002", "澜浦市人民政府关于整理旧政权档案的指示", "澜浦市人民政府", "府秘字第14号", "1953年3月", "1953", "永久",
        tuple((lambda text=text: vertical_page(text)) for text in TRADITIONAL),
        (NOISY, FAINT), language="zh-Hant", direction="vertical", decision=("开放", f"形成已满二十五年，{_ARTICLE}", "2021-09-01", "全文"),
    ),
    SampleRecord(
        "990101", "J002-WS·1955·Y·秘书科-0008", "关于布置今年防汛工作的令", "澜浦市人民政府", "府秘字第31号", "1955-02-20", "1955", "永久",
        tuple((lambda text=text: vertical_page(text)) for text in TRADITIONAL_FLOOD),
        (THROUGH, CLEAN), form="dash", language="zh-Hant", direction="vertical", decision=("开放", f"形成已满二十五年，{_ARTICLE}", "2021-09-01", "不上网"),
    ),
    SampleRecord(
        "990101", "J019-WS·1987·Y·防汛办-0005", "关于做好汛前准备的通知（底稿）", "澜浦市水利局", "浦水〔1987〕5号", "1987年3月2日", "1987", "永久",
        (
            lambda: drafting_form("澜浦市水利局", "关于做好汛前准备的通知", "同意发。周鹤年", "吴国梁", "陈志远", "三月二日", FLOOD[0]),
            lambda: following(FLOOD[1:3], 2),
            lambda: following(FLOOD[3:5], 3),
        ),
        (SKEWED, NOISY, CLEAN), form="pdf", decision=("开放", f"形成已满二十五年，{_ARTICLE}", "2021-09-01", "全文"),
    ),
    SampleRecord(
        "990101", "J019-WS·1993·Y·办公室-0016", "关于浦河大堤加固工程的来文处理单及报告", "澜浦市水利局", "浦水〔1993〕16号", "1993-05-06", "1993", "永久",
        (
            lambda: handling_form("澜浦市水利局", "青峤县水利局", "青水〔1993〕9号", "关于请求解决石桥水库加固经费的请示", "石桥水库系重点防汛水库，溢洪道过水断面不足，确需加固。拟请工程科派人现场核实工程量，提出补助意见，报局务会议研究。", "同意拟办意见。请志远同志带队，一周内到现场，先把涵管漏水问题处理好，再谈补助。", "何建民"),
            lambda: following(REPORT[:3], 2),
        ),
        (FAINT, SKEWED), form="listed", security=("秘密", "2003-05-06", "原定密单位二〇〇三年解密通知，浦密解〔2003〕2号"), decision=("开放", f"形成已满二十五年且已解密，{_ARTICLE}", "2022-03-01", "全文"),
    ),
    SampleRecord(
        "990101", "J019-WS·2005-D30-BGS-0021", "二〇〇五年收文登记簿", "澜浦市水利局", "", "20050000", "2005", "定期30年",
        (lambda: register_page(0), lambda: register_page(2)), (CLEAN, NOISY), form="underscore",
    ),
    SampleRecord(
        "990121", "K033-WS·1989·Y·办公室-0004", "批转县教育局关于学校布局调整意见的通知", "青峤县人民政府", "青府〔1989〕4号", "1989年2月25日", "1989", "永久",
        (
            lambda: red_head("青峤县人民政府文件", "青府〔1989〕4号", ("批转县教育局关于学校布局", "调整意见的通知"), "各乡镇人民政府，县直各单位：", SCHOOL[:2], signer="叶慧敏"),
            lambda: following(SCHOOL[2:4], 2),
            lambda: last_page(SCHOOL[4:], "青峤县人民政府", "一九八九年二月二十五日", subjects="教育 学校 通知", copies="县委办公室，县人大常委会。", printed="青峤县人民政府办公室一九八九年二月二十六日印发"),
        ),
        (THROUGH, NOISY, SKEWED), form="jp2", decision=("开放", f"形成已满二十五年，{_ARTICLE}", "2021-09-01", "全文"),
    ),
    SampleRecord(
        "990121", "K041-RS·1990·Y·人事股-0001", "一九九〇年小学教师名册", "青峤县教育局", "", "1990", "1990", "永久",
        (lambda: roster_page("一九九〇年小学教师名册", 0),), (CLEAN,), decision=("延期开放", "涉及个人信息，国家档案馆档案开放办法", "", "不上网"),
    ),
    SampleRecord(
        "990121", "K033-WS·1978·Y·办公室-0002", "关于小型水库防汛检查情况的报告", "青峤县水电局", "青水电〔1978〕6号", "1978-07-11", "1978", "永久",
        (
            lambda: red_head("青峤县革命委员会水电局", "青水电〔1978〕6号", ("关于小型水库防汛检查情况的报告",), "", REPORT[:2]),
            lambda: last_page(REPORT[2:], "青峤县水电局", "一九七八年七月十一日", subjects="", copies="县防汛指挥部，各公社。", printed="青峤县水电局一九七八年七月十二日印发"),
        ),
        (FAINT, NOISY), form="dash", decision=("开放", f"形成已满二十五年，{_ARTICLE}", "2021-09-01", "仅目录"),
    ),
    SampleRecord(
        "990121", "K033-WS·2012-D10-BGS-0009", "县长办公会议纪要", "青峤县人民政府", "青府纪〔2012〕9号", "2012-08-03", "2012", "D10",
        (
            lambda: red_head("青峤县人民政府会议纪要", "青府纪〔2012〕9号", ("县长办公会议纪要",), "二〇一二年八月一日，县长主持召开办公会议。", MEETING[:2]),
            lambda: following((*MEETING[2:], CLOSED[2]), 2),
        ),
        (CLEAN, SKEWED), decision=("不开放", "形成未满二十五年，内容涉及未公开事项", "", "不上网"), note="保管期限到期后鉴定",
    ),
)  # fmt: skip
