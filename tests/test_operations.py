"""The analysis functions, against results worked out by hand on small tables."""

import pandas as pd
import pytest

from peaceops import load, operations


def frame(**rows):
    """Make a small table of operations from id=(start, end)."""
    table = pd.DataFrame(rows.values(), columns=["start_date", "end_date"])
    table = table.apply(pd.to_datetime)
    table.insert(0, "operation_id", list(rows))
    return table


# a ran for one day; b ended on the last day of 1990; c began that day; d still runs
SMALL = frame(
    a=("1988-01-01", "1988-01-01"),
    b=("1988-06-15", "1990-12-31"),
    c=("1990-12-31", "1993-03-01"),
    d=("1993-03-01", None),
)


def ids(table):
    """Return the ids of a table's rows."""
    return "".join(table["operation_id"])


def test_un_peacekeeping():
    """Catches a political mission, or another organization's operation, counted as UN peacekeeping."""
    kinds = ["un_peacekeeping", "un_other", "regional", "coalition"]
    assert ids(operations.un_peacekeeping(SMALL.assign(kind=kinds))) == "a"


@pytest.mark.parametrize(
    ("date", "active"),
    [
        ("1987-12-31", ""),
        ("1988-01-01", "a"),
        ("1988-01-02", ""),
        ("1988-06-14", ""),
        ("1988-06-15", "b"),
        ("1990-12-30", "b"),
        ("1990-12-31", "bc"),
        ("1991-01-01", "c"),
        ("1993-03-01", "cd"),
        ("1993-03-02", "d"),
        ("2026-06-30", "d"),
        (pd.Timestamp("1991-01-01"), "c"),
    ],
)
def test_active_at(date, active):
    """Catches an operation lost on its first or last day, or one without an end taken for ended."""
    assert ids(operations.active_at(SMALL, date)) == active


@pytest.mark.parametrize(
    ("first", "last", "began"), [(1988, 1993, "abcd"), (1988, 1988, "ab"), (1989, 1992, "c"), (1989, 1989, "")]
)
def test_started_between(first, last, began):
    """Catches a span that leaves out its first or last year."""
    assert ids(operations.started_between(SMALL, first, last)) == began


def test_a_span_turned_round():
    """Catches a span given backwards that silently holds nothing."""
    with pytest.raises(ValueError, match=r"^The last year, 1988, lies before the first, 1993\.$"):
        operations.started_between(SMALL, 1993, 1988)


def test_per_year():
    """Catches a year miscounted: worked out by hand, with ends on 31 December and none at all."""
    table = operations.per_year(SMALL, 1987, 1994)
    assert table.to_dict("list") == {
        "year": [1987, 1988, 1989, 1990, 1991, 1992, 1993, 1994],
        "began": [0, 2, 0, 1, 0, 0, 1, 0],
        "ended": [0, 1, 0, 1, 0, 0, 1, 0],
        "ran": [0, 2, 1, 2, 1, 1, 2, 1],
        "running_at_year_end": [0, 1, 1, 2, 1, 1, 1, 1],
    }


def test_per_year_keeps_its_balance():
    """Catches a count that loses an operation: running at a year's end is all begun less all ended before it."""
    rows = load("operations")
    table = operations.per_year(rows, 1948, 2025)
    ends_on_new_years_eve = [int((rows["end_date"] == f"{year}-12-31").sum()) for year in table["year"]]
    running = table["began"].cumsum() - table["ended"].cumsum() + ends_on_new_years_eve
    assert list(table["running_at_year_end"]) == list(running)


@pytest.mark.parametrize(
    ("border", "rule", "counts"),
    [
        (1988, "earlier", (2, 2)),
        (1988, "later", (0, 4)),
        (1988, "both", (2, 4)),
        (1989, "both", (2, 2)),
        (1993, "earlier", (4, 0)),
        (1993, "later", (3, 1)),
        (1993, "both", (4, 1)),
    ],
)
def test_count_by_border(border, rule, counts):
    """Catches the border year's operations put on the wrong side, or counted twice without being asked for it."""
    assert operations.count_by_border(SMALL, border, rule) == counts


def test_count_by_border_of_another_rule():
    """Catches a misspelt rule that is taken for one of the three."""
    with pytest.raises(ValueError, match=r"^The rule “neither” is not one of: earlier, later, both\.$"):
        operations.count_by_border(SMALL, 1988, "neither")


def links(*pairs):
    """Make a table of hand-overs from pairs such as "ab"."""
    return pd.DataFrame([tuple(pair) for pair in pairs], columns=["from_operation", "to_operation"])


