"""Which indexes of a server are an installation's: one that is searched, perhaps one beside it that is being filled.

An index is named ``jinkui-<installation>-<audience>-v<schema>-<moment>-<number>``; its alias is what stands before the
``v``, and ``jinkui-<audience>`` leads to the indexes of all installations.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from search.index.server.connection import ElasticSettings, client_of

_WHILE_FILLED = {"number_of_replicas": 0, "refresh_interval": "-1"}
_WHEN_SEARCHED = {"auto_expand_replicas": "0-1", "refresh_interval": None, "max_terms_count": 1_000_000}
"""A replica where there are several nodes, so that one of them may die; refreshed as the server does by itself.

Whatever is closed and not gone yet rides in every query by its identifier: very much, where very much was closed at once.
"""
_HEAD, _BEGUN = "head", "begun"
_TRIES, _BETWEEN_SECONDS = 9, 5.0
_FORBIDDEN, _UNKNOWN = 403, 404


@dataclass(frozen=True, slots=True)
class Generations:
    """The indexes of one audience of an installation; what is asked raises what the client raises.

    ``rules`` say by what an index is written; one with others is to be filled anew.
    """

    settings: ElasticSettings
    audience: str
    schema: int
    mapping: Mapping[str, Any]
    index_settings: Mapping[str, Any]
    rules: Mapping[str, Any]

    @property
    def alias(self) -> str:
        """The name by which the installation searches and writes."""
        return f"jinkui-{self.settings.installation}-{self.audience}"

    def current(self) -> str:
        """Return which index is searched, empty where there is none."""
        return next(iter(sorted(self._behind(self.alias), reverse=True)), "")

    def head(self, index: str) -> int | None:
        """Return up to which journal entry an index was brought, None of one by other rules, to be filled anew."""
        (found,) = self._client.indices.get_mapping(index=index).values()
        told = dict(found["mappings"].get("_meta") or {})
        head, _ = told.pop(_HEAD, 0), told.pop(_BEGUN, "")
        return int(head) if told == self.rules else None

    def remember(self, index: str, head: int, of: str = "") -> None:
        """Remember up to which journal entry an index was brought: beside its rules, so that no document is replaced for it.

        Of one that is still filled beside another also what it was begun ``of``.
        """
        self._client.indices.put_mapping(index=index, meta={**self.rules, _HEAD: head, **_begun(of)})

    def begun(self) -> str | None:
        """Return what the newest index is of that was begun and never finished, empty where nobody can say, None where there is none."""
        newest = next(iter(sorted(self._unsearched(), reverse=True)), "")
        return self._begun_of(newest) if newest else None

    def gone_on_with(self, of: str) -> str:
        """Return the index that was begun of this and never finished, empty where there is none; any other goes."""
        begun = sorted(self._unsearched(), reverse=True)
        kept = begun[0] if of and begun and self._begun_of(begun[0]) == of else ""
        self._delete([one for one in begun if one != kept])
        if kept:
            self.remember(kept, 0, of)
            self._client.indices.refresh(index=kept)
        return kept

    def create(self, stamp: str, number: int, of: str = "") -> str:
        """Make a new index that nobody searches yet, and return its name."""
        name = f"{self.alias}-v{self.schema}-{stamp}-{number}"
        self._put_template()
        settings = {**self.index_settings, **_WHILE_FILLED}
        self._client.indices.create(
            index=name, mappings={**self.mapping, "_meta": {**self.rules, **_begun(of)}}, settings=settings
        )
        return name

    def swap(self, name: str) -> None:
        """Let an index be the one that is searched, in one step; those that it takes the place of go."""
        before = [*self._behind(self.alias), *self._unsearched()]
        removed = [
            {"remove": {"index": index, "alias": alias, "must_exist": False}}
            for index in self._behind(self.alias)
            if index != name
            for alias in (self.alias, self._shared_alias)
        ]
        added = [{"add": {"index": name, "alias": alias}} for alias in (self.alias, self._shared_alias)]
        self._client.indices.put_settings(index=name, settings=_WHEN_SEARCHED)
        self._client.indices.update_aliases(actions=[*removed, *added])
        self._delete([index for index in before if index != name])

    def expunge(self, index: str, *, seconds: float, wait: Callable[[float], None]) -> None:
        """Write the segments of an index anew without what was replaced; what is then still there goes with the next time.

        A primary keeps what was replaced until its retention leases are renewed, every half minute, and as long as a copy
        that is away may come back for it (``index.soft_deletes.retention_lease.period``).
        """
        patient = self._client.options(request_timeout=seconds).indices
        for _ in range(_TRIES):
            patient.flush(index=index, force=True)
            patient.forcemerge(index=index, max_num_segments=1)
            patient.refresh(index=index)  # lets go of the files of before
            if not self.holds_replaced(index):
                break
            wait(_BETWEEN_SECONDS)

    def holds_replaced(self, index: str) -> bool:
        """Say whether what was replaced is still in the files of an index."""
        stats = self._client.indices.stats(index=index, metric="docs")
        return int(stats["_all"]["total"]["docs"]["deleted"]) > 0

    def remove(self, index: str) -> None:
        """Remove an index."""
        self._delete([index])

    @property
    def _client(self) -> Any:
        return client_of(self.settings)

    @property
    def _shared_alias(self) -> str:
        return f"jinkui-{self.audience}"

    def _behind(self, alias: str) -> list[str]:
        found = self._client.options(ignore_status=_UNKNOWN).indices.get_alias(name=alias)
        if found.meta.status == _UNKNOWN:
            return []
        if not found.body or not all("aliases" in one for one in found.values()):
            raise ValueError(alias)
        return [str(index) for index in found if self._is_ours(str(index))]

    def _unsearched(self) -> list[str]:
        found = self._client.indices.get_alias(index=f"{self.alias}-v*", ignore_unavailable=True, allow_no_indices=True)
        return [str(index) for index, one in found.items() if not one["aliases"] and self._is_ours(str(index))]

    def _begun_of(self, index: str) -> str:
        (found,) = self._client.indices.get_mapping(index=index).values()
        told = dict(found["mappings"].get("_meta") or {})
        return str(told.get(_BEGUN, "")) if self.rules.items() <= told.items() else ""

    def _is_ours(self, index: str) -> bool:
        """Say whether an index is this installation's: that of another may begin with the same letters."""
        return re.fullmatch(re.escape(self.alias) + r"-v[0-9]+-[0-9]+-[0-9]+", index) is not None

    def _delete(self, indexes: list[str]) -> None:
        for index in indexes:
            self._client.options(ignore_status=_UNKNOWN).indices.delete(index=index)

    def _put_template(self) -> None:
        """Let whatever is made under the names of any installation be strict, as what is made by hand; a key need not be allowed to."""
        from elasticsearch import ApiError

        try:
            self._client.indices.put_index_template(
                name=f"jinkui-v{self.schema}",
                index_patterns=[f"jinkui-*-v{self.schema}-*"],
                priority=500 + self.schema,
                template={
                    "mappings": self.mapping,
                    "settings": {**self.index_settings, "auto_expand_replicas": "0-1"},
                },
            )
        except ApiError as cause:
            if cause.meta.status != _FORBIDDEN:
                raise


def _begun(of: str) -> dict[str, str]:
    return {_BEGUN: of} if of else {}
