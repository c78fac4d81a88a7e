"""The charts of the frameworks: who answers to whom, who codes what, when each relationship lasted."""

import itertools
import textwrap

import altair as alt
import pandas as pd

from peaceops import frameworks
from peaceops.charts._finish import finish
from peaceops.datasets import AS_OF, split_list

_LINES = {  # a kind of line, as a noun and as it is said: nouns do for one body and for many
    "mandates": ("mandate", "Mandate from {0} to {1}"),
    "commands": ("command", "Command from {0} to {1}"),
    "coordinates": ("coordination", "Coordination between {0} and {1}"),
    "supports": ("support", "Support from {0} to {1}"),
    "hands_over": ("hand-over", "Hand-over from {0} to {1}"),
}
_DASHES = {"mandate": [9, 3], "command": [1, 0], "coordination": [2, 3], "support": [4, 4], "hand-over": [12, 3, 2, 3]}
_DOWNWARD = ("mandates", "commands")
_LABELS = {name: label for name, (label, _) in frameworks.FRAMEWORKS.items()}
_HALF = 0.28  # of a box's height, in levels
_WIDE = 0.42  # half of a box's width, in columns
_BESIDE = 3  # boxes that have room side by side on a phone


def chain_of_command(lines, title):
    """Draw who answers to whom in one case.

    Parameters
    ----------
    lines : pandas.DataFrame
        Rows of the table ``command_lines`` of one case: ``case_id``, ``upper``, ``upper_organization``, ``lower``,
        ``lower_organization``, ``line``, ``sources``.
    title : str
        What the drawing shows, as a sentence.

    Returns
    -------
    altair.LayerChart
        A box per body, its border in the colour of its organization; a line per row, its dash by kind.
    """
    placed = _placed(lines)
    _, ends = _ends(lines, placed)
    bodies = pd.DataFrame(placed.values())
    # Narrow enough for three boxes beside each other on a phone.
    names = [textwrap.wrap(body, 13, break_long_words=False) for body in bodies["body"]]
    bodies = bodies.assign(label=["\n".join(rows) for rows in names], rows=[len(rows) for rows in names])
    kinds = [noun for noun, _ in _LINES.values() if noun in set(ends["kind"])]
    organizations = sorted(set(bodies["organization"]), key=lambda name: (name != "UN", name))
    columns, size = alt.expr("width < 420 ? 2 : 5"), alt.expr("width < 420 ? 11 : 12")
    colours, legend = alt.Scale(domain=organizations), alt.Legend(columns=columns, orient="bottom")
    across = alt.Scale(domain=[0, 1], nice=False)
    down = alt.Scale(domain=[bodies["y"].min() - 0.4, bodies["y"].max() + 0.4], nice=False)
    x, y = (
        (lambda name: alt.X(f"{name}:Q", axis=None, scale=across)),
        (lambda name: alt.Y(f"{name}:Q", axis=None, scale=down)),
    )
    span = 0.8 - bodies["y"].min()
    turn = f"atan2((datum.from_y - datum.to_y) * height / {span}, (datum.to_x - datum.from_x) * width) * 180 / PI"
    boxes = (
        alt.Chart(bodies)
        .mark_rect(fillOpacity=0.12, strokeWidth=2, cornerRadius=3)
        .encode(
            x=x("left"),
            x2="right",
            y=y("top"),
            y2="bottom",
            fill=alt.Fill("organization:N", scale=colours, legend=legend),
            stroke=alt.Stroke("organization:N", scale=colours, legend=legend),
            tooltip=[alt.Tooltip("body:N", title="Body"), alt.Tooltip("organization:N", title="Organization")],
        )
    )
    rules = (
        alt.Chart(ends)
        .mark_rule(strokeWidth=1.8)
        .encode(
            x=x("from_x"),
            x2="to_x",
            y=y("from_y"),
            y2="to_y",
            strokeDash=alt.StrokeDash(
                "kind:N",
                scale=alt.Scale(domain=kinds, range=[_DASHES[kind] for kind in kinds]),
                legend=alt.Legend(symbolType="stroke", symbolSize=900, symbolStrokeWidth=1.8, columns=columns),
            ),
            tooltip=[alt.Tooltip("sentence:N", title="Line"), alt.Tooltip("sources:N", title="Source")],
        )
    )
    heads = (
        alt.Chart(ends[ends["head"] != ""])
        .transform_calculate(turn=turn)
        .mark_text(fontSize=13, baseline="middle", align="right")
        .encode(x=x("to_x"), y=y("to_y"), text="head:N", angle=alt.Angle("turn:Q", scale=None))
    )
    # A name of several lines is centred by moving it up by half of the further ones.
    names = [
        alt.Chart(rows)
        .mark_text(lineBreak="\n", fontSize=size, lineHeight=14, baseline="middle", dy=-7 * (number - 1))
        .encode(x=x("x"), y=y("y"), text="label:N")
        for number, rows in bodies.groupby("rows")
    ]
    table = lines[["upper", "line", "lower", "sources"]].assign(line=[_LINES[line][0] for line in lines["line"]])
    return finish(
        alt.layer(boxes, rules, heads, *names),
        name="chain-of-command-" + lines["case_id"].iloc[0],
        title=title,
        subtitle="Boxes are bodies, in the colour of their organization; lines say who answers to whom",
        description=". ".join(ends["sentence"]) + ".",
        source="the course's table command_lines, which names the instrument for each line.",
        table=table.rename(columns={"upper": "From", "line": "Line", "lower": "To", "sources": "Source"}),
        height=int(1 - bodies["y"].min()) * 92,
    )


