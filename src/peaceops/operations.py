"""Which operations ran when, how many began, and what came after them."""

import pandas as pd


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
    >>> list(active_at(load("operations"), "1950-01-01")["acronym"])
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
    >>> len(started_between(load("operations"), 1948, 1987))
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
    >>> per_year(load("operations"), 1948, 1948)["began"].item()
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
    >>> count_by_border(started_between(load("operations"), 1948, 1993), 1988, "later")
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

    firsts = [first for first in following if first not in set(handovers["to_operation"])]
    if following and not firsts:
        walk([next(iter(following))])
    return sorted((chain for first in firsts for chain in walk([first])), key=lambda chain: (-len(chain), chain))


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
