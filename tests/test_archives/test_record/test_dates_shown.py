"""A date is read as it is written, with what the writing does not tell; or as people read it, with what only the writing tells."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archives.record.dates.shown import read_date, shown_date, told_date


@pytest.mark.parametrize(
    ("written", "zh", "en"),
    [
        ("不详", "不详", "不详 (date not known)"),
        ("undated", "undated（日期不详）", "undated"),
        ("0000-00-00", "0000-00-00（日期不详）", "0000-00-00 (date not known)"),
        ("[1952]", "[1952]（考证所得）", "[1952] (inferred)"),
        ("〔民国三十六年〕", "〔民国三十六年〕（考证所得）", "〔民国三十六年〕 (1947, inferred)"),
        ("c. 1871", "c. 1871（约略）", "c. 1871"),
        ("约1871年", "约1871年", "约1871年 (1871, approximate)"),
        ("1871?", "1871?（存疑）", "1871? (doubtful)"),
        ("光绪三十一年五月", "光绪三十一年五月", "光绪三十一年五月 (1905-06-03 to 1905-07-02)"),
        ("1949年以前", "1949年以前", "1949年以前 (until 1949)"),
        ("1983年起", "1983年起", "1983年起 (from 1983)"),
        ("1986-04-01", "1986-04-01", "1986-04-01"),
        ("March 1987", "March 1987", "March 1987"),
        ("大跃进时期", "大跃进时期", "大跃进时期"),
        ("{zh}", "{zh}", "{zh}"),
        ("", "", ""),
    ],
)
def test_a_date_reads_well_in_either_language(written: str, zh: str, en: str) -> None:
    assert (shown_date(written).text("zh"), shown_date(written).text("en")) == (zh, en)


@given(st.text())
def test_whatever_is_written_stands_first(written: str) -> None:
    assert shown_date(written).text("zh").startswith(written)
    assert shown_date(written).text("en").startswith(written)


@pytest.mark.parametrize(
    ("written", "zh", "en"),
    [
        ("1993-05-06", "1993年5月6日", "6 May 1993"),
        ("19910718", "1991年7月18日", "18 Jul 1991"),
        ("一九五三年三月十八日", "1953年3月18日", "18 Mar 1953"),
        ("19850301-19851120", "1985年3月1日—11月20日", "1 Mar – 20 Nov 1985"),
        ("1985-03-01/1985-03-20", "1985年3月1日—20日", "1–20 Mar 1985"),
        ("19850301-19861120", "1985年3月1日—1986年11月20日", "1 Mar 1985 – 20 Nov 1986"),
        ("1983年5至8月", "1983年5月—8月", "May – Aug 1983"),
        ("1986年4月", "1986年4月", "Apr 1986"),
        ("1986", "1986年", "1986"),
        ("1949-1956", "1949—1956年", "1949–1956"),
        ("c. 1871", "约1871年", "c. 1871"),
        ("[1952]", "1952年（考证所得）", "1952 (inferred)"),
        ("1956年以前", "至1956年", "until 1956"),
        ("不详", "日期不详", "date not known"),
        ("春天", "春天", "春天"),
        ("", "", ""),
    ],
)
def test_lists_tell_dates_as_people_read_them(written: str, zh: str, en: str) -> None:
    told = read_date(written)
    assert (told.text("zh"), told.text("en")) == (zh, en)


@pytest.mark.parametrize(
    "written",
    [
        "19830310-19831118", "2001-07-01", "1987年3月2日", "一九五三年三月十八日", "March 1987", "12th March 1987", "2 Sept. 1987",
        "c. 1871", "约1871年", "1936年前后", "[1952]", "1871?", "1983年起", "1983年5至8月", "不详", "undated", "春天", "{read}", "",
    ],
)  # fmt: skip
def test_an_entry_that_says_no_more_than_the_date_that_is_read_does_not_stand_beside_it(written: str) -> None:
    assert told_date(written) == read_date(written)


@pytest.mark.parametrize(
    ("written", "zh", "en"),
    [
        ("民国三十六年五月", "1947年5月（原作“民国三十六年五月”）", "May 1947 (written “民国三十六年五月”)"),
        (
            "〔民国三十六年〕",
            "1947年（考证所得）（原作“〔民国三十六年〕”）",
            "1947 (inferred) (written “〔民国三十六年〕”)",
        ),
        ("1949年以前", "至1949年（原作“1949年以前”）", "until 1949 (written “1949年以前”)"),
        ("1990s", "1990—1999年（原作“1990s”）", "1990–1999 (written “1990s”)"),
    ],
)
def test_an_entry_that_says_more_stands_behind_the_date(written: str, zh: str, en: str) -> None:
    assert (told_date(written).text("zh"), told_date(written).text("en")) == (zh, en)


@given(st.text())
def test_a_date_is_told_whatever_is_written(written: str) -> None:
    assert told_date(written).text("zh").startswith(read_date(written).text("zh"))
