"""Commands about running the service, in words."""

from pathlib import Path

import click

from archives.message import message
from cli.commands.words.parts import YES, lazy
from cli.frame.former import Command, Group, Parameter

_USER = Parameter(
    "--user", message("装入本人的 systemd，不用管理员权限", "for the user's own systemd, without root"), is_flag=True
)
_CRON = Parameter("--cron", message("用 cron，不用 systemd", "for cron instead of systemd"), is_flag=True)

COMMANDS: tuple[Command | Group, ...] = (
    Command(
        "serve",
        message("打开公众网站", "open the public site"),
        lazy("operate.serve", "serve"),
        (
            Parameter("--port", message("端口", "port"), type=int),
            Parameter(
                "--storage-api",
                message("打开供 fixity 等客户端使用的存储接口", "open the storage API for fixity clients instead"),
                is_flag=True,
            ),
        ),
    ),
    Group(
        "api-key",
        message("存储接口的密钥", "keys of the storage API"),
        (
            Command(
                "add",
                message("发放密钥（只显示一次）", "give a key (shown once)"),
                lazy("operate.api_key", "add"),
                (Parameter("USER", message("用户名", "name of the user")),),
            ),
            Command("list", message("列出密钥", "list who has one"), lazy("operate.api_key", "list_keys")),
            Command(
                "revoke",
                message("收回密钥", "take a key back"),
                lazy("operate.api_key", "revoke"),
                (Parameter("USER", message("用户名", "name of the user")),),
            ),
            Command(
                "results",
                message("最近的检查结果", "the newest results of checks"),
                lazy("operate.api_key", "results"),
                (Parameter("--limit", message("最多几条", "how many"), type=click.IntRange(min=1), default=50),),
            ),
        ),
    ),
    Group(
        "schedule",
        message("定时核查、检查点和恢复演练", "audits, checkpoints and restore drills on schedule"),
        (
            Command(
                "show",
                message("显示定时单元，不写任何文件", "print the units and write nothing"),
                lazy("operate.schedule", "show_schedule"),
                (_USER, _CRON),
            ),
            Command(
                "install",
                message("写入定时单元", "write the units"),
                lazy("operate.schedule", "install_schedule"),
                (
                    _USER,
                    _CRON,
                    Parameter("--into", message("写入此文件夹", "write into this folder"), type=Path),
                    YES,
                ),
            ),
        ),
    ),
    Command(
        "restore-drill",
        message("只用通用工具试恢复若干信息包", "restore some packages with stock tools only, to prove it can be done"),
        lazy("audit.drill", "restore_drill"),
        (
            Parameter("--packages", message("信息包数", "how many packages"), type=int, default=5),
            Parameter("--seed", message("抽样种子，用于重做同一次演练", "seed of the draw, to repeat one"), type=int),
        ),
    ),
    Command(
        "metrics",
        message("输出 Prometheus 指标", "give the figures for Prometheus"),
        lazy("operate.metrics", "show_metrics"),
        (Parameter("--file", message("写入此文件", "write them to this file"), type=Path),),
    ),
)
