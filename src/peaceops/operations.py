"""Which operations ran when, how many began, and what came after them."""

import itertools

import pandas as pd


def un_peacekeeping(operations):
    """Keep the UN's peacekeeping operations: the one kind of which the table has every operation.

    Parameters
    ----------
    operations : pandas.DataFrame
        Rows of the table ``operations``: ``kind``.

    Returns
    -------
    pandas.DataFrame
        The rows whose ``kind`` is ``un_peacekeeping``.

    Examples
    --------
    >>> from peaceops import load
    >>> len(un_peacekeeping(load("operations")))
    71
    """
    return operations[operations["kind"] == "un_peacekeeping"]


def active_at(operations, date):
    """Keep the operations that ran on a day.

    Parameters
    ----------
    operations : pandas.DataFrame
        Rows of the table ``operations``: ``start_date`` and ``end_date``, the end missing while one runs.
    date : str or datetime-like
        The day.

    Returns
    -------
    pandas.DataFrame
        The rows that had started by that day and had not ended before it.

    Examples
    --------
    >>> from peaceops import load
    >>> list(active_at(un_peacekeeping(load("operations")), "1950-01-01")["acronym"])
    ['UNTSO', 'UNMOGIP']
    """
    date = pd.Timestamp(date)
    return operations[(operations["start_date"] <= date) & ~(operations["end_date"] < date).fillna(False)]


def started_between(operations, first, last):
    """Keep the operations that began in a span of years.

    Parameters
    ----------
    operations : pandas.DataFrame
        Rows of the table ``operations``.
    first, last : int
        First and last calendar year, both counted in.

    Returns
    -------
    pandas.DataFrame
        The rows whose ``start_date`` falls in the span.

    Raises
    ------
    ValueError
        When the last year lies before the first.

    Examples
    --------
    >>> from peaceops import load
    >>> len(started_between(un_peacekeeping(load("operations")), 1948, 1987))
    13
    """
    if last < first:
        raise ValueError(f"The last year, {last}, lies before the first, {first}.")
    return operations[operations["start_date"].dt.year.between(first, last)]


def per_year(operations, first, last):
    """Count, for each year, the operations that began, ended and ran.

    Parameters
    ----------
    operations : pandas.DataFrame
        Rows of the table ``operations``.
    first, last : int
        First and last calendar year, both counted in.

    Returns
    -------
    pandas.DataFrame
        One row per year: ``year``, ``began``, ``ended``, ``ran`` (on at least one day of the year) and
        ``running_at_year_end`` (on 31 December); all in operations.

    Examples
    --------
    >>> from peaceops import load
    >>> per_year(un_peacekeeping(load("operations")), 1948, 1948)["began"].item()
    1
    """
    years = pd.Index(range(first, last + 1), name="year")
    starts, ends = operations["start_date"].dt.year, operations["end_date"].dt.year.fillna(9999)
    return pd.DataFrame(
        {
            "began": [int((starts == year).sum()) for year in years],
            "ended": [int((ends == year).sum()) for year in years],
            "ran": [int(((starts <= year) & (ends >= year)).sum()) for year in years],
            "running_at_year_end": [len(active_at(operations, f"{year}-12-31")) for year in years],
        },
        index=years,
    ).reset_index()


def count_by_border(operations, border, rule):
    """Count the operations on both sides of a border between two periods.

    Parameters
    ----------
    operations : pandas.DataFrame
        Rows of the table ``operations``.
    border : int
        The year in which one period ends and the next begins.
    rule : {"earlier", "later", "both"}
        The period that operations begun in that very year belong to. ``"both"`` counts them twice.

    Returns
    -------
    tuple of int
        Operations in the earlier and in the later period.

    Raises
    ------
    ValueError
        For another rule.

    Examples
    --------
    >>> from peaceops import load
    >>> count_by_border(started_between(un_peacekeeping(load("operations")), 1948, 1993), 1988, "later")
    (13, 20)
    """
    if rule not in ("earlier", "later", "both"):
        raise ValueError(f"The rule “{rule}” is not one of: earlier, later, both.")
    year = operations["start_date"].dt.year
    earlier = year < border if rule == "later" else year <= border
    later = year > border if rule == "earlier" else year >= border
    return int(earlier.sum()), int(later.sum())


def chains(handovers):
    """Join hand-overs into chains of operations that followed one another.

    Parameters
    ----------
    handovers : pandas.DataFrame
        Rows of the table ``handovers``: ``from_operation`` and ``to_operation``.

    Returns
    -------
    list of list of str
        Each chain as operation ids from first to last, longest first. An operation with several successors, or
        several predecessors, stands in several chains.

    Raises
    ------
    ValueError
        When the hand-overs run in a circle.

    Examples
    --------
    >>> import pandas as pd
    >>> chains(pd.DataFrame({"from_operation": ["a", "b"], "to_operation": ["b", "c"]}))
    [['a', 'b', 'c']]
    """
    following = handovers.groupby("from_operation")["to_operation"].apply(list).to_dict()

    def walk(path):
        if path[-1] in path[:-1]:
            raise ValueError(f"The hand-overs run in a circle: {' → '.join(path)}.")
        ahead = following.get(path[-1], [])
        return [path] if not ahead else [chain for step in ahead for chain in walk([*path, step])]

    # Walked from every operation, so that a circle beside the chains is found too.
    walked = {first: walk([first]) for first in following}
    firsts = walked.keys() - set(handovers["to_operation"])
    return sorted((chain for first in firsts for chain in walked[first]), key=lambda chain: (-len(chain), chain))


