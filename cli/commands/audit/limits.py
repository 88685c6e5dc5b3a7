"""How far an audit goes, as a person writes it: a time, an amount of data, a share of the copies."""

import re

from archives.errors import UsageProblem
from archives.message import message
from cli.commands.record.rendering import BYTES
from preservation.audit.audit import Budget

_SECONDS = {"s": 1, "m": 60, "min": 60, "h": 3600, "d": 86400}


def parse_budget(text: str | None) -> Budget:
    """Read ``2h``, ``90min``, ``500GiB``; raises ``UsageProblem``."""
    if text is None:
        return Budget()
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([A-Za-z]+)", text)
    if found and found[2] in BYTES:
        return Budget(size_bytes=int(float(found[1]) * BYTES[found[2]]))
    if found and found[2] in _SECONDS:
        return Budget(seconds=float(found[1]) * _SECONDS[found[2]])
    raise UsageProblem(
        message("看不懂的限额：{text}", "not a budget: {text}", text=text),
        subject=text,
        advice=message("例如 2h、90min、500GiB", "for example 2h, 90min, 500GiB"),
    )


def parse_share(text: str | None) -> float | None:
    """Read ``1%`` or ``0.5%`` as a share above 0 and at most 1; raises ``UsageProblem``."""
    if text is None:
        return None
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*%", text)
    if found and 0 < float(found[1]) <= 100:
        return float(found[1]) / 100
    raise UsageProblem(
        message("抽样比例应写作 1% 到 100%：{text}", "a sample is a share such as 1%: {text}", text=text), subject=text
    )
