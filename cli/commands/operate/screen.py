"""The state of an archive as lines of a screen: at most forty, a hundred columns wide, in either language."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from rich.cells import cell_len, set_cell_size
from rich.text import Text

from archives.message import Language, Message, message
from archives.text.harmless import harmless
from archives.units.unit import Level
from cli.commands.operate.needs import Need
from cli.commands.record.rendering import size_text
from cli.upkeep.duties import SAID
from preservation.actions.overview.space import Space
from preservation.actions.overview.status import HOME, OPENED_AFTER_YEARS, Status

WIDTH, _MOST_FONDS, _MOST_KINDS, _MOST_PLACES, _NAME = 100, 10, 2, 4, 34
_UNKNOWN = message("未知", "not known")
_NEVER = message("从未", "never")


@dataclass(slots=True)
class _Tally:
    """What a line of holdings says: units by level, with content, without, not found."""

    levels: dict[Level, int] = field(default_factory=dict)
    with_content: int = 0
    units: int = 0
    missing: int = 0


def tallies(status: Status) -> dict[tuple[str, str], _Tally]:
    """Return the holdings by repository and fonds."""
    found: dict[tuple[str, str], _Tally] = {}
    for one in status.holdings:
        tally = found.setdefault((one.repository, one.fonds), _Tally())
        tally.levels[one.level] = tally.levels.get(one.level, 0) + one.units
        tally.units += one.units
        tally.with_content += one.with_content
        tally.missing += one.missing
    return found


def summed(every: Iterable[_Tally]) -> _Tally:
    """Return several lines of holdings as one."""
    total = _Tally()
    for one in every:
        for level, number in one.levels.items():
            total.levels[level] = total.levels.get(level, 0) + number
        total.units += one.units
        total.with_content += one.with_content
        total.missing += one.missing
    return total


def screen(status: Status, needs: Sequence[Need], now: datetime, language: Language) -> list[Text]:
    """Return the lines: holdings, opening, findings, batches, copies, what runs by the clock, room, what needs a person."""
    lines = [
        *_holdings(status, language),
        *(_line(one, language) for one in (*_told(status, now), _next(status, language))),
    ]
    lines += [Text(_cut(text)) for text in _rooms(status, language)]
    if not needs:
        return [*lines, _line(_nothing(status), language)]
    lines.append(_line(message("须处理：", "needs a person:"), language, style="bold"))
    for one in needs:
        command = f" → {one.command}"
        said = _cut(f"  {one.said.text(language)}", WIDTH - cell_len(command))  # the command is never cut
        lines.append(Text(f"{said}{command}", style="yellow"))
    return lines


def ago(at: datetime | None, now: datetime) -> Message:
    """Return how long ago a moment was, in the largest unit of which there is one."""
    if at is None:
        return _NEVER
    passed = max(timedelta(0), now - at)
    for unit, zh, en in (
        (timedelta(days=1), "{n} 天前", "{n} d ago"),
        (timedelta(hours=1), "{n} 小时前", "{n} h ago"),
        (timedelta(minutes=1), "{n} 分钟前", "{n} min ago"),
    ):
        if passed >= unit:
            return message(zh, en, n=passed // unit)
    return message("刚刚", "just now")


def room_said(space: Space) -> Message:
    """Return what is to be said of the room of a place."""
    if space.room is None:
        return message("剩余空间未知", "free space not known")
    share = f"{space.room.free_bytes / max(1, space.room.total_bytes):.0%}"
    free = message(
        "剩余 {free}（{share}）", "{free} free ({share})", free=size_text(space.room.free_bytes), share=share
    )
    if space.bytes_a_day is None:
        return message("{free}，何时写满未知", "{free}, when it is full is not known", free=free)
    if space.full_on is None:
        return message("{free}，近来没有增长", "{free}, nothing came of late", free=free)
    return message(
        "{free}，每天约 {pace}，约 {day} 写满",
        "{free}, about {pace} a day, full about {day}",
        free=free,
        pace=size_text(space.bytes_a_day),
        day=str(space.full_on),
    )


def _holdings(status: Status, language: Language) -> list[Text]:
    by_fonds = tallies(status)
    total = summed(by_fonds.values())
    levels = [level for level in Level if total.levels.get(level) and level is not Level.FONDS]  # a line is one
    heads = [*(level.label for level in levels), message("有内容", "content"), message("仅目录", "described")]
    title = message("馆藏（{day}）", "holdings ({day})", day=str(status.on))
    lines = [_row(title.text(language), [one.text(language) for one in heads], style="bold")]
    largest = sorted(by_fonds, key=lambda one: -by_fonds[one].units)
    shown = [*sorted(largest[:_MOST_FONDS])] if len(largest) > _MOST_FONDS + 1 else sorted(largest)
    several = len({repository for repository, _ in by_fonds}) > 1

    def row(name: str, tally: _Tally, style: str = "") -> Text:
        numbers = [tally.levels.get(level, 0) for level in levels]
        bare = tally.units - tally.with_content
        return _row(name, [f"{n:,}" if n else "—" for n in (*numbers, tally.with_content, bare)], style=style)

    for place in shown:
        named = f"{place[0]}:{place[1]}" if several else place[1]
        lines.append(row(f"  {named or '—'} {status.fonds.get(place, '')}", by_fonds[place]))
    if others := [one for one in by_fonds if one not in shown]:
        said = message("  其他 {n} 个全宗", "  {n} other fonds", n=len(others)).text(language)
        lines.append(row(said, summed(by_fonds[one] for one in others)))
    whole = message("  合计 {n}", "  all {n}", n=f"{total.units:,}")
    lines.append(row(whole.text(language), total, "bold"))
    if total.missing:
        lost = message(
            "  缺失 {n} → jinkui catalogue list --state 缺失",
            "  {n} missing → jinkui catalogue list --state missing",
            n=f"{total.missing:,}",
        )
        lines.append(_line(lost, language))
    return lines


def _told(status: Status, now: datetime) -> list[Message]:
    away = sum(one.copies for one in status.copies if one.store in status.away)
    lines = [
        *_opening(status),
        _findings(status.findings),
        message(
            "批次：{n} 个，未完成 {m} → jinkui batch list",
            "batches: {n}, {m} unfinished → jinkui batch list",
            n=status.received,
            m=sum(one.state.value == "unfinished" for one in status.batches),
        ),
        message(
            "副本：{n} 份{away}，欠 {owed}，逾期未核查 {late}，损坏文件 {bad}",
            "copies: {n}{away}, {owed} owed, {late} overdue, {bad} damaged {bad:file|files}",
            n=f"{sum(one.copies for one in status.copies):,}",
            away=message("（其中 {n} 份现在读不到）", " ({n} out of reach)", n=f"{away:,}")
            if away
            else message("", ""),
            owed=sum(one.owed for one in status.copies),
            late=sum(one.overdue for one in status.copies),
            bad=status.damaged,
        ),
    ]
    runs = [
        message("{name} {ago}{late}", "{name} {ago}{late}", name=SAID[one.duty.name], late=_late(one.is_overdue), ago=ago(one.last.ended_at, now))
        if not one.is_under_way
        else message("{name} 进行中", "{name} under way", name=SAID[one.duty.name])
        for one in status.duties
    ]  # fmt: skip
    lines += [message("上次：{what}", "last: {what}", what=_joined(some)) for some in (runs[:3], runs[3:]) if some]
    return lines


def _opening(status: Status) -> list[Message]:
    """Return what waits for its first review, each number with the command that lists it."""
    waiting = sum(one.units for one in status.review)
    if not waiting:
        return [message("开放：无未审核", "opening: nothing waits for its first review")]
    lines = [
        message("开放：未审核 {n} → jinkui opening due --all", "opening: {n} not reviewed → jinkui opening due --all", n=f"{waiting:,}"),
        message(
            "  应审核 {due}：按最后日期已满 {years} 年（{day} 及以前，档案法第27条）→ jinkui opening due",
            "  {due} due: {years} years old by {day} (last day; Archives Law §27) → jinkui opening due",
            years=OPENED_AFTER_YEARS,
            due=f"{sum(one.due for one in status.review):,}",
            day=str(status.formed_until),
        ),
    ]  # fmt: skip
    if undated := sum(one.undated for one in status.review):
        said = message("  日期不详 {n} → jinkui opening due --undated", "  {n} undated → jinkui opening due --undated", n=f"{undated:,}")  # fmt: skip
        lines.append(said)
    return lines


def _next(status: Status, language: Language) -> Message:
    """Return what is next due, as much of it as a line has room for."""
    due = [message("{what} {day}", "{what} by {day}", what=what, day=str(day)) for day, what in upcoming(status)]
    for number in range(len(due), -1, -1):
        rest = len(due) - number
        more = message("；另有 {n} 项见 --json", "; {n} more: --json", n=rest)
        said = message(
            "接下来：{what}{more}",
            "next due: {what}{more}",
            what=_joined(due[:number]),
            more=more if rest else message("", ""),
        )
        if cell_len(said.text(language)) <= WIDTH or number <= 1:
            break
    return said


def upcoming(status: Status) -> list[tuple[date, Message]]:
    """Return what is next due, with its day, the nearest first; what is late already is told elsewhere."""
    duties = ((one.due_at, SAID[one.duty.name]) for one in status.duties if not one.is_overdue)
    found = [(at.astimezone().date(), said) for at, said in duties if at is not None]
    if status.next_change:
        found.append((status.next_change, message("有档案开放或关闭", "an opening or closing")))
    found += [
        (day, message("核查副本（{store}）", "copies of {store} to read", store=name))
        for name, day in status.to_read
        if day >= status.on
    ]
    return sorted(found, key=lambda one: one[0])


def _late(is_overdue: bool) -> Message:
    return message("（逾期）", " (late)") if is_overdue else message("", "")


def _findings(kinds: Mapping[str, int]) -> Message:
    if not kinds:
        return message("问题：无未了结", "findings: none to settle")
    shown = [*kinds.items()][:_MOST_KINDS]
    told = ", ".join(f"{code} {number:,}" for code, number in shown)
    others = sum(kinds.values()) - sum(number for _, number in shown)
    return message(
        "问题：未了结 {n}（{told}{others}）→ jinkui findings list",
        "findings: {n} to settle ({told}{others}) → jinkui findings list",
        n=f"{sum(kinds.values()):,}",
        told=told,
        others=message("，其他 {n}", ", others {n}", n=f"{others:,}") if others else message("", ""),
    )


def _rooms(status: Status, language: Language) -> list[str]:
    home = [one for one in status.spaces if one.name == HOME]
    stores = sorted((one for one in status.spaces if one.name != HOME), key=lambda one: one.full_on or date.max)
    shown = stores if len(stores) <= _MOST_PLACES else stores[: _MOST_PLACES - 1]
    named = [(message("存储 {name}", "store {name}", name=one.name), one) for one in shown]
    named += [(message("档案库", "home"), one) for one in home]
    lines = [
        message("{name}：{said}", "{name}: {said}", name=name, said=room_said(one)).text(language)
        for name, one in named
    ]
    if left := len(stores) - len(shown):
        lines.append(
            message("其他 {n} 个存储见 --json", "{n} other {n:store|stores}: see --json", n=left).text(language)
        )
    return lines


def _nothing(status: Status) -> Message:
    """Return that nothing is pressing, and what daily work there is all the same."""
    waiting, settle = sum(one.due for one in status.review), sum(status.findings.values())
    if not waiting and not settle:
        return message("无须处理", "nothing needs a person")
    return message(
        "无紧急事项；日常工作：应审核 {due}（jinkui opening due），问题未了结 {n}（jinkui findings list）",
        "nothing is pressing; daily work: due {due} (jinkui opening due), findings {n} (jinkui findings list)",
        due=f"{waiting:,}",
        n=f"{settle:,}",
    )


def _joined(said: Sequence[Message]) -> Message:
    if not said:
        return message("无", "nothing")
    values = {f"part{number}": one for number, one in enumerate(said)}
    return message("，".join(f"{{{name}}}" for name in values), ", ".join(f"{{{name}}}" for name in values), **values)


def _line(said: Message, language: Language, *, style: str = "") -> Text:
    return Text(_cut(said.text(language)), style=style)


def _cut(text: str, width: int = WIDTH) -> str:
    plain = harmless(text)
    return plain if cell_len(plain) <= width else f"{set_cell_size(plain, width - 1).rstrip()}…"


def _row(name: str, cells: Sequence[str], *, style: str = "") -> Text:
    plain = harmless(name)
    name = plain if cell_len(plain) <= _NAME else f"{set_cell_size(plain, _NAME - 1)}…"
    columns = "".join(f"{' ' * max(1, 11 - cell_len(one))}{one}" for one in cells)
    return Text(set_cell_size(name, _NAME) + columns, style=style)
