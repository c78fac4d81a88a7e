"""What the tables must say, beyond their schema, to be true."""

import re

import pandas as pd
import pytest

from peaceops import AS_OF, describe, load
from peaceops.datasets import split_list
from peaceops.operations import un_peacekeeping

OPERATIONS = load("operations")
UN = un_peacekeeping(OPERATIONS)
# What official sources date by the month may differ by one.
A_MONTH = pd.Timedelta(days=31)


# ---- operations ----


def test_the_two_counts_of_the_papers_table():
    """Catches an operation that is missing, doubled or dated wrongly around the border that chapter 01 is about."""
    month = UN["start_date"].dt.to_period("M")
    assert (month < "1988-01").sum() == 13
    assert month.between(pd.Period("1988-01"), pd.Period("1993-12")).sum() == 20


def test_all_operations_of_the_list():
    """Catches a lost operation: 71 is the number that the UN's own pages reach (see the datasheet)."""
    assert len(UN) == 71
    assert OPERATIONS["operation_id"].is_unique
    assert OPERATIONS["name"].is_unique


def test_the_kind_fits_the_lead():
    """Catches an operation of NATO counted as the UN's, or one of the UN's as a region's or a coalition's."""
    led = OPERATIONS["kind"].isin(["un_peacekeeping", "un_other"])
    assert (OPERATIONS.loc[led, "lead"] == "UN").all()
    assert (OPERATIONS.loc[~led, "lead"] != "UN").all()


def test_the_datasheet_counts_the_kinds(root):
    """Catches a datasheet that was forgotten when operations of another kind were added."""
    text = (root / "data" / "datasheets" / "operations.md").read_text(encoding="utf-8")
    allowed = describe("operations").set_index("column").at["kind", "allowed"].split(", ")
    counts = [f"`{kind}`: {(OPERATIONS['kind'] == kind).sum()}" for kind in allowed]
    assert f"\nOf kind {'; '.join(counts)}.\n" in text


def test_starts_that_official_pages_give():
    """Catches rows that slid against each other: the starts and ends of five well-known operations."""
    rows = UN.set_index("acronym")
    known = {
        "UNTSO": ("1948-05", None),
        "ONUC": ("1960-07", "1964-06"),
        "UNTAC": ("1992-03", "1993-09"),
        "UNAMIR": ("1993-10", "1996-03"),
        "MINUSMA": ("2013-04", "2023-12"),
    }
    for acronym, (start, end) in known.items():
        assert f"{rows.at[acronym, 'start_date']:%Y-%m}" == start, acronym
        ended = rows.at[acronym, "end_date"]
        assert (None if pd.isna(ended) else f"{ended:%Y-%m}") == end, acronym


# Months from the newest founding resolution to the start: none, one or two, but for three operations.
UNUSUAL = {"unmogip": 9, "ungomap": -5, "minujusth": 6}


def _strange_starts(operations):
    """List the operations that begin at another time than their founding resolution lets expect."""
    adopted, strange = load("resolutions").set_index("resolution")["date"], []
    for row in operations.itertuples():
        numbers = [int(found[1]) for found in map(re.compile(r"S/RES/(\d+)").match, split_list(row.mandate)) if found]
        if numbers:
            founded = max(adopted[number] for number in numbers)
            months = 12 * (row.start_date.year - founded.year) + row.start_date.month - founded.month
            if months != UNUSUAL.get(row.operation_id) and not 0 <= months <= 2:
                strange.append(row.operation_id)
    return strange


def test_starts_follow_the_founding_resolutions():
    """Catches a start that slipped by a year or some months, in any UN row with a founding resolution of the Council."""
    assert _strange_starts(UN) == []


def test_a_start_that_slipped_is_seen():
    """Catches a comparison that accepts any start."""
    slipped = UN.assign(start_date=UN["start_date"] + pd.DateOffset(years=1))
    assert len(_strange_starts(slipped)) >= 69


def test_an_end_says_that_it_ended():
    """Catches a running operation with an end, and an ended one without."""
    ended = OPERATIONS["status"] == "ended"
    running = OPERATIONS["status"] == "running"
    assert OPERATIONS.loc[ended, ["end_date", "end_precision"]].notna().all(axis=None)
    assert OPERATIONS.loc[running, ["end_date", "end_precision"]].isna().all(axis=None)
    assert set(UN["status"]) == {"ended", "running"}


def test_nothing_lies_in_the_future():
    """Catches a date after the day on which the data are said to stand."""
    assert OPERATIONS["start_date"].max() <= pd.Timestamp(AS_OF)
    assert OPERATIONS["end_date"].max() <= pd.Timestamp(AS_OF)
    assert load("resolutions")["date"].max() <= pd.Timestamp(AS_OF)
    assert load("handovers")["date"].max() <= pd.Timestamp(AS_OF)


