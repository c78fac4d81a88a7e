"""Increasing returns: how often partnerships last by chance.

Each partnership is a Pólya urn, the standard toy of path dependence [1]_ [2]_ [3]_. It begins with one unit of balls:
``chance`` of them say “leave”, the others “stay”. Every year one ball is drawn and put back. “Leave” ends the
partnership. “Stay” adds `returns` units of further “stay” balls: what has lasted becomes likelier to last. After k years
together the chance of ending is therefore ``chance / (1 + k * returns)``. With ``returns`` 0 it never changes, and there
are no increasing returns; with 1 it is half as large after one year, a third after two, a tenth after nine.

References
----------
.. [1] Arthur, W. B. (1989), Competing technologies, increasing returns, and lock-in by historical events.
.. [2] Arthur, W. B. (1994), Increasing Returns and Path Dependence in the Economy.
.. [3] Pierson, P. (2000), Increasing returns, path dependence, and the study of politics.
"""

import math
import numbers

import numpy as np
import pandas as pd

PARTNERSHIPS = 6  # the pairs of UN, NATO, EU and AU
CHANCES = tuple(percent / 100 for percent in (0.5, 1, 1.5, 2, 2.5, *range(3, 21)))
RETURNS = (0, 0.5, 1, 2)
YEARS = (5, 10, 17, 35)  # 17 from 1990 to 2007, 35 from 1990 to 2025
WORLDS, SEED = 2000, 2007


def yearly_chances(yearly_chance_of_ending, returns, years):
    """Give the chance that a partnership ends in its first year, its second, and so on, if it lasted until then.

    Parameters
    ----------
    yearly_chance_of_ending : float
        The chance in the first year, from 0 to 1.
    returns : float
        What a year together adds to the urn, in units of what the urn held at first; 0 or more.
    years : int
        How many years; 1 or more.

    Returns
    -------
    numpy.ndarray
        One chance per year, from 0 to 1.

    Raises
    ------
    ValueError
        For a number outside its range.

    Examples
    --------
    >>> [round(float(chance), 3) for chance in yearly_chances(0.06, 1, 3)]
    [0.06, 0.03, 0.02]
    """
    _check(yearly_chance_of_ending, returns, years)
    return yearly_chance_of_ending / (1 + returns * np.arange(years))


def survival(yearly_chance_of_ending, returns, years, partnerships=PARTNERSHIPS):
    """Give the probability that all partnerships last, exactly.

    One urn gives “stay” in every year with the product of ``1 - chance / (1 + k * returns)`` over the years k = 0, 1, …
    (for returns above 0 the beta-binomial distribution's probability of nothing but successes); the urns do not
    influence each other.

    Parameters
    ----------
    yearly_chance_of_ending : float
        The chance in the first year, from 0 to 1.
    returns : float
        What a year together adds to the urn, in units of what the urn held at first; 0 or more.
    years : int
        How many years they have to last; 1 or more.
    partnerships : int
        How many there are; 1 or more.

    Returns
    -------
    float
        A probability, from 0 to 1.

    Raises
    ------
    ValueError
        For a number outside its range.

    Examples
    --------
    >>> round(survival(0.01, 0, 17), 2), round(survival(0.01, 1, 17), 2)
    (0.36, 0.81)
    """
    _check(yearly_chance_of_ending, returns, years, partnerships)
    return float(np.prod(1 - yearly_chances(yearly_chance_of_ending, returns, years))) ** partnerships


def distribution(yearly_chance_of_ending, returns, years, partnerships=PARTNERSHIPS):
    """Give the probability of each number of survivors, exactly.

    Parameters
    ----------
    yearly_chance_of_ending, returns, years, partnerships
        As for `survival`.

    Returns
    -------
    pandas.DataFrame
        One row per number: ``survivors`` from 0 to ``partnerships``, and ``probability``, binomial because the urns
        do not influence each other.

    Raises
    ------
    ValueError
        For a number outside its range.

    Examples
    --------
    >>> distribution(0.5, 0, 1, partnerships=2)["probability"].tolist()
    [0.25, 0.5, 0.25]
    """
    _check(yearly_chance_of_ending, returns, years, partnerships)
    one = survival(yearly_chance_of_ending, returns, years, partnerships=1)
    counts = range(partnerships + 1)
    chances = [math.comb(partnerships, count) * one**count * (1 - one) ** (partnerships - count) for count in counts]
    return pd.DataFrame({"survivors": list(counts), "probability": chances})


