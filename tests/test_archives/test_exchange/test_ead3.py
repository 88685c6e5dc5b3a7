from collections.abc import Sequence
from datetime import UTC, datetime
from io import BytesIO
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from archives.errors import FormatError
from archives.exchange.ead3 import PLACES, REPOSITORY, EadHead, EadUnit
from archives.exchange.ead3_reader import read_ead
from archives.exchange.ead3_writer import write_ead
from archives.findings import Finding
from archives.record.dates.parse import parse_record_date
from archives.record.elements.kinds import Written
from archives.record.elements.table import ELEMENTS, describe
from archives.units.unit import Level
from tests.support.places import SHARED

HEAD = EadHead(
    "990101-J019",
    "水利局全宗目录",
    "990101",
    "青水县档案馆",
    datetime(2026, 11, 26, tzinfo=UTC),
    labels={element.key: element.label.zh for element in ELEMENTS},
)
TOP = EadUnit("全宗", "0", {"code": (Written("J019"),), "title": (Written("水利局全宗"),)})
SCHEMA = SHARED / "schemas" / "ead3.xsd"

texts = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), min_size=1
) | st.sampled_from(["007", "=1+1", " a ", "a\r\nb\rc", "a\n\n b\t", "]]>", "<b>&amp;</b>", "\u2028", "𠮷"])
keys = st.sampled_from([*PLACES, *(element.key for element in ELEMENTS), "other", "state", "人名"])
values = st.builds(
    Written, texts, st.dictionaries(st.sampled_from(["名称", "起", "止", "确定程度", "x"]), texts, max_size=3)
)
elements = st.dictionaries(keys, st.lists(values, min_size=1, max_size=3).map(tuple), max_size=6)
units = st.builds(
    EadUnit,
    st.sampled_from([*(level.value for level in Level), REPOSITORY, "部分"]),
    st.uuids(version=4).map(str) | st.just(""),
    elements,
)


@st.composite
def trees(draw: st.DrawFn) -> list[tuple[int, EadUnit]]:
    tree, depth = [(0, draw(units))], 0
    for unit in draw(st.lists(units, max_size=8)):
        depth = draw(st.integers(1, depth + 1))
        tree.append((depth, unit))
    return tree


def written(tree: Sequence[tuple[int, EadUnit]], head: EadHead = HEAD) -> bytes:
    out = BytesIO()
    write_ead(out, head, tree)
    return out.getvalue()


def read(data: bytes) -> tuple[list[tuple[int, EadUnit]], list[Finding]]:
    said: list[Finding] = []
    return list(read_ead(BytesIO(data), say=said.append)), said


@given(trees())
@settings(max_examples=60, deadline=None)
def test_what_was_written_is_read(tree: list[tuple[int, EadUnit]]) -> None:
    assert read(written(tree)) == (tree, [])


def test_a_long_catalogue_is_read_as_it_was_written_whatever_the_parser_has_read_ahead() -> None:
    def unit(number: int) -> EadUnit:
        said = {"title": (Written("题" * (1 + number * 37 % 500)),), "state": (Written("在库"), Written("实物"))}
        return EadUnit(
            "件", f"u{number}", {"code": (Written(f"J019-{number}"),), "retention": (Written("永久"),), **said}
        )

    tree = [(0, TOP), *((1 + number % 3, unit(number)) for number in range(1500))]
    found, said = read(written(tree))
    assert found == tree
    assert said == []


@pytest.fixture(scope="module")
def schema() -> etree.XMLSchema:
    if not SCHEMA.is_file():
        pytest.skip("no EAD3 schema beside the checkout")
    return etree.XMLSchema(etree.parse(SCHEMA))


@given(tree=trees())
@settings(max_examples=40, deadline=None)
def test_every_catalogue_is_valid(schema: etree.XMLSchema, tree: list[tuple[int, EadUnit]]) -> None:
    ids = [unit.unit_id for _, unit in tree if unit.unit_id]
    if len(set(ids)) == len(ids):
        assert schema.validate(etree.fromstring(written(tree))), schema.error_log


