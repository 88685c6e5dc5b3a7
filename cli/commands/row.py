"""A command in the table, by where its function is in this folder."""

from archives.message import Message
from cli.frame.commands import Row


def row(name: str, summary: Message, place: str) -> Row:
    """Return the row of a command; ``place`` is ``folder.module:function``."""
    return Row(name, summary, f"cli.commands.{place}")
