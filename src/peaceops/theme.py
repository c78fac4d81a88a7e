"""The look of the course's charts, and how they are shown in JupyterLab and in the book."""

import html
import json
import numbers
import os
import re
from urllib.parse import quote
from xml.etree import ElementTree

import altair as alt
import pandas as pd
from IPython.display import HTML, display

_FONT = "'Source Sans 3', 'Segoe UI', 'Helvetica Neue', Arial, sans-serif"

# Five hues that stay apart in all three kinds of colour blindness (a test simulates them), then grey for "not counted".
_COLOURS = {
    "light": {
        "ink": "#1c2733",
        "muted": "#55616d",
        "grid": "#e3e7eb",
        "series": ["#1f5f99", "#c2570c", "#1b7f6b", "#8a4fd8", "#5a321e", "#b9c1c9"],
    },
    "dark": {
        "ink": "#e8ebee",
        "muted": "#aeb8c2",
        "grid": "#36414c",
        "series": ["#7fb4e6", "#f0a05a", "#63c7ad", "#b46ef0", "#ece35a", "#55616d"],
    },
}


def config(mode):
    """Give the Vega-Lite configuration of the course.

    Parameters
    ----------
    mode : {"light", "dark"}
        For a page with dark text on light ground, or the reverse.

    Returns
    -------
    dict
        A Vega-Lite ``config`` object: fonts, palette, axes.

    Raises
    ------
    ValueError
        For another mode.

    Examples
    --------
    >>> config("light")["background"]
    'transparent'
    """
    if mode not in _COLOURS:
        raise ValueError(f"There is no mode “{mode}”; the modes are: {', '.join(_COLOURS)}.")
    colour = _COLOURS[mode]
    return {
        "background": "transparent",
        "font": _FONT,
        "axis": {
            "domainColor": colour["muted"],
            "gridColor": colour["grid"],
            "labelColor": colour["muted"],
            "labelFontSize": 13,
            "tickColor": colour["muted"],
            "titleColor": colour["ink"],
            "titleFontSize": 13,
            "titleFontWeight": "normal",
        },
        "axisX": {"grid": False, "labelOverlap": True},
        "axisY": {"domain": False, "ticks": False},
        "bar": {"color": colour["series"][0]},
        "legend": {
            "labelColor": colour["ink"],
            "labelFontSize": 13,
            "labelLimit": 320,
            "orient": "top",
            "columns": {"expr": "width < 420 ? 1 : 2"},
            "direction": "horizontal",
            "symbolType": "square",
            "title": None,
        },
        "line": {"color": colour["series"][0], "strokeWidth": 2.5},
        "point": {"color": colour["series"][0], "filled": True, "size": 40},
        "range": {"category": list(colour["series"])},
        "rule": {"color": colour["ink"]},
        "text": {"color": colour["ink"], "fontSize": 13},
        "title": {
            "anchor": "start",
            "color": colour["ink"],
            "fontSize": 16,
            "offset": 14,
            "subtitleColor": colour["muted"],
            "subtitleFontSize": 13,
        },
        "view": {"stroke": None},
    }


def show(thing, caption=""):
    """Show a chart with its source and its data as a table, or a table with its caption.

    In JupyterLab a chart is drawn by JupyterLab itself, without a network; in the book it becomes a figure that the
    page draws.

    Parameters
    ----------
    thing : altair.Chart, altair.LayerChart or pandas.DataFrame
        A chart made by `peaceops.charts`, any other Altair chart, or a table, shown without its index.
    caption : str
        What the table shows; ignored for a chart, which has its title.

    Examples
    --------
    >>> import pandas as pd
    >>> show(pd.DataFrame({"year": [1948], "began": [1]}), "Operations begun")  # doctest: +SKIP
    """
    if isinstance(thing, pd.DataFrame):
        rows = [[None if pd.isna(value) else value for value in row] for row in thing.to_numpy(dtype=object).tolist()]
        display(HTML(_scrolling(caption or "Table", _rows(list(thing.columns), rows, caption))))
        return
    display(thing)
    if not _in_book():
        about = thing.to_dict().get("usermeta", {})
        display(HTML(_table(about) + _source(about)))


def _in_book():
    return os.environ.get("PEACEOPS_BOOK") == "1"


def _render(spec):
    """Turn a Vega-Lite specification into the output of a notebook cell."""
    return {"text/html": _figure(spec)} if _in_book() else _live(spec)


def _live(spec):
    """JupyterLab draws Vega-Lite 5; Altair writes 6, which for the course's charts differs in its name only."""
    live = {**spec, "$schema": "https://vega.github.io/schema/vega-lite/v5.json"}
    # White ground in both themes: JupyterLab does not tell a chart which one is on.
    live["config"] = {**config("light"), "background": "white"}
    live.pop("usermeta", None)
    return {"application/vnd.vegalite.v5+json": live, "text/plain": spec.get("description", "A chart.")}


