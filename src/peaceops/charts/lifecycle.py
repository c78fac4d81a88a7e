"""The charts of the lifecycle: the dated steps of a relationship, and its phases as several coders see them."""

import json
import textwrap

import altair as alt
import pandas as pd

from peaceops.charts._finish import finish
from peaceops.charts._known import known
from peaceops.datasets import AS_OF
from peaceops.lifecycle import CODERS, DYADS, KINDS, lasting

_MARKS = {  # a kind of step: its colour, as a place in the palette (words, ties, field, setbacks), and its shape
    "contact": (0, "circle"),
    "negotiation": (0, "diamond"),
    "own_document": (0, "square"),
    "mandate": (0, "triangle-up"),
    "declaration": (0, "triangle-right"),
    "agreement": (3, "square"),
    "procedure": (3, "triangle-up"),
    "mechanism": (3, "diamond"),
    "money": (3, "circle"),
    "joint": (2, "circle"),
    "successive": (2, "triangle-right"),
    "supported": (2, "triangle-up"),
    "dispute": (1, "triangle-down"),
    "ending": (1, "cross"),
    "reversal": (1, "triangle-left"),
}
_PALETTE = 6  # colours in the theme's palette, after which it begins again
_LANE, _APART = 16, 1.7  # pixels from lane to lane; years within which two steps need two lanes, on a phone
_WIDE = 560  # pixels from which a step's summary has room
_SHORT = {"haugevik_figure": "figure", "haugevik_text": "text", "haugevik_rule": "rule", "course": "course"}
_PHASES = {  # a phase: how far a relationship has come, in quarters, and its letters and short word for narrow columns
    "none": (0, "–", "none"),
    "courtship": (1, "C", "courtship"),
    "negotiation": (2, "N", "negot."),
    "start-up": (3, "S", "start-up"),
    "start-up/maintenance": (3.5, "S/M", "start-up/\nmaint."),
    "maintenance": (4, "M", "maint."),
    "ending": (4, "E", "ending"),
}


