"""Intercoder agreement: reading a class's exported answers, and how far its coders and the sources agree."""

import itertools
from dataclasses import dataclass

import krippendorff
import numpy as np
import pandas as pd

from peaceops._answers import read_answers
from peaceops._schemes import SOURCES, Scheme, coded, common_form, meet, options_of, scheme

__all__ = [
    "OPTIONS",
    "SOURCES",
    "Alpha",
    "Scheme",
    "alpha",
    "by_card",
    "common_form",
    "how_to_read",
    "pairwise",
    "read_answers",
    "scheme",
    "with_sources",
]

OPTIONS = tuple(scheme("classifier").options)
_SEED, _DRAWS, _FEWEST = 2009, 1000, 5
_TOO_FEW = f"Fewer than {_FEWEST} cards are too few for an interval."
_ALIKE = "Every card gives the same picture, so no interval can be computed."
_Z = 1.959964  # standard deviations around 95 per cent of a normal distribution


def pairwise(answers, codings=None):
    """Compare coders two by two, or each coder with each source, by Cohen's kappa.

    Only cards that both coded count; a missing answer is not a disagreement and is never filled in. A source that
    codes between two phases (“start-up/maintenance”) agrees with either, which favours it. The interval is ±1.96
    standard errors after Fleiss, Cohen and Everitt (1969), which is rough below some twenty cards.

    Parameters
    ----------
    answers : pandas.DataFrame
        As `read_answers` gives them; or codings in the `common_form`, to compare the sources with each other. A card
        answered in two decks counts once, with its earlier answer.
    codings : pandas.DataFrame, optional
        Rows of the activity's table ``framework_codings``, ``phase_codings`` or ``motive_codings``. With them each
        coder is compared with each source, without them with each other coder.

    Returns
    -------
    pandas.DataFrame
        ``coder``, ``other``, ``cards`` (both coded), ``equal_percent``, ``kappa``, ``low``, ``high`` (95 per cent
        interval) and ``note``, which says why a value is missing.

    Examples
    --------
    >>> both = pd.DataFrame({"coder": list("aabb"), "item_id": ["x", "y"] * 2, "option": ["support", "none"] * 2})
    >>> pairwise(both)[["cards", "kappa"]].values.tolist()
    [[2, 1.0]]
    """
    known, sources = coded(answers, codings)
    options, wide = options_of(known, answers, sources), _wide(answers)
    if sources is None:
        pairs = [(a, b, wide.loc[a], wide.loc[b]) for a, b in itertools.combinations(wide.index, 2)]
    else:
        sources = sources.reindex(columns=wide.columns)
        pairs = [(a, b, wide.loc[a], sources.loc[b]) for a in wide.index for b in sources.index]
    rows = []
    for a, b, left, right in pairs:
        both = left.notna() & right.notna()
        table = np.zeros((len(options), len(options)))
        for one, other in map(meet, left[both], right[both]):
            table[options.index(one), options.index(other)] += 1
        equal, kappa, error = _kappa(table)
        cards = int(both.sum())
        note = _why_not(cards, equal, kappa)
        note = note or (_TOO_FEW if cards < _FEWEST else _ALIKE if error < 1e-6 else "")
        width = np.nan if note else _Z * error
        low, high = np.clip([kappa - width, kappa + width], -1, 1)
        rows.append((a, b, cards, 100 * equal, kappa, low, high, note))
    return _table(rows, ["coder", "other", "cards", "equal_percent", "kappa", "low", "high", "note"])


@dataclass(frozen=True)
class Alpha:
    """Krippendorff's alpha of a class.

    Attributes
    ----------
    value, low, high : float or None
        Alpha and its 95 per cent interval; None where `note` says why there is none.
    cards, coders, answers : int
        What it rests on: cards with at least two answers, and who gave how many answers to them.
    note : str
        What must be said about it; empty if nothing.
    """

    value: float | None
    low: float | None
    high: float | None
    cards: int
    coders: int
    answers: int
    note: str = ""


