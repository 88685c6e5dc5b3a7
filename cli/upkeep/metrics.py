"""The figures of upkeep in the text form of Prometheus, for the textfile collector of its node exporter.

Names follow Prometheus' rules (base units, no colons); times are seconds since 1970-01-01 UTC.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from cli import wiring
from cli.home.home import Home
from cli.upkeep.duties import duties_of
from cli.upkeep.index_stands import IndexStand, stands_of
from preservation.actions.figures import Figures, figures
from preservation.actions.overview.duties import DutyState
from preservation.audit.forecast import Outlook
from preservation.audit.verdicts import Verdict
from preservation.stores.files import READABLE, write_whole
from search.published.indexing import PUBLIC

if TYPE_CHECKING:
    from prometheus_client import Gauge

_DAY_SECONDS = 86_400
_OF_A_STORE = {
    "copies": "Copies of packages.",
    "copy_bytes": "Bytes of all copies.",
    "copies_overdue": "Copies not read within the promised interval.",
    "copies_due": "Copies that fall due within the next 24 hours.",
    "oldest_verified_age_seconds": "Time since the longest unread copy was last found whole.",
    "reading_bytes_per_second": "Reading speed measured by audits.",
}


def figures_of(home: Home) -> Figures:
    """Return a home's figures from its catalogue, brought up to date."""
    setting = home.settings.audit
    return figures(
        home.archive,
        interval_days=setting.interval_days,
        throttle_mib_per_second=setting.throttle_mib_per_second,
    )


def update_metrics_file(home: Home) -> None:
    """Write the figures to ``[audit] metrics-file`` when it is set; what runs by the clock ends with this. Raises ``StorageError``."""
    if home.settings.audit.metrics_file:
        write_whole(
            home.folder / home.settings.audit.metrics_file,
            exposition(
                figures_of(home), home=home.folder, now=wiring.now(), duties=duties_of(home), indexes=stands_of(home)
            ),
            mode=READABLE,  # by the collector, which has an account of its own
        )


def exposition(
    figures: Figures,
    *,
    home: Path,
    now: datetime,
    duties: Sequence[DutyState] = (),
    indexes: Sequence[IndexStand] = (),
) -> bytes:
    """Return the figures in the text exposition format, version 0.0.4; the label ``home`` tells archives apart.

    Of duties it gives moments, never ages: an alert compares them with the clock of who asks, so that it comes even when
    nothing of ours runs any more.
    """
    from prometheus_client import CollectorRegistry, Gauge, generate_latest  # slow to load, and seldom written

    registry = CollectorRegistry()

    def gauge(name: str, told: str, *labels: str) -> "Callable[..., Gauge]":
        made = Gauge(f"jinkui_{name}", told, ["home", *labels], registry=registry)
        return lambda *values: made.labels(str(home), *values)

    _tell_stores(figures, gauge, now)
    gauge("copies_owed", "Copies missing from what was promised.")().set(figures.owed_copies)
    gauge("journal_sequence", "Number of the newest journal entry.")().set(figures.journal_sequence)
    outlook = figures.forecast.outlook
    gauge("audit_promise_kept", "1 when every copy will be read within the promised interval, 0 when not.")().set(
        float("nan") if outlook is Outlook.UNKNOWN else int(outlook is Outlook.KEPT)
    )
    if figures.last_audit:
        last = figures.last_audit
        gauge("audit_last_end_timestamp_seconds", "When the last audit ended.")().set(last.at.timestamp())
        gauge("audit_last_problems", "Files the last audit did not find OK.")().set(last.audit.problems)
        success = not last.audit.problems and all(one.is_there for one in figures.stores)
        told = "1 when the last audit found every file OK and every store is there."
        gauge("audit_last_success", told)().set(int(success))
    if figures.last_drill:
        made = figures.last_drill
        gauge("restore_drill_last_timestamp_seconds", "When the last restore drill was made.")().set(
            made.at.timestamp()
        )
        gauge("restore_drill_last_restored", "Packages it restored whole.")().set(len(made.drill.restored))
        gauge("restore_drill_last_failed", "Packages it could not restore whole.")().set(len(made.drill.failed))
    _tell_duties(duties, gauge, now)
    _tell_indexes(indexes, gauge)
    return generate_latest(registry)


