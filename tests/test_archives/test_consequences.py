"""Words with consequences: a row forgets none, and each word is said by somebody."""

import ast
from collections.abc import Iterator

import pytest

from archives.consequences import WithConsequences
from tests.support.places import ROOT

LAYERS = ("archives", "formats", "ingest", "preservation", "search", "cli")


def test_a_word_that_forgets_a_consequence_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="shorter"):

        class Forgetful(WithConsequences):
            """A set of words whose one row lacks a column."""

            said: str
            exit_code: int
            LONELY = "lonely", "said"


def trees() -> list[ast.Module]:
    """Return every module of ours."""
    return [ast.parse(path.read_text("utf-8")) for layer in LAYERS for path in (ROOT / layer).rglob("*.py")]


def words(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Yield set and word of every row that a module declares."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and any(ast.unparse(base) == "WithConsequences" for base in node.bases):
            for row in node.body:
                if isinstance(row, ast.Assign):
                    yield node.name, ast.unparse(row.targets[0])


def said(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Yield set and word wherever a word is given; what is only asked for (compared, matched) does not count."""
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            yield node.value.id, node.attr
        if not isinstance(node, ast.Compare | ast.MatchValue):
            waiting.extend(ast.iter_child_nodes(node))


def test_every_word_is_given_by_somebody() -> None:
    modules = trees()
    declared = {word for tree in modules for word in words(tree)}
    assert {name for name, _ in declared} >= {"Verdict", "Fault", "Presence", "RepairAction", "Obstacle"}
    assert declared - {word for tree in modules for word in said(tree)} == set()
