"""Partnership cases, the frameworks that coders give them, and the decks that students classify."""

import csv
import re
from pathlib import Path

import pandas as pd

from peaceops import datasets
from peaceops.datasets import DataError

FRAMEWORKS = {
    "integrated": ("Integrated", "one chain of command, or one head, over people of both"),
    "parallel": ("Parallel", "both have people there at the same time, each under its own command"),
    "sequential": ("Sequential", "one takes over from the other"),
    "support": (
        "Support",
        "one has no people with a task of their own there, but pays, carries, equips, plans for or trains the other's",
    ),
    "none": ("None of these", "no joint command, aid, common presence or hand-over"),
}
"""The options, each with its label and its test: Bubna's three, then the course's two. The codebook asks in another order."""

CODERS = {
    "bubna2009": "Bubna 2009",
    "haugevik2007": "Haugevik 2007",
    "course": "This course",
    "course_other": "This course, second reading",
}
"""Who codes, in the order in which tables show them."""

_FACTS = {"command": "Command", "mandate": "Mandate", "tie": "Formal tie", "money": "Who paid"}
_THEATRES = ("Africa", "Europe", "Asia", "Americas")
_OWN_COLUMNS = ("title", "summary", "answer")
_OWN_OPTIONAL = ("case_id", "place", "period", *_FACTS, "source", *(f"feedback_{name}" for name in FRAMEWORKS))
_LONGEST = 10_000
_MOST_ROWS = 500


def by_coder(codings):
    """Put the codings of a case side by side.

    Parameters
    ----------
    codings : pandas.DataFrame
        The table ``framework_codings``, or a part of it.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``case_id``, one column per coder that occurs, in the order of `CODERS`; the framework, or
        missing where that coder does not code the case.

    Examples
    --------
    >>> table = by_coder(datasets.load("framework_codings"))
    >>> bool((table["course"].isin(list(FRAMEWORKS))).all())
    True
    """
    wide = codings.pivot(index="case_id", columns="coder", values="framework")
    return wide[[coder for coder in CODERS if coder in wide]].rename_axis(columns=None)


def agreement_of(codings, one, other):
    """Cross one coder's codings with another's.

    Parameters
    ----------
    codings : pandas.DataFrame
        The table ``framework_codings``, or a part of it.
    one, other : str
        Two of `CODERS`.

    Returns
    -------
    pandas.DataFrame
        Counts of the cases that both code: rows are the frameworks of ``one``, columns those of ``other``.

    Raises
    ------
    ValueError
        For a coder that codes nothing in ``codings``.

    Examples
    --------
    >>> int(agreement_of(datasets.load("framework_codings"), "course", "bubna2009").to_numpy().sum()) > 5
    True
    """
    wide = by_coder(codings)
    for coder in (one, other):
        if coder not in wide:
            raise ValueError(f"“{coder}” codes none of these cases; those who do: {', '.join(wide.columns)}.")
    both = wide[[one, other]].dropna()
    order = [name for name in FRAMEWORKS if name in set(both[one]) | set(both[other])]
    return pd.crosstab(both[one], both[other]).reindex(index=order, columns=order, fill_value=0)


def decks():
    """List the course's own decks.

    Returns
    -------
    pandas.DataFrame
        One row per deck: ``deck`` (a chapter's number, a theatre in lower case, or ``all``), ``title``, ``cases``
        (how many).

    Examples
    --------
    >>> "all" in set(decks()["deck"])
    True
    """
    return pd.DataFrame(
        [{"deck": name, "title": title, "cases": len(ids)} for name, (title, ids) in _course_decks().items()]
    )


def deck(name="all"):
    """Put together the deck of cases that `MissionClassifier` shows.

    Parameters
    ----------
    name : str
        A chapter's number (``"03"``), a theatre (``"africa"``, ``"europe"``, ``"asia"``, ``"americas"``), or
        ``"all"``.

    Returns
    -------
    dict
        JSON-ready: ``activity``, ``deck``, ``title``, ``edition``, ``options``, ``coders``, ``references`` and
        ``items``, one for each case, with its card, its codings and what is said of each option.

    Raises
    ------
    ValueError
        For a deck that the course does not have.

    Examples
    --------
    >>> deck("africa")["items"][0]["codings"][0]["coder"] in CODERS
    True
    """
    known = _course_decks()
    if name not in known:
        raise ValueError(f"There is no deck “{name}”; the decks are: {', '.join(known)}.")
    title, ids = known[name]
    cards = _cards()
    return {**_frame(name, title), "items": [cards[case] for case in ids]}


