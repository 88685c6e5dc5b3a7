"""What is wrong with the settings is said in the language of their reader, wherever the words come from."""

import re
from importlib import resources
from pathlib import Path

import pytest

from archives.errors import ConfigurationError
from archives.message import Message
from cli.commands.operate.site import site_words, site_words_as_set
from cli.home.default_settings import DEFAULT_FILE
from cli.home.settings.portal import PAPER, contrast
from cli.home.settings.reading import parse_settings, read_settings


def refused(text: str) -> Message:
    """Return why settings are refused."""
    with pytest.raises(ConfigurationError) as raised:
        parse_settings(text, Path("jinkui.toml"))
    return raised.value.message


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ('copies = "x"', "第 1 行 copies: 须是整数", "line 1, copies: it has to be a whole number"),
        (
            "\n# 注\n[ocr]\n\nworkers = -1",
            "第 5 行 ocr.workers: 不能小于 0",
            "line 5, ocr.workers: it cannot be less than 0",
        ),
        ('colour = "red"', "第 1 行 colour: 没有这一项设置", "line 1, colour: there is no such setting"),
        (
            "[audit]\r\ninterval-dayz = 9\r\n",
            "第 2 行 audit.interval-dayz: 没有这一项设置，是否指 interval-days？",
            "line 2, audit.interval-dayz: there is no such setting, did you mean interval-days?",
        ),
        ("interval_days = 9", "是否指 [audit] 中的 interval-days？", "did you mean interval-days in [audit]?"),
        ("[ocr]\nlanguage = 'zh'", "是否指写在各节之前的 language？", "did you mean language, above all sections?"),
        (
            "[audti]\nworkers = 1",
            "第 1 行 audti: 没有这一项设置，是否指 audit？",
            "line 1, audti: there is no such setting",
        ),
        (
            "[[stores]]\nname = 'a'\npath = 'a'\n[[stores]]\nname = 'b'\npath = 'b'\nofline = true",
            "第 7 行 stores.ofline: 没有这一项设置，是否指 offline？",
            "line 7, stores.ofline: there is no such setting, did you mean offline?",
        ),
        ("[[stores]]\nname = 'a'\npathh = 'a'", "是否指 path？", "did you mean path?"),
        ("copies = 2\n[[stores]]\npath = 'a'", "第 2 行 stores.name: 缺少这一项", "line 2, stores.name: it is missing"),
        ("[audit]\nalarm-command = [\n 'a',\n 3]", "第 2 行 audit.alarm-command: 须是加引号的文字", "line 2, audit"),
        ("language = 'fr'", "须是其中之一：'auto', 'zh', 'en'", "it has to be one of: 'auto', 'zh', 'en'"),
        ("copies = [", "不合 TOML 的写法", "no TOML"),
    ],
)
def test_a_setting_that_cannot_be_is_told_with_line_and_key_and_what_may_be_meant(text: str, zh: str, en: str) -> None:
    said = refused(text)
    assert zh in said.text("zh")
    assert en in said.text("en")


@pytest.mark.parametrize(
    "text",
    [
        "audit = 3",
        "stores = 3",
        "stores = [3]",
        "operator = 3",
        "[audit]\ninterval-days = 1.5",
        "[audit]\nalarm-command = 'x'",
        "[children]\nuser = 1e400",
        "[ocr.engines]\nzh = 'x'",
        "[opening]\nkeep-reviewed = 3",
        "[portal]\nport = 99999",
        "[portal]\nhosts = ['a b']",
        "[[portal.repositories]]\ncode = ''",
        "[search]\nelasticsearch = 3",
        "[search]\ntimeout-seconds = 0",
        "[search]\ntimeout-seconds = 'a'",
        "[[stores]]\nname = 'a b/'\npath = 'a'",
        "[[stores]]\nname = 'a'\npath = 'a'\ndue = '2027'",
        "[[stores]]\nname = 'a'\npath = 'a'\ndue = 3",
        "[[stores]]\nname = 'a'\npath = 'a'\ndue = true",
        "[[stores]]\nname = 'a'\npath = 'a'\noffline = 'x'",
    ],
)
def test_no_words_of_programmers_are_told(text: str) -> None:
    said = refused(text)
    assert not re.search(r"[Ii]nput|[Ee]xtra|[Ff]ield|should|tuple|valid", said.text("en")), said.text("en")
    assert "这个值不能用" not in said.text("zh")
    assert re.search(r"第 \d 行", said.text("zh"))


def test_two_faults_are_told_in_the_order_of_the_file() -> None:
    said = refused("[portal]\nport = 0\n[audit]\ninterval-days = 0").text("en")
    assert said.index("line 2, portal.port") < said.index("line 4, audit.interval-days")


def test_a_store_of_no_kind_is_told_what_says_where_it_is() -> None:
    said = refused('[[stores]]\nname = "third"\nurl = "foo://x"')
    assert "存储须写明其中一项：path = …" in said.text("zh")
    assert "a store has one of: path" in said.text("en")


def test_settings_in_another_encoding_are_told_to_be(tmp_path: Path) -> None:
    (tmp_path / "jinkui.toml").write_bytes("operator = '王'".encode("gb18030"))
    with pytest.raises(ConfigurationError) as raised:
        read_settings(tmp_path)
    assert raised.value.message.text("zh").endswith("不是 utf-8 编码")


