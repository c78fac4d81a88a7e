"""What every test may rely on: no other host, no skip that passes for success, one browser, one book."""

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
NOT_COPIED = (".git", ".venv", "_build", "__pycache__", ".*_cache", ".ipynb_checkpoints")
PROXIES = ("http_proxy", "https_proxy", "all_proxy", "ftp_proxy")
NETWORK = {name: value for name, value in os.environ.items() if name.lower() in (*PROXIES, "no_proxy")}


def _guarded(function, position):
    """Wrap a socket function so that it refuses an address that is not this machine's."""

    def guarded(*args, **keywords):
        address = args[position]
        # a socket to a host is given as (host, port), one of this machine's own as a path or by numbers
        host = address[0] if isinstance(address, tuple) else address if position == 0 else None
        own = ("", "localhost", "::1", "0.0.0.0", socket.gethostname())
        if isinstance(host, str) and host not in own and not host.startswith("127."):
            raise PermissionError(f"tests reach no other host, and this one wanted {host}")
        return function(*args, **keywords)

    return guarded


class NoSkips:
    """Fail the session in which a test was skipped; one in which nothing ran fails by itself."""

    def __init__(self):
        self.skipped = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note a skipped test; an expected failure is none."""
        if report.skipped and not hasattr(report, "wasxfail"):
            self.skipped.append(report.nodeid)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Note a module that was skipped whole."""
        if report.skipped:
            self.skipped.append(report.nodeid)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Turn success into failure."""
        if self.skipped and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Name what was skipped."""
        for name in self.skipped:
            terminalreporter.write_line(f"skipped, which fails the run: {name}", red=True)


def pytest_configure(config: pytest.Config) -> None:
    """Close the way to other hosts: here by the sockets, in processes started from here by a dead proxy."""
    socket.socket.connect = _guarded(socket.socket.connect, 1)
    socket.socket.connect_ex = _guarded(socket.socket.connect_ex, 1)
    socket.getaddrinfo = _guarded(socket.getaddrinfo, 0)
    for name in PROXIES:
        os.environ[name] = os.environ[name.upper()] = "http://127.0.0.1:9"
    os.environ["no_proxy"] = os.environ["NO_PROXY"] = "localhost,127.0.0.1,::1"
    config.pluginmanager.register(NoSkips(), "no-skips")


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the repository's root."""
    return ROOT


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Return a copy of the repository, to be broken or installed from; the folder's name has a space."""
    target = tmp_path / "a copy"
    shutil.copytree(ROOT, target, ignore=shutil.ignore_patterns(*NOT_COPIED))
    return target


@pytest.fixture(scope="session")
def open_network() -> dict[str, str]:
    """Return an environment for a process that may fetch packages, for tests of the installation only."""
    closed = {*PROXIES, "no_proxy"}
    return {name: value for name, value in os.environ.items() if name.lower() not in closed} | NETWORK


@pytest.fixture(scope="session")
def browser_options() -> dict:
    """Return the keywords for ``playwright.chromium.launch``: PEACEOPS_BROWSER or an installed one."""
    from find_browser import find, launch_options

    return launch_options(os.environ.get("PEACEOPS_BROWSER") or find())


@pytest.fixture(scope="session")
def browser(browser_options: dict):
    """Start one Chromium for the session."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**browser_options)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def site() -> Path:
    """Return the folder of the built book: the launcher has just built it, or else it is built now."""
    if "PEACEOPS_SITE" in os.environ:
        return Path(os.environ["PEACEOPS_SITE"])
    # the launcher's command, without its look at .venv, in which this runs
    sys.path.insert(0, str(ROOT))
    import course

    done = subprocess.run(course.book_command(), cwd=ROOT, env=course.environment(), capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    return ROOT / "_build" / "html"
