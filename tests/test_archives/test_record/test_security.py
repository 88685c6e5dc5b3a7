"""A classification keeps its term, and readers are told what became of it."""

from datetime import date

import pytest

from archives.record.dates.parse import parse_record_date
from archives.record.description import Description, parse_security
from archives.record.elements.security import AS_WRITTEN, secrecy_state, security_told, security_written, term_kept
from archives.record.identifiers import reference_code
from archives.record.marked import marked_places

TODAY = date(2026, 11, 26)


def _said(
    security: str, formed: str = "19900101", declassified: date | None = None, basis: str = "期满"
) -> Description:
    kept = ((AS_WRITTEN, security),) if term_kept(security) else ()
    return Description(
        reference_code("31-WS·1990·Y-0001"), "某件", formed=parse_record_date(formed), security=parse_security(security),
        declassified_on=declassified, declassification_basis=basis if declassified else "", other=kept,
    )  # fmt: skip


@pytest.mark.parametrize(
    "text", ["机密★10年", "秘密★5年", "绝密★长期", "秘密 3年", "机密★6个月", "秘密★", "秘密★二十年"]
)
def test_what_is_written_behind_a_level_is_kept(text: str) -> None:
    assert term_kept(text) == text


@pytest.mark.parametrize("text", ["", "秘密", "机密级", "普通", "内部", "内部资料", "公开", "MJ", "—", "未知"])
def test_a_level_alone_needs_no_second_telling(text: str) -> None:
    assert term_kept(text) == ""


@pytest.mark.parametrize(
    ("security", "formed", "declassified", "told"),
    [
        ("秘密★5年", "19900101", date(1995, 1, 1), "秘密★5年（1995-01-01 已解密）"),
        ("机密", "19900101", date(2016, 3, 1), "机密（2016-03-01 已解密）"),
        ("机密★10年", "1990至1991", None, "机密★10年"),
        ("机密★10年", "19920229", None, "机密★10年（保密期限已于 2002-02-28 届满）"),
        ("机密★十年", "1990", None, "机密★十年（保密期限已于 2000 届满）"),
        ("秘密★6个月", "19900831", None, "秘密★6个月（保密期限已于 1991-02-28 届满）"),
        ("机密★30年", "20200101", None, "机密★30年（保密期限至 2050-01-01）"),
        ("绝密★长期", "19900101", None, "绝密★长期"),
        ("机密★10年", "20260101", date(2030, 1, 1), "机密★10年（定于 2030-01-01 解密）"),
        ("内部", "19900101", None, "内部"),
        ("公开", "19900101", date(1995, 1, 1), "公开"),
    ],
)
def test_readers_are_told_what_became_of_a_secret(
    security: str, formed: str, declassified: date | None, told: str
) -> None:
    assert security_told(_said(security, formed, declassified), TODAY) == told


def test_a_term_of_another_level_than_the_one_that_holds_now_is_not_told() -> None:
    said = _said("机密★10年")
    assert security_written(Description(said.code, "某件", security=parse_security("公开"), other=said.other)) == "公开"
    assert secrecy_state(Description(said.code, "某件"), TODAY) is None


def test_the_term_changes_nothing_of_what_stops_an_opening() -> None:
    over = date(1995, 1, 1)
    for security in ("秘密", "秘密★5年"):
        assert marked_places(_said(security, declassified=over), (), day=TODAY) == ()
        assert marked_places(_said(security), (), day=TODAY) != ()
