"""The look of the charts, and the form in which the book and JupyterLab get them; everything in them stays text."""

import itertools
import json
import math
import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import altair as alt
import pandas as pd
import pytest

from peaceops import charts, load, theme

ROOT = Path(__file__).resolve().parent.parent
MODES = ("light", "dark")
HOSTILE = "<img src=x onerror=alert(1)> & </script><script>alert(2)</script> \"quoted\" 'and' \u202eمرحبا 🕊"


def small(text="A message", **usermeta):
    """Make a small chart with one text everywhere a text can stand."""
    data = pd.DataFrame({"x": [1, 2], "y": [1, 3], "who": [text, text]})
    about = {"name": "small", "source": text, "table": {"columns": ["x", text], "rows": [[1, text], [None, 12345]]}}
    return (
        alt.Chart(data)
        .mark_bar()
        .encode(x="x:Q", y="y:Q", color=alt.Color("who:N"))
        .properties(
            width=300,
            title=alt.TitleParams([text], subtitle=[text, "second line"]),
            description=text,
            usermeta={**about, **usermeta},
        )
    )


class Page(HTMLParser):
    """Read HTML as a browser would: its elements and the texts in them."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.texts, self.values, self.script = [], [], [], ""
        self.inside = None
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        """Note an element and the values of its attributes."""
        self.tags.append((tag, tuple(name for name, _ in attrs)))
        self.values += [value for _, value in attrs]
        self.inside = tag

    def handle_endtag(self, tag):
        """Note that an element ended."""
        self.inside = None

    def handle_data(self, data):
        """Note a text, a script's apart."""
        if self.inside == "script":
            self.script += data
        else:
            self.texts.append(data)


@pytest.fixture
def in_book(monkeypatch):
    """Be the book."""
    monkeypatch.setenv("PEACEOPS_BOOK", "1")


@pytest.fixture
def in_lab(monkeypatch):
    """Be JupyterLab."""
    monkeypatch.delenv("PEACEOPS_BOOK", raising=False)


def shown(chart):
    """Return what a notebook cell shows of a chart: Altair asks the renderer that is switched on."""
    return chart._repr_mimebundle_(include=None, exclude=None)


# ---- which form where ----


def test_the_book_gets_one_figure(in_book):
    """Catches a chart in the book that is missing a part of its figure, or comes in two forms at once."""
    bundle = shown(small())
    assert list(bundle) == ["text/html"]
    page = Page(bundle["text/html"])
    assert [tag for tag, _ in page.tags if tag not in ("tr", "th", "td")] == [
        *("figure", "figcaption", "strong", "span", "div", "img", "img", "p", "script", "p"),
        *("details", "summary", "div", "table", "thead", "tbody", "p"),
    ]
    classes = {name for value in page.values if value for name in value.split() if name.startswith(("po-", "only-"))}
    assert {
        *("po-chart", "po-chart__title", "po-chart__subtitle", "po-chart__view", "po-chart__live", "po-chart__spec"),
        *("po-chart__description", "po-chart__data", "po-chart__source", "only-light", "only-dark"),
    } <= classes
    assert "chart-small" in page.values
    assert "polite" in page.values


def test_the_book_draws_from_the_spec_alone(in_book):
    """Catches a figure whose specification carries colours of one theme, a title said twice, or no width."""
    spec = json.loads(Page(shown(small())["text/html"]).script)
    assert {"config", "title", "usermeta"} & spec.keys() == set()
    assert spec["width"] == 300
    assert "/v6" in spec["$schema"]
    assert spec["description"] == "A message"


def test_the_still_images(in_book):
    """Catches a still image that is empty, the same in both themes, or without its words."""
    html = shown(small())["text/html"]
    images = re.findall(r'<img class="only-(\w+)" src="data:image/svg\+xml,([^"]+)" alt="([^"]+)">', html)
    assert [mode for mode, _, _ in images] == list(MODES)
    light, dark = (unquote(code) for _, code, _ in images)
    for svg, mode in ((light, "light"), (dark, "dark")):
        assert svg.startswith("<svg")
        assert "NaN" not in svg
        assert svg.count(f'fill="{theme.config(mode)["bar"]["color"]}"') == 3  # two bars and the legend
        assert theme.config(mode)["range"]["category"][0] in svg
    assert light != dark
    assert {alt for _, _, alt in images} == {"A message"}


