"""Whoever is told that something is wrong is told what to do about it."""

import ast
from collections.abc import Iterator

import pytest

from archives.advice import ADVICE, advice_on
from tests.support.places import ROOT


def codes() -> Iterator[tuple[str, str]]:
    """Yield the code of every finding of intake that is more than a note, with the module that gives it."""
    for layer in ("ingest", "formats"):
        for path in sorted((ROOT / layer).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if (
                    isinstance(node, ast.Call)
                    and isinstance(node.func, ast.Name)
                    and node.func.id in ("warning", "error")
                ):
                    first = node.args[0]
                    if isinstance(first, ast.Constant) and isinstance(first.value, str):
                        yield first.value, str(path.relative_to(ROOT))


def test_every_finding_of_intake_says_what_to_do() -> None:
    silent = {(code, path) for code, path in codes() if advice_on(code) is None}
    assert not silent


@pytest.mark.parametrize("code", ADVICE)
def test_advice_is_a_sentence_in_both_languages(code: str) -> None:
    said = ADVICE[code]
    assert said.zh != said.en
    assert said.text("zh")
    assert said.text("en").isascii()
