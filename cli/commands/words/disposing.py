"""Commands of disposal and holds, in words."""

from pathlib import Path

import click

from archives.message import message
from cli.commands.words.parts import CODE, DRY_RUN, REPOSITORY, YES, lazy
from cli.frame.former import Command, Group, Parameter

_PLAN = Parameter("PLAN", message("销毁计划文件", "file of the plan"), type=Path)
_BY = Parameter(
    "--by", message("人员标识（见 jinkui person list）", "a registered person (jinkui person list)"), required=True
)
_REASON = Parameter("--reason", message("理由", "why"), required=True)

COMMANDS: tuple[Command | Group, ...] = (
    Group(
        "hold",
        message("冻结：不得销毁", "holds: records that may not be disposed of"),
        (
            Command(
                "place",
                message("冻结一件档案", "put a record under a hold"),
                lazy("dispose.holds", "place"),
                (CODE, _REASON, REPOSITORY),
            ),
            Command(
                "lift",
                message("解除冻结", "let a hold stand no longer"),
                lazy("dispose.holds", "lift"),
                (Parameter("HOLD", message("冻结编号", "identifier of the hold")), _REASON),
            ),
            Command("list", message("列出冻结", "list them"), lazy("dispose.holds", "list_holds")),
        ),
    ),
    Group(
        "dispose",
        message("鉴定销毁：计划、批准、执行", "disposal: plan, approve, run"),
        (
            Command(
                "plan",
                message("提出销毁计划", "propose what is to go"),
                lazy("dispose.disposal", "plan"),
                (
                    _BY,
                    Parameter(
                        "--out", message("计划写到哪个文件", "file the plan is written to"), type=Path, required=True
                    ),
                    Parameter(
                        "--code",
                        message("只列这些档号（可多次）", "only these records (may be repeated)"),
                        multiple=True,
                    ),
                    Parameter("--opinion", message("鉴定意见", "opinion of the appraisal"), default=""),
                    Parameter(
                        "--due-on",
                        message("到哪一天期满（默认今天）", "whose period has run out on this day (today)"),
                        type=click.DateTime(["%Y-%m-%d"]),
                    ),
                    REPOSITORY,
                ),
            ),
            Command(
                "approve",
                message("签名批准计划", "sign a plan"),
                lazy("dispose.disposal", "approve"),
                (
                    _PLAN,
                    _BY,
                    Parameter("--key-file", message("私钥文件", "file of the private key"), type=Path),
                    Parameter(
                        "--passphrase-file",
                        message("口令文件，- 为标准输入", "file with the passphrase, - for the input"),
                    ),
                ),
            ),
            Command(
                "run",
                message("执行已批准的计划", "carry an approved plan out"),
                lazy("dispose.disposal", "run"),
                (
                    _PLAN,
                    Parameter("--supervisor", message("监销人（写两位）", "who watches (name two)"), multiple=True),
                    Parameter(
                        "--out", message("清册写到哪个文件夹", "folder of the register"), type=Path, required=True
                    ),
                    DRY_RUN,
                    YES,
                ),
            ),
        ),
    ),
)