def _tell_duties(duties: Sequence[DutyState], gauge: "Callable[..., Callable[..., Gauge]]", now: datetime) -> None:
    gauge("metrics_written_timestamp_seconds", "When these figures were worked out.")().set(now.timestamp())
    ended = gauge("duty_last_end_timestamp_seconds", "When a duty on schedule last came to its end; 0: never.", "duty")
    within = gauge("duty_within_seconds", "Within how long a duty on schedule must end again; 0: not asked.", "duty")
    due = gauge("duty_due_timestamp_seconds", "By when a duty must have ended again; not there where none is.", "duty")
    for one in duties:
        name, last = one.duty.name, one.last.ended_at
        ended(name).set(last.timestamp() if last else 0)
        within(name).set(one.duty.within_days * _DAY_SECONDS)
        if one.due_at:
            due(name).set(one.due_at.timestamp())


def _tell_indexes(indexes: Sequence[IndexStand], gauge: "Callable[..., Callable[..., Gauge]]") -> None:
    up = gauge("search_index_up", "1 when the search index can be reached, 0 when not.", "index")
    well = gauge("search_index_well", "1 when everything is found that should be, 0 when not.", "index")
    records = gauge("search_index_records", "Records that the search index holds.", "index")
    lag = gauge("search_index_lag_entries", "Journal entries that the search index has not followed.", "index")
    waiting = gauge("search_index_waiting_units", "Units the search index has to take over, 1000 at the most.", "index")
    verified = gauge("search_index_verified_timestamp_seconds", "When it was last verified; 0: never.", "index")
    for one in indexes:
        up(one.audience).set(int(one.state is not None))
        well(one.audience).set(int(one.is_well))
        for told, value in (
            (records, one.state.records if one.state else None),
            (lag, one.lag),
            (waiting, one.waiting),
        ):
            if value is not None:
                told(one.audience).set(value)
        if one.audience == PUBLIC:
            verified(one.audience).set(one.verified_at.timestamp() if one.verified_at else 0)


def _tell_stores(figures: Figures, gauge: "Callable[..., Callable[..., Gauge]]", now: datetime) -> None:
    *kinds, last = [verdict.value.lower() for verdict in Verdict if verdict.is_damage]
    damaged = gauge("damage_open", f"Files found {', '.join(kinds)} or {last} and not mended yet.", "store")
    found = Counter(one.store for one in figures.damage)
    for store_name in sorted({store.store for store in figures.forecast.stores} | set(found)):
        damaged(store_name).set(found[store_name])
    present = gauge(
        "store_present",
        "1 when the store is there, 0 when it is away, may not be read, or another one lies there.",
        "store",
    )
    writable = gauge("store_writable", "1 when the store is there and can be written, 0 when not.", "store")
    for seen in figures.stores:
        present(seen.store.name).set(int(seen.is_there))
        writable(seen.store.name).set(int(seen.takes_copies))
    told = {name: gauge(name, text, "store") for name, text in _OF_A_STORE.items()}
    for store in figures.forecast.stores:
        oldest = store.oldest_verified_at
        values = {
            "copies": store.copies,
            "copy_bytes": store.size_bytes,
            "copies_overdue": store.overdue_copies,
            "copies_due": store.days[0].copies - store.overdue_copies,
            "oldest_verified_age_seconds": max(0.0, (now - oldest).total_seconds()) if oldest else float("inf"),
            "reading_bytes_per_second": store.bytes_per_second,
        }
        for name, value in values.items():
            if value is not None:
                told[name](store.store).set(value)
