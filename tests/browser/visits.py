"""Open the pages of a built book in a real browser, and note what a reader would stumble over."""

import contextlib
import functools
import http.server
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page
from playwright.sync_api import TimeoutError as Late

SIZES = {360: 740, 768: 1024, 1280: 800}  # a phone, a tablet and a laptop: width and height in pixels
LOOKS = [(width, mode) for width in (360, 1280) for mode in ("light", "dark")]
FOREIGN = re.compile(r"^(?!data:|blob:|about:|file:|https?://127\.0\.0\.1[:/])")

# What axe finds in the theme's own frame and a reader is not hurt by: rule, part of the page, reason.
ALLOWED = [
    ("region", ".logo__title", "the course's name stands above the navigation, in no landmark of its own"),
]

MARKS = """figure => {
  const svg = figure.querySelector('.po-chart__canvas svg');
  if (!svg) return 'no drawing';
  const shapes = [...svg.querySelectorAll('.role-mark :is(path, line, rect, circle, text, image)')];
  const drawn = shapes.filter(shape => {
    const box = shape.getBoundingClientRect();
    return !shape.closest('.role-axis, .role-legend') && !shape.matches('.background') && box.width + box.height > 1;
  });
  if (!drawn.length) return 'a drawing without marks';
  const [box, place] = [svg, figure.querySelector('.po-chart__view')].map(part => part.getBoundingClientRect());
  if (box.width < 200 || box.height < 60) return `a drawing of ${box.width} by ${box.height} pixels`;
  if (box.width > place.width + 1 && !place.scrollWidth) return 'a drawing wider than its place';
  return '';
}"""

WIDE = """() => {
  const page = document.documentElement;
  if (page.scrollWidth <= page.clientWidth) return [];
  const wide = [...document.querySelectorAll('main *')].filter(
    e => e.scrollWidth > e.clientWidth && e.clientWidth && getComputedStyle(e).overflowX === 'visible');
  const name = e => `${e.tagName.toLowerCase()}.${[...e.classList].join('.')}: ${e.textContent.trim().slice(0, 40)}`;
  return [`${page.scrollWidth} pixels wide`, ...wide.slice(-3).map(name)];
}"""


@dataclass
class Visit:
    """What was found on one page at one width in one colour mode."""

    page: str
    console: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    axe: list[str] = field(default_factory=list)
    overflow: list[str] = field(default_factory=list)
    charts: list[str] = field(default_factory=list)
    drawn: int = 0
    requested: set[str] = field(default_factory=set)


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args) -> None:
        """Print nothing: pytest shows what failed."""


@contextlib.contextmanager
def served(site: Path) -> Iterator[str]:
    """Serve a site on this machine.

    Parameters
    ----------
    site : pathlib.Path
        The folder of a built book.

    Yields
    ------
    str
        The address of the site, with a slash at its end.
    """
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=site))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


@contextlib.contextmanager
def reader(browser: Browser, width: int, mode: str, **more) -> Iterator[BrowserContext]:
    """Give a fresh reader: no memory, a screen of this width, this colour mode, no way to other hosts.

    Parameters
    ----------
    browser : playwright.sync_api.Browser
        A started browser.
    width : int
        A key of `SIZES`.
    mode : {"light", "dark"}
        What the reader's system asks for.
    **more
        Further keywords of ``Browser.new_context``.

    Yields
    ------
    playwright.sync_api.BrowserContext
    """
    context = browser.new_context(
        viewport={"width": width, "height": SIZES[width]}, color_scheme=mode, reduced_motion="reduce", **more
    )
    context.route(FOREIGN, lambda route: route.abort())
    try:
        yield context
    finally:
        context.close()


def listen(page: Page, visit: Visit) -> None:
    """Note the page's errors and what it requests, from this host and from others."""
    page.on(
        "console",
        lambda said: visit.console.append(f"{said.text} ({said.location['url']})") if said.type == "error" else None,
    )
    page.on("pageerror", lambda error: visit.console.append(str(error)))
    page.on("request", lambda asked: visit.requested.add(asked.url))
    page.on("request", lambda asked: visit.foreign.append(asked.url) if FOREIGN.match(asked.url) else None)


def draw_charts(page: Page, visit: Visit | None = None) -> None:
    """Scroll to every chart of a page and wait until it is drawn; note those that are not."""
    for figure in page.query_selector_all("figure.po-chart"):
        figure.scroll_into_view_if_needed()
        try:
            page.wait_for_function("figure => figure.dataset.live", arg=figure, timeout=20_000)
            problem = figure.evaluate(MARKS)
        except Late:
            problem = "still a picture after 20 seconds"
        if visit and problem:
            visit.charts.append(f"{figure.get_attribute('id')}: {problem}")
        elif visit:
            visit.drawn += 1


def violations(page: Page) -> list[str]:
    """Run axe and leave out what `ALLOWED` excuses."""
    found = []
    # without preload: axe would load the theme's style sheets again, from the wrong folder, and so report errors
    for violation in Axe().run(page, options={"preload": False}).response["violations"]:
        for node in violation["nodes"]:
            excused = any(
                violation["id"] == rule and page.locator(f"{part}:is({node['target'][0]})").count()
                for rule, part, _ in ALLOWED
            )
            if not excused:
                found.append(f"{violation['id']}: {node['html'][:200]}")
    return found


def visit(context: BrowserContext, address: str, page: str) -> Visit:
    """Open a page, unfold everything, draw its charts, and look at it.

    Parameters
    ----------
    context : playwright.sync_api.BrowserContext
        The reader.
    address : str
        The site, with a slash at its end.
    page : str
        The page's path inside the site.

    Returns
    -------
    Visit
    """
    seen, tab = Visit(page), context.new_page()
    listen(tab, seen)
    tab.goto(address + page, wait_until="load")
    seen.overflow += tab.evaluate(WIDE)
    tab.evaluate("document.querySelectorAll('article details').forEach(box => (box.open = true))")
    draw_charts(tab, seen)
    seen.axe += violations(tab)
    seen.overflow += tab.evaluate(WIDE)
    tab.close()
    return seen
