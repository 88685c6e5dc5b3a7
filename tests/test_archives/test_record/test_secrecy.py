"""A text that is a marking of secrecy is known in every shape in which people write it; one that mentions it is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archives.record.description import parse_security
from archives.record.marked import marking_in_code
from archives.record.secrecy import (
    SecurityClassification,
    is_choice_of_levels,
    marking_in_name,
    marking_of,
    marking_of_object,
    parse_marking,
)
from tests.support.places import ROOT

HONEST = (ROOT / "tests" / "support" / "honest_titles.txt").read_text("utf-8").splitlines()
SHAPED = [
    "机密★20年",
    "秘密",
    "绝密",
    "祕密",
    "機密",
    "絕密",
    "机密☆长期",
    "机密*10年",
    "★机密★",
    "【机密】",
    "[秘密]",
    "（绝密）",
    "机密级",
    "秘密級",
    "機 密",
    "机密★ 20 年",
    "机密 20年",
    "机密20年",
    "机密（20年）",
    "绝密★启用前",
    "绝密★启封并使用完毕前",
    "秘密·长期",
    "机密-20年",
    "机密，20年",
    "密级：机密",
    "密级:机密★20年",
    "机密★6个月",
    "秘密★5年6个月",
    "机密★至2030年12月31日",
    "机密（已解密）",
    "絕對機密",
    "極機密",
    "密",
    "机密件",
    "SECRET",
    "Top Secret",
    "TOP-SECRET",
    "Confidential",
    "Secret (20 years)",
    "SECRET//NOFORN",
    "Secret★20 years",
    "secret until 2030",
    "机密\u200b★20年",
    "机\xa0密",
    "机密\n20年",
    "机密★N年",
    "秘密★",
    "机密★长期",
    "ＳＥＣＲＥＴ",
    "机密★二十年",
    "“机密”",
    "〖机密〗★10年",
    "Classification: Secret",
    "国家秘密",
    "公开/秘密",
    "秘密、机密",
    "机密\n通知",
    "秘密 1年",
    "机密＊１０年",
    "\ufeff绝密",
    "机\xad密",
    "涉密",
    "密件",
    "机密。",
    "秘密！",
    "密级 机密",
    "000001 机密★1年 特急",
    "特急 秘密",
    "【机密·特急】",
    "20年机密",
    "2014年度秘密",
    "机密廿年",
    "机密贰拾年",
    "机密∗20年",
    "此件机密",
    "本件属秘密",
    "定为机密级",
    "机密级国家秘密",
    "国家秘密·机密",
    "机密 阅后收回",
    "秘密 请勿外传",
    "机密 保密期限：20年",
    "机密 SECRET",
    "机密/Secret",
    "密级 Secret",
    "Security: Secret",
    "SECRET - UK EYES ONLY",
    "極秘",
    "㊙",
    "㊙20年",
    "㊙件",
    "1.机密",
    "①机密",
    "（二）绝密",
    "机·密",
    "机-密★10年",
    "机\u0332密\u0332",
    "机\u20dd密",
    "Streng geheim",
    "Très secret défense",
    "Совершенно секретно",
    "关于某项目的请示（机密）",
    "【秘密】关于某项目的请示",
    "Minutes of the Board [SECRET]",
    "密级：机密  年度：2014  全宗号：T001",
    "Box 3. Classification: Secret. 1950",
]
MARKED_NAMES = [
    "机密",
    "秘密_0001.tif",
    "（机密）通知.docx",
    "T001-WS·2014·Y·办公室-0001(机密).pdf",
    "机密0001.tif",
    "0001机密.jpg",
    "机密★20年 通知.pdf",
    "SECRET_report.pdf",
    "Report (Top Secret).pdf",
    "[Confidential] x.pdf",
    "secret.pdf",
    "機密-1.tif",
    "秘密.txt",
    "绝密 关于某事的通知.pdf",
    "TOP_SECRET.pdf",
    "0001-机密级-003.jpg",
]


def test_two_hundred_honest_titles_are_no_markings_whatever_stands_above_them_and_whatever_file_has_their_name() -> (
    None
):
    assert len(set(HONEST)) == 200
    for heading in ("题名", "title", "备注", "文件", "access", ""):
        assert [title for title in HONEST if marking_of(title, heading=heading)] == []
    assert [title for title in HONEST if marking_in_name(f"{title}.pdf")] == []


@pytest.mark.parametrize("heading", ["密级", "备注", "题名", "access", ""])
@pytest.mark.parametrize("text", SHAPED)
def test_a_cell_that_is_a_level_is_a_marking_under_any_heading(text: str, heading: str) -> None:
    level = marking_of(text, heading=heading)
    assert level is not None
    assert level.is_state_secret


@pytest.mark.parametrize(
    ("heading", "text"),
    [
        ("是否涉密", "是"),
        ("密级", "机密文件"),
        ("密级和保密期限", "定为机密级，二十年"),
        ("涉密等级", "Y"),
        ("security classification", "US Secret info"),
        ("保密級別", "本件屬機密"),
    ],
)
def test_under_a_heading_of_classification_a_mention_counts(heading: str, text: str) -> None:
    level = marking_of(text, heading=heading)
    assert level is not None
    assert level.is_state_secret


@pytest.mark.parametrize(
    ("heading", "text"),
    [
        ("密级", "机"),
        ("密级", "秘"),
        ("密级", "JM"),
        ("文件密级", "UM"),
        ("security level", "TS"),
        ("机密", "√"),
        ("密级 绝密", "是"),
        ("是否保密", "是"),
        ("Classified", "yes"),
    ],
)
def test_a_short_word_or_a_tick_counts_below_a_heading_that_says_of_what(heading: str, text: str) -> None:
    level = marking_of(text, heading=heading)
    assert level is not None
    assert level.is_state_secret
    assert marking_of(text, heading="备注") is None


@pytest.mark.parametrize(
    ("heading", "text"),
    [("机密", "×"), ("机密", "否"), ("机密件数", "1"), ("商业秘密", ""), ("是否保密审查", "是"), ("classification", "TS"), ("机构", "秘")],
)  # fmt: skip
def test_what_is_no_tick_below_such_a_heading_is_no_state_secret(heading: str, text: str) -> None:
    level = marking_of(text, heading=heading)
    assert not (level and level.is_state_secret)


@pytest.mark.parametrize(
    "text",
    ["秘密花园", "原密级：机密，2010年解密", "密级分为绝密、机密、秘密", "密级：公开", "百年秘密", "秘密注意事项", "《机密》", "Secret Service", "机密电报登记"],
)  # fmt: skip
def test_a_mention_is_no_marking_whatever_is_near_it(text: str) -> None:
    assert marking_of(text) is None


@pytest.mark.parametrize("text", ["公开/内部/秘密/机密/绝密", "填写：绝密、机密、秘密", "Public, Confidential, Secret"])
def test_the_levels_that_there_are_to_choose_from_are_told_from_a_level(text: str) -> None:
    assert is_choice_of_levels(text)


@pytest.mark.parametrize("text", ["机密", "秘密、机密", "机密★20年/秘密★10年/公开", "机密/机密/公开", "公开/机密"])
def test_a_few_levels_are_no_choice(text: str) -> None:
    assert not is_choice_of_levels(text)


@pytest.mark.parametrize(
    ("heading", "text", "level"),
    [
        ("密级", "工作秘密", "工作秘密"),
        ("密级", "工作秘密★10年", "工作秘密"),
        ("备注", "商业秘密", "商业秘密"),
        ("note", "Trade secret", "商业秘密"),
        ("密级", "内部", "内部"),
        ("密级", "内部★5年", "内部"),
        ("备注", "内部资料", "内部"),
        ("access", "Restricted", "限制"),
        ("", "Private and confidential", "敏感"),
    ],
)
def test_what_is_no_state_secret_is_withheld_and_stops_nothing(heading: str, text: str, level: str) -> None:
    found = marking_of(text, heading=heading)
    assert found is SecurityClassification(level)
    assert found.is_withheld
    assert not found.is_state_secret


@pytest.mark.parametrize(
    ("heading", "text"),
    [
        ("来源", "内部"),
        ("密级", "公开"),
        ("开放审核意见", "控制使用"),
        ("公开属性", "不予公开"),
        ("是否涉密", "否"),
        ("密级", "不涉密"),
    ],
)
def test_what_says_nothing_of_secrecy_is_no_marking(heading: str, text: str) -> None:
    assert marking_of(text, heading=heading) is None


@pytest.mark.parametrize("name", MARKED_NAMES)
def test_a_name_of_which_a_part_is_a_level_is_marked(name: str) -> None:
    assert marking_in_name(name) is not None


@pytest.mark.parametrize(
    "name",
    [
        "关于保守国家秘密的通知.pdf",
        "商业秘密.pdf",
        "secret-garden.pdf",
        "The Secret Garden.pdf",
        "THE SECRET GARDEN.pdf",
        "A-0001.tif",
    ],
)
def test_a_name_that_mentions_secrecy_is_not(name: str) -> None:
    assert marking_in_name(name) is None


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("非密", "非密"),
        ("无", "非密"),
        ("普通", "非密"),
        ("限国内", "国内"),
        ("机密★20年", "机密"),
        ("Unclassified", "非密"),
    ],
)
def test_the_words_of_practice_are_read(text: str, level: str) -> None:
    assert parse_security(text) is SecurityClassification(level)


def test_an_object_of_a_level_is_a_marking_but_where_titles_stand() -> None:
    assert marking_of("机密文件") is None
    assert marking_of_object("机密文件") is SecurityClassification.SECRET
    for one in ("绝密电报", "机密正本", "机密案卷", "㊙文件"):
        assert marking_of(one) is None
        assert marking_of_object(one) is not None
    assert marking_of_object("机密电报登记") is None


@pytest.mark.parametrize("code", ["J019-WS·1980·Y·机密-0001", "J019-绝密-0001", "J019-㊙-1", "J019-SECRET-1"])
def test_a_code_of_which_a_part_is_a_level_is_marked(code: str) -> None:
    assert marking_in_code(code) is not None


@pytest.mark.parametrize("code", ["J019-WS·1980·Y·保密局-0001", "J019-2-15", "J019-WS·1980·Y·BMB-1", "J019-秘书处-1"])
def test_a_code_that_says_no_level_is_not(code: str) -> None:
    assert marking_in_code(code) is None


@given(st.text(max_size=300), st.text(max_size=20))
def test_no_text_raises(text: str, heading: str) -> None:
    marking_of(text, heading=heading)
    marking_in_name(text)
    parse_marking(text)


@pytest.mark.parametrize(
    "heading", ["Classification", "Document classification", "定密等级", "涉密等级", "Security level"]
)
def test_a_vague_word_counts_in_a_column_of_classifications(heading: str) -> None:
    assert marking_of("internal", heading=heading) is SecurityClassification.INTERNAL
    assert marking_of("internal", heading="Box") is None
