"""The charts of partnerships: who met whom in which year, and how often six of six last by chance."""

import json
import textwrap

import altair as alt
import pandas as pd

from peaceops import network as networks
from peaceops.charts._finish import finish

_FOUR = ("UN", "NATO", "EU", "AU")
# Where an organization stands, from 0 to 1 to the right and down: each where its lines pass no other.
_PLACES = {
    "UN": (0.5, 0.47),
    "NATO": (0.23, 0.27),
    "EU": (0.77, 0.27),
    "AU": (0.5, 0.86),
    "CIS": (0.36, 0.03),
    "OSCE": (0.64, 0.03),
    "ASEAN": (0.98, 0.12),
    "GFIVE": (0.98, 0.42),
    "SADC": (0.97, 0.62),
    "LCBC": (0.9, 0.82),
    "ECCAS": (0.72, 0.97),
    "ECOWAS": (0.28, 0.97),
    "OAU": (0.1, 0.86),
    "OAS": (0.03, 0.66),
    "coalition": (0.02, 0.44),
}
_SPARE = ((0.02, 0.12), (0.1, 0.0), (0.9, 0.0), (0.98, 0.27), (0.02, 0.28))
_NAMES = {"GFIVE": "G5 Sahel"}
_KINDS = ("Two of UN, NATO, EU and AU", "With another partner")
_FIRST = 1990  # where the course's own time begins
_LINE, _BESIDE = 17, 106  # pixels: from line to line of the list, and from the pairs' names to the places
_WIDE = 640  # from this width on the list stands beside the drawing instead of below it
_DRAWN = 300  # height of the drawing where it stands above its list
_MARGIN = 34  # for the names at the edges


