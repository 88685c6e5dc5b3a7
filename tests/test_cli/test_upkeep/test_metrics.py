"""The figures of upkeep as Prometheus reads them: the same text for the same figures."""

import random
from datetime import UTC, datetime
from pathlib import Path

from cli.upkeep.metrics import exposition
from preservation.actions.figures import Figures
from preservation.audit.forecast import plan_forecast
from preservation.catalogue.anchors import CopyRecord
from preservation.catalogue.upkeep import OpenDamage

NOW = datetime(2026, 6, 15, tzinfo=UTC)


def test_open_damage_is_told_store_by_store_in_the_order_of_their_names() -> None:
    names = [f"store-{number:02}" for number in range(40)]
    random.Random(7).shuffle(names)
    copies = [CopyRecord(name, "p", 1, NOW) for name in names[:30]]
    forecast = plan_forecast(copies, now=NOW, interval_days=90, days=1, speeds={})
    damage = tuple(OpenDamage(name, "p", "a", "DAMAGED") for name in names[20:])
    text = exposition(Figures(forecast, damage, 0, 1, None, None), home=Path("/home"), now=NOW).decode()
    told = [line.split('store="')[1] for line in text.splitlines() if line.startswith("jinkui_damage_open{")]
    assert told == [f'{name}"}} {float(name in names[20:])}' for name in sorted(names)]
