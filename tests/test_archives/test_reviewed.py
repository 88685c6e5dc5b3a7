from dataclasses import replace

from archives.record.description import Description
from archives.record.identifiers import archival_code_key, reference_code
from archives.reviewed import reviewed_digest

SAID = Description(reference_code("J019-2-0015"), title="水利卷")


def test_codes_before_that_somebody_said_count_and_those_of_renumbering_do_not() -> None:
    plain = reviewed_digest(SAID, ())
    had = {archival_code_key("J019-2-0001")}
    assert reviewed_digest(replace(SAID, former_code="J019-2-0001"), (), had=had) == plain
    assert reviewed_digest(replace(SAID, former_code="J019-2-0015"), ()) == plain, "its own code is none"
    said = reviewed_digest(replace(SAID, former_code="旧-1；J019-2-0001"), (), had=had)
    assert said != plain
    assert reviewed_digest(replace(SAID, former_code="旧-1"), ()) == said


def test_what_was_reviewed_before_codes_counted_is_still_what_it_was() -> None:
    assert reviewed_digest(SAID, ()) == "ba762540a855eb06b62adc06a5d23a9730cad56c9f18b8f53aa10770046d3e8b"