def _ends(lines, at):
    """Find where each line joins its two boxes so that it passes no other, and what that costs: slants, crossings."""
    pairs = [tuple(sorted(pair)) for pair in zip(lines["upper"], lines["lower"], strict=True)]
    quarter = 0.25 / _WIDE  # of a column: at both ends it sets a line upright between boxes half a column apart
    drawn, rows, total = {}, [None] * len(pairs), 0
    # A line that can stand upright does; the others go round it.
    for _, number in sorted((round(abs(at[a]["x"] - at[b]["x"]), 6), n) for n, (a, b) in enumerate(pairs)):
        upper, lower, kind = (lines[name].iloc[number] for name in ("upper", "lower", "line"))
        boxes = [line for body in at for line in _diagonals(at[body], 0 if body in (upper, lower) else 0.015)]
        twins = [place for place, pair in enumerate(pairs) if pair == pairs[number]]
        alone, apart = itertools.product((0, -quarter, quarter), repeat=2), twins.index(number) - (len(twins) - 1) / 2
        costs = {}
        for shifts in alone if len(twins) == 1 else [(apart, apart)]:
            for start, end in _joints(at[upper], at[lower], shifts, kind in _DOWNWARD):
                line = (*start, *end)
                hidden = sum({start, end} == {other[:2], other[2:]} for other in drawn.values())
                costs[line] = 100 * (_crossed(line, boxes) + hidden) + 10 * _crossed(line, drawn.values())
                costs[line] += 4 * abs(start[0] - end[0]) + abs(start[1] - end[1])
                costs[line] += sum(end == other[2:] for other in drawn.values())
        drawn[number] = min(costs, key=costs.get)
        total += costs[drawn[number]]
        noun, sentence = _LINES[kind]
        head = "" if kind == "coordinates" else "►"
        rows[number] = (*drawn[number], head, noun, sentence.format(upper, lower), lines["sources"].iloc[number])
    names = ["from_x", "from_y", "to_x", "to_y", "head", "kind", "sentence", "sources"]
    return total, pd.DataFrame(rows, columns=names)


def _joints(upper, lower, shifts, order):
    """Pair the points that a line may join; an order leaves its box below and arrives above."""
    down, points = (upper["y"] > lower["y"]) - (upper["y"] < lower["y"]), []
    for box, way, shift in zip((upper, lower), (-down, down), shifts, strict=True):
        level = [(box["x"] + shift * (box["right"] - box["x"]), box["y"] + way * _HALF)] if way else []
        sides = [(box[side], box["y"] + shift * _HALF / 2) for side in ("left", "right")]
        points.append(level if order and level else level + sides)
    return itertools.product(*points)


def _diagonals(box, room):
    """A line runs through a box when it crosses one of the box's diagonals."""
    left, right, low, high = box["left"] - room, box["right"] + room, box["bottom"] - room, box["top"] + room
    return (left, low, right, high), (left, high, right, low)


