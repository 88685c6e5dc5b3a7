"""Commands about keys of the storage API and what was asked with them."""

from datetime import UTC, datetime
from typing import Annotated

from archives.errors import ConflictError
from archives.message import message
from cli import wiring
from cli.commands.shared import LOOKS
from cli.frame.commands import Call, command
from cli.frame.listing import Field, listing, local_time, moment
from cli.frame.output import Result
from cli.frame.parameters import Argument, Option
from cli.home.home import home_of
from preservation.witness.api_keys import ApiKey, ApiKeys
from preservation.witness.fixity_log import CheckResult, ClientReport, FixityLog

_SAID = {
    True: message("完好", "whole"),
    False: message("有问题", "not whole"),
    None: message("未能检查", "could not be checked"),
}

_REPORTED = {
    "good": message("完好", "whole"),
    "bad": message("有问题", "not whole"),
    "running": message("进行中", "running"),
    "not run": message("未运行", "not run"),
}


_User = Annotated[str, Argument(message("用户名", "name of the user"))]
_KEYS: tuple[Field[ApiKey], ...] = (
    Field("user", message("用户", "user"), lambda one: one.user),
    moment("added_at", message("发放时间", "added at"), lambda one: one.added_at),
)
_RESULTS: tuple[Field[CheckResult], ...] = (
    moment("at", message("时间", "at"), lambda one: one.at),
    Field("package_id", message("信息包", "package"), lambda one: one.package_id),
    Field("user", message("用户", "user"), lambda one: one.user),
    Field("success", message("结果", "result"), lambda one: one.success, lambda one: _SAID[one.success]),
    Field("message", message("说明", "message"), lambda one: one.message),
)
_REPORTS: tuple[Field[ClientReport], ...] = (
    Field(
        "started",
        message("开始时间", "started"),
        lambda one: one.started,
        lambda one: local_time(datetime.fromtimestamp(one.started, UTC)),
    ),
    Field("package_id", message("信息包", "package"), lambda one: one.package_id),
    Field("session", message("客户端的运行", "run of the client"), lambda one: one.session),
    Field("state", message("结果", "result"), lambda one: one.state, lambda one: _REPORTED[one.state]),
)


@command(example="jinkui api-key add watch", exits=(*LOOKS, ConflictError))
def add(call: Call, *, user: _User) -> Result:
    """Give a user a key; it is shown this once and kept nowhere."""
    home = home_of(call)
    key = wiring.new_secret()
    ApiKeys(home.work).add(user, key, now=wiring.now())
    lines = (
        message("{user} 的密钥，只显示这一次：", "the key of {user}, shown this once:", user=user),
        message("{key}", "{key}", key=key),
    )
    return Result({"user": user, "key": key}, lines=lines)


@command(example="jinkui api-key list", exits=LOOKS)
def list_keys(call: Call) -> Result:
    """List who has a key."""
    table, data = listing(message("密钥", "keys"), _KEYS, ApiKeys(home_of(call).work).all())
    return Result({"keys": data}, (table,))


@command(example="jinkui api-key revoke watch", exits=LOOKS)
def revoke(call: Call, *, user: _User) -> Result:
    """Let a user in no longer, from now on."""
    ApiKeys(home_of(call).work).revoke(user)
    return Result({"user": user}, lines=(message("已收回 {user} 的密钥", "{user} has no key any more", user=user),))


@command(example="jinkui api-key results --limit 20", exits=LOOKS)
def results(call: Call, *, limit: Annotated[int, Option(message("最多几条", "how many"), least=1)] = 50) -> Result:
    """Show what clients asked of the storage API and what they reported of it, the newest first."""
    log = FixityLog(home_of(call).work)
    checks, found = listing(message("检查结果", "results of checks"), _RESULTS, log.results(limit=limit))
    reports, reported = listing(
        message("客户端的报告", "reports of clients"), _REPORTS, log.reports(now=wiring.now(), limit=limit)
    )
    return Result({"results": found, "reports": reported}, (checks, reports))
