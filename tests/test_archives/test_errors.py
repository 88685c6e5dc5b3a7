"""The tree of errors is drawn as it is."""

import re

from archives import errors
from archives.errors import JinkuiError

_LINE = re.compile(r"^    ([│ ]*)([├└]── )?(\w+) +(\d+)   \S", re.MULTILINE)


def drawn() -> dict[str, tuple[str, int]]:
    """Return each error of the drawing with the one above it and its exit code."""
    tree: dict[str, tuple[str, int]] = {}
    above: list[str] = []
    for indent, branch, name, code in _LINE.findall(errors.__doc__ or ""):
        depth = len(indent) // 4 + bool(branch)
        above = [*above[:depth], name]
        tree[name] = (above[depth - 1] if depth else "", int(code))
    return tree


def test_the_drawn_tree_is_that_of_the_classes_with_their_exit_codes() -> None:
    classes = [value for value in vars(errors).values() if isinstance(value, type) and issubclass(value, JinkuiError)]
    real = {
        kind.__name__: (kind.__base__.__name__ if kind is not JinkuiError and kind.__base__ else "", kind.exit_code)
        for kind in classes
    }
    assert drawn() == real


def test_every_error_has_a_code_that_programs_can_test_for() -> None:
    kinds = [value for value in vars(errors).values() if isinstance(value, type) and issubclass(value, JinkuiError)]
    assert len({kind.code for kind in kinds}) == len(kinds)
