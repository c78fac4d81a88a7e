"""Read a built book without a browser: its pages, its links, the other hosts it would ask."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

from bs4 import BeautifulSoup

ROOT = Path(__file__).resolve().parent.parent
FRONT_DOOR = "index.html"  # only leads on to the landing page
FETCHED = {
    "script": "src",
    "img": "src",
    "source": "src",
    "iframe": "src",
    "video": "src",
    "audio": "src",
    "link": "href",
}
CSS_URL = re.compile(r"url\(\s*['\"]?(?!data:)([^'\")]+)|@import\s+['\"]([^'\"]+)")


def pages(site: Path) -> list[str]:
    """List the pages of a site, without the front door.

    Parameters
    ----------
    site : pathlib.Path
        The folder of a built book.

    Returns
    -------
    list of str
        Paths inside the site, sorted.
    """
    found = sorted(page.relative_to(site).as_posix() for page in site.rglob("*.html") if "_static" not in page.parts)
    return [page for page in found if page != FRONT_DOOR]


def soup(path: Path) -> BeautifulSoup:
    """Parse a page."""
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


def broken_links(site: Path) -> list[str]:
    """Follow every link and every file that the pages name, those inside outputs too.

    Parameters
    ----------
    site : pathlib.Path
        The folder of a built book.

    Returns
    -------
    list of str
        One sentence for each link inside the site that leads to no file or no place on a page.
    """
    parsed = {path: soup(site / path) for path in [*pages(site), FRONT_DOOR]}
    anchors = {
        path: {tag[name] for name in ("id", "name") for tag in page.find_all(attrs={name: True})}
        for path, page in parsed.items()
    }
    wrong = []
    for path, page in parsed.items():
        for tag in page.find_all(["a", *FETCHED]):
            address = tag.get(FETCHED.get(tag.name, "href"))
            parts = urlsplit(address or "")
            if not address or parts.scheme or parts.netloc:
                continue
            target = (site / path).parent / unquote(parts.path) if parts.path else site / path
            inside = os.path.relpath(target, site).replace(os.sep, "/")
            if not target.is_file():
                wrong.append(f"{path}: {address} leads to no file")
            elif parts.fragment and inside in anchors and unquote(parts.fragment) not in anchors[inside]:
                wrong.append(f"{path}: {address} leads to no place on that page")
    return wrong


def foreign_addresses(site: Path) -> list[str]:
    """Find what a browser would fetch from another host when it opens a page.

    Parameters
    ----------
    site : pathlib.Path
        The folder of a built book.

    Returns
    -------
    list of str
        One line for each script, style, picture or font that is not on the site.
    """
    found = []
    for path in [*pages(site), FRONT_DOOR]:
        page = soup(site / path)
        named = [(tag, tag.get(name)) for name in ("src", "href") for tag in page.find_all(list(FETCHED))]
        styles = [(tag, url) for tag in page.find_all("style") for url in _css_urls(tag.get_text())]
        styles += [(tag, url) for tag in page.find_all(style=True) for url in _css_urls(tag["style"])]
        found += [f"{path}: <{tag.name}> {url}" for tag, url in named + styles if _elsewhere(url)]
    for sheet in sorted(site.rglob("*.css")):
        urls = _css_urls(sheet.read_text(encoding="utf-8"))
        found += [f"{sheet.relative_to(site)}: {url}" for url in urls if _elsewhere(url)]
    return found


def _css_urls(text: str) -> list[str]:
    return [first or second for first, second in CSS_URL.findall(text)]


def _elsewhere(url: str | None) -> bool:
    parts = urlsplit(url or "")
    return bool(parts.netloc) or parts.scheme in ("http", "https")


def copy_of(site: Path, target: Path, keep: list[str]) -> Path:
    """Copy a site with some of its pages only, to be broken.

    Parameters
    ----------
    site, target : pathlib.Path
        The folder of a built book, and the folder to make.
    keep : list of str
        The pages to keep.

    Returns
    -------
    pathlib.Path
        `target`.
    """
    # a broken page must be what fails the gate, so the copy keeps the links of the pages that stay
    shutil.copytree(site, target, ignore=shutil.ignore_patterns("*.map", "locales", "vendor"))
    for page in pages(target):
        if page not in keep:
            (target / page).unlink()
    return target


def insert(page: Path, fragment: str) -> None:
    """Put a piece of HTML at the end of a page's article."""
    text = page.read_text(encoding="utf-8")
    head, found, tail = text.rpartition("</article>")
    if not found:
        raise ValueError(f"{page} has no article to break")
    page.write_text(head + fragment + found + tail, encoding="utf-8")


def run_gate(test: str, site: Path) -> subprocess.CompletedProcess:
    """Run a test by pytest's own command on another site.

    Parameters
    ----------
    test : str
        A test's id, such as ``tests/test_book.py::test_links``.
    site : pathlib.Path
        The site, most likely a broken one.

    Returns
    -------
    subprocess.CompletedProcess
        With its output as text.
    """
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", test]
    return subprocess.run(
        command, cwd=ROOT, env={**os.environ, "PEACEOPS_SITE": str(site)}, capture_output=True, text=True
    )


def assert_rejects(test: str, site: Path, word: str) -> None:
    """Assert that a gate fails on a broken site, and for the reason that was built in.

    Parameters
    ----------
    test : str
        The gate's id.
    site : pathlib.Path
        The broken site.
    word : str
        What the gate's message must hold.
    """
    done = run_gate(test, site)
    assert done.returncode == 1, f"{test} lets a broken site pass or does not run:\n{done.stdout}{done.stderr}"
    assert word in done.stdout, f"{test} fails, but not over {word!r}:\n{done.stdout}"
