"""Whoever is told that something is wrong is told what to do about it."""

import ast
from collections.abc import Callable, Iterable, Iterator

import pytest

from archives import errors
from archives.advice import ADVICE, advice_on
from archives.errors import JinkuiError, RefusedError
from archives.findings import Finding, Severity, refusal
from archives.message import message
from archives.record.elements.table import ELEMENTS
from archives.text.private import PrivateKind
from formats.text import WITHOUT_TEXT
from ingest.comparison import WAITS
from tests.support.places import ROOT

_MAKERS = ("warning", "error", "make", "_error", "_warn", "Finding", "Hidden")
_LAYERS = ("archives/units", "ingest", "formats", "cli/commands/record")


def _failures(kind: type[JinkuiError] = JinkuiError) -> Iterator[str]:
    for one in kind.__subclasses__():
        if one.__module__ == errors.__name__:
            yield from (one.code, *_failures(one))


def _written(name: str) -> str:
    return name.replace("_", "-")


NAMED_ELSEWHERE: dict[str, Callable[[], Iterable[str]]] = {
    "WAITS": lambda: [WAITS],
    "WITHOUT_TEXT": lambda: [WITHOUT_TEXT],
    "hidden.code": list,  # each Hidden is looked at where it is made
    "found.code": list,
    "kind.code": list,  # kinds of dirt bring their own advice
    "code": list,  # yielded with what it says; those pairs are looked at
    "finding": list,  # handed on by _error and _warn, whose calls are looked at
    "f'{element.key}-differs'": lambda: [f"{one.key}-differs" for one in ELEMENTS if one.in_code],
    "_unreadable(element)": lambda: [
        one.kind.unreadable or f"{_written(one.key)}-unreadable"
        for one in ELEMENTS
        if one.kind.parse and one.field not in ("code", "title") and one.kind.parse not in (str,)
    ],
    "f\"{field.replace('_', '-')}-missing\"": list,  # the calls of need and parsed are looked at
    "f\"{field.replace('_', '-')}-unreadable\"": list,
    "f'private-{kind.value}'": lambda: [f"private-{kind.value}" for kind in PrivateKind],
}
"""What stands in place of a code where a finding is made, and the codes that this can be."""


def kinds() -> Iterator[tuple[str, str]]:
    """Yield the code of every finding that is more than a note, with the module that makes it."""
    for layer in _LAYERS:
        for path in sorted((ROOT / layer).rglob("*.py")):
            tree = ast.parse(path.read_text("utf-8"))
            constants = dict(_constants(tree))
            for node in ast.walk(tree):
                module = str(path.relative_to(ROOT))
                if module.startswith("ingest/sheets/"):
                    yield from ((code, module) for code in _of_sheets(node))
                if isinstance(node, ast.Call) and node.args and _maker(node.func):
                    first = node.args[0]
                    if isinstance(first, ast.Constant):
                        yield str(first.value), module
                    elif isinstance(first, ast.Name) and first.id in constants:
                        yield constants[first.id], module
                    elif module != "formats/processes/answers.py":
                        for code in NAMED_ELSEWHERE[ast.unparse(first)]():  # a new way to make one is told to us here
                            yield code, module
    yield from ((code, "a failure that is told as a finding") for code in (*_failures(), "source-changed"))


def _constants(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=str(code))):
                yield name, code


def _of_sheets(node: ast.AST) -> Iterator[str]:
    """Yield the codes that stand beside what they say, and those of cells that are needed or read."""
    match node:
        case ast.Tuple(elts=[ast.Constant(value=str(code)), ast.Call(func=ast.Name(id="message")), *_]):
            yield code
        case ast.Tuple(elts=[ast.Constant(value=str(code)), ast.Name() | ast.Call()]) if "-" in code:
            yield code
        case ast.Call(func=ast.Name(id="parsed"), args=[ast.Constant(value=str(field)), *_]):
            yield f"{_written(field)}-unreadable"
        case ast.Call(func=ast.Name(id="need"), args=[ast.Constant(value=str(field)), *_]):
            yield f"{_written(field)}-missing"
        case (
            ast.AnnAssign(target=ast.Name(id="_NEEDED"), value=ast.Dict(keys=keys))
            | ast.Assign(targets=[ast.Name(id="_NEEDED")], value=ast.Dict(keys=keys))
        ):
            yield from (f"{_written(str(key.value))}-missing" for key in keys if isinstance(key, ast.Constant))


def _maker(called: ast.expr) -> bool:
    if isinstance(called, ast.Name):
        return called.id in _MAKERS
    return isinstance(called, ast.Attribute) and called.attr in ("_error", "_warn")


UNSAID = frozenset(("usage", "configuration", "interrupted"))
"""Failures of a whole command, which no finding tells."""


@pytest.mark.parametrize(("code", "module"), sorted({*kinds()}))
def test_every_finding_says_what_to_do(code: str, module: str) -> None:
    found = Finding(code, Severity.WARNING, message("坏", "bad"))
    assert code in UNSAID or advice_on(found) is not None, module


def test_a_refusal_says_what_its_failure_advises() -> None:
    failure = RefusedError(message("不可", "no"), advice=message("先解密", "declassify it first"))
    assert advice_on(refusal(failure, row=3)) == failure.advice
    assert advice_on(refusal(RefusedError(message("不可", "no")))) == ADVICE["refused"]


NOTED = frozenset(("column-unknown", "worksheet-not-read"))
"""Kinds of finding that can be a note, too."""
STORED = (
    *("file-encrypted", "file-empty", "file-unreadable", "file-cut-short", "image-damaged", "encoding-broken"),
    *("page-gap", "page-zero", "page-twice", "page-count-differs", "page-of-one-colour", "page-too-small"),
    *("text-no-reader", "name-made-safe", "date-unreadable", "retention-unreadable", "year-differs", "digits-lost"),
)
"""Kinds of finding about what is stored with them; what mends it differs from what is stored."""


@pytest.mark.parametrize("code", sorted(NOTED))
def test_nobody_is_told_to_settle_a_note(code: str) -> None:
    told = Finding(code, Severity.NOTE, message("某", "some"))
    said = advice_on(told)
    assert said is not None
    assert "settle" not in said.text("en")
    assert "了结" not in said.text("zh")


@pytest.mark.parametrize("code", STORED)
def test_what_mends_a_stored_record_is_taken_in_with_update(code: str) -> None:
    assert "--update" in ADVICE[code].text("en")
    assert "--update" in ADVICE[code].text("zh")


def test_a_finding_leaves_it_to_its_advice_to_say_where_a_better_file_is_had() -> None:
    told = ("索取", "重新扫描", "ask for a", "scan it again")
    sources = [path for layer in ("formats", "ingest") for path in (ROOT / layer).rglob("*.py")]
    assert [(path, said) for path in sources for said in told if said in path.read_text("utf-8")] == []


@pytest.mark.parametrize("code", ADVICE)
def test_advice_is_a_sentence_in_both_languages(code: str) -> None:
    said = ADVICE[code]
    assert said.zh != said.en
    assert said.text("zh")
    assert said.text("en").isascii()
    assert any("\u4e00" <= letter <= "\u9fff" for letter in said.text("zh"))


def test_no_advice_is_for_what_nobody_finds() -> None:
    made = {code for code, _ in kinds()}
    assert not {*ADVICE} - made
