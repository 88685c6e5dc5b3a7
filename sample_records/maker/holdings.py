"""Who holds what: the repositories, their fonds, the people who review, and all scanned records."""

from maker.city import CITY
from maker.county import COUNTY
from maker.province import PROVINCE

REPOSITORIES = (
    {"code": "990001", "name": "岭澜省档案馆", "name_en": "Linglan Provincial Archives", "kind": "馆", "parent": None},
    {"code": "990101", "name": "澜浦市档案馆", "name_en": "Lanpu City Archives", "kind": "馆", "parent": "990001"},
    {"code": "990121", "name": "青峤县档案馆", "name_en": "Qingqiao County Archives", "kind": "馆", "parent": "990101"},
)
REVIEWERS = {"990001": ("沈若谷", "方维新"), "990101": ("宋佩瑶", "梁承志"), "990121": ("蓝玉珊", "巫启贤")}
FONDS = {
    "990001": (
        (
            "Z109", "岭澜省人民政府办公厅全宗", "岭澜省人民政府办公厅", "1980-2015",
            "办公厅承办省人民政府的公文、会务和应急值守，一九八〇年设立。本全宗以文书档案为主，分永久、三十年、十年三种保管期限，其中水利、防汛、档案工作方面的文件利用较多。",
        ),
        (
            "X021", "岭澜省工艺品进出口公司全宗", "岭澜省工艺品进出口公司", "1972-1998",
            "公司经营陶瓷、竹编、漆器出口，一九九八年撤销。本全宗存有往来函电、合同和样品目录，部分为英文。",
        ),
    ),
    "990101": (
        (
            "J002", "澜浦市人民政府（人民委员会）全宗", "澜浦市人民政府", "1950-1967",
            "建国初期市级政权机关形成的档案，一九五五年改称市人民委员会。早期文件多为竖排繁体。",
        ),
        (
            "J019", "澜浦市水利局全宗", "澜浦市水利局", "1978-2014",
            "水利局主管全市水利建设和防汛抗旱，二〇一四年后的文件以电子形式移交。",
        ),
    ),
    "990121": (
        ("K033", "青峤县人民政府全宗", "青峤县人民政府", "1950-2014", "县人民政府及其前身县人民委员会、县革命委员会形成的文书档案。"),
        ("K041", "青峤县教育局全宗", "青峤县教育局", "1979-2005", "学校布局、教师人事、校舍建设等方面的档案。"),
    ),
}  # fmt: skip
RECORDS = (*PROVINCE, *CITY, *COUNTY)