def _inexact_wrong(dates, precision, last=False):
    """Find the dates known to the month or year that are not written as its first (or last) day."""
    edge = {
        ("month", False): dates.dt.is_month_start,
        ("month", True): dates.dt.is_month_end,
        ("year", False): dates.dt.is_year_start,
        ("year", True): dates.dt.is_year_end,
    }
    return [date for kind in ("month", "year") for date in dates[(precision == kind) & ~edge[kind, last]]]


def test_inexact_dates_are_written_one_way():
    """Catches a day that looks exact in a row whose precision is the month or the year."""
    organizations, handovers = load("organizations"), load("handovers")
    assert _inexact_wrong(OPERATIONS["start_date"], OPERATIONS["start_precision"]) == []
    assert _inexact_wrong(OPERATIONS["end_date"], OPERATIONS["end_precision"], last=True) == []
    assert _inexact_wrong(organizations["founded"], organizations["founded_precision"]) == []
    assert _inexact_wrong(handovers["date"], handovers["precision"]) == []


def test_every_operation_has_a_place_and_a_lead():
    """Catches an operation without a country, a UN one without a host state, or another lead in the table of roles."""
    countries, roles = load("operation_countries"), load("operation_organizations")
    ids = set(OPERATIONS["operation_id"])
    assert ids - set(countries["operation_id"]) == {"nato-sea-guardian"}  # the whole Mediterranean
    assert set(countries["operation_id"]) <= ids
    # a naval operation, or an airlift, has a region only
    assert set(UN["operation_id"]) <= set(countries.loc[countries["role"] == "host", "operation_id"])
    led = roles[roles["role"] == "lead"]
    leads = led.groupby("operation_id")["organization_id"].apply(set).to_dict()
    assert leads.keys() == ids
    # a joint mission has two leads, of which the column names one
    assert [row.operation_id for row in OPERATIONS.itertuples() if row.lead not in leads[row.operation_id]] == []
    assert all(leads[name] == {"UN"} for name in UN["operation_id"])


def test_strengths_are_no_placeholders():
    """Catches an unknown strength that was entered as nought."""
    assert (OPERATIONS[["authorized_uniformed", "peak_uniformed"]].min() > 0).all()


def test_chapter_six_is_never_named():
    """Catches a founding instrument said to act under Chapter VI, which none does, or a text taken for read."""
    assert set(OPERATIONS["charter_chapter"].dropna()) == {"VII", "VII_in_part", "not_stated"}


# The UN's list ends UNPROFOR with its division; under S/RES/1031 (1995), para. 33, the part in Bosnia kept the name
# until IFOR took over.
AFTER_ITS_END = {("unprofor", "ifor")}


def test_handovers_fit_the_operations():
    """Catches a hand-over outside the lives of the two operations it joins, or one to itself."""
    lives, un = OPERATIONS.set_index("operation_id"), set(UN["operation_id"])
    for row in load("handovers").itertuples():
        earlier, later = lives.loc[row.from_operation], lives.loc[row.to_operation]
        pair, what = (row.from_operation, row.to_operation), f"{row.from_operation} to {row.to_operation}: {row.date}"
        assert row.from_operation != row.to_operation, what
        # another organization's force can be sent to bridge a gap in a UN operation that is already there
        assert earlier["start_date"] < later["start_date"] or not set(pair) <= un, what
        assert row.date > earlier["start_date"], what
        assert row.date >= later["start_date"] - A_MONTH, what
        ended = pd.isna(earlier["end_date"]) or row.date <= earlier["end_date"] + A_MONTH
        assert ended is not (pair in AFTER_ITS_END), what
        assert pd.isna(later["end_date"]) or row.date < later["end_date"], what


# ---- notes ----


@pytest.mark.parametrize("table", ["operations", "organizations"])
def test_unconfirmed_values_are_there(table):
    """Catches a note of doubt about a cell that is empty, which is unknown, not unconfirmed."""
    for _, row in load(table).iterrows():
        empty = [name for name in split_list(row["unconfirmed"]) if pd.isna(row[name])]
        assert empty == [], row.iloc[0]


@pytest.mark.parametrize("table", ["operations", "organizations", "handovers", "resolutions"])
def test_notes_are_sentences(table):
    """Catches a note that was cut off."""
    notes = load(table)["note"].dropna()
    assert list(notes[~notes.str.fullmatch(r"\S.*[.)”\"]")]) == []


# ---- resolutions and yearly figures ----


def test_resolutions_follow_one_another():
    """Catches a wrong date or year: the Council numbers its resolutions as it adopts them."""
    rows = load("resolutions")
    assert rows["resolution"].is_monotonic_increasing
    assert rows["year"].is_monotonic_increasing
    dated = rows.dropna(subset="date")
    assert dated["date"].is_monotonic_increasing
    assert (dated["date"].dt.year == dated["year"]).all()


def test_no_resolution_is_lost():
    """Catches a resolution that fell out, beyond the three whose texts the collections lack."""
    numbers = load("resolutions")["resolution"]
    assert set(range(1, numbers.max() + 1)) - set(numbers) == {2510, 2589, 2762}


def test_a_missing_date_is_explained():
    """Catches a date that was dropped without a word."""
    rows = load("resolutions")
    assert rows.loc[rows["date"].isna(), "note"].notna().all()


