"""A section of the settings: its keys as the file spells them, none but those that there are."""

from pydantic import BaseModel, ConfigDict


class Section(BaseModel):
    """A table of ``jinkui.toml``."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, alias_generator=lambda name: name.replace("_", "-"), populate_by_name=True
    )
