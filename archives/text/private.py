"""What in a text may be a private person's: numbers, and names as titles write them. It points, and decides nothing.

Sources: GB 11643-1999 (citizen identification number) with its check character by ISO 7064 MOD 11-2; numbers of mobile
telephones in China (1 and ten digits).
"""

import re
from collections.abc import Iterator
from datetime import date
from enum import StrEnum

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_NUMBER = re.compile(r"(?<![0-9A-Za-z])(?:(\d{17}[\dXx])|((?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}))(?![0-9A-Za-z])")
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林郑谢罗梁宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白"
    "邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
_NAME = re.compile(
    rf"([{_SURNAMES}][\u4e00-\u9fff]{{1,2}}?)(?=(?:等[一二三四五六七八九十\d]*(?:名|人|位)?)?"
    r"(?:同志|先生|女士|同学|烈士|的?(?:处分|申诉|信访|来信|退休|任职|免职|离婚|遗产|病历|户口|控告|检举|平反|复查)))"
)


class PrivateKind(StrEnum):
    """What a private thing is."""

    ID_NUMBER = "id-number"
    TELEPHONE = "telephone"
    NAME = "name"


def private_things(text: str) -> Iterator[tuple[PrivateKind, str]]:
    """Yield numbers of identity cards (those whose check character is right) and telephones, and what looks like a name."""
    for found in _NUMBER.finditer(text):
        if found[1] and _is_id_number(found[1].upper()):
            yield PrivateKind.ID_NUMBER, found[1]
        elif found[2]:
            yield PrivateKind.TELEPHONE, found[2]
    for found in _NAME.finditer(text):
        yield PrivateKind.NAME, found[1]


def _is_id_number(number: str) -> bool:
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, number, strict=False))
    return _CHECKS[total % 11] == number[17]
