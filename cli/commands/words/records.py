"""Commands about records: taking in, opening, looking up, in words."""

from pathlib import Path

import click

from archives.message import message
from cli.commands.words.parts import CODE, DRY_RUN, REPOSITORY, SHEET, lazy
from cli.frame.former import Command, Group, Parameter

_UPDATE = Parameter(
    "--update", message("与已保存的不同者存为新版本", "store what differs as a new version"), is_flag=True
)

COMMANDS: tuple[Command | Group, ...] = (
    Command(
        "ingest",
        message("接收一个批次", "take a batch in"),
        lazy("record.ingest", "ingest_batch"),
        (Parameter("BATCH", message("批次文件夹", "folder of the batch"), type=Path), REPOSITORY, _UPDATE, DRY_RUN),
    ),
    Group(
        "opening",
        message("开放审核", "opening of records"),
        (
            Command(
                "apply",
                message("执行开放审核决定表", "apply a sheet of opening decisions"),
                lazy("record.opening", "apply"),
                (SHEET, REPOSITORY),
            ),
            Command(
                "withdraw",
                message("撤回开放，立即生效", "take an opening back, at once"),
                lazy("record.opening", "withdraw"),
                (CODE, Parameter("--reason", message("理由", "why"), required=True), REPOSITORY),
            ),
        ),
    ),
    Command(
        "search",
        message("检索", "search"),
        lazy("record.find", "search"),
        (
            Parameter("WORDS", message("检索词", "what to look for")),
            Parameter("--public", message("只看公众能看到的", "as the public would"), is_flag=True),
            REPOSITORY,
            Parameter(
                "--limit", message("最多显示几条", "how many hits to show"), type=click.IntRange(min=1), default=20
            ),
        ),
    ),
    Command("show", message("显示一件档案", "show a record"), lazy("record.find", "show"), (CODE, REPOSITORY)),
    Command(
        "explain",
        message("说明一件档案的经过", "tell what happened to a record"),
        lazy("record.find", "explain"),
        (CODE, REPOSITORY),
    ),
    Command(
        "export",
        message("导出为 BagIt 包", "write a record out as a bag"),
        lazy("record.find", "export"),
        (
            CODE,
            Parameter("FOLDER", message("新文件夹", "a new folder"), type=Path),
            Parameter(
                "--version", message("第几版（默认最新）", "which version (the newest)"), type=click.IntRange(min=1)
            ),
            REPOSITORY,
        ),
    ),
    Command(
        "versions",
        message("列出一件档案的各个版本", "list the versions of a record"),
        lazy("record.versions", "versions"),
        (CODE, REPOSITORY),
    ),
    Command(
        "renumber",
        message("给一件档案改档号", "give a record another archival code"),
        lazy("record.versions", "renumber"),
        (
            Parameter("OLD", message("现在的档号", "its code now")),
            Parameter("NEW", message("新的档号", "its new code")),
            Parameter("--reason", message("理由", "why"), default=""),
            REPOSITORY,
        ),
    ),
)
