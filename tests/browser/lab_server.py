"""JupyterLab for the tests that use it as a student would: started in a folder, closed again, a notebook opened."""

import contextlib
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

TOKEN = "for-this-test-only"


@contextlib.contextmanager
def started(folder: Path) -> Iterator[str]:
    """Start JupyterLab in a folder.

    Parameters
    ----------
    folder : pathlib.Path
        Whose notebooks it opens, and saves.

    Yields
    ------
    str
        Its address.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = [f"--port={port}", f"--ServerApp.root_dir={folder}", f"--IdentityProvider.token={TOKEN}"]
    with (folder / "lab.log").open("w") as log:
        command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ip=127.0.0.1", *options]
        # a student's own settings must not decide what is tested
        own = {name: str(folder / "jupyter") for name in ("JUPYTER_CONFIG_DIR", "IPYTHONDIR")}
        own |= {f"JUPYTERLAB_{name}_DIR": str(folder / "jupyter" / name) for name in ("SETTINGS", "WORKSPACES")}
        process = subprocess.Popen(command, cwd=folder, env=os.environ | own, stdout=log, stderr=subprocess.STDOUT)
    address = f"http://127.0.0.1:{port}"
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        for _ in range(120):
            assert process.poll() is None, (folder / "lab.log").read_text()
            try:
                direct.open(f"{address}/api?token={TOKEN}").close()
                break
            except OSError:
                time.sleep(0.5)
        else:
            pytest.fail((folder / "lab.log").read_text())
        yield address
    finally:
        process.terminate()
        process.wait()


def open_notebook(page: Page, address: str, path: str) -> Locator:
    """Open a notebook and wait for its kernel; return what is visible as long as the kernel has nothing to do."""
    page.goto(f"{address}/lab/tree/{path}?token={TOKEN}&reset")
    page.wait_for_selector(".jp-Notebook .jp-CodeCell", timeout=60_000)
    idle = page.locator(".jp-StatusBar-Left", has_text="Python 3 (ipykernel) | Idle")
    expect(idle).to_be_visible(timeout=60_000)
    return idle


def is_other(url: str) -> bool:
    """Tell whether an address is another host's."""
    return not re.match(r"(?:http|ws)://127\.0\.0\.1[:/]|data:|blob:", url)
