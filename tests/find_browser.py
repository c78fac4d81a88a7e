"""Find, or else fetch, a Chromium that really starts, for the browser tests; prints its path."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Error, sync_playwright

ON_PATH = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "microsoft-edge-stable",
    "msedge",
)
MACOS = (
    "Google Chrome.app/Contents/MacOS/Google Chrome",
    "Chromium.app/Contents/MacOS/Chromium",
    "Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
)
WINDOWS = (
    "Google/Chrome/Application/chrome.exe",
    "Chromium/Application/chrome.exe",
    "Microsoft/Edge/Application/msedge.exe",
)
NOT_FOUND = (
    "The browser tests need Chromium, Chrome or Edge, and none could be found or fetched: "
    "install one of them, or set PEACEOPS_BROWSER to the program's path, and run the command again."
)


def installed() -> Iterator[Path]:
    """Yield the browsers installed on this machine, on Linux, macOS or Windows.

    Yields
    ------
    pathlib.Path
        A file that exists; whether it starts is for `starts` to say.
    """
    for name in ON_PATH:
        if found := shutil.which(name):
            yield Path(found)
    bases = [(Path("/Applications"), MACOS), (Path.home() / "Applications", MACOS)]
    for variable in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"):
        if variable in os.environ:
            bases.append((Path(os.environ[variable]), WINDOWS))
    for base, programs in bases:
        yield from (base / program for program in programs if (base / program).is_file())


def launch_options(path: Path | str) -> dict:
    """Say how Playwright has to launch a browser.

    Parameters
    ----------
    path : pathlib.Path or str
        The browser's program.

    Returns
    -------
    dict
        Keywords for ``playwright.chromium.launch``.
    """
    # Chromium refuses its sandbox to root, which is who runs the tests in a bare container
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    return {"executable_path": str(path), "args": ["--no-sandbox"] if root else []}


def starts(path: Path) -> bool:
    """Tell whether a browser starts without a screen and runs a script.

    Parameters
    ----------
    path : pathlib.Path
        The browser's program; an Ubuntu stub that asks for a snap, say, does not start.

    Returns
    -------
    bool
    """
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(**launch_options(path), timeout=30_000)
            answer = browser.new_page().evaluate("1 + 1")
            browser.close()
    except Error as error:
        print(f"{path} does not start: {str(error).splitlines()[0]}", file=sys.stderr)
        return False
    return answer == 2


def _playwrights_own() -> Path:
    with sync_playwright() as playwright:
        return Path(playwright.chromium.executable_path)


def _run(*command: str) -> None:
    """Run a command that may fail; its output goes to standard error, for our own output is the path."""
    print("$ " + " ".join(command), file=sys.stderr)
    try:
        code = subprocess.run(command, stdout=sys.stderr, stdin=subprocess.DEVNULL, timeout=900).returncode
    except subprocess.TimeoutExpired:
        code = "no answer in 15 minutes"
    if code:
        print(f"failed ({code})", file=sys.stderr)


def find() -> Path:
    """Find a browser that starts, fetching one where that may be done.

    Tried in this order: ``PEACEOPS_BROWSER``, which must start if it is set; the installed browsers;
    Playwright's own, downloaded if need be; Debian's package, for root on a system with ``apt-get``.

    Returns
    -------
    pathlib.Path
        The program's path.

    Raises
    ------
    LookupError
        If none of them gives a browser that starts.
    """
    if named := os.environ.get("PEACEOPS_BROWSER"):
        if Path(named).is_file() and starts(Path(named)):
            return Path(named)
        raise LookupError(f"PEACEOPS_BROWSER names {named!r}, which is not a browser that starts.")
    for path in installed():
        if starts(path):
            return path
    own = _playwrights_own()
    if not own.is_file():
        _run(sys.executable, "-m", "playwright", "install", "chromium")
    if own.is_file() and starts(own):
        return own
    if shutil.which("apt-get") and os.geteuid() == 0:
        _run("apt-get", "update")
        # without a font every text would be zero pixels wide
        _run("apt-get", "install", "--yes", "--no-install-recommends", "chromium", "fonts-dejavu")
        packaged = shutil.which("chromium")
        if packaged and starts(Path(packaged)):
            return Path(packaged)
    raise LookupError(NOT_FOUND)


if __name__ == "__main__":
    try:
        print(find())
    except LookupError as error:
        sys.exit(str(error))
