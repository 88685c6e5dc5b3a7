"""The public reads a date as it is written, and beside it what the writing alone would not tell them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archives.record.dates.shown import shown_date


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
