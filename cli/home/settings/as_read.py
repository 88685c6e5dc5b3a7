"""What the settings say of the public site, read anew whenever their file is another: what runs for long needs no restart."""

from pathlib import Path

from cli import wiring
from cli.home.settings.portal import PortalSetting
from cli.home.settings.reading import read_settings


class PortalAsSet:
    """The settings of the public site as they are at that moment."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._known: tuple[tuple[int, int, int], PortalSetting] | None = None

    def __call__(self) -> PortalSetting:
        """Return them, the same as long as the file is; raises ``OSError`` or ``JinkuiError`` where they cannot be read."""
        state = (self._home / wiring.SETTINGS_FILE).stat()
        mark = (state.st_ino, state.st_mtime_ns, state.st_size)
        known = self._known
        if known is None or known[0] != mark:
            self._known = known = (mark, read_settings(self._home).portal)
        return known[1]
