"""The settings of one archive home, read from ``jinkui.toml``; every key is documented in the file ``init`` writes."""

import json
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
from cli import wiring
from formats.processes.confinement import NOBODY
from preservation.stores.local import FolderSetting
from preservation.stores.promise import Promise
from preservation.stores.registry import KINDS, setting_for
from preservation.stores.setting import COMMON_KEYS, StoreSetting, keys_of


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


class JournalSetting(_Section):
    """How the journal is vouched for outside this archive."""

    checkpoints: str = "checkpoints"
    timestamp_url: str = ""
    timestamp_ca: str = ""


class StorageApiSetting(_Section):
    """The service that answers clients of the Archivematica Storage Service."""

    host: str = "127.0.0.1"
    port: int = Field(default=8078, ge=0, le=65535)


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


class SearchSetting(_Section):
    """The search index."""

    elasticsearch: str = ""
    installation: str = Field(default="main", pattern=r"^[a-z0-9][a-z0-9-]{0,40}$")
    api_key_file: str = ""
    timeout_seconds: float = Field(default=10.0, gt=0)


class PortalSetting(_Section):
    """The public site."""

    host: str = "127.0.0.1"
    port: int = Field(default=8077, ge=0, le=65535)
    site_name: str = "金匮 · 开放档案"
    site_name_en: str = "Jinkui Open Archives"


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
    journal: JournalSetting = JournalSetting()
    storage_api: StorageApiSetting = StorageApiSetting()
    ocr: OcrSetting = OcrSetting()
    children: ChildrenSetting = ChildrenSetting()
    search: SearchSetting = SearchSetting()
    portal: PortalSetting = PortalSetting()

    @field_validator("stores")
    @classmethod
    def _told_apart(cls, stores: tuple[StoreSetting, ...]) -> tuple[StoreSetting, ...]:
        name, number = max(Counter(store.name for store in stores).items(), key=itemgetter(1), default=("", 0))
        if number > 1:
            said = message("有 {n} 个存储都叫“{name}”", "{n} stores are called “{name}”", n=number, name=name)
            raise ValueError(said)
        return stores

    def promise(self, today: date) -> Promise:
        """Return how many copies there are to be; online stores count, offline sets come on top."""
        online = sum(not store.offline for store in self.stores)
        copies = min(self.copies or online, online)
        offline = frozenset(store.name for store in self.stores if store.offline)
        sealed = frozenset(s.name for s in self.stores if s.offline and (s.due is None or s.due > today))
        return Promise(copies, min(self.minimum_copies or copies, copies), offline, sealed)


def _keys_told() -> str:
    """Return what the settings can say of a store, one key a line, as comments of the settings file."""
    groups = [(setting.kind.said, keys_of(setting)) for setting in KINDS]
    lines = []
    for said, keys in (*groups, (message("任何存储，如离线载体", "any store, such as a sealed set"), COMMON_KEYS)):
        lines.append(f"# {said.zh} · {said.en}\n")
        for key in keys:
            shown = key.default if key.example is None else key.example
            value = str(shown) if isinstance(shown, date) else json.dumps(shown, ensure_ascii=False)
            lines.append(f"#   {key.name} = {value}  # {key.said.zh} · {key.said.en}\n")
    return "".join(lines)


