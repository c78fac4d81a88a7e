"""The motive matrix holds what Figure 2 prints and what the text says, and counts it correctly.

The tables are read with the csv module, not with the package: what the package hides must show here.
"""

import csv
import re
from collections import defaultdict
from pathlib import Path

import pandas as pd
import pytest

from peaceops import lifecycle, load, motives

ROOT = Path(__file__).resolve().parent.parent
FIGURE = {  # as printed, H:495-500
    "un-eu": "dependence legitimization values learning",
    "nato-eu": "survival competition dependence learning",
    "un-nato": "survival dependence legitimization learning",
    "un-au": "dependence legitimization values learning",
    "eu-au": "dependence learning",
    "nato-au": "dependence learning",
}
VERDICT = re.compile(r"\b(wrong|right|correct|incorrect|mistake|fits)(ly|s|n)?\b", re.IGNORECASE)
QUOTATION = re.compile(r"“[^”]*”")


def rows(name):
    """Read a table without the package."""
    with (ROOT / "data" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


MOTIVES, CELLS, CODINGS, FEEDBACK = map(rows, ("motives", "motive_cells", "motive_codings", "feedback"))
EVERY = {(dyad, motive) for dyad in lifecycle.DYADS for motive in motives.MOTIVES}


def test_the_figure_is_coded_as_printed():
    """Catches a motive of Figure 2 that was copied wrongly, or silence in it coded as not stated."""
    for row in CODINGS:
        if row["coder"] == "haugevik_figure":
            listed = row["motive_id"] in FIGURE[row["dyad_id"]].split()
            assert row["present"] == ("yes" if listed else "no"), (row["dyad_id"], row["motive_id"])


@pytest.mark.parametrize("coder", motives.CODERS)
def test_each_cell_is_coded_once_by_each(coder):
    """Catches a cell that a coder lost, or coded twice."""
    found = [(row["dyad_id"], row["motive_id"]) for row in CODINGS if row["coder"] == coder]
    assert sorted(found) == sorted(EVERY)


def test_the_cells_are_36_with_three_messages_each():
    """Catches a lost cell, an option without feedback, and a message that says right or wrong where coders part."""
    assert {(row["dyad_id"], row["motive_id"]) for row in CELLS} == EVERY
    assert len(CELLS) == 36
    assert [row["cell_id"] for row in CELLS if row["cell_id"] != f"{row['dyad_id']}-{row['motive_id']}"] == []
    cells, said = {row["cell_id"] for row in CELLS}, defaultdict(list)
    for row in FEEDBACK:
        said[row["item_id"]].append(row["option"])
    assert {cell: said[cell] for cell in cells if sorted(said[cell]) != sorted(motives.READINGS)} == {}
    told = [row for row in FEEDBACK if row["item_id"] in cells]
    assert [(r["item_id"], r["option"]) for r in told if VERDICT.search(QUOTATION.sub("", r["message"]))] == []


def test_contested_is_where_one_says_yes_and_another_does_not():
    """Catches a cell called settled over which coders part, and a reason that is missing or left over."""
    said = defaultdict(set)
    for row in CODINGS:
        said[row["dyad_id"], row["motive_id"]].add(row["present"] == "yes")
    for row in CELLS:
        assert bool(row["contested_why"]) == (len(said[row["dyad_id"], row["motive_id"]]) == 2), row["cell_id"]


def test_motives_are_the_papers():
    """Catches a motive in the other category, or one that the course made up."""
    kinds = {row["motive_id"]: row["category"] for row in MOTIVES}
    assert list(kinds) == list(motives.MOTIVES)
    assert [kinds[name] for name in motives.MOTIVES] == ["materialist"] * 3 + ["ideational"] * 3


def sample():
    """Return two coders' readings of two cells of one pair."""
    said = [("haugevik_figure", "yes", "no"), ("haugevik_text", "not_stated", "yes")]
    return pd.DataFrame(
        [
            {"dyad_id": "un-eu", "motive_id": motive, "coder": coder, "present": present}
            for coder, *both in said
            for motive, present in zip(("survival", "values"), both, strict=True)
        ]
    )


def test_matrix_counts_and_partings_by_hand():
    """Catches a transposed matrix, a count of another reading, and silence counted as a parting from “not listed”."""
    assert motives.matrix(sample(), "haugevik_text").at["un-eu", "values"] == "yes"
    assert pd.isna(motives.matrix(sample(), "haugevik_text").at["un-au", "values"])
    assert motives.counts(sample()).loc["survival"].tolist() == [1, 0]
    table = load("motive_codings")
    assert motives.counts(table)["haugevik_figure"].tolist() == [2, 1, 6, 3, 2, 6]
    parted = motives.partings(table)
    figure, text = (motives.matrix(table, coder) for coder in ("haugevik_figure", "haugevik_text"))
    for row in parted.itertuples():
        assert (figure.at[row.dyad_id, row.motive_id] == "yes") != (text.at[row.dyad_id, row.motive_id] == "yes")
    assert len(parted) == int(((figure == "yes") != (text == "yes")).to_numpy().sum())


def test_partings_take_a_dropped_row_for_not_named():
    """Catches a table from which a student has dropped rows ending in a trace from inside pandas."""
    short = sample().drop(index=0)
    assert motives.partings(short)["motive_id"].tolist() == ["values"]
    table = load("motive_codings")
    words = (table["coder"] == "course") & (table["basis"] == "stated")
    blank = table.assign(present=table["present"].mask(words, "not_stated"))
    both = [motives.partings(rows, "haugevik_figure", "course") for rows in (table[~words], blank)]
    assert both[0][["dyad_id", "motive_id"]].equals(both[1][["dyad_id", "motive_id"]])
    with pytest.raises(ValueError, match="“course” codes no motive here"):
        motives.partings(table[table["coder"] != "course"], "haugevik_figure", "course")


def test_an_unknown_coder_or_part_gets_one_sentence():
    """Catches a mistyped name that ends in a trace from inside pandas."""
    with pytest.raises(ValueError, match="“course” codes no motive here; those who do: haugevik_figure, haugevik_text"):
        motives.matrix(sample(), "course")
    with pytest.raises(ValueError, match="There is no part “un-un” of the matrix"):
        motives.deck("un-un")
    with pytest.raises(ValueError, match="There is no relationship “un-un”"):
        lifecycle.deck("un-un")
