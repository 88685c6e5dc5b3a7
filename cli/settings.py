"""The settings of one archive home, read from ``jinkui.toml``; every key is documented in the file ``init`` writes."""

import tomllib
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from archives.errors import ConfigurationError, NotFoundError
from archives.message import message

FILE_NAME = "jinkui.toml"


class _Section(BaseModel):
    model_config = ConfigDict(
        extra="forbid", frozen=True, alias_generator=lambda name: name.replace("_", "-"), populate_by_name=True
    )


class StoreSetting(_Section):
    """A place for copies."""

    name: str = Field(pattern=r"^[A-Za-z0-9_-]{1,40}$")
    path: str


class OcrSetting(_Section):
    """Recognition of pages."""

    workers: int = Field(default=0, ge=0, le=256)
    page_timeout_seconds: float = Field(default=180.0, gt=0)
    engines: dict[str, Literal["pp-ocr", "tesseract"]] = {}


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
    stores: tuple[StoreSetting, ...] = (
        StoreSetting(name="first", path="stores/first"),
        StoreSetting(name="second", path="stores/second"),
    )
    ocr: OcrSetting = OcrSetting()
    search: SearchSetting = SearchSetting()
    portal: PortalSetting = PortalSetting()


DEFAULT_FILE = """\
# 金匮档案馆设置 · Settings of a Jinkui archive
# 路径可写相对于本文件所在文件夹 · Paths may be relative to the folder of this file

# 界面语言：auto（随系统）、zh、en · Language of messages: auto (the system's), zh, en
language = "auto"

# 操作人姓名，写入日志；空则用系统用户名 · The operator named in the journal; empty: the system's user
operator = ""

# 存储位置：每件档案在每个位置各存一份；应放在不同的磁盘上，最好在不同的地点
# Stores: every package lies in each of them; put them on different disks, best in different places
[[stores]]
name = "first"
path = "stores/first"

[[stores]]
name = "second"
path = "stores/second"

[ocr]
# 同时识别的页数，0 为处理器数 · Pages read at the same time; 0: as many as there are processors
workers = 0
# 一页最多用多少秒 · The longest a page may take, in seconds
page-timeout-seconds = 180.0
# 按语种指定引擎，例如 { en = "pp-ocr" } · Engine for a language, for example { en = "pp-ocr" }
engines = {}

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
"""


def read_settings(home: Path) -> Settings:
    """Return a home's settings.

    Raises ``NotFoundError`` where there is no home, ``ConfigurationError`` for a file that cannot be used; unknown keys
    are errors.
    """
    path = home / FILE_NAME
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
        reasons = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in cause.errors())
        raise _unusable(path, reasons) from cause


def _unusable(path: Path, reason: str) -> ConfigurationError:
    return ConfigurationError(
        message("设置文件不能用：{reason}", "the settings cannot be used: {reason}", reason=reason),
        subject=str(path),
        advice=message("请改正 {path} 后重试", "mend {path} and try again", path=str(path)),
    )
