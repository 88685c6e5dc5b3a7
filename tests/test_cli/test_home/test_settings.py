"""What is wrong with the settings is said in the language of their reader, wherever the words come from."""

import re
from pathlib import Path

import pytest

from archives.errors import ConfigurationError
from archives.message import Message
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
