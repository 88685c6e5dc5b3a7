"""A page is called what stands on the paper, whatever its file's running number is, and a label is read back as it was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archives.errors import ConfigurationError
from archives.record.volume.label_rules import label_in_item, label_of, labels_of, parse_rules
from archives.record.volume.page_label import PageKind, PageLabel, parse_label

BODY = [f"{number:03}" for number in range(1, 121)]


@pytest.mark.parametrize(
    ("name", "text", "zh", "en"),
    [
        ("-FM", "FM", "封面", "cover"),
        ("封面", "FM", "封面", "cover"),
        ("0001封面", "FM", "封面", "cover"),
        ("ML001", "ML001", "目录第1页", "list of contents, p. 1"),
        ("卷内文件目录", "ML", "目录", "list of contents"),
        ("目錄/002", "ML002", "目录第2页", "list of contents, p. 2"),
        ("0045", "0045", "第45页", "p. 45"),
        ("P34", "34", "第34页", "p. 34"),
        ("第三十四页", "三十四", "第34页", "p. 34"),
        ("iv", "iv", "第iv页", "p. iv"),
        ("003-1", "003-1", "第3页附页1", "p. 3, slip 1"),
        ("003_01", "003-01", "第3页附页1", "p. 3, slip 1"),
        ("003浮帖2", "003-2", "第3页附页2", "p. 3, slip 2"),
        ("003a", "003a", "第3页a", "p. 3a"),
        ("012r", "012r", "第12页正面", "p. 12 recto"),
        ("012反", "012v", "第12页背面", "p. 12 verso"),
        ("012背白", "012v白", "第12页背面（空白）", "p. 12 verso (blank)"),
        ("BK001", "BK001", "备考表第1页", "closing note, p. 1"),
        ("卷内备考表", "BK", "备考表", "closing note"),
        ("底封", "FD", "底封", "back cover"),
        ("附图说明", "附图说明", "附图说明", "附图说明"),
        ("20140301_091500", "20140301_091500", "20140301_091500", "20140301_091500"),
    ],
)
def test_a_name_says_which_page_it_is(name: str, text: str, zh: str, en: str) -> None:
    label = label_of(name)
    assert (label.text, label.shown.text("zh"), label.shown.text("en")) == (text, zh, en)
    assert parse_label(label.text) == label


def test_the_pages_of_a_volume_stand_from_cover_to_cover() -> None:
    wanted = [
        "封面",
        "封二",
        "ML001",
        "ML002",
        "iv",
        "001",
        "003",
        "003-1",
        "003-1-1",
        "003x图",
        "012r",
        "012v",
        "012-1",
    ]
    wanted += ["045", "45-1", "046", "插图", "BK", "封三", "底封"]
    assert sorted({*wanted}, key=lambda name: label_of(name).order) == wanted


def test_a_page_is_the_same_however_many_zeros_it_has() -> None:
    assert label_of("34").place == label_of("0034").place == label_of("P034").place == label_of("三十四").place
    assert label_of("034").place == label_of("034v").place != label_of("034-1").place


def test_lists_of_contents_without_numbers_are_numbered_in_their_order() -> None:
    assert [one.text for one in labels_of(["02目录", "01目录", "目录003", "封面"])] == ["ML2", "ML1", "ML003", "FM"]


def test_pages_may_be_counted_within_their_item() -> None:
    label = label_in_item("002", "03")
    assert (label.text, label.shown.text("zh"), parse_label("03/002")) == ("03/002", "第03件第2页", label)
    assert label_in_item("FM", "03") == label_of("FM")
    names = [label_in_item(page, item) for item in ("02", "01", "10") for page in ("001", "002")]
    assert [one.text for one in sorted(names, key=lambda one: one.order)] == [
        "01/001", "01/002", "02/001", "02/002", "10/001", "10/002",
    ]  # fmt: skip


def test_a_profile_comes_before_what_is_usual() -> None:
    rules = parse_rules([{"name": r"c(\d+)", "kind": "cover"}, {"name": r"img_(\d{4})", "kind": "page"}])
    assert [label_of(one, rules).text for one in ("C01", "IMG_0007", "ML1")] == ["FM01", "0007", "ML1"]


@pytest.mark.parametrize(
    "rule", [{"name": "(", "kind": "page"}, {"name": "a", "kind": "p"}, {"kind": "page"}, {"name": "a", "kind": "page", "x": 1}]
)  # fmt: skip
def test_a_rule_that_cannot_be_used_is_refused(rule: dict[str, object]) -> None:
    with pytest.raises(ConfigurationError):
        parse_rules([rule])


@given(st.text(max_size=30))
def test_every_name_has_a_label_that_is_read_back_and_shown(name: str) -> None:
    label = label_of(name)
    assert label_of(label.text).kind is not None
    assert label.shown.text("zh") is not None
    if label.kind is not PageKind.OTHER:
        assert parse_label(label.text) == label


@given(
    st.builds(
        PageLabel,
        st.just(PageKind.PAGE),
        st.just(7),
        st.sampled_from(["7", "007", "0007"]),
        st.lists(st.sampled_from(["1", "02", "13"]), max_size=2).map(tuple),
        st.sampled_from(["", "r", "v"]),
        st.booleans(),
        st.sampled_from(["", "3", "012"]),
    )
)
def test_what_is_written_is_read_back(label: PageLabel) -> None:
    assert parse_label(label.text) == label
