"""What an archive knows of repositories, described and looked up."""

from dataclasses import replace
from typing import Literal

from archives.errors import ConfigurationError, ConflictError, NotFoundError
from archives.journal.facts import RepositoryAdded
from archives.message import message
from archives.record.description import Repository
from archives.record.identifiers import CodeRule, RepositoryCode
from preservation.archive import Archive


def add_repository(
    archive: Archive,
    code: str,
    *,
    name: str,
    name_en: str,
    kind: Literal["馆", "室"],
    parent: str | None,
    codes: CodeRule | None = None,
) -> Repository:
    """Describe an archives or a records room; may be called again with the same description, or another rule for its codes.

    Raises ``NotFoundError`` for an unknown repository above it, ``ConflictError`` for a code that is described otherwise.
    """
    known = {one.code.value: one for one in archive.catalogue.repositories()}
    if parent is not None and parent not in known:
        raise NotFoundError(message("没有上级馆 {code}", "there is no repository {code}", code=parent), subject=parent)
    above = RepositoryCode(parent) if parent else None
    stands = known.get(code)
    rule = codes or (stands.codes if stands else CodeRule.DA_T)
    new = Repository(RepositoryCode(code), name, name_en, kind, above, rule)
    if stands is not None and replace(stands, codes=rule) != new:
        raise ConflictError(
            message("代码 {code} 已登记为 {name}", "{code} is {name} already", code=code, name=stands.name),
            subject=code,
        )
    if stands != new:
        archive.begin_writing()
        archive.vault.ledger.append([RepositoryAdded(new)])
        archive.refresh()
    return new


def require_repository(archive: Archive, code: str | None) -> None:
    """Raise ``NotFoundError`` for the code of a repository that nobody described; None names none."""
    if code is not None and code not in {one.code.value for one in archive.catalogue.repositories()}:
        raise NotFoundError(
            message("没有代码为 {code} 的馆（室）", "there is no repository {code}", code=code), subject=code
        )


def named_repository(archive: Archive, named: str | None) -> RepositoryCode:
    """Return the repository that was named, or the only one; raises ``ConfigurationError``."""
    known = {one.code.value: one.code for one in archive.catalogue.repositories()}
    if named is None and len(known) == 1:
        return next(iter(known.values()))
    if named is not None and named in known:
        return known[named]
    raise ConfigurationError(
        message(
            "请用 --repository 指明馆（室）：{known}",
            "name the repository with --repository: {known}",
            known=", ".join(known) or "—",
        ),
        subject=named or "repository",
    )
