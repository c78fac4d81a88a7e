"""The book by keyboard: everything is reached, the focus is seen, charts, search and navigation answer."""

import pytest
from book_site import assert_rejects, copy_of, insert, pages
from visits import draw_charts, reader

pytestmark = pytest.mark.slow
HERE = "tests/browser/test_keyboard.py"
PAGE = "book/about.html"

# What the Tab key must reach: of a group of radio buttons one, nothing that is not shown.
REACHABLE = """() => {
  const all = document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]');
  const shown = e => e.checkVisibility({visibilityProperty: true}) && e.getClientRects().length && !e.disabled;
  const group = e => [...all].filter(other => other.type === 'radio' && other.name === e.name && other.form === e.form);
  const first = e => e.type !== 'radio' || e.checked || (group(e)[0] === e && !group(e).some(other => other.checked));
  const wanted = [...all].filter(e => shown(e) && first(e) && e.tabIndex >= 0);
  wanted.forEach((e, number) => (e.dataset.stop = number));
  return wanted.map(e => `${e.tagName.toLowerCase()} ${e.className} ${(e.textContent || e.name || '').trim().slice(0, 40)}`);
}"""

# How the element that has the focus shows it. The theme draws it on a part of the element in one
# place, the activities on the whole choice.
FOCUS = """() => {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  const drawn = e.matches('.bd-docs-nav summary') ? e.querySelector('.toctree-toggle')
    : e.closest('.po-choice, .po-file') ?? e;
  const style = getComputedStyle(drawn), box = drawn.getBoundingClientRect();
  let under = drawn.parentElement;
  while (under !== document.body && getComputedStyle(under).backgroundColor === 'rgba(0, 0, 0, 0)')
    under = under.parentElement;
  const ground = getComputedStyle(under).backgroundColor;
  const ring = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2 && style.outlineColor !== ground;
  const framed = e.matches('.bd-search input') && getComputedStyle(e.closest('.bd-search')).outlineStyle !== 'none';
  const inView = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  return {stop: e.dataset.stop ?? null, ring: ring || framed, inView: inView && box.width > 0,
          name: `${e.tagName.toLowerCase()} ${(e.textContent || e.name || '').trim().slice(0, 40)}`};
}"""


def walk(tab) -> list[str]:
    """Press Tab from the page's start until it leaves the page; return what a reader would miss."""
    wanted = tab.evaluate(REACHABLE)
    missed, wrong = dict(enumerate(wanted)), []
    for _ in range(len(wanted) + 40):
        tab.keyboard.press("Tab")
        focus = tab.evaluate(FOCUS)
        if focus is None:
            break
        if focus["stop"] is not None:
            missed.pop(int(focus["stop"]), None)
        if not focus["ring"]:
            wrong.append(f"the focus is not seen on: {focus['name']}")
        if not focus["inView"]:
            wrong.append(f"the focus is outside the screen on: {focus['name']}")
    else:
        wrong.append("the Tab key does not come to an end")
    return wrong + [f"not reached: {name}" for name in missed.values()]


@pytest.mark.parametrize("look", [(1280, "light"), (1280, "dark"), (360, "light")], ids=str)
def test_tab_reaches_everything_and_is_seen(browser, site, address, chart_page, deck_page, look):
    """Fails if a link, box, slider or table cannot be reached by Tab, or does not show that it was."""
    wrong, walked = [], {"book/index.html", "search.html", PAGE, chart_page, deck_page}.intersection(pages(site))
    assert walked
    with reader(browser, *look) as context:
        for page in walked:
            tab = context.new_page()
            tab.goto(address + page)
            tab.evaluate("document.querySelectorAll('article details').forEach(box => (box.open = true))")
            draw_charts(tab)
            tab.evaluate("scrollTo(0, 0); document.activeElement.blur()")
            wrong += [f"{page}: {found}" for found in walk(tab)]
            tab.close()
    assert not wrong, "\n".join(wrong)


def test_first_stop_leads_past_the_navigation(tab, address):
    """Fails if a keyboard reader must go through the navigation on every page."""
    tab.goto(address + PAGE)
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.textContent") == "Skip to main content"
    tab.keyboard.press("Enter")
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.closest('main') !== null")


@pytest.mark.parametrize("tab", [(360, "light")], indirect=True)
def test_navigation_opens_and_closes_on_a_phone(tab, address):
    """Fails if the navigation of a small screen is out of the keyboard's reach, or does not let it go."""
    tab.goto(address + PAGE)
    for toggle, sidebar in ((".primary-toggle", "primary"), (".secondary-toggle", "secondary")):
        dialog = tab.locator(f"#pst-{sidebar}-sidebar-modal")
        tab.locator(f".bd-header-article {toggle}").focus()
        tab.keyboard.press("Enter")
        dialog.locator("a").first.wait_for()
        assert tab.evaluate("document.activeElement.closest('dialog') !== null")
        tab.keyboard.press("Escape")
        dialog.wait_for(state="hidden")


