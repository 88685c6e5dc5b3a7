"""What is wrong with the settings is said in the language of their reader, wherever the words come from."""

import re
from pathlib import Path

import pytest

from archives.errors import ConfigurationError
from archives.message import Message
from cli.commands.operate.serve import site_words
from cli.home.default_settings import DEFAULT_FILE
from cli.home.settings import parse_settings, read_settings

LATIN = re.compile("[A-Za-z]{2,}")


def refused(text: str) -> Message:
    """Return why settings are refused."""
    with pytest.raises(ConfigurationError) as raised:
        parse_settings(text, Path("jinkui.toml"))
    return raised.value.message


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ('copies = "x"', "copies: 须是整数", "valid integer"),
        ("copies = -1", "copies: 这个值不能用", "greater than or equal to 0"),
        ('colour = "red"', "colour: 没有这一项设置", "not permitted"),
        ("[ocr]\nlanguages = 1", "没有这一项设置", "not permitted"),
        ("copies = [", "不合 TOML 的写法", "no TOML"),
    ],
)
def test_a_setting_that_cannot_be_is_told_with_its_key_and_in_one_language(text: str, zh: str, en: str) -> None:
    said = refused(text)
    assert zh in said.text("zh")
    assert en in said.text("en")
    keys = re.sub(r"copies|colour|ocr\.languages|TOML", "", said.text("zh"))
    assert not LATIN.search(keys), keys


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
    assert (told.hours.text("zh"), told.hours.text("en")) == ("周一", "周一")
    assert (told.closed.text("zh"), told.closed.text("en")) == ("填表", "A form")
    assert told.contact.text("zh") == ""
    assert "portal.address: 写法不对" in refused('[portal]\naddress = "ftp://x"').text("zh")


def test_the_example_of_a_repository_in_the_file_that_init_writes_can_be_used() -> None:
    _, begins, example = DEFAULT_FILE.partition("# [[portal.repositories]]")
    lines = [line.removeprefix("# ") for line in (begins + example).splitlines()]
    (told,) = parse_settings("\n".join(lines), Path("jinkui.toml")).portal.repositories
    named = {info.alias or name for name, info in type(told).model_fields.items()}
    assert {line.partition(" = ")[0] for line in lines[1:] if " = " in line} == named
