"""Test corpora that nobody here wrote; they lie beside the repository, and a test that needs them skips without.

Where they are promised (in CI, with ``../shared`` beside the checkout) one that is missing fails the test.
"""

import json
import os
from pathlib import Path

import pytest

from tests.support.places import SHARED


def shared(name: str) -> Path:
    """Return what lies at a place below ``../shared``, or skip the test and name it; fails where it is promised."""
    place = SHARED / name
    if not place.exists():
        (pytest.fail if _promised() else pytest.skip)(_absent(name))
    return place


def folders_of(corpus: str, pattern: str) -> list[object]:
    """Return the folders of a corpus as parameters; one that skips and names the corpus when it is not there."""
    root = SHARED / "corpora" / corpus
    found = [place for place in sorted(root.glob(pattern)) if place.is_dir()]
    if not found and _promised():
        raise FileNotFoundError(_absent(f"corpora/{corpus}/{pattern}"))
    if not found:
        return [pytest.param(root, marks=pytest.mark.skip(reason=_absent(f"corpora/{corpus}")), id=corpus)]
    return [pytest.param(place, id="/".join(place.relative_to(root).parts)) for place in found]


def naughty_strings() -> list[str]:
    """Return texts that break programs; none where they are not, for a test that has some of its own."""
    place = SHARED / "corpora/naughty-strings/blns.json"
    if not place.exists() and not _promised():
        return []
    strings: list[str] = json.loads(shared("corpora/naughty-strings/blns.json").read_text("utf-8"))
    return strings


def _promised() -> bool:
    return bool(os.environ.get("CI")) and SHARED.is_dir()


def _absent(name: str) -> str:
    return f"../shared/{name} is not beside the repository"