def test_slider_moves_the_counts(tab, address, chart_page):
    """Fails if the arrow keys on a chart's slider do not change the sentence that the chart says."""
    tab.goto(address + chart_page)
    draw_charts(tab)
    figure = tab.locator("figure.po-chart", has=tab.locator("input[type=range]")).first
    slider, said = figure.locator("input[type=range]").first, figure.get_by_role("status")
    before, sentence = slider.input_value(), said.text_content()
    assert sentence
    assert said.get_attribute("aria-live") == "polite"
    slider.focus()
    tab.keyboard.press("ArrowLeft")
    assert int(slider.input_value()) == int(before) - 1
    said.filter(has_not_text=sentence).wait_for()
    assert slider.input_value() in said.text_content()


def test_inputs_have_names_and_are_large_enough(tab, address, chart_page):
    """Fails if a chart's slider or choice has no name for a screen reader, or is hard to hit."""
    tab.goto(address + chart_page)
    draw_charts(tab)
    inputs = tab.locator("figure.po-chart .vega-bind :is(input, select)")
    assert inputs.count()
    for control in inputs.all():
        name = control.evaluate("control => [...control.labels].map(label => label.textContent).join('').trim()")
        assert name
        assert control.evaluate("control => control.closest('label').getBoundingClientRect().height") >= 44, name
    for group in tab.locator("figure.po-chart .vega-bind-radio").all():
        assert group.evaluate(
            "g => g.role === 'radiogroup' && document.getElementById(g.getAttribute('aria-labelledby')).textContent"
        )


def test_colours_change_and_the_slider_stays(tab, address, chart_page):
    """Fails if a chart forgets what the reader set when the colours change, or keeps the old colours."""
    tab.goto(address + chart_page)
    draw_charts(tab)
    figure = tab.locator("figure.po-chart", has=tab.locator("input[type=range]")).first
    slider = figure.locator("input[type=range]").first
    slider.focus()
    for _ in range(3):
        tab.keyboard.press("ArrowLeft")
    chosen = slider.input_value()
    choice = figure.locator("input[type=radio]").first
    choice.check()
    colour = "figure => getComputedStyle(figure.querySelector('svg .role-axis-label text')).fill"
    light = figure.evaluate(colour)
    while tab.evaluate("document.documentElement.dataset.theme") != "dark":
        tab.get_by_role("button", name="Color mode").click()
    tab.wait_for_function("figure => figure.dataset.live === 'dark'", arg=figure.element_handle())
    assert slider.input_value() == chosen
    assert choice.is_checked()
    assert figure.locator("svg").count() == 1
    assert figure.evaluate(colour) != light


def test_search_answers(tab, address):
    """Fails if the search cannot be opened, used and followed by keyboard."""
    tab.goto(address + PAGE)
    tab.keyboard.press("Control+k")
    tab.keyboard.type("impartiality")
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/search.html?q=impartiality*")
    result = tab.locator("#search-results li a").first
    result.wait_for()
    tab.locator("#search-results p.context").first.wait_for()
    result.focus()
    tab.keyboard.press("Enter")
    tab.wait_for_url(lambda url: "search.html" not in url)


def test_search_from_a_disk_has_titles_and_no_errors(tab, site):
    """Fails if search on a USB stick tries to read other pages, which browsers forbid."""
    errors = []
    tab.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    tab.on("pageerror", lambda error: errors.append(str(error)))
    tab.goto(site.as_uri() + "/search.html?q=impartiality")
    tab.locator("#search-results li a").first.wait_for()
    tab.wait_for_load_state("networkidle")
    assert tab.locator("#search-results p.context").count() == 0
    assert not errors


# ---- what the gate rejects

TRAP = "<button onkeydown=\"if (event.key === 'Tab') event.preventDefault()\">trap</button>"
BROKEN = {
    "the focus is not seen": "<style>:focus-visible { outline: none !important }</style>",
    "does not come to an end": TRAP,
    "not reached: button": '<button onfocus="this.blur()">away</button><a href="about.html">after</a>',
    "not reached: textarea": '<textarea onfocus="this.blur()">away</textarea><a href="about.html">after</a>',
    "outside the screen": '<a href="about.html" style="position: fixed; left: -500px">hidden</a>',
}


@pytest.mark.parametrize("word", BROKEN)
def test_gate_rejects(word, site, chart_page, deck_page, tmp_path):
    """Fails if the walk by Tab lets a page pass that was broken for it."""
    broken = copy_of(site, tmp_path / "site", keep=[PAGE, chart_page, deck_page])
    insert(broken / PAGE, BROKEN[word])
    assert_rejects(f"{HERE}::test_tab_reaches_everything_and_is_seen[(1280, 'light')]", broken, word)
