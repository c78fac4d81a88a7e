"""Every chart is pure, says what it shows, and is drawn by the book's Vega and by JupyterLab's."""

import itertools
import json
import re
from pathlib import Path

import draw_charts
import pandas as pd
import pytest
import relationship_samples as samples

from peaceops import agreement, charts, load, network, paths, theme
from peaceops import operations as ops

LINES = load("command_lines")
OPTIONS = list(agreement.OPTIONS)


def table(name):
    """Load a table as the chapters do: of the operations those of UN peacekeeping."""
    return ops.un_peacekeeping(load(name)) if name == "operations" else load(name)


def of(name):
    """Return what gives a chart its table."""
    return lambda: (table(name),)


def coded():
    """Return what gives the charts of the frameworks their two tables."""
    return load("cases"), load("framework_codings")


def chain(case):
    """Return what gives the chart of a case's chain of command its lines and a title."""
    return lambda: (LINES[LINES["case_id"] == case], f"Who answered to whom in the case {case}")


def a_class():
    """Return the made-up class's cards and the cases' titles."""
    answers, problems = agreement.read_answers(Path(__file__).parent.parent / "data" / "made_up_class")
    assert problems == []
    cards = agreement.by_card(answers)
    return cards, load("cases").set_index("case_id")["title"].to_dict()


# the marks of a chain of command: a box and a name for each body, a line and, where it has a direction, its head
def in_chain(lines, title):
    """Count the marks that a chain of command must have."""
    bodies = len(set(lines["upper"]) | set(lines["lower"]))
    heads = int((lines["line"] != "coordinates").sum())
    return {"rect": bodies, "rule": len(lines), "text": bodies + heads}


def of_network(rows):
    """Count the marks of the network in the year it opens on: the latest of those with most pairs."""
    rows = rows[rows["year"] >= 1990]
    pairs = network.by_year(rows).groupby("year").size()
    names, lines = set(rows["first"]) | set(rows["second"]), int(pairs.max())
    return {"rule": lines, "symbol": len(names), "text": len(names) + 2 * lines + 1}


def of_paths(rows):
    """Count the marks of the paths: a dot for each chance, then a ring and a name for each strength."""
    strengths, chances = rows["returns"].nunique(), rows["chance"].nunique()
    return {"line": strengths, "symbol": strengths * (chances + 2), "rule": 1, "text": strengths + 1}


def of_steps(rows):
    """Count the marks of the steps: four decades, two lines, a bar for what lasted or still runs, a ring."""
    lasts = rows["end_date"].notna() | rows["kind"].isin(["joint", "supported"])
    return {"rule": 4 + 2 + int(lasts.sum()), "symbol": len(rows) + 1, "text": 2 + 2}


def of_phases(rows):
    """Count the marks of the phases: a box and a word each, a bar unless there is no phase, and the names around."""
    columns, dates = len(rows.groupby(["as_of", "coder"])), rows["as_of"].nunique()
    words = len(rows) + columns + dates + rows["dyad_id"].nunique()
    return {"rect": len(rows) + int((rows["phase"] != "none").sum()), "text": words}


def of_motives(rows):
    """Count the marks of the motives: one for each reading, and a shade where figure and text part."""
    yes = rows.assign(yes=rows["present"] == "yes").pivot(index=["dyad_id", "motive_id"], columns="coder", values="yes")
    parted = int((yes["haugevik_figure"] != yes["haugevik_text"]).sum())
    return {"rect": parted, "symbol": len(rows), "text": rows["dyad_id"].nunique() + rows["motive_id"].nunique() + 1}


GRID = paths.grid()
COUNT = {  # a chart, what it is made from, and the marks it must have, worked out from that
    "periods": (of("operations"), lambda rows: {"rect": len(rows), "rule": 1, "text": 2}),
    "operations_over_time": (of("operations"), lambda rows: {"rect": 2025 - 1948 + 1, "line": 1}),
    "conflicts_by_type": (of("indicators"), lambda rows: {"area": 4, "rule": 1, "text": 1}),
    "personnel": (of("indicators"), lambda rows: {"line": 1, "symbol": 2, "text": 2}),
    "resolutions_over_time": (of("indicators"), lambda rows: {"line": 2}),
    "codings": (
        coded,
        lambda cases, rows: {"rect": len(rows), "text": len(rows) + len(cases) + rows["coder"].nunique()},
    ),
    "timeline": (coded, lambda cases, rows: {"rect": 2 * len(cases), "text": len(cases)}),
    "class_disagreement": (a_class, lambda cards, titles: {"rect": int((cards[OPTIONS] > 0).sum().sum())}),
    "network": (lambda: (network.meetings(load("cases")),), of_network),
    "paths": (lambda: (GRID.copy(),), of_paths),
    "steps": (lambda: (samples.events("un-eu", "un-au"),), of_steps),
    "phases": (lambda: (samples.phases(),), of_phases),
    "motive_matrix": (lambda: (samples.motives(),), of_motives),
} | {f"chain_of_command {case}": (chain(case), in_chain) for case in LINES["case_id"].unique()}
CHAINS = [name for name in COUNT if name.startswith("chain")]
FUNCTIONS = list(COUNT)
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


def given(name, function=lambda rows: rows):
    """Return what a chart is made from, its first table changed by a function."""
    first, *others = COUNT[name][0]()
    return function(first), *others


def made(name, function=lambda rows: rows):
    """Make a chart from the course's table, which a function may have changed."""
    return getattr(charts, name.split()[0])(*given(name, function))


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
    assert sorted({name.split()[0] for name in COUNT}) == sorted(charts.__all__)
    assert len(CHAINS) >= 5


