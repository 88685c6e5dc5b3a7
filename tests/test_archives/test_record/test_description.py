"""Dates, retention periods, languages and codes, as archivists write them."""

import re
import unicodedata
from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archives.errors import FormatError, IdentifierError
from archives.record.description import parse_language, parse_retention
from archives.record.identifiers import archival_code_order, parse_archival_code
from archives.record.names import safe_names, safe_paths


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    for parse in (parse_retention, parse_language):
        try:
            parse(text)
        except FormatError:
            continue
    try:
        code = parse_archival_code(text)
    except IdentifierError:
        return
    assert parse_archival_code(code.key).key == code.key


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("永久", "Y"),
        ("Y", "Y"),
        ("30年", "D30"),
        ("定期10年", "D10"),
        ("D30", "D30"),
        ("30", "D30"),
        ("长期", "长期"),
        ("短期", "短期"),
        ("定期（30年）", "D30"),
        ("定期 30 年", "D30"),
        ("三十年", "D30"),
        ("十年", "D10"),
        ("30 years", "D30"),
        ("10 yrs", "D10"),
        ("permanent", "Y"),
        ("Permanent retention", "Y"),
        ("永", "Y"),
        ("永久保存", "Y"),
        ("长", "长期"),
        ("長期", "长期"),
        ("长期(16-50年)", "长期"),
        ("Long term", "长期"),
        ("短期（15年）", "短期"),
        ("short-term", "短期"),
    ],
)
def test_retention_is_read_in_every_form(written: str, code: str) -> None:
    assert parse_retention(written).code == code


@pytest.mark.parametrize("written", ["1", "2", "３", "一", "0", "9"])
def test_a_bare_small_number_is_a_code_and_no_term(written: str) -> None:
    with pytest.raises(FormatError):
        parse_retention(written)


@pytest.mark.parametrize(
    ("written", "code"), [("10", "D10"), ("三十", "D30"), ("1年", "D1"), ("定期5", "D5"), ("D3", "D3")]
)
def test_terms_of_practice_and_those_that_say_years_are_read(written: str, code: str) -> None:
    assert parse_retention(written).code == code


@pytest.mark.parametrize(
    ("written", "tag"), [("汉语", "zh-Hans"), ("英语", "en"), ("zh-Hant", "zh-Hant"), ("EN", "en"), ("俄文", "ru")]
)
def test_languages_have_tags(written: str, tag: str) -> None:
    assert parse_language(written) == tag


@pytest.mark.parametrize(
    ("written", "fonds", "category", "year", "retention", "office"),
    [
        ("Z109-WS·2011-Y-BGS-0001", "Z109", "WS", 2011, "Y", "BGS"),
        ("Z109-WS·2011·Y·办公室-0001", "Z109", "WS", 2011, "Y", "办公室"),
        ("J019-KU·01·2017-001-001", "J019", "KU", 2017, "", ""),
        ("A002-RS-001-002", "A002", "RS", None, "", ""),
        ("C038-001-002-003", "C038", "", None, "", ""),
        ("Z008-WS·2019·Y-037", "Z008", "WS", 2019, "Y", ""),
        ("C015-WY·TZGG·2019·D10-00001", "C015", "WY", 2019, "D10", ""),
    ],
)
def test_both_syntaxes_show_their_parts(
    written: str, fonds: str, category: str, year: int | None, retention: str, office: str
) -> None:
    code = parse_archival_code(written)
    assert (code.fonds, code.category, code.year, code.retention, code.office) == (
        fonds,
        category,
        year,
        retention,
        office,
    )


def test_writings_of_one_code_are_equal_and_codes_sort_by_number() -> None:
    forms = (
        "Z109-WS·2011-Y-BGS-0001",
        "z109－ws．2011－y－bgs－0001",
        "Z109-WS•2011-Y-BGS-0001",
        "Z109-WS.2011-Y-BGS-0001",
    )
    assert len({parse_archival_code(form) for form in forms}) == 1
    codes = [parse_archival_code(f"A001-WS-{n}") for n in (10, 9, 1)]
    assert [c.written for c in sorted(codes, key=lambda c: archival_code_order(c.key))] == [
        "A001-WS-1",
        "A001-WS-9",
        "A001-WS-10",
    ]


@pytest.mark.parametrize("written", ["", "Z109", "-1", "Z109-", "a b-1", "a/b-1", "a:b-1", "Z109--1", "x" * 300 + "-1"])
def test_what_is_no_code_is_refused(written: str) -> None:
    with pytest.raises(IdentifierError):
        parse_archival_code(written)


@given(st.lists(st.text(min_size=1, max_size=80), max_size=12))
def test_safe_names_are_safe_and_all_different(names: list[str]) -> None:
    safe = safe_names(names)
    assert len({name.casefold() for name in safe}) == len(names)
    for name in safe:
        assert name
        assert "/" not in name
        assert "%" not in name
        assert "\n" not in name
        assert name not in (".", "..")
        assert len(name.encode("utf-8")) <= 200


@pytest.mark.parametrize("name", ["Z109-WS·2011-Y-办公室-0001.tif", ".hidden", ".git", "~$a.docx"])
def test_a_name_that_is_safe_stays(name: str) -> None:
    assert safe_names([name]) == (name,)


def test_a_tree_keeps_its_folders_and_names_that_are_alike_get_a_mark() -> None:
    came = ("a/1.txt", "b/1.txt", "A/1.txt", "a/1.TXT", "con/x", ".h/空")
    one, two, three, four, five, six = map(str, safe_paths(map(PurePosixPath, came)))
    assert (one, two, six) == ("a/1.txt", "b/1.txt", ".h/空")
    assert re.fullmatch("A~[0-9a-f]{8}/1.txt", three)
    assert re.fullmatch("a/1~[0-9a-f]{8}.TXT", four)
    assert re.fullmatch("con~[0-9a-f]{8}/x", five)


@given(st.lists(st.lists(st.text("aA.~é%/长" + "\n", min_size=1, max_size=50), min_size=1, max_size=30), max_size=5))
def test_safe_paths_are_safe_short_enough_and_all_different(parts: list[list[str]]) -> None:
    came = [PurePosixPath(*(part.replace("/", "") or "x" for part in one)) for one in parts]
    came = [path for path in came if not {"..", "."} & set(path.parts)]
    safe = safe_paths(came)
    assert len({unicodedata.normalize("NFC", str(path)).casefold() for path in safe}) == len(came)
    assert all(len(str(path).encode()) <= 700 and safe_names(path.parts[-1:]) == path.parts[-1:] for path in safe)
    assert safe_paths(safe) == safe
