"""Steps become phases by rules that can be followed by hand, and the tables hold what the rules and the papers say.

The tables are read with the csv module, not with the package: what the package hides must show here.
"""

import csv
import re
from collections import Counter, defaultdict
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from peaceops import lifecycle, load

ROOT = Path(__file__).resolve().parent.parent
FIGURE = {  # as printed, H:495-500
    "un-eu": "maintenance",
    "nato-eu": "maintenance",
    "un-nato": "start-up/maintenance",
    "un-au": "start-up/maintenance",
    "eu-au": "start-up",
    "nato-au": "start-up",
}
FORMAL = {
    "contact",
    "negotiation",
    "own_document",
    "mandate",
    "declaration",
    "agreement",
    "procedure",
    "mechanism",
    "money",
}
FIELD = {"joint", "successive", "supported"}
AT_SEA = {"nato-eu-sharp-guard-1993", "nato-eu-sea-guardian-2016"}
PHASE = re.compile(r"\b(courtship|start-up|maintenance phase|negotiation phase|ending phase)\b", re.IGNORECASE)
VERDICT = re.compile(r"\b(wrong|right|correct|incorrect|mistake|fits)(ly|s|n)?\b", re.IGNORECASE)
QUOTATION = re.compile(r"“[^”]*”")


def rows(name):
    """Read a table without the package."""
    with (ROOT / "data" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


EVENTS, CARDS, CODINGS, FEEDBACK = map(rows, ("events", "phase_cards", "phase_codings", "feedback"))


def steps(*kinds, dyad="un-nato", predecessor="no"):
    """Return steps of these kinds, one a year from 1991 on."""
    return pd.DataFrame(
        [
            {
                "event_id": f"s{number}",
                "date": pd.Timestamp(1990 + number, 1, 1),
                "dyad_id": dyad,
                "kind": kind,
                "predecessor": predecessor,
            }
            for number, kind in enumerate(kinds, start=1)
        ]
    )


# ---- the rules, by hand ----


@pytest.mark.parametrize(
    ("rule", "kinds", "reached"),
    [
        ("text", ["contact"], ["none", "courtship"]),
        ("text", ["own_document", "negotiation", "declaration"], ["none", "courtship", "negotiation", "start-up"]),
        ("text", ["joint", "mechanism", "declaration"], ["none", "start-up", "maintenance"]),
        ("text", ["joint", "joint", "joint"], ["none", "start-up"]),
        ("text", ["declaration", "agreement", "mechanism"], ["none", "start-up"]),
        ("text", ["mechanism", "money", "mandate"], ["none", "courtship"]),
        ("text", ["procedure", "joint", "mechanism"], ["none", "courtship", "start-up"]),
        ("paper", ["procedure", "procedure", "mechanism"], ["none", "courtship"]),
        ("paper", ["joint", "joint", "mechanism"], ["none", "courtship"]),
        ("paper", ["joint", "negotiation", "declaration"], ["none", "courtship", "negotiation", "start-up"]),
        ("paper", ["declaration", "agreement"], ["none", "start-up", "maintenance"]),
        ("paper", ["mechanism", "declaration"], ["none", "courtship", "start-up"]),
        ("paper", ["declaration", "mechanism"], ["none", "start-up", "maintenance"]),
        ("field", ["declaration", "agreement", "mechanism"], ["none", "courtship"]),
        ("field", ["supported", "successive"], ["none", "start-up", "maintenance"]),
        ("text", ["dispute"], ["none"]),
        ("text", ["joint", "declaration", "mechanism", "reversal", "ending"], ["none", "start-up", "maintenance"]),
    ],
)
def test_a_rule_gives_what_a_hand_would(rule, kinds, reached):
    """Catches a rule that counts a step it must not, skips a phase it must not, or goes back."""
    found = lifecycle.borders(steps(*kinds), rule)
    assert list(found["phase"]) == reached
    assert found["date"].isna().tolist() == [True] + [False] * (len(reached) - 1)


def test_a_border_is_the_step_that_brings_it():
    """Catches a border laid at another step than the one that meets the rule."""
    found = lifecycle.borders(steps("contact", "joint", "joint", "declaration", "mechanism", "agreement"))
    assert list(found["event_id"])[1:] == ["s1", "s2", "s5"]
    assert found["date"].iloc[-1] == pd.Timestamp(1995, 1, 1)


def test_a_predecessors_steps_do_not_count():
    """Catches a relationship of the AU that begins before there is an AU."""
    assert list(lifecycle.borders(steps("declaration", "joint", predecessor="yes"))["phase"]) == ["none"]


def test_order_of_rows_does_not_matter():
    """Catches a rule that reads the table's order instead of the dates."""
    given = steps("contact", "joint", "declaration", "mechanism")
    assert lifecycle.borders(given.iloc[::-1]).equals(lifecycle.borders(given))


def test_phases_at_dates():
    """Catches a year that ends before its last day, and a phase reached later told earlier."""
    given = steps("contact", "joint", "declaration", "mechanism")
    found = lifecycle.phases(given, "text", [1990, 1991, 1992, 1993, 1994, 2007])
    assert list(found["phase"]) == ["none", "courtship", "start-up", "start-up", "maintenance", "maintenance"]
    assert lifecycle.day_of(2026) == pd.Timestamp(2026, 6, 30)


@pytest.mark.parametrize("ask", [lifecycle.borders, lifecycle.phases])
def test_an_unknown_rule_gets_one_sentence(ask):
    """Catches a mistyped rule that is answered by a trace, or by another rule."""
    with pytest.raises(ValueError, match="There is no rule “paprika”; the rules are: text, paper, field"):
        ask(steps("joint"), "paprika")


@pytest.mark.parametrize(
    ("codings", "phase"),
    [
        (["maintenance", "start-up/maintenance"], "maintenance"),
        (["start-up/maintenance"], ""),
        (["start-up", "maintenance"], ""),
        (["start-up", "start-up/maintenance", "start-up"], "start-up"),
    ],
)
def test_what_codings_agree_on(codings, phase):
    """Catches a contested card shown as settled, and the figure's value between two phases taken for one of them."""
    assert lifecycle.agreed(codings) == phase


# ---- the tables ----


def test_there_are_enough_steps_of_every_kind_and_pair():
    """Catches a lost batch: the table promises steps on paper, in the field, and against the current, for each pair."""
    assert len(EVENTS) >= 120
    assert {row["dyad_id"] for row in EVENTS} == set(lifecycle.DYADS)
    assert {row["kind"] for row in EVENTS} == set(lifecycle.KINDS)
    by_pair = defaultdict(Counter)
    for row in EVENTS:
        by_pair[row["dyad_id"]][row["formal"]] += 1
    assert {dyad: n for dyad, n in by_pair.items() if min(n["yes"], n["no"]) < 3} == {}


def test_kind_and_formal_agree():
    """Catches a joint operation called formal, and a declaration called field work."""
    wrong = {row["event_id"] for row in EVENTS if row["kind"] in FORMAL and row["formal"] != "yes"}
    assert wrong | {row["event_id"] for row in EVENTS if row["kind"] in FIELD and row["formal"] != "no"} == set()
    nowhere = {row["event_id"] for row in EVENTS if row["kind"] in FIELD and not row["country"]}
    assert nowhere == AT_SEA


def test_steps_lie_in_their_time():
    """Catches a date outside the course's span, an end before its beginning, and an AU step before there was an AU."""
    for row in EVENTS:
        day = date.fromisoformat(row["date"])
        assert date(1990, 1, 1) <= day <= date(2026, 6, 30), row["event_id"]
        assert not row["end_date"] or row["date"] <= row["end_date"] <= "2026-06-30", row["event_id"]
        assert bool(row["end_date"]) == bool(row["end_precision"]), row["event_id"]
        if "au" in row["dyad_id"].split("-") and row["date"] < "2002-07-09":
            assert row["predecessor"] == "yes", row["event_id"]


def test_ids_name_the_pair():
    """Catches a step filed under another pair than its id says."""
    assert [row["event_id"] for row in EVENTS if not row["event_id"].startswith(row["dyad_id"] + "-")] == []
    assert [row["item_id"] for row in CARDS if row["item_id"] != f"phase-{row['dyad_id']}-{row['as_of']}"] == []


def test_a_card_gives_no_answer_away():
    """Catches a card or a step that names the phase that the student is to find."""
    texts = [(row["event_id"], row["title"] + " " + row["summary"]) for row in EVENTS]
    texts += [(row["item_id"], row["summary"]) for row in CARDS]
    assert [name for name, text in texts if PHASE.search(QUOTATION.sub("", text))] == []


def test_each_pair_is_coded_at_each_date():
    """Catches a coding that is missing, given twice, or given by the paper for a time that it did not see."""
    wanted = {(dyad, str(year)) for dyad in lifecycle.DYADS for year in lifecycle.AS_OF}
    for coder, times in (("course", wanted), ("haugevik_rule", wanted)):
        assert sorted((r["dyad_id"], r["as_of"]) for r in CODINGS if r["coder"] == coder) == sorted(times), coder
    for coder in ("haugevik_figure", "haugevik_text"):
        found = [(row["dyad_id"], row["as_of"]) for row in CODINGS if row["coder"] == coder]
        assert sorted(found) == sorted((dyad, "2007") for dyad in lifecycle.DYADS), coder
    assert {(row["dyad_id"], row["as_of"]) for row in CARDS} == wanted


def test_the_figure_is_coded_as_printed():
    """Catches a phase of Figure 2 that was copied wrongly."""
    assert {row["dyad_id"]: row["phase"] for row in CODINGS if row["coder"] == "haugevik_figure"} == FIGURE


def test_the_rules_codings_are_computed():
    """Catches codings by the rule that no longer follow from the steps."""
    found = lifecycle.phases(load("events"))
    computed = {(row.dyad_id, str(row.as_of)): row.phase for row in found.itertuples()}
    stored = {(row["dyad_id"], row["as_of"]): row["phase"] for row in CODINGS if row["coder"] == "haugevik_rule"}
    assert stored == computed
    assert {row["basis"] for row in CODINGS if row["coder"] == "haugevik_rule"} == {"computed"}


def test_every_card_has_six_messages_without_a_verdict():
    """Catches an option without feedback, and a message that says right or wrong where coders part."""
    said = defaultdict(list)
    for row in FEEDBACK:
        said[row["item_id"]].append(row["option"])
    cards = {row["item_id"] for row in CARDS}
    assert {card: said[card] for card in cards if sorted(said[card]) != sorted(lifecycle.PHASES)} == {}
    told = [row for row in FEEDBACK if row["item_id"] in cards]
    assert [(r["item_id"], r["option"]) for r in told if VERDICT.search(QUOTATION.sub("", r["message"]))] == []


def test_deciding_steps_exist():
    """Catches a coding that rests on a step which the table does not have."""
    known = {row["event_id"] for row in EVENTS}
    for row in CODINGS:
        for part in row["locator"].split("; "):
            if re.match(r"(un|nato|eu)-(eu|nato|au)-", part):
                assert part in known, f"{row['dyad_id']} {row['as_of']} {row['coder']}: {part}"