def simulate(yearly_chance_of_ending, returns, years, partnerships=PARTNERSHIPS, worlds=WORLDS, seed=SEED):
    """Let chance run: draw from the urns of many worlds.

    Parameters
    ----------
    yearly_chance_of_ending, returns, years, partnerships
        As for `survival`.
    worlds : int
        How often history is run again; 1 or more.
    seed : int
        Starts numpy's random numbers; the same seed gives the same worlds.

    Returns
    -------
    pandas.DataFrame
        One row per world: ``world``, counted from 1, and ``survivors``, the partnerships still there after the years.

    Raises
    ------
    ValueError
        For a number outside its range.

    Examples
    --------
    >>> simulate(0.05, 0.5, 17, worlds=3).columns.tolist()
    ['world', 'survivors']
    """
    _check(yearly_chance_of_ending, returns, years, partnerships, worlds, seed)
    drawn = _draw(yearly_chance_of_ending, returns, years, partnerships, worlds, np.random.default_rng(seed))
    return pd.DataFrame({"world": range(1, worlds + 1), "survivors": drawn[-1]})


def grid(chances=CHANCES, returns=RETURNS, years=YEARS, partnerships=PARTNERSHIPS, worlds=WORLDS, seed=SEED):
    """Compare settings by the share of worlds in which all partnerships last.

    Parameters
    ----------
    chances : sequence of float
        Chances of ending in the first year, from 0 to 1.
    returns : sequence of float
        Strengths of increasing returns, as for `survival`.
    years : sequence of int
        After how many years to look; the same worlds each time.
    partnerships, worlds, seed
        As for `simulate`.

    Returns
    -------
    pandas.DataFrame
        One row per setting: ``chance`` (of ending in the first year), ``returns``, ``years``, ``partnerships``,
        ``worlds``, and the share of worlds in which all last, ``simulated`` and ``exact``, from 0 to 1.

    Raises
    ------
    ValueError
        For a number outside its range, and when there is no setting.

    Examples
    --------
    >>> grid([0.01], [0, 1], [17])["exact"].round(2).tolist()
    [0.36, 0.81]
    """
    chances, returns, years = list(chances), list(returns), list(years)
    if not (chances and returns and years):
        raise ValueError(
            "There is no setting: give at least one chance, one strength of returns and one number of years."
        )
    settings = [(chance, strength) for strength in returns for chance in chances]
    for (chance, strength), after in ((setting, after) for setting in settings for after in years):
        _check(chance, strength, after, partnerships, worlds, seed)
    rows = []
    for number, (chance, strength) in enumerate(settings):
        # Each setting has random numbers of its own, so that one unlucky stretch does not bend all of them.
        generator = np.random.default_rng([seed, number])
        drawn = _draw(chance, strength, max(years), partnerships, worlds, generator)
        for after in years:
            share = float((drawn[after - 1] == partnerships).mean())
            exact = survival(chance, strength, after, partnerships)
            rows.append((chance, strength, after, partnerships, worlds, share, exact))
    names = ["chance", "returns", "years", "partnerships", "worlds", "simulated", "exact"]
    return pd.DataFrame(rows, columns=names).astype({"returns": float})


def _draw(chance, returns, years, partnerships, worlds, generator):
    """Draw one ball a year from each urn; return the survivors after each year, one column per world."""
    stay, leave = np.full((worlds, partnerships), 1.0 - chance), chance
    lasts = np.ones((worlds, partnerships), dtype=bool)
    survivors = np.empty((years, worlds), dtype=int)
    for year in range(years):
        lasts &= generator.random(stay.shape) * (stay + leave) >= leave
        stay += returns * lasts
        survivors[year] = lasts.sum(axis=1)
    return survivors


def _check(chance, returns, years, partnerships=1, worlds=1, seed=0):
    """Refuse a number outside its range, in one sentence."""
    if not _number(chance) or not 0 <= chance <= 1:
        raise ValueError(f"The yearly chance of ending is {chance!r}: give a number from 0 to 1, such as 0.02 for 2 %.")
    if not _number(returns) or not 0 <= returns < math.inf:
        raise ValueError(f"The returns are {returns!r}: give 0 (no path dependence) or a number above 0, such as 0.5.")
    for name, value, least in (
        ("years", years, 1),
        ("partnerships", partnerships, 1),
        ("worlds", worlds, 1),
        ("seed", seed, 0),
    ):
        if not isinstance(value, numbers.Integral) or isinstance(value, bool) or value < least:
            raise ValueError(f"The value of {name} is {value!r}: give a whole number, {least} or more.")


def _number(value):
    return isinstance(value, numbers.Real) and not isinstance(value, bool)