def _figure(spec):
    """A figure for the book: a still image that the page replaces by the live chart, the table, the source."""
    spec = {key: value for key, value in spec.items() if key != "config"}
    about, title = spec.pop("usermeta", {}), spec.pop("title", {})
    title = {"text": title} if isinstance(title, str) else title
    text, subtitle = (_joined(title.get(key)) for key in ("text", "subtitle"))
    description = spec.get("description", text)
    name = about.get("name") or "-".join(re.findall(r"[a-z0-9]+", text.lower())[:6]) or "chart"
    images = "".join(
        f'<img class="only-{mode}" src="data:image/svg+xml,{_still(spec, mode)}" alt="{html.escape(description)}">'
        for mode in _COLOURS
    )
    # “</script>” inside the JSON must not end the element.
    data = json.dumps(spec, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return (
        f'<figure class="po-chart" id="chart-{html.escape(name)}">'
        f'<figcaption class="po-chart__title"><strong>{html.escape(text)}</strong>'
        + (f'<span class="po-chart__subtitle">{html.escape(subtitle)}</span>' if subtitle else "")
        + f'</figcaption><div class="po-chart__view" role="group" aria-label="Chart: {html.escape(text)}">{images}</div>'
        '<p class="po-chart__live" role="status" aria-live="polite"></p>'
        f'<script type="application/json" class="po-chart__spec">{data}</script>'
        f'<p class="po-chart__description">{html.escape(description)}</p>'
        f"{_table(about)}{_source(about)}</figure>"
    )


def _joined(lines):
    return " ".join(lines) if isinstance(lines, list) else lines or ""


def _still(spec, mode):
    """A chart as a picture, without what a picture has no use for: a third of the bytes."""
    import vl_convert  # only the book needs it, and only the book's environment has it

    # Vega counts a sign beyond the basic plane (an emoji) as two and may cut a long text between them, which vl_convert
    # does not survive; only the still image does without such signs.
    text = re.sub("[\U00010000-\U0010ffff]", "□", json.dumps({**spec, "config": config(mode)}, ensure_ascii=False))
    svg = ElementTree.fromstring(vl_convert.vegalite_to_svg(text))
    for element in svg.iter():
        for name in ("class", "font-family", "pointer-events", "role", *(n for n in element.attrib if "aria-" in n)):
            element.attrib.pop(name, None)
        for name in element.attrib.keys() & {"d", "transform", "x2", "y2"}:
            element.attrib[name] = re.sub(r"(\.\d)\d+", r"\1", element.attrib[name])
    svg.set("font-family", _FONT)
    # Percent-encoded: pages are sent compressed, and base64 hides from compression what repeats.
    return quote(ElementTree.tostring(svg, encoding="unicode"), safe=" =:/,.()-'")


def _table(about):
    if "table" not in about:
        return ""
    rows = _rows(about["table"]["columns"], about["table"]["rows"])
    return (
        '<details class="po-chart__data"><summary>The data as a table</summary>'
        f"{_scrolling('Data table', rows)}</details>"
    )


def _scrolling(label, table):
    """A wide table scrolls in its own box, which the keyboard can reach."""
    return f'<div class="po-scroll" tabindex="0" role="group" aria-label="{html.escape(label)}">{table}</div>'


def _rows(head, rows, caption=""):
    cells = "".join(f'<th scope="col">{html.escape(str(name))}</th>' for name in head)
    body = "".join("<tr>" + "".join(_cell(value) for value in row) + "</tr>" for row in rows)
    caption = f"<caption>{html.escape(caption)}</caption>" if caption else ""
    return f'<table class="po-table">{caption}<thead><tr>{cells}</tr></thead><tbody>{body}</tbody></table>'


def _cell(value):
    if value is None:
        return "<td>unknown</td>"
    if isinstance(value, numbers.Real) and not isinstance(value, bool):
        # Years stay as they are; from 10,000 on a comma helps the eye.
        return (
            f'<td class="po-number">{value:,}</td>' if abs(value) >= 10_000 else f'<td class="po-number">{value:g}</td>'
        )
    kind = ' class="po-date"' if re.fullmatch(r"\d{4}-\d\d-\d\d", str(value)) else ""
    return f"<td{kind}>{html.escape(str(value))}</td>"


def _source(about):
    return f'<p class="po-chart__source">Source: {html.escape(about["source"])}</p>' if "source" in about else ""


ElementTree.register_namespace("", "http://www.w3.org/2000/svg")
alt.renderers.register("peaceops", _render)
alt.renderers.enable("peaceops")
