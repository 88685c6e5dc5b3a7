"""Whose site it is, from the settings to every page: its logo, its colour, the lines at the foot, what it tells of itself."""

import html
import os
import re
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from archives.errors import ConfigurationError
from archives.message import message
from cli import wiring
from cli.commands.operate.site import site_name, site_pictures, site_words
from cli.home.settings.portal import PortalSetting
from cli.home.settings.reading import parse_settings
from search.doors.portal.app import create_app
from search.doors.portal.browsing.told import SiteWords, linked
from search.index.memory import MemoryIndex
from search.published.views import PublishedViews

_SETTINGS = """
[portal]
operator = "澜浦市档案馆"
operator-en = "Lanpu City Archives"
about = "本网站由澜浦市档案馆主办。\\n联系 a@example.cn"
logo = "logo.svg"
accent = "#1d4f91"

[[portal.links]]
text = "京ICP备00000000号"
url = "https://beian.miit.gov.cn/"

[[portal.links]]
text = "网站标识码：0000000001"

[[portal.links]]
text = "无障碍声明"
text-en = "Accessibility <statement>"
url = "https://example.cn/a?b=1&c=2"
"""
_SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>'


def portal(settings: str) -> PortalSetting:
    """Return what settings say of the site."""
    return parse_settings(settings, Path("jinkui.toml")).portal


def made(settings: str, folder: Path) -> tuple[TestClient, SiteWords]:
    """Return a site of which the settings say something, and what they say."""
    chosen = portal(settings)
    views = PublishedViews(folder / "public.db", today=wiring.today)
    words = site_words(chosen, pictures=site_pictures(folder, chosen))
    app = create_app(views, MemoryIndex(), folder, site_name=site_name(chosen), words=words)
    return TestClient(app), words


@pytest.fixture
def site(tmp_path: Path) -> TestClient:
    (tmp_path / "logo.svg").write_bytes(_SVG)
    return made(_SETTINGS, tmp_path)[0]


@pytest.mark.parametrize("path", ["/", "/about", "/help", "/nothing", "/recent"])
def test_every_page_has_the_logo_the_colour_and_the_lines_of_its_institution(site: TestClient, path: str) -> None:
    text = site.get(path, params={"lang": "zh"}).text
    foot = text[text.index("<footer>") :]
    assert '<a href="https://beian.miit.gov.cn/">京ICP备00000000号</a>' in foot
    assert "<li>网站标识码：0000000001</li>" in foot
    assert "主办单位：<span>澜浦市档案馆</span>" in foot
    assert '<a href="/help">帮助</a>' in foot and '<a href="/about">关于</a>' in foot
    assert re.search(r'<a class="brand" href="/"><img class="logo" src="/logo/[0-9a-f]{16}" alt=""><span>金匮', text)
    assert text.index("/static/site.css") < text.index('href="/accent.css"')


def test_readers_of_other_languages_are_told_in_theirs_as_far_as_it_is_given(site: TestClient) -> None:
    english = site.get("/about", params={"lang": "en"}).text
    assert "Operated by: <span>Lanpu City Archives</span>" in english
    assert '<a href="https://example.cn/a?b=1&amp;c=2">Accessibility &lt;statement&gt;</a>' in english
    assert '<li lang="zh-Hans"><a href="https://beian.miit.gov.cn/">京ICP备00000000号</a>' in english
    assert '<p lang="zh-Hans">本网站由澜浦市档案馆主办。</p>' in english


def test_what_the_institution_wrote_is_never_converted(tmp_path: Path) -> None:
    said = (
        'site-name = "澜浦档案"\noperator = "澜浦市档案馆"\nabout = "主任范云、于后里"\n'
        '[[portal.links]]\ntext = "京ICP备00000000号"\n[[portal.repositories]]\ncode = "990001"\nhours = "周一"\n'
    )
    site, words = made(f"[portal]\n{said}", tmp_path)
    page = site.get("/about", params={"lang": "zh-Hant"}).text
    assert "主任范云、于后里" in page and "京ICP备00000000号" in page
    assert "主辦單位：<span>澜浦市档案馆</span>" in page and "<title>關於 – 澜浦档案</title>" in page
    assert words.repositories["990001"].hours.to("zh-Hant") == "周一"