DEFAULT_FILE = """\
# 金匮档案馆设置 · Settings of a Jinkui archive
# 路径可写相对于本文件所在文件夹 · Paths may be relative to the folder of this file

# 界面语言：auto（随系统）、zh、en · Language of messages: auto (the system's), zh, en
language = "auto"

# 操作人姓名，写入日志；空则用系统用户名 · The operator named in the journal; empty: the system's user
operator = ""

# 承诺的副本数，0 为每个存储位置各一份 · Copies promised of every package; 0: one in every store
copies = 0
# 至少几份写好并核实后才算接收，0 为承诺的全部；不足的份数记为欠缺，由 jinkui replicate 补齐
# Copies that must be verified before a package counts as taken in; 0: all that are promised. What is missing is owed
minimum-copies = 0

# 存储位置：应放在不同的磁盘上，最好在不同的地点；新增一个之后运行 jinkui store add 名称
# Stores: put them on different disks, best in different places; after adding one here, run jinkui store add NAME
{stores}[[stores]]
name = "first"
path = "stores/first"

[[stores]]
name = "second"
path = "stores/second"

[audit]
# 承诺每份副本至少多少天核查一次 · Every copy is promised to be read at least every so many days
interval-days = 90
# 同时读几份，0 为处理器数 · Copies read at the same time; 0: as many as there are processors
workers = 0
# 每秒最多读多少 MiB，0 为不限 · MiB read in a second at most; 0: no limit
throttle-mib-per-second = 0.0
# 发现问题时运行的命令，报警内容（JSON）在其标准输入 · Command run when something is wrong, the alarm (JSON) on its input
alarm-command = []
# 每次核查后写 Prometheus 文本文件 · Prometheus textfile written after every audit; empty: none
metrics-file = ""

[journal]
# 日志检查点存放的文件夹 · Folder of the journal's checkpoints
checkpoints = "checkpoints"
# RFC 3161 时间戳服务地址，空则不用 · Address of an RFC 3161 time-stamping service; empty: none
timestamp-url = ""
# 核对时间戳用的根证书（PEM），空则只保存答复 · Root certificates (PEM) time stamps are judged by; empty: kept unjudged
timestamp-ca = ""

[storage-api]
# 供 fixity 等客户端使用的存储服务接口（jinkui serve --storage-api）· Address of the storage API
host = "127.0.0.1"
port = 8078

[ocr]
# 同时识别的页数，0 为处理器数 · Pages read at the same time; 0: as many as there are processors
workers = 0
# 一页最多用多少秒 · The longest a page may take, in seconds
page-timeout-seconds = 180.0
# 按语种指定引擎，例如 { en = "pp-ocr" } · Engine for a language, for example { en = "pp-ocr" }
engines = {}

[children]
# 打开来件的子进程，每个（连同其所启动的）最多用多少 MiB 内存：读取文件的、识别文字的
# MiB of memory that a process which opens what others wrote may take, with all that it starts: readers, recognisers
reader-memory-mib = 1024
recogniser-memory-mib = 1536
# 以 root 运行时，子进程所用账户的编号 · Number of the account under which they work when we are root
user = 65534
# 内核无法限制其权限时也照样打开文件（不建议）· Open files even where the kernel cannot confine them (not advised)
confinement-optional = false

[search]
# Elasticsearch 8 或 9 的地址；空则用内置索引 · Address of Elasticsearch 8 or 9; empty: the embedded index
elasticsearch = ""
# 本安装的名称，用于索引名 · Name of this installation, used in index names
installation = "main"
# 存放 API 密钥的文件 · File that holds an API key
api-key-file = ""
# 等待应答的秒数 · Seconds to wait for an answer
timeout-seconds = 10.0

[portal]
# 公众网站的地址和端口 · Address and port of the public site
host = "127.0.0.1"
port = 8077
# 网站名称 · Name of the site
site-name = "金匮 · 开放档案"
site-name-en = "Jinkui Open Archives"
""".replace("{stores}", _keys_told())


def read_settings(home: Path) -> Settings:
    """Return a home's settings.

    Raises ``NotFoundError`` where there is no home, ``ConfigurationError`` for a file that cannot be used; unknown keys
    are errors.
    """
    path = home / wiring.SETTINGS_FILE
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError as cause:
        raise NotFoundError(
            message("这里还没有档案库：{home}", "there is no archive here yet: {home}", home=str(home)),
            subject=str(home),
            advice=message("请先运行 jinkui --home {home} init", "run jinkui --home {home} init first", home=str(home)),
        ) from cause
    except (OSError, UnicodeDecodeError) as cause:
        raise _unusable(path, str(cause)) from cause
    return parse_settings(text, path)


def parse_settings(text: str, path: Path) -> Settings:
    """Read settings from their text; raises ``ConfigurationError``."""
    try:
        return Settings.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as cause:
        raise _unusable(path, str(cause)) from cause
    except ValidationError as cause:
        reasons = {f"reason{number}": _reason(one) for number, one in enumerate(cause.errors())}
        each = "; ".join(f"{{{name}}}" for name in reasons)
        raise _unusable(path, message(each, each, **reasons)) from cause


def _reason(error: Mapping[str, Any]) -> Message:
    """Return where a value stands and what is wrong with it: in our words where we said it, else in pydantic's."""
    raised = error.get("ctx", {}).get("error")
    what = raised.args[0] if isinstance(raised, ValueError) else error["msg"]
    return message("{where}: {what}", "{where}: {what}", where=".".join(map(str, error["loc"])), what=what)


def _unusable(path: Path, reason: str | Message) -> ConfigurationError:
    return ConfigurationError(
        message("设置文件不能用：{reason}", "the settings cannot be used: {reason}", reason=reason),
        subject=str(path),
        advice=message("请改正 {path} 后重试", "mend {path} and try again", path=str(path)),
    )