def _crossed(line, others):
    """Count the lines that a line crosses; to meet at an end is not to cross."""

    def side(of, x, y):
        return (of[2] - of[0]) * (y - of[1]) - (x - of[0]) * (of[3] - of[1])

    def parts(one, other):
        return side(one, *other[:2]) * side(one, *other[2:]) < -1e-9

    return sum(parts(line, other) and parts(other, line) for other in others)


def _levels(lines, order):
    """Give every body a level: below whoever mandates or commands it, beside its counterparts where it can be."""
    down = [(row.upper, row.lower) for row in lines.itertuples() if row.line in _DOWNWARD]
    across = [(row.upper, row.lower) for row in lines.itertuples() if row.line not in _DOWNWARD]
    across += [(lower, upper) for upper, lower in across]
    level = {body: 0 for body in order if any(body in pair for pair in down)}
    for _ in level:  # as often as there are bodies: then the longest chain is counted through
        for upper, lower in down:
            level[lower] = max(level[lower], level[upper] + 1)
    for body in sorted(level, key=level.get, reverse=True):  # down to its highest counterpart, above its own inferiors
        beside = [level[other] for one, other in across if one == body and other in level]
        below = [level[lower] - 1 for upper, lower in down if upper == body]
        level[body] = max(level[body], min(beside + below)) if beside else level[body]
    ruled = dict(level)
    for body in order:  # who is in no chain stands beside its counterpart, or below where that level is full
        if body not in ruled:
            level[body] = min((ruled[other] for one, other in across if one == body and other in ruled), default=0)
            while sum(level[other] == level[body] for other in level) > _BESIDE:
                level[body] += 1
    return level


def _placed(lines):
    """Give every body a box: on its level, where the lines are short and pass few boxes and lines."""
    pairs = list(zip(lines["upper"], lines["lower"], strict=True))
    order = list(dict.fromkeys(itertools.chain(*pairs)))
    organization = dict(zip(lines["lower"], lines["lower_organization"], strict=True))
    organization |= dict(zip(lines["upper"], lines["upper_organization"], strict=True))
    level = _levels(lines, order)
    levels = [[body for body in order if level[body] == at] for at in sorted(set(level.values()))]
    widest = max(_BESIDE, *map(len, levels))
    slots = [number / widest / 2 for number in range(1, 2 * widest)]

    def box(body, x):
        y, half = -float(level[body]), _WIDE / widest
        edges = {"left": x - half, "right": x + half, "top": y + _HALF, "bottom": y - _HALF}
        return {"body": body, "organization": organization[body], "x": x, "y": y, **edges}

    def disorder(place):
        boxes = {body: _diagonals(box(body, x), -0.03) for body, x in place.items()}
        drawn, found = [], -0.01 * sum(order.index(body) * x for body, x in place.items())  # first named, further left
        for upper, lower in (pair for pair in pairs if place.keys() >= set(pair)):
            drawn.append((place[upper], -level[upper], place[lower], -level[lower]))
            passed = sum(_crossed(drawn[-1], boxes[body]) > 0 for body in place if body not in (upper, lower))
            found += widest * abs(place[upper] - place[lower]) + 2 * _crossed(drawn[-1], drawn) + 8 * passed
        for name in dict.fromkeys(organization.values()):
            own = [x for body, x in place.items() if organization[body] == name]
            found += sum(abs(x - sum(own) / len(own)) for x in own)
        return round(found, 6)

    best = [{}]  # from the top down, the twenty best ways so far; then the best of them once its lines are drawn
    for row in levels:
        ways = [
            way
            for way in itertools.permutations(slots, len(row))
            if all(abs(one - other) > 1.5 * slots[0] for one, other in itertools.combinations(way, 2))
        ]
        best = [place | dict(zip(row, way, strict=True)) for place in best for way in ways]
        best = sorted(best, key=disorder)[:20]
    middle = [(min(place.values()) + max(place.values())) / 2 for place in best]
    drawings = [{b: box(b, place[b] + 0.5 - at) for b in order} for place, at in zip(best, middle, strict=True)]
    return min(drawings, key=lambda placed: round(_ends(lines, placed)[0], 6))


