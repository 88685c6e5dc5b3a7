"""Commands about stores, in words."""

import click

from archives.message import message
from cli.commands.words.parts import DRY_RUN, THROTTLE, lazy
from cli.frame.commands import Command, Group, Parameter

_NAME = Parameter("NAME", message("存储名称", "name of the store"))
_DUE = Parameter(
    "--due", message("离线载体下次核查日期", "when the offline set is due again"), type=click.DateTime(["%Y-%m-%d"])
)

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
                    Parameter("--path", message("文件夹", "a folder")),
                    Parameter(
                        "--url", message("对象存储，如 s3://bucket/prefix", "object storage, s3://bucket/prefix")
                    ),
                    Parameter("--endpoint", message("对象存储服务地址", "address of the object storage")),
                    Parameter("--region", message("区域", "its region")),
                    Parameter("--credentials-file", message("密钥文件（TOML）", "file with its keys (TOML)")),
                    Parameter("--offline", message("离线载体", "a sealed set that is not always there"), is_flag=True),
                    Parameter("--carrier", message("载体编号", "number of the carrier")),
                    Parameter("--place", message("存放地点", "where it is kept")),
                    Parameter("--person", message("保管人", "who keeps it")),
                    _DUE,
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
