"""The command that tells a unit's story from the journal."""

from archives.errors import AmbiguousError, ConflictError, IntegrityError, NotFoundError, StorageError
from archives.message import message
from archives.record.holding import Holding, own_pages
from cli.commands.catalogue.history import (
    history_of,
    story_told,
    taken_back_before,
    taken_back_explained,
    unit_explained,
)
from cli.commands.catalogue.submissions import submission_explained
from cli.commands.catalogue.units import unit_named
from cli.commands.record.findings import findings_of
from cli.commands.record.rendering import ENTRY_FIELDS, TEXTS, TextOrigin, text_origins
from cli.commands.shared import LOOKS, Code, InRepository
from cli.frame.commands import Call, command
from cli.frame.listing import Field, listing
from cli.frame.output import Result
from cli.home.home import Home, home_of
from preservation.actions.disposal.gone import story_of_gone
from preservation.catalogue.holdings.unit_holdings import UnitHoldings
from preservation.catalogue.naming import named_apart, named_unit

_TEXTS: tuple[Field[TextOrigin], ...] = (
    Field("path", message("文件", "file"), lambda one: str(one.path)),
    Field("how", message("文字", "text"), lambda one: one.how, lambda one: TEXTS[one.how]),
    Field("pages", message("页数", "pages"), lambda one: one.pages),
)


@command(example="jinkui explain J019-WS·2014·Y·BGS-0101", exits=(*LOOKS, ConflictError))
def explain(call: Call, *, code: Code, repository: InRepository = None) -> Result:
    """Tell what happened to a record, an item, a unit without content, a batch or what is gone, in order, from the journal."""
    home = home_of(call)
    try:
        holding = named_unit(home.catalogue, code, repository)
    except (NotFoundError, AmbiguousError) as unknown:
        try:
            listed = unit_named(home, code, repository)
        except NotFoundError:
            if apart := _told_apart(home, code, repository):
                return apart
            raise unknown from None
        found = next(UnitHoldings(home.catalogue).named([listed.unit.unit_id]), None)
        if found is None:
            return unit_explained(home, listed)
        holding = found
    story, entries = story_told(home, holding.unit_id, home.archive.history(holding))
    of_it, found_data = ((), []) if holding.item else findings_of(home, holding.package_id)
    texts, text_data = listing(message("文字的来历", "where its text comes from"), _TEXTS, _texts_of(home, holding))
    history, told = history_of(home, holding.unit_id)
    data = {
        "archival_code": holding.description.code.written,
        "descriptions": told,
        "entries": entries,
        "findings": found_data,
        "texts": text_data,
    }
    before = taken_back_before(home, holding.key.repository, holding.description.code.written)
    return Result(data, (*story, *history, *((texts,) if text_data else ()), *of_it), before)


def _told_apart(home: Home, code: str, repository: str | None) -> Result | None:
    """Return the story of what is no unit: what a batch came with, what was disposed of or taken back; None for none."""
    if apart := named_apart(home.catalogue, code, repository):
        return submission_explained(home, apart)
    entries = story_of_gone(home.archive, code, repository)
    table, told = listing(message("经过", "what happened"), ENTRY_FIELDS, entries)
    if not entries:
        return taken_back_explained(home, code, repository)
    said = message("已不在库", "it is here no more")
    return Result({"archival_code": code, "is_here": False, "entries": told}, (table,), (said,))


def _texts_of(home: Home, holding: Holding) -> tuple[TextOrigin, ...]:
    """Return where a unit's text comes from; its story can be told even where no store has its package whole."""
    if not holding.version:
        return ()
    try:
        return text_origins(home.holdings.newest(holding.package_id).record, own_pages(holding.volume, holding.item))
    except (IntegrityError, StorageError):
        return ()
