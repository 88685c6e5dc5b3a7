"""The house is as the papers say, and keeps the measures it gave itself."""

import ast
import re
from collections import Counter
from pathlib import Path

import pytest

from scripts.floors import PAPER, PICTURE, House, paper_with_rooms, picture
from tests.support.places import ROOT

HOUSE = House(ROOT)
_ON_TOP = ("archive", "actions")
LONGEST_FILE, LONGEST_FUNCTION, MOST_MODULES, MOST_LONG_FILES, MOST_ARROWS = 300, 60, 12, 5, 30
LONG_FILES = {
    "preservation/stores/object_storage.py": "one kind of store: its verbs share how S3 fails, retries and cuts large objects",
    "preservation/stores/local.py": "one kind of store: its verbs share how a folder is written durably",
    "preservation/validation/inventory.py": "the rules of one file, OCFL 1.1 §3.5, in the order of the specification",
    "preservation/catalogue/folding/fold.py": "what every kind of entry changes stands together, so that none is forgotten",
    "preservation/package/restore_program.py": "it lies in every store by itself, and may need nothing beside it",
}
"""Files above 300 lines, each with the reason why no part of it is a concept of its own."""

PAPERS = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")])
_PLACE = re.compile(
    r"(?<![\w/.<>-])((?:archives|formats|ingest|preservation|search|cli|tests|scripts|benchmarks|docs|sample_records|\.ci)/[\w./*·-]++)(?![<{])"
)
_LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")


def test_the_list_of_rooms_is_that_of_the_tree() -> None:
    paper = (ROOT / PAPER).read_text("utf-8")
    assert paper == paper_with_rooms(paper, HOUSE), "run scripts/floors.py"


def test_the_picture_of_the_floors_is_that_of_the_contracts_and_imports() -> None:
    assert (ROOT / PICTURE).read_text("utf-8") == picture(HOUSE), "run scripts/floors.py"


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: str(paper.relative_to(ROOT)))
def test_every_path_and_link_in_the_papers_leads_somewhere(paper: Path) -> None:
    text = paper.read_text("utf-8")
    places = [found.rstrip("./") for found in _PLACE.findall(text)]
    assert [place for place in places if not list(ROOT.glob(place))] == []
    assert [link for link in _LINK.findall(text) if not (paper.parent / link).exists()] == []


def test_every_decision_is_listed_and_has_its_four_parts() -> None:
    folder = ROOT / "docs" / "decisions"
    listed = (folder / "README.md").read_text("utf-8")
    records = sorted(folder.glob("0*.md"))
    assert [int(record.name[:4]) for record in records] == list(range(1, len(records) + 1))
    for record in records:
        text = record.read_text("utf-8")
        title = text.split("\n")[0].removeprefix(f"# {record.name[:4]} ")
        assert f"| [{record.name[:4]}]({record.name}) | {title} |" in listed
        assert all(f"**{part}" in text for part in ("Context", "Choice", "Rejected", "Consequences")), record.name


def test_every_room_says_in_one_sentence_what_it_is_and_nothing_more() -> None:
    for folder in HOUSE.folders:
        body = ast.parse((ROOT / folder / "__init__.py").read_text("utf-8")).body
        assert [type(node) for node in body] == [ast.Expr], folder
        assert HOUSE.said(ROOT / folder / "__init__.py"), folder


def test_no_room_has_more_modules_than_a_person_looks_through() -> None:
    counted = Counter(str(module.path.parent) for module in HOUSE.modules)
    assert {room: number for room, number in counted.items() if number > MOST_MODULES} == {}


def test_no_file_is_too_long_but_those_with_a_reason() -> None:
    lengths = {str(m.path): len((ROOT / m.path).read_text("utf-8").splitlines()) for m in HOUSE.modules}
    long = {path: length for path, length in lengths.items() if length > LONGEST_FILE}
    assert set(long) == set(LONG_FILES), long
    assert len(LONG_FILES) <= MOST_LONG_FILES


def test_no_function_is_too_long() -> None:
    long = {}
    for module in HOUSE.modules:
        for node in ast.walk(ast.parse((ROOT / module.path).read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or 0) - node.lineno + 1
                if length > LONGEST_FUNCTION:
                    long[f"{module.path}:{node.name}"] = length
    assert not long


def test_rooms_import_lower_floors_only_and_those_of_preservation_few() -> None:
    """``archive``, which opens what all the rooms are about, and ``actions``, which is asked about all of it, are on top."""
    assert HOUSE.upward() == []
    between = [(one, other) for layer, one, other in HOUSE.arrows if layer == "preservation" and one not in _ON_TOP]
    assert len(between) <= MOST_ARROWS


def test_every_layer_and_room_has_its_floor() -> None:
    for layer in HOUSE.layers:
        rooms = {module.room for module in HOUSE.modules if module.layer == layer}
        placed = {room for row in HOUSE.contracts.get(layer, (tuple(rooms),)) for room in row}
        assert rooms == placed, layer
