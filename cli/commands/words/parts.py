"""What the words of several commands share: how a command is found when it runs, common parameters."""

import importlib
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from archives.message import message
from cli.frame.former import Parameter
from cli.frame.output import Result


def lazy(module: str, function: str) -> Callable[..., Result]:
    """Return a function that imports ``cli.commands.MODULE`` when it is called and calls its ``function``."""

    def run(*arguments: Any, **parameters: Any) -> Result:
        result: Result = getattr(importlib.import_module(f"cli.commands.{module}"), function)(*arguments, **parameters)
        return result

    return run


CODE = Parameter("CODE", message("档号，可写作 馆代码:档号", "an archival code, or REPOSITORY:CODE"))
REPOSITORY = Parameter("--repository", message("馆（室）代码", "code of the repository"))
DRY_RUN = Parameter("--dry-run", message("只列出要做的事", "only say what would be done"), is_flag=True)
YES = Parameter("--yes", message("不再询问", "do not ask"), is_flag=True)
SHEET = Parameter("SHEET", message("表格（XLSX 或 CSV）", "a sheet (XLSX or CSV)"), type=Path)


class _Speed(click.FloatRange):
    """MiB a second: a number that is one, and not so small that nothing would ever end."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        speed = super().convert(value, param, ctx)
        if not math.isfinite(speed):
            self.fail(str(value), param, ctx)
        return speed


THROTTLE = Parameter(
    "--throttle",
    message("每秒最多读多少 MiB（0.001 起）", "read so many MiB a second at most (from 0.001)"),
    type=_Speed(min=0.001, max=1e6),
)
