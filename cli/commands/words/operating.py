"""The restore drill, in words."""

from archives.message import message
from cli.commands.words.parts import lazy
from cli.frame.former import Command, Parameter

DRILL = Command(
    "restore-drill",
    message("只用通用工具试恢复若干信息包", "restore some packages with stock tools only, to prove it can be done"),
    lazy("audit.drill", "restore_drill"),
    (
        Parameter("--packages", message("信息包数", "how many packages"), type=int, default=5),
        Parameter("--seed", message("抽样种子，用于重做同一次演练", "seed of the draw, to repeat one"), type=int),
    ),
)
