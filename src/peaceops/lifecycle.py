"""Dated steps between pairs of organizations, and the phases that rules and coders make of them."""

import pandas as pd

from peaceops import datasets

DYADS = {
    "un-eu": "UN–EU",
    "nato-eu": "NATO–EU",
    "un-nato": "UN–NATO",
    "un-au": "UN–AU",
    "eu-au": "EU–AU",
    "nato-au": "NATO–AU",
}
"""The six relationships, in the order of Haugevik's Figure 2 (H:495-500)."""

PHASES = {
    "none": ("None yet", "the two have taken no step towards each other"),
    "courtship": ("Courtship", "they look each other over: visits, letters, texts of one about the other"),
    "negotiation": ("Negotiation", "they discuss what each can offer, and have settled nothing"),
    "start-up": ("Start-up", "a relationship is founded: a first text of both, or first work in the field"),
    "maintenance": ("Maintenance", "it has proved itself and become more structured and formalized"),
    "ending": ("Ending", "it is being wound up"),
}
"""The options: no relationship, then the five phases of H:107-111, each with its label and a mark of it."""

KINDS = {
    "contact": "contact",
    "negotiation": "negotiation",
    "own_document": "text of one side",
    "mandate": "mandate",
    "declaration": "joint declaration",
    "agreement": "agreement",
    "procedure": "procedure for one operation",
    "mechanism": "standing mechanism",
    "money": "money",
    "joint": "work side by side",
    "successive": "hand-over",
    "supported": "support",
    "dispute": "dispute",
    "ending": "ending",
    "reversal": "step taken back",
}
"""What a step can be, with the words for it."""

RULES = {
    "text": (
        "Text (Haugevik’s)",
        "talks, then a founding step on paper or in the field, then structure: an agreed text, a standing mechanism and "
        "work in the field",
    ),
    "paper": (
        "Paper first",
        "only agreed texts found a relationship; a second one, or a mechanism after it, maintains it",
    ),
    "field": ("Field first", "only work in the field founds a relationship; a second episode maintains it"),
}
"""Three rules by which steps become phases: one made of H:107-111, and one for each half of it."""

CODERS = {
    "haugevik_figure": "Haugevik 2007, Figure 2",
    "haugevik_text": "Haugevik 2007, text",
    "haugevik_rule": "Rule made of Haugevik’s text",
    "course": "This course",
}
"""Who codes phases, in the order in which tables show them."""

CODEBOOK = {
    "none": "no step between the two, or one of them does not exist yet",
    "ending": "what they shared is being wound up, and neither keeps it going",
    "maintenance": (
        "they return to each other: two episodes in the field, or a standing body that really met, and a text or practice "
        "agreed by both and still in use"
    ),
    "start-up": "a first agreed text or a first episode in the field, but not yet that",
    "negotiation": "terms are discussed, nothing is agreed, nothing happened in the field",
    "courtship": "contacts, or texts about the other, only",
}
"""The course's own questions, in the order in which it asks them; what is no longer in use at a date does not count."""

AS_OF = (1995, 2000, 2007, 2015, 2026)
"""The years for which phases are coded: their last day, or, in the last one, the day of the data."""

_TEXTS, _FIELD = ("declaration", "agreement"), ("joint", "successive", "supported")
_BROKEN = ("dispute", "ending", "reversal")


def day_of(year):
    """Give the day for which a phase is coded.

    Parameters
    ----------
    year : int
        One of `AS_OF`.

    Returns
    -------
    pandas.Timestamp
        The year's last day, or the day of the data where that comes first.

    Examples
    --------
    >>> day_of(2007)
    Timestamp('2007-12-31 00:00:00')
    """
    return min(pd.Timestamp(year, 12, 31), pd.Timestamp(datasets.AS_OF))


def borders(events, rule="text"):
    """Apply a rule to the steps of each pair: when does which phase begin?

    The rules know no ending: H:107-111 names the phase and gives no mark of it. Steps of a predecessor do not count.

    Parameters
    ----------
    events : pandas.DataFrame
        The table ``events``, or a part of it.
    rule : str
        One of `RULES`.

    Returns
    -------
    pandas.DataFrame
        One row for each phase that a pair reaches: ``dyad_id``, ``date`` (missing for the state before any step),
        ``phase``, ``event_id`` (the step that brings it; missing before any step). In the order of time.

    Raises
    ------
    ValueError
        For a rule that is not one of `RULES`.

    Examples
    --------
    >>> list(borders(datasets.load("events"))["phase"].unique())[:1]
    ['none']
    """
    if rule not in RULES:
        raise ValueError(f"There is no rule “{rule}”; the rules are: {', '.join(RULES)}.")
    counted = events[events["predecessor"] == "no"].sort_values(["date", "event_id"])
    rows = []
    for dyad in [name for name in DYADS if name in set(events["dyad_id"])]:
        rows.append({"dyad_id": dyad, "date": pd.NaT, "phase": "none", "event_id": None})
        seen, reached = [], "none"
        for step in counted[counted["dyad_id"] == dyad].itertuples():
            seen.append(step.kind)
            phase = _phase(seen, rule)
            if list(PHASES).index(phase) > list(PHASES).index(reached):
                reached = phase
                rows.append({"dyad_id": dyad, "date": step.date, "phase": phase, "event_id": step.event_id})
    frame = pd.DataFrame(rows, columns=["dyad_id", "date", "phase", "event_id"])
    return frame.astype({"dyad_id": "string", "phase": "string", "event_id": "string", "date": events["date"].dtype})


