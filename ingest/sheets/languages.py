"""Which language a record is in whose row does not say."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from archives.findings import Finding, note
from archives.message import listed, message
from archives.text.language import language_of

LanguageSource = Literal["stated", "kept", "batch", "text", "interface"]


@dataclass(frozen=True, slots=True)
class Languages:
    """Which language a record is in whose row does not say: that of the batch, else of its text, else of the reader."""

    batch: str | None = None
    interface: str = "zh-Hans"

    def of(self, text: str) -> tuple[str, LanguageSource]:
        """Return a language, and where it was taken from."""
        if self.batch:
            return self.batch, "batch"
        guessed = language_of(text)
        return (guessed, "text") if guessed else (self.interface, "interface")


def about_languages(rows: Iterable[tuple[str, LanguageSource, int]], sheet_name: str) -> Iterator[Finding]:
    """Yield a finding for every language that was taken from elsewhere than the sheet, with the rows that it is for.

    Of each row are told its language, where that was taken from, and its number.
    """
    guessed: dict[tuple[str, LanguageSource], list[int]] = {}
    for language, source, number in rows:
        if source in ("text", "interface"):
            guessed.setdefault((language, source), []).append(number)
    for (language, source), numbers in guessed.items():
        by = message("题名", "the title") if source == "text" else message("界面语言", "the language of this program")
        said = message(
            "没有写明语种，按{by}定为 {language}：第 {rows} 行",
            "no language is given; by {by} it is taken to be {language}: rows {rows}",
            by=by,
            language=language,
            rows=listed(numbers),
        )
        yield note("language-guessed", said, file=sheet_name)
