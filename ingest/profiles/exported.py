"""What the columns of a catalogue are that was exported from here: each what its heading says, and no other heading is known."""

from archives.message import message
from archives.record.elements.table import ELEMENTS
from ingest.profiles.spec import Images, LevelRule, SecretRows, Source, Spec
from preservation.handouts.catalogue_sheet import FACTS

SECRETS_STOP: SecretRows = "stop"


def exported_spec() -> Spec:
    """Return the profile of exported catalogues; elements that are many with names are left to who reads the rows."""
    elements = {one.key: _columns(one.key, one.label.zh, one.label.en) for one in ELEMENTS if one.kind.parse}
    level, state = (_columns(key, FACTS[key].zh, FACTS[key].en) for key in ("level", "state"))
    return Spec(
        name="exported",
        title=message("导出的目录", "a catalogue that was exported"),
        usual=False,
        elements={**elements, "state": state},
        parts={},
        codes={},
        parents={},
        level=LevelRule(level),
        maps={},
        fields={},
        images=Images(),
        secret_rows=SECRETS_STOP,
        is_exact=True,
    )


def _columns(*headings: str) -> Source:
    return Source(tuple((one,) for one in headings))
