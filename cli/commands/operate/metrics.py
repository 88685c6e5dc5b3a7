"""The command that gives the figures of upkeep to Prometheus."""

from pathlib import Path
from typing import Annotated

from rich.text import Text

from archives.message import message
from cli import wiring
from cli.commands.shared import LOOKS
from cli.frame.commands import Call, command
from cli.frame.output import Result
from cli.frame.parameters import Option
from cli.home.home import home_of
from cli.upkeep.duties import duties_of, duty_data
from cli.upkeep.index_stands import stand_data, stands_of
from cli.upkeep.metrics import exposition, figures_of
from preservation.actions.figures import Figures
from preservation.stores.files import READABLE, require_place, write_whole


@command(example="jinkui metrics --file /var/lib/node_exporter/jinkui.prom", exits=LOOKS)
def show_metrics(
    call: Call, *, file: Annotated[Path | None, Option(message("写入此文件", "write them to this file"))] = None
) -> Result:
    """Print the figures, or write them to a file that is there whole or not at all."""
    if file:
        require_place(file)
    home = home_of(call)
    figures, duties, indexes = figures_of(home), duties_of(home), stands_of(home)
    text = exposition(figures, home=call.home, now=wiring.now(), duties=duties, indexes=indexes)
    data = {
        **_data(figures),
        "duties": [duty_data(one) for one in duties],
        "search_indexes": [stand_data(one) for one in indexes],
    }
    if file:
        write_whole(file, text, mode=READABLE)
        said = message("已写入 {path}", "wrote {path}", path=str(file))
        return Result({**data, "file": str(file)}, lines=(said,))
    return Result(data, lines=(Text(text.decode("utf-8").rstrip("\n")),))


def _data(figures: Figures) -> dict[str, object]:
    audit, drill = figures.last_audit, figures.last_drill
    return {
        "stores": [
            {
                "store": store.store,
                "copies": store.copies,
                "size_bytes": store.size_bytes,
                "overdue_copies": store.overdue_copies,
                "oldest_verified_at": store.oldest_verified_at.isoformat() if store.oldest_verified_at else None,
                "damage_open": sum(one.store == store.store for one in figures.damage),
            }
            for store in figures.forecast.stores
        ],
        "presence": {one.store.name: one.presence.value for one in figures.stores},
        "damage_open": len(figures.damage),
        "owed_copies": figures.owed_copies,
        "journal_sequence": figures.journal_sequence,
        "promise": figures.forecast.outlook.value,
        "last_audit": {"at": audit.at.isoformat(), "problems": audit.audit.problems} if audit else None,
        "last_restore_drill": {
            "at": drill.at.isoformat(),
            "restored": len(drill.drill.restored),
            "failed": len(drill.drill.failed),
        }
        if drill
        else None,
    }