def network(meetings):
    """Draw who worked with whom in a year that the reader chooses.

    Parameters
    ----------
    meetings : pandas.DataFrame
        As `peaceops.network.meetings` gives them; years before 1990 are left out.

    Returns
    -------
    altair.LayerChart
        The organizations at fixed places, a line between those that met in the year, thicker for more cases, and a
        list of the places; a slider for the year. The parameter ``announcement`` says the same in a sentence.

    Raises
    ------
    ValueError
        When nothing is left to draw, or when there are more organizations than places for them.
    """
    rows = meetings[meetings["year"] >= _FIRST]
    if rows.empty:
        raise ValueError(f"There is nothing to draw: no case ran in {_FIRST} or later.")
    places = _places(set(rows["first"]) | set(rows["second"]))
    pairs = _pairs(rows, places)
    first, last = _FIRST, int(pairs["year"].max())
    # The latest of the years with most pairs: there is most to see.
    counts = pairs.groupby("year").agg(pairs=("pair", "size"), cases=("cases", "sum"))
    opens = int(counts[counts["pairs"] == counts["pairs"].max()].index[-1])
    years = range(first, last + 1)
    year = alt.param("year", value=opens, bind=alt.binding_range(min=first, max=last, step=1, name="Year"))
    said = [_said(pairs[pairs["year"] == number], rows[rows["year"] == number], number) for number in years]
    heads, tails, met = zip(*said, strict=True)
    place = f"[year - {first}]"
    announcement = alt.param(
        "announcement", expr=f"{json.dumps([f'{h}. {t}' for h, t in zip(heads, tails, strict=True)])}{place}"
    )
    active = alt.param("active", expr=f"{json.dumps(met)}{place}")

    lines = int((pairs["row"] + pairs["places"].str.count("\n") + 1).max())
    height = _DRAWN + 12 + _LINE * lines
    wide = f"width >= {_WIDE}"
    across = f"{_MARGIN} + (({wide} ? 0.54 * width : width) - {2 * _MARGIN}) * "
    down = f"58 + (({wide} ? height : {_DRAWN}) - 96) * "
    dots = pd.DataFrame(
        [(name, _NAMES.get(name, name), name in _FOUR, *places[name]) for name in places],
        columns=["organization", "label", "large", "x", "y"],
    )
    x, y = (
        (lambda name: alt.X(f"{name}:Q", scale=None, axis=None)),
        (lambda name: alt.Y(f"{name}:Q", scale=None, axis=None)),
    )
    drawn = (
        alt.Chart(pairs)
        .transform_filter("datum.year == year")
        .transform_calculate(ax=across + "datum.x1", ay=down + "datum.y1", bx=across + "datum.x2", by=down + "datum.y2")
        .transform_calculate(long="sqrt(pow(datum.bx - datum.ax, 2) + pow(datum.by - datum.ay, 2))")
        # A line ends at the rim of a dot.
        .transform_calculate(
            from_x="datum.ax + (datum.bx - datum.ax) * datum.rim1 / datum.long",
            from_y="datum.ay + (datum.by - datum.ay) * datum.rim1 / datum.long",
            to_x="datum.bx - (datum.bx - datum.ax) * datum.rim2 / datum.long",
            to_y="datum.by - (datum.by - datum.ay) * datum.rim2 / datum.long",
        )
        .mark_rule(strokeCap="round")
        .encode(
            x=x("from_x"),
            y=y("from_y"),
            x2="to_x:Q",
            y2="to_y:Q",
            color=alt.Color("kind:N", scale=alt.Scale(domain=list(_KINDS))).legend(
                symbolType="stroke", symbolStrokeWidth=4
            ),
            strokeWidth=alt.StrokeWidth("thick:Q", scale=None),
            tooltip=[
                alt.Tooltip("pair:N", title="Pair"),
                alt.Tooltip("cases:Q", title="Cases"),
                alt.Tooltip("where:N", title="Where"),
            ],
        )
    )
    here = alt.Chart(dots).transform_calculate(px=across + "datum.x", py=down + "datum.y")
    on = alt.when("indexof(active, datum.organization) >= 0")
    at = {"x": x("px"), "y": y("py")}
    large, small = here.transform_filter("datum.large"), here.transform_filter("!datum.large")
    names = {"text": "label:N", "opacity": on.then(alt.value(1)).otherwise(alt.value(0.6))}
    layers = [
        drawn,
        large.mark_point(size=2300, filled=False, strokeWidth=2.5).encode(
            **at, opacity=on.then(alt.value(1)).otherwise(alt.value(0.4))
        ),
        large.mark_text(fontSize=13, fontWeight="bold").encode(**at, **names),
        small.mark_point(size=70).encode(**at, opacity=on.then(alt.value(1)).otherwise(alt.value(0.4))),
        small.transform_filter("datum.y > 0.43").mark_text(fontSize=12, dy=14).encode(**at, **names),
        small.transform_filter("datum.y <= 0.43").mark_text(fontSize=12, dy=-13).encode(**at, **names),
    ]
    left, top = f"{wide} ? 0.57 * width : 0", f"({wide} ? 40 : {_DRAWN + 12}) + {_LINE} * datum.row"
    listed = alt.Chart(pairs).transform_filter("datum.year == year")
    listed = listed.transform_calculate(px=left, qx=f"({left}) + {_BESIDE}", py=top)
    layers += [
        listed.mark_text(align="left", fontSize=12, fontWeight="bold").encode(x=x("px"), y=y("py"), text="name:N"),
        listed.mark_text(align="left", fontSize=12, lineBreak="\n", lineHeight=_LINE).encode(
            x=x("qx"), y=y("py"), text="places:N"
        ),
        alt.Chart(alt.Data(values=[{}]))
        .mark_text(align="left", fontSize=18, fontWeight=600, text=alt.expr(f"{json.dumps(heads)}{place}"))
        .encode(x=alt.value(0), y=alt.value(6)),
    ]
    most = pairs.groupby("pair")["year"].nunique().sort_values(ascending=False, kind="stable")
    return finish(
        alt.layer(*layers).add_params(year, announcement, active),
        name="network",
        title=f"In {opens} the course's cases joined {counts['pairs'].max()} pairs of organizations: move the year",
        subtitle=(
            "Organizations that met in a case of the course, and where; the thicker a line, the more cases. "
            "A coalition is states acting together, or one state; ?: nobody has confirmed when this ended"
        ),
        description=(
            f"Organizations at fixed places, a line between two that met in a case in the year chosen, {first} to {last}. "
            f"{heads[opens - first]}. {tails[opens - first]} "
            f"Most years together: {', '.join(f'{pair} {count}' for pair, count in most.head(3).items())}. "
            "The cases were chosen to teach: no line means no case in the course, not that the two did nothing together."
        ),
        source="the course's table cases.",
        table=_table(rows),
        height=height,
    )


