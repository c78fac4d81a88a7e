"""Questions are fair and belong to an objective; every option of every item has feedback of its own, with its source."""

import re

import pandas as pd
import pytest

from peaceops import load, tables

QUESTIONS, FEEDBACK = load("questions"), load("feedback")
# a table that comes with chapter 03
CARDS = {
    "phase_cards": ("item_id", ["courtship", "ending", "maintenance", "negotiation", "none", "start-up"]),
    "motive_cells": ("cell_id", ["no", "not_stated", "yes"]),
}
CASES = load("cases") if "cases" in set(tables()["table"]) else pd.DataFrame({"case_id": []}, dtype="string")
# to be broken in its first rows, wherever the table has them
FIRST_QUESTION_FIRST = FEEDBACK.sort_values(
    "item_id", key=lambda ids: ids != "q-00-1", kind="stable", ignore_index=True
)
FRAMEWORKS = ["integrated", "none", "parallel", "sequential", "support"]
LETTERS = "abcd"
ASKED_BY_WHOEVER_GUESSES = re.compile(r"\b(all|none|both) of (the above|these)\b", re.IGNORECASE)
VERDICT = re.compile(r"(wrong|correct|right|false|incorrect)\b", re.IGNORECASE)


@pytest.fixture(scope="module")
def references(root):
    """Return the keys of the references."""
    return set(re.findall(r"^## (.+)$", (root / "book" / "references.md").read_text(encoding="utf-8"), re.MULTILINE))


def options(question):
    """Return a question's answers by letter."""
    texts = {letter: question[f"option_{letter}"] for letter in LETTERS}
    return {letter: text for letter, text in texts.items() if pd.notna(text)}


def unfair(questions):
    """Say what is wrong with questions."""
    known = load("objectives")["objective_id"]
    found = []
    for _, row in questions.iterrows():
        texts = options(row)
        lengths = [len(text) for text in texts.values()]
        right = len(texts.get(row["answer"], "")) if pd.notna(row["answer"]) else 0
        for wrong, what in (
            (row["question_id"][2:4] != row["chapter"] or row["objective"][:2] != row["chapter"], "another chapter"),
            (row["objective"] not in set(known), "no such objective"),
            (row["kind"] == "quiz" and row["answer"] not in texts, "no right answer"),
            (row["question_id"][0] != row["kind"][0], "an id of the other kind"),
            (len(set(texts.values())) != len(texts), "an answer twice"),
            (max(lengths) > 1.5 * min(lengths), "answers of unequal length"),
            (right > 1.2 * sorted(lengths)[-2], "a right answer longer than the others"),
            (any(map(ASKED_BY_WHOEVER_GUESSES.search, texts.values())), "an answer about the other answers"),
            (not row["prompt"].endswith(("?", ".")), "no whole sentence"),
        ):
            if wrong:
                found.append(f"{row['question_id']}: {what}")
    for chapter, rows in questions[questions["kind"] == "quiz"].groupby("chapter"):
        if len(rows) < 8:
            found.append(f"{chapter}: fewer than eight questions")
        if rows["answer"].value_counts().max() > len(rows) / 2 or rows["answer"].nunique() < 3:
            found.append(f"{chapter}: one letter is right too often")
        if missing := set(known[known.str[:2] == chapter]) - set(rows["objective"]):
            found.append(f"{chapter}: no question on {', '.join(sorted(missing))}")
    return found


def masked(message):
    """Take names and numbers out of a message, so that a template shows."""
    return re.sub(r"\b[A-Z][\w'’-]*|\d+", "#", message)


def unsaid(feedback, questions, cases, references):
    """Say what is wrong with feedback."""
    wanted = {row["question_id"]: sorted(options(row)) for _, row in questions.iterrows()}
    wanted |= dict.fromkeys(cases["case_id"], FRAMEWORKS)
    for table, (column, given) in CARDS.items():
        wanted |= dict.fromkeys(load(table)[column], given)
    there = feedback.groupby("item_id")["option"].apply(sorted).to_dict()
    found = [f"{item}: not its options" for item in sorted(wanted) if there.get(item) != wanted[item]]
    found += [f"{item}: no such item" for item in sorted(there.keys() - wanted.keys())]
    for row in feedback.itertuples():
        words = len(row.message.split())
        for wrong, what in (
            (not 20 <= words <= 60, f"{words} words"),
            (VERDICT.match(row.message), "begins with a verdict"),
            (not row.message.endswith((".", "?", ".”", "?”")), "no whole sentence"),
            (any(len(quote.split()) > 25 for quote in re.findall("“([^”]+)”", row.message)), "too long a quotation"),
            (row.source[:2] not in ("S/", "A/") and row.source not in references, "an unknown source"),
        ):
            if wrong:
                found.append(f"{row.item_id} {row.option}: {what}")
    alike = feedback[feedback["message"].map(masked).duplicated(keep=False)]
    return found + [f"{row.item_id} {row.option}: a template" for row in alike.itertuples()]


