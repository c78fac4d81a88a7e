"""Every chart is pure, says what it shows, and is drawn by the book's Vega and by JupyterLab's."""

import json
import re

import draw_charts
import pytest

from peaceops import charts, load, theme
from peaceops import operations as ops

COUNT = {  # a chart, the table it is made from, and the marks it must have, worked out from the tables
    "periods": ("operations", lambda rows: {"rect": len(rows), "rule": 1, "text": 2}),
    "operations_over_time": ("operations", lambda rows: {"rect": 2025 - 1948 + 1, "line": 1}),
    "conflicts_by_type": ("indicators", lambda rows: {"area": 4, "rule": 1, "text": 1}),
    "personnel": ("indicators", lambda rows: {"line": 1, "symbol": 2, "text": 2}),
    "resolutions_over_time": ("indicators", lambda rows: {"line": 2}),
}
FUNCTIONS = [
    name
    for name, thing in vars(charts).items()
    if callable(thing) and getattr(thing, "__module__", "") == charts.__name__ and not name.startswith("_")
]
EVERY = pytest.mark.parametrize("name", FUNCTIONS)
# HTML's names of colours that a chart is likely to be given, or a colour in numbers
A_COLOUR = re.compile(
    r"#[0-9a-f]{3,8}|(rgb|hsl|lab|lch)a?\(.*\)|black|white|gr[ae]y|\w*(red|blue|green|orange|steelblue|firebrick)",
    re.IGNORECASE,
)
COLOURED = {
    "color",
    "fill",
    "stroke",
    "background",
    "scheme",
    "labelColor",
    "titleColor",
    "tickColor",
    "gridColor",
    "domainColor",
    "range",
}


def made(name, function=lambda rows: rows):
    """Make a chart from the course's table, which a function may have changed."""
    return getattr(charts, name)(function(load(COUNT[name][0])))


def colours(spec, under=""):
    """Find the colours that a specification writes out instead of leaving them to the theme."""
    if isinstance(spec, dict):
        inner = [
            (under if key == "value" else key, value)
            for key, value in spec.items()
            if key not in ("datasets", "usermeta")
        ]
    elif isinstance(spec, list):
        inner = [(under, value) for value in spec]
    else:
        return [spec] if under in COLOURED and isinstance(spec, str) and A_COLOUR.fullmatch(spec) else []
    return [colour for key, value in inner for colour in colours(value, key)]


# ---- what a chart says ----


def test_every_chart_is_tested():
    """Catches a new chart that no test draws."""
    assert sorted(COUNT) == sorted(FUNCTIONS)


@EVERY
def test_a_chart_is_pure(name):
    """Catches a chart that changes its table, displays something, or comes out different the second time."""
    rows = load(COUNT[name][0])
    before = rows.copy()
    first, second = (getattr(charts, name)(rows).to_dict() for _ in range(2))
    assert json.dumps(first) == json.dumps(second)
    assert rows.equals(before)
    assert (rows.dtypes == before.dtypes).all()


@EVERY
def test_a_chart_says_what_it_shows(name):
    """Catches a chart without a message, a description for those who do not see it, its source, or its data."""
    spec = made(name).to_dict()
    title, subtitle = (" ".join(spec["title"][part]) for part in ("text", "subtitle"))
    about = spec["usermeta"]
    assert 30 < len(title) < 120
    assert not title.endswith(".")
    assert len(subtitle) > 30
    assert len(spec["description"]) > 80
    assert spec["description"].endswith(".")
    assert spec["description"] not in (title, subtitle)
    assert about["name"] == name.replace("_", "-")
    assert about["source"].endswith(".")
    assert len(about["table"]["columns"]) >= 2
    assert len(about["table"]["rows"]) >= 30
    assert {len(row) for row in about["table"]["rows"]} == {len(about["table"]["columns"])}
    json.dumps(about)
    assert isinstance(spec["width"], int)


@EVERY
def test_colours_come_from_the_theme(name):
    """Catches a colour in a chart that stays as it is when the page turns dark."""
    assert colours(made(name).to_dict()) == []


def test_a_colour_is_seen():
    """Catches a search for colours that would not find one."""
    chart = made("personnel").layer[0].mark_line(color="#1f5f99").encode(stroke={"value": "steelblue"})
    assert sorted(colours(chart.to_dict())) == ["#1f5f99", "steelblue"]


@EVERY
def test_the_table_is_the_data_drawn(name):
    """Catches a table below the chart that shows other years than the chart."""
    spec = made(name).to_dict()
    drawn = [row for rows in spec["datasets"].values() for row in rows]
    years = {int(re.search(r"\d{4}", str(row[0]))[0]) for row in spec["usermeta"]["table"]["rows"]}
    assert {int(row["year"]) for row in drawn} <= years