def codings(cases, framework_codings):
    """Draw who codes which case how: a row per case, a column per coder.

    Parameters
    ----------
    cases : pandas.DataFrame
        Rows of the table ``cases``: ``case_id``, ``title``.
    framework_codings : pandas.DataFrame
        Rows of the table ``framework_codings``.

    Returns
    -------
    altair.LayerChart
        A tile per coding, in the colour of its framework and with its initial; no tile where a coder is silent.
    """
    rows = framework_codings.merge(cases[["case_id", "title"]], on="case_id")
    rows = rows.assign(
        source=rows["coder"].map(frameworks.CODERS),
        label=rows["framework"].map(_LABELS),
        how=rows["basis"].map({"stated": "stated there", "inferred_by_course": "inferred by the course"}),
    )
    coders = [label for label in frameworks.CODERS.values() if label in set(rows["source"])]
    # Titles stand above the tiles, where they have room on a phone too.
    number = {case: place for place, case in enumerate(cases["case_id"])}
    rows = rows.assign(
        top=rows["case_id"].map(number) + 0.45,
        bottom=rows["case_id"].map(number) + 0.92,
        middle=rows["case_id"].map(number) + 0.685,
        left=rows["source"].map(coders.index) + 0.02,
        right=rows["source"].map(coders.index) + 0.98,
        centre=rows["source"].map(coders.index) + 0.5,
    )
    across = alt.Scale(domain=[0, len(coders)], nice=False)
    down = alt.Scale(domain=[-0.9, len(cases)], nice=False, reverse=True)
    x, y = (
        (lambda name: alt.X(f"{name}:Q", axis=None, scale=across)),
        (lambda name: alt.Y(f"{name}:Q", axis=None, scale=down)),
    )
    drawn = rows[
        [
            "title",
            "source",
            "label",
            "how",
            "certainty",
            "locator",
            "top",
            "bottom",
            "middle",
            "left",
            "right",
            "centre",
        ]
    ]
    colours = alt.Scale(domain=list(_LABELS.values()))
    tiles = (
        alt.Chart(drawn)
        .mark_rect(fillOpacity=0.25, strokeWidth=2)
        .encode(
            x=x("left"),
            x2="right",
            y=y("top"),
            y2="bottom",
            fill=alt.Fill("label:N", scale=colours, legend=None),
            stroke=alt.Stroke("label:N", scale=colours, legend=None),
            tooltip=[
                alt.Tooltip("title:N", title="Case"),
                alt.Tooltip("source:N", title="Coder"),
                alt.Tooltip("label:N", title="Framework"),
                alt.Tooltip("how:N", title="Basis"),
                alt.Tooltip("certainty:N", title="Certainty"),
                alt.Tooltip("locator:N", title="Where"),
            ],
        )
    )
    words = alt.Chart(drawn).mark_text(fontSize=12).encode(x=x("centre"), y=y("middle"), text="label:N")
    heads = pd.DataFrame({"source": coders, "centre": [place + 0.5 for place in range(len(coders))], "middle": -0.5})
    heads["source"] = heads["source"].map(lambda name: "\n".join(textwrap.wrap(name, 12)))
    heads = (
        alt.Chart(heads)
        .mark_text(lineBreak="\n", fontWeight="bold", fontSize=12)
        .encode(x=x("centre"), y=y("middle"), text="source:N")
    )
    titles = pd.DataFrame(
        {"title": list(cases["title"]), "left": 0.02, "middle": [place + 0.25 for place in range(len(cases))]}
    )
    titles = (
        alt.Chart(titles)
        .mark_text(align="left", fontSize=12, limit=alt.expr("width"))
        .encode(x=x("left"), y=y("middle"), text="title:N")
    )
    wide = frameworks.by_coder(framework_codings)
    wide = cases.set_index("case_id")[["title"]].join(wide, how="inner")
    parted = int((wide.drop(columns="title").nunique(axis=1) > 1).sum())
    table = wide.rename(columns=frameworks.CODERS).rename(columns={"title": "Case"})
    return finish(
        alt.layer(tiles, words, heads, titles),
        name="codings",
        title=f"The coders part on {parted} of {len(wide)} relationships",
        subtitle="Framework that each coder gives to each case; empty where the coder is silent",
        description=" ".join(
            f"{row['title']}: "
            + ", ".join(
                f"{frameworks.CODERS[coder]} {_LABELS[row[coder]].lower()}"
                for coder in wide.columns[1:]
                if pd.notna(row[coder])
            )
            + "."
            for _, row in wide.iterrows()
        ),
        source="the course's table framework_codings, after the two papers and the mandates.",
        table=table,
        height=48 * len(wide) + 30,
    )