def _places(organizations):
    """Give each organization its place; one without a place of its own takes a spare one."""
    strangers = sorted(organizations - _PLACES.keys())
    if len(strangers) > len(_SPARE):
        raise ValueError(f"There is no place left for {strangers[-1]}: give it one in _PLACES.")
    placed = _PLACES | dict(zip(strangers, _SPARE, strict=False))
    return {name: at for name, at in placed.items() if name in organizations}


def _label(first, second):
    """Name a pair as the papers do: the UN first, then NATO, the EU and the AU."""
    order = [*_FOUR, *(name for name in (first, second) if name not in _FOUR)]
    one, other = sorted((first, second), key=order.index)
    return f"{_NAMES.get(one, one)}–{_NAMES.get(other, other)}"


def _pairs(rows, places):
    """Prepare the lines and the list: a row per year and pair."""
    pairs = networks.by_year(rows)
    sides = pairs[["first", "second"]]
    pairs["pair"] = [_label(first, second) for first, second in sides.itertuples(index=False)]
    four = sides.isin(_FOUR).all(axis=1)
    pairs["kind"] = four.map(lambda known: _KINDS[not known])
    pairs["name"] = pairs["pair"] + pairs["cases"].map(lambda count: f" ×{count}" if count > 1 else "")
    pairs["where"] = pairs["places"]
    pairs["places"] = ["\n".join(textwrap.wrap(cell.replace("; ", " · "), 31)) for cell in pairs["places"]]
    pairs["thick"] = (1 + 2.5 * pairs["cases"]).clip(upper=16)
    for end in ("1", "2"):
        side = pairs["first" if end == "1" else "second"]
        pairs["x" + end], pairs["y" + end] = (side.map(lambda name, way=way: places[name][way]) for way in (0, 1))
        pairs["rim" + end] = side.map(lambda name: 29 if name in _FOUR else 7)
    pairs = pairs.assign(other=~four).sort_values(
        ["year", "other", "cases", "pair"], ascending=[True, True, False, True]
    )
    tall = pairs["places"].str.count("\n") + 1
    pairs["row"] = tall.groupby(pairs["year"]).cumsum() - tall
    return pairs.drop(columns=["first", "second", "other"])


def _said(pairs, rows, year):
    """Say a year in words: a heading, the pairs and places, and who met anyone."""
    if pairs.empty:
        return f"{year}: no case", "No two organizations met in a case of the course.", []
    cases = rows["case_id"].nunique()
    count = "1 pair" if len(pairs) == 1 else f"{len(pairs)} pairs"
    met = sorted(set(rows["first"]) | set(rows["second"]))
    tail = "; ".join(f"{row.pair} in {row.where.replace('; ', ' and ')}" for row in pairs.itertuples())
    return f"{year}: {count} in {cases} case{'s' * (cases > 1)}", f"{tail}.", met


def _table(rows):
    """Lay out the meetings for a reader: a row per case and pair."""
    by_case = rows.groupby(["case_id", "first", "second"], sort=False)
    spans = by_case.agg(title=("title", "first"), place=("place", "first"), start=("year", "min"), end=("year", "max"))
    spans = spans.reset_index().sort_values(["start", "case_id"], kind="stable")
    spans["pair"] = [_label(first, second) for first, second in spans[["first", "second"]].itertuples(index=False)]
    columns = {"pair": "Pair", "title": "Case", "place": "Place", "start": "First year drawn", "end": "Last year drawn"}
    return spans[list(columns)].rename(columns=columns)


