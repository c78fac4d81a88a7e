"""The charts of partnerships: what the reader's inputs change, what meets what, and what they refuse."""

import base64
import itertools
import json
import re
from pathlib import Path

import draw_charts
import pandas as pd
import pytest
import relationship_samples as samples
import test_charts

from peaceops import charts, lifecycle, load, network, paths

FONT = Path(__file__).parent.parent / "book" / "_static" / "fonts" / "source-sans-3-latin-wght-normal.woff2"
MEETINGS, GRID, EVENTS = network.meetings(load("cases")), paths.grid(), samples.events("un-eu", "un-au")
BOTH = pytest.mark.parametrize("who", ["book", "lab"])


def rows_with(chart, *names):
    """Return the rows of the one table inside a chart that has all of some columns."""
    (found,) = (rows for rows in chart.to_dict()["datasets"].values() if rows and set(names) <= rows[0].keys())
    return pd.DataFrame(found)


def of_announcement(chart):
    """Return the sentence's expression."""
    (found,) = (param["expr"] for param in chart.to_dict()["params"] if param["name"] == "announcement")
    return found


# ---- what is drawn is what the tables say ----


def test_lines_are_the_meetings():
    """Catches a pair drawn in a year in which it did not meet, left out, or with another number of cases."""
    drawn = rows_with(charts.network(MEETINGS), "pair", "rim1")
    wanted = network.by_year(MEETINGS[MEETINGS["year"] >= 1990])
    assert drawn["year"].to_list() != []
    assert drawn.groupby("year").size().to_dict() == wanted.groupby("year").size().to_dict()
    assert drawn.groupby("year")["cases"].sum().to_dict() == wanted.groupby("year")["cases"].sum().to_dict()
    sudan = drawn[(drawn["year"] == 2005) & (drawn["pair"] == "NATO–AU")]
    assert sudan["where"].to_list() == ["Sudan"]
    assert not drawn.duplicated(["year", "pair"]).any()


def test_the_year_it_opens_on():
    """Catches a chart that opens on an empty year, or whose title speaks of another one."""
    spec = charts.network(MEETINGS).to_dict()
    counts = network.by_year(MEETINGS).groupby("year").size()
    (year,) = (param for param in spec["params"] if param["name"] == "year")
    assert counts[year["value"]] == counts.max()
    assert f"In {year['value']} " in " ".join(spec["title"]["text"])
    assert f"{counts.max()} pairs" in " ".join(spec["title"]["text"])
    assert (year["bind"]["min"], year["bind"]["max"]) == (1990, 2026)


def test_an_organization_without_a_place():
    """Catches a new organization in the cases that breaks the build, or is not drawn."""
    more = pd.concat([MEETINGS, MEETINGS[MEETINGS["first"] == "ASEAN"].assign(first="CARICOM", case_id="new")])
    dots = rows_with(charts.network(more), "organization", "x")
    assert "CARICOM" in set(dots["organization"])
    assert not dots.duplicated(["x", "y"]).any()
    crowd = pd.concat([MEETINGS.head(1).assign(year=2000, first=f"NEW{number}") for number in range(9)])
    with pytest.raises(ValueError, match=r"^There is no place left for NEW8: give it one in _PLACES\.$"):
        charts.network(crowd)
    with pytest.raises(ValueError, match=r"^There is nothing to draw: no case ran in 1990 or later\.$"):
        charts.network(MEETINGS[MEETINGS["year"] < 1990])


def test_paths_draw_the_grid():
    """Catches a share under another strength, chance or number of years, or one not in per cent."""
    drawn = rows_with(charts.paths(GRID.sample(frac=1, random_state=1)), "strength", "exact")
    drawn["returns"] = drawn["strength"].replace("none", "0").astype(float)
    found = drawn.assign(chance=(drawn["percent"] / 100).round(6)).merge(
        GRID.round({"chance": 6}), on=["chance", "returns", "years"]
    )
    assert len(found) == len(GRID)
    assert (found["exact_x"] - 100 * found["exact_y"]).abs().max() <= 0.005
    assert (found["simulated_x"] - 100 * found["simulated_y"]).abs().max() <= 0.005


