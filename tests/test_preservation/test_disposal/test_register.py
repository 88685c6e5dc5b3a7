from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pypdfium2
import pytest

from archives.message import Message
from preservation.disposal.plan import DisposalPlan, PlannedDisposal
from preservation.disposal.register import Register, write_register
from preservation.handouts.fonts import chinese_font

DAY = date(2026, 11, 26)


def planned(code: str, title: str) -> PlannedDisposal:
    return PlannedDisposal("990101", code, title, "定期10年", "1983", 3, 1, f"package-{code}", 1, "0" * 128)


def register(*titles: str) -> Register:
    records = tuple(planned(f"J019-2-15-{n:03}", title) for n, title in enumerate(titles, 1))
    plan = DisposalPlan("p1", "planner", "无继续保存价值", DAY, records)
    at = datetime(2026, 11, 26, 9, tzinfo=UTC)
    return Register(plan, "张某", (("李某", at), ("王某", at)), ("钱一", "孙二"), DAY)


@pytest.mark.skipif(chinese_font() is None, reason="no Chinese font: fonts-noto-cjk")
def test_whoever_answers_for_it_signs_on_the_last_page_however_long_it_is(tmp_path: Path) -> None:
    told: list[Message] = []
    _, page = write_register(register(*(f"防汛工作的通知{number}" for number in range(60))), tmp_path, told.append)
    with pypdfium2.PdfDocument(page) as document:
        texts = ["".join(page.get_textpage().get_text_range().split()) for page in document]
    for name in ("批准人李某", "批准人王某", "监销人钱一", "监销人孙二"):
        assert f"{name}（签字）" in texts[-1]
    assert all(f"防汛工作的通知{number}" in "".join(texts) for number in range(60))
    assert "无继续保存价值" in texts[0]
    assert told == []


def test_what_was_a_mistake_stands_in_a_register_of_what_was_removed(tmp_path: Path) -> None:
    destroyed = register("通知")
    removed = replace(destroyed, plan=replace(destroyed.plan, mistake="非本馆档案"))
    names = [write_register(one, tmp_path, lambda _: None)[0].name for one in (destroyed, removed)]
    assert names == ["销毁清册-p1.xlsx", "移除清册-p1.xlsx"]
    rows = [*openpyxl.load_workbook(tmp_path / names[1]).worksheets[0].values]
    assert rows[0][0] == "移除清册"
    assert ("共计", "1 个信息包") in [row[:2] for row in rows]


@pytest.mark.skipif(chinese_font() is None, reason="no Chinese font: fonts-noto-cjk")
def test_a_character_that_cannot_be_printed_is_told(tmp_path: Path) -> None:
    told: list[Message] = []
    write_register(register("王\ue000"), tmp_path, told.append)
    (said,) = told
    assert "J019-2-15-001" in said.text("zh")
    assert "U+E000" in said.text("en")
