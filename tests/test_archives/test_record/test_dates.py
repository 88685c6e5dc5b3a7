"""Dates of formation as catalogues write them, and the days that they can mean."""

from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from archives.errors import FormatError
from archives.record.dates.parse import parse_last_day, parse_record_date
from archives.record.dates.record_date import RecordDate
from archives.record.elements.kinds import DATE

_READ = """
2014-09-30             2014-09-30
20140930               2014-09-30
2014.9.30              2014-09-30
2014/9/30              2014-09-30
2014年9月30日            2014-09-30
2014年9月30             2014-09-30
２０１４年９月３０日           2014-09-30
2014-09-30T12:00:00    2014-09-30
2014年9月               2014-09
2014-09                2014-09
2014.10                2014-10
198305                 1983-05
1983.05.               1983-05
20140900               2014-09
20140000               2014
2014                   2014
2014年                  2014
1983年度                 1983
公元1983年               1983
一九八三年五月三日              1983-05-03
二○○八年十二月               2008-12
二〇一〇年                  2010
19830104-19831220      1983-01-04/1983-12-20
195003-195212          1950-03-01/1952-12-31
1983-1985              1983/1985
1983.1-1983.12         1983
1983.5-8               1983-05-01/1983-08-31
1983年5-8月             1983-05-01/1983-08-31
1983年5月至8月            1983-05-01/1983-08-31
1983年5月3日至7日          1983-05-03/1983-05-07
1950.03.01—1952.12.31  1950-03-01/1952-12-31
19500301——19521231     1950-03-01/1952-12-31
1939-45                1939/1945
1987/88                1987/1988
1983-05-03/1983-06-07  1983-05-03/1983-06-07
../1900                ../1900
1949年以前               ../1949
1949年10月1日以后         1949-10-01/..
1983年至今               1983/..
1983年上半年              1983-01-01/1983-06-30
1983年第三季度             1983-07-01/1983-09-30
1983年5月下旬             1983-05-21/1983-05-31
1983年2月下旬             1983-02-21/1983-02-28
1983年春                1983~
1983年底                1983~
1990年代                1990/1999
20世纪50年代             1950/1959
二十世纪五十年代               1950/1959
19世纪                  1801/1900
195?                   1950/1959
民国三十六年五月三日             1947-05-03
民国36年                 1947
民国36.5                1947-05
民国36.5.3              1947-05-03
民国元年                   1912
中华民国卅六年十月廿五日           1947-10-25
中華民國三十六年               1947
民国三十五至三十七年             1946/1948
民国三十五年至三十七年            1946/1948
民国三十六年（1947年）          1947
光绪三十一年                 1905-02-04/1906-01-24
光緒三十一年五月               1905-06-03/1905-07-02
清光绪三十一年五月初三            1905-06-05
光绪二十九年闰五月              1903-06-25/1903-07-23
宣统三年八月十九日              1911-10-10
咸丰十年八月廿二日              1860-10-06
1953年农历正月初五            1953-02-18
昭和十五年                  1940
康德十年                   1943
[1952]                 1952
［19450815］             1945-08-15
〔1952〕                 1952
约1952年                1952~
1952年前后               1952~
1871?                  1871?
[1952?]                1952?
c. 1871                1871~
ca 1871                1871~
12 March 1987          1987-03-12
12th March 1987        1987-03-12
March 12, 1987         1987-03-12
Monday, 12 March 1987  1987-03-12
1987 March 12          1987-03-12
12-Mar-1987            1987-03-12
Mar. 1987              1987-03
12-15 March 1987       1987-03-12/1987-03-15
March-May 1987         1987-03-01/1987-05-31
12 March - 3 May 1987  1987-03-12/1987-05-03
25/12/1987             1987-12-25
12/25/1987             1987-12-25
1990s                  1990/1999
the 1990s              1990/1999
19th century           1801/1900
before 1900            ../1900
Spring 1987            1987~
二〇一四年十月一日             2014-10-01
一九四九年十二月卅一日           1949-12-31
民國三十八年五月              1949-05
昭和10年3月1日              1935-03-01
明治四年                   1871-02-19/1872-02-08
令和元年                   2019
2014年10月1日 星期三         2014-10-01
2014‐10‐01             2014-10-01
2014-10-01T09:15:00Z   2014-10-01
2014/10/01 0:00        2014-10-01
October 1st, 2014      2014-10-01
1914 May 3             1914-05-03
1914—1918年             1914/1918
2014-10-01 至 2014-10-05 2014-10-01/2014-10-05
2014.10.1-2014.12.31   2014-10-01/2014-12-31
1914年5月3日-5日          1914-05-03/1914-05-05
May 1914 to June 1915  1914-05-01/1915-06-30
"""


