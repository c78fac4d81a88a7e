"""The increasing-returns process: what is drawn against what is exact, and its limits."""

import math

import numpy as np
import pytest

from peaceops import paths

SETTINGS = [(0.01, 0, 17), (0.05, 0.5, 17), (0.1, 1, 10), (0.2, 2, 35), (0.2, 0, 5)]
# the upper 0.1 per cent of the chi-square distribution, by degrees of freedom; the seed is fixed, so nothing is left to luck
CRITICAL = {1: 10.83, 2: 13.82, 3: 16.27, 4: 18.47, 5: 20.52, 6: 22.46}


def chi_square(counted, expected):
    """Compare counts with expected ones; neighbours with fewer than five expected are counted together."""
    groups, seen, hoped = [], 0, 0.0
    for count, number in zip(counted, expected, strict=True):
        seen, hoped = seen + count, hoped + number
        if hoped >= 5:
            groups.append([seen, hoped])
            seen, hoped = 0, 0.0
    groups[-1][0] += seen
    groups[-1][1] += hoped
    return sum((one - other) ** 2 / other for one, other in groups), len(groups) - 1


def counts(*setting, **more):
    """Return how many worlds keep none, one, ... all of six."""
    return np.bincount(paths.simulate(*setting, **more)["survivors"], minlength=7)


@pytest.mark.parametrize("setting", SETTINGS)
def test_worlds_follow_the_exact_distribution(setting):
    """Catches urns that are drawn from, or filled, in another way than the formula says."""
    expected = 20_000 * paths.distribution(*setting)["probability"]
    value, freedom = chi_square(counts(*setting, worlds=20_000, seed=1), expected)
    assert freedom >= 1
    assert value < CRITICAL[freedom]
    mean = paths.simulate(*setting, worlds=20_000, seed=1)["survivors"].mean()
    alone = paths.survival(*setting, partnerships=1)
    assert abs(mean - 6 * alone) < 4 * math.sqrt(6 * alone * (1 - alone) / 20_000)


def test_a_wrong_process_is_seen():
    """Catches a comparison that would let returns of 0.4 pass for 0.5."""
    expected = 20_000 * paths.distribution(0.05, 0.5, 17)["probability"]
    value, freedom = chi_square(counts(0.05, 0.4, 17, worlds=20_000, seed=1), expected)
    assert value > CRITICAL[freedom]


@pytest.mark.parametrize("years", [1, 5, 35])
@pytest.mark.parametrize("chance", [0, 0.005, 0.2, 1])
def test_no_returns_no_path(chance, years):
    """Catches path dependence where there is none: a constant chance, year after year."""
    assert paths.survival(chance, 0, years) == pytest.approx((1 - chance) ** (6 * years))
    assert set(paths.yearly_chances(chance, 0, years)) == {chance}


def test_by_hand():
    """Catches an urn that is filled before the first draw, or by another unit: 1/2, then 1/4, then 1/6."""
    assert paths.yearly_chances(0.5, 1, 3).tolist() == [0.5, 0.25, 0.5 / 3]
    assert paths.survival(0.5, 1, 3, partnerships=1) == pytest.approx(1 / 2 * 3 / 4 * 5 / 6)
    assert paths.survival(0.5, 1, 3, partnerships=2) == pytest.approx((1 / 2 * 3 / 4 * 5 / 6) ** 2)


@pytest.mark.parametrize(("chance", "returns", "years"), [setting for setting in SETTINGS if setting[1]])
def test_the_beta_binomial(chance, returns, years):
    """Catches a product that is not the beta-binomial's probability of nothing but successes."""
    stay, leave = (1 - chance) / returns, chance / returns
    beta = [math.lgamma(a) + math.lgamma(leave) - math.lgamma(a + leave) for a in (stay + years, stay)]
    assert paths.survival(chance, returns, years, partnerships=1) == pytest.approx(math.exp(beta[0] - beta[1]))


@pytest.mark.parametrize("setting", SETTINGS)
def test_a_distribution(setting):
    """Catches probabilities that do not add up to one, or whose last is not that of all surviving."""
    table = paths.distribution(*setting)
    assert table["survivors"].to_list() == list(range(7))
    assert table["probability"].sum() == pytest.approx(1)
    assert table["probability"].iloc[-1] == pytest.approx(paths.survival(*setting))