def test_the_figures_of_the_description():
    """Catches a description of the paths that names other figures than the model gives."""
    said = charts.paths(GRID).to_dict()["description"]
    assert f"last 17 years in {100 * paths.survival(0.01, 0, 17):.0f} of 100 worlds" in said
    for returns in (0.5, 1, 2):
        assert f"with returns of {returns:g} in {100 * paths.survival(0.01, returns, 17):.0f}" in said


@pytest.mark.parametrize("rows", [GRID[GRID["returns"] > 0], GRID[GRID["chance"] != 0.04], GRID[GRID["chance"] < 0.01]])
def test_a_grid_with_gaps(rows):
    """Catches a chart whose slider would stop where nothing was computed."""
    with pytest.raises(ValueError, match=r"^The grid needs the returns 0, and chances of 1 %, 2 % and so on"):
        charts.paths(rows)


def test_steps_stand_on_their_side_and_apart():
    """Catches a formal step below the line, two marks on each other, or a step in another pair's part."""
    chart = charts.steps(EVENTS)
    drawn, lines = rows_with(chart, "number", "x2"), rows_with(chart, "head").set_index("pair")["y"]
    above = drawn["y"] < drawn["pair"].map(lines)
    assert (above == (drawn["side"] == "formal")).all()
    assert drawn["number"].to_list() == list(range(1, len(EVENTS) + 1))
    assert drawn["x"].is_monotonic_increasing
    for (pair, _), lane in drawn.groupby(["pair", "y"]):
        assert (lane["x"].iloc[1:].to_numpy() - lane["x2"].cummax().iloc[:-1].to_numpy() >= 1.5).all(), pair
    first, second = (drawn.loc[drawn["pair"] == pair, "y"] for pair in lines.index)
    assert first.max() < second.min()
    assert drawn["y"].max() < chart.to_dict()["height"]


def test_dates_are_as_exact_as_known():
    """Catches a month or a year shown as a day."""
    drawn = rows_with(charts.steps(EVENTS), "number", "when").sort_values("number")
    forms = {"day": r"\d{1,2} [A-Z]\w+ \d{4}", "month": r"[A-Z]\w+ \d{4}", "year": r"\d{4}"}
    ordered = EVENTS.assign(order=EVENTS["dyad_id"].map(["un-eu", "un-au"].index))
    ordered = ordered.sort_values(["date", "order", "event_id"])
    for event, when in zip(ordered.itertuples(), drawn["when"], strict=True):
        start, _, end = when.removesuffix(", still going on").partition(" to ")
        assert re.fullmatch(forms[event.precision], start)
        assert bool(end) == pd.notna(event.end_date)


def test_each_kind_has_a_mark_of_its_own():
    """Catches two kinds of steps that look the same, or a kind that the course knows and the chart does not."""
    (points,) = (
        layer["encoding"]
        for layer in charts.steps(EVENTS).to_dict()["layer"]
        if layer["mark"]["type"] == "point" and "shape" in layer["encoding"]
    )
    domain, shapes = points["shape"]["scale"]["domain"], points["shape"]["scale"]["range"]
    assert points["fill"]["scale"]["domain"] == domain
    looks = {kind: (number % 6, shapes[number]) for number, kind in enumerate(domain) if kind.strip()}
    assert set(looks) == set(lifecycle.KINDS.values())
    assert len(set(looks.values())) == len(looks)
    # the sixth colour is grey, for what is not counted
    assert max(colour for colour, _ in looks.values()) < 5


