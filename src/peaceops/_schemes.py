"""What is coded in each activity: its options, the sources that code it too, and their codings in one form."""

from dataclasses import dataclass

import pandas as pd

from peaceops import datasets, frameworks, lifecycle, motives

SOURCES = ("bubna2009", "haugevik2007", "course")


@dataclass(frozen=True)
class Scheme:
    """The options of one activity, and the sources with which its answers are compared.

    Attributes
    ----------
    activity : str
        Its id, as exported files give it.
    name : str
        Its name, as it stands in a sentence.
    options, sources : dict
        Ids and their labels, in the order in which tables show them.
    table : str
        The table with the sources' codings.
    caution : str
        What a reader of figures must know about these sources; may be empty.
    """

    activity: str
    name: str
    options: dict
    sources: dict
    table: str
    caution: str = ""

    def codings(self):
        """Load the sources' codings.

        Returns
        -------
        pandas.DataFrame
            The whole table in the `common_form`.
        """
        return common_form(datasets.load(self.table))

    def titles(self):
        """Load the cards' titles.

        Returns
        -------
        dict
            Id to title, for every card of this edition.
        """
        if self.activity == "classifier":
            return datasets.load("cases").set_index("case_id")["title"].to_dict()
        items = {"lifecycle": lifecycle, "motives": motives}[self.activity].deck()["items"]
        return {item["id"]: item["title"] for item in items}


def _labels(options):
    return {key: label for key, (label, _) in options.items()}


SCHEMES = {
    "classifier": Scheme(
        "classifier",
        "the mission classifier",
        _labels(frameworks.FRAMEWORKS),
        {coder: frameworks.CODERS[coder] for coder in SOURCES},
        "framework_codings",
    ),
    "lifecycle": Scheme(
        "lifecycle",
        "the life-cycle board",
        _labels(lifecycle.PHASES),
        lifecycle.CODERS,
        "phase_codings",
        "Figure 2 has values between two phases: an answer that names either of the two counts as equal.",
    ),
    "motives": Scheme(
        "motives",
        "the motive matrix",
        _labels(motives.READINGS),
        motives.CODERS,
        "motive_codings",
        "Figure 2 can only list a motive or leave it out: where it leaves one out, “no” and “not stated” both count as "
        "equal.",
    ),
}


def scheme(activity="classifier"):
    """Give the options, sources, codings and titles of an activity.

    Parameters
    ----------
    activity : str
        ``"classifier"``, ``"lifecycle"`` or ``"motives"``.

    Returns
    -------
    Scheme
        No table is loaded until its `codings` or `titles` are asked for.

    Raises
    ------
    ValueError
        For an activity that the course does not have, or whose answers are not codes.

    Examples
    --------
    >>> list(scheme("motives").options)
    ['yes', 'no', 'not_stated']
    """
    if not isinstance(activity, str) or activity not in SCHEMES:
        raise ValueError(f"There is no coding activity “{activity}”; there are: {', '.join(SCHEMES)}.")
    return SCHEMES[activity]


def common_form(codings):
    """Give codings of any activity the columns of answers, so that coders and sources can be compared.

    Parameters
    ----------
    codings : pandas.DataFrame
        Rows of ``framework_codings``, ``phase_codings`` or ``motive_codings``, or what this function gives.

    Returns
    -------
    pandas.DataFrame
        ``item_id`` (the card's, as in exported files), ``coder`` and ``option``.

    Raises
    ------
    ValueError
        When the columns are those of none of these tables.

    Examples
    --------
    >>> row = {"dyad_id": ["un-nato"], "as_of": [2007], "coder": ["course"], "phase": ["start-up"]}
    >>> common_form(pd.DataFrame(row)).values.tolist()
    [['phase-un-nato-2007', 'course', 'start-up']]
    """
    there = set(codings.columns) if "coder" in codings else set()
    if there >= {"item_id", "option"}:
        item, option = codings["item_id"], codings["option"]
    elif there >= {"case_id", "framework"}:
        item, option = codings["case_id"], codings["framework"]
    elif there >= {"dyad_id", "as_of", "phase"}:
        item, option = "phase-" + codings["dyad_id"] + "-" + codings["as_of"].astype("string"), codings["phase"]
    elif there >= {"dyad_id", "motive_id", "present"}:
        left_out = (codings["coder"] == "haugevik_figure") & (codings["present"] == "no")
        item = codings["dyad_id"] + "-" + codings["motive_id"]
        # A figure can only list or leave out: what it leaves out is neither “no” nor “not stated” alone.
        option = codings["present"].mask(left_out, "no/not_stated")
    else:
        tables = ", ".join(known.table for known in SCHEMES.values())
        raise ValueError(
            f"These are no codings: give rows of {tables}, or a table with the columns item_id, coder and option."
        )
    return pd.DataFrame({"item_id": item, "coder": codings["coder"], "option": option})


def coded(answers, codings=None):
    """Give the activity's scheme, and its sources' codes, if there are any: sources in rows, cards in columns."""
    if codings is None:
        return _scheme_of({*answers["option"].dropna()}, set()), None
    codings = common_form(codings)
    known = _scheme_of({*answers["option"].dropna(), *codings["option"].dropna()}, set(codings["coder"]))
    chosen = codings[codings["coder"].isin(list(known.sources))]
    return known, chosen.pivot(index="coder", columns="item_id", values="option").reindex(list(known.sources))


def _scheme_of(options, sources):
    """Tell to which activity these belong: to the one that knows most of them, to the classifier in doubt."""
    options = {part for option in options for part in option.split("/")}
    return min(SCHEMES.values(), key=lambda known: len(options - {*known.options}) + len(sources - {*known.sources}))


def options_of(known, answers, sources=None):
    """Give an activity's options, and whatever else occurs."""
    found = {*answers["option"].dropna(), *([] if sources is None else sources.melt()["value"].dropna())}
    return [*known.options, *sorted(found - {*known.options})]


def meet(one, other):
    """Let a coding between two phases (“start-up/maintenance”) be the option beside it, if that is one of the two."""
    if one in other.split("/"):
        return one, one
    return (other, other) if other in one.split("/") else (one, other)
