"""Commands about the archive as a whole: init, repository, fonds, doctor."""

from pathlib import Path

from archives.errors import ConfigurationError, ConflictError, NotFoundError, UsageProblem
from archives.journal.facts import Fact, FondsDescribed, RepositoryAdded
from archives.message import Message, message
from archives.record.description import Repository
from archives.record.identifiers import RepositoryCode
from cli import wiring
from cli.commands.record.rendering import finding_lines
from cli.frame.commands import Call
from cli.frame.output import Result, Table
from cli.home.home import Home, home_of, make_home
from ingest.page.ocr.engine import engine_for
from ingest.sheets.fonds import FONDS_HEADINGS, REQUIRED, read_fonds
from ingest.sheets.table import read_sheet
from preservation.disposal.register import chinese_font
from preservation.stores.presence import presence_of


def init(call: Call) -> Result:
    """Make a new archive."""
    home = make_home(call)
    stores = [{"name": s.name, "path": s.properties(home.folder).where} for s in home.settings.stores]
    lines = [message("已建立档案库：{home}", "made the archive {home}", home=str(home.folder)), *_device_warnings(home)]
    return Result({"home": str(home.folder), "stores": stores}, lines=tuple(lines))


def repository_add(call: Call, *, code: str, name: str, name_en: str, kind: str, parent: str | None) -> Result:
    """Describe an archives or a records room."""
    home = home_of(call)
    if kind not in ("馆", "室"):
        raise UsageProblem(message("--kind 只能是 馆 或 室", "--kind is 馆 or 室"), subject=kind)
    known = {r.code.value: r for r in home.catalogue.repositories()}
    if parent is not None and parent not in known:
        raise NotFoundError(message("没有上级馆 {code}", "there is no repository {code}", code=parent), subject=parent)
    above = RepositoryCode(parent) if parent else None
    new = Repository(RepositoryCode(code), name, name_en, "馆" if kind == "馆" else "室", above)
    if code in known and known[code] != new:
        raise ConflictError(
            message("代码 {code} 已登记为 {name}", "{code} is {name} already", code=code, name=known[code].name),
            subject=code,
        )
    if code not in known:
        home.begin_writing()
        home.vault.ledger.append([RepositoryAdded(new)])
        home.refresh()
    said = message("已登记 {code} {name}", "{code} is described: {name}", code=code, name=name)
    return Result({"repository": _repository_data(new)}, lines=(said,))


def repository_list(call: Call) -> Result:
    """List archives and records rooms."""
    known = home_of(call).catalogue.repositories()
    columns = (
        message("代码", "code"),
        message("名称", "name"),
        message("英文名称", "English name"),
        message("类型", "kind"),
        message("上级", "above"),
    )
    rows = tuple((r.code.value, r.name, r.name_en, r.kind, str(r.parent or "")) for r in known)
    table = Table(message("馆和室", "repositories"), columns, rows)
    return Result({"repositories": [_repository_data(r) for r in known]}, (table,))


def fonds_import(call: Call, *, sheet: Path, repository: str | None) -> Result:
    """Describe fonds from a sheet."""
    home = home_of(call)
    code = the_repository(home, repository)
    fonds, findings = read_fonds(read_sheet(sheet, FONDS_HEADINGS, required=REQUIRED), code)
    known = set(home.catalogue.fonds())
    new: list[Fact] = [FondsDescribed(one) for one in fonds if one not in known]
    if new:
        home.begin_writing()
        home.vault.ledger.append(new)
        home.follow()
    said = message("已登记 {n} 个全宗", "{n} fonds are described", n=len(fonds))
    data = {"repository": code.value, "fonds": [f.number for f in fonds], "findings": findings}
    return Result(data, lines=(said, *finding_lines(findings)), exit_code=12 if findings else 0)


def fonds_list(call: Call) -> Result:
    """List fonds."""
    known = home_of(call).catalogue.fonds()
    columns = (
        message("馆代码", "repository"),
        message("全宗号", "fonds"),
        message("名称", "name"),
        message("立档单位", "creator"),
        message("起止年", "years"),
    )
    rows = tuple((f.repository.value, f.number, f.name, f.creator, f.years) for f in known)
    data = [{"repository": r[0], "number": r[1], "name": r[2], "creator": r[3], "years": r[4]} for r in rows]
    return Result({"fonds": data}, (Table(message("全宗", "fonds"), columns, rows),))


def the_repository(home: Home, named: str | None) -> RepositoryCode:
    """Return the repository that was named, or the only one; raises ``ConfigurationError``."""
    known = {r.code.value: r.code for r in home.catalogue.repositories()}
    if named is None and len(known) == 1:
        return next(iter(known.values()))
    if named is not None and named in known:
        return known[named]
    raise ConfigurationError(
        message(
            "请用 --repository 指明馆（室）：{known}",
            "name the repository with --repository: {known}",
            known=", ".join(known) or "—",
        ),
        subject=named or "repository",
    )