def periods_table(periods, reading="course"):
    """Lay the cells of Bubna's Table 1 out again, one row a period.

    Parameters
    ----------
    periods : pandas.DataFrame
        Rows of the table ``periods``.
    reading : {"course", "layout"}
        Put each cell into the period that the course reads (``period``) or that the layout of the text copy
        suggests (``period_by_layout``).

    Returns
    -------
    pandas.DataFrame
        ``Period``, ``International security setting``, ``Peace operations``; cells whose place is uncertain end with
        ``(?)``.

    Raises
    ------
    ValueError
        For another reading.

    Examples
    --------
    >>> from peaceops import load
    >>> periods_table(load("periods"))["Period"].iloc[-1]
    'Post 9/11'
    """
    columns = {"course": "period", "layout": "period_by_layout"}
    if reading not in columns:
        raise ValueError(f"The reading “{reading}” is not one of: {', '.join(columns)}.")
    cells = periods.assign(text=periods["item"] + periods["certainty"].map({"certain": "", "uncertain": " (?)"}))
    by = columns[reading]
    wide = cells.pivot_table(index=by, columns="column", values="text", aggfunc="; ".join, sort=False)
    wide = wide[["international security setting", "peace operations"]].reset_index()
    return wide.set_axis(["Period", "International security setting", "Peace operations"], axis="columns")


def growth(operations, indicators, first, last):
    """Compare two years by several measures of how much peacekeeping there was.

    Parameters
    ----------
    operations : pandas.DataFrame
        UN peacekeeping operations, as `un_peacekeeping` gives them.
    indicators : pandas.DataFrame
        Rows of the table ``indicators``.
    first, last : int
        The two calendar years.

    Returns
    -------
    pandas.DataFrame
        One row per measure: ``Measure``, the two years' figures, and ``Factor``, the later divided by the earlier,
        to one decimal.

    Raises
    ------
    ValueError
        For a year without a figure for every measure.

    Examples
    --------
    >>> from peaceops import load
    >>> growth(un_peacekeeping(load("operations")), load("indicators"), 1987, 1994)["Factor"].iloc[0].item()
    3.4
    """
    yearly = indicators.pivot(index="year", columns="indicator", values="value").astype(float)
    known = yearly.dropna(subset=["un_personnel", "conflicts_interstate", "resolutions"]).index
    if unknown := [year for year in (first, last) if year not in known]:
        raise ValueError(
            f"Not all measures have a figure for {unknown[0]}: choose years from {known[0]} to {known[-1]}."
        )
    yearly["conflicts"] = yearly.filter(like="conflicts_").sum(axis=1)
    counts = per_year(operations, min(first, last), max(first, last)).set_index("year")
    measures = {
        "UN operations running on 31 December": counts["running_at_year_end"],
        "UN operations that ran during the year": counts["ran"],
        "Uniformed personnel in December": yearly["un_personnel"],
        "Council resolutions": yearly["resolutions"],
        "State-based armed conflicts": yearly["conflicts"],
    }
    return pd.DataFrame(
        {
            "Measure": list(measures),
            str(first): [int(values[first]) for values in measures.values()],
            str(last): [int(values[last]) for values in measures.values()],
            "Factor": [round(float(values[last] / values[first]), 1) for values in measures.values()],
        }
    )


def founding_chapters(operations, borders=(1988, 1994, 1999)):
    """Count the operations of each span by what their founding instrument says about the Charter.

    Parameters
    ----------
    operations : pandas.DataFrame
        Rows of the table ``operations``: ``start_date``, ``charter_chapter``.
    borders : int or sequence of int
        First year of each span after the first.

    Returns
    -------
    pandas.DataFrame
        ``Begun``, ``Operations``, then operations whose instrument founds them under Chapter VII, does so in part,
        does not, or was not seen.

    Raises
    ------
    ValueError
        For borders that are not whole years in rising order.

    Examples
    --------
    >>> from peaceops import load
    >>> founding_chapters(un_peacekeeping(load("operations")))["Operations"].sum().item()
    71
    """
    years = operations["start_date"].dt.year
    borders = [borders] if isinstance(borders, int) else list(borders)
    if not all(isinstance(border, int) for border in borders) or sorted(set(borders)) != borders:
        raise ValueError("The borders must be whole years in rising order, such as (1988, 1994, 1999).")
    edges = [int(years.min()), *borders, int(years.max()) + 1]
    rows = []
    for first, after in itertools.pairwise(edges):
        chapter = operations.loc[years.between(first, after - 1), "charter_chapter"]
        rows.append(
            {
                "Begun": f"{first}–{after - 1}",
                "Operations": len(chapter),
                "Under Chapter VII": int((chapter == "VII").sum()),
                "In part": int((chapter == "VII_in_part").sum()),
                "Not under Chapter VII": int((chapter == "not_stated").sum()),
                "Text not seen": int(chapter.isna().sum()),
            }
        )
    return pd.DataFrame(rows)
