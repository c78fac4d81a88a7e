"""Every page of the book in a real browser: at 360 and 1280 pixels, light and dark, from http and from a disk."""

import base64
import gzip
import json
import random
import re
from pathlib import Path

import pytest
from activity import opened
from book_site import assert_rejects, copy_of, insert, pages
from conftest import with_charts
from playwright.sync_api import expect
from visits import Visit, draw_charts, listen, reader, visit

pytestmark = pytest.mark.slow
HERE = "tests/browser/test_pages.py"
PAGE = "book/about.html"
BUDGET = 800_000  # bytes that a page may send, compressed, its charts drawn


def complaints(visits: list[Visit], kind: str) -> str:
    """Join what was found of one kind, each with its page."""
    return "\n".join(f"{seen.page}: {found}" for seen in visits for found in getattr(seen, kind))


def test_console(visits):
    """Fails if a page reports an error."""
    assert not (found := complaints(visits, "console")), found


def test_other_hosts(visits):
    """Fails if a page asks another host for anything."""
    assert not (found := complaints(visits, "foreign")), found


def test_accessibility(visits):
    """Fails if axe finds what is not on the short list of the theme's own."""
    assert not (found := complaints(visits, "axe")), found


def test_overflow(visits):
    """Fails if a page scrolls sideways, with its boxes closed or open."""
    assert not (found := complaints(visits, "overflow")), found


def test_charts_are_drawn(visits, site):
    """Fails if a chart stays a picture, or is drawn without marks."""
    assert not (found := complaints(visits, "charts")), found
    charted = {seen.page for seen in visits if seen.drawn}
    assert charted, "no page has a chart: the test would pass on an empty book"
    assert charted == set(with_charts(site))


def test_bytes(visits, site, address):
    """Fails if a page with all that it loads is heavier than the budget."""

    def weight(url: str) -> int:
        path = site / url.removeprefix(address).partition("?")[0]
        return len(path.read_bytes()) if path.suffix == ".woff2" else len(gzip.compress(path.read_bytes(), 6))

    weights = {seen.page: sum(weight(url) for url in seen.requested if url.startswith(address)) for seen in visits}
    assert min(weights.values()) > 100_000, "what a page loads was not counted"
    assert not (heavy := {page: sent for page, sent in weights.items() if sent > BUDGET}), heavy


def test_from_a_disk(browser, site, chart_page, deck_page):
    """Fails if pages opened without a server report errors, ask other hosts or do not draw their charts."""
    with reader(browser, 1280, "light") as context:
        sample = {"book/index.html", "search.html", PAGE, chart_page, deck_page}.intersection(pages(site))
        seen = [visit(context, site.as_uri() + "/", page) for page in sorted(sample)]
    found = [complaints(seen, kind) for kind in ("console", "foreign", "axe", "overflow", "charts")]
    assert not any(found), "\n".join(found)
    assert sum(one.drawn for one in seen)


def test_an_activity_from_a_disk(context, site, deck_page):
    """Fails if an activity opened without a server does not start, says nothing of its memory, or loses answers."""
    seen = Visit(deck_page)
    context.on("page", lambda page: listen(page, seen))
    tab, player = opened(context, f"{site.as_uri()}/{deck_page}", "classifier", deck="03")
    player.click("parallel")
    expect(player.feedback).to_be_visible()
    player.root.locator(".po-tools > summary").click()
    expect(player.root.locator(".po-tools")).to_contain_text(
        "Opened from a disk, some browsers keep them for this page"
    )
    tab.reload()
    expect(player.root.locator(".po-progress__where")).to_contain_text("1 of ")
    assert not seen.console + seen.foreign


# ---- what the gates reject


def _empty_charts(site: Path) -> None:
    """Take the rows out of every chart."""
    for page in with_charts(site):
        text = (site / page).read_text(encoding="utf-8")

        def emptied(match: re.Match) -> str:
            spec = json.loads(match[2])
            spec["datasets"] = {name: [] for name in spec.get("datasets", {})}
            return match[1] + json.dumps(spec).replace("<", "\\u003c") + match[3]

        script = r'(<script type="application/json" class="po-chart__spec">)(.*?)(</script>)'
        (site / page).write_text(re.sub(script, emptied, text, flags=re.DOTALL), encoding="utf-8")


def _break_bundle(site: Path) -> None:
    """Leave nothing of the script that draws."""
    for bundle in (site / "_static").glob("charts-*.js"):
        bundle.unlink()


