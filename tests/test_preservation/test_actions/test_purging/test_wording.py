"""What says something of a person is known however it is written, and what only looks like it is left alone."""

import json
from collections.abc import Sequence
from dataclasses import replace

import pytest

from archives.findings import Finding, warning
from archives.journal.facts import HoldPlaced
from archives.message import message
from archives.record.description import Description
from archives.record.identifiers import reference_code
from archives.units.unit import Level, Unit
from preservation.actions.purging.wording import Wording, not_about, words_of
from preservation.package.description_package import read_findings

CODE = "J019-2-0015-1"
NAMES = (
    "金丝雀",
    "张三 申请",
    "张三\u3000申请",
    "张三\n申请",
    "张三\"申'请",
    "张三\\申请",
    "Li Ming",
    "Ｌｉ\u00a0Ming",
    "‘张三’信",
)


def described(title: str, *, other: Sequence[tuple[str, str]] = (), note: str = "", number: str = "") -> Description:
    return Description(reference_code(CODE), title, other=tuple(other), note=note, document_number=number)


def unreadable(value: str, *, row: int = 3) -> Finding:
    said = message("“{value}”读不懂", "“{value}” cannot be read", value=value)
    return warning("date-unreadable", said, file="目录.csv", row=row, cell=f"E{row}")


def kept(found: Finding, *units: Unit) -> bool:
    said = [one.description for one in units]
    wording = Wording(words_of(said), [one.code.written for one in said])
    return not_about([found], wording, units) == (found,)


def unit(said: Description, *, source: str = "") -> Unit:
    return Unit("10000000-0000-4000-8000-000000000001", "990001", Level.ITEM, said, source=source)


@pytest.mark.parametrize("name", NAMES)
def test_a_finding_that_repeats_what_is_purged_goes_however_it_is_written(name: str) -> None:
    mine = unit(described(name))
    for found in (unreadable(name), unreadable(f"1983年{name}的"), unreadable(name.replace("\u3000", " "))):
        assert not kept(found, mine)
        many = message("{said}（{n} 处：{first}）", "{said} ({n}: {first})", said=found.message, n=3, first="a.csv 3")
        assert not kept(warning("date-unreadable", many), mine), "it lies in a message of a message"
    assert not kept(warning("file-unknown", message("没有", "none"), file=f"{name}.txt"), mine)
    assert kept(unreadable("李四"), mine)


@pytest.mark.parametrize("name", NAMES)
def test_a_fact_of_the_journal_that_repeats_it_is_known(name: str) -> None:
    wording = Wording(words_of([described(name)]))
    assert wording.first_in(HoldPlaced("h", "990001", CODE, f"因{name}的诉讼")) == name.strip()
    assert not wording.is_in(HoldPlaced("h", "990001", CODE, "诉讼"))


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        (described("甲件", other=(("件数", "12"),)), unreadable("某年", row=12)),
        (described("甲件", other=(("件数", "12"),)), unreadable("12")),
        (described("甲件", other=(("婚姻状况", "未婚"), ("生日", "1983-06-01"))), unreadable("未婚 1983-06-01")),
        (described("甲件", note="无"), unreadable("无年月")),
        (described("1983"), unreadable("1983年春")),
        (described("甲件", number="12"), unreadable("12月")),
        (described("Li"), unreadable("a library of 1983")),
        (described("读不懂"), unreadable("某年")),
        (described("甲件"), unreadable(f"{CODE}0")),
        (described("甲件"), unreadable(f"{CODE}-003")),
        (described("甲件"), unreadable(f"X-{CODE}")),
    ],
)
def test_what_others_say_of_themselves_stays(mine: Description, theirs: Finding) -> None:
    assert kept(theirs, unit(mine))


@pytest.mark.parametrize(
    "text", [CODE, f"{CODE}的页", f"扫描/{CODE}.txt", f"{CODE}/001.jpg", "Ｊ０１９－２－0015－1", f"（{CODE}）"]
)
def test_a_code_is_known_by_its_end(text: str) -> None:
    assert not kept(unreadable(text), unit(described("甲件")))


def test_what_tells_who_it_is_is_a_word_also_beside_the_elements() -> None:
    other = (
        ("身份证号", "11010119800101123X"),
        ("电话", "13800138000"),
        ("住址", "青峤县城关镇北街九号"),
        ("件数", "12"),
    )
    said = described("甲件", other=other, note="原件由其女张小兰保存", number="青水发〔1983〕12号")
    assert {*words_of([said])} == {
        "甲件", "11010119800101123X", "13800138000", "青峤县城关镇北街九号", "原件由其女张小兰保存", "青水发〔1983〕12号",
    }  # fmt: skip


def test_each_of_several_persons_in_one_cell_is_known() -> None:
    for written in ("张三、李四", "张三（已故）；李四", "张三“三爷”/李四（女）", "张三\n李四"):
        said = replace(described("甲件"), persons=(("姓名", written),))
        wording = Wording(words_of([said]))
        assert [wording.first_in(text) for text in ("张三本人申请", "李四之子", "已故者")] == ["张三", "李四", ""]


@pytest.mark.parametrize("source", ["目录.csv 12", "目录.csv!表1 12"])
def test_of_the_row_itself_every_value_is_known_and_what_many_rows_say_stays(source: str) -> None:
    mine = unit(described("甲件", other=(("件数", "十二"), ("日期", "某年"))), source=source)
    assert not kept(unreadable("某年", row=12), mine)
    assert not kept(unreadable("十二", row=12), mine)
    assert kept(unreadable("某年", row=13), mine)
    assert kept(unreadable("件数", row=12), mine), "the name of a column is nobody's"
    many = message(
        "{said}（{n} 处：{first}）", "{said} ({n}: {first})", said=unreadable("某年").message, n=300, first="a"
    )
    assert kept(warning("date-unreadable", many, file="目录.csv", row=12), mine)


def test_findings_say_the_same_when_they_are_read_from_a_package() -> None:
    mine = unit(described('张三\u3000"申\n请'))
    found = [unreadable('张三\u3000"申\n请'), unreadable("李四")]
    read = read_findings(json.dumps([_written(one) for one in found]).encode("utf-8"))
    assert [kept(one, mine) for one in read] == [False, True]


def _written(found: Finding) -> object:
    said = {"zh": found.message.zh, "en": found.message.en, "values": found.message.values}
    return {"code": found.code, "severity": found.severity, "message": said, "file": found.file, "row": found.row}
