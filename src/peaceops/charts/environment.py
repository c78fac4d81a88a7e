"""The charts of the security environment: operations, conflicts, personnel and resolutions over time."""

import altair as alt
import pandas as pd

from peaceops import operations as ops
from peaceops.charts._finish import finish
from peaceops.datasets import AS_OF

_UN_SOURCE = "the course's table operations, after the United Nations' list of peacekeeping operations."
# The first UN operation began in 1948; the last year drawn is the last whole one of this edition.
_FIRST, _LAST = 1948, int(AS_OF[:4]) - 1


def periods(operations):
    """Draw the operations by year of start, with a border between two periods that the reader moves.

    Parameters
    ----------
    operations : pandas.DataFrame
        UN peacekeeping operations, as `peaceops.operations.un_peacekeeping` gives them: ``acronym``, ``name``,
        ``start_date``.

    Returns
    -------
    altair.LayerChart
        One block per operation, sliders for the border and for the last year counted, and a choice of the
        period that the border year belongs to. The counts follow in the chart and in the parameter ``announcement``.
    """
    first, last = _FIRST, _LAST
    began = ops.started_between(operations, first, last).sort_values("start_date", kind="stable")
    blocks = pd.DataFrame(
        {
            "year": began["start_date"].dt.year,
            "began": began["start_date"].dt.strftime("%B %Y"),
            "operation": began["acronym"] + ", " + began["name"],
        }
    )
    # A gap between the blocks makes them countable.
    blocks["floor"] = blocks.groupby("year").cumcount() + 0.06
    blocks["top"] = blocks["floor"] + 0.88
    # Operations begun up to and including each year: one look-up per count, so the text follows the sliders at once.
    upto = [int((blocks["year"] <= year).sum()) for year in range(first, last + 1)]

    border = alt.param("border", value=1988, bind=alt.binding_range(min=1970, max=2000, step=1, name="Border year"))
    end = alt.param("last", value=1993, bind=alt.binding_range(min=1988, max=last, step=1, name="Last year counted"))
    rule = alt.param(
        "rule",
        value="earlier",
        bind=alt.binding_radio(
            options=["earlier", "later", "both"],
            labels=["the earlier period", "the later period", "both, as the printed years say"],
            name="Operations begun in the border year belong to",
        ),
    )
    # A border behind the last year counted is the last year counted.
    place = alt.param("place", expr="min(border, last)")
    total = alt.param("total", expr=f"{upto}[last - {first}]")
    before = alt.param("before", expr=f"{upto}[place - {first} - 1]")
    through = alt.param("through", expr=f"{upto}[place - {first}]")
    earlier = alt.param("earlier", expr="rule == 'later' ? before : through")
    later = alt.param("later", expr="rule == 'earlier' ? total - through : total - before")
    verdict = alt.param(
        "verdict",
        expr="earlier + later == total ? 'Sum ' + total + ': each counted once'"
        " : 'Sum ' + (earlier + later) + ' of ' + total + ' operations: '"
        " + (earlier + later - total) + ' counted twice'",
    )
    announcement = alt.param(
        "announcement",
        expr="'Border ' + place + ', counted to ' + last + '. Earlier period: ' + earlier"
        " + '. Later period: ' + later + '. ' + verdict + '.'",
    )

    side = (
        "datum.year > last ? 'Not counted' : datum.year < place || (datum.year == place && rule == 'earlier')"
        " ? 'Earlier period' : datum.year > place || rule == 'later' ? 'Later period' : 'In both'"
    )
    order = ["Earlier period", "Later period", "In both", "Not counted"]
    x = alt.X(
        "year:O",
        title=None,
        scale=alt.Scale(domain=list(range(first, last + 1))),
        axis=alt.Axis(values=list(range(first // 10 * 10 + 10, last + 1, 10)), labelAngle=0),
    )
    bars = (
        alt.Chart()
        .transform_calculate(side=side)
        .mark_bar(cornerRadius=1)
        .encode(
            x=x,
            y=alt.Y("floor:Q", title=None, axis=alt.Axis(tickMinStep=1), scale=alt.Scale(domain=[0, 9])),
            y2="top:Q",
            # The palette's sixth colour is grey.
            color=alt.Color("side:N", scale=alt.Scale(domain=[*order[:3], " ", "  ", order[3]]))
            .legend(values=order, offset=56)
            .title(None),
            tooltip=[alt.Tooltip("operation:N", title="Operation"), alt.Tooltip("began:N", title="Began")],
        )
    )
    # Drawn over years, not over operations: the border also stands in a year in which none began.
    years = alt.sequence(first, last + 1, as_="year")
    mark = alt.Chart(years).transform_filter("datum.year == place").mark_rule(strokeDash=[4, 3]).encode(x=x)

    def label(text, dy, size, weight):
        return (
            alt.Chart(alt.Data(values=[{}]))
            .mark_text(align="left", fontSize=size, fontWeight=weight, text=alt.expr(text))
            .encode(x=alt.value(0), y=alt.value(dy))
        )

    labels = [
        label("'Earlier period ' + earlier + ' · Later period ' + later", -36, 18, 600),
        label("verdict", -16, 13, "normal"),
    ]
    chart = alt.layer(mark, bars, *labels, data=blocks).add_params(
        border, end, rule, place, total, before, through, earlier, later, verdict, announcement
    )
    table = blocks[["began", "operation"]].rename(columns={"began": "Began", "operation": "Operation"})
    return finish(
        chart,
        name="periods",
        title="Where does 1988 belong? Move the border and the counts follow",
        subtitle=f"UN peacekeeping operations by year of start, {first} to {last}; one block is one operation",
        description=(
            f"Each UN peacekeeping operation begun from {first} to {last} is a block above its year of start. "
            "Two sliders set the border year and the last year counted, a choice sets the period the border year belongs "
            "to, and the counts of the two periods follow. With 1988 in both periods, as the years in Bubna's table "
            "say, the two counts add up to more operations than there were."
        ),
        source=_UN_SOURCE,
        table=table,
        height=240,
    )


def operations_over_time(operations):
    """Draw how many operations ran at the end of each year, and how many began.

    Parameters
    ----------
    operations : pandas.DataFrame
        UN peacekeeping operations, as `peaceops.operations.un_peacekeeping` gives them.

    Returns
    -------
    altair.LayerChart
        Bars for operations begun in the year, a line for operations running on 31 December.
    """
    first, last = _FIRST, _LAST
    counts = ops.per_year(operations, first, last)
    long = counts.melt("year", ["running_at_year_end", "began"], "measure", "operations")
    long["measure"] = long["measure"].map(
        {"running_at_year_end": "Running on 31 December", "began": "Begun in the year"}
    )
    base = alt.Chart(long).encode(
        x=_year_axis(first, last),
        y=alt.Y("operations:Q", title=None),
        color=alt.Color("measure:N", scale=alt.Scale(domain=["Running on 31 December", "Begun in the year"])),
        tooltip=[alt.Tooltip("year:Q", title="Year"), "measure:N", "operations:Q"],
    )
    bars = base.transform_filter("datum.measure == 'Begun in the year'").mark_bar(
        size=alt.expr("max(1.5, width / 130)")
    )
    line = base.transform_filter("datum.measure != 'Begun in the year'").mark_line(interpolate="step-after")
    top = counts.loc[counts["running_at_year_end"].idxmax()]
    return finish(
        alt.layer(bars, line),
        name="operations-over-time",
        title=(
            f"From {counts.set_index('year').at[1987, 'running_at_year_end']} to {top['running_at_year_end']}: "
            f"UN operations multiplied between 1987 and {top['year']}"
        ),
        subtitle="Number of UN peacekeeping operations running at the end of each year, and begun in it",
        description=(
            f"Operations running at the end of the year: {_at(counts, 'running_at_year_end', [1960, 1987, 1994, 2025])}. "
            f"The largest number, {top['running_at_year_end']}, was reached in {top['year']}."
        ),
        source=_UN_SOURCE,
        table=counts.rename(
            columns={
                "year": "Year",
                "began": "Begun",
                "ended": "Ended",
                "ran": "Ran during the year",
                "running_at_year_end": "Running on 31 December",
            }
        ),
    )


def conflicts_by_type(indicators):
    """Draw the state-based armed conflicts of each year by type.

    Parameters
    ----------
    indicators : pandas.DataFrame
        Rows of the table ``indicators``; those whose ``indicator`` begins with ``conflicts_`` are used.

    Returns
    -------
    altair.LayerChart
        Stacked areas, in conflicts, with the end of 1988 marked.
    """
    first, last = _known(indicators, "conflicts_interstate")
    names = {
        "conflicts_interstate": "Between states",
        "conflicts_intrastate": "Within a state",
        "conflicts_internationalised": "Within a state, with foreign troops",
        "conflicts_extrasystemic": "Colonial",
    }
    # The palette's second, warm colour goes to the conflicts that the chart is about.
    shown = [names[f"conflicts_{kind}"] for kind in ("intrastate", "interstate", "internationalised", "extrasystemic")]
    long = _select(indicators, names, first, last)
    wide = long.pivot(index="year", columns="series", values="value")[list(names.values())]
    share = wide["Between states"] / wide.sum(axis=1)
    until_1988 = share.loc[:1988]
    end = alt.Chart(pd.DataFrame({"year": [1988.5], "label": ["end of 1988"]})).encode(x="year:Q")
    areas = (
        alt.Chart(long)
        .mark_area(interpolate="step")
        .encode(
            x=_year_axis(first, last),
            y=alt.Y("value:Q", title=None).stack("zero"),
            color=alt.Color("series:N", scale=alt.Scale(domain=shown)),
            order=alt.Order("rank:Q"),
            tooltip=[
                alt.Tooltip("year:Q", title="Year"),
                "series:N",
                alt.Tooltip("value:Q", title="Conflicts"),
            ],
        )
    )
    return finish(
        alt.layer(
            areas,
            end.mark_rule(strokeDash=[4, 3]),
            end.mark_text(align="right", dx=-6, y=4).encode(text="label:N"),
        ),
        name="conflicts-by-type",
        title="Conflicts between states were the exception in the Cold War too",
        subtitle="Number of state-based armed conflicts active in each year, by type",
        description=(
            f"In no year from {until_1988.index[0]} to 1988 were conflicts between states more than "
            f"{until_1988.max():.0%} of all state-based conflicts; on average they were {until_1988.mean():.0%}. "
            f"From 1989 to {share.index[-1]} the average was {share.loc[1989:].mean():.0%}."
        ),
        source="UCDP/PRIO Armed Conflict Dataset, version 25.1; the course's table indicators.",
        table=_whole(wide.reset_index().rename(columns={"year": "Year"})),
    )


def personnel(indicators):
    """Draw the uniformed personnel of UN peacekeeping operations.

    Parameters
    ----------
    indicators : pandas.DataFrame
        Rows of the table ``indicators``; those with the indicator ``un_personnel`` are used.

    Returns
    -------
    altair.LayerChart
        A line, in persons, with the two peaks named.
    """
    first, last = _known(indicators, "un_personnel")
    people = _select(indicators, {"un_personnel": "Uniformed personnel"}, first, last)
    value = people.set_index("year")["value"]
    peaks = people[people["year"].isin([value.loc[1990:1999].idxmax(), value.loc[2000:].idxmax()])].assign(
        label=lambda rows: [f"{year}: {number:,.0f}" for year, number in zip(rows["year"], rows["value"], strict=True)]
    )
    line = (
        alt.Chart(people)
        .mark_line()
        .encode(
            x=_year_axis(first, last),
            y=alt.Y("value:Q", title=None, axis=alt.Axis(format=",.0f")),
            tooltip=[
                alt.Tooltip("year:Q", title="Year"),
                alt.Tooltip("value:Q", title="Persons", format=",.0f"),
            ],
        )
    )
    marks = alt.Chart(peaks).encode(x="year:Q", y="value:Q")
    return finish(
        alt.layer(line, marks.mark_point(), marks.mark_text(align="right", dx=-8, dy=-4).encode(text="label:N")),
        name="personnel",
        title="No single turning point: peacekeepers rose to 1993, fell, and rose again from 1999",
        subtitle="Uniformed personnel in UN peacekeeping operations, in persons, December of each year (1998: November)",
        description=(
            "Uniformed personnel in thousands: "
            + ", ".join(f"{year} {value[year] / 1000:.1f}" for year in (1987, 1993, 1998, 2000, 2009, 2015, last))
            + "."
        ),
        source=(
            "Our World in Data after the United Nations (1992 on) and Global Policy Forum (before; rounded); "
            "no figure after 2021 in the copy used."
        ),
        table=_whole(people[["year", "value"]].rename(columns={"year": "Year", "value": "Persons"})),
    )


def resolutions_over_time(indicators):
    """Draw the share of Council resolutions that act under Chapter VII and that name a regional organization.

    Parameters
    ----------
    indicators : pandas.DataFrame
        Rows of the table ``indicators``; those whose ``indicator`` begins with ``resolutions`` are used.

    Returns
    -------
    altair.Chart
        Two lines: five-year shares, in per cent of all resolutions of the five years that end with the year.
    """
    first, last = _known(indicators, "resolutions")
    names = {"resolutions": "All", "resolutions_chapter_7": "act", "resolutions_regional": "name"}
    wide = _select(indicators, names, first, last).pivot(index="year", columns="series", values="value").astype(float)
    sums = wide.rolling(5, min_periods=5).sum()
    labels = {"act": "Act under Chapter VII", "name": "Name a regional organization"}
    shares = (
        pd.DataFrame({text: 100 * sums[column] / sums["All"] for column, text in labels.items()})
        .dropna()
        .reset_index()
        .melt("year", var_name="series", value_name="share")
    )
    at = shares.pivot(index="year", columns="series", values="share")
    table = _whole(
        wide.reset_index().rename(
            columns={"year": "Year", "act": "Act under Chapter VII", "name": "Name a regional organization"}
        )[["Year", "All", *labels.values()]]
    )
    return finish(
        alt.Chart(shares)
        .mark_line()
        .encode(
            x=_year_axis(first, last),
            y=alt.Y("share:Q", title=None, scale=alt.Scale(domain=[0, 70])),
            color=alt.Color("series:N", scale=alt.Scale(domain=list(labels.values()))).legend(symbolType="stroke"),
            strokeDash=alt.StrokeDash("series:N", scale=alt.Scale(domain=list(labels.values()))),
            tooltip=[
                alt.Tooltip("year:Q", title="Five years to"),
                "series:N",
                alt.Tooltip("share:Q", title="Per cent", format=".0f"),
            ],
        ),
        name="resolutions-over-time",
        title="Chapter VII and regional organizations became common in the Council's texts in the 1990s",
        subtitle="Per cent of Security Council resolutions, over the five years that end with the year",
        description=". ".join(
            f"{text}: " + ", ".join(f"{at.at[year, text]:.0f} per cent in the five years to {year}" for year in years)
            for text in labels.values()
            for years in [(1988, 1993, 2007, last)]
        )
        + ".",
        source="the course's own keyword count over the texts of the resolutions (table resolutions).",
        table=table,
    )


def _known(indicators, name):
    """The first and last year for which an indicator has a figure."""
    years = indicators.loc[(indicators["indicator"] == name) & indicators["value"].notna(), "year"]
    return int(years.min()), int(years.max())


def _year_axis(first, last):
    return alt.X(
        "year:Q",
        title=None,
        scale=alt.Scale(domain=[first - 1, last + 1], nice=False),
        axis=alt.Axis(format="d", values=list(range(first // 10 * 10 + 10, last + 1, 10))),
    )


def _select(indicators, names, first, last):
    rows = indicators[indicators["indicator"].isin(names) & indicators["year"].between(first, last)].dropna(
        subset="value"
    )
    return pd.DataFrame(
        {
            "year": rows["year"].astype(int),
            "series": rows["indicator"].map(names).astype(str),
            "rank": rows["indicator"].map({name: rank for rank, name in enumerate(names)}).astype(int),
            "value": rows["value"].astype(float),
        }
    )


def _at(counts, column, years):
    values = counts.set_index("year")[column]
    return ", ".join(f"{year} {values[year]}" for year in years if year in values.index)


def _whole(frame):
    return frame.astype({column: "Int64" for column in frame.columns if column != "Year"}).astype({"Year": int})
