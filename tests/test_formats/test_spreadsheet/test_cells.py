"""What a spreadsheet calls its columns."""

import pytest
from openpyxl.utils import get_column_letter

from formats.spreadsheet.cells import column_letters


@pytest.mark.parametrize("column", [1, 26, 27, 52, 53, 702, 703, 16_384])
def test_a_column_is_called_as_openpyxl_calls_it(column: int) -> None:
    assert column_letters(column) == get_column_letter(column)
