"""The served book, and the visits that the tests of pages judge."""

import sys
from pathlib import Path

import pytest
from playwright.sync_api import Browser

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parent.parent)]

from activity import page_with  # noqa: E402 - found on the path that was just set
from book_site import pages  # noqa: E402
from lab_server import is_other, started  # noqa: E402
from visits import LOOKS, Visit, reader, served, visit  # noqa: E402

REFERENCE, REFERENCE_LOOKS = (
    ("data/datasheets/", "book/references", "book/data_dictionary"),
    [(360, "dark")],
)


@pytest.fixture(scope="session")
def address(site: Path):
    """Return the address at which the book is served."""
    with served(site) as url:
        yield url


@pytest.fixture(scope="session", params=LOOKS, ids=lambda look: f"{look[0]}-{look[1]}")
def visits(request, browser: Browser, site: Path, address: str) -> list[Visit]:
    """Return what was found on every page of the book, at one width in one colour mode.

    Pages of reference, all prose of one make, are seen in the look that is hardest on them, on a phone in the dark: they
    are the longest, and half of the time would go into them.
    """
    chosen = (
        pages(site) if request.param in REFERENCE_LOOKS else [p for p in pages(site) if not p.startswith(REFERENCE)]
    )
    with reader(browser, *request.param) as context:
        return [visit(context, address, page) for page in chosen]


@pytest.fixture
def tab(request, browser: Browser):
    """Return a new page of a reader with a laptop in daylight; a test may ask for another look."""
    with reader(browser, *getattr(request, "param", (1280, "light"))) as context:
        yield context.new_page()


@pytest.fixture
def context(request, browser: Browser):
    """Return a fresh reader with a laptop in daylight, for more than one page; a test may ask for another look."""
    with reader(browser, *getattr(request, "param", (1280, "light"))) as context:
        yield context


@pytest.fixture(scope="session")
def deck_page(site: Path) -> str:
    """Return the page that has the cards of chapter 3."""
    return page_with(site, "classifier", deck="03")


@pytest.fixture
def lab(copy: Path):
    """Start JupyterLab in a copy of the repository, for it saves what it runs; return the copy and the address."""
    with started(copy) as address:
        yield copy, address


@pytest.fixture
def student(browser: Browser):
    """Return a new page, and lists that fill with its errors and with what it asks of other hosts."""
    context = browser.new_context(viewport={"width": 1400, "height": 1000})
    page, errors, strangers = context.new_page(), [], []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("request", lambda request: strangers.append(request.url) if is_other(request.url) else None)
    yield page, errors, strangers
    context.close()


def with_charts(site: Path, needle: str = 'class="po-chart"') -> list[str]:
    """List the pages that have a chart, or a chart whose specification has a certain piece."""
    return [page for page in pages(site) if needle in (site / page).read_text(encoding="utf-8")]


@pytest.fixture(scope="session")
def chart_page(site: Path) -> str:
    """Return a page with a chart that has a slider and says its counts."""
    told = {*with_charts(site, '"input":"range"')}.intersection(with_charts(site, '"announcement"'))
    return min(told, key=lambda page: (site / page).stat().st_size)  # the lightest: many tests open it
