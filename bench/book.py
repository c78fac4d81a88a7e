"""Measure the book: seconds to build it, and bytes, requests and milliseconds to load each of its chapters.

Run it with the Python of `.venv`, as `python bench/book.py`; `--site FOLDER` measures a book that is built already.
"""

import argparse
import functools
import gzip
import http.server
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from conftest import NOT_COPIED  # noqa: E402
from find_browser import find, launch_options  # noqa: E402

import course  # noqa: E402  the launcher lies beside this folder and is no package

INDEX = "book/index.html"
LOADS = 7


def seconds(folder: Path) -> float:
    """Return the seconds that the launcher's command takes to build the book of a copy of the repository."""
    env = course.environment()
    begun = time.perf_counter()
    subprocess.run(course.book_command(), cwd=folder, env=env, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - begun


def build(folder: Path) -> dict[str, float]:
    """Build the book of a copy, then build it again after changes such as an author makes; return the seconds."""
    found = {"clean build": seconds(folder), "rebuild, nothing changed": seconds(folder)}
    chapter = folder / "notebooks" / "01_security_environment.ipynb"
    notebook = json.loads(chapter.read_text(encoding="utf-8"))
    for kind in ("markdown", "code"):
        cell = next(cell for cell in notebook["cells"] if cell["cell_type"] == kind)
        cell["source"] = [*cell["source"], "\n\n# changed" if kind == "code" else "\n\nChanged."]
        chapter.write_text(json.dumps(notebook), encoding="utf-8")
        found[f"rebuild, a {kind} cell of one chapter changed"] = seconds(folder)
    return found


def serve(site: Path) -> str:
    """Serve a folder on this machine; return its address."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            """Say nothing of each request."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=site))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}/"


def measure(page: Page, address: str) -> dict[str, float]:
    """Load a page with an empty cache, read down to its end, and count what it asked for.

    Parameters
    ----------
    page : playwright.sync_api.Page
        A page of a new context.
    address : str
        Where the page is.

    Returns
    -------
    dict of str to float
        ``ms`` until the load event; ``requests``, ``raw`` and ``gzipped`` bytes until then; the same with ``_all``
        after reading to the end, when each chart has been drawn.
    """
    responses = []
    page.on("response", lambda response: responses.append(response))
    page.goto(address, wait_until="load")
    found = {"ms": page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd")}
    for suffix in ("", "_all"):
        bodies = [response.body() for response in list(responses) if response.url.startswith("http")]
        found["requests" + suffix] = len(bodies)
        found["raw" + suffix] = sum(len(body) for body in bodies)
        found["gzipped" + suffix] = sum(len(gzip.compress(body)) for body in bodies)
        page.evaluate(
            """async () => {
                for (let y = 0; y < document.documentElement.scrollHeight; y += innerHeight) {
                    scrollTo({ top: y, behavior: "instant" });
                    await new Promise((done) => setTimeout(done, 100));
                }
            }"""
        )
        page.wait_for_function(
            "[...document.querySelectorAll('.po-chart')].every((chart) => chart.querySelector('svg'))"
        )
    return found


def load(site: Path) -> dict[str, dict[str, float]]:
    """Measure the landing page and each chapter: the median of some loads, each with an empty cache."""
    pages = [INDEX, *sorted(path.relative_to(site).as_posix() for path in site.glob("notebooks/*.html"))]
    base = serve(site)
    found = {}
    options = launch_options(os.environ.get("PEACEOPS_BROWSER") or find())
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**options)
        for path in pages:
            runs = []
            for _ in range(LOADS):
                context = browser.new_context(viewport={"width": 1280, "height": 800})
                runs.append(measure(context.new_page(), base + path))
                context.close()
            found[path] = {key: statistics.median(run[key] for run in runs) for key in runs[0]}
        browser.close()
    return found


def table(header: list[str], rows: list[list[str]]) -> str:
    """Return rows as an aligned Markdown table."""
    widths = [max(len(row[i]) for row in [header, *rows]) for i in range(len(header))]
    ruler = ["-" * width for width in widths]
    lines = [
        " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in [header, ruler, *rows]
    ]
    return "\n".join(f"| {line} |" for line in lines)


def main() -> None:
    """Print the two tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--site", type=Path, help="the folder of a built book, to be loaded and not built")
    site = parser.parse_args().site
    with tempfile.TemporaryDirectory() as folder:
        if site is None:
            copy = Path(folder) / "copy"
            shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(*NOT_COPIED))
            times = build(copy)
            site = copy / "_build" / "html"
            count = sum("_static" not in path.parts for path in site.rglob("*.html"))
            first = times["clean build"]
            rows = [[name, f"{t:.1f}", f"{t / count:.2f}", f"{t / first:.2f}"] for name, t in times.items()]
            print(table(["build", "seconds", f"a page ({count} pages)", "ratio to clean"], rows), "\n")
        loaded = load(site)
    index = loaded[INDEX]
    rows = []
    for path, of in loaded.items():
        row = [path, f"{of['ms']:.0f}", f"{of['ms'] / index['ms']:.2f}"]
        for suffix in ("", "_all"):
            raw, gzipped = of["raw" + suffix], of["gzipped" + suffix]
            row += [f"{of['requests' + suffix]:.0f}", f"{raw / 1000:.0f}", f"{gzipped / 1000:.0f}"]
        rows.append([*row, f"{of['gzipped_all'] / index['gzipped_all']:.2f}"])
    until = ["requests", "raw kB", "gzipped kB"]
    header = ["page", "load ms", "ratio", *until, *(f"read through: {name}" for name in until), "ratio"]
    print(table(header, rows))


if __name__ == "__main__":
    main()