def test_what_a_repository_tells_on_the_site_comes_from_the_settings() -> None:
    text = '[portal]\naddress = "https://open.example.org/"\n[[portal.repositories]]\ncode = "990001"\nhours = "周一"\nclosed = "填表"\nclosed-en = "A form"\n'
    words = site_words(parse_settings(text, Path("jinkui.toml")).portal)
    told = words.repositories["990001"]
    assert words.address == "https://open.example.org"
    assert (told.hours.to("zh"), told.hours.to("en")) == ("周一", "周一")
    assert (told.closed.to("zh"), told.closed.to("en")) == ("填表", "A form")
    assert told.contact.to("zh") == ""


@pytest.mark.parametrize("address", ["ftp://x", "archives.example.org", "https://a.example.org/open", "https://"])
def test_an_address_of_the_site_is_told_to_begin_with_its_scheme(address: str) -> None:
    said = refused(f'[portal]\naddress = "{address}"')
    assert "第 2 行 portal.address: 须以 https:// 或 http:// 开头" in said.text("zh")
    assert "portal.address: it has to begin with https://" in said.text("en")


def test_what_a_repository_tells_changes_with_the_file_and_stays_where_that_cannot_be_read(tmp_path: Path) -> None:
    def write(text: str) -> None:
        (tmp_path / "new").write_text(text, "utf-8")
        (tmp_path / "new").replace(tmp_path / "jinkui.toml")

    def repository(contact: str) -> str:
        return f'[[portal.repositories]]\ncode = "990001"\ncontact = "{contact}"\n'

    write(repository("电话一"))
    words = site_words_as_set(read_settings(tmp_path).portal, tmp_path)
    assert words.repositories["990001"].contact.to("zh") == "电话一"
    write(repository("电话二"))
    assert words.repositories["990001"].contact.to("zh") == "电话二"
    write("[[")
    assert words.repositories["990001"].contact.to("zh") == "电话二"
    write(repository("电话三").replace("990001", "990002"))
    assert list(words.repositories) == ["990002"]


@pytest.mark.parametrize("table", ["repositories", "links", "pages"])
def test_the_example_of_a_table_in_the_file_that_init_writes_can_be_used(table: str) -> None:
    _, begins, example = DEFAULT_FILE.partition(f"# [[portal.{table}]]")
    lines = [line.removeprefix("# ") for line in (begins + example.partition("\n\n")[0]).splitlines()]
    (told,) = getattr(parse_settings("\n".join(lines), Path("jinkui.toml")).portal, table)
    named = {info.alias or name for name, info in type(told).model_fields.items()}
    assert {line.partition(" = ")[0] for line in lines[1:] if " = " in line} == named


@pytest.mark.parametrize(
    "url",
    [
        "https://beian.miit.gov.cn/",
        "http://www.beian.gov.cn/portal/registerSystemInfo?recordcode=41900100000000",
        "mailto:dangan@example.cn",
        "tel:+86-391-0000000",
        "tel:0391-0000000;ext=12",
        "/about",
        "/",
        "/pages/privacy#cookies",
    ],
)
def test_a_line_at_the_foot_leads_to_pages_mail_and_telephones(url: str) -> None:
    (link,) = parse_settings(f'[[portal.links]]\ntext = "a"\nurl = "{url}"', Path("jinkui.toml")).portal.links
    assert link.url == url


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "about",
        "//example.org",
        "/\\\\example.org",
        "/a b",
        "ftp://a",
        "data:text/html,x",
        "https:///x",
        "https://a b",
        "tel:x",
    ],
)
def test_a_line_at_the_foot_leads_nowhere_else(url: str) -> None:
    said = refused(f'[[portal.links]]\ntext = "a"\nurl = "{url}"')
    assert "第 3 行 portal.links.url: 须是完整的 https://" in said.text("zh")
    assert "portal.links.url: it has to be a whole address" in said.text("en")


@pytest.mark.parametrize("name", ["", "Privacy", "a/b", "../a", "隐私"])
def test_a_page_of_its_own_has_a_name_that_an_address_can_have(name: str) -> None:
    said = refused(f'[[portal.pages]]\nname = "{name}"\ntitle = "a"\ntext = "b"').text("zh")
    assert "portal.pages.name: " in said


def test_two_pages_of_one_name_are_refused() -> None:
    page = '[[portal.pages]]\nname = "privacy"\ntitle = "a"\ntext = "b"\n'
    assert "有 2 页都叫“privacy”" in refused(page * 2).text("zh")


def test_a_colour_is_refused_on_which_white_cannot_be_read() -> None:
    for accent in ("#1d4f91", "#9D2222"):
        assert parse_settings(f'[portal]\naccent = "{accent}"', Path("jinkui.toml")).portal.accent == accent
    said = refused('[portal]\naccent = "#c98a1b"').text("zh")
    assert "portal.accent: 颜色太浅" in said and "只有 2.7" in said
    assert "portal.accent: it has to be a colour" in refused('[portal]\naccent = "red"').text("en")
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)
    refused('[portal]\naccent = "#767676"')  # as a link on the paper of the site


def test_links_are_judged_on_the_paper_that_the_site_has() -> None:
    css = resources.files("search.doors.portal").joinpath("static/site.css").read_text("utf-8")
    assert f"--paper: {PAPER};" in css
