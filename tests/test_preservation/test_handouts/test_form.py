import pytest

from archives.errors import ConfigurationError
from preservation.handouts.form import built_in_forms, read_forms

GOOD = """
[mine]
title = { zh = "我馆目录", en = "Our list" }
source = "practice"
is_confirmed = false
paper = { width_mm = 210, height_mm = 297 }
columns = [{ key = "title", heading = { zh = "题名", en = "Title" }, width_mm = 100 }]
"""


def test_the_list_of_archived_items_has_the_nine_columns_of_the_standard() -> None:
    """DA/T 22-2015 5.5.2, and the cover of 5.5.4."""
    form = built_in_forms()["archived-items"]
    assert [column.heading.zh for column in form.columns] == [
        *("序号", "档号", "文号", "责任者", "题名", "日期", "密级", "页数", "备注")
    ]
    assert [blank.label.zh for blank in form.cover] == ["全宗号", "全宗名称", "年度", "保管期限", "机构（问题）"]
    assert form.paper.width_mm > form.paper.height_mm


def test_every_form_says_what_it_follows() -> None:
    assert all(form.source for form in built_in_forms().values())


def test_a_form_of_ones_own_is_read() -> None:
    form = read_forms(GOOD)["mine"]
    assert (form.name, form.title.zh, form.columns[0].align) == ("mine", "我馆目录", "left")


@pytest.mark.parametrize(
    ("good", "bad", "place"),
    [
        ('source = "practice"', "", "mine.source"),
        ("width_mm = 100", "widht_mm = 100", "mine.columns.0"),
        ("[mine]", "[mine]\ncolour = 1", "mine.colour"),
        ('en = "Title"', 'en = "Title", fr = "Titre"', "mine.columns.0.heading.fr"),
        ("width_mm = 210", 'width_mm = "wide"', "mine.paper.width_mm"),
        ("width_mm = 100", 'width_mm = 100, align = "middle"', "mine.columns.0.align"),
        ("[mine]", "mine = 1", "mine"),
        ("[mine]", "[mine", "TOML"),
    ],
)
def test_what_the_file_of_forms_may_not_say_is_named_by_its_place(good: str, bad: str, place: str) -> None:
    text = GOOD.replace(good, bad) if bad != "mine = 1" else bad
    with pytest.raises(ConfigurationError) as raised:
        read_forms(text)
    assert place in raised.value.subject