@pytest.mark.parametrize("line", _READ.strip().splitlines())
def test_dates_of_practice_are_read(line: str) -> None:
    written, edtf = line.rsplit(None, 1)
    found = parse_record_date(written)
    assert (found.edtf, found.written) == (edtf, written.strip())
    assert found.earliest <= found.latest


@pytest.mark.parametrize("written", ["不详", "undated", "n.d.", "[n.d.]", "00000000", "日期不详", "無日期"])
def test_it_is_read_that_a_date_is_not_known(written: str) -> None:
    found = parse_record_date(written)
    assert not found.is_known
    assert found.edtf == ""
    assert DATE.text(found) == written


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("2014-02-30", "no such day"),
        ("20141301", "no such day"),
        ("光绪四十年", "no such day"),
        ("光绪三十年闰五月", "no such day"),
        ("1985-1983", "ends before"),
        ("19831220-19830104", "ends before"),
        ("03/04/1987", "two ways"),
        ("83年5月", "century"),
        ("5月3日", "without its year"),
        ("民国三十六年（1948年）", "contradict"),
        ("14-9-30", ""),
        ("", ""),
        ("0000", ""),
        ("2014-9-30-1", ""),
        ("hello", "not a date"),
        ("民国", "not a date"),
        ("41913", "not a date"),
        ("2014101", "not a date"),
        ("01.10.2014", "two ways"),
        ("-", ""),
        ("to", ""),
    ],
)
def test_what_is_no_date_is_refused_and_why(written: str, why: str) -> None:
    with pytest.raises(FormatError) as raised:
        parse_record_date(written)
    assert why in raised.value.message.en


@pytest.mark.parametrize("written", ["不详", "1983年至今", "since 1945"])
def test_a_last_day_is_needed_where_something_ends(written: str) -> None:
    with pytest.raises(FormatError):
        parse_last_day(written)


@given(st.dates(min_value=date(1, 1, 1)))
def test_every_day_comes_back(day: date) -> None:
    found = parse_record_date(day.isoformat())
    assert found.earliest == found.latest == day


@given(st.dates(min_value=date(1000, 1, 1)), st.dates(min_value=date(1000, 1, 1)))
def test_every_range_comes_back(first: date, last: date) -> None:
    assume(first < last)
    found = parse_record_date(f"{first:%Y%m%d}-{last:%Y%m%d}")
    assert (found.earliest, found.latest) == (first, last)


@given(st.text(max_size=30) | st.text("0123456789年月日-./~至[]?民国光绪一二三十正初", max_size=14))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        found = parse_record_date(text)
    except FormatError:
        return
    assert found.earliest <= found.latest
    assert DATE.read(DATE.write(found)) == found


def test_what_an_older_package_says_is_read() -> None:
    found = parse_record_date("1983年")
    (written,) = DATE.write(found)
    assert dict(written.attributes) == {"起": "1983-01-01", "止": "1983-12-31"}
    assert DATE.read([written]) == RecordDate("1983年", date(1983, 1, 1), date(1983, 12, 31))
