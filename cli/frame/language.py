"""Which language the reader wants: ``--lang``, then settings, then the locale; known before help is written."""

from collections.abc import Mapping, Sequence

from archives.message import Language


def language_of(arguments: Sequence[str], environment: Mapping[str, str], setting: str) -> Language:
    """Return the language of an invocation; ``setting`` is ``auto``, ``zh`` or ``en``."""
    for place, argument in enumerate(arguments):
        value = argument.removeprefix("--lang=") if argument.startswith("--lang=") else ""
        if argument == "--lang" and place + 1 < len(arguments):
            value = arguments[place + 1]
        if value in ("zh", "en"):
            return "zh" if value == "zh" else "en"
    if setting in ("zh", "en"):
        return "zh" if setting == "zh" else "en"
    locale = next((environment[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(name)), "")
    return "zh" if locale.lower().startswith("zh") else "en"
