"""Every table that the manual has from the program, by the name under which its pages ask for it."""

from collections.abc import Callable, Mapping

from archives.message import Language
from scripts import manual_columns as columns
from scripts import manual_commands as commands
from scripts import manual_settings as settings
from scripts import manual_troubles as troubles

TABLES: Mapping[str, Callable[[Language], str]] = {
    "columns": columns.elements,
    "classifications": columns.classifications,
    "languages": columns.languages,
    "retentions": columns.retentions,
    "dates": columns.dates,
    "batch-toml": columns.batch_toml,
    "profiles": columns.profiles,
    "forms": columns.forms,
    "fonds-columns": columns.fonds_columns,
    "decision-columns": columns.decision_columns,
    "conclusions": columns.conclusions,
    "settings": settings.settings,
    "store-keys": settings.store_keys,
    "exit-codes": troubles.exit_codes,
    "findings": troubles.findings,
    "dirt": troubles.dirt,
    "verdicts": troubles.verdicts,
    "overview": commands.overview,
    "common-options": commands.common_options,
    "commands": commands.commands,
}
