"""Equal values have one spelling, and what has none is refused."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archives.errors import FormatError
from archives.proof.canonical_json import Json, canonical_json

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
)


def test_keys_are_sorted_and_nothing_is_spaced_or_escaped() -> None:
    assert canonical_json({"乙": [1, None], "a": {"z": True, "b": "档"}}) == (
        '{"a":{"b":"档","z":true},"乙":[1,null]}'.encode()
    )


@given(values)
def test_a_value_comes_back_and_its_spelling_is_stable(value: Json) -> None:
    spelling = canonical_json(value)
    assert json.loads(spelling) == value
    assert canonical_json(json.loads(spelling)) == spelling


@pytest.mark.parametrize("value", [1.0, {"a": [0.5]}, "\ud800", {1: 2}])
def test_what_has_no_one_spelling_is_refused(value: object) -> None:
    with pytest.raises(FormatError):
        canonical_json(value)  # type: ignore[arg-type]  # what a defect would hand in