@pytest.mark.parametrize(
    ("function", "rows", "says"),
    [
        (charts.steps, EVENTS.head(0), "These are the steps of 0 pairs of organizations: choose one pair or two."),
        (charts.steps, samples.events("un-eu", "un-au", "eu-au"), "These are the steps of 3 pairs of organizations: "),
        (
            charts.steps,
            EVENTS.assign(dyad_id="un-osce"),
            "“un-osce” is not a pair that the course knows: it knows un-eu, ",
        ),
        (charts.steps, EVENTS.assign(kind="gift"), "“gift” is not a kind of step that the course knows: "),
        (charts.phases, samples.phases().assign(phase="love"), "“love” is not a phase that the course knows: "),
        (charts.phases, samples.phases().assign(coder="me"), "“me” is not a coder that the course knows: "),
        (
            charts.motive_matrix,
            samples.motives().assign(motive_id="greed"),
            "“greed” is not a motive that the course knows: ",
        ),
        (
            charts.motive_matrix,
            samples.motives().assign(present="maybe"),
            "“maybe” is not a reading that the course knows: ",
        ),
    ],
)
def test_what_is_refused(function, rows, says):
    """Catches a row that would be left out in silence."""
    with pytest.raises(ValueError, match=f"^{re.escape(says)}"):
        function(rows)


def test_a_forerunners_steps_do_not_count_as_first():
    """Catches a title that dates a relationship by what an organization's forerunner did."""
    title = " ".join(charts.steps(EVENTS).to_dict()["title"]["text"])
    for pair in ("un-eu", "un-au"):
        own = EVENTS[(EVENTS["dyad_id"] == pair) & (EVENTS["predecessor"] == "no")]
        first = own.groupby("formal")["date"].min().dt.year
        assert f"{lifecycle.DYADS[pair]} on paper {first['yes']}, in the field {first['no']}" in title


def test_one_pair_alone():
    """Catches a chart of steps that needs two pairs, or a table without one of them."""
    spec = charts.steps(samples.events("nato-au"), title="What NATO and the AU did together").to_dict()
    assert spec["title"]["text"] == ["What NATO and the AU did together"]
    assert {row[0] for row in spec["usermeta"]["table"]["rows"]} == {"NATO–AU"}


def test_phases_are_drawn_as_coded():
    """Catches a phase under another pair, date or coder, or a bar whose length is another phase's."""
    drawn = rows_with(charts.phases(samples.phases()), "phase", "reached")
    table = samples.phases()
    wanted = {
        (lifecycle.DYADS[row.dyad_id], str(row.as_of.year), lifecycle.CODERS[row.coder], row.phase)
        for row in table.itertuples()
    }
    assert set(drawn[["pair", "date", "coder", "phase"]].itertuples(index=False, name=None)) == wanted
    share = ((drawn["reached"] - drawn["left"]) / (drawn["right"] - drawn["left"])).round(3)
    lengths = {"none": 0, "courtship": 0.25, "negotiation": 0.5, "start-up": 0.75, "start-up/maintenance": 0.875}
    assert (share == drawn["phase"].map(lengths).fillna(1)).all()
    # a year in place of a date gives the same drawing
    years = table.assign(as_of=table["as_of"].dt.year)
    assert charts.phases(years).to_dict()["datasets"] == charts.phases(table).to_dict()["datasets"]


def test_motives_are_drawn_as_coded():
    """Catches a mark under another pair, motive or coder, a shade in the wrong cell, or silence drawn as no."""
    table = samples.motives()
    chart = charts.motive_matrix(table)
    drawn, shades = rows_with(chart, "present", "shift"), rows_with(chart, "what")
    assert drawn["present"].value_counts().to_dict() == {
        {"yes": "yes", "no": "no, or not listed", "not_stated": "not stated"}[value]: count
        for value, count in table["present"].value_counts().items()
    }
    place = {(row.x, row.y): (row.pair, row.motive) for row in drawn.itertuples()}
    yes = table.assign(yes=table["present"] == "yes").pivot(
        index=["dyad_id", "motive_id"], columns="coder", values="yes"
    )
    parted = yes[yes["haugevik_figure"] != yes["haugevik_text"]].index
    # a mark stands in the middle of its shade, 13 pixels below the shade's top
    assert {place[row.x, row.y + 13] for row in shades.itertuples()} == {
        (lifecycle.DYADS[pair], motive) for pair, motive in parted
    }
    assert f"part on {len(parted)} of {len(yes)} " in " ".join(chart.to_dict()["title"]["text"])


