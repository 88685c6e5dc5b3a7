"""The figures of upkeep: what audits have to do from here on, what is damaged, what is owed, when the last runs were."""

from dataclasses import dataclass

from preservation.archive import Archive
from preservation.audit.forecast import AuditForecast, plan_forecast
from preservation.catalogue.upkeep import OpenDamage, PastAudit, PastDrill
from preservation.stores.presence import StorePresence
from preservation.vault.replication import plan_replication

_MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Figures:
    """What is told: the forecast of today, damage that is open, copies owed, the journal's head, the last runs, the stores.

    ``stores`` are those that are expected to be there: a sealed set that is not due is none of them.
    """

    forecast: AuditForecast
    damage: tuple[OpenDamage, ...]
    owed_copies: int
    journal_sequence: int
    last_audit: PastAudit | None
    last_drill: PastDrill | None
    stores: tuple[StorePresence, ...] = ()


def forecast(archive: Archive, *, interval_days: int, days: int, throttle_mib_per_second: float) -> AuditForecast:
    """Return an archive's forecast for so many days; 0: as many as the promised interval.

    No store is read faster than the throttle says (0: no limit). Sealed offline sets are left out.
    """
    catalogue = archive.refresh()
    speeds = catalogue.upkeep.reading_speeds()
    if throttle_mib_per_second:
        limit = throttle_mib_per_second * _MIB
        speeds = {store: min(speed, limit) for store, speed in speeds.items()}
    sealed = archive.vault.promise.sealed
    return plan_forecast(
        (copy for copy in catalogue.copy_records() if copy.store not in sealed),
        now=archive.world.now(),
        interval_days=interval_days,
        days=days or interval_days,
        speeds=speeds,
        moves=catalogue.upkeep.verification_moves(),
    )


def figures(archive: Archive, *, interval_days: int, throttle_mib_per_second: float) -> Figures:
    """Return an archive's figures from its catalogue, brought up to date."""
    catalogue = archive.refresh()
    promise = archive.vault.promise
    online = [store.name for store in archive.vault.stores if store.name not in promise.offline]
    return Figures(
        forecast=forecast(
            archive, interval_days=interval_days, days=0, throttle_mib_per_second=throttle_mib_per_second
        ),
        damage=catalogue.upkeep.open_damage(),
        owed_copies=len(plan_replication(archive.reading.refresh(), promise, online)),
        journal_sequence=catalogue.head().sequence,
        last_audit=catalogue.upkeep.last_audit(),
        last_drill=catalogue.upkeep.last_drill(),
        stores=tuple(archive.presence(one) for one in archive.vault.stores if one.name not in promise.sealed),
    )
