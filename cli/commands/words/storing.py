"""Commands about stores, in words."""

from datetime import date

import click

from archives.message import message
from cli.commands.words.parts import DRY_RUN, THROTTLE, lazy
from cli.frame.former import Command, Group, Parameter
from preservation.stores.registry import every_key
from preservation.stores.setting import Key

_DATE = click.DateTime(["%Y-%m-%d"])
_TYPES = {str: str, bool: bool, float: float, date | None: _DATE}


def _option(key: Key) -> Parameter:
    """Return the option that states a key of the settings of a store."""
    return Parameter(f"--{key.name}", key.said, type=_TYPES[key.type], is_flag=key.type is bool)


_NAME = Parameter("NAME", message("存储名称", "name of the store"))
_DUE = Parameter("--due", message("离线载体下次核查日期", "when the offline set is due again"), type=_DATE)

COMMANDS: tuple[Command | Group, ...] = (
    Group(
        "store",
        message("存储位置", "stores"),
        (
            Command(
                "add",
                message("启用一个存储位置", "take a place into use for copies"),
                lazy("store.stores", "add"),
                (
                    _NAME,
                    *map(_option, every_key()),
                ),
            ),
            Command("list", message("列出存储位置", "list them"), lazy("store.stores", "list_stores")),
            Command(
                "check",
                message("检查存储是否在位、可读写", "look whether they are there and can be written and read"),
                lazy("store.stores", "check"),
                (Parameter("NAME", message("存储名称（默认全部）", "name of the store (default: all)"), default=""),),
            ),
            Command(
                "attach",
                message("接上离线载体：核查并补齐", "attach an offline set: check it and write what is owed"),
                lazy("store.stores", "attach"),
                (_NAME, _DUE, THROTTLE),
            ),
        ),
    ),
    Command(
        "replicate",
        message("补齐所欠的副本", "write the copies that are owed"),
        lazy("store.stores", "replicate_owed"),
        (Parameter("--store", message("只补一个存储", "only into one store")), DRY_RUN, THROTTLE),
    ),
)