def test_figures_in_words_are_those_of_the_tables():
    """Catches a description that names other figures than the tables hold."""
    running = ops.per_year(load("operations"), 1948, 2025).set_index("year")["running_at_year_end"]
    said = made("operations_over_time").to_dict()["description"]
    named = re.findall(r"(\d{4}) (\d+)", said)
    assert len(named) >= 3
    assert [(year, count) for year, count in named if running[int(year)] != int(count)] == []

    people = load("indicators").query("indicator == 'un_personnel'").set_index("year")["value"]
    named = re.findall(r"(\d{4}) (\d+\.\d)", made("personnel").to_dict()["description"])
    assert len(named) >= 5
    assert [(year, figure) for year, figure in named if f"{people[int(year)] / 1000:.1f}" != figure] == []


def test_blocks_fit_their_axis():
    """Catches a year with more operations than the movable chart has room for."""
    spec = made("periods").to_dict()
    (blocks,) = (rows for rows in spec["datasets"].values() if "floor" in rows[0])
    (bars,) = (layer for layer in spec["layer"] if layer["mark"]["type"] == "bar")
    assert max(block["top"] for block in blocks) <= bars["encoding"]["y"]["scale"]["domain"][1]
    assert len(blocks) == len(ops.started_between(load("operations"), 1948, 2025))


# ---- drawn ----


@pytest.fixture(scope="module")
def page(browser):
    """Give a page that draws with the book's Vega or with JupyterLab's, and asks nobody for anything."""
    page = browser.new_page()
    page.route("**/*", lambda route: route.abort())
    draw_charts.prepare(page)
    yield page
    page.close()


def book_spec(chart, monkeypatch):
    """Return the specification that the book's page finds in its figure."""
    monkeypatch.setenv("PEACEOPS_BOOK", "1")
    shown = theme._render(chart.to_dict())
    assert list(shown) == ["text/html"]
    return json.loads(re.search(r'class="po-chart__spec">(.*?)</script>', shown["text/html"], re.DOTALL)[1])


def lab_spec(chart, monkeypatch):
    """Return the specification that JupyterLab finds in the cell's output."""
    monkeypatch.delenv("PEACEOPS_BOOK", raising=False)
    return theme._render(chart.to_dict())["application/vnd.vegalite.v5+json"]


def draw(page, who, chart, monkeypatch, mode="light"):
    """Draw a chart as the book or JupyterLab does."""
    spec = {"book": book_spec, "lab": lab_spec}[who](chart, monkeypatch)
    return page.evaluate("([who, spec, mode]) => window.draw(who, spec, mode)", [who, spec, mode])


BOTH = pytest.mark.parametrize("who", ["book", "lab"])


@pytest.mark.slow
@BOTH
@EVERY
def test_drawn(page, who, name, monkeypatch):
    """Catches a chart that one of the two Vegas draws without its marks, with NaN in them, or with a warning."""
    drawn = draw(page, who, made(name), monkeypatch)
    table, count = COUNT[name]
    assert drawn["count"] == count(load(table))
    assert "NaN" not in drawn["svg"]
    assert drawn["warnings"] == []


@pytest.mark.slow
@EVERY
def test_drawn_in_dark(page, name, monkeypatch):
    """Catches a colour of the light theme left in the dark one."""
    light, dark = (draw(page, "book", made(name), monkeypatch, mode)["svg"] for mode in ("light", "dark"))
    own = {mode: set(re.findall(r"#[0-9a-f]{6}", json.dumps(theme.config(mode)))) for mode in ("light", "dark")}
    used = {mode: set(re.findall(r"#[0-9a-f]{6}", svg)) for mode, svg in (("light", light), ("dark", dark))}
    assert used["light"] & own["light"]
    assert used["dark"] & own["dark"]
    assert used["dark"] & (own["light"] - own["dark"]) == set()
    assert used["dark"] | used["light"] <= own["light"] | own["dark"]


@pytest.mark.slow
def test_a_lost_mark_is_seen(page, monkeypatch):
    """Catches a count of marks that does not depend on what is drawn."""
    few = made("periods", lambda rows: rows.head(20))
    assert draw(page, "lab", few, monkeypatch)["count"]["rect"] == 20
    chart = made("periods").to_dict()
    bars = next(layer for layer in chart["layer"] if layer["mark"]["type"] == "bar")
    bars["transform"].append({"filter": "datum.yeer > 0"})
    chart.pop("config")
    drawn = page.evaluate("([who, spec, mode]) => window.draw(who, spec, mode)", ["book", chart, "light"])
    assert drawn["count"]["rect"] == 0


