"""What a sample record is: its description, its pages, how they are kept and worn, and what was decided about it."""

from collections.abc import Callable
from dataclasses import dataclass

from maker.ageing import Wear
from maker.paper import Paper


@dataclass(frozen=True)
class Decision:
    """A row of a decision sheet (开放审核); an empty text is an empty cell."""

    conclusion: str
    basis: str
    joint_unit: str
    reviewed_on: str
    opens_on: str = ""
    postponed_until: str = ""
    scope: str = "不上网"


@dataclass(frozen=True)
class SampleRecord:
    """A scanned record; ``form`` says how its pages are filed, ``security`` is 密级, 解密日期, 解密依据."""

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
    decision: Decision | None = None


TWENTY_FIVE_YEARS = "形成已满二十五年，依据《中华人民共和国档案法》第二十七条"
