"""The settings of one archive home, read from ``jinkui.toml``; every key is documented in the file ``init`` writes."""

import tomllib
from collections import Counter
from collections.abc import Mapping
from datetime import date
from operator import itemgetter
from pathlib import Path
from typing import Annotated, Any, Literal, Union

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    GetPydanticSchema,
    Tag,
    ValidationError,
    field_validator,
)

from archives.errors import ConfigurationError, NotFoundError
from archives.message import Message, message
from archives.system_reason import reason_of
from archives.toml_reason import toml_reason
from cli import wiring
from cli.home.backup.remains import SETTINGS_BACK, WITHOUT_SETTINGS, is_without_settings, require_stores
from cli.home.backup.waiting import RESTORE_AGAIN, UNFINISHED, is_being_restored
from formats.processes.confinement import NOBODY
from preservation.stores.local import FolderSetting
from preservation.stores.promise import Promise
from preservation.stores.registry import KINDS, setting_for
from preservation.stores.setting import StoreSetting, keys_of


class _Section(BaseModel):
    model_config = ConfigDict(
        extra="forbid", frozen=True, alias_generator=lambda name: name.replace("_", "-"), populate_by_name=True
    )


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
    custom_error_message=f"a store has one of: {', '.join(f'{s.kind.address} = {s.kind.begins}…' for s in KINDS)}",
    custom_error_context={},
)
_Store = Annotated[
    StoreSetting,
    GetPydanticSchema(lambda _, handler: handler.generate_schema(Annotated[_ANY_KIND, _BY_KIND])),
    BeforeValidator(_own_keys),
]
"""A store as the settings of its kind, which the key that says where it is decides."""


class AuditSetting(_Section):
    """What is promised about audits, and how hard they may work."""

    interval_days: int = Field(default=90, ge=1)
    workers: int = Field(default=0, ge=0, le=256)
    throttle_mib_per_second: float = Field(default=0.0, ge=0)
    alarm_command: tuple[str, ...] = ()
    metrics_file: str = ""


class ScheduleSetting(_Section):
    """Within how many days what runs by the clock must have come to its end again; 0 asks for nothing."""

    audit_within_days: int = Field(default=2, ge=0)
    checkpoint_within_days: int = Field(default=2, ge=0)
    opening_within_days: int = Field(default=2, ge=0)
    restore_drill_within_days: int = Field(default=42, ge=0)
    index_verify_within_days: int = Field(default=14, ge=0)


class JournalSetting(_Section):
    """How the journal is vouched for outside this archive."""

    checkpoints: str = "checkpoints"
    checkpoint_command: tuple[str, ...] = ()
    timestamp_url: str = ""
    timestamp_ca: str = ""


class StorageApiSetting(_Section):
    """The service that answers clients of the Archivematica Storage Service."""

    host: str = "127.0.0.1"
    port: int = Field(default=8078, ge=1, le=65535)


class OcrSetting(_Section):
    """Recognition of pages."""

    workers: int = Field(default=0, ge=0, le=256)
    page_timeout_seconds: float = Field(default=180.0, gt=0)
    engines: dict[str, Literal["pp-ocr", "tesseract"]] = {}


class ChildrenSetting(_Section):
    """The processes that open files of others: their memory, their account, and whether they must be confined."""

    reader_memory_mib: int = Field(default=1024, ge=256)
    recogniser_memory_mib: int = Field(default=1536, ge=512)
    user: int = Field(default=NOBODY, ge=1)
    confinement_optional: bool = False


class OpeningSetting(_Section):
    """What is public of a record that changed since it was opened."""

    keep_reviewed: bool = False


class SearchSetting(_Section):
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


class RepositoryTold(_Section):
    """What the public site tells of one repository, in paragraphs of a line each, and whether files may be taken away."""

    code: str = Field(min_length=1)
    downloads: bool = False
    hours: str = ""
    hours_en: str = ""
    address: str = ""
    address_en: str = ""
    contact: str = ""
    contact_en: str = ""
    closed: str = ""
    closed_en: str = ""
    objection: str = ""
    objection_en: str = ""
    copyright: str = ""
    copyright_en: str = ""