def catalogue():
    """Give every course deck at once, as the book stores it: each case once, each deck as a list of ids.

    Returns
    -------
    dict
        As `deck`, but ``items`` maps a case's id to its card, and ``decks`` maps a deck's name to ``title`` and
        ``items`` (ids).

    Examples
    --------
    >>> sorted(catalogue())[:3]
    ['activity', 'coders', 'decks']
    """
    shared = _frame("", "")
    return {
        **{key: shared[key] for key in ("activity", "edition", "options", "coders", "references")},
        "items": _cards(),
        "decks": {name: {"title": title, "items": ids} for name, (title, ids) in _course_decks().items()},
    }


def read_deck(path):
    """Make a deck of one's own from a CSV file, one case a row.

    Parameters
    ----------
    path : path-like
        A UTF-8 CSV file. Columns: ``title``, ``summary``, ``answer`` (one of `FRAMEWORKS`, or ``contested``); if you
        like ``case_id``, ``place``, ``period``, ``command``, ``mandate``, ``tie``, ``money``, ``source``, and
        ``feedback_integrated`` and so on, what is said of that option.

    Returns
    -------
    dict
        As `deck`. The deck is named after the file.

    Raises
    ------
    DataError
        One sentence for the file, or one for each bad row, when anything in it is not as described.
    """
    path = Path(path)
    rows, problems, items = _own_rows(path), [], []
    for line, row in rows:
        problem = row if isinstance(row, str) else _own_problem(row, {item["id"] for item in items})
        if problem:
            problems.append(f"{path.name}, row {line}: {problem}")
        else:
            items.append(_own_card(row))
    if problems:
        raise DataError("\n".join(problems))
    name = re.sub(r"[^a-z0-9]+", "-", path.stem.lower()).strip("-") or "own"
    return {**_frame(f"own-{name}", path.stem.replace("_", " ").strip()), "items": items}


# ---- the course's cases ----


def _frame(name, title):
    return {
        "activity": "classifier",
        "deck": name,
        "title": f"Classify missions: {title}",
        "edition": datasets.VERSION,
        "options": [{"id": key, "label": label, "hint": hint} for key, (label, hint) in FRAMEWORKS.items()],
        "coders": [{"id": key, "label": label} for key, label in CODERS.items()],
        "references": {key: label for key, label in CODERS.items() if not key.startswith("course")},
    }


def _course_decks():
    cases = datasets.load("cases")
    chapters = cases["chapters"].map(datasets.split_list)
    named = {
        chapter: (f"chapter {int(chapter)}", list(cases["case_id"][chapters.map(lambda of, c=chapter: c in of)]))
        for chapter in sorted({chapter for row in chapters for chapter in row})
    }
    named |= {theatre.lower(): (theatre, list(cases["case_id"][cases["theatre"] == theatre])) for theatre in _THEATRES}
    return named | {"all": ("all cases", list(cases["case_id"]))}


def _cards():
    cases, codings, feedback = (datasets.load(name) for name in ("cases", "framework_codings", "feedback"))
    order = {coder: number for number, coder in enumerate(CODERS)}
    codings = codings.sort_values("coder", key=lambda column: column.map(order), kind="stable").fillna("")
    said = dict(list(feedback.groupby("item_id")))
    coded = dict(list(codings.groupby("case_id")))
    cards = {}
    for case in cases.itertuples():
        rows = coded[case.case_id]
        contested = case.settled == "contested"
        cards[case.case_id] = {
            "id": case.case_id,
            "title": case.title,
            "place": case.place,
            "period": period(case),
            "summary": case.summary,
            "facts": [{"label": label, "text": getattr(case, name)} for name, label in _FACTS.items()],
            "sources": case.sources,
            "contested": contested,
            "contested_why": "" if pd.isna(case.contested_why) else case.contested_why,
            "answer": "" if contested else rows["framework"].iloc[0],
            "codings": rows[["coder", "framework", "basis", "certainty", "reason", "locator"]].to_dict("records"),
            "feedback": {
                row.option: {"message": row.message, "source": row.source, "locator": row.locator}
                for row in said[case.case_id].itertuples()
            },
        }
    return cards


