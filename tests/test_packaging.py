"""Only our distribution owns the six folders, and the wheel holds no tests."""

import hashlib
import importlib.metadata
import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
ROOMS = ("archives", "formats", "ingest", "preservation", "search", "cli")


def test_no_other_distribution_owns_our_names() -> None:
    owners = importlib.metadata.packages_distributions()
    for room in ROOMS:
        assert set(owners.get(room, ["jinkui"])) == {"jinkui"}


def test_the_wheel_holds_the_rooms_and_nothing_else() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    assert settings["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"] == list(ROOMS)


def test_every_import_from_outside_is_a_declared_dependency() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    declared = {re.split(r"[\[<>=]", name)[0].lower() for name in settings["project"]["dependencies"]}
    owners = importlib.metadata.packages_distributions()
    import sys

    for room in ROOMS:
        for path in (ROOT / room).rglob("*.py"):
            for name in re.findall(r"^\s*(?:from|import) ([a-zA-Z0-9_]+)", path.read_text("utf-8"), re.MULTILINE):
                if name in sys.stdlib_module_names or name in ROOMS:
                    continue
                assert {owner.lower().replace("_", "-") for owner in owners[name]} & declared, f"{path}: {name}"


def test_no_copyleft_program_is_imported() -> None:
    for room in ROOMS:
        for path in (ROOT / room).rglob("*.py"):
            assert not re.search(
                r"^\s*(from|import) (fixity|fitz|metsrw|pymerkle)\b", path.read_text("utf-8"), re.MULTILINE
            )


def test_the_page_viewer_is_in_the_wheel_as_it_was_published_with_its_licence_and_version() -> None:
    folder = ROOT / "search/doors/portal/static/openseadragon"
    program = (folder / "openseadragon.min.js").read_bytes()
    said = (folder / "README.md").read_text("utf-8")
    version = re.search(r"OpenSeadragon (\d+\.\d+\.\d+)", said)
    assert version is not None
    assert f"//! openseadragon {version[1]}".encode() in program[:200]
    assert hashlib.sha256(program).hexdigest() in said
    assert "Redistribution and use in source and binary forms" in (folder / "LICENSE.txt").read_text("utf-8")
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["build"]
    assert not {"exclude", "include", "only-include"} & settings["targets"]["wheel"].keys(), (
        "the wheel has all of search/"
    )