def paths(grid):
    """Draw in how many worlds all partnerships last, by the chance that one ends.

    Parameters
    ----------
    grid : pandas.DataFrame
        As `peaceops.paths.grid` gives it, with the returns 0 among others, and with 1 %, 2 % and so on among the chances.

    Returns
    -------
    altair.LayerChart
        A line for each strength of increasing returns (exact) and dots (simulated), both in per cent of worlds, over
        the chance of ending in the first year in per cent; inputs for that chance, the years and the strength. The
        parameter ``announcement`` reads the chart at the chance chosen.

    Raises
    ------
    ValueError
        When the returns 0, or the whole per cents, are missing.
    """
    rows = _percent(grid)
    whole = sorted({int(value) for value in rows["percent"] if value == int(value)})
    if 0 not in set(grid["returns"]) or not whole or whole != list(range(whole[0], whole[-1] + 1)):
        raise ValueError("The grid needs the returns 0, and chances of 1 %, 2 % and so on without a gap.")
    count, worlds = int(grid["partnerships"].iloc[0]), int(grid["worlds"].iloc[0])
    all_last = {6: "six of six"}.get(count, f"{count} of {count}")
    strengths = list(dict.fromkeys(rows.loc[grid["returns"].sort_values().index, "strength"]))
    spans = sorted({int(value) for value in rows["years"]})
    opens = 17 if 17 in spans else spans[0]
    chance = alt.param(
        "chance",
        value=whole[0],
        bind=alt.binding_range(min=whole[0], max=whole[-1], step=1, name="Chance of ending in the first year, %"),
    )
    years = alt.param(
        "years", value=opens, bind=alt.binding_select(options=spans, labels=[str(n) for n in spans], name="Years")
    )
    shown = alt.param(
        "shown",
        value="all",
        bind=alt.binding_select(options=["all", *strengths], labels=["all", *strengths], name="Increasing returns"),
    )
    # One look-up for each strength: the text follows the inputs at once.
    at = rows[rows["percent"].isin(whole)].set_index(["years", "strength", "percent"])["exact"]
    found = {str(n): {s: [round(at[n, s, float(w)]) for w in whole] for s in strengths} for n in spans}
    reading = alt.param("reading", expr=f"{json.dumps(found)}[years]")
    place = f"[chance - {whole[0]}]"
    value = {strength: f"reading[{json.dumps(strength)}]{place}" for strength in strengths}
    others = [strength for strength in strengths if strength != "none"]
    plain = f"'No increasing returns: ' + {value['none']} + ' of 100 worlds'"
    announcement = alt.param(
        "announcement",
        expr=f"'With a chance of ' + chance + ' per cent that a partnership ends in its first year, {all_last} last ' + years"
        f" + ' years in ' + {value['none']} + ' of 100 worlds without increasing returns"
        + "".join(f"; with returns of {s} in ' + {value[s]} + '" for s in others)
        + ".'",
    )
    least, most = rows["percent"].min(), rows["percent"].max()
    ticks = [tick for tick in (0.5, 1, 2, 5, 10, 20, 50, 100) if least <= tick <= most]
    x = alt.X(
        "percent:Q",
        title="Chance of ending in the first year, %",
        scale=alt.Scale(type="log", domain=[least, most], nice=False),
        axis=alt.Axis(values=ticks, format="~g"),
    )
    y = alt.Y("exact:Q", title=None, scale=alt.Scale(domain=[0, 100]), axis=alt.Axis(values=[0, 25, 50, 75, 100]))
    colour = alt.Color("strength:N", scale=alt.Scale(domain=strengths), legend=None)
    faint = "shown == 'all' || datum.strength == shown"
    base = alt.Chart(rows).transform_filter("datum.years == years")
    fading = alt.when(faint).then(alt.value(1)).otherwise(alt.value(0.15))
    tips = [
        alt.Tooltip("strength:N", title="Increasing returns"),
        alt.Tooltip("percent:Q", title="Chance in the first year, %"),
        alt.Tooltip("years:Q", title="Years"),
        alt.Tooltip("exact:Q", title="Exact, %", format=".1f"),
        alt.Tooltip("simulated:Q", title="Simulated, %", format=".1f"),
    ]
    # The corner above the lines is empty: there the lines' names stand in the lines' order, each with its reading.
    named = pd.DataFrame({"strength": strengths[::-1], "down": [97 - 6.2 * rank for rank in range(len(strengths))]})
    named = alt.Chart(named).transform_calculate(
        said=f"(datum.strength == 'none' ? 'no returns' : 'returns of ' + datum.strength) + ': ' + reading[datum.strength]{place}"
    )
    level = alt.Y("down:Q", title=None)
    layers = [
        base.mark_line().encode(x=x, y=y, color=colour, opacity=fading),
        base.mark_point(size=18, opacity=1).encode(
            x=x, y=alt.Y("simulated:Q"), color=colour, opacity=fading, tooltip=tips
        ),
        base.transform_filter(f"datum.percent == chance && datum.strength == {json.dumps(strengths[-1])}")
        .mark_rule(strokeDash=[4, 3])
        .encode(x=x, y=y, y2=alt.value("height")),
        base.transform_filter("datum.percent == chance")
        .mark_point(size=110, strokeWidth=2.5, filled=False)
        .encode(x=x, y=y, color=colour, opacity=fading, tooltip=tips),
        named.mark_point(shape="stroke", size=300, strokeWidth=3, filled=False).encode(
            x=alt.value({"expr": "width - 124"}),
            y=level,
            stroke=alt.Stroke("strength:N", scale=alt.Scale(domain=strengths), legend=None),
            opacity=fading,
        ),
        named.mark_text(align="left").encode(
            x=alt.value({"expr": "width - 108"}),
            y=level,
            text="said:N",
            opacity=alt.when(faint).then(alt.value(1)).otherwise(alt.value(0.6)),
        ),
        alt.Chart(alt.Data(values=[{}]))
        .mark_text(align="left", fontSize=16, fontWeight=600, text=alt.expr(plain))
        .encode(x=alt.value(0), y=alt.value(-18)),
    ]
    table = rows.pivot(index=["strength", "percent"], columns="years", values=["exact", "simulated"]).round(1)
    table = table.reindex(strengths, level="strength").swaplevel(axis="columns")[spans]
    table.columns = [f"{n} years, {what}, %" for n, what in table.columns]
    none = found[str(opens)]["none"][0]
    return finish(
        alt.layer(*layers).add_params(chance, years, shown, reading, announcement),
        name="paths",
        title=f"{all_last.capitalize()} is no proof of path dependence where endings are rare anyway",
        subtitle=(
            f"Per cent of imagined worlds in which {all_last} partnerships last. With returns of 1, a year together halves "
            f"the chance of ending, two years divide it by three. Lines: exact, dots: {worlds:,} worlds simulated"
        ),
        description=(
            f"With a chance of ending of {whole[0]} per cent a year and no increasing returns at all, {all_last} "
            f"partnerships last {opens} years in {none} of 100 worlds"
            + "".join(f", with returns of {s} in {found[str(opens)][s][0]}" for s in others)
            + f". At {whole[-1]} per cent it is {found[str(opens)]['none'][-1]}"
            + "".join(f", {found[str(opens)][s][-1]}" for s in others)
            + ". Returns of 1 mean that one year together halves the chance of ending, two years divide it by three."
        ),
        source="computed by peaceops.paths, an urn model after Arthur (1989, 1994) and Pierson (2000); no observed data.",
        table=table.rename_axis(["Increasing returns", "Chance in the first year, %"]).reset_index(),
        height=320,
    )


def _percent(grid):
    """Turn shares into per cent and name the strengths."""
    return pd.DataFrame(
        {
            "strength": grid["returns"].map(lambda value: f"{value:g}" if value else "none").astype(str),
            "years": grid["years"].astype(int),
            "percent": (100 * grid["chance"]).round(6),
            "exact": (100 * grid["exact"]).round(2),
            "simulated": (100 * grid["simulated"]).round(2),
        }
    )
