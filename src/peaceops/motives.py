"""Motives for cooperation: the matrix of relationships and motives, as the figure, the text and the course have it."""

import pandas as pd

from peaceops import datasets
from peaceops.lifecycle import DYADS

MOTIVES = ("survival", "competition", "dependence", "legitimization", "values", "learning")
"""Ids of the six motives, in the order of Haugevik's sections 3.1 to 3.6."""

READINGS = {
    "yes": ("Yes", "a side says so, or a costly act shows it that other motives explain less well"),
    "no": ("No", "what is known speaks against it"),
    "not_stated": ("Not stated", "silence, or what is known fits other motives as well"),
}
"""The options, each with its label and its test."""

CODERS = {
    "haugevik_figure": "Haugevik 2007, Figure 2",
    "haugevik_text": "Haugevik 2007, text",
    "course": "This course, for today",
}
"""Who codes motives, in the order in which tables show them."""

_FACTS = {"stated": "What they say", "revealed": "What they did", "analysts": "What others say"}


def matrix(codings, coder):
    """Lay one coder's reading out as pairs by motives.

    Parameters
    ----------
    codings : pandas.DataFrame
        The table ``motive_codings``, or a part of it.
    coder : str
        One of `CODERS`.

    Returns
    -------
    pandas.DataFrame
        Six rows (`DYADS`) and six columns (`MOTIVES`) of yes, no or not_stated; missing where nothing is coded.

    Raises
    ------
    ValueError
        For a coder that codes nothing in ``codings``.

    Examples
    --------
    >>> matrix(datasets.load("motive_codings"), "haugevik_figure").shape
    (6, 6)
    """
    mine = codings[codings["coder"] == coder]
    if mine.empty:
        raise ValueError(f"“{coder}” codes no motive here; those who do: {', '.join(codings['coder'].unique())}.")
    wide = mine.pivot(index="dyad_id", columns="motive_id", values="present")
    return wide.reindex(index=list(DYADS), columns=list(MOTIVES)).rename_axis(index=None, columns=None)


def counts(codings):
    """Count for how many relationships each coder sees each motive.

    Parameters
    ----------
    codings : pandas.DataFrame
        The table ``motive_codings``, or a part of it.

    Returns
    -------
    pandas.DataFrame
        One row per motive, one column per coder that occurs: how many pairs are coded yes.

    Examples
    --------
    >>> int(counts(datasets.load("motive_codings")).loc["dependence", "haugevik_figure"])
    6
    """
    coders = [coder for coder in CODERS if coder in set(codings["coder"])]
    return pd.DataFrame({coder: (matrix(codings, coder) == "yes").sum() for coder in coders}).astype("Int64")


def partings(codings, one="haugevik_figure", other="haugevik_text"):
    """List the cells in which one coder sees a motive and the other does not.

    Parameters
    ----------
    codings : pandas.DataFrame
        The table ``motive_codings``, or a part of it.
    one, other : str
        Two of `CODERS`. A figure can only list or leave out, so “no”, “not_stated” and a missing row count as the same.

    Returns
    -------
    pandas.DataFrame
        ``dyad_id``, ``motive_id``, and each coder's reading under its id, in the order of `DYADS` and `MOTIVES`.

    Raises
    ------
    ValueError
        For a coder that codes nothing in ``codings``.

    Examples
    --------
    >>> set(partings(datasets.load("motive_codings"))["dyad_id"]) <= set(DYADS)
    True
    """
    left, right = matrix(codings, one), matrix(codings, other)
    # A cell that is not coded is missing, and missing is not yes.
    yes, also = ((table == "yes").fillna(False).astype(bool) for table in (left, right))
    rows = [
        {"dyad_id": dyad, "motive_id": motive, one: left.at[dyad, motive], other: right.at[dyad, motive]}
        for dyad in DYADS
        for motive in MOTIVES
        if yes.at[dyad, motive] != also.at[dyad, motive]
    ]
    return pd.DataFrame(rows, columns=["dyad_id", "motive_id", one, other], dtype="string")