def test_jupyterlab_gets_what_it_knows(in_lab):
    """Catches a type that JupyterLab does not draw, or the book's figure in JupyterLab."""
    bundle = shown(small())
    assert list(bundle) == ["application/vnd.vegalite.v5+json", "text/plain"]
    live = bundle["application/vnd.vegalite.v5+json"]
    assert live["$schema"] == "https://vega.github.io/schema/vega-lite/v5.json"
    assert live["config"] == {**theme.config("light"), "background": "white"}
    assert "usermeta" not in live
    assert bundle["text/plain"] == "A message"


@pytest.mark.parametrize(("book", "parts"), [("1", 1), ("0", 2), ("", 2)])
def test_show_displays_each_part_once(book, parts, monkeypatch):
    """Catches a chart whose table and source are missing in JupyterLab, or doubled in the book."""
    monkeypatch.setenv("PEACEOPS_BOOK", book)
    displayed = []
    monkeypatch.setattr(theme, "display", displayed.append)
    theme.show(small())
    assert len(displayed) == parts
    assert isinstance(displayed[0], alt.Chart)
    if parts == 2:
        assert "po-chart__data" in displayed[1].data
        assert "po-chart__source" in displayed[1].data


def test_show_displays_a_table(monkeypatch):
    """Catches a table whose unknown cells look like zero or “<NA>”, or whose numbers are hard to read."""
    displayed = []
    monkeypatch.setattr(theme, "display", displayed.append)
    frame = pd.DataFrame(
        {"year": [1988, 1989], "persons": pd.array([12345, None], dtype="Int64"), "share": [0.5, float("nan")]}
    )
    theme.show(frame, "A caption")
    (output,) = displayed
    page = Page(output.data)
    assert page.texts == [
        "A caption",
        "year",
        "persons",
        "share",
        "1988",
        "12,345",
        "0.5",
        "1989",
        "unknown",
        "unknown",
    ]
    assert [tag for tag, _ in page.tags].count("caption") == 1


def test_a_plain_altair_chart_is_shown_too(in_book):
    """Catches a student's own chart, without title, description or source, that the renderer cannot show."""
    page = Page(shown(alt.Chart(pd.DataFrame({"x": [1]})).mark_point().encode(x="x"))["text/html"])
    assert "chart-chart" in page.values
    assert "details" not in [tag for tag, _ in page.tags]


# ---- everything stays text ----


def test_hostile_text_in_a_figure(in_book):
    """Catches a title, name, description or source that becomes an element, an attribute or the end of the script."""
    page, same = (Page(shown(small(text))["text/html"]) for text in (HOSTILE, "A message"))
    assert page.tags == same.tags
    # title, description, the table's head and body, and the source
    assert sum(HOSTILE in text for text in page.texts) == 6
    assert sum(HOSTILE in (value or "") for value in page.values) == 3
    assert {row["who"] for row in next(iter(json.loads(page.script)["datasets"].values()))} == {HOSTILE}


def test_hostile_text_in_the_name(in_book):
    """Catches a chart's name that breaks out of its id."""
    page = Page(shown(small(name='x" onclick="alert(1)'))["text/html"])
    assert 'chart-x" onclick="alert(1)' in page.values
    assert not any("onclick" in names for _, names in page.tags)


def test_hostile_text_in_jupyterlab(monkeypatch):
    """Catches markup in the table, the caption or the source that JupyterLab would run."""
    displayed = []
    monkeypatch.setenv("PEACEOPS_BOOK", "")
    monkeypatch.setattr(theme, "display", displayed.append)
    for text in (HOSTILE, "A message"):
        theme.show(small(text))
        theme.show(pd.DataFrame({text: [text]}), text)
    hostile, table, same, same_table = (Page(displayed[place].data) for place in (1, 2, 4, 5))
    assert hostile.tags == same.tags
    assert table.tags == same_table.tags
    assert table.texts == [HOSTILE] * 3


def test_markup_is_seen():
    """Catches a reader of HTML that would not notice an element too many."""
    assert Page(f"<p>{HOSTILE}</p>").tags != Page("<p>A message</p>").tags


# ---- colours ----


