"""Commands that look records up: search, show, explain, export."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from rich.text import Text

from archives.errors import NotFoundError, UsageProblem
from archives.message import message
from archives.record.elements import ELEMENTS
from archives.record.holding import Holding
from cli import wiring
from cli.commands.record.rendering import EVENTS, LABELS, term, the_record
from cli.commands.record.versions import require_version
from cli.frame.commands import Call
from cli.frame.output import Cell, Result, Table, marked
from cli.home.home import Home, home_of
from preservation.vault.content import read_package_record
from preservation.vault.export import export_version
from search.index.query import Answer, Hit, parse_query

_AROUND = 30


def search(call: Call, *, words: str, public: bool, repository: str | None, limit: int) -> Result:
    """Search everything, or exactly what the public can find."""
    home = home_of(call)
    if not parse_query(words).phrases:
        raise UsageProblem(
            message("检索词里没有可检索的文字", "there is nothing to look for in these words"), subject=words
        )
    if repository is not None and repository not in {r.code.value for r in home.catalogue.repositories()}:
        raise NotFoundError(
            message("没有代码为 {code} 的馆（室）", "there is no repository {code}", code=repository),
            subject=repository,
        )
    home.follow()
    staff = home.staff_index.search(parse_query(words, repository=repository), limit=limit) if not public else None
    answer = staff or public_answer(home, words, repository, limit)
    columns = (
        message("馆", "repository"),
        message("档号", "archival code"),
        message("日期", "date"),
        message("页", "page"),
        message("状态", "state"),
        message("内容", "text"),
    )
    rows = tuple(_row(hit, call) for hit in answer.hits)
    said = message("共 {n} 处", "{n} hits", n=answer.total)
    table = Table(message("检索：{words}", "search: {words}", words=words), columns, rows)
    data = {"total": answer.total, "hits": [_hit_data(hit, public) for hit in answer.hits]}
    return Result(data, (table,) if rows else (), (said,))


def public_answer(home: Home, words: str, repository: str | None, limit: int) -> Answer:
    """Return exactly what the portal would answer: every hit is checked against the published views."""
    answer = home.public.index.search(parse_query(words, repository=repository), limit=limit)
    kept = tuple(hit for hit in answer.hits if home.public.views.get_by_id(hit.document.package_id))
    return Answer(answer.total - (len(answer.hits) - len(kept)), kept)


def show(call: Call, *, code: str, repository: str | None) -> Result:
    """Show a record: description, files, events, copies."""
    home = home_of(call)
    holding = the_record(home, code, repository)
    record = read_package_record(home.vault, home.vault.inventory(home.catalogue.anchor(holding.package_id)))
    description = _description_data(holding)
    description["openness"] = holding.access_on(wiring.today()).openness.value
    described = Table(
        message("著录", "description"),
        (message("项目", "element"), message("内容", "value")),
        tuple(_described(description)),
    )
    files = Table(
        message("文件", "files"),
        (message("路径", "path"), message("字节", "bytes"), message("格式", "PUID"), message("MIME", "MIME")),
        tuple((str(f.path), f.size_bytes, f.puid or "—", f.mime) for f in holding.files),
    )
    copies = home.catalogue.copies(holding.package_id)
    lying = Table(
        message("副本", "copies"),
        (message("存储", "store"), message("最近核实", "verified at")),
        tuple((c.store, c.verified_at.isoformat(timespec="seconds")) for c in copies),
    )
    events = [
        {"type": e.type, "at": e.at.isoformat(), "agent": e.agent, "outcome": e.outcome.value, "detail": e.detail}
        for e in record.events
    ]
    happened = Table(
        message("事件", "events"),
        (message("类型", "type"), message("时间", "at"), message("执行者", "agent")),
        tuple((EVENTS.get(e["type"], e["type"]), e["at"][:19], e["agent"]) for e in events),
    )
    data = {
        "archival_code": holding.description.code.written,
        "repository": holding.key.repository,
        "description": description,
        "package_id": holding.package_id.value,
        "versions": list(range(1, holding.version + 1)),
        "former_codes": list(home.catalogue.former_codes(holding)),
        "files": [
            {"path": str(f.path), "size_bytes": f.size_bytes, "sha256": f.sha256, "puid": f.puid, "mime": f.mime}
            for f in holding.files
        ],
        "events": events,
        "findings": record.findings,
        "copies": [{"store": c.store, "verified_at": c.verified_at.isoformat()} for c in copies],
    }
    return Result(data, (described, files, happened, lying))


def explain(call: Call, *, code: str, repository: str | None) -> Result:
    """Tell what happened to a record, in order, from the journal."""
    home = home_of(call)
    holding = the_record(home, code, repository)
    history = home.archive.history(holding)
    columns = (message("序号", "entry"), message("时间", "at"), message("执行者", "agent"), message("事项", "what"))
    rows = tuple((e.sequence, e.at.isoformat(timespec="seconds"), e.agent, e.fact.said()) for e in history)
    table = Table(message("经过", "what happened"), columns, rows)
    entries = [
        {"sequence": e.sequence, "at": e.at.isoformat(), "agent": e.agent, "type": e.fact.type, "what": e.fact.said()}
        for e in history
    ]
    return Result({"archival_code": holding.description.code.written, "entries": entries}, (table,))


def export(call: Call, *, code: str, folder: Path, version: int | None, repository: str | None) -> Result:
    """Write a version of a record out as a complete bag."""
    home = home_of(call)
    holding = the_record(home, code, repository)
    inventory = home.vault.inventory(home.catalogue.anchor(holding.package_id))
    chosen = require_version(inventory, version)
    export_version(home.vault, inventory, folder, version=chosen, digesting=wiring.digesting())
    said = message("已导出到 {folder}", "written to {folder}", folder=str(folder))
    data = {"archival_code": holding.description.code.written, "version": chosen, "folder": str(folder)}
    return Result(data, lines=(said,))


def _row(hit: Hit, call: Call) -> tuple[Cell, ...]:
    document = hit.document
    name = document.repository_name if call.output.language == "zh" else document.repository_name_en
    return (
        name,
        document.archival_code,
        document.date,
        str(document.page or "—"),
        term(document.openness),
        _excerpt(document.text, hit.marks),
    )


def _described(description: Mapping[str, object]) -> Iterator[tuple[Cell, ...]]:
    for name, value in description.items():
        if name == "other" and isinstance(value, list):
            yield from ((str(heading), str(text)) for heading, text in value)
        elif value not in ("", None):
            yield LABELS.get(name, name), term(str(value)) if name == "openness" else str(value)


def _excerpt(text: str, marks: tuple[tuple[int, int], ...]) -> Text:
    start = max(0, marks[0][0] - _AROUND)
    end = min(len(text), marks[0][1] + _AROUND)
    inside = [(max(a, start) - start, min(b, end) - start) for a, b in marks if a < end and b > start]
    return marked(text[start:end].replace("\n", " "), inside)


def _hit_data(hit: Hit, public: bool) -> dict[str, object]:
    document = hit.document
    data: dict[str, object] = {
        "archival_code": document.archival_code,
        "repository": document.repository,
        "repository_name": document.repository_name,
        "title": document.title,
        "date": document.date,
        "page": document.page,
        "text": document.text,
        "marks": [list(mark) for mark in hit.marks],
    }
    return data if public else {**data, "openness": document.openness}


def _description_data(holding: Holding) -> dict[str, object]:
    return {
        "repository_name": holding.repository.name,
        "fonds_name": holding.fonds.name if holding.fonds else "",
        **{element.key: element.data(holding.description) for element in ELEMENTS},
    }