def scopes():
    """List the parts of the matrix that can be gone through by themselves.

    Returns
    -------
    dict
        Id to title: the whole, six rows, six columns.

    Examples
    --------
    >>> len(scopes())
    13
    """
    names = datasets.load("motives").set_index("motive_id")["name"]
    return {"all": "all cells"} | DYADS | {motive: names[motive] for motive in MOTIVES}


def deck(scope="all"):
    """Put together the deck that `MotiveMatrix` shows.

    Parameters
    ----------
    scope : str
        With which part it opens: one of `scopes`.

    Returns
    -------
    dict
        JSON-ready: ``activity``, ``deck``, ``title``, ``edition``, ``scope``, ``options``, ``coders``, ``references``,
        ``pairs``, ``motives`` and ``items``, one for each cell, row by row.

    Raises
    ------
    ValueError
        For a part that the matrix does not have.

    Examples
    --------
    >>> len(deck("learning")["items"])
    36
    """
    if scope not in scopes():
        raise ValueError(f"There is no part “{scope}” of the matrix; there are: {', '.join(scopes())}.")
    return {**catalogue(), "scope": scope}


def catalogue():
    """Give the whole deck, as the book stores it once for all pages.

    Returns
    -------
    dict
        As `deck`, without ``scope``.

    Examples
    --------
    >>> catalogue()["activity"]
    'motives'
    """
    motives = datasets.load("motives").set_index("motive_id").loc[list(MOTIVES)]
    return {
        "activity": "motives",
        "deck": "all",
        "title": "Code motives",
        "edition": datasets.VERSION,
        "options": [{"id": key, "label": label, "hint": hint} for key, (label, hint) in READINGS.items()],
        "coders": [{"id": key, "label": label} for key, label in CODERS.items()],
        "references": {"bubna2009": "Bubna 2009", "haugevik2007": "Haugevik 2007"},
        "pairs": [{"id": dyad, "label": label} for dyad, label in DYADS.items()],
        "motives": [
            {
                "id": row.Index,
                "label": row.name,
                "category": row.category,
                "definition": row.definition,
                "test": row.test,
            }
            for row in motives.itertuples()
        ],
        "items": _items(motives),
    }


def _items(motives):
    cells, codings, feedback = (datasets.load(name) for name in ("motive_cells", "motive_codings", "feedback"))
    said = dict(list(feedback.groupby("item_id")))
    order = list(CODERS)
    place = {(dyad, motive): n for n, (dyad, motive) in enumerate((d, m) for d in DYADS for m in MOTIVES)}
    items = []
    for cell in sorted(cells.itertuples(), key=lambda row: place[row.dyad_id, row.motive_id]):
        mine = codings[(codings["dyad_id"] == cell.dyad_id) & (codings["motive_id"] == cell.motive_id)]
        rows = sorted(mine.itertuples(), key=lambda row: order.index(row.coder))
        seen = [row.present == "yes" for row in rows]
        contested = any(seen) and not all(seen)
        items.append(
            {
                "id": cell.cell_id,
                "pair": cell.dyad_id,
                "motive": cell.motive_id,
                "title": f"{DYADS[cell.dyad_id]}: {motives.at[cell.motive_id, 'name']}",
                "facts": [{"label": label, "text": getattr(cell, name)} for name, label in _FACTS.items()],
                "sources": cell.sources,
                "contested": contested,
                "contested_why": cell.contested_why if contested else "",
                # Where nobody says yes, the course alone has looked at what speaks against the motive.
                "answer": "" if contested else rows[-1].present,
                "codings": [
                    {
                        name: getattr(row, name)
                        for name in ("coder", "present", "basis", "certainty", "evidence", "locator")
                    }
                    for row in rows
                ],
                "feedback": {
                    row.option: {"message": row.message, "source": row.source, "locator": row.locator}
                    for row in said[cell.cell_id].itertuples()
                },
            }
        )
    return items
