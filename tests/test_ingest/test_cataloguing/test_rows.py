"""A row as a unit keeps everything that its cells say."""

from archives.record.elements.security import security_written
from archives.units.unit import Unit
from ingest.cataloguing.rows import Origin, fonds_of, unit_of
from ingest.profiles.profile import fitting_profile
from ingest.tables.table import Columns, TableRow

ORIGIN = Origin("0123456789abcdef", "430101")


def _unit(headings: str, *texts: str) -> Unit:
    columns = Columns("a.csv", "", tuple(headings.split()))
    row = fitting_profile(columns).read(TableRow(columns, 2, texts))
    return unit_of(row, ORIGIN, ORIGIN.unit_id(row), parent="")


def test_the_term_of_a_classification_stays_beside_its_level() -> None:
    headings = "档号 题名 日期 密级 解密日期 解密依据"
    said = _unit(headings, "31-1-1", "某件", "19900101", "秘密★5年", "19950101", "期满").description
    assert (str(said.security), security_written(said)) == ("秘密", "秘密★5年")
    plain = _unit(headings, "31-1-1", "某件", "19900101", "秘密", "19950101", "期满").description
    assert (security_written(plain), plain.other) == ("秘密", ())


def test_parts_of_a_code_that_cannot_be_built_are_elements_of_the_unit_and_say_its_fonds() -> None:
    headings = "全宗号 案卷号 案卷题名 起止日期 保管期限"
    unit = _unit(headings, "31", "KJ-7", "总账", "1991", "15年")
    assert (unit.description.code.written, dict(unit.description.other)) == ("", {"全宗号": "31", "案卷号": "KJ-7"})
    columns = Columns("a.csv", "", tuple(headings.split()))
    row = fitting_profile(columns).read(TableRow(columns, 2, ("31", "KJ-7", "总账", "1991", "15年")))
    assert fonds_of(row) == "31"