def test_a_description_comes_back_element_by_element(schema: etree.XMLSchema) -> None:
    description = describe(
        {
            "code": ELEMENTS[0].kind.read((Written("J019-2-15-003"),)),
            "title": "关于防汛的通知",
            "author": "青水县水利局",
            "document_number": "青水〔1983〕12号",
            "formed": parse_record_date("[1952]"),
            "year": 1952,
            "retention": None,
            "security": None,
            "declassified_on": None,
            "pages": 12,
            "language": "zh-Hans",
            "note": "缺页",
            "other": (("原题名", "防汛"), ("盒号", "0012")),
        }
    )
    said = {element.key: tuple(element.written(description)) for element in ELEMENTS}
    unit = EadUnit(
        "件",
        str(UUID(int=5)),
        {key: many for key, values in said.items() if (many := tuple(v for v in values if v.text))},
    )
    data = written([(0, TOP), (1, unit)])
    assert schema.validate(etree.fromstring(data)), schema.error_log
    ((_, _), (_, found)) = read(data)[0]
    again = describe({e.field: e.kind.read(found.elements.get(e.key, ())) for e in ELEMENTS})
    assert again == description
    assert '<unitdate normal="1952-01-01/1952-12-31" certainty="考证" label="日期">[1952]</unitdate>'.encode() in data
    assert b"<langmaterial" in data


@pytest.mark.parametrize("level", [*(level.value for level in Level), REPOSITORY, "部分"])
def test_a_level_without_a_word_in_ead_is_another_level(level: str, schema: etree.XMLSchema) -> None:
    data = written([(0, EadUnit(level)), (1, EadUnit(level))])
    assert schema.validate(etree.fromstring(data))
    assert [unit.level for _, unit in read(data)[0]] == [level, level]


@pytest.mark.parametrize("depths", [(), (1,), (0, 0), (0, 2), (0, 1, 3), (0, 1, 0), (0, -1)])
def test_what_is_no_tree_is_refused(depths: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"-?\d"):
        written([(depth, EadUnit("item")) for depth in depths])


def test_a_document_of_somebody_else_is_read_and_nothing_of_it_is_lost_silently() -> None:
    data = b"""<ead xmlns="http://ead3.archivists.org/schema/"><control/><archdesc level="collection"><did>
      <unitid identifier="x">MS 123</unitid><unittitle>Papers of
         <emph>J. Smith</emph></unittitle><unitdate normal="1871/1880">c. 1871-1880</unitdate>
      <origination><persname><part>Smith, John</part></persname></origination><physdesc>3 boxes</physdesc></did>
      <scopecontent><head>Scope</head><p>Letters
         and diaries.</p><p>Maps.</p></scopecontent>
      <dsc><head>Contents</head><c01 level="subseries"><did><unittitle>Letters</unittitle><container>4</container></did>
      <c02 level="item" id="a1"><did><unittitle>To Mary</unittitle><dao href="http://example.org/1" daotype="derived"/></did></c02>
      <odd><p>late</p></odd></c01></dsc><relatedmaterial><p>after all</p></relatedmaterial></archdesc></ead>"""
    tree, said = read(data)
    assert [(depth, unit.level, unit.unit_id) for depth, unit in tree] == [
        (0, "全宗", ""),
        (1, "类别", ""),
        (2, "件", ""),
    ]
    texts = [{key: [one.text for one in values] for key, values in unit.elements.items()} for _, unit in tree]
    assert texts[0] == {
        "code": ["MS 123"],
        "title": ["Papers of J. Smith"],
        "date": ["c. 1871-1880"],
        "author": ["Smith, John"],
        "pages": ["3 boxes"],
        "scopecontent": ["Scope\nLetters and diaries.\nMaps."],
    }
    assert texts[1] == {"title": ["Letters"], "box": ["4"]}
    assert tree[2][1].elements["dao"][0].attributes["href"] == "http://example.org/1"
    assert sorted(one.message.text("en").split()[0] for one in said) == ["head", "odd", "relatedmaterial"]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<ead",
        b"<html/>",
        b"<!DOCTYPE ead [<!ENTITY a 'b'>]><ead>&a;</ead>",
        b"<ead><archdesc></ead>",
        b"\xff\xfe",
    ],
)
def test_what_is_no_ead_is_an_error_of_format(data: bytes) -> None:
    with pytest.raises(FormatError):
        read(data)


def test_a_unit_id_that_xml_cannot_hold_is_no_unit_id() -> None:
    with pytest.raises(ValueError, match="a b"):
        EadUnit("item", "a b")
