"""The server of Elasticsearch that the tests were given, if any: the addresses of its nodes, and indexes of their own on it."""

import os
import uuid

import pytest

from search.index.elastic import ElasticIndex
from search.index.server.connection import ElasticSettings

ADDRESSES = tuple(filter(None, os.environ.get("JINKUI_TEST_ELASTICSEARCH", "").split(",")))
"""Of a server of several nodes one each, with commas between them."""


def make_elastic() -> ElasticIndex:
    """Return a new index on the server that the tests were given; skips where there is none."""
    if not ADDRESSES:
        pytest.skip("no Elasticsearch: JINKUI_TEST_ELASTICSEARCH is not set")
    settings = ElasticSettings(ADDRESSES, f"test-{uuid.uuid4().hex[:12]}", timeout_seconds=60)
    return ElasticIndex(settings, "staff", stamp="1")