def _phase(kinds, rule):
    """Name the phase that these kinds of steps, all taken so far, amount to."""
    texts, field = sum(kind in _TEXTS for kind in kinds), sum(kind in _FIELD for kind in kinds)
    mechanism = "mechanism" in kinds
    founded = {"text": texts + field, "paper": texts, "field": field}[rule]
    maintained = {
        "text": texts and mechanism and field,
        "paper": texts > 1 or (texts and "mechanism" in kinds[_first(kinds, _TEXTS) :]),
        "field": field > 1,
    }[rule]
    if maintained:
        return "maintenance"
    if founded:
        return "start-up"
    return "negotiation" if "negotiation" in kinds else "courtship" if _others(kinds) else "none"


def _first(kinds, wanted):
    return next(number for number, kind in enumerate(kinds) if kind in wanted)


def _others(kinds):
    """Whether one step at least brings the two nearer to each other."""
    return any(kind not in _BROKEN for kind in kinds)


def phases(events, rule="text", years=AS_OF):
    """Apply a rule at given dates.

    Parameters
    ----------
    events : pandas.DataFrame
        The table ``events``, or a part of it.
    rule : str
        One of `RULES`.
    years : sequence of int
        Years; the last day of each counts, or the day of the data where that comes first.

    Returns
    -------
    pandas.DataFrame
        ``dyad_id``, ``as_of`` (year), ``phase``, ``event_id`` (the step that brought it).

    Raises
    ------
    ValueError
        For a rule that is not one of `RULES`.

    Examples
    --------
    >>> len(phases(datasets.load("events"), "field", [2007])) <= len(DYADS)
    True
    """
    found = borders(events, rule)
    reached = [
        found[found["date"].isna() | (found["date"] <= day_of(year))]
        .groupby("dyad_id", sort=False)
        .tail(1)
        .assign(as_of=year)
        for year in years
    ]
    frame = pd.concat(reached, ignore_index=True)
    return frame[["dyad_id", "as_of", "phase", "event_id"]]


def agreed(codings):
    """Give the one phase on which all codings of a pair and a date agree, if there is one.

    A coding between two phases, as Haugevik's figure has them, agrees with either.

    Parameters
    ----------
    codings : iterable of str
        Phases, such as ``"start-up/maintenance"``.

    Returns
    -------
    str
        The phase, or ``""`` where the codings part.

    Examples
    --------
    >>> agreed(["start-up/maintenance", "maintenance"])
    'maintenance'
    >>> agreed(["start-up", "maintenance"])
    ''
    """
    shared = set(PHASES).intersection(*(phase.split("/") for phase in codings))
    return shared.pop() if len(shared) == 1 else ""


