"""Test corpora that nobody here wrote; they lie beside the repository, and a test that needs them skips without."""

import pytest

from tests.support.places import SHARED

CORPORA = SHARED / "corpora"


def folders_of(corpus: str, pattern: str) -> list[object]:
    """Return the folders of a corpus as parameters; one that skips and names the corpus when it is not there."""
    root = CORPORA / corpus
    found = [place for place in sorted(root.glob(pattern)) if place.is_dir()]
    if not found:
        return [pytest.param(root, marks=pytest.mark.skip(reason=f"{corpus} is not beside the repository"), id=corpus)]
    return [pytest.param(place, id="/".join(place.relative_to(root).parts)) for place in found]