@pytest.mark.parametrize(
    ("pairs", "chains"),
    [
        ([], []),
        (["ab"], ["ab"]),
        (["bc", "ab"], ["abc"]),
        (["xy", "ab", "bc"], ["abc", "xy"]),
        (["ab", "ac"], ["ab", "ac"]),
        (["ac", "bc"], ["ac", "bc"]),
        (["ab", "ac", "bd", "cd"], ["abd", "acd"]),
    ],
)
def test_chains(pairs, chains):
    """Catches a chain cut in two, a fork that loses a branch, or another order than the longest first."""
    assert operations.chains(links(*pairs)) == [list(chain) for chain in chains]


@pytest.mark.parametrize("pairs", [["ab", "ba"], ["aa"], ["ab", "bc", "cb"], ["xy", "ab", "ba"]])
def test_chains_in_a_circle(pairs):
    """Catches an endless walk, and a circle that is dropped because proper chains stand beside it."""
    with pytest.raises(ValueError, match=r"^The hand-overs run in a circle: .* → .*\.$"):
        operations.chains(links(*pairs))


def test_the_longest_chains():
    """Catches a lost hand-over: Angola, the former Yugoslavia and Haiti are the UN's longest successions."""
    links, ids = load("handovers"), set(operations.un_peacekeeping(load("operations"))["operation_id"])
    found = operations.chains(links[links["from_operation"].isin(ids) & links["to_operation"].isin(ids)])
    assert ["unavem-1", "unavem-2", "unavem-3", "monua"] in found
    assert ["unprofor", "uncro", "untaes", "unpsg"] in found
    assert ["unmih", "unsmih", "untmih", "miponuh"] in found
    assert max(map(len, found)) == 4


def test_periods_table():
    """Catches a cell in the wrong period, a cell that is lost, or an uncertain one without its mark."""
    periods = pd.DataFrame(
        [
            ("P1", "P1", "international security setting", "one", "certain"),
            ("P2", "P1", "international security setting", "two", "uncertain"),
            ("P1", "P1", "peace operations", "three", "certain"),
            ("P2", "P2", "peace operations", "four", "certain"),
        ],
        columns=["period", "period_by_layout", "column", "item", "certainty"],
    )
    assert operations.periods_table(periods).to_numpy().tolist() == [["P1", "one", "three"], ["P2", "two (?)", "four"]]
    by_layout = operations.periods_table(periods, "layout")
    assert by_layout.iloc[0].tolist() == ["P1", "one; two (?)", "three"]
    with pytest.raises(ValueError, match=r"^The reading “other” is not one of: course, layout\.$"):
        operations.periods_table(periods, "other")


def test_periods_table_keeps_every_cell():
    """Catches a cell of the printed table that the course's layout drops."""
    periods = load("periods")
    for reading in ("course", "layout"):
        table = operations.periods_table(periods, reading)
        assert list(table["Period"]) == list(periods["period"].unique())
        text = "; ".join(table.iloc[:, 1:].to_numpy().ravel())
        assert len(text.split("; ")) == len(periods)


def test_growth():
    """Catches a factor turned round, or a measure taken from the wrong year."""
    indicators = pd.DataFrame(
        [
            (year, name, value)
            for name, values in {
                "un_personnel": (100, 250),
                "resolutions": (10, 5),
                "conflicts_interstate": (1, 2),
                "conflicts_intrastate": (3, 6),
            }.items()
            for year, value in zip((1988, 1993), values, strict=True)
        ],
        columns=["year", "indicator", "value"],
    )
    table = operations.growth(SMALL, indicators, 1988, 1993)
    assert table[["1988", "1993", "Factor"]].to_numpy().tolist() == [
        [1, 1, 1.0],
        [2, 2, 1.0],
        [100, 250, 2.5],
        [10, 5, 0.5],
        [4, 8, 2.0],
    ]


def test_founding_chapters():
    """Catches an operation in the wrong span, or an unread text counted as one that names no chapter."""
    small = SMALL.assign(charter_chapter=["VII", None, "not_stated", "VII_in_part"])
    table = operations.founding_chapters(small, borders=(1990, 1992))
    assert table.to_numpy().tolist() == [
        ["1988–1989", 2, 1, 0, 0, 1],
        ["1990–1991", 1, 0, 0, 1, 0],
        ["1992–1993", 1, 0, 1, 0, 0],
    ]


def test_founding_chapters_counts_all():
    """Catches an operation that falls between two spans."""
    rows = operations.un_peacekeeping(load("operations"))
    table = operations.founding_chapters(rows)
    assert table["Operations"].sum() == len(rows)
    assert (table.iloc[:, 2:].sum(axis=1) == table["Operations"]).all()


@pytest.mark.parametrize(
    "call",
    [
        lambda table: operations.active_at(table, "1990-01-01"),
        lambda table: operations.started_between(table, 1988, 1993),
        lambda table: operations.per_year(table, 1988, 1993),
        lambda table: operations.count_by_border(table, 1990, "both"),
    ],
)
def test_input_is_left_alone(call):
    """Catches a function that changes the table it was given."""
    table = SMALL.copy()
    call(table)
    pd.testing.assert_frame_equal(table, SMALL)
