"""A number is what its format shows of it; what cannot be shown so is told apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formats.spreadsheet.cells import How
from formats.spreadsheet.number_format import shown, shown_text


@pytest.mark.parametrize(
    ("value", "code", "expected", "how"),
    [
        (5, "0000", "0005", How.SHOWN),
        (7, "0000", "0007", How.SHOWN),
        (2014.1, "0.00", "2014.10", How.SHOWN),
        (2014.1, "General", "2014.1", How.NUMBER),
        (5, "General", "5", How.NUMBER),
        (5, "GENERAL", "5", How.NUMBER),
        (5, "G/通用格式", "5", How.NUMBER),
        (5, 'G/通用格式"元"', "5元", How.SHOWN),
        (5, '"第"GENERAL', "第5", How.SHOWN),
        (5, "0_ ", "5 ", How.NUMBER),
        (1234567, "#,##0", "1,234,567", How.SHOWN),
        (0.256, "0.0%", "25.6%", How.SHOWN),
        (20140005, "0000-0000", "2014-0005", How.SHOWN),
        (5, '"DSJ"000', "DSJ005", How.SHOWN),
        (20, '"机密★"0"年"', "机密★20年", How.SHOWN),
        (3, 'General"页"', "3页", How.SHOWN),
        (-3, "0;(0)", "(3)", How.SHOWN),
        (0, '0;-0;"无"', "无", How.SHOWN),
        (5, "[Red]0000", "0005", How.SHOWN),
        (12.456, "0", "12", How.ROUNDED),
        (0.1 + 0.2, "General", "0.3", How.NUMBER),
        (1234, "0.00E+00", "1234", How.ODD),
        (0.5, "# ?/?", "1/2", How.SHOWN),
        (1.5, "# ?/?", "1 1/2", How.SHOWN),
        (3, "# ?/?", "3", How.SHOWN),
        (0, "# ?/?", "0", How.SHOWN),
        (-1.25, "# ?/?", "-1 1/4", How.SHOWN),
        (0.3333, "# ?/?", "1/3", How.ROUNDED),
        (3.140625, "# ??/??", "3 9/64", How.SHOWN),
        (1.5, "?/?", "3/2", How.SHOWN),
        (0.25, "# ?/8", "2/8", How.SHOWN),
        (0.3, "# ?/8", "2/8", How.ROUNDED),
        (5.5, "0 ?/2", "5 1/2", How.SHOWN),
        (0.5, '# ?/?"页"', "0.5", How.ODD),
        (5, "[DBNum1]0", "5", How.ODD),
        (123456789012345678, "General", "123456789012345678", How.LONG),
        (41912, "yyyy-mm-dd", "2014-09-30", How.DATE),
        (41912, '[$-804]yyyy"年"m"月"d"日";@', "2014-09-30", How.DATE),
        (41912, "[DBNum1][$-804]yyyy年m月d日", "2014-09-30", How.DATE),
        (41912, "yyyy年m月", "2014-09", How.DATE),
        (41912, "mmm-yy", "2014-09", How.DATE),
        (41912, "yyyy", "2014", How.DATE),
        (41912, "m月d日", "9月30日", How.YEARLESS),
        (41912.5, "yyyy-mm-dd hh:mm", "2014-09-30 12:00", How.DATE),
        (0.5, "h:mm", "12:00", How.SHOWN),
        (1, "yyyy-mm-dd", "1900-01-01", How.DATE),
    ],
)
def test_a_number_is_shown_as_its_format_says(value: float, code: str, expected: str, how: How) -> None:
    assert shown(value, code) == (expected, how)


def test_days_may_be_counted_from_1904() -> None:
    assert shown(40450, "yyyy-mm-dd", from_1904=True) == ("2014-09-30", How.DATE)


def test_a_format_may_put_words_around_a_text() -> None:
    assert (shown_text("x", '"No. "@'), shown_text("x", "@"), shown_text("x", "0")) == ("No. x", "x", "x")


@given(
    st.floats(allow_nan=False, allow_infinity=False),
    st.text('0#?.,%;@"\\[]$-/ymdhsEe+GenralDBNum1年月日 ', max_size=20),
)
def test_no_format_raises(value: float, code: str) -> None:
    text, how = shown(value, code)
    assert isinstance(text, str)
    assert how in How
