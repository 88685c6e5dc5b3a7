"""The settings of one archive home, as ``jinkui.toml`` says them; every key is documented in the file ``init`` writes."""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from operator import itemgetter
from typing import Annotated, Any, Literal, Union

from pydantic import (
    BeforeValidator,
    Discriminator,
    Field,
    GetPydanticSchema,
    Tag,
    field_validator,
)

from archives.message import message
from cli.home.settings.portal import PortalSetting
from cli.home.settings.section import Section
from formats.processes.confinement import NOBODY
from preservation.stores.local import FolderSetting
from preservation.stores.promise import Promise
from preservation.stores.registry import KINDS, setting_for
from preservation.stores.setting import StoreSetting, keys_of


def _kind_name(stated: object) -> str | None:
    if isinstance(stated, StoreSetting):
        return stated.kind.name
    found = setting_for(stated) if isinstance(stated, Mapping) else None
    return found.kind.name if found else None


def _own_keys(stated: object) -> object:
    """Leave out what other kinds of store have and this one has not: such keys mean nothing here."""
    if not isinstance(stated, Mapping) or (found := setting_for(stated)) is None:
        return stated
    foreign = {key.name for setting in KINDS for key in keys_of(setting)} - {key.name for key in keys_of(found)}
    return {name: value for name, value in stated.items() if name not in foreign}


_ANY_KIND: Any = Union[tuple(Annotated[setting, Tag(setting.kind.name)] for setting in KINDS)]  # noqa: UP007 - at run time
_BY_KIND = Discriminator(
    _kind_name,
    custom_error_type="store_place",
    custom_error_message="a store says where it is",
    custom_error_context={},
)
_Store = Annotated[
    StoreSetting,
    GetPydanticSchema(lambda _, handler: handler.generate_schema(Annotated[_ANY_KIND, _BY_KIND])),
    BeforeValidator(_own_keys),
]
"""A store as the settings of its kind, which the key that says where it is decides."""


class AuditSetting(Section):
    """What is promised about audits, and how hard they may work."""

    interval_days: int = Field(default=90, ge=1)
    workers: int = Field(default=0, ge=0, le=256)
    throttle_mib_per_second: float = Field(default=0.0, ge=0)
    alarm_command: tuple[str, ...] = ()
    metrics_file: str = ""


class ScheduleSetting(Section):
    """Within how many days what runs by the clock must have come to its end again; 0 asks for nothing."""

    audit_within_days: int = Field(default=2, ge=0)
    checkpoint_within_days: int = Field(default=2, ge=0)
    opening_within_days: int = Field(default=2, ge=0)
    restore_drill_within_days: int = Field(default=42, ge=0)
    index_verify_within_days: int = Field(default=14, ge=0)


class JournalSetting(Section):
    """How the journal is vouched for outside this archive."""

    checkpoints: str = "checkpoints"
    checkpoint_command: tuple[str, ...] = ()
    timestamp_url: str = ""
    timestamp_ca: str = ""


class StorageApiSetting(Section):
    """The service that answers clients of the Archivematica Storage Service."""

    host: str = "127.0.0.1"
    port: int = Field(default=8078, ge=1, le=65535)


class OcrSetting(Section):
    """Recognition of pages."""

    workers: int = Field(default=0, ge=0, le=256)
    page_timeout_seconds: float = Field(default=180.0, gt=0)
    engines: dict[str, Literal["pp-ocr", "tesseract"]] = Field(default_factory=dict)


class ChildrenSetting(Section):
    """The processes that open files of others: their memory, their account, and whether they must be confined."""

    reader_memory_mib: int = Field(default=1024, ge=256)
    recogniser_memory_mib: int = Field(default=1536, ge=512)
    user: int = Field(default=NOBODY, ge=1)
    confinement_optional: bool = False


class OpeningSetting(Section):
    """What is public of a record that changed since it was opened."""

    keep_reviewed: bool = False


class SearchSetting(Section):
    """The search index."""

    elasticsearch: str | tuple[str, ...] = ""
    installation: str = Field(default="main", pattern=r"^[a-z0-9][a-z0-9-]{0,40}$")
    api_key_file: str = ""
    reader_api_key_file: str = ""
    ca_file: str = ""
    timeout_seconds: float = Field(default=10.0, gt=0)

    @property
    def addresses(self) -> tuple[str, ...]:
        """The addresses of the server's nodes; none for the embedded index."""
        several = (self.elasticsearch,) if isinstance(self.elasticsearch, str) else self.elasticsearch
        return tuple(one for one in several if one)


class Settings(Section):
    """Everything ``jinkui.toml`` can say."""

    language: Literal["auto", "zh", "en"] = "auto"
    operator: str = ""
    stores: tuple[_Store, ...] = (
        FolderSetting(name="first", path="stores/first"),
        FolderSetting(name="second", path="stores/second"),
    )
    copies: int = Field(default=0, ge=0)
    minimum_copies: int = Field(default=0, ge=0)
    audit: AuditSetting = AuditSetting()
    schedule: ScheduleSetting = ScheduleSetting()
    journal: JournalSetting = JournalSetting()
    storage_api: StorageApiSetting = StorageApiSetting()
    ocr: OcrSetting = OcrSetting()
    children: ChildrenSetting = ChildrenSetting()
    opening: OpeningSetting = OpeningSetting()
    search: SearchSetting = SearchSetting()
    portal: PortalSetting = PortalSetting()

    @field_validator("stores")
    @classmethod
    def _told_apart(cls, stores: tuple[StoreSetting, ...]) -> tuple[StoreSetting, ...]:
        name, number = max(Counter(store.name for store in stores).items(), key=itemgetter(1), default=("", 0))
        if number > 1:
            said = message(
                "有 {n} 个存储都叫“{name}”", "{n} {n:store|stores} {n:is|are} called “{name}”", n=number, name=name
            )
            raise ValueError(said)
        return stores

    def promise(self, today: date) -> Promise:
        """Return how many copies there are to be; online stores count, offline sets come on top."""
        online = sum(not store.offline for store in self.stores)
        copies = min(self.copies or online, online)
        offline = frozenset(store.name for store in self.stores if store.offline)
        sealed = frozenset(s.name for s in self.stores if s.offline and (s.due is None or s.due > today))
        asked = max(self.copies, self.minimum_copies)
        return Promise(copies, min(self.minimum_copies or copies, copies), offline, sealed, asked)
