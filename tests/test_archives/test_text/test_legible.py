"""Text that anybody can read is told from signs without sense."""

import pytest

from archives.text.legible import is_legible


@pytest.mark.parametrize(
    "text",
    [
        "会议通知",
        "關於保守國家秘密的通知",
        "防汛物資儲備",
        "été à la façon de naguère",
        "目录 ........................ 3",
        "2014年9月30日 第1页",
        "昨日の会議",
        "1986: 12 345,00 €",
    ],
)
def test_texts_of_every_kind_are_legible(text: str) -> None:
    assert is_legible(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  \n",
        "....",
        "\x01\x02\x03\x04abcd",
        "\ue001\ue002\ue003字",
        "ÕâÊÇÒ»·ÝÎÄ¼þ",
        "\ufffd\ufffd文",
        "!\"#$%&'()*+",
        "㐀㐁㐂㐃䶵",
    ],
)
def test_signs_without_sense_are_not(text: str) -> None:
    assert not is_legible(text)
