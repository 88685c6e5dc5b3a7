"""What audits have to do from here on, worked out from the settings and the catalogue of a home."""

from cli import wiring
from cli.home.home import Home
from preservation.audit.forecast import AuditForecast, plan_forecast

_MIB = 1 << 20


def forecast_of(home: Home, *, days: int = 0) -> AuditForecast:
    """Return a home's forecast; 0 days: as many as the promised interval. Sealed offline sets are left out."""
    setting = home.settings.audit
    speeds = home.refresh().upkeep.reading_speeds()
    if setting.throttle_mib_per_second:
        limit = setting.throttle_mib_per_second * _MIB
        speeds = {store: min(speed, limit) for store, speed in speeds.items()}
    sealed = home.vault.promise.sealed
    return plan_forecast(
        (copy for copy in home.catalogue.copy_records() if copy.store not in sealed),
        now=wiring.now(),
        interval_days=setting.interval_days,
        days=days or setting.interval_days,
        speeds=speeds,
        moves=home.catalogue.upkeep.verification_moves(),
    )
