"""What the JSON interface answers is what its description says, whatever it is asked."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.test_journeys.test_browser import FILM, SOUND, lending_site, serving

_SCHEMATHESIS = Path(sys.executable).with_name("schemathesis")
_ALL = (
    "not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,"
    "response_schema_conformance,negative_data_rejection,positive_data_acceptance"
)


def test_every_answer_of_the_interface_is_as_it_is_described(tmp_path: Path) -> None:
    if not _SCHEMATHESIS.is_file():
        pytest.skip("schemathesis is not installed")
    site = lending_site(tmp_path / "site")
    described = site.client.get("/api/v1/openapi.json").json()
    identifier = described["paths"]["/records/{id}"]["get"]["parameters"][0]
    identifier["examples"] = {one: {"value": one} for one in ("1", "2", SOUND, f"{SOUND}0", FILM, f"{FILM}0")}
    description = tmp_path / "openapi.json"
    with serving(site) as address:
        described["servers"] = [{"url": f"{address}/api/v1"}]
        description.write_text(json.dumps(described), "utf-8")
        command = [str(_SCHEMATHESIS), "run", str(description), "--url", f"{address}/api/v1", "--checks", _ALL]
        command += ["--phases", "examples,coverage,fuzzing", "--max-examples", "5", "--seed", "14", "--no-color"]
        command += ["--report", "ndjson", "--report-ndjson-path", str(tmp_path / "asked.ndjson")]
        environment = {**os.environ, "NO_PROXY": "127.0.0.1"}
        done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, env=environment, timeout=240)
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-2000:]
    assert all(f"/records/{one}" in (tmp_path / "asked.ndjson").read_text("utf-8") for one in (SOUND, f"{FILM}0"))