def test_acting_implies_mentioning():
    """Catches a coding in which a text acts under a chapter that it names neither by number nor by its articles."""
    rows = load("resolutions")
    by_article = rows[rows["acting_ch7"] & ~rows["mentions_ch7"]]
    assert set(by_article["resolution"]) == {232, 598, 660, 2231}
    assert by_article["note"].str.contains("rticles").all()


@pytest.mark.parametrize(
    ("resolution", "column", "value"),
    [
        (678, "acting_ch7", True),  # Kuwait, 1990
        (814, "acting_ch7", True),  # UNOSOM II
        (435, "acting_ch7", False),  # Namibia
        (1769, "AU", True),  # UNAMID
        (1203, "NATO", True),  # Kosovo, 1998
        (1088, "NATO", False),  # SFOR: the text says “the organization referred to in Annex 1-A”
        (866, "ECOWAS", True),  # UNOMIL
        (50, "mentions_ch8", False),
    ],
)
def test_codings_of_known_resolutions(resolution, column, value):
    """Catches codings that slid against the resolutions they belong to."""
    rows = load("resolutions").set_index("resolution")
    assert bool(rows.at[resolution, column]) is value


@pytest.fixture(scope="module")
def yearly():
    """Return the indicators, one column each."""
    return load("indicators").pivot(index="year", columns="indicator", values="value")


def test_yearly_resolutions_are_counted_from_the_table(yearly):
    """Catches yearly figures that were not made again when the resolutions changed, or a year that is not over."""
    rows = load("resolutions")
    organizations = [name for name in rows.columns if name.isupper()]
    assert len(organizations) == 12
    whole = rows[rows["year"] < int(AS_OF[:4])]
    counts = pd.DataFrame(
        {
            "resolutions": whole.groupby("year").size(),
            "resolutions_chapter_7": whole.groupby("year")["acting_ch7"].sum(),
            "resolutions_regional": whole[organizations].any(axis=1).groupby(whole["year"]).sum(),
        }
    )
    for name in counts:
        figures = yearly[name].dropna()
        assert list(figures.index) == list(counts.index), name
        assert list(figures) == list(counts[name]), name


def test_conflicts_of_one_version(yearly):
    """Catches conflict figures mixed from two versions of the dataset, or a type that lacks a year."""
    rows = load("indicators")
    rows = rows[rows["indicator"].str.startswith("conflicts_")]
    assert list(rows["sources"].unique()) == ["ucdp-prio-acd: version 25.1"]
    types = yearly.filter(like="conflicts_").loc[1946:2024]
    assert types.shape == (2024 - 1946 + 1, 4)
    assert types.notna().all(axis=None)
    assert (types.sum(axis=1) > 0).all()


def test_personnel_unknown_is_not_nought(yearly):
    """Catches the years without a figure counted as years without a peacekeeper."""
    types = yearly[["un_troops", "un_police", "un_military_observers"]]
    assert types.loc[:1991].isna().all(axis=None)
    assert types.loc[2022:].isna().all(axis=None)
    assert types.loc[1992:2021].notna().all(axis=None)
    assert pd.isna(yearly.at[2022, "un_personnel"])
    assert (yearly["un_personnel"].dropna() > 0).all()
    assert yearly.loc[1948:2021, "un_personnel"].notna().all()


def test_personnel_adds_up(yearly):
    """Catches a figure entered in another year or column: the three kinds of personnel make up the whole."""
    parts = yearly[["un_troops", "un_police", "un_military_observers"]].loc[1992:2021]
    assert list(parts.sum(axis=1)) == list(yearly.loc[1992:2021, "un_personnel"])


def test_units_follow_the_indicator():
    """Catches persons counted as conflicts."""
    pairs = load("indicators")[["indicator", "unit"]].drop_duplicates()
    assert pairs["indicator"].is_unique
    kinds = {"un_missions_owid": "operations"}
    for name, unit in pairs.itertuples(index=False):
        first = name.split("_")[0]
        assert unit == kinds.get(name, {"un": "persons"}.get(first, first)), name


# ---- the papers' table ----


def test_periods_hold_the_whole_table():
    """Catches a lost row of the printed table, or spans that differ within one period."""
    rows = load("periods")
    assert sorted(rows["printed_row"].unique()) == list(range(1, 17))
    assert not rows.duplicated(["printed_row", "column"]).any()
    spans = rows[["period", "start", "end"]].drop_duplicates()
    assert spans["period"].is_unique
    printed = {row.period: (row.start, row.end) for row in spans.dropna().itertuples()}
    assert printed == {"Cold War": (1948, 1988), "Post Cold War I": (1988, 1993)}


def test_only_uncertain_cells_were_moved():
    """Catches a cell said to stand for certain in a period that the layout does not give it."""
    rows = load("periods")
    moved = rows["period"] != rows["period_by_layout"]
    assert set(rows.loc[moved, "certainty"]) == {"uncertain"}
    assert set(rows.loc[~moved, "certainty"]) == {"certain"}
