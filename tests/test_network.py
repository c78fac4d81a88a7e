"""Who worked with whom: the cases taken apart, against rows worked out by hand."""

import pandas as pd
import pytest

from peaceops import load, network


def cases(*rows):
    """Make a small table of cases from (id, organizations, country, start, end)."""
    table = pd.DataFrame(rows, columns=["case_id", "organizations", "country", "start_date", "end_date"])
    table[["start_date", "end_date"]] = table[["start_date", "end_date"]].apply(pd.to_datetime)
    return table.assign(title="Case " + table["case_id"], place=table["country"].replace("AAA", "Aland"))


SMALL = cases(
    ("one-day", "UN; AU", "AAA", "2004-12-31", "2004-12-31"),  # one day, one year
    ("new-year", "NATO; UN", "BBB", "2004-12-31", "2005-01-01"),  # two days, two years
    ("three", "UN; EU; AU", "AAA", "2005-06-01", "2005-07-01"),  # three sides, three pairs
    ("runs", "coalition; UN", "CCC; DDD", "2005-05-05", None),  # counts up to the last day
)
BY_HAND = [
    (2004, "AU", "UN", "one-day", "AAA"),
    (2004, "NATO", "UN", "new-year", "BBB"),
    (2005, "AU", "EU", "three", "AAA"),
    (2005, "AU", "UN", "three", "AAA"),
    (2005, "EU", "UN", "three", "AAA"),
    (2005, "NATO", "UN", "new-year", "BBB"),
    (2005, "UN", "coalition", "runs", "CCC; DDD"),
    (2006, "UN", "coalition", "runs", "CCC; DDD"),
]


def test_meetings_by_hand():
    """Catches a year or a pair lost or made up, above all at the turn of a year and for a case that runs."""
    found = network.meetings(SMALL, until="2006-06-30")
    assert list(found.columns) == ["year", "first", "second", "case_id", "title", "place", "country"]
    assert list(found[["year", "first", "second", "case_id", "country"]].itertuples(index=False, name=None)) == BY_HAND
    assert found["place"].iloc[0] == "Aland"
    assert found["title"].iloc[0] == "Case one-day"


def test_nothing_after_the_last_day():
    """Catches a case that counts in years after the day that the data reach to."""
    assert network.meetings(SMALL, until="2004-12-31")["case_id"].to_list() == ["one-day", "new-year"]
    assert network.meetings(SMALL, until="2004-12-30").empty
    assert list(network.by_year(network.meetings(SMALL, until="1990-01-01"))) == [
        *("year", "first", "second", "cases", "places")
    ]


def test_by_year_by_hand():
    """Catches cases counted twice, or a place named twice."""
    more = pd.concat([SMALL, cases(("again", "AU; UN", "AAA", "2005-01-01", "2005-01-31"))])
    found = network.by_year(network.meetings(more, until="2005-12-31")).set_index(["year", "first", "second"])
    assert found.loc[(2005, "AU", "UN")].to_list() == [2, "Aland"]
    assert found.loc[(2005, "UN", "coalition")].to_list() == [1, "CCC; DDD"]
    assert found.loc[(2004, "AU", "UN")].to_list() == [1, "Aland"]
    assert len(found) == 7


def test_the_courses_cases():
    """Catches a pair in another order than the alphabet's, or a real case that comes out wrong: Darfur's airlifts."""
    found = network.meetings(load("cases"))
    assert (found["first"] < found["second"]).all()
    assert not found.duplicated(["year", "first", "second", "case_id"]).any()
    assert set(found["case_id"]) == set(load("cases")["case_id"])
    airlift = found[found["case_id"] == "darfur-nato-eu-airlifts"]
    assert airlift["year"].to_list() == [2005, 2006, 2007]
    assert set(zip(airlift["first"], airlift["second"], strict=True)) == {("EU", "NATO")}
    assert found["year"].max() == 2026


def test_pure():
    """Catches a table of cases that is changed on the way."""
    before = SMALL.copy()
    network.by_year(network.meetings(SMALL))
    assert SMALL.equals(before)


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (("x", "UN", "AAA", "2004-01-01", None), "The case x has fewer than two organizations: “UN”."),
        (("x", "UN; UN", "AAA", "2004-01-01", None), "The case x has fewer than two organizations: “UN; UN”."),
        (("x", "UN; AU", "AAA", "2004-01-02", "2004-01-01"), "The case x ends, on 2004-01-01, before it starts."),
    ],
)
def test_bad_cases(row, says):
    """Catches a case that drops out in silence."""
    with pytest.raises(ValueError, match=f"^{says}$"):
        network.meetings(cases(row))