def _add(fragment: str):
    return lambda site: insert(site / PAGE, fragment)


BROKEN = {
    "test_console[1280-light]: broken on purpose": _add("<script>console.error('broken on purpose')</script>"),
    "test_console[360-dark]: nobody is not defined": _add("<script>nobody.home()</script>"),
    "test_other_hosts[1280-light]: example.org": _add('<img src="https://example.org/x.png" alt="x">'),
    "test_other_hosts[360-dark]: ws://example.org": _add(
        "<script>new Image().src = 'ws://example.org/x.png'.replace('ws', 'http') + '?ws://example.org'</script>"
    ),
    "test_accessibility[1280-light]: image-alt": _add('<img src="../_static/mark.svg">'),
    "test_accessibility[360-dark]: color-contrast": _add('<p style="color:#333">hard to read in the dark</p>'),
    "test_overflow[360-light]: pixels wide": _add('<div style="width:400px">wide</div>'),
    "test_overflow[360-dark]: pixels wide": _add('<details><summary>x</summary><p style="width:50em">x</p></details>'),
    "test_charts_are_drawn[1280-light]: without marks": _empty_charts,
    "test_bytes[1280-light]: about.html": lambda site: insert(
        site / PAGE, f"<!-- {base64.b64encode(random.Random(1).randbytes(800_000)).decode()} -->"
    ),
    "test_an_activity_from_a_disk: broken on purpose": lambda site: [
        script.write_text(script.read_text(encoding="utf-8") + "console.error('broken on purpose')", encoding="utf-8")
        for script in (site / "_static").glob("activities.js")
    ],
    "test_from_a_disk: broken on purpose": _add(
        "<script>if (location.protocol === 'file:') console.error('broken on purpose')</script>"
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_gate_rejects(case, site, chart_page, deck_page, tmp_path):
    """Fails if a gate of this module lets a site pass that was broken for it."""
    gate, word = case.split(": ", 1)
    keep = [chart_page] if BROKEN[case] is _empty_charts else [PAGE]
    keep += [chart_page, deck_page] if "disk" in gate else []
    broken = copy_of(site, tmp_path / "site", keep=keep)
    BROKEN[case](broken)
    assert_rejects(f"{HERE}::{gate}", broken, word)


def test_front_door_opens_the_landing_page(tab, site):
    """Fails if who opens index.html on a USB stick stays before the door."""
    tab.goto(site.as_uri() + "/index.html")
    tab.wait_for_url("**/book/index.html")


def test_chart_that_cannot_start_says_so(browser, site, chart_page, tmp_path):
    """Fails if a reader without the drawing script gets neither the picture nor a sentence."""
    broken = copy_of(site, tmp_path / "site", keep=[chart_page])
    _break_bundle(broken)
    with reader(browser, 1280, "light") as context:
        seen, tab = Visit(chart_page), context.new_page()
        listen(tab, seen)
        tab.goto(broken.as_uri() + "/" + chart_page)
        figure = tab.locator("figure.po-chart").first
        figure.scroll_into_view_if_needed()
        sentence = figure.get_by_role("status")
        sentence.filter(has_text="could not start").wait_for()
        assert figure.locator(".po-chart__view > img:visible").count() == 1
        assert any("could not be loaded" in said for said in seen.console)


def test_without_scripts_each_chart_is_one_picture(browser, site, chart_page):
    """Fails if a reader without scripts sees no chart, or the light and the dark one."""
    with reader(browser, 360, "dark", java_script_enabled=False) as context:
        tab = context.new_page()
        tab.goto(site.as_uri() + "/" + chart_page)
        for figure in tab.locator("figure.po-chart").all():
            assert figure.locator(".po-chart__view > img:visible").count() == 1


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_paper_has_the_pictures(browser, site, chart_page, mode):
    """Fails if a printed chart is empty, drawn for a dark screen, or shows its sliders."""
    with reader(browser, 1280, mode) as context:
        tab = context.new_page()
        tab.goto(site.as_uri() + "/" + chart_page)
        draw_charts(tab)
        tab.emulate_media(media="print")
        for figure in tab.locator("figure.po-chart").all():
            assert figure.locator(".po-chart__view > img:visible").count() == 1
            assert figure.locator("img.only-light:visible").count() == 1
            assert figure.locator(".po-chart__canvas:visible").count() == 0
        assert tab.locator("h1:visible").count() == 1
        assert tab.locator(".bd-sidebar-primary:visible, .bd-header-article:visible").count() == 0