def alpha(answers, seed=_SEED, draws=_DRAWS):
    """Compute Krippendorff's alpha for nominal codes, with an interval from resampled cards.

    Alpha takes any number of coders and leaves missing answers out; a card with one answer says nothing and is not
    used, and a coding between two phases is an option of its own. Students who leave out the cards they find hard make
    the class look more at one than it is. For the interval
    the cards are drawn with replacement, as Zapf and others (2016) advise: it tells how much the choice of
    cards matters, not that of students.

    Parameters
    ----------
    answers : pandas.DataFrame
        As for `pairwise`.
    seed : int
        Of the resampling: the same seed gives the same interval.
    draws : int
        How often the cards are drawn.

    Returns
    -------
    Alpha
        With a sentence in ``note`` where alpha or its interval cannot be given.

    Examples
    --------
    >>> alpha(pd.DataFrame({"coder": ["a"], "item_id": ["x"], "option": ["none"]})).note
    'Only one coder answered: agreement needs two.'
    """
    wide = _wide(answers)
    counts = _counts(wide, options_of(coded(answers)[0], answers))
    counts = counts[counts.sum(axis=1) >= 2].to_numpy()
    used = wide.loc[:, wide.notna().sum() >= 2]
    rests_on = len(counts), int(used.notna().any(axis=1).sum()), int(counts.sum())
    note = ""
    if wide.empty:
        note = "There are no answers."
    elif len(wide) == 1:
        note = "Only one coder answered: agreement needs two."
    elif len(counts) == 0:
        note = "No card was answered by two coders, so there is nothing to compare."
    elif len(counts) == 1:
        note = "Only one card was answered by two coders or more: one card cannot tell agreement from chance."
    elif (counts.sum(axis=0) > 0).sum() == 1:
        note = "All answers name the same option: without variation alpha is undefined, which is not full agreement."
    if note:
        return Alpha(None, None, None, *rests_on, note)
    value = _alpha(counts)
    if value == 1:
        return Alpha(1.0, None, None, *rests_on, _no_width(len(counts)))
    low, high, note = _interval(counts, _alpha, np.random.default_rng(seed), draws)
    return Alpha(value, low, high, *rests_on, note)


def with_sources(answers, codings, seed=_SEED, draws=_DRAWS):
    """Compare the class as a whole with each source.

    Each answer is compared with the source's code of its card. Answers to one card are not independent of each other,
    so the interval comes from resampled cards. Where a source codes nothing it is silent: such a card is left out, not
    counted as a disagreement.

    Parameters
    ----------
    answers, codings : pandas.DataFrame
        As for `pairwise`.
    seed, draws : int
        As for `alpha`.

    Returns
    -------
    pandas.DataFrame
        One row per source: ``source``, ``cards`` (coded by both), ``silent`` (cards only the class coded),
        ``answers``, ``equal_percent`` (of the answers), ``majority_equal`` (cards whose most frequent option, or one of
        those that tie, is the source's), ``kappa``, ``low``, ``high`` and ``note``.

    Examples
    --------
    >>> codes = pd.DataFrame({"case_id": ["x"], "coder": ["course"], "framework": ["none"]})
    >>> one = pd.DataFrame({"coder": ["a"], "item_id": ["x"], "option": ["none"]})
    >>> with_sources(one, codes)["equal_percent"].tolist()[-1]
    100.0
    """
    known, sources = coded(answers, codings)
    options = options_of(known, answers, sources)
    counts = _counts(_wide(answers), options)
    sources = sources.reindex(columns=counts.index)
    rng, rows = np.random.default_rng(seed), []
    for source, codes in sources.iterrows():
        codes = codes.dropna()
        # One table per card: the class's options by the source's one option.
        tables = np.zeros((len(codes), len(options), len(options)))
        for card, (item, code) in enumerate(codes.items()):
            for option in options:
                one, other = meet(option, code)
                tables[card, options.index(one), options.index(other)] += counts.at[item, option]
        equal, kappa, _ = _kappa(tables.sum(axis=0))
        note = _why_not(len(codes), equal, kappa)
        low = high = None
        if note == "":
            low, high, note = _interval(tables, lambda drawn: _kappa(drawn.sum(axis=0))[1], rng, draws)
        majority = sum(not _differs(_top(counts.loc[item]), code) for item, code in codes.items())
        silent, n = len(counts) - len(codes), int(tables.sum())
        rows.append((source, len(codes), silent, n, 100 * equal, majority, kappa, low, high, note))
    columns = ["source", "cards", "silent", "answers", "equal_percent", "majority_equal"]
    return _table(rows, [*columns, "kappa", "low", "high", "note"])


