"""What can go wrong: every exit code, every kind of finding, every verdict of an audit, each with what to do."""

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import pairwise
from pathlib import Path

from archives import errors
from archives.advice import ADVICE
from archives.errors import FOUND_EXIT_CODE, JinkuiError
from archives.message import Language, Message, message
from archives.record.elements.table import ELEMENTS
from cli.frame.commands import DONE, FINDINGS
from ingest.dirt.kinds import KINDS
from ingest.sheets import decisions
from preservation.audit.verdicts import Mending, Verdict
from scripts.manual_markdown import code, codes, table

_ROOT = Path(__file__).resolve().parents[1]
_LAYERS = ("ingest", "formats", "cli/commands/record")
_CODE = message("代码", "code")
_MEANS = message("含义", "what it means")
_DO = message("办法", "what to do")
_PUT_TOGETHER: Mapping[str, Message] = {
    "access-copy-failed": message("供查看的副本没有做成", "no copy for looking at could be made"),
    "changed-meanwhile": message("导出之后别人已改过", "somebody else changed it since it was exported"),
    "code-unknown": message(
        "目录中没有此档号，本行也没有题名", "the catalogue has no such code, and the row has no title"
    ),
    "column-ignored": message("不认识的列，未使用", "a column that is not known; nothing is done with it"),
    "column-missing": message("表中缺少需要的列", "the sheet lacks a column that is needed"),
    "column-not-taken": message("不认识的列，未登记", "a column that is not known; nothing of it was taken in"),
    "column-not-understood": message(
        "决定表有不认识的列，会公开什么的行未执行",
        "a sheet of decisions has a column that is not known: no row that would make something public was applied",
    ),
    "column-unknown": message("不认识的列，已照录", "a column that is not known; kept as it is"),
    "date-ambiguous": message("表格软件可能改过的日期", "a date that a spreadsheet program may have changed"),
    "file-claimed-twice": message("几行都要同一个文件", "several rows claim one file"),
    "file-missing": message("所写的文件不在批次中", "a file that is named is not in the batch"),
    "file-name-ambiguous": message("所写的文件名有几个文件", "several files have the name that is written"),
    "file-not-examined": message("文件没有看成", "the file could not be looked at"),
    "file-without-row": message("没有一行提到的文件", "a file that no row names"),
    "fonds-number": message("全宗号不能写进档号", "no archival code can begin with the number of the fonds"),
    "fonds-rows-differ": message("一个全宗的各行不一", "the rows of a fonds differ"),
    "hidden-columns": message("有隐藏的列", "it has hidden columns"),
    "item-pages-unreadable": message("读不懂的页号", "page numbers that cannot be read"),
    "not-a-file": message("不是普通文件", "no regular file"),
    "not-looked-into": message("其中的内容没有看成", "what is in it could not be looked at"),
    "number-unreadable": message("不是数字，已照录", "not a number; kept as written"),
    "page-label-unknown": message("从文件名看不出是哪一页", "its name does not say which page it is"),
    "page-not-read": message("这一页没有识别成", "the page could not be recognised"),
    "pages-ambiguous": message("不知道是哪一件的页", "it is not clear of which record the pages are"),
    "private-characters": message("含私用区字符", "characters of a private use area"),
    "private-id-number": message("可能有身份证号", "what may be a number of an identity card"),
    "private-name": message("可能有个人姓名", "what may be the name of a person"),
    "title-elsewhere": message(
        "不公开的题名还出现在公众可见的地方",
        "the title that is kept back stands in something else that the public would see",
    ),
    "private-person": message(
        "题名等处有按姓名登记的人名", "a title or the like names a person whose column is never public"
    ),
    "private-telephone": message("可能有电话号码", "what may be a telephone number"),
    "removed": message("此档号的档案属误接收，已移除", "what had this code was taken in by mistake and removed"),
    "retention-differs": message("保管期限与档号不一致", "the retention period is not the archival code's"),
    "source-changed": message("读取时文件有改动", "a file changed while it was read"),
    "state-unknown": message("不认识的状态", "a state that is not known"),
    "worksheet-not-read": message("没有读的工作表", "a worksheet that was not read"),
}
"""What findings mean whose words are put together where they are made."""


def exit_codes(language: Language) -> str:
    """Every exit code with what it means and the names that errors with it have in JSON."""
    means: dict[int, Message] = {DONE.code: DONE.meaning, FOUND_EXIT_CODE: FINDINGS.meaning}
    names: dict[int, list[str]] = {}
    kinds: tuple[type[JinkuiError], ...] = (JinkuiError, *_errors())
    for kind in kinds:
        means.setdefault(kind.exit_code, kind.meaning)
        names.setdefault(kind.exit_code, []).append(kind.code)
    heads = (message("退出码", "exit code"), _MEANS, message("JSON 中的 code", "code in JSON"))
    rows = [
        (f"[{number}](#{anchor(number, language)})", means[number], codes(names.get(number, ())))
        for number in sorted(means)
    ]
    return table(language, heads, rows)


