"""A new archive made: its settings, its stores, its key, the first entries of its journal."""

from contextlib import suppress
from pathlib import Path

from archives.errors import ConfigurationError, ConflictError, StoreAbsentError, UsageProblem
from archives.journal.facts import HomeInitialised
from archives.message import message
from archives.proof.signing import key_text
from archives.system_reason import reason_of
from cli import wiring
from cli.frame.commands import Call
from cli.home.backup.remains import (
    REBUILD_AGAIN,
    SETTINGS_BACK,
    UNFINISHED_REBUILD,
    WITHOUT_SETTINGS,
    is_being_rebuilt,
    is_without_settings,
    require_stores,
)
from cli.home.backup.waiting import UNFINISHED, is_being_restored, restore_again
from cli.home.default_settings import DEFAULT_FILE
from cli.home.home import Home
from cli.home.settings.reading import parse_settings
from preservation.journal.key import archive_key
from preservation.journal.refusals import signed_by_another
from preservation.stores.files import write_whole
from preservation.vault.founding import found_store, standing_home


def make_home(call: Call) -> Home:
    """Make a new home with its stores; raises ``ConflictError`` when there is one already.

    Where a settings file was put in place before, it is used as it stands.
    """
    folder = call.home
    path = folder / wiring.SETTINGS_FILE
    if is_being_restored(folder):
        raise ConflictError(UNFINISHED, subject=str(folder), advice=restore_again(folder))
    if is_being_rebuilt(folder):
        raise ConflictError(UNFINISHED_REBUILD, subject=str(folder), advice=REBUILD_AGAIN)
    if is_without_settings(folder):
        raise ConflictError(WITHOUT_SETTINGS, subject=str(folder), advice=SETTINGS_BACK)
    _make(folder)
    is_its_own = {one.name for one in folder.iterdir()} <= {wiring.SETTINGS_FILE}
    if not path.exists():
        write_whole(path, DEFAULT_FILE.encode("utf-8"), mode=0o600)
    settings = parse_settings(path.read_text("utf-8-sig"), path)
    require_stores(folder, path, settings.model_fields_set, [s.properties(folder).folder for s in settings.stores])
    if len({s.name for s in settings.stores}) != len(settings.stores) or not settings.stores:
        raise ConfigurationError(message("存储位置的名称不能重复", "stores need names of their own"), subject=str(path))
    home = call.opened.enter_context(Home(folder, settings, call.output))
    if _has_begun(home):
        if home.vault.ledger.is_of_another:
            raise signed_by_another()
        only_founded = home.vault.ledger.head() == next(home.vault.ledger.raw_groups()).end
        if home.vault.ledger.level_stores() and only_founded:
            home.follow()  # the first init was killed before every store had the journal
            return home
        raise ConflictError(
            message("这里已经有档案库：{home}", "there is an archive here already: {home}", home=str(folder)),
            subject=str(folder),
            advice=message(
                "直接使用即可（jinkui status）；另建一个，请写别的 --home",
                "use it as it is (jinkui status), or make another one with another --home",
            ),
        )
    if (
        is_its_own and not settings.portal.group
    ):  # else others have something there, or the site's account passes through
        _keep_to_owner(folder)
    memory = home.archive.memory
    begun = next((found for store in home.vault.stores if (found := standing_home(store))), None)
    identifier = memory.home_id if memory.is_there else begun or wiring.new_identifier()
    if not memory.is_there:
        key = archive_key(folder / "keys", new_seed=wiring.new_key_seed)
        memory.begin(identifier, wiring.new_identifier(), [key.public_key])
    stores = [found_store(store, store_id=wiring.new_identifier(), home_id=identifier) for store in home.vault.stores]
    home.vault.ledger.level_stores()  # an init that was killed may have left its entries in one store
    if not _has_begun(home):
        home.vault.ledger.append([HomeInitialised(identifier, key_text(memory.public_keys[0])), *stores])
    home.follow()
    return home


def _make(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as cause:
        said = message(
            "{path} 处建不了档案库：{reason}",
            "no archive can be made at {path}: {reason}",
            path=str(folder),
            reason=reason_of(cause),
        )
        advice = message("请用 --home 另给一个文件夹", "name another folder with --home")
        raise UsageProblem(said, subject="--home", advice=advice) from cause


def _keep_to_owner(folder: Path) -> None:
    """Shut a folder that was there before to other accounts; where that cannot be, doctor says so."""
    with suppress(OSError):
        folder.chmod(0o700)


def _has_begun(home: Home) -> bool:
    try:
        return home.vault.ledger.head().sequence > 0
    except StoreAbsentError:
        return False