def test_readers_of_traditional_characters_are_told_what_was_written_for_them(tmp_path: Path) -> None:
    said = (
        'site-name = "澜浦档案"\nsite-name-hant = "瀾浦檔案"\noperator = "a"\noperator-hant = "瀾浦市檔案館"\n'
        'about = "b"\nabout-hant = "主任范云、于后里"\n[[portal.links]]\ntext = "无障碍"\ntext-hant = "無障礙"\n'
        '[[portal.repositories]]\ncode = "990001"\nname-hant = "范縣檔案館"\nhours = "周一"\nhours-hant = "星期一"\n'
    )
    site, words = made(f"[portal]\n{said}", tmp_path)
    page = site.get("/about", params={"lang": "zh-Hant"}).text
    for one in ("瀾浦檔案</title>", "<span>瀾浦市檔案館</span>", "<p>主任范云、于后里</p>", "<li>無障礙</li>"):
        assert one in page
    assert words.repositories["990001"].hours.to("zh-Hant") == "星期一"
    assert words.holder("990001", "范县档案馆", "Fan", "zh-Hant") == "范縣檔案館"
    assert words.holder("990001", "范县档案馆", "Fan", "zh") == "范县档案馆"
    assert words.holder("990001", "范县档案馆", "Fan", "en") == "Fan"
    assert "無障礙" not in site.get("/about", params={"lang": "zh"}).text


def test_a_site_without_a_name_is_called_by_ours_in_every_language(tmp_path: Path) -> None:
    site, _ = made("", tmp_path)
    titles = {tongue: site.get("/", params={"lang": tongue}).text for tongue in ("zh", "zh-Hant", "en")}
    assert "金匮 · 开放档案</title>" in titles["zh"]
    assert "金匱 · 開放檔案</title>" in titles["zh-Hant"]
    assert "Jinkui Open Archives</title>" in titles["en"]


def test_the_page_about_the_site_begins_with_what_it_tells_of_itself(site: TestClient) -> None:
    text = site.get("/about", params={"lang": "zh"}).text
    text = text[text.index("<main") : text.index("<footer")]
    assert text.index("本网站由澜浦市档案馆主办。") < text.index("主办单位") < text.index("经过开放审核")
    assert '<a href="mailto:a@example.cn" rel="nofollow">a@example.cn</a>' in text


def test_the_logo_runs_nothing_and_the_colour_is_a_style_sheet(site: TestClient) -> None:
    path = re.findall(r'src="(/logo/[^"]+)"', site.get("/").text)[0]
    answer = site.get(path)
    assert (answer.content, answer.headers["content-type"]) == (_SVG, "image/svg+xml")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "sandbox" in policy and "script-src" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert site.get("/logo/0123456789abcdef").status_code == 404
    accent = site.get("/accent.css")
    assert accent.text == ":root { --seal: #1d4f91; }\n"
    assert accent.headers["content-type"].startswith("text/css")


def test_a_line_at_the_foot_has_a_picture_beside_its_text_or_alone(tmp_path: Path) -> None:
    (tmp_path / "police.png").write_bytes(b"\x89PNG\r\n\x1a\n1")
    (tmp_path / "mark.svg").write_bytes(_SVG)
    links = (
        '[[portal.links]]\ntext = "京公网安备"\nimage = "police.png"\n'
        '[[portal.links]]\ntext = "党政机关 <标识>"\nimage = "mark.svg"\nimage-alone = true\nurl = "/about"\n'
    )
    page = made(links, tmp_path)[0].get("/", params={"lang": "zh"}).text
    assert re.search(r'<li><img src="/logo/[0-9a-f]{16}" alt="" height="20"> 京公网安备</li>', page)
    alone = r'<li><a href="/about"><img src="(/logo/[0-9a-f]{16})" alt="党政机关 &lt;标识&gt;" height="56"></a></li>'
    found = re.search(alone, page)
    assert found is not None
    answer = made(links, tmp_path)[0].get(found[1])
    assert (answer.content, answer.headers["content-type"]) == (_SVG, "image/svg+xml")
    assert "sandbox" in answer.headers["content-security-policy"]