def doctor(call: Call) -> Result:
    """Check what is installed and set; nothing is changed."""
    home = home_of(call)
    checks: list[tuple[str, str, Message, Message | None]] = []
    for language in ("zh-Hans", "en"):
        engine = engine_for(language, home.ocr)
        missing = engine.missing(language)
        name = f"ocr-{language}"
        if missing:
            checks.append((name, "warning", missing, missing))
        else:
            checks.append((name, "ok", message("{name} 可用", "{name} is ready", name=engine.name), None))
    checks += _store_checks(home)
    if chinese_font() is None:
        said = message("没有中文字体，销毁清册只能写成 XLSX", "no Chinese font: registers of destruction are XLSX only")
        checks.append(("font", "warning", said, message("请安装 fonts-noto-cjk", "install fonts-noto-cjk")))
    checks += _majority_warning(home)
    for said in _device_warnings(home):
        checks.append(
            ("devices", "warning", said, message("请把存储放在不同的磁盘上", "put the stores on different disks"))
        )
    if home.settings.search.elasticsearch:
        checks.append(_elasticsearch_check(home))
    columns = (message("项目", "check"), message("状态", "state"), message("说明", "what"), message("建议", "advice"))
    states = {"ok": message("正常", "ok"), "warning": message("注意", "warning"), "missing": message("缺失", "missing")}
    rows = tuple((name, states[state], said, advice or "") for name, state, said, advice in checks)
    data = [{"name": n, "state": s, "message": m, "advice": a} for n, s, m, a in checks]
    exit_code = 7 if any(state == "missing" for _, state, _, _ in checks) else 0
    return Result({"checks": data}, (Table(message("检查", "checks"), columns, rows),), exit_code=exit_code)


def _store_checks(home: Home) -> list[tuple[str, str, Message, Message | None]]:
    """Return what is to be said of each store; a sealed set that is not due may be away."""
    promised = home.reading.anchors.stores
    checks: list[tuple[str, str, Message, Message | None]] = []
    for setting, store in zip(home.settings.stores, home.vault.stores, strict=True):
        seen = presence_of(store, promised.get(store.name))
        where = message("{path}", "{path}", path=setting.properties(home.folder).where)
        sealed = store.name in home.vault.promise.sealed
        state = "ok" if seen.is_there or sealed else "missing"
        checks.append((f"store-{store.name}", state, where, None if state == "ok" else seen.reason))
    for name in promised.keys() - {store.name for store in home.vault.stores}:
        said = message(
            "日志中有存储“{name}”，设置中没有", "the journal knows a store “{name}”, the settings do not", name=name
        )
        advice = message("请运行 jinkui store add {name} --path …", "run jinkui store add {name} --path …", name=name)
        checks.append((f"store-{name}", "warning", said, advice))
    return checks


def _majority_warning(home: Home) -> list[tuple[str, str, Message, Message | None]]:
    """Warn when two halves of the stores could each take the journal on while the other is away."""
    minimum, stores = home.vault.promise.minimum, len(home.vault.stores)
    if 2 * minimum > stores:
        return []
    said = message(
        "{stores} 个存储中有 {n} 个就算写成；存储若轮流不在，日志可能分叉（能发现，但要人工处理）",
        "{n} of {stores} stores are enough: if stores are away in turn, the journal can fork "
        "(which is found, and needs a person)",
        n=minimum,
        stores=stores,
    )
    advice = message("请把 minimum-copies 设为 {n} 以上", "set minimum-copies to {n} or more", n=stores // 2 + 1)
    return [("minimum-copies", "warning", said, advice)]


def _elasticsearch_check(home: Home) -> tuple[str, str, Message, Message | None]:
    from archives.errors import SearchError

    try:
        home.staff_index.head()
    except SearchError as away:
        return "elasticsearch", "missing", away.message, away.advice
    return "elasticsearch", "ok", message("{url}", "{url}", url=home.settings.search.elasticsearch), None


def _device_warnings(home: Home) -> list[Message]:
    devices: dict[int, list[str]] = {}
    for setting in home.settings.stores:
        if (folder := setting.properties(home.folder).folder) is not None:
            devices.setdefault(wiring.device_of(folder), []).append(setting.name)
    return [
        message(
            "存储 {names} 在同一块设备上，设备一坏副本全失",
            "the stores {names} lie on one device: if it fails, all copies are lost",
            names=", ".join(names),
        )
        for names in devices.values()
        if len(names) > 1
    ]


def _repository_data(one: Repository) -> dict[str, object]:
    return {
        "code": one.code.value,
        "name": one.name,
        "name_en": one.name_en,
        "kind": one.kind,
        "parent": one.parent.value if one.parent else None,
    }