def by_card(answers, codings=None):
    """Count the class's options card by card, the cards it disagrees on most first.

    Parameters
    ----------
    answers, codings : pandas.DataFrame
        As for `pairwise`.

    Returns
    -------
    pandas.DataFrame
        One row per card: ``item_id``, ``answers``, ``missing`` (coders who did not answer it), one column per option
        with its count, ``most_frequent`` (with “; ” where options tie), ``share_percent`` of it,
        ``disagreement_percent`` (of all pairs of answers, those that differ; missing for a single answer),
        ``confidence`` (mean, per cent); with `codings` also each source's code, and ``differs_`` and the source's
        name: whether the most frequent option is another one, missing where the source is silent.

    Examples
    --------
    >>> split = pd.DataFrame({"coder": list("ab"), "item_id": ["x", "x"], "option": ["none", "support"]})
    >>> by_card(split)[["most_frequent", "disagreement_percent"]].values.tolist()
    [['support; none', 100.0]]
    """
    first, wide = _first(answers), _wide(answers)
    known, sources = coded(answers, codings)
    options = options_of(known, answers)
    counts = _counts(wide, options)
    n = counts.sum(axis=1)
    cards = counts.astype("Int64")
    cards.insert(0, "answers", n.astype("Int64"))
    cards.insert(1, "missing", (len(wide) - n).astype("Int64"))
    top = [_top(row) for _, row in counts.iterrows()]
    cards["most_frequent"] = pd.array(["; ".join(names) for names in top], dtype="string")
    cards["share_percent"] = 100 * counts.max(axis=1) / n
    equal_pairs = (counts * (counts - 1)).sum(axis=1)
    cards["disagreement_percent"] = (100 * (1 - equal_pairs / (n * (n - 1)).where(n > 1))).astype("Float64")
    confidence = first["confidence"] if "confidence" in first else pd.Series(pd.NA, index=first.index, dtype="Int64")
    cards["confidence"] = confidence.groupby(first["item_id"]).mean().astype("Float64")
    if sources is not None:
        for source, codes in sources.reindex(columns=cards.index).iterrows():
            cards[source] = codes.astype("string")
            differs = [pd.NA if pd.isna(c) else _differs(names, c) for c, names in zip(codes, top, strict=True)]
            cards[f"differs_{source}"] = pd.array(differs, dtype="boolean")
    cards = cards.rename_axis(index="item_id", columns=None).reset_index()
    return cards.sort_values(["disagreement_percent", "item_id"], ascending=[False, True], ignore_index=True)


def how_to_read(value, low=None, high=None):
    """Say in words what a kappa or an alpha says and what it does not.

    Parameters
    ----------
    value : float, Alpha or missing
        The coefficient.
    low, high : float, optional
        Its interval; an `Alpha` brings its own.

    Returns
    -------
    str
        A few sentences about its size, its interval and the limits of thresholds: Krippendorff's .800 and .667 (for
        tentative conclusions), and the labels of Landis and Koch (1977).

    Examples
    --------
    >>> how_to_read(0.5).split(":")[0]
    '0.50'
    """
    if isinstance(value, Alpha):
        note, value, low, high = value.note, value.value, value.low, value.high
        if value is None:
            return note
    else:
        note = ""
    if pd.isna(value):
        return "There is no value to read."
    if value >= 0.995:
        size = "the coders agree on every card, or nearly"
    elif value > 0:
        size = f"of the agreement that chance alone would not bring, about {value:.0%} is there".replace(
            "%", " per cent"
        )
    else:
        size = "the coders agree no more often than by chance"
    said = [f"{value:.2f}: {size}."]
    if note:
        said.append(note)
    if pd.isna(low) or pd.isna(high):
        low, high, what = value, value, "the value"
    else:
        what = "the interval"
        chance = ", so that even chance is not ruled out" if low <= 0 < value else ""
        said.append(f"Other cards of this kind could have given anything from {low:.2f} to {high:.2f}{chance}.")
    if high < 0.667:
        met = "lies below both"
    elif low >= 0.8:
        met = "reaches both"
    elif low >= 0.667 and high < 0.8:
        met = "lies between the two"
    else:
        met = "does not decide which of the two is reached"
    said.append(
        f"Krippendorff asks for .800, and for .667 where conclusions are tentative; {what} {met}. Such thresholds are "
        "conventions, and labels such as “moderate” (Landis and Koch) are arbitrary: what counts is which cards divide "
        "the coders, and why."
    )
    return " ".join(said)


