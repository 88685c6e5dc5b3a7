"""Commands that keep copies good, in words."""

from pathlib import Path

import click

from archives.message import message
from cli.commands.words.parts import DRY_RUN, THROTTLE, YES, lazy
from cli.frame.former import Command, Group, Parameter

COMMANDS: tuple[Command | Group, ...] = (
    Group(
        "audit",
        message("核查副本的每一个字节", "read every byte of the copies again"),
        commands=(
            Command(
                "forecast",
                message(
                    "预测每天到期的核查量，何时守不住承诺",
                    "say what falls due on which day, and when the promise will be broken",
                ),
                lazy("audit.forecast", "forecast_audits"),
                (
                    Parameter(
                        "--plot",
                        message("把覆盖率画成 .svg", "draw the coverage to FILE.svg"),
                        type=Path,
                    ),
                    Parameter(
                        "--days",
                        message("预测的天数，0 为承诺的间隔", "days to look ahead; 0: the promised interval"),
                        type=click.IntRange(0, 3650),
                        default=0,
                    ),
                ),
            ),
        ),
        default=Command(
            "audit",
            message("核查副本的每一个字节", "read every byte of the copies again"),
            lazy("audit.audits", "audit_copies"),
            (
                Parameter("--all", message("全部（默认）", "everything (the default)"), is_flag=True),
                Parameter("--due", message("只核查到期的副本", "only the copies that are due"), is_flag=True),
                Parameter(
                    "--package",
                    message("只核查一件（档号或信息包标识）", "only one package (archival code or identifier)"),
                ),
                Parameter("--store", message("只核查一个存储", "only one store")),
                Parameter(
                    "--budget", message("时间或数据量限额，如 2h、500GiB", "stop after so much, such as 2h or 500GiB")
                ),
                Parameter("--sample", message("随机抽样，如 1%", "a random sample, such as 1%")),
                Parameter(
                    "--restart", message("从头开始，不接续中断的核查", "begin anew after a stopped audit"), is_flag=True
                ),
                THROTTLE,
            ),
        ),
    ),
    Command(
        "repair",
        message("用完好的副本修复", "repair from a good copy"),
        lazy("audit.keep", "repair_all"),
        (DRY_RUN, YES),
    ),
    Command(
        "rebuild",
        message("重建目录、索引和公开库", "make catalogue, indexes and public copies again"),
        lazy("audit.keep", "rebuild"),
    ),
)
