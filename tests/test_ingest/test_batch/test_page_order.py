"""Pages stand in the order of their names read as numbers part by part, or their record is refused by name."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archives.findings import Finding, Severity
from ingest.batch.listing import PlannedFile
from ingest.batch.page_order import Named, in_order
from tests.support.intake import codes


def ordered(*names: str, pages: bool = True) -> tuple[list[str], list[int | None], list[Finding]]:
    """Return names in their order with the page numbers they were given, and what was found."""
    named = [Named(PlannedFile(Path("x"), f"{name}.jpg", 1), name) for name in names]
    files, found = in_order(named, lambda file: pages)
    return [file.relative.removesuffix(".jpg") for file in files], [file.page for file in files], found


@pytest.mark.parametrize(
    "names",
    [
        ("1", "2", "10"),
        ("0001-1", "0001-2", "0002-1", "0002-2"),
        ("001-2", "1-10", "2-1"),
        ("20140301_091500", "20140301_091510", "20140302_080000"),
        ("IMG_20140301_091500", "IMG_20140301_101500"),
        ("IMG_0001", "IMG_0002"),
        ("001r", "001v", "002r"),
        ("f1 recto", "f1 verso", "f2 recto"),
        ("001正", "001反", "002正", "002反"),
        ("001正面", "001背面"),
        ("001", "001a", "001b", "002"),
        ("a", "b", "c"),
        ("甲", "乙", "丙"),
        ("上", "中", "下"),
        ("扫描", "扫描 (1)", "扫描 (2)", "扫描 (10)"),
        ("扫描（1）", "扫描（2）"),
        ("第一页", "第二页", "第十页", "第十二页", "第二十页", "第一百零三页"),
        ("一九八六年1", "一九八七年1"),
        ("①", "②", "⑩"),
        ("１", "２", "１０"),
        ("封面", "封二", "目录001", "目录002", "001", "002", "003", "003-1", "附件1/1", "附件2/1", "备考表", "封底"),
        ("FM", "ML001", "001", "002", "BK"),
        ("front", "1", "2", "back"),
        ("正文/1", "正文/2", "附件/1"),
        ("正本", "定稿"),
        ("封面", "", "附件"),
        ("1", "2", "附1", "附图/1"),
        ("001 封面", "002 说明", "003 正文"),
        ("1/1", "1/2", "2/1", "10/1"),
        ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x"),
        ("I", "II", "III"),
        ("cover", "title page", "i", "ii", "iii", "1", "2", "back"),
        ("p. vii", "p. viii", "p. ix", "p. 1"),
        ("vol1_i", "vol1_ii", "vol1_1", "vol2_i"),
        ("12", "12bis", "12ter", "13"),
        ("壹", "贰", "叁", "拾", "拾壹"),
        ("十九", "二十", "廿一", "三十", "卅一"),
        ("١", "٢", "١٠"),
        ("3f2504e0-4f89-11d3-9a0c-0305e82c3301_1", "3f2504e0-4f89-11d3-9a0c-0305e82c3301_2"),
    ],
)
def test_names_stand_in_the_order_in_which_people_read_them(names: tuple[str, ...]) -> None:
    found, _, told = ordered(*sorted(names))
    assert found == list(names)
    assert [one.code for one in told if one.code != "page-gap"] == []


@pytest.mark.parametrize(
    "names",
    [
        ("会场", "合影"),
        ("001L", "001R"),
        ("左", "右"),
        ("IMG_0001", "SCAN0002"),
        ("1", "图1"),
        ("", "封面", "1"),
        ("", "1"),
        ("", ""),
        ("c", "d", "i"),
        ("i", "ii", "x"),
        ("ii", "图"),
        ("01-03-2014", "15-02-2014"),
        ("扫描 1.3.2014", "扫描 15.2.2014"),
        ("3f2504e0-4f89-11d3-9a0c-0305e82c3301", "6fa459ea-ee8a-3ca4-894e-db77e160355e"),
        ("9e107d9d372bb6826bd81d3542a419d6", "04d909c290d0fb1ca068ffaddf22cbd0"),
        ("20140301_091500123", "20140301_091501"),
        ("2", "1/1", "卷/1"),
    ],
)
def test_names_whose_order_nobody_can_tell_refuse_their_record_and_say_what_to_do(names: tuple[str, ...]) -> None:
    _, pages, (refused,) = ordered(*names)
    assert (refused.code, refused.severity) == ("pages-ambiguous", Severity.ERROR)
    assert "文件" in refused.message.text("zh")
    assert "semicolons" in refused.message.text("en")
    assert all(Path(f"{name}.jpg").name in refused.message.text("en") for name in names[:2])
    assert set(pages) == {None}


def test_the_order_of_documents_is_never_a_reason_to_refuse_them() -> None:
    assert ordered("附件", "正文", "处理单", pages=False)[2] == []


def test_pictures_among_documents_are_documents_unless_they_are_counted() -> None:
    def among_documents(*names: str) -> list[str]:
        named = [Named(PlannedFile(Path("x"), name, 1), name.partition(".")[0]) for name in (*names, "合同.docx")]
        return codes(in_order(named, lambda file: file.relative.endswith("jpg"))[1])

    assert among_documents("身份证.jpg", "营业执照.jpg") == []
    assert among_documents("IMG_1.jpg", "SCAN_2.jpg") == ["pages-ambiguous"]


def test_documents_beside_pages_in_doubt_with_them_come_after_them() -> None:
    named = [Named(PlannedFile(Path("x"), name, 1), name.partition(".")[0]) for name in ("说明.txt", "2.jpg", "1.jpg")]
    files, found = in_order(named, lambda file: file.relative.endswith("jpg"))
    assert [file.relative for file in files] == ["1.jpg", "2.jpg", "说明.txt"]
    assert found == []


@pytest.mark.parametrize(
    ("names", "numbers", "expected"),
    [
        (("1", "2", "3"), [1, 2, 3], []),
        (("第1页", "p2"), [1, 2], []),
        (("",), [None], []),
        ((), [], []),
        (("1", "3"), [1, 3], ["page-gap"]),
        (("2",), [2], ["page-gap"]),
        (("1", "1"), [None, None], ["page-twice"]),
        (("0", "1"), [None, None], ["page-zero"]),
        (("0", "2", "2"), [None] * 3, ["page-twice", "page-gap", "page-zero"]),
        (("0001-1", "0001-2", "0002-1"), [None] * 3, []),
        (("0001-1", "0003-1"), [None] * 2, ["page-gap"]),
        (("1", "2-1", "3"), [None] * 3, ["page-gap"]),
        (("1", "2", "2-1", "3"), [None] * 4, []),
        (("FM", "1", "2", "BK"), [None] * 4, []),
        (("FM", "1", "3"), [None] * 3, ["page-gap"]),
        (("IMG_0453", "IMG_0454"), [None] * 2, []),
        (("IMG_0453", "IMG_0455"), [None] * 2, ["page-gap"]),
        (("20140301_091500", "20140301_091510"), [None] * 2, []),
        (("IMG_7",), [None], []),
        (("1", "1 - 副本", "2"), [None] * 3, ["page-twice"]),
        (("1", "2", "2 - Copy"), [None] * 3, ["page-twice"]),
        (("i", "ii", "iii", "1"), [None] * 4, []),
    ],
)
def test_what_is_missing_or_double_is_told_of_numbers_that_count(
    names: tuple[str, ...], numbers: list[int | None], expected: list[str]
) -> None:
    _, given_numbers, found = ordered(*names)
    assert (given_numbers, codes(found)) == (numbers, expected)


def test_a_long_gap_is_told_without_filling_a_page() -> None:
    (found,) = ordered("1", "900000")[2]
    assert len(found.message.text("en")) < 200


@given(st.lists(st.integers(0, 50), max_size=12))
def test_only_numbers_that_run_from_one_are_without_a_finding(numbers: list[int]) -> None:
    found = ordered(*map(str, numbers))[2]
    assert (found == []) is (sorted(numbers) == list(range(1, len(numbers) + 1)))


@given(st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99)), min_size=1, max_size=8, unique=True))
def test_numbers_of_two_parts_are_ordered_by_both_however_they_are_padded(
    pairs: list[tuple[int, int]],
) -> None:
    names = {f"{one:0{1 + two % 4}}-{two:0{1 + one % 3}}": (one, two) for one, two in pairs}
    found = ordered(*names)[0]
    assert [names[name] for name in found] == sorted(names.values())


@given(st.lists(st.text("019ab正一第 -_()页/", max_size=6), max_size=6))
def test_no_file_is_lost_or_numbered_twice_whatever_it_is_called(names: list[str]) -> None:
    found, numbers, _ = ordered(*names)
    given_numbers = [number for number in numbers if number is not None]
    assert sorted(found) == sorted(names)
    assert len(set(given_numbers)) == len(given_numbers)
    assert 0 not in given_numbers