def deck(scope="all"):
    """Put together the deck that `LifecycleBoard` shows.

    Parameters
    ----------
    scope : str
        With which part it opens: a relationship's id, or ``"all"``.

    Returns
    -------
    dict
        JSON-ready: ``activity``, ``deck``, ``title``, ``edition``, ``scope``, ``options``, ``coders``, ``rules``,
        ``references``, ``first`` and ``last`` (the axis, in years), ``pairs`` with their steps and borders, and
        ``items``, one for each pair and date.

    Raises
    ------
    ValueError
        For a relationship that the course does not have.

    Examples
    --------
    >>> len(deck("un-nato")["items"]) == len(DYADS) * len(AS_OF)
    True
    """
    if scope not in ("all", *DYADS):
        raise ValueError(f"There is no relationship “{scope}”; there are: all, {', '.join(DYADS)}.")
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
    'lifecycle'
    """
    events = datasets.load("events").sort_values("date", kind="stable")
    return {
        "activity": "lifecycle",
        "deck": "all",
        "title": "Follow a partnership",
        "edition": datasets.VERSION,
        "options": [{"id": key, "label": label, "hint": hint} for key, (label, hint) in PHASES.items()],
        "coders": [{"id": key, "label": label} for key, label in CODERS.items()],
        "rules": [{"id": key, "label": label, "hint": hint} for key, (label, hint) in RULES.items()],
        "codebook": [{"label": PHASES[phase][0], "text": f"{text}."} for phase, text in CODEBOOK.items()],
        "references": {"bubna2009": "Bubna 2009", "haugevik2007": "Haugevik 2007"},
        "first": 1990.0,
        "last": round(_fraction(pd.Timestamp(datasets.AS_OF)), 3),
        "pairs": [
            {
                "id": dyad,
                "label": label,
                "steps": [_step(row) for row in events[events["dyad_id"] == dyad].itertuples()],
                "rules": {rule: _bands(events[events["dyad_id"] == dyad], rule) for rule in RULES},
            }
            for dyad, label in DYADS.items()
        ],
        "items": _items(),
    }


def _items():
    cards, codings, feedback = (datasets.load(name) for name in ("phase_cards", "phase_codings", "feedback"))
    said = dict(list(feedback.groupby("item_id")))
    ruled = _by_rule(datasets.load("events"))
    order = list(CODERS)
    items = []
    for card in cards.itertuples():
        mine = codings[(codings["dyad_id"] == card.dyad_id) & (codings["as_of"] == card.as_of)]
        rows = sorted(mine.itertuples(), key=lambda row: order.index(row.coder))
        rules = ruled[card.dyad_id, card.as_of]
        answer = agreed([*(row.phase for row in rows), *rules.values()])
        when = (
            "at the end of " + str(card.as_of)
            if card.as_of < AS_OF[-1]
            else f"on {_written(day_of(card.as_of), 'day')}"
        )
        items.append(
            {
                "id": card.item_id,
                "pair": card.dyad_id,
                "year": int(card.as_of),
                "until": round(_fraction(day_of(card.as_of)), 3),
                "when": when,
                "title": f"{DYADS[card.dyad_id]} {when}",
                "summary": card.summary,
                "contested": not answer,
                "contested_why": "" if answer else _parting(rows, rules),
                "answer": answer,
                "codings": [
                    {name: getattr(row, name) for name in ("coder", "phase", "basis", "certainty", "reason", "locator")}
                    for row in rows
                ],
                "feedback": {
                    row.option: {"message": row.message, "source": row.source, "locator": row.locator}
                    for row in said[card.item_id].itertuples()
                },
            }
        )
    return items


def _by_rule(events):
    """Give what each rule but the text's own, which is a coder, makes of each pair at each date."""
    others = [rule for rule in RULES if rule != "text"]
    found = {rule: phases(events, rule).set_index(["dyad_id", "as_of"])["phase"].to_dict() for rule in others}
    return {
        (dyad, year): {rule: found[rule].get((dyad, year), "none") for rule in others}
        for dyad in DYADS
        for year in AS_OF
    }


def _parting(rows, rules):
    """Say who sees which phase, and which rule."""
    said = [f"{CODERS[row.coder]}: {' or '.join(PHASES[part][0] for part in row.phase.split('/'))}" for row in rows]
    said += [f"{RULES[rule][0]}: {PHASES[phase][0]}" for rule, phase in rules.items()]
    return f"{'; '.join(said)}."


def _step(row):
    broken = row.kind in _BROKEN
    return {
        "id": row.event_id,
        "at": round(_fraction(row.date), 3),
        "end": None if pd.isna(row.end_date) else round(_fraction(row.end_date), 3),
        "lasts": lasting(row),
        "written": _written(row.date, row.precision),
        "writtenEnd": _written_end(row),
        "title": row.title,
        "kind": KINDS[row.kind],
        "place": "broken" if broken else "paper" if row.formal == "yes" else "field",
        "predecessor": row.predecessor == "yes",
        "summary": row.summary,
        "sources": row.sources,
        "unconfirmed": _unconfirmed(row),
    }


def lasting(row):
    """Tell whether a step still runs: field work without an end, unless only nobody knows its end."""
    known = "end_date" not in datasets.split_list(getattr(row, "unconfirmed", pd.NA))
    return bool(pd.isna(row.end_date) and known and row.kind in ("joint", "supported"))


def _unconfirmed(row):
    """Name the columns that nobody has seen at a source."""
    columns = datasets.split_list(getattr(row, "unconfirmed", pd.NA))
    return f"{', '.join(columns).replace('_', ' ')}." if columns else ""


def _written_end(row):
    end = "" if pd.isna(row.end_date) else _written(row.end_date, row.end_precision)
    return "" if end == _written(row.date, row.precision) else end


def _bands(events, rule):
    return [
        {
            "from": 1990.0 if pd.isna(row.date) else round(_fraction(row.date), 3),
            "phase": row.phase,
            "step": "" if pd.isna(row.event_id) else row.event_id,
        }
        for row in borders(events, rule).itertuples()
    ] or [{"from": 1990.0, "phase": "none", "step": ""}]  # a pair without a step


def _fraction(day):
    """Give a day as a year and its part, so that an axis can place it."""
    return day.year + (day.day_of_year - 1) / (366 if day.is_leap_year else 365)


def _written(day, precision):
    return {"day": f"{day.day} {day:%B %Y}", "month": f"{day:%B %Y}", "year": f"{day:%Y}"}[precision]
