"""The proof of an opening: two registered persons' signatures over what was decided about which package.

Needed from the entry on that says so (``OpeningSignatures``), which two persons signed too: whoever has the archive's key
alone can neither open a record then, nor say that signatures are needed no more.
"""

import hashlib

from pydantic import TypeAdapter

from archives.journal.facts import OpeningDecided
from archives.journal.persons import FOUNDERS, Persons, signers_of
from archives.proof.canonical_json import Json, canonical_json
from archives.record.rights import Conclusion, OpeningDecision

_DECISION = TypeAdapter(OpeningDecision)


def opening_text(fact: OpeningDecided) -> bytes:
    """Return the bytes that persons sign: a line over SHA-256 of the decision, without what it leaves open."""
    decision: dict[str, Json] = _DECISION.dump_python(fact.decision, mode="json")
    body: dict[str, Json] = {
        "repository": fact.repository,
        "archival_code": fact.archival_code,
        "package_id": fact.package_id,
        "reviewed": fact.reviewed,
        "after": fact.after,
        "decision": {name: value for name, value in decision.items() if value is not None},
    }
    return f"jinkui/opening/v1\n{hashlib.sha256(canonical_json(body)).hexdigest()}\n".encode("ascii")


def may_count(fact: OpeningDecided, persons: Persons, package_id: str, *, last: int) -> bool:
    """Say whether a decision counts: one that opens nothing always does, another with the signatures that it needs.

    ``persons`` are those before it, ``package_id`` is the record's package, ``last`` the entry of the decision before it,
    which people knew when they signed.
    """
    if not persons.openings_signed or fact.decision.conclusion is not Conclusion.OPEN:
        return True
    is_of_this = fact.package_id == package_id and fact.after >= last
    return is_of_this and len(signers_of(persons, fact, opening_text(fact))) >= FOUNDERS
