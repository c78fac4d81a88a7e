"""Small made-up tables of steps, phases and motives, as the course's own will come; no history in them."""

import itertools

import pandas as pd

PAIRS = ("un-eu", "nato-eu", "un-nato", "un-au", "eu-au", "nato-au")
FORMAL = (
    *(
        "contact",
        "negotiation",
        "own_document",
        "mandate",
        "declaration",
        "agreement",
        "procedure",
        "mechanism",
        "money",
    ),
)
FIELD = ("joint", "successive", "supported", "dispute", "ending", "reversal")


def events(*pairs):
    """Make 24 steps for each pair, crowded around 2003: every kind, every precision, some with an end."""
    rows = []
    for shift, pair in enumerate(pairs):
        for number in range(24):
            formal = number % 2 == 0
            kind = FORMAL[number // 2 % 9] if formal else FIELD[number // 2 % 6]
            year = 1992 + number + shift if number < 6 or number > 18 else 2000 + number // 3
            year = min(year, 2025)
            lasts = not formal and number % 3 == 0
            rows.append(
                {
                    "event_id": f"{pair}-{number:02}",
                    "date": pd.Timestamp(year, 1 + number % 12, 1 + number),
                    "precision": ("day", "month", "year")[number % 3],
                    "end_date": pd.Timestamp(min(year + 3, 2026), 6, 30) if lasts else pd.NaT,
                    "end_precision": "month" if lasts else pd.NA,
                    "dyad_id": pair,
                    "kind": kind,
                    "formal": "yes" if formal else "no",
                    "predecessor": "yes" if number < 4 else "no",
                    "title": f"Made-up step {number} of {pair}: the two agree to meet more often",
                    "summary": " ".join(
                        ["A sentence about what happened, about as long as those of the course are."] * 4
                    ),
                }
            )
    return pd.DataFrame(rows)


def phases():
    """Make codings of six pairs: the course's and the rule's at five dates, two of the paper's in 2007."""
    course = ("none", "courtship", "negotiation", "start-up", "maintenance", "ending")
    paper = ("start-up/maintenance", "maintenance", "start-up", "negotiation", "courtship", "none")
    rows = []
    for number, pair in enumerate(PAIRS):
        for place, year in enumerate((1995, 2000, 2007, 2015, 2026)):
            rows.append((pair, year, "course", course[min(5, max(0, place + 1 - number // 2))]))
            rows.append((pair, year, "haugevik_rule", paper[(number + place) % 6]))
        for place, coder in enumerate(("haugevik_figure", "haugevik_text")):
            rows.append((pair, 2007, coder, paper[(number + place) % 6]))
    table = pd.DataFrame(rows, columns=["dyad_id", "as_of", "coder", "phase"])
    return table.assign(as_of=pd.to_datetime(table["as_of"].astype(str) + "-12-31"))


def motives():
    """Make codings of six pairs and six motives by three coders."""
    names = ("survival", "competition", "dependence", "legitimization", "values", "learning")
    coders = ("haugevik_figure", "haugevik_text", "course")
    rows = [
        (pair, motive, coder, ("yes", "no", "not_stated", "yes")[(3 * a + 5 * b + c * (a + b)) % 4])
        for (a, pair), (b, motive), (c, coder) in itertools.product(
            enumerate(PAIRS), enumerate(names), enumerate(coders)
        )
    ]
    return pd.DataFrame(rows, columns=["dyad_id", "motive_id", "coder", "present"])