def timeline(cases, framework_codings):
    """Draw how long each relationship lasted, in the colour of the framework that the course gives it.

    Parameters
    ----------
    cases : pandas.DataFrame
        The table ``cases``, or a part of it.
    framework_codings : pandas.DataFrame
        The table ``framework_codings``; only the coder ``course`` is used.

    Returns
    -------
    altair.Chart
        A bar per case from start to end (running ones to the as-of date), with a choice of the theatre.
    """
    course = framework_codings[framework_codings["coder"] == "course"][["case_id", "framework"]]
    rows = cases.merge(course, on="case_id").sort_values(["start_date", "case_id"])
    rows = rows.assign(
        framework=rows["framework"].map(_LABELS),
        start=rows["start_date"].dt.strftime("%Y-%m-%d"),
        end=rows["end_date"].fillna(pd.Timestamp(AS_OF)).dt.strftime("%Y-%m-%d"),
        partners=rows["organizations"].map(lambda cell: ", ".join(split_list(cell))),
    )
    spans = rows[["title", "place", "theatre", "framework", "partners", "start", "end"]]
    theatres = sorted(set(rows["theatre"]))
    chosen = alt.param(
        "theatre",
        value="all",
        bind=alt.binding_select(options=["all", *theatres], labels=["everywhere", *theatres], name="Theatre"),
    )
    counts = {"all": len(rows), **{name: int((rows["theatre"] == name).sum()) for name in theatres}}
    announcement = alt.param("announcement", expr=f"{counts}[theatre] + ' relationships shown.'")
    y = alt.Y("title:N", axis=None, sort=list(rows["title"]))
    first = rows["start_date"].min().year
    years = alt.Scale(domain=[f"{first - 5}-01-01", AS_OF], nice=False)
    x, end = (alt.X(f"{name}:T", title=None, scale=years) for name in ("start", "end"))
    base = (
        alt.Chart(spans)
        .transform_filter("theatre == 'all' || datum.theatre == theatre")
        .encode(
            y=y,
            color=alt.Color("framework:N", scale=alt.Scale(domain=list(_LABELS.values()))),
            tooltip=["title:N", "partners:N", "framework:N", "start:T", "end:T"],
        )
    )
    # The names stand in the empty years before the bar, or after it where there are none; a phone has no room for them.
    early = f"year(toDate(datum.start)) < {first + 20}"
    names = alt.Chart(spans).transform_filter("theatre == 'all' || datum.theatre == theatre").encode(y=y)
    names = names.transform_calculate(words="width < 480 ? '' : datum.title")
    before = names.transform_filter(f"!({early})").mark_text(align="right", dx=-6, fontSize=11)
    after = names.transform_filter(early).mark_text(align="left", dx=6, fontSize=11)
    shares = rows["framework"].value_counts()
    return finish(
        alt.layer(
            # the years are set by the other layers: Vega-Lite 5 and 6 read them wrongly where there is an x2
            base.mark_bar(height=9).encode(x=alt.X("start:T", title=None), x2="end:T"),
            # a hand-over of a day is too short for a bar
            base.mark_tick(thickness=4, size=9, orient="vertical").encode(x=x),
            before.encode(x=x, text="words:N"),
            after.encode(x=end, text="words:N"),
        ).add_params(chosen, announcement),
        name="timeline",
        title="Relationships of every kind run at the same time",
        subtitle="The course's cases, from beginning to end, by the framework that the course gives them",
        description="The course codes "
        + ", ".join(f"{shares[name]} as {name.lower()}" for name in _LABELS.values() if name in shares)
        + ". The cases were chosen to teach, not drawn at random: their shares say nothing about all operations.",
        source="the course's tables cases and framework_codings.",
        table=rows[["title", "theatre", "framework", "partners", "start", "end"]].rename(
            columns={
                "title": "Case",
                "theatre": "Theatre",
                "framework": "Framework",
                "partners": "Organizations",
                "start": "Start",
                "end": "End",
            }
        ),
        height=max(120, 15 * len(rows)),
    )
