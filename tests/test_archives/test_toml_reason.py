"""Why a text is no TOML is said in the language of its reader."""

import re
import tomllib

import pytest

from archives.toml_reason import toml_reason


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ("kind = [", "到末尾还没有写完", "at its end"),
        ('a = 1\n= "x"', "第 2 行第 1 列", "line 2, column 1"),
        ("kind = 卷", "第 1 行第 8 列", "line 1, column 8"),
    ],
)
def test_it_is_said_where_a_text_stops_being_toml(text: str, zh: str, en: str) -> None:
    with pytest.raises(tomllib.TOMLDecodeError) as raised:
        tomllib.loads(text)
    said = toml_reason(raised.value)
    assert zh in said.text("zh")
    assert en in said.text("en")
    assert not re.search("[A-Za-z]{2,}", said.text("zh").replace("TOML", ""))


def test_a_failure_without_a_place_is_said_all_the_same() -> None:
    assert toml_reason(RecursionError("too deep")).text("zh") == "不合 TOML 的写法"


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ("[a.b]\n[a.b]\n", "第 2 行：[a.b] 一节前面已有", "line 2: the section [a.b] is there already"),
        ("[a]\nx = 1\n[a]", "第 3 行：[a] 一节前面已有", "line 3: the section [a] is there already"),
        ("x = 1\nx = 2\ny = 3", "第 2 行：这一项前面已有", "line 2: this key is there already"),
        ("x = 1\nx = 2", "末尾：这一项前面已有", "at its end: this key is there already"),
        ("a = {b = 1, b = 2}", "第 1 行：这一项前面已有", "line 1: this key is there already"),
    ],
)
def test_what_stands_twice_is_told_to(text: str, zh: str, en: str) -> None:
    with pytest.raises(tomllib.TOMLDecodeError) as raised:
        tomllib.loads(text)
    said = toml_reason(raised.value)
    assert said.text("zh").startswith(zh)
    assert said.text("en").startswith(en)