def steps(events, title=None):
    """Draw the dated steps of one relationship or two, formal ones above the line and steps in the field below.

    Parameters
    ----------
    events : pandas.DataFrame
        Rows of the table ``events`` of one or two pairs: ``event_id``, ``date``, ``precision``, ``end_date``,
        ``end_precision``, ``dyad_id``, ``kind``, ``formal`` (yes, no), ``predecessor`` (yes when an organization's
        predecessor took the step), ``title``, ``summary``.
    title : str, optional
        The message; without it the years of the first formal step and the first step in the field.

    Returns
    -------
    altair.LayerChart
        A mark per step, its colour and shape by kind, hollow for a predecessor's, a bar where a step lasted; a slider
        that reads out one step after another, also in the parameter ``announcement``.

    Raises
    ------
    ValueError
        For no pair or more than two, and for a pair or kind that the course does not know.
    """
    pairs = [name for name in DYADS if name in set(events["dyad_id"])]
    known(events["dyad_id"], DYADS, "pair")
    known(events["kind"], KINDS, "kind of step")
    if not 1 <= len(pairs) <= 2:
        raise ValueError(f"These are the steps of {len(pairs)} pairs of organizations: choose one pair or two.")
    rows, lines, height = _laid_out(events, pairs)
    step = alt.param("step", value=1, bind=alt.binding_range(min=1, max=len(rows), step=1, name="Step"))
    said = [f"{r.pair}, {r.when}, {r.kind}: {r.title}. {r.summary}" for r in rows.itertuples()]
    announcement = alt.param(
        "announcement", expr=f"'Step ' + step + ' of {len(rows)}. ' + {json.dumps(said)}[step - 1]"
    )
    first, last = min(1990, int(rows["x"].min())), int(AS_OF[:4]) + 1
    x = alt.X(
        "x:Q",
        title=None,
        scale=alt.Scale(domain=[first, last], nice=False),
        axis=alt.Axis(format="d", values=list(range(first // 10 * 10 + 10 * (first % 10 > 0), last + 1, 10))),
    )
    y = alt.Y("y:Q", scale=None, axis=None)
    present = [KINDS[name] for name in _MARKS if name in set(events["kind"])]
    domain, shapes = _domain()
    scale = alt.Scale(domain=domain)
    legend = alt.Legend(
        values=present,
        columns=alt.expr("width < 420 ? 2 : 4"),
        labelFontSize=12,
        columnPadding=8,
        symbolSize=80,
        symbolOpacity=1,
    )
    tips = [
        alt.Tooltip("pair:N", title="Pair"),
        alt.Tooltip("when:N", title="When"),
        alt.Tooltip("kind:N", title="Kind"),
        alt.Tooltip("title:N", title="Step"),
        alt.Tooltip("by:N", title="By"),
    ]
    base = alt.Chart(rows).encode(x=x, y=y)
    now = base.transform_filter("datum.number == step")
    colour = {"scale": scale, "legend": legend}
    decades = pd.DataFrame({"x": [year for year in range(first // 10 * 10, last, 10) if year >= first]})
    say = f"width < {_WIDE} ? datum.narrow : datum.wide"
    layers = [
        alt.Chart(decades)
        .mark_rule(opacity=0.18)
        .encode(x=x, y=alt.value(int(lines["head"].min()) + 10), y2=alt.value(height)),
        alt.Chart(lines).mark_rule(strokeWidth=1.5).encode(y=y),
        alt.Chart(lines)
        .mark_text(align="left", fontWeight="bold")
        .encode(x=alt.value(0), y=alt.Y("head:Q", scale=None), text="pair:N"),
        base.transform_filter("datum.x2 > datum.x")
        .mark_rule(strokeWidth=5, opacity=0.45)
        .encode(x2="x2:Q", stroke=alt.Stroke("kind:N", **colour)),
        base.mark_point(size=75, strokeWidth=1.8, opacity=1).encode(
            fill=alt.Fill("kind:N", **colour),
            stroke=alt.Stroke("kind:N", **colour),
            shape=alt.Shape("kind:N", scale=alt.Scale(domain=domain, range=shapes), legend=legend),
            fillOpacity=alt.when("datum.by == 'a predecessor'").then(alt.value(0)).otherwise(alt.value(1)),
            tooltip=tips,
        ),
        now.mark_point(size=330, filled=False, strokeWidth=2, opacity=1).encode(stroke=alt.Stroke("kind:N", **colour)),
        now.mark_text(align="left", fontSize=14, fontWeight=600).encode(
            x=alt.value(0), y=alt.value(4), text="heading:N"
        ),
        now.transform_calculate(say=say)
        .mark_text(
            align="left",
            baseline="top",
            lineBreak="\n",
            fontSize=alt.expr(f"width < {_WIDE} ? 12 : 14"),
            lineHeight=alt.expr(f"width < {_WIDE} ? 16 : 20"),
        )
        .encode(x=alt.value(0), y=alt.value(17), text="say:N"),
    ]
    table = rows[["pair", "when", "kind", "side", "by", "title", "summary"]].set_axis(
        ["Pair", "When", "Kind", "Formal or field", "Taken by", "Step", "Summary"], axis="columns"
    )
    return finish(
        alt.layer(*layers).add_params(step, announcement),
        name="steps",
        title=title or _first_steps(rows, pairs),
        subtitle="Formal steps above the line, steps in the field below, 1990 to today; hollow: a predecessor's step",
        description=" ".join(
            f"{DYADS[name]}: {(own['side'] == 'formal').sum()} formal steps and {(own['side'] == 'field').sum()} in the "
            f"field, from {own['when'].iloc[0]} ({own['title'].iloc[0]}) to {own['when'].iloc[-1]} "
            f"({own['title'].iloc[-1]})."
            for name in pairs
            for own in [rows[rows["pair"] == DYADS[name]]]
        ),
        source="the course's table events.",
        table=table,
        height=height,
    )


def _domain():
    """Put each kind where the palette, beginning again and again, comes to its colour; blanks fill the gaps."""
    place, used = {}, {}
    for kind, (colour, shape) in _MARKS.items():
        place[colour + _PALETTE * used.get(colour, 0)] = (KINDS[kind], shape)
        used[colour] = used.get(colour, 0) + 1
    every = [place.get(number, (" " * (number + 1), "circle")) for number in range(max(place) + 1)]
    return [kind for kind, _ in every], [shape for _, shape in every]


def _laid_out(events, pairs):
    """Give each step its date in words, its number and a lane in which it meets no other."""
    rows = events.assign(order=events["dyad_id"].map(pairs.index)).sort_values(["date", "order", "event_id"])
    side = rows["formal"].map({"yes": "formal", "no": "field"})
    runs = [lasting(row) for row in rows.itertuples()]
    end = rows["end_date"].mask(runs, pd.Timestamp(AS_OF)).fillna(rows["date"])
    ways = zip(rows["date"], rows["precision"], rows["end_date"], rows["end_precision"], strict=True)
    rows = pd.DataFrame(
        {
            "number": range(1, len(rows) + 1),
            "pair": rows["dyad_id"].map(DYADS).astype(str),
            "kind": rows["kind"].map(KINDS).astype(str),
            "side": side.astype(str),
            "by": rows["predecessor"].map({"yes": "a predecessor", "no": "the two"}).astype(str),
            "title": rows["title"].astype(str),
            "summary": rows["summary"].fillna("").astype(str),
            "x": [_year(date) for date in rows["date"]],
            "x2": [_year(date) for date in end],
            "when": [_when(*way) + ", still going on" * run for way, run in zip(ways, runs, strict=True)],
        }
    )
    rows["heading"] = rows["pair"] + " · " + rows["kind"]
    texts = [f"{row.when}: {row.title}. {row.summary}".strip() for row in rows.itertuples()]
    rows["narrow"] = [_wrapped(text, 50, 8) for text in texts]
    rows["wide"] = [_wrapped(text, 90, 5) for text in texts]
    rows["lane"], lines, top = 0, [], 160
    for name in (DYADS[pair] for pair in pairs):
        ends = {"formal": [], "field": []}
        for row in rows[rows["pair"] == name].itertuples():
            lanes = ends[row.side]
            lane = next((number for number, free in enumerate(lanes) if free <= row.x), len(lanes))
            lanes[lane : lane + 1] = [row.x2 + _APART]
            rows.loc[row.Index, "lane"] = lane + 1
        middle = top + 18 + _LANE * (len(ends["formal"]) + 0.5)
        lines.append({"pair": name, "head": top, "y": middle})
        own = rows["pair"] == name
        way = rows["side"].map({"formal": -1, "field": 1})
        rows.loc[own, "y"] = middle + (way * _LANE * rows["lane"])[own]
        top = middle + _LANE * (len(ends["field"]) + 0.5) + 24
    return rows.drop(columns="lane"), pd.DataFrame(lines), int(top - 14)


def _wrapped(text, width, lines):
    """Break a text into lines, and say where one had to be cut."""
    return "\n".join(textwrap.wrap(text, width, max_lines=lines, placeholder=" …"))


def _year(date):
    return round(date.year + (date.day_of_year - 1) / 366, 3)


def _when(date, precision, end, end_precision):
    forms = {"day": "{0.day} {0:%B %Y}", "month": "{0:%B %Y}", "year": "{0:%Y}"}
    start = forms[precision].format(date)
    return start if pd.isna(end) else f"{start} to {forms[end_precision].format(end)}"


def _first_steps(rows, pairs):
    """Say which came first, on paper or in the field."""
    said = []
    for name in (DYADS[pair] for pair in pairs):
        own = rows[rows["pair"] == name]
        # A forerunner's steps are shown, but do not count.
        own = own[own["by"] == "the two"] if "the two" in set(own["by"]) else own
        firsts = own.groupby("side")["x"].min().astype(int)
        parts = [
            f"{word} {firsts[side]}"
            for side, word in (("formal", "on paper"), ("field", "in the field"))
            if side in firsts
        ]
        said.append(f"{name} " + ", ".join(parts))
    return f"First steps: {'; '.join(said)}"


def phases(codings):
    """Draw the phase that each coder sees in each relationship at each date.

    Parameters
    ----------
    codings : pandas.DataFrame
        Rows of the table ``phase_codings``: ``dyad_id``, ``as_of`` (a date, or a year), ``coder``, ``phase``.

    Returns
    -------
    altair.LayerChart
        A row per pair, a column per date and coder; a bar whose length is the phase, with the phase in words where
        there is room and in letters where not.

    Raises
    ------
    ValueError
        For a pair, coder or phase that the course does not know.
    """
    for column, allowed, what in (("dyad_id", DYADS, "pair"), ("coder", CODERS, "coder"), ("phase", _PHASES, "phase")):
        known(codings[column], allowed, what)
    year = codings["as_of"].map(lambda value: value.year if hasattr(value, "year") else int(str(value)[:4]))
    rows = codings.assign(year=year)
    coders = list(CODERS)
    columns = sorted(
        set(zip(rows["year"], rows["coder"], strict=True)), key=lambda pair: (pair[0], coders.index(pair[1]))
    )
    pairs = [name for name in DYADS if name in set(rows["dyad_id"])]
    # A gap of a quarter of a column between two dates.
    dates = sorted(set(year))
    left = {pair: number + 0.25 * dates.index(pair[0]) for number, pair in enumerate(columns)}
    wide = len(columns) + 0.25 * (len(dates) - 1)
    down = rows["dyad_id"].map(pairs.index)
    at = pd.Series([left[pair] for pair in zip(rows["year"], rows["coder"], strict=True)], index=rows.index)
    drawn = pd.DataFrame(
        {
            "pair": rows["dyad_id"].map(DYADS).astype(str),
            "coder": rows["coder"].map(CODERS).astype(str),
            "date": rows["year"].astype(str),
            "phase": rows["phase"].astype(str),
            "letters": rows["phase"].map(lambda phase: _PHASES[phase][1]).astype(str),
            "short": rows["phase"].map(lambda phase: _PHASES[phase][2]).astype(str),
            "words": rows["phase"].str.replace("/", "/\n").astype(str),
            "kind": rows["phase"].map(lambda phase: "Ended" if phase == "ending" else "Phase reached").astype(str),
            "left": at + 0.05,
            "right": at + 0.95,
            "centre": at + 0.5,
            "reached": at + 0.05 + 0.9 * rows["phase"].map(lambda phase: _PHASES[phase][0] / 4),
            "top": down + 0.36,
            "bottom": down + 0.94,
            "bar": down + 0.82,
            "middle": down + 0.59,
        }
    ).sort_values(["middle", "centre"])
    across, deep = (
        alt.Scale(domain=[0, wide], nice=False),
        alt.Scale(domain=[-0.95, len(pairs)], nice=False, reverse=True),
    )
    x, y = (
        (lambda name: alt.X(f"{name}:Q", axis=None, scale=across)),
        (lambda name: alt.Y(f"{name}:Q", axis=None, scale=deep)),
    )
    fill = alt.Fill("kind:N", scale=alt.Scale(domain=["Phase reached", "Ended"]), legend=None)
    tips = [
        alt.Tooltip("pair:N", title="Pair"),
        alt.Tooltip("date:N", title="As of"),
        alt.Tooltip("coder:N", title="Coder"),
        alt.Tooltip("phase:N", title="Phase"),
    ]
    base = alt.Chart(drawn)
    column = f"width / {wide:.2f}"
    said = f"{column} < 52 ? datum.letters : {column} < 76 ? datum.short : datum.words"
    heads = pd.DataFrame(
        [(_SHORT[coder], left[date, coder] + 0.5, -0.26) for date, coder in columns],
        columns=["text", "centre", "middle"],
    )
    spans = pd.DataFrame(
        [(str(date), min(left[p] for p in columns if p[0] == date) + 0.05, -0.75) for date in dates],
        columns=["text", "left", "middle"],
    )
    names = pd.DataFrame(
        {"text": [DYADS[name] for name in pairs], "left": 0.05, "middle": [n + 0.2 for n in range(len(pairs))]}
    )
    several = rows.groupby(["dyad_id", "year"])["phase"].agg(["size", "nunique"])
    compared = several[several["size"] > 1]
    parted = compared[compared["nunique"] > 1]
    title = f"Where several coders judge one pair in one year, they part {len(parted)} times in {len(compared)}"
    if compared.empty:
        title = f"Phases of {len(pairs)} relationships, {dates[0]} to {dates[-1]}, as one coder sees them"
    return finish(
        alt.layer(
            base.mark_rect(filled=False, strokeWidth=1, strokeOpacity=0.5).encode(
                x=x("left"),
                x2="right",
                y=y("top"),
                y2="bottom",
                stroke=alt.Stroke("kind:N", scale=alt.Scale(domain=["Phase reached", "Ended"]), legend=None),
                tooltip=tips,
            ),
            base.transform_filter("datum.reached > datum.left + 0.01")
            .mark_rect()
            .encode(x=x("left"), x2="reached", y=y("bar"), y2="bottom", fill=fill, tooltip=tips),
            base.transform_calculate(
                said=said, at=f"datum.middle - ({column} >= 52 && indexof(datum.words, '/') >= 0 ? 0.1 : 0)"
            )
            .mark_text(fontSize=11, lineBreak="\n", lineHeight=12)
            .encode(x=x("centre"), y=y("at"), text="said:N"),
            alt.Chart(heads)
            .mark_text(fontSize=11, angle=alt.expr(f"{column} < 40 ? 270 : 0"))
            .encode(x=x("centre"), y=y("middle"), text="text:N"),
            alt.Chart(spans)
            .mark_text(align="left", fontSize=13, fontWeight="bold")
            .encode(x=x("left"), y=y("middle"), text="text:N"),
            alt.Chart(names)
            .mark_text(align="left", fontSize=13, fontWeight="bold")
            .encode(x=x("left"), y=y("middle"), text="text:N"),
        ),
        name="phases",
        title=title,
        subtitle=(
            "Phase of each relationship, by date and coder; the longer the bar, the later the phase. "
            "C courtship, N negotiation, S start-up, M maintenance, E ending, – none"
        ),
        description=" ".join(
            f"{DYADS[name]}: "
            + ", ".join(
                f"{row.date} {row.coder} {row.phase}" for row in drawn[drawn["pair"] == DYADS[name]].itertuples()
            )
            + "."
            for name in pairs
        ),
        source="the course's table phase_codings, after Haugevik (2007) and the course's own reading.",
        table=drawn[["pair", "date", "coder", "phase"]].set_axis(["Pair", "As of", "Coder", "Phase"], axis="columns"),
        height=62 * len(pairs) + 59,
    )