def period(case):
    """Write a case's span as a reader would say it.

    Parameters
    ----------
    case : namedtuple or pandas.Series
        A row of ``cases``.

    Returns
    -------
    str
        Such as ``"September 1993 to July 1997"``, as exact as the row's precision, or ``"since January 2003"``.

    Examples
    --------
    >>> period(datasets.load("cases").iloc[0]) != ""
    True
    """
    written = {"day": "{0.day} {0:%B %Y}", "month": "{0:%B %Y}", "year": "{0:%Y}"}
    start = written[case.start_precision].format(case.start_date)
    if pd.isna(case.end_date):
        return f"since {start}"
    end = written[case.end_precision].format(case.end_date)
    return start if start == end else f"{start} to {end}"


# ---- an instructor's own cases ----


def _own_rows(path):
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            head = file.readline()
            file.seek(0)
            # Where a comma divides decimals, spreadsheets separate cells by semicolons.
            lines = list(csv.reader(file, strict=True, delimiter=";" if head.count(";") > head.count(",") else ","))
    except FileNotFoundError:
        raise DataError(f"There is no file {path.name} there.") from None
    except (IsADirectoryError, PermissionError):
        raise DataError(f"{path.name} cannot be read as a file.") from None
    except UnicodeDecodeError:
        raise DataError(f"{path.name} is not UTF-8 text; save it as “CSV UTF-8”.") from None
    except csv.Error as error:
        raise DataError(f"{path.name} is not a readable CSV file ({error}).") from None
    if not lines:
        raise DataError(f"{path.name} is empty; it needs the columns {', '.join(_OWN_COLUMNS)}.")
    header = [name.strip() for name in lines[0]]
    for word, names in (
        ("lacks the column", [name for name in _OWN_COLUMNS if name not in header]),
        ("has the unknown column", [name for name in header if name not in _OWN_COLUMNS + _OWN_OPTIONAL]),
        ("has twice the column", [name for name in header if header.count(name) > 1]),
    ):
        if names:
            allowed = ", ".join(_OWN_COLUMNS + _OWN_OPTIONAL)
            raise DataError(
                f"{path.name} {word} “{names[0]}”; it needs {', '.join(_OWN_COLUMNS)}, and may have: {allowed}."
            )
    rows = [(number, cells) for number, cells in enumerate(lines[1:], start=2) if any(cell.strip() for cell in cells)]
    if not rows:
        raise DataError(f"{path.name} has a header, but no case below it.")
    if len(rows) > _MOST_ROWS:
        raise DataError(f"{path.name} has {len(rows)} cases; a deck holds at most {_MOST_ROWS}.")
    return [(number, _own_row(header, cells)) for number, cells in rows]


def _own_row(header, cells):
    """Give a row as a mapping, or the sentence that says why it is none."""
    if len(cells) != len(header):
        return f"{len(cells)} cells, but the header has {len(header)}."
    return {name: cell.strip() for name, cell in zip(header, cells, strict=True)}


def _own_problem(row, taken):
    """Say in one sentence what is wrong with a row; nothing when all is well."""
    for name in _OWN_COLUMNS:
        if not row[name]:
            return f"{name} is empty, but must not be."
    if row["answer"] not in (*FRAMEWORKS, "contested"):
        return f"answer “{row['answer'][:40]}” is not one of: {', '.join(FRAMEWORKS)}, contested."
    for name, cell in row.items():
        if len(cell) > _LONGEST:
            return f"{name} has {len(cell)} characters; the most is {_LONGEST}."
    if _own_id(row) in taken:
        return f"the case “{_own_id(row)}” is there twice; give one of the two another title or case_id."
    return ""


def _own_id(row):
    return row.get("case_id") or re.sub(r"[^\w]+", "-", row["title"].lower()).strip("-")[:120] or "case"


def _own_card(row):
    contested = row["answer"] == "contested"
    silent = "No explanation was written for this option; say in your reason what you think."
    return {
        "id": _own_id(row),
        "title": row["title"],
        "place": row.get("place", ""),
        "period": row.get("period", ""),
        "summary": row["summary"],
        "facts": [{"label": label, "text": row[name]} for name, label in _FACTS.items() if row.get(name)],
        "sources": row.get("source", ""),
        "contested": contested,
        "contested_why": "This deck's author marked the case as contested." if contested else "",
        "answer": "" if contested else row["answer"],
        "codings": [],
        "feedback": {
            name: {"message": row.get(f"feedback_{name}") or silent, "source": "", "locator": row.get("source", "")}
            for name in FRAMEWORKS
        },
    }
