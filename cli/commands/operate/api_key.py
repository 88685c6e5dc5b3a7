"""Commands about keys of the storage API and what was asked with them."""

from datetime import UTC, datetime

from archives.message import message
from cli import wiring
from cli.frame.commands import Call
from cli.frame.output import Result, Table
from cli.home.home import home_of
from preservation.witness.api_keys import ApiKeys
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


def add(call: Call, *, user: str) -> Result:
    """Give a user a key; it is shown this once and kept nowhere."""
    home = home_of(call)
    key = wiring.new_secret()
    ApiKeys(home.work).add(user, key, now=wiring.now())
    lines = (
        message("{user} 的密钥，只显示这一次：", "the key of {user}, shown this once:", user=user),
        message("{key}", "{key}", key=key),
    )
    return Result({"user": user, "key": key}, lines=lines)


def list_keys(call: Call) -> Result:
    """List who has a key."""
    known = ApiKeys(home_of(call).work).all()
    columns = (message("用户", "user"), message("发放时间", "added at"))
    rows = tuple((one.user, one.added_at.isoformat(timespec="seconds")) for one in known)
    data = [{"user": one.user, "added_at": one.added_at.isoformat()} for one in known]
    return Result({"keys": data}, (Table(message("密钥", "keys"), columns, rows),))


def revoke(call: Call, *, user: str) -> Result:
    """Let a user in no longer, from now on."""
    ApiKeys(home_of(call).work).revoke(user)
    return Result({"user": user}, lines=(message("已收回 {user} 的密钥", "{user} has no key any more", user=user),))


def results(call: Call, *, limit: int) -> Result:
    """Show what clients asked of the storage API and what they reported of it, the newest first."""
    log = FixityLog(home_of(call).work)
    found, reports = log.results(limit=limit), log.reports(now=wiring.now(), limit=limit)
    data = {
        "results": [
            {
                "package_id": one.package_id,
                "at": one.at.isoformat(),
                "user": one.user,
                "success": one.success,
                "message": one.message,
            }
            for one in found
        ],
        "reports": [
            {"package_id": one.package_id, "session": one.session, "started": one.started, "state": one.state}
            for one in reports
        ],
    }
    return Result(data, (_checks(found), _reports(reports)))


def _checks(found: tuple[CheckResult, ...]) -> Table:
    columns = (
        message("时间", "at"),
        message("信息包", "package"),
        message("用户", "user"),
        message("结果", "result"),
        message("说明", "message"),
    )
    rows = tuple(
        (one.at.isoformat(timespec="seconds"), one.package_id, one.user, _SAID[one.success], one.message)
        for one in found
    )
    return Table(message("检查结果", "results of checks"), columns, rows)


def _reports(reports: tuple[ClientReport, ...]) -> Table:
    columns = (
        message("开始时间", "started"),
        message("信息包", "package"),
        message("客户端的运行", "run of the client"),
        message("结果", "result"),
    )
    rows = tuple(
        (datetime.fromtimestamp(one.started, UTC).isoformat(), one.package_id, one.session, _REPORTED[one.state])
        for one in reports
    )
    return Table(message("客户端的报告", "reports of clients"), columns, rows)
