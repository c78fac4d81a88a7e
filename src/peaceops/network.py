"""Who worked with whom, where and when: the cases taken apart into pairs and years."""

import itertools

import pandas as pd

from peaceops.datasets import AS_OF, split_list


def meetings(cases, until=AS_OF):
    """Take the cases apart: a row for each case, pair of organizations and calendar year.

    Parameters
    ----------
    cases : pandas.DataFrame
        Rows of the table ``cases``: ``case_id``, ``title``, ``place``, ``country``, ``organizations``, ``start_date``
        and ``end_date``, the end missing while a case runs.
    until : str or datetime-like
        The last day that counts; a case that runs still counts in this day's year.

    Returns
    -------
    pandas.DataFrame
        ``year``; ``first`` and ``second``, the pair's organizations, in the order of the alphabet; ``case_id``,
        ``title``, ``place`` (in words, with “?” where nobody has confirmed when the case ended) and ``country`` (codes,
        separated by ``; ``). A case counts in every calendar
        year in which it ran on at least one day. A case of three organizations gives three pairs: the table says that
        they met there, not that each two of them signed something. ``coalition`` stands for states that act together,
        or one state. Sorted by year, pair and case.

    Raises
    ------
    ValueError
        For a case that ends before it starts, or that has fewer than two organizations.

    Examples
    --------
    >>> from peaceops import load
    >>> meetings(load("cases")).query("year == 1994 and first == 'CIS'")["place"].to_list()
    ['Georgia', 'Tajikistan']
    """
    last = pd.Timestamp(until)
    rows = []
    for case in cases.itertuples():
        sides = sorted(set(split_list(case.organizations)))
        end = last if pd.isna(case.end_date) else min(case.end_date, last)
        if len(sides) < 2:
            raise ValueError(f"The case {case.case_id} has fewer than two organizations: “{case.organizations}”.")
        if pd.notna(case.end_date) and case.end_date < case.start_date:
            raise ValueError(f"The case {case.case_id} ends, on {case.end_date:%Y-%m-%d}, before it starts.")
        unsure = "end_date" in split_list(getattr(case, "unconfirmed", pd.NA))
        place = f"{case.place} ?" if unsure else case.place
        for year in range(case.start_date.year, end.year + 1 if case.start_date <= last else 0):
            for first, second in itertools.combinations(sides, 2):
                rows.append((year, first, second, case.case_id, case.title, place, case.country))
    names = ["year", "first", "second", "case_id", "title", "place", "country"]
    return pd.DataFrame(rows, columns=names).sort_values(names[:4], ignore_index=True)


def by_year(meetings):
    """Count, for each year and pair, the cases in which the two met.

    Parameters
    ----------
    meetings : pandas.DataFrame
        As `meetings` gives them.

    Returns
    -------
    pandas.DataFrame
        One row per year and pair that met: ``year``, ``first``, ``second``, ``cases`` (how many), and ``places``, in
        words, separated by ``; ``, each once.

    Examples
    --------
    >>> from peaceops import load
    >>> by_year(meetings(load("cases"))).query("year == 1994 and first == 'CIS'")["cases"].item()
    2
    """
    grouped = meetings.groupby(["year", "first", "second"], as_index=False)
    return grouped.agg(
        cases=("case_id", "nunique"), places=("place", lambda places: "; ".join(dict.fromkeys(sorted(places))))
    )