def test_monotone():
    """Catches increasing returns that make partnerships end, or years and chances that make them last."""
    exact = paths.grid(worlds=1).pivot_table(index="returns", columns=["years", "chance"], values="exact")
    assert (exact.diff().dropna() > 0).all(axis=None)
    by_chance = exact.T.unstack("years")
    assert (by_chance.diff().dropna() < 0).all(axis=None)
    assert (exact.T.unstack("chance").diff().dropna() < 0).all(axis=None)


def test_the_grid():
    """Catches a setting left out, or a simulated share further from the exact one than chance takes it."""
    grid = paths.grid()
    assert len(grid) == len(paths.CHANCES) * len(paths.RETURNS) * len(paths.YEARS)
    assert grid["chance"].agg(["min", "max"]).to_list() == [0.005, 0.2]
    assert not grid.duplicated(["chance", "returns", "years"]).any()
    spread = np.sqrt(grid["exact"] * (1 - grid["exact"]) / grid["worlds"])
    off = (grid["simulated"] - grid["exact"]).abs()
    assert (off <= 4 * spread + 1 / grid["worlds"]).all()
    # about two thirds within one standard error: neither too good to be drawn nor too bad to be right
    drawn = grid["exact"].between(0.02, 0.98)
    assert 0.5 < (off <= spread)[drawn].mean() < 0.85


def test_the_seed():
    """Catches worlds that differ from run to run, or that do not depend on the seed."""
    same = [paths.simulate(0.05, 1, 17, worlds=200, seed=3) for _ in range(2)]
    assert same[0].equals(same[1])
    assert not same[0].equals(paths.simulate(0.05, 1, 17, worlds=200, seed=4))
    small = {"chances": [0.05], "returns": [1], "years": [17], "worlds": 200}
    assert paths.grid(**small, seed=3).equals(paths.grid(**small, seed=3))
    np.random.seed(0)
    assert same[0].equals(paths.simulate(0.05, 1, 17, worlds=200, seed=3))


@pytest.mark.parametrize("chance", [0, 1])
def test_certain_worlds(chance):
    """Catches a chance of 0 that ends a partnership, or one of 1 that spares it."""
    assert set(paths.simulate(chance, 0, 3, worlds=500)["survivors"]) == {6 if chance == 0 else 0}


BAD = [
    (
        {"yearly_chance_of_ending": 2},
        "The yearly chance of ending is 2: give a number from 0 to 1, such as 0.02 for 2 %.",
    ),
    ({"yearly_chance_of_ending": "2 %"}, "The yearly chance of ending is '2 %': give a number from 0 to 1"),
    ({"yearly_chance_of_ending": math.nan}, "The yearly chance of ending is nan: give a number from 0 to 1"),
    ({"returns": -1}, "The returns are -1: give 0 (no path dependence) or a number above 0, such as 0.5."),
    ({"returns": math.inf}, "The returns are inf: give 0"),
    ({"years": 0}, "The value of years is 0: give a whole number, 1 or more."),
    ({"years": 2.5}, "The value of years is 2.5: give a whole number, 1 or more."),
    ({"partnerships": True}, "The value of partnerships is True: give a whole number, 1 or more."),
    ({"worlds": 0}, "The value of worlds is 0: give a whole number, 1 or more."),
    ({"seed": -1}, "The value of seed is -1: give a whole number, 0 or more."),
]


@pytest.mark.parametrize(("wrong", "says"), BAD)
def test_bad_input(wrong, says):
    """Catches a number outside its range that gives a figure, or an error nobody understands."""
    good = {"yearly_chance_of_ending": 0.02, "returns": 1, "years": 5}
    functions = [paths.simulate]
    if not wrong.keys() & {"worlds", "seed"}:
        functions += [paths.survival, paths.distribution]
    for function in functions:
        with pytest.raises(ValueError) as caught:  # noqa: PT011 -- the message is compared below, as text
            function(**(good | wrong))
        assert str(caught.value).startswith(says)


def test_a_bad_grid():
    """Catches a grid without a setting, or one whose settings are not looked at before the first is drawn."""
    with pytest.raises(ValueError, match=r"^There is no setting: "):
        paths.grid(returns=[])
    with pytest.raises(ValueError, match=r"^The yearly chance of ending is 5: "):
        paths.grid(chances=[0.05, 5])