def test_questions_are_fair():
    """Catches a question without objective or answer, or one that its form gives away."""
    assert unfair(QUESTIONS) == []


def test_every_chapter_has_its_quiz(root):
    """Catches a chapter without questions."""
    written = {path.stem[:2] for path in (root / "notebooks").glob("*.ipynb")}
    assert set(QUESTIONS.loc[QUESTIONS["kind"] == "quiz", "chapter"]) == written


def test_feedback_says_something_of_every_option(references):
    """Catches an option without feedback, feedback for nothing, a template, or a source that nobody can look up."""
    assert unsaid(FEEDBACK, QUESTIONS, CASES, references) == []


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("answer", pd.NA, "no right answer"),
        ("objective", "01.1", "another chapter"),
        ("objective", "00.9", "no such objective"),
        ("question_id", "p-00-1", "an id of the other kind"),
        ("option_b", "All of the above, and indeed every one of them, no less", "about the other answers"),
        ("option_b", "A right answer that is longer than each of the others, and can be told by that", "longer than"),
        ("option_a", "Short", "unequal length"),
        ("prompt", "Bubna lists Liberia", "no whole sentence"),
    ],
)
def test_an_unfair_question_is_seen(column, value, said):
    """Catches a check of the questions that lets its own kind of error pass."""
    broken = QUESTIONS.copy()
    broken.loc[0, column] = value
    assert any(said in problem for problem in unfair(broken))


def test_an_unfair_quiz_is_seen():
    """Catches a check of whole quizzes that passes them whatever they are."""
    assert unfair(QUESTIONS.iloc[1:]) == ["00: fewer than eight questions"]
    problems = unfair(QUESTIONS.assign(answer="a"))
    assert "00: one letter is right too often" in problems
    assert "01: one letter is right too often" in problems
    assert "00: no question on 00.2" in unfair(QUESTIONS[QUESTIONS["objective"] != "00.2"])


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("item_id", "q-99-1", "q-99-1: no such item"),
        ("option", "c", "q-00-1: not its options"),
        ("message", "Look again at the card.", "q-00-1 a: 5 words"),
        ("message", "Wrong. " + "word " * 20 + "end.", "q-00-1 a: begins with a verdict"),
        ("message", "“" + "word " * 26 + "end.”", "q-00-1 a: too long a quotation"),
        ("message", "word " * 25 + "end", "q-00-1 a: no whole sentence"),
        ("source", "bubna2010", "q-00-1 a: an unknown source"),
    ],
)
def test_bad_feedback_is_seen(references, column, value, said):
    """Catches a check of the feedback that lets its own kind of error pass."""
    broken = FIRST_QUESTION_FIRST.copy()
    broken.loc[0, column] = value
    assert said in unsaid(broken, QUESTIONS, CASES, references)


def test_missing_feedback_and_templates_are_seen(references):
    """Catches a case without feedback, an option forgotten, and one sentence with the names changed."""
    cases = pd.DataFrame({"case_id": ["no-such-case"]})
    assert "no-such-case: not its options" in unsaid(FEEDBACK, QUESTIONS, cases, references)
    assert "q-00-1: not its options" in unsaid(FIRST_QUESTION_FIRST.iloc[1:], QUESTIONS, CASES, references)
    twice = FIRST_QUESTION_FIRST.copy()
    twice.loc[1, "message"] = twice.loc[0, "message"].replace("UNMIL", "ONUB").replace("2003", "2004")
    problems = unsaid(twice, QUESTIONS, CASES, references)
    assert {"q-00-1 a: a template", "q-00-1 b: a template"} <= set(problems)