def _first(answers):
    """Keep one answer per coder and card, the earliest."""
    if "at" in answers:
        answers = answers.sort_values("at", kind="stable")
    return answers.drop_duplicates(["coder", "item_id"])


def _wide(answers):
    return _first(answers).pivot(index="coder", columns="item_id", values="option")


def _top(counts):
    """Name the most frequent option, or those that tie."""
    return list(counts.index[counts == counts.max()])


def _differs(names, code):
    return not any(one == other for one, other in (meet(name, code) for name in names))


def _counts(wide, options):
    """Count each option for each card: cards in rows, options in columns."""
    return pd.DataFrame({option: (wide == option).sum() for option in options}, index=wide.columns).astype(int)


def _alpha(counts):
    """Give alpha, or NaN where a resample has no variation."""
    varied = (counts.sum(axis=0) > 0).sum() > 1
    return float(krippendorff.alpha(value_counts=counts, level_of_measurement="nominal")) if varied else np.nan


def _kappa(table):
    """Give the share of equal codes, Cohen's kappa, and its standard error after Fleiss, Cohen and Everitt (1969)."""
    n = table.sum()
    if n == 0:
        return np.nan, np.nan, np.nan
    p = table / n
    rows, columns, equal = p.sum(axis=1), p.sum(axis=0), np.trace(table) / n
    chance = rows @ columns
    # With one and the same option throughout on either side kappa is 0 or undefined, whatever the other side says.
    if 1 in ((rows > 0).sum(), (columns > 0).sum()):
        return equal, np.nan, np.nan
    kappa = (equal - chance) / (1 - chance)
    own = np.diag(p) @ (1 - (rows + columns) * (1 - kappa)) ** 2
    weights = (columns[:, None] + rows[None, :]) ** 2
    others = (1 - kappa) ** 2 * (p * weights).sum() - (1 - kappa) ** 2 * np.diag(p) @ np.diag(weights)
    variance = (own + others - (kappa - chance * (1 - kappa)) ** 2) / (n * (1 - chance) ** 2)
    return equal, kappa, np.sqrt(max(variance, 0))


def _why_not(cards, equal, kappa):
    if cards == 0:
        return "No card was coded by both."
    if cards == 1:
        return "Only one card was coded by both: one card cannot tell agreement from chance."
    if np.isnan(kappa):
        return "One of the two names the same option on every card, so kappa says nothing: it needs variation in both."
    return _no_width(cards) if equal == 1 else ""


def _no_width(cards):
    """Say how much disagreement n equal cards leave possible: 95 per cent, one-sided, exact."""
    unseen = 100 * (1 - 0.05 ** (1 / cards))
    return (
        f"All {cards} cards are coded alike, so no interval can be computed; a disagreement on up to {unseen:.0f} per "
        "cent of such cards could still have gone unseen."
    )


def _interval(cards, measure, rng, draws):
    """Give the middle 95 per cent of a measure over resampled cards, or the sentence that says why not."""
    if len(cards) < _FEWEST:
        return None, None, _TOO_FEW
    values = [measure(cards[pick]) for pick in rng.integers(len(cards), size=(draws, len(cards)))]
    if np.isnan(values).mean() > 0.05:
        return None, None, "No interval: too many selections of these cards would have no variation."
    low, high = (float(end) for end in np.nanpercentile(values, [2.5, 97.5]))
    return (low, high, "") if high - low > 1e-6 else (None, None, _ALIKE)


def _table(rows, columns):
    whole, text = {"cards", "silent", "answers", "majority_equal"}, {"coder", "other", "source", "note"}
    kinds = {c: "Int64" if c in whole else "string" if c in text else "Float64" for c in columns}
    frame = pd.DataFrame(rows, columns=columns)
    return frame.astype({c: "float64" for c in columns if kinds[c] == "Float64"}).astype(kinds)
