"""The settings of a home, read from ``jinkui.toml``."""

import tomllib
from pathlib import Path

from pydantic import ValidationError

from archives.errors import ConfigurationError, NotFoundError
from archives.message import Message, message
from archives.system_reason import reason_of
from archives.toml_reason import toml_reason
from cli import wiring
from cli.home.backup.remains import SETTINGS_BACK, WITHOUT_SETTINGS, is_without_settings, require_stores
from cli.home.backup.waiting import UNFINISHED, is_being_restored, restore_again
from cli.home.settings.settings import Settings
from cli.home.settings.wrong import what_is_wrong


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
            raise NotFoundError(UNFINISHED, subject=str(home), advice=restore_again(home)) from cause
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
        raise _unusable(path, what_is_wrong(cause, text)) from cause


def _unusable(path: Path, reason: str | Message) -> ConfigurationError:
    return ConfigurationError(
        message("设置文件不能用：{reason}", "the settings cannot be used: {reason}", reason=reason),
        subject=str(path),
        advice=message("请改正 {path} 后重试", "mend {path} and try again", path=str(path)),
    )
