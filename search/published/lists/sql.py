"""The conditions that lists have in common: what is shown, what is a record, what stands in no volume that is shown."""

from archives.units.unit import Level

HIDDEN = "(SELECT value FROM json_each(:hidden))"
IS_SHOWN = f"view_id NOT IN {HIDDEN}"
IS_RECORD = f"level NOT IN ('{Level.FONDS}', '{Level.SERIES}')"
"""The description of a fonds or a series is none."""
ON_TOP = f"(within = '' OR within IN {HIDDEN})"
"""An item whose volume is not shown stands by itself, as if there were no such volume."""