_PAGE = """
[[portal.pages]]
name = "privacy"
title = "隐私声明"
title-en = "Privacy"
title-hant = "隱私權聲明"
text = '''
第一段 <b>，
接着写 a@example.cn。

第二段'''
"""


def test_pages_of_the_institution_are_linked_and_told_to_engines(tmp_path: Path) -> None:
    site, _ = made(_PAGE, tmp_path)
    page = site.get("/pages/privacy", params={"lang": "zh"}).text
    assert '<a href="/pages/privacy">隐私声明</a>' in page[page.index("<footer>") :]
    assert "<h1>隐私声明</h1>" in page and "<p>第二段</p>" in page
    first = re.search("<p>第一段 .*?</p>", page, re.DOTALL)
    assert first and "&lt;b&gt;" in first[0] and "接着写" in first[0] and "mailto:a@example.cn" in first[0]
    assert "<loc>http://testserver/pages/privacy</loc>" in site.get("/sitemaps/lists.xml").text
    assert "noindex" not in page
    assert "<h1>Privacy</h1>" in site.get("/pages/privacy", params={"lang": "en"}).text
    assert "隱私權聲明</h1>" in site.get("/pages/privacy", params={"lang": "zh-Hant"}).text
    assert site.get("/pages/nothing").status_code == 404


def test_a_page_of_the_institution_has_headings_lists_and_linked_words(tmp_path: Path) -> None:
    text = (
        "# 无障碍声明\\n本站遵循 [准则](https://example.org/wcag)。\\n\\n## 已知问题\\n\\n先说明：\\n- 影片没有字幕 #1\\n"
        "- [帮助](/help)，[x](javascript:alert(1))，[y](//evil.example)\\n\\n#不是标题\\n\\n-不是列表"
    )
    site, _ = made(f'[[portal.pages]]\nname = "a"\ntitle = "声明"\ntext = "{text}"\n', tmp_path)
    shown = html.unescape(site.get("/pages/a", params={"lang": "zh"}).text)
    body = shown[shown.index('<section class="prose">') : shown.index("</section>")]
    parts = ["<h2>无障碍声明</h2>", '<a href="https://example.org/wcag" rel="nofollow">准则</a>', "<h2>已知问题</h2>"]
    parts += ["<p>先说明：</p>", "<ul><li>影片没有字幕 #1</li><li>", '<a href="/help" rel="nofollow">帮助</a>']
    parts += ["[x](javascript:alert(1))，[y](//evil.example)</li></ul>", "<p>#不是标题</p>", "<p>-不是列表</p>"]
    places = [body.find(part) for part in parts]
    assert -1 not in places and places == sorted(places), body


def tags(page: str) -> dict[str, str]:
    """Return the tags of a government's site on a page."""
    return dict(re.findall(r'<meta name="([A-Z][A-Za-z]+)" content="([^"]*)">', page))


def test_a_government_site_has_its_tags_on_every_page(tmp_path: Path) -> None:
    said = '[portal]\nsite-name = "澜浦档案"\nsite-code = "4199000001"\naddress = "https://open.example.cn"\n'
    site, _ = made(said + _PAGE, tmp_path)
    every = {"SiteName": "澜浦档案", "SiteDomain": "open.example.cn", "SiteIDCode": "4199000001"}
    for path in ("/", "/search?q=x", "/nothing"):
        assert tags(site.get(path, params={"lang": "zh"}).text) == every
    found = tags(site.get("/recent", params={"lang": "zh"}).text)
    assert found == {**every, "ColumnName": "新近开放", "ColumnDescription": "新近开放"}
    assert tags(site.get("/pages/privacy", params={"lang": "zh"}).text)["ColumnName"] == "隐私声明"
    assert tags(made(_PAGE, tmp_path)[0].get("/recent").text) == {}