# ---- drawn ----


@pytest.fixture(scope="module")
def page(browser):
    """Give a page that draws with either Vega, in the book's own letters."""
    page = browser.new_page()
    page.route("**/*", lambda route: route.abort())
    draw_charts.prepare(page)
    letters = base64.b64encode(FONT.read_bytes()).decode()
    source = f"url(data:font/woff2;base64,{letters}) format('woff2')"
    page.add_style_tag(content=f"@font-face {{font-family: 'Source Sans 3'; font-weight: 200 900; src: {source}}}")
    page.evaluate("Promise.all(['400', '700'].map(weight => document.fonts.load(weight + \" 13px 'Source Sans 3'\")))")
    yield page
    page.close()


def draw(page, who, chart, monkeypatch):
    """Draw a chart and fail on a warning."""
    drawn = test_charts.draw(page, who, chart, monkeypatch)
    assert drawn["warnings"] == []
    return drawn


WALK = """async settings => {
  const found = [];
  const walk = (item, into) => {
    if (item.mark?.marktype === "rule" && item.datum?.pair) into.push(item.datum.pair);
    for (const inner of item.items ?? []) walk(inner, into);
  };
  for (const setting of settings) {
    for (const [name, value] of Object.entries(setting)) view.signal(name, value);
    await view.runAsync();
    const pairs = [];
    walk(view.scenegraph().root, pairs);
    const text = [...document.querySelectorAll("svg .mark-text.role-mark text")].map(node => node.textContent);
    found.push({pairs, announcement: view.signal("announcement"), text});
  }
  return found;
}"""


@pytest.mark.slow
@BOTH
def test_the_network_follows_the_year(page, who, monkeypatch):
    """Catches lines, list, heading or the sentence for screen readers that stay behind when the year moves."""
    draw(page, who, charts.network(MEETINGS), monkeypatch)
    drawn = rows_with(charts.network(MEETINGS), "pair", "rim1")
    years = range(1990, 2027)
    for year, found in zip(years, page.evaluate(WALK, [{"year": year} for year in years]), strict=True):
        pairs = drawn[drawn["year"] == year]
        assert sorted(found["pairs"]) == sorted(pairs["pair"]), year
        assert found["announcement"].startswith(f"{year}: "), year
        for row in pairs.itertuples():
            assert f"{row.pair} in {row.where.split('; ')[0]}" in found["announcement"], year
            assert row.name in found["text"], year
        assert any(text.startswith(f"{year}: ") for text in found["text"]), year


@pytest.mark.slow
@BOTH
def test_the_readings_follow_the_inputs(page, who, monkeypatch):
    """Catches a reading of the paths that is not the model's at the chance and years chosen."""
    draw(page, who, charts.paths(GRID), monkeypatch)
    settings = [{"chance": chance, "years": years} for chance in (1, 4, 9, 20) for years in (5, 10, 17, 35)]
    for setting, found in zip(settings, page.evaluate(WALK, settings), strict=True):
        for returns, name in ((0, "no returns"), (0.5, "returns of 0.5"), (1, "returns of 1"), (2, "returns of 2")):
            exact = 100 * paths.survival(setting["chance"] / 100, returns, setting["years"])
            (text,) = (text for text in found["text"] if text.startswith(f"{name}: "))
            assert abs(float(text.rpartition(" ")[2]) - exact) <= 0.51, (setting, text)
        assert f"a chance of {setting['chance']} per cent" in found["announcement"]
        assert f"last {setting['years']} years" in found["announcement"]