def channels(colour):
    """Return a colour's linear red, green and blue."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]


def contrast(one, other):
    """Return the contrast of two colours after WCAG 2."""
    dark, light = sorted(
        sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), channels(colour), strict=True))
        for colour in (one, other)
    )
    return (light + 0.05) / (dark + 0.05)


# Machado, Oliveira and Fernandes 2009, complete protanopia, deuteranopia and tritanopia; first, all three kinds of cones.
EYES = {
    "all": [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
    "protan": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deutan": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritan": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
TO_XYZ = [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]


def lab(colour, eye):
    """Return a colour in CIELAB as an eye sees it."""

    def apply(matrix, vector):
        return [sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix]

    seen = [min(1, max(0, part)) for part in apply(EYES[eye], channels(colour))]
    x, y, z = (
        (part ** (1 / 3) if part > 216 / 24389 else (24389 / 27 * part + 16) / 116)
        for part in (value / white for value, white in zip(apply(TO_XYZ, seen), (0.95047, 1, 1.08883), strict=True))
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def nearest(colours, eye):
    """Return how far apart the two most alike of some colours are, in CIELAB."""
    return min(math.dist(lab(one, eye), lab(other, eye)) for one, other in itertools.combinations(colours, 2))


def ground(mode):
    """Return the colour of the book's pages."""
    papers = re.findall(
        r"--po-paper: (#\w{6});", (ROOT / "book" / "_static" / "course.css").read_text(encoding="utf-8")
    )
    assert len(papers) >= 2
    return papers[MODES.index(mode)]


@pytest.mark.parametrize("mode", MODES)
def test_charts_can_be_read(mode):
    """Catches a text below 4.5 to 1, or a mark below 3 to 1, on the page's ground or on JupyterLab's white."""
    config = theme.config(mode)
    words = {config[part][key] for part in ("axis", "legend", "text", "title") for key in config[part] if "olor" in key}
    words -= {config["axis"][key] for key in ("gridColor", "domainColor", "tickColor")}
    for paper in {ground(mode), *(["#ffffff"] if mode == "light" else [])}:
        assert {word for word in words if contrast(word, paper) < 4.5} == set()
        # the sixth colour is for what is not counted: it stays in the background
        assert [colour for colour in config["range"]["category"][:5] if contrast(colour, paper) < 3] == []


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("eye", EYES)
def test_colours_can_be_told_apart(mode, eye):
    """Catches a palette in which a colour-blind reader takes one series for another."""
    assert nearest(theme.config(mode)["range"]["category"], eye) > 12


def test_colours_that_cannot_be_told_apart_are_seen():
    """Catches a simulation that lets red and green, or blue and purple, pass."""
    assert nearest(["#c00000", "#3d6b00"], "deutan") < 12 < nearest(["#c00000", "#3d6b00"], "all")
    assert nearest(["#1f5f99", "#8a4f9e"], "protan") < 12 < nearest(["#1f5f99", "#8a4f9e"], "all")
    assert round(contrast("#000000", "#ffffff"), 6) == 21


def test_the_two_configurations_differ_in_colours_only():
    """Catches a chart that changes its shape with the theme."""
    plain = [re.sub(r"#\w{6}", "colour", json.dumps(theme.config(mode))) for mode in MODES]
    assert plain[0] == plain[1]
    assert theme.config("light") != theme.config("dark")


def test_another_mode():
    """Catches a misspelt mode that gives a traceback or the wrong colours."""
    with pytest.raises(ValueError, match=r"^There is no mode “sepia”; the modes are: light, dark\.$"):
        theme.config("sepia")


def test_a_configuration_may_be_changed():
    """Catches one caller's change that ends up in everyone's charts."""
    theme.config("light")["axis"]["labelColor"] = theme.config("light")["range"]["category"].clear()
    assert theme.config("light")["axis"]["labelColor"]
    assert len(theme.config("light")["range"]["category"]) == 6


def test_a_real_chart_in_both_forms(monkeypatch):
    """Catches a chart of the course that its own renderer cannot show."""
    chart = charts.personnel(load("indicators"))
    for book, kind in (("1", "text/html"), ("", "application/vnd.vegalite.v5+json")):
        monkeypatch.setenv("PEACEOPS_BOOK", book)
        assert kind in shown(chart)
