"""The command that judges somebody's bag, OCFL object or storage root."""

from pathlib import Path
from typing import Annotated

from archives.errors import NotFoundError
from archives.findings import Finding
from archives.message import Message, message
from cli import wiring
from cli.commands.shared import SEVERITIES
from cli.frame.commands import FINDINGS, Call, command
from cli.frame.listing import Field, listing
from cli.frame.output import Result
from cli.frame.parameters import Argument, Option
from formats.processes.children import ChildExecutor
from formats.processes.confinement import Confinement
from preservation.digests.tree import read_tree
from preservation.validation.second_opinion import NOT_ASKED, SecondOpinion
from preservation.validation.second_opinion import second_opinion as ask
from preservation.validation.validate import check

_SLOWEST_BYTES_A_SECOND = 10 * 1024 * 1024
_SLOWEST_FILES_A_SECOND = 200


_FIELDS: tuple[Field[Finding], ...] = (
    Field("", message("代码", "code"), lambda one: one.code),
    Field("", message("程度", "severity"), lambda one: SEVERITIES[one.severity]),
    Field("", message("文件", "file"), lambda one: one.file or ""),
    Field("", message("行", "row"), lambda one: one.row or ""),
    Field("", message("发现", "finding"), lambda one: one.message),
)


@command(example="jinkui check /media/usb/bag-2026 --second-opinion", exits=(NotFoundError, FINDINGS))
def check_path(
    call: Call,
    *,
    path: Annotated[Path, Argument(message("文件夹", "a folder"), is_folder=True)],
    second_opinion: Annotated[bool, Option(message("另请 bagit-python 判断", "ask bagit-python too"))] = False,
) -> Result:
    """Validate any bag, OCFL object or storage root."""
    del call
    with wiring.digesting() as digesting:
        result = check(path, digesting)
    if second_opinion:
        result = result.with_opinion(_ask_bagit(path) if result.kind == "bag" else NOT_ASKED)
    valid, kind = result.valid, result.kind
    verdict = message("有效", "valid") if valid else message("无效", "not valid")
    lines = [message("{verdict}：{kind}", "{verdict}: {kind}", verdict=verdict, kind=kind)]
    data: dict[str, object] = {"kind": kind, "valid": valid, "findings": result.findings}
    if result.second_opinion:
        data["second_opinion"] = _opinion_data(result.second_opinion)
        lines.append(_opinion_line(result.second_opinion))
    table, _ = listing(message("发现的问题", "findings"), _FIELDS, result.findings)
    return Result(data, (table,) if result.findings else (), tuple(lines), exit_code=0 if valid else FINDINGS.code)


def _ask_bagit(path: Path) -> SecondOpinion:
    """Return bagit-python's verdict on a bag, for which it has as long as its bytes and files could ever take."""
    tree = read_tree(path)
    seconds = 60 + tree.size_bytes / _SLOWEST_BYTES_A_SECOND + len(tree.files) / _SLOWEST_FILES_A_SECOND
    return ask(tree, lambda: ChildExecutor(1, timeout_seconds=seconds, confined=Confinement((path,), optional=True)))


def _opinion_data(opinion: SecondOpinion) -> dict[str, object]:
    return {
        "tool": opinion.tool,
        "version": opinion.version,
        "valid": opinion.valid,
        "message": opinion.message,
    }


def _opinion_line(opinion: SecondOpinion) -> Message:
    verdict = {
        True: message("有效", "valid"),
        False: message("无效", "not valid"),
        None: message("没有结论", "no verdict"),
    }[opinion.valid]
    return message(
        "第二意见（{tool} {version}）：{verdict} {why}",
        "second opinion ({tool} {version}): {verdict} {why}",
        tool=opinion.tool,
        version=opinion.version,
        verdict=verdict,
        why=opinion.message,
    )