def anchor(number: int, language: Language) -> str:
    """Return where the page tells of an exit code."""
    return f"退出码-{number}" if language == "zh" else f"exit-code-{number}"


def findings(language: Language) -> str:
    """Every kind of finding of intake with what to do about it; what is found in tables has words of its own kind."""
    rows = [(code(name), _meanings()[name], ADVICE[name]) for name in sorted(ADVICE)]
    return table(language, (_CODE, _MEANS, _DO), rows)


def dirt(language: Language) -> str:
    """Every kind of dirt in catalogue tables."""
    rows = [(code(name), KINDS[name].message, KINDS[name].advice) for name in sorted(KINDS)]
    return table(language, (_CODE, _MEANS, _DO), rows)


_MENDED = {
    Mending.NOTHING: message("jinkui repair 不改动它", "jinkui repair changes nothing"),
    Mending.SET_ASIDE: message("jinkui repair 把它移入隔离区", "jinkui repair sets it aside in the quarantine"),
    Mending.REPLACE: message("jinkui repair 用完好的副本替换", "jinkui repair puts a good copy in its place"),
    Mending.REPLACE_IF_KNOWN: message(
        "先查磁盘；知道此处应有什么的，jinkui repair 可替换",
        "look at the disk first; jinkui repair replaces it where it is known what must lie there",
    ),
}


def verdicts(language: Language) -> str:
    """Every verdict of an audit."""
    heads = (message("判定", "verdict"), _MEANS, message("核查的退出码", "exit code of the audit"), _DO)
    return table(
        language, heads, [(code(one.value), one.said, str(one.exit_code), _MENDED[one.mending]) for one in Verdict]
    )


def _errors(kind: type[JinkuiError] = JinkuiError) -> Iterator[type[JinkuiError]]:
    for one in kind.__subclasses__():
        if one.__module__ == errors.__name__:
            yield one
            yield from _errors(one)


@cache
def _meanings() -> Mapping[str, Message]:
    """Return what every finding says, from where it is made; an error that is told as a finding means what it means."""
    said = {kind.code: kind.meaning for kind in _errors()}
    for layer in _LAYERS:
        for path in sorted((_ROOT / layer).rglob("*.py")):
            said |= {name: one for name, one in _made_in(ast.parse(path.read_text("utf-8"))) if name not in said}
    cells = {name: one for name, one in _of_cells() if name not in said}
    return {**said, **cells, **{name: one.message for name, one in KINDS.items()}, **_PUT_TOGETHER}


def _of_cells() -> Iterator[tuple[str, Message]]:
    """Yield what is said of cells that are needed or cannot be read, by the columns in which they stand."""
    columns = {element.key: (element.label.zh, element.label.en) for element in ELEMENTS}
    for field, names in decisions.COLUMNS.items():
        columns[field] = names[0], next(name for name in names if name.isascii())
    for field, (zh, en) in columns.items():
        name = field.replace("_", "-")
        yield f"{name}-missing", message(f"没有填{zh}", f"nothing is said of: {en.replace('_', ' ')}")
        yield f"{name}-unreadable", message(f"读不懂的{zh}", f"what cannot be read of: {en.replace('_', ' ')}")


def _made_in(tree: ast.Module) -> Iterator[tuple[str, Message]]:
    """Yield the code of every finding that a module makes, with its words, where they stand beside it or have a name."""
    named = [
        (node.targets[0].id, node.lineno, node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    ]
    for node in ast.walk(tree):
        parts = node.args if isinstance(node, ast.Call) else node.elts if isinstance(node, ast.Tuple) else []
        if parts and (name := _text(_resolved(parts[0], named))) in ADVICE:
            words = [_resolved(one, named) for one in parts[1:]]
            if found := next(filter(None, map(_message, words)), None) or _in_two(words):
                yield str(name), found


def _resolved(node: ast.expr, named: list[tuple[str, int, ast.expr]]) -> ast.expr:
    """Return what a name stands for where it is used: what was last assigned to it above."""
    if not isinstance(node, ast.Name):
        return node
    above = [(line, value) for name, line, value in named if name == node.id and line <= node.lineno]
    return max(above, key=lambda one: one[0])[1] if above else node


def _message(node: ast.expr) -> Message | None:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("message", "Message"):
        return _in_two(node.args)
    return None


def _in_two(words: list[ast.expr]) -> Message | None:
    """Return the sentence of which Chinese and English stand side by side."""
    texts = [_text(one) for one in words]
    for zh, en in pairwise(texts):
        if zh and en and not zh.isascii() and en.isascii():
            return Message(zh, en)
    return None


def _text(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None
