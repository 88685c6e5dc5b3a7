"""Every command with its words in both languages; what it runs is imported when it runs."""

import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from archives.message import message
from cli.frame import Command, Group, Parameter
from cli.output import Result


def _lazy(module: str, function: str) -> Callable[..., Result]:
    def run(*arguments: Any, **parameters: Any) -> Result:
        result: Result = getattr(importlib.import_module(f"cli.commands.{module}"), function)(*arguments, **parameters)
        return result

    return run


_CODE = Parameter("CODE", message("档号，可写作 馆代码:档号", "an archival code, or REPOSITORY:CODE"))
_REPOSITORY = Parameter("--repository", message("馆（室）代码", "code of the repository"))
_DRY_RUN = Parameter("--dry-run", message("只列出要做的事", "only say what would be done"), is_flag=True)
_SHEET = Parameter("SHEET", message("表格（XLSX 或 CSV）", "a sheet (XLSX or CSV)"), type=Path)

COMMANDS: tuple[Command | Group, ...] = (
    Command("init", message("建立新的档案库", "make a new archive"), _lazy("archive", "init")),
    Group(
        "repository",
        message("档案馆和档案室", "archives and records rooms"),
        (
            Command(
                "add",
                message("登记一个馆或室", "describe an archives or a records room"),
                _lazy("archive", "repository_add"),
                (
                    Parameter("CODE", message("代码", "its code")),
                    Parameter("--name", message("中文名称", "its Chinese name"), required=True),
                    Parameter("--name-en", message("英文名称", "its English name"), default=""),
                    Parameter("--kind", message("馆 或 室", "馆 (archives) or 室 (records room)"), default="馆"),
                    Parameter("--parent", message("上级馆代码", "code of the repository above it")),
                ),
            ),
            Command("list", message("列出馆和室", "list them"), _lazy("archive", "repository_list")),
        ),
    ),
    Group(
        "fonds",
        message("全宗", "fonds"),
        (
            Command(
                "import",
                message("从表格登记全宗", "describe fonds from a sheet"),
                _lazy("archive", "fonds_import"),
                (_SHEET, _REPOSITORY),
            ),
            Command("list", message("列出全宗", "list them"), _lazy("archive", "fonds_list")),
        ),
    ),
    Command(
        "ingest",
        message("接收一个批次", "take a batch in"),
        _lazy("ingest", "ingest_batch"),
        (Parameter("BATCH", message("批次文件夹", "folder of the batch"), type=Path), _REPOSITORY, _DRY_RUN),
    ),
    Group(
        "opening",
        message("开放审核", "opening of records"),
        (
            Command(
                "apply",
                message("执行开放审核决定表", "apply a sheet of opening decisions"),
                _lazy("opening", "apply"),
                (_SHEET, _REPOSITORY),
            ),
            Command(
                "withdraw",
                message("撤回开放，立即生效", "take an opening back, at once"),
                _lazy("opening", "withdraw"),
                (_CODE, Parameter("--reason", message("理由", "why"), required=True), _REPOSITORY),
            ),
        ),
    ),
    Command(
        "search",
        message("检索", "search"),
        _lazy("find", "search"),
        (
            Parameter("WORDS", message("检索词", "what to look for")),
            Parameter("--public", message("只看公众能看到的", "as the public would"), is_flag=True),
            _REPOSITORY,
            Parameter(
                "--limit", message("最多显示几条", "how many hits to show"), type=click.IntRange(min=1), default=20
            ),
        ),
    ),
    Command("show", message("显示一件档案", "show a record"), _lazy("find", "show"), (_CODE, _REPOSITORY)),
    Command(
        "explain",
        message("说明一件档案的经过", "tell what happened to a record"),
        _lazy("find", "explain"),
        (_CODE, _REPOSITORY),
    ),
    Command(
        "export",
        message("导出为 BagIt 包", "write a record out as a bag"),
        _lazy("find", "export"),
        (_CODE, Parameter("FOLDER", message("新文件夹", "a new folder"), type=Path), _REPOSITORY),
    ),
    Command(
        "audit",
        message("核查全部副本的每一个字节", "read every byte of every copy again"),
        _lazy("keep", "audit_all"),
        (Parameter("--all", message("全部（默认）", "everything (the default)"), is_flag=True),),
    ),
    Command(
        "repair",
        message("用完好的副本修复", "repair from a good copy"),
        _lazy("keep", "repair_all"),
        (_DRY_RUN, Parameter("--yes", message("不再询问", "do not ask"), is_flag=True)),
    ),
    Command(
        "rebuild",
        message("重建目录、索引和公开库", "make catalogue, indexes and public copies again"),
        _lazy("keep", "rebuild"),
    ),
    Command(
        "check",
        message("验证任意 BagIt 包、OCFL 对象或存储根", "validate any bag, OCFL object or storage root"),
        _lazy("keep", "check_path"),
        (Parameter("PATH", message("文件夹", "a folder"), type=Path),),
    ),
    Command(
        "serve",
        message("打开公众网站", "open the public site"),
        _lazy("serve", "serve"),
        (Parameter("--port", message("端口", "port"), type=int),),
    ),
    Command("doctor", message("检查环境和设置", "check what is installed and set"), _lazy("archive", "doctor")),
)
