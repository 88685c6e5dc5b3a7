"""What ``batch.toml`` says of a batch."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from archives.errors import ConfigurationError, FormatError
from archives.message import Message, message
from archives.record.description import Repository, parse_language
from archives.record.volume.label_rules import LabelRule, parse_rules
from archives.toml_reason import toml_reason
from ingest.batch.listing import PlannedFile
from ingest.batch.plan import BatchKind
from ingest.batch.reopened import Listed
from ingest.sheets.catalogue import CATALOGUE_HEADINGS
from ingest.sheets.headings import fold_heading

SETTINGS = "batch.toml"
_LARGEST_SETTINGS_BYTES = 1 << 20
_BARE_HAN = re.compile(r"(?m)^\s*[㐀-鿿][^=\n]*=")
_QUOTE_IT = message(
    '中文的名称要加引号，如 "责任者" = "县水利局"', 'a name in Chinese stands in quotes: "责任者" = "县水利局"'
)
_KEYS = ("repository", "kind", "language")


@dataclass(frozen=True, slots=True)
class BatchSettings:
    """What a batch says of itself beside its sheet; ``page_labels`` are rules for the names of the pages of volumes."""

    repository: str | None = None
    kind: BatchKind = BatchKind.MIXED
    language: str | None = None
    defaults: Mapping[str, str] = field(default_factory=dict)
    page_labels: tuple[LabelRule, ...] = ()


def settings_of(file: PlannedFile | None) -> BatchSettings:
    """Return what ``batch.toml`` says, nothing where there is none; raises ``ConfigurationError``."""
    if file is None:
        return BatchSettings()
    path = file.path
    if file.size_bytes > _LARGEST_SETTINGS_BYTES:
        raise _bad_settings(path, f"> {_LARGEST_SETTINGS_BYTES} B")
    try:
        text = Listed(file).read_bytes().decode("utf-8-sig")  # Windows writes a mark before it
        stated = tomllib.loads(text)
    except UnicodeDecodeError as cause:
        raise _not_utf8(path) from cause
    except (tomllib.TOMLDecodeError, RecursionError) as cause:
        raise _bad_settings(path, toml_reason(cause), hint=_QUOTE_IT if _BARE_HAN.search(text) else None) from cause
    defaults, pages = stated.pop("defaults", {}), stated.pop("pages", [])
    if not isinstance(pages, list) or not all(isinstance(one, dict) for one in pages):
        raise _bad_settings(path, "pages")
    for key, value in stated.items():
        if key not in _KEYS or not isinstance(value, str):
            raise _bad_settings(path, key)
    if not isinstance(defaults, dict):
        raise _bad_settings(path, "defaults")
    known: dict[str, str] = {}
    for heading, value in defaults.items():
        name = CATALOGUE_HEADINGS.get(fold_heading(heading))
        if name is None or not isinstance(value, str | int):
            raise _bad_settings(path, f"defaults.{heading}")
        known[name] = str(value)
    try:
        language = parse_language(stated["language"]) if "language" in stated else None
    except FormatError as cause:
        raise _bad_settings(path, f"language = {stated['language']}") from cause
    kind = _kind(stated.get("kind", BatchKind.MIXED))
    return BatchSettings(stated.get("repository"), kind, language, known, parse_rules(pages))


def _kind(stated: str) -> BatchKind:
    if stated not in set(BatchKind):
        said = message(
            "batch.toml 中 kind 应为 {zh}",
            "batch.toml: kind is {en}",
            zh=" 或 ".join(BatchKind),
            en=" or ".join(BatchKind),
        )
        raise ConfigurationError(said, subject=stated)
    return BatchKind(stated)


def _not_utf8(path: Path) -> ConfigurationError:
    return ConfigurationError(
        message("batch.toml 不是 UTF-8 编码", "batch.toml is not in UTF-8"),
        subject=str(path),
        advice=message(
            "请在记事本等程序中另存，编码选 UTF-8",
            "save it again with the encoding UTF-8 (Notepad asks for it under Save as)",
        ),
    )


def _bad_settings(path: Path, what: str | Message, *, hint: Message | None = None) -> ConfigurationError:
    return ConfigurationError(
        message("batch.toml 中的设置不能用：{what}", "batch.toml: a setting that cannot be used: {what}", what=what),
        subject=str(path),
        advice=hint
        or message(
            "可用的设置：{keys}，以及 [defaults] 表和 [[pages]] 各表",
            "known settings: {keys}, the table [defaults], and tables [[pages]]",
            keys=", ".join(_KEYS),
        ),
    )


def repository_of(code: str | None, repositories: Mapping[str, Repository]) -> Repository:
    """Return the repository that a batch belongs to, the only one where nobody says; raises ``ConfigurationError``."""
    if code is None and len(repositories) == 1:
        return next(iter(repositories.values()))
    if code is not None and code in repositories:
        return repositories[code]
    raise ConfigurationError(
        message("未知的馆（室）代码：{code}", "unknown repository: {code}", code=code)
        if code
        else message("不知道批次属于哪个馆（室）", "it is not known which repository the batch belongs to"),
        subject=code or "repository",
        advice=message(
            "请用 --repository 指明其中一个：{known}；或先运行 jinkui repository add",
            "name one with --repository: {known}; or run jinkui repository add first",
            known=", ".join(sorted(repositories)),
        )
        if repositories
        else message(
            "还没有登记任何馆（室）：请先运行 jinkui repository add 代码 --name 名称",
            "no repository is described yet: run jinkui repository add CODE --name NAME first",
        ),
    )
