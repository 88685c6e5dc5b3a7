"""Commands by which the journal is vouched for and persons sign, in words."""

from pathlib import Path

from archives.message import message
from cli.commands.words.parts import CODE, REPOSITORY, lazy
from cli.frame.former import Command, Group, Parameter

_OUT = Parameter("--out", message("写入的文件", "the file to write"), type=Path)

COMMANDS: tuple[Command | Group, ...] = (
    Group(
        "journal",
        message("日志", "the journal"),
        (
            Command(
                "verify",
                message("通读并验证每个存储中的日志", "read the journal of every store and verify it wholly"),
                lazy("journal.trust", "verify"),
                (
                    Parameter(
                        "--against",
                        message(
                            "以前的检查点（文件，或存放检查点的文件夹）", "an earlier checkpoint, or a folder of them"
                        ),
                        type=Path,
                    ),
                    Parameter("--key", message("检查点的公钥文件", "file of the checkpoints' public key"), type=Path),
                ),
            ),
            Command(
                "checkpoint",
                message("签署检查点，供馆外保存", "sign a checkpoint, to be kept elsewhere"),
                lazy("journal.trust", "checkpoint"),
                (_OUT,),
            ),
            Command(
                "prove",
                message("证明一件档案的入库条目在日志中", "prove that a record's entry is in the journal"),
                lazy("journal.proving", "prove"),
                (
                    CODE,
                    _OUT,
                    REPOSITORY,
                    Parameter(
                        "--public",
                        message("证明公开视图，不涉及日志", "prove the published view, nothing of the journal"),
                        is_flag=True,
                    ),
                ),
            ),
        ),
    ),
)