def test_a_site_of_which_nothing_is_said_has_neither(tmp_path: Path) -> None:
    words = site_words(parse_settings("", tmp_path / "jinkui.toml").portal)
    app = create_app(
        PublishedViews(tmp_path / "public.db", today=wiring.today),
        MemoryIndex(),
        tmp_path,
        site_name=message("馆", "A"),
        words=words,
    )
    site = TestClient(app)
    text = html.unescape(site.get("/", params={"lang": "zh"}).text)
    assert "主办单位" not in text and "accent" not in text and 'src="/static/seal.svg"' in text
    assert site.get("/accent.css").status_code == 404


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("a.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>', "其中有脚本"),
        ("a.svg", b'<svg xmlns="http://www.w3.org/2000/svg" onload="x()"/>', "其中有脚本"),
        ("a.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><a href=" javascript:x"/></svg>', "其中有脚本"),
        ("a.svg", b'<!DOCTYPE svg [<!ENTITY a "b">]><svg xmlns="http://www.w3.org/2000/svg"/>', "DOCTYPE"),
        ("a.svg", b"<html/>", "不是 PNG"),
        ("a.png", b"GIF89a", "不是 PNG"),
        ("a.png", b"\x89PNG\r\n\x1a\n" + bytes(1 << 20), "超过 512 KiB"),
        ("../a.png", b"", "须放在档案库文件夹之内"),
        ("none.png", None, "图片 none.png 不能用"),
    ],
)
def test_a_picture_that_cannot_be_used_is_refused(tmp_path: Path, name: str, data: bytes | None, why: str) -> None:
    home = tmp_path / "home"
    home.mkdir()
    if data is not None:
        (home / name).write_bytes(data)
    for said in (f'[portal]\nlogo = "{name}"', f'[[portal.links]]\ntext = "a"\nimage = "{name}"'):
        with pytest.raises(ConfigurationError) as raised:
            site_pictures(home, portal(said))
        assert why in raised.value.message.text("zh")


def test_a_logo_that_is_a_link_to_another_place_is_refused(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (tmp_path / "secret.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    os.symlink(tmp_path / "secret.png", home / "logo.png")
    with pytest.raises(ConfigurationError):
        site_pictures(home, portal('[portal]\nlogo = "logo.png"'))


@pytest.mark.parametrize(
    ("data", "media_type"), [(b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff\xe0", "image/jpeg")]
)
def test_a_picture_is_what_its_bytes_say(tmp_path: Path, data: bytes, media_type: str) -> None:
    (tmp_path / "logo.svg").write_bytes(data)
    pictures = site_pictures(tmp_path, portal('[portal]\nlogo = "logo.svg"'))
    assert pictures["logo.svg"].media_type == media_type


@pytest.mark.parametrize(
    ("text", "href"),
    [
        ("查阅大厅 0391-0000000", "tel:03910000000"),
        ("电话：010-12345678 转 8012", "tel:01012345678;ext=8012"),
        ("+44 (0)20 7946 0000", "tel:+442079460000"),
        ("手机13800138000。", "tel:13800138000"),
        ("见 https://example.cn/zixun。", "https://example.cn/zixun"),
        ("邮箱a@example.cn，", "mailto:a@example.cn"),
    ],
)
def test_what_can_be_followed_is_linked(text: str, href: str) -> None:
    assert f'<a href="{href}" rel="nofollow">' in linked(text)
    assert re.sub("<[^>]+>", "", linked(text)) == text


@pytest.mark.parametrize(
    "text", ["8:30—17:30", "2021-09-01", "1949-1965", "邮编 450000", "J019-WS·2014·Y·BGS-0101", "18 号"]
)
def test_days_hours_and_codes_are_no_telephones(text: str) -> None:
    assert linked(text) == text


def test_nothing_in_a_paragraph_becomes_markup() -> None:
    assert "<script" not in linked("<script>https://a.cn/'onclick=x</script>")
