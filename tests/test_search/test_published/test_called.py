"""A sheet and an attachment are called by the names that public pages say, and by no other."""

from dataclasses import replace
from pathlib import PurePosixPath

import pytest

from archives.record.holding import Holding, StoredFile
from archives.record.record import RepresentationName
from search.doors.portal.record.page_names import page_name
from search.published.shown.called import labels_of
from search.published.view import PublishedPage
from tests.test_search.test_published.test_publish import make_holding


def of_file(name: str, *attached: tuple[str, int]) -> Holding:
    """Return a record of one file, with what was attached to it and the number of its first page."""
    holding = make_holding(1, 1)
    original = replace(holding.files[0], path=PurePosixPath(f"data/representations/original/data/{name}"))

    def kept(one: str, page: int) -> StoredFile:
        kind = RepresentationName.ATTACHED
        return replace(original, original_name=f"{name}/{one}", representation=kind, page=page)

    return replace(holding, files=(original, *(kept(*one) for one in attached)))


def pages(*texts: str) -> list[PublishedPage]:
    """Return pages without images."""
    return [PublishedPage(number, text, None) for number, text in enumerate(texts, 1)]


def test_every_sheet_of_a_workbook_is_called_by_its_name() -> None:
    labels = labels_of(of_file("a.xlsx"), pages("雨量\n站\t毫米", "水位\n站\t米"))
    assert [page_name(1, one).text("zh") for one in labels] == ["工作表 雨量", "工作表 水位"]
    assert page_name(1, labels[0]).text("en") == "sheet 雨量"


@pytest.mark.parametrize(
    ("name", "text"),
    [("a.txt", "雨量\n站\t毫米"), ("a.xlsx", "站\t毫米\n甲\t3"), ("a.xlsx", ""), ("a.xlsx", "雨" * 61 + "\n站")],
)
def test_what_is_no_name_of_a_sheet_names_no_page(name: str, text: str) -> None:
    assert labels_of(of_file(name), pages(text)) == ("",)


def test_the_first_page_of_an_attachment_is_called_by_the_name_that_its_letter_lists() -> None:
    letter = "Subject: 名册\n\n见附件\nAttachment: roster.csv"
    labels = labels_of(of_file("a.eml", ("roster.csv", 2)), pages(letter, "姓名\t单位", "又一页"))
    assert labels == ("", "附件：roster.csv", "")
    assert page_name(2, labels[1]).text("zh") == "附件 roster.csv"


def test_a_name_that_no_public_page_says_is_not_told() -> None:
    holding = of_file("a.eml", ("roster.csv", 2))
    listing, attached = pages("Attachment: roster.csv", "姓名\t单位")
    assert labels_of(holding, [attached]) == ("",)
    assert labels_of(holding, [replace(listing, text="见附件"), attached]) == ("", "")
