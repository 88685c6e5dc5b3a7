"""What every test run has: examples of Hypothesis that no clock gates, and a server that ends with the run."""

import gc
import os
from collections.abc import Generator, Iterator

import pytest
from hypothesis import HealthCheck, settings

from preservation.stores import local
from tests.support.command_line import Prepared
from tests.support.object_storage import Server, Starting, begin_server

_SERVER = pytest.StashKey[Starting]()

settings.register_profile("jinkui", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("jinkui"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "jinkui")


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Generator[None, object, object]:
    """Look for no garbage while half a million things are made that stay, and among them never again."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_collection_finish(session: pytest.Session) -> None:
    """Begin to start the S3 server as soon as it is known that a test needs it; the others run meanwhile."""
    config = session.config
    if not config.option.collectonly and any(item.get_closest_marker("s3") for item in session.items):
        config.stash[_SERVER] = begin_server("tests")


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the server with the process that began it."""
    if starting := config.stash.get(_SERVER, None):
        starting.end()


@pytest.fixture(scope="session")
def s3_server(pytestconfig: pytest.Config) -> Server:
    """Give this process's S3 server, or skip the test and say why; modules that ask for it are marked ``s3``."""
    return pytestconfig.stash[_SERVER].server()


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    """Give homes that several tests begin with, each made once in this process."""
    return Prepared(tmp_path_factory.mktemp("prepared"))


@pytest.fixture(scope="session", autouse=True)
def nothing_is_flushed() -> Iterator[None]:
    """Let the kernel write when it likes: that bytes are on disk shows in power cuts and kills alone, in processes apart."""
    with pytest.MonkeyPatch.context() as patched:
        for place in (os, "fsync"), (local, "begin_to_write"), (local, "wait_for_bytes"):
            patched.setattr(*place, lambda _: None)
        yield