class PortalSetting(_Section):
    """The public site."""

    host: str = "127.0.0.1"
    port: int = Field(default=8077, ge=1, le=65535)
    group: str = ""
    hosts: tuple[Annotated[str, Field(pattern=r"^(\*\.)?[A-Za-z0-9.:-]+$")], ...] = ()
    public_key: str = ""
    site_name: str = "金匮 · 开放档案"
    site_name_en: str = "Jinkui Open Archives"
    address: str = Field(default="", pattern=r"^$|^https?://[A-Za-z0-9.:\[\]-]+/?$")
    repositories: tuple[RepositoryTold, ...] = ()


class Settings(_Section):
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
        return Promise(copies, min(self.minimum_copies or copies, copies), offline, sealed)


_KINDS_SAID = "、".join(f"{one.kind.address} = {one.kind.begins}…" for one in KINDS)
_WRONG = {
    "extra_forbidden": "没有这一项设置",
    "missing": "缺少这一项",
    "int_parsing": "须是整数",
    "int_type": "须是整数",
    "float_parsing": "须是数",
    "float_type": "须是数",
    "bool_parsing": "须是 true 或 false",
    "bool_type": "须是 true 或 false",
    "string_type": "须是加引号的文字",
    "string_pattern_mismatch": "写法不对",
    "date_parsing": "须是 2027-06-30 这样的日期",
    "store_place": f"存储须写明其中一项：{_KINDS_SAID}",
}
"""What is wrong with a value, in Chinese, by the kinds of error that pydantic tells apart."""
_CANNOT_BE = "这个值不能用"


def read_settings(home: Path) -> Settings:
    """Return a home's settings.

    Raises ``NotFoundError`` where there is no home, ``ConfigurationError`` for a file that cannot be used; unknown keys
    are errors.
    """
    path = home / wiring.SETTINGS_FILE
    try:
        text = path.read_text("utf-8-sig")
    except FileNotFoundError as cause:
        if is_being_restored(home):
            raise NotFoundError(UNFINISHED, subject=str(home), advice=RESTORE_AGAIN) from cause
        if is_without_settings(home):
            raise NotFoundError(WITHOUT_SETTINGS, subject=str(home), advice=SETTINGS_BACK) from cause
        raise NotFoundError(
            message("这里还没有档案库：{home}", "there is no archive here yet: {home}", home=str(home)),
            subject=str(home),
            advice=message(
                "请先运行 jinkui --home {home} init；有备份的，运行 jinkui --home {home} home restore 备份",
                "run jinkui --home {home} init first; where there is a backup of it, run jinkui --home {home} home restore BACKUP",
                home=str(home),
            ),
        ) from cause
    except (OSError, UnicodeDecodeError) as cause:
        raise _unusable(path, reason_of(cause)) from cause
    settings = parse_settings(text, path)
    require_stores(home, path, settings.model_fields_set, [store.properties(home).folder for store in settings.stores])
    return settings


def parse_settings(text: str, path: Path) -> Settings:
    """Read settings from their text; raises ``ConfigurationError``."""
    try:
        return Settings.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as cause:
        raise _unusable(path, toml_reason(cause)) from cause
    except ValidationError as cause:
        reasons = {f"reason{number}": _reason(one) for number, one in enumerate(cause.errors())}
        each = "; ".join(f"{{{name}}}" for name in reasons)
        raise _unusable(path, message(each, each, **reasons)) from cause


def _reason(error: Mapping[str, Any]) -> Message:
    """Return where a value stands and what is wrong with it: in our words where we have some, else to readers of English in pydantic's."""
    raised = error.get("ctx", {}).get("error")
    what = (
        raised.args[0]
        if isinstance(raised, ValueError)
        else message(_WRONG.get(error["type"], _CANNOT_BE), "{words}", words=error["msg"])
    )
    return message("{where}: {what}", "{where}: {what}", where=".".join(map(str, error["loc"])), what=what)


def _unusable(path: Path, reason: str | Message) -> ConfigurationError:
    return ConfigurationError(
        message("设置文件不能用：{reason}", "the settings cannot be used: {reason}", reason=reason),
        subject=str(path),
        advice=message("请改正 {path} 后重试", "mend {path} and try again", path=str(path)),
    )