@pytest.mark.slow
def test_a_warning_is_seen(page):
    """Catches a drawing whose warnings nobody hears: JupyterLab's Vega told that a chart is of version 6."""
    spec = made("personnel").to_dict()
    assert "v6" in spec["$schema"]
    drawn = page.evaluate("([who, spec, mode]) => window.draw(who, spec, mode)", ["lab", spec, "light"])
    assert any("v6" in warning for warning in drawn["warnings"])


MOVE = """async settings => {
  const found = [];
  const walk = (item, into) => {
    if (item.mark?.marktype === "rect" && item.datum?.side) into[item.datum.side] = (into[item.datum.side] ?? 0) + 1;
    if (item.mark?.marktype === "rule" && item.datum?.year) into.borders.push(item.datum.year);
    for (const inner of item.items ?? []) walk(inner, into);
  };
  for (const [border, last, rule] of settings) {
    await view.signal("border", border).signal("last", last).signal("rule", rule).runAsync();
    const sides = {borders: []};
    walk(view.scenegraph().root, sides);
    const text = [...document.querySelectorAll("svg .mark-text.role-mark text")].map(node => node.textContent);
    found.push({earlier: view.signal("earlier"), later: view.signal("later"), total: view.signal("total"),
      announcement: view.signal("announcement"), sides, text});
  }
  return found;
}"""


@pytest.mark.slow
@BOTH
def test_the_counts_follow_the_border(page, who, monkeypatch):
    """Catches counts, colours, the border's line or the text for screen readers that do not follow the inputs."""
    operations = load("operations")
    draw(page, who, made("periods"), monkeypatch)
    settings = [
        [border, last, rule]
        for border in (*range(1970, 2001, 3), 1988, 1989, 1993, 1999)
        for last in (1988, 1993, 1999, 2025)
        for rule in ("earlier", "later", "both")
    ]
    for (border, last, rule), found in zip(settings, page.evaluate(MOVE, settings), strict=True):
        what = f"border {border}, last {last}, rule {rule}"
        place, counted = min(border, last), ops.started_between(operations, 1948, last)
        earlier, later = ops.count_by_border(counted, place, rule)
        total = len(counted)
        assert (found["earlier"], found["later"], found["total"]) == (earlier, later, total), what
        sides = found["sides"]
        both = sides.get("In both", 0)
        assert sides.get("Earlier period", 0) + both == earlier, what
        assert sides.get("Later period", 0) + both == later, what
        assert sides.get("Not counted", 0) == len(operations) - total, what
        assert sides["borders"] == [place], what
        twice = earlier + later - total
        counts = f"Border {place}, counted to {last}. Earlier period: {earlier}. Later period: {later}. "
        assert found["announcement"].startswith(counts), what
        verdict = found["announcement"].removeprefix(counts).removesuffix(".")
        assert str(earlier + later) in verdict, what
        assert (f"{twice} counted twice" if twice else "counted once") in verdict, what
        assert str(total) in verdict, what
        assert verdict in found["text"], what
        assert any(str(earlier) in text and str(later) in text for text in found["text"]), what


@pytest.mark.slow
def test_the_inputs_of_the_movable_chart(page, monkeypatch):
    """Catches an input without a label, or one that the keyboard does not move."""
    draw(page, "book", made("periods"), monkeypatch)
    slider = page.get_by_role("slider", name="Border year")
    assert slider.input_value() == "1988"
    slider.press("ArrowRight")
    page.wait_for_function("view.signal('border') === 1989")
    page.get_by_role("radio", name="the later period").check()
    page.wait_for_function("view.signal('rule') === 'later'")
    assert page.get_by_role("slider", name="Last year counted").input_value() == "1993"
    assert page.evaluate("view.signal('announcement')").startswith("Border 1989, counted to 1993. ")


HOSTILE = "<img src=x onerror=\"window.hurt=1\"> & </script><b>bold</b> \u202eمرحبا 🕊 'quote'"


@pytest.mark.slow
@BOTH
def test_names_stay_text(page, who, monkeypatch):
    """Catches an operation's name that the chart, its tooltip or its inputs run as markup."""
    chart = made("periods", lambda rows: rows.assign(name=HOSTILE, acronym=HOSTILE))
    drawn = draw(page, who, chart, monkeypatch)
    assert drawn["foreign"] == 0
    block = page.locator("svg .mark-rect.role-mark path").first
    block.hover()
    tip = page.locator("#vg-tooltip-element.visible")
    tip.wait_for()
    assert HOSTILE[: HOSTILE.index("🕊")] in tip.inner_text().replace("\u00a0", " ")
    assert tip.locator("img, b").count() == 0
    assert page.evaluate("window.hurt") is None