@EVERY
def test_a_chart_is_pure(name):
    """Catches a chart that changes its table, displays something, or comes out different the second time."""
    arguments = given(name)
    before = [one.copy() if isinstance(one, dict | pd.DataFrame) else one for one in arguments]
    first, second = (getattr(charts, name.split()[0])(*arguments).to_dict() for _ in range(2))
    assert json.dumps(first) == json.dumps(second)
    for one, was in zip(arguments, before, strict=True):
        if isinstance(one, pd.DataFrame):
            assert one.equals(was)
            assert (one.dtypes == was.dtypes).all()
        else:
            assert one == was


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
    assert about["name"] == name.replace("_", "-").replace(" ", "-")
    assert about["source"].endswith(".")
    assert len(about["table"]["columns"]) >= 2
    assert len(about["table"]["rows"]) >= min(30, len(given(name)[0]))
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
    """Catches a table below the chart that shows other years, cases or bodies than the chart."""
    spec = made(name).to_dict()
    drawn = [row for rows in spec["datasets"].values() for row in rows]
    shown = [str(row[0]) for row in spec["usermeta"]["table"]["rows"]]
    if not all("year" in row for row in drawn):
        assert set(shown) <= {value for row in drawn for value in row.values() if isinstance(value, str)}
        return
    years = {int(re.search(r"\d{4}", first)[0]) for first in shown}
    assert {int(row["year"]) for row in drawn} <= years


def test_figures_in_words_are_those_of_the_tables():
    """Catches a description that names other figures than the tables hold."""
    running = ops.per_year(table("operations"), 1948, 2025).set_index("year")["running_at_year_end"]
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
    assert len(blocks) == len(ops.started_between(table("operations"), 1948, 2025))


def boxes_of(name):
    """Return the boxes of a chain of command, each body once."""
    drawn = [row for rows in made(name).to_dict()["datasets"].values() for row in rows if "body" in row]
    return list({box["body"]: box for box in drawn}.values())


@pytest.mark.parametrize("name", CHAINS)
def test_boxes_stand_apart(name):
    """Catches two bodies drawn on top of each other, or outside the chart."""
    boxes = boxes_of(name)
    assert all(0 <= box["left"] < box["right"] <= 1 for box in boxes)
    for one, other in itertools.combinations(boxes, 2):
        beside = one["right"] <= other["left"] or other["right"] <= one["left"]
        assert beside or abs(one["y"] - other["y"]) >= 1, f"{one['body']} on {other['body']}"


def between(line, box):
    """Tell whether a line runs through a box: looked at in a hundred places."""
    for step in range(1, 100):
        x, y = (line[f"from_{way}"] + (line[f"to_{way}"] - line[f"from_{way}"]) * step / 100 for way in "xy")
        if box["left"] < x < box["right"] and box["bottom"] < y < box["top"]:
            return True
    return False


@pytest.mark.parametrize("name", CHAINS)
def test_lines_run_clear(name):
    """Catches a line drawn through a body that it does not concern, or on top of another line."""
    drawn = [row for rows in made(name).to_dict()["datasets"].values() for row in rows if "from_x" in row]
    lines = {line["sentence"]: line for line in drawn}
    through = [
        f"{sentence}: through {box['body']}"
        for sentence, line in lines.items()
        for box in boxes_of(name)
        if between(line, box)
    ]
    ends = [sorted([(one["from_x"], one["from_y"]), (one["to_x"], one["to_y"])]) for one in lines.values()]
    hidden = [sentence for sentence, end in zip(lines, ends, strict=True) if ends.count(end) > 1]
    assert through + hidden == []


@pytest.mark.parametrize("name", CHAINS)
def test_orders_go_down(name):
    """Catches a body drawn beside or above the one that commands it."""
    height = {box["body"]: box["y"] for box in boxes_of(name)}
    for line in given(name)[0].query("line in ('mandates', 'commands')").itertuples():
        assert height[line.upper] > height[line.lower], f"{line.upper} to {line.lower}"


def test_codings_are_drawn_as_coded():
    """Catches a tile under another coder or case, and a count of partings in the title that is not the table's."""
    cases, rows = coded()
    spec = made("codings").to_dict()
    (tiles,) = (drawn for drawn in spec["datasets"].values() if "locator" in drawn[0])
    titles = cases.set_index("case_id")["title"]
    wanted = {(titles[row.case_id], row.locator, row.certainty) for row in rows.itertuples()}
    assert {(tile["title"], tile["locator"], tile["certainty"]) for tile in tiles} == wanted
    parted = (rows.groupby("case_id")["framework"].nunique() > 1).sum()
    assert " ".join(spec["title"]["text"]) == f"The coders part on {parted} of {len(cases)} relationships"


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
    assert drawn["count"] == COUNT[name][1](*given(name))
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
    operations = table("operations")
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


WORDS = {
    "codings": ["title"],
    "timeline": ["title"],
    CHAINS[0]: ["lower", "upper"],
    "class_disagreement": ["item_id"],
    "network": ["place"],
    "steps": ["title"],
}


@pytest.mark.slow
@BOTH
@pytest.mark.parametrize("name", WORDS)
def test_words_stay_text(page, who, name, monkeypatch):
    """Catches a case, a body or a card whose name the chart runs as markup."""

    def hostile(rows):
        return rows.assign(**{column: HOSTILE + " " + rows[column] for column in WORDS[name]})

    drawn = draw(page, who, made(name, hostile), monkeypatch)
    assert drawn["foreign"] == 0
    assert page.evaluate("window.hurt") is None
    assert "<img" in " ".join(drawn["text"])
