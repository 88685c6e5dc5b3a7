"""The command that looks ahead: which copies fall due, whether reading keeps up, drawn when asked for."""

from pathlib import Path
from typing import Annotated

from archives.errors import UsageProblem
from archives.message import Message, message
from cli.commands.shared import LOOKS
from cli.frame.commands import Call, command
from cli.frame.listing import Field, listing
from cli.frame.output import Result, Table
from cli.frame.parameters import Option
from cli.home.home import home_of
from cli.upkeep.coverage_chart import draw_svg, lay_out
from preservation.actions.figures import forecast
from preservation.audit.forecast import DAY, AuditForecast, CoveragePoint, Outlook, StoreForecast
from preservation.stores.files import require_place, write_whole

_MIB = 1 << 20
_OUTLOOKS = {
    Outlook.KEPT: message("可守", "kept"),
    Outlook.UNKNOWN: message("尚无测量", "not measured yet"),
}
_FIELDS: tuple[Field[StoreForecast], ...] = (
    Field("store", message("存储", "store"), lambda one: one.store),
    Field("copies", message("副本", "copies"), lambda one: one.copies),
    Field("size_bytes", message("字节", "bytes"), lambda one: one.size_bytes),
    Field("overdue_copies", message("逾期", "overdue"), lambda one: one.overdue_copies),
    Field("overdue_bytes", None, lambda one: one.overdue_bytes),
    Field(
        "bytes_per_second",
        message("MiB/秒", "MiB/s"),
        lambda one: one.bytes_per_second,
        lambda one: _decimal(one.bytes_per_second, _MIB),
    ),
    Field(
        "longest_day_seconds",
        message("最忙一天（小时）", "fullest day (hours)"),
        lambda one: one.longest_day_seconds,
        lambda one: _decimal(one.longest_day_seconds, 3600),
    ),
    Field("promise", message("承诺", "promise"), lambda one: one.outlook.value, lambda one: _promise(one)),
    Field("broken_at", None, lambda one: one.broken_at.isoformat() if one.broken_at else None),
    Field("later_copies", None, lambda one: one.later_copies),
    Field("later_bytes", None, lambda one: one.later_bytes),
)


@command(example="jinkui audit forecast --days 30", exits=LOOKS)
def forecast_audits(
    call: Call,
    *,
    plot: Annotated[Path | None, Option(message("把覆盖率画成 .svg", "draw the coverage to FILE.svg"))] = None,
    days: Annotated[
        int,
        Option(
            message("预测的天数，0 为承诺的间隔", "days to look ahead; 0: the promised interval"), least=0, most=3650
        ),
    ] = 0,
) -> Result:
    """Say what falls due on which day and when the promised interval will be broken."""
    if plot:
        _require_plot_place(plot)
    home = home_of(call)
    setting = home.settings.audit
    found = forecast(
        home.archive,
        interval_days=setting.interval_days,
        days=days,
        throttle_mib_per_second=setting.throttle_mib_per_second,
    )
    if plot:
        write_whole(plot, draw_svg(lay_out(found, call.output.language)))
    lines = [_verdict(found), *([message("已画图：{path}", "drawn: {path}", path=str(plot))] if plot else [])]
    fields = (*_FIELDS, Field("days", None, lambda store: _days(found, store)))
    table, stores = listing(message("各存储的核查预测", "forecast by store"), fields, found.stores)
    return Result(_data(found, stores), (table, _days_table(found)), tuple(lines))


def _require_plot_place(path: Path) -> None:
    if path.suffix.lower() != ".svg":
        raise UsageProblem(
            message("图只画成 SVG，文件名须以 .svg 结尾", "a plot is drawn as SVG: its name ends in .svg"),
            subject=str(path),
            advice=message(
                "需要 PNG 时可用浏览器、Inkscape 或 ImageMagick 转换",
                "a browser, Inkscape or ImageMagick makes a PNG of it",
            ),
        )
    require_place(path)


def _verdict(found: AuditForecast) -> Message:
    days = found.interval_days
    overdue = sum(store.overdue_copies for store in found.stores)
    if overdue and found.broken_at:
        return message(
            "每 {days} 天核查一次的承诺自 {day} 起已失守：{n} 份副本逾期",
            "the promise to read every copy every {days} {days:day|days} is broken since {day}: {n} {n:copy|copies} {n:is|are} overdue",
            days=days,
            day=f"{found.broken_at.astimezone():%Y-%m-%d}",
            n=overdue,
        )
    if found.broken_at:
        return message(
            "每 {days} 天核查一次的承诺将于 {day} 失守：读取速度不够",
            "the promise to read every copy every {days} {days:day|days} will be broken on {day}: reading is too slow",
            days=days,
            day=f"{found.broken_at.astimezone():%Y-%m-%d}",
        )
    if found.outlook is Outlook.UNKNOWN:
        return message(
            "尚无逾期；读取速度要核查一次后才知道",
            "nothing is overdue; how fast the stores can be read is known after an audit",
        )
    return message(
        "每 {days} 天核查一次的承诺可守",
        "the promise to read every copy every {days} {days:day|days} is kept",
        days=days,
    )


def _days_table(found: AuditForecast) -> Table:
    columns = (message("日期", "day"), message("存储", "store"), message("副本", "copies"), message("字节", "bytes"))
    rows = tuple(
        (_day(found, load.day), store.store, load.copies, load.size_bytes)
        for load_of_day in zip(*(store.days for store in found.stores), strict=True)
        for store, load in zip(found.stores, load_of_day, strict=True)
        if load.copies
    )
    return Table(message("每天到期", "due by day"), columns, rows)


def _promise(store: StoreForecast) -> Message:
    if store.broken_at:
        return message("失守 {day}", "broken {day}", day=f"{store.broken_at.astimezone():%Y-%m-%d}")
    return _OUTLOOKS[store.outlook]


def _decimal(value: float | None, unit: float) -> str:
    if value is None:
        return "—"
    return f"{value / unit:.1f}" if not 0 < value < unit / 20 else "< 0.1"


def _day(found: AuditForecast, day: int) -> str:
    return (found.made_at + day * DAY).astimezone().date().isoformat()


def _data(found: AuditForecast, stores: list[dict[str, object]]) -> dict[str, object]:
    def points(series: tuple[CoveragePoint, ...]) -> list[dict[str, object]]:
        return [{"at": point.at.isoformat(), "share": round(point.share, 6)} for point in series]

    return {
        "made_at": found.made_at.isoformat(),
        "interval_days": found.interval_days,
        "promise": found.outlook.value,
        "broken_at": found.broken_at.isoformat() if found.broken_at else None,
        "stores": stores,
        "coverage": {
            "past": points(found.coverage.past),
            "with_audits": points(found.coverage.with_audits),
            "without_audits": points(found.coverage.without_audits),
        },
    }


def _days(found: AuditForecast, store: StoreForecast) -> list[dict[str, object]]:
    return [
        {"day": _day(found, load.day), "copies": load.copies, "size_bytes": load.size_bytes}
        for load in store.days
        if load.copies
    ]