@pytest.mark.slow
@BOTH
def test_the_steps_are_read_out(page, who, monkeypatch):
    """Catches a step whose text is another step's."""
    chart = charts.steps(EVENTS)
    draw(page, who, chart, monkeypatch)
    rows = rows_with(chart, "number", "heading")
    found = page.evaluate(WALK, [{"step": number} for number in rows["number"]])
    for row, said in zip(rows.itertuples(), found, strict=True):
        assert said["announcement"].startswith(
            f"Step {row.number} of {len(rows)}. {row.pair}, {row.when}, {row.kind}: "
        )
        assert row.title in said["announcement"]
        assert row.heading in said["text"]


@pytest.mark.slow
def test_inputs_have_labels(page, monkeypatch):
    """Catches an input without a label, or one that the keyboard does not move."""
    for chart, name, signal in (
        (charts.network(MEETINGS), "Year", "year"),
        (charts.paths(GRID), "Chance of ending in the first year, %", "chance"),
        (charts.steps(EVENTS), "Step", "step"),
    ):
        draw(page, "book", chart, monkeypatch)
        slider = page.get_by_role("slider", name=name)
        before = int(slider.input_value())
        slider.press("ArrowRight")
        page.wait_for_function(f"view.signal('{signal}') === {before + 1}")
    draw(page, "book", charts.paths(GRID), monkeypatch)
    page.get_by_role("combobox", name="Years").select_option(label="35")
    page.wait_for_function("view.signal('years') == 35")
    page.get_by_role("combobox", name="Increasing returns").select_option(label="0.5")
    page.wait_for_function("view.signal('shown') === '0.5'")


BOXES = """async settings => {
  const found = [];
  for (const setting of settings) {
    for (const [name, value] of Object.entries(setting)) view.signal(name, value);
    await view.runAsync();
    const edge = document.querySelector("svg").getBoundingClientRect().left;
    const texts = [...document.querySelectorAll("svg text")].filter(node => node.textContent.trim());
    found.push(texts.flatMap(node => {
      const lines = node.children.length ? [...node.children] : [node];
      return lines.map(line => {
        const box = line.getBoundingClientRect();
        return [line.textContent, box.left - edge, box.right - edge, box.top + 3, box.bottom - 3];
      });
    }));
  }
  return found;
}"""


def met(boxes):
    """Return the texts that lie on each other."""
    return [
        (one[0], other[0])
        for one, other in itertools.combinations(boxes, 2)
        if one[1] < other[2] and other[1] < one[2] and one[3] < other[4] and other[3] < one[4]
    ]


EVERY = {
    "network": (charts.network(MEETINGS), [{"year": year} for year in range(1990, 2027)]),
    "paths": (charts.paths(GRID), [{"years": years} for years in (5, 10, 17, 35)]),
    "steps": (charts.steps(EVENTS), [{"step": step} for step in (1, 20, 40)]),
    "phases": (charts.phases(samples.phases()), [{}]),
    "motive_matrix": (charts.motive_matrix(samples.motives()), [{}]),
}


@pytest.mark.slow
@pytest.mark.parametrize("width", [290, 330, 640, 720])
@pytest.mark.parametrize("name", EVERY)
def test_texts_never_meet(page, name, width, monkeypatch):
    """Catches a text on top of another, on a phone or on a wide page, whatever the reader chooses."""
    chart, settings = EVERY[name]
    spec = {**json.loads(json.dumps(test_charts.book_spec(chart, monkeypatch))), "width": width}
    spec["autosize"] = {"type": "fit-x", "contains": "padding"}
    page.evaluate("([who, spec, mode]) => window.draw(who, spec, mode)", ["book", spec, "light"])
    for setting, boxes in zip(settings, page.evaluate(BOXES, settings), strict=True):
        assert met(boxes) == [], setting
        assert max(right for _, _, right, _, _ in boxes) <= width + 5, setting


def test_texts_that_meet_are_seen():
    """Catches a comparison of boxes that would let an overlap pass."""
    assert met([("a", 0, 10, 0, 10), ("b", 9, 20, 5, 15), ("c", 30, 40, 0, 10)]) == [("a", "b")]
