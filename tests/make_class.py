"""Write the files of a made-up class into data/made_up_class: `python tests/make_class.py`, the same each time."""

import json
import random
import sys
from datetime import datetime, timedelta
from pathlib import Path

from peaceops import load
from peaceops.datasets import split_list
from peaceops.frameworks import FRAMEWORKS

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "data" / "made_up_class"
SEED, STUDENTS, CHAPTER, EDITION = 2009, 30, "04", "0.2.0"
# Who clicks through without reading, and who stops half way.
CARELESS, HALF = {7, 16, 25}, {11, 22}
# What one option is most easily taken for.
NEIGHBOURS = {
    "integrated": ["parallel", "support"],
    "parallel": ["integrated", "support", "sequential"],
    "sequential": ["parallel", "none"],
    "support": ["parallel", "integrated"],
    "none": ["parallel", "sequential"],
}
REASONS = {
    "integrated": [
        "One head for everybody.",
        "They all answered to the same person in the end.",
        "It reads like one mission with two names.",
        "The card says who was in charge, and that covers both.",
        "Same chain of command, different passports.",
        "Joint planning, joint command, one budget line maybe not, but still one thing.",
    ],
    "parallel": [
        "{a} and {b} were both there, but each had its own boss.",
        "Two missions, two commanders, same months.",
        "They talked to each other, but nobody commanded both.",
        "Liaison is not command.",
        "Both had their own mandate and their own people.",
        "{a} did its job and {b} did its own next door.",
        "I looked at who gives orders: two lines, so two missions.",
    ],
    "sequential": [
        "First one, then the other.",
        "The second came because the first was leaving.",
        "The overlap is only the hand-over.",
        "It was planned as a bridge until the next one arrived.",
        "What matters is that the task went from one to the other.",
        "Look at the dates.",
    ],
    "support": [
        "Only one of them had people out on patrol.",
        "It is about money and transport, not about command.",
        "One paid and trained, the other did the work.",
        "Advisers at a headquarters are not a mission of their own.",
        "Without the help the other could not have moved, but it was help.",
    ],
    "none": [
        "I see no link between the two at all.",
        "They were on different sides, more or less.",
        "Being in the same sentence is not a partnership.",
        "Nothing was signed and nobody worked together.",
        "The agreement stayed on paper.",
    ],
}
# For those who code what they know of the country instead of what the card describes.
COUNTRY = [
    "I know this country from the other case, and there it was {option}.",
    "In this country it was {option} in the end.",
    "We had this country last week: {option}.",
    "This is the same mission as on the other card, so {option} again.",
]
LAZY = ["", "", "", "guess", "?", "same as before", "dont know"]
VIEWS = [
    "I keep my answer, but the other reading is not silly.",
    "Depends on whether you look at the mandate or at the ground.",
    "Did not know that they disagree on this one.",
    "Changed my mind after the explanation.",
]


def deck_cases(chapter, folder=None):
    """Return the cases of a chapter's deck, in the table's order."""
    cases = load("cases", folder)
    return cases[[chapter in split_list(chapters) for chapters in cases["chapters"]]]


def frameworks_of(folder=None):
    """Return for each case each coder's framework."""
    return {
        case: dict(zip(rows["coder"], rows["framework"], strict=True))
        for case, rows in load("framework_codings", folder).groupby("case_id")
    }


def misreadings(deck, folder=None):
    """Return what the two or three hard cards are taken for, and why: their country's other case, or aid for presence."""
    codings, cases, found = frameworks_of(folder), load("cases", folder), {}
    settled = [case for case in deck.itertuples() if case.settled == "yes"]
    for case in settled:
        others = [
            codings[other.case_id]["course"]
            for other in cases.itertuples()
            if other.case_id != case.case_id and set(split_list(other.country)) & set(split_list(case.country))
        ]
        others = [framework for framework in others if framework not in ("none", codings[case.case_id]["course"])]
        if others and len(found) < 2:
            found[case.case_id] = (others[0], "country")
    for right, taken_for in (("support", "parallel"), ("parallel", "support")):
        left = [c.case_id for c in settled if c.case_id not in found and codings[c.case_id]["course"] == right]
        if left:
            return {**found, left[0]: (taken_for, "presence")}
    return found


def one_of(rng, weights):
    """Draw a key by its weight."""
    return rng.choices(list(weights), list(weights.values()))[0]


def first_try(rng, student, case, codings, misread, skill):
    """Make up an option, a confidence and a reason."""
    right = codings["course"]
    if student in CARELESS:
        option = one_of(rng, {name: 4 if name == "parallel" else 1.5 for name in FRAMEWORKS})
        return option, one_of(rng, {100: 5, 60: 3, 20: 1}), rng.choices(LAZY)[0]
    weights = dict.fromkeys(NEIGHBOURS[right], (0.16 - skill) / len(NEIGHBOURS[right]))
    if misread:
        weights = {name: 0.1 for name in NEIGHBOURS[right]} | {misread[0]: 0.5, right: 0.38 + skill}
    elif len(set(codings.values())) > 1:
        others = sorted(set(codings.values()) - {right})
        weights = {"parallel": 0.08, "none": 0.04} | {name: 0.44 / len(others) for name in others} | {right: 0.44}
    else:
        weights[right] = 0.84 + skill
    option = one_of(rng, weights)
    fooled = bool(misread) and option == misread[0]
    if fooled:
        levels = {60: 2, 80: 5, 100: 4}
    elif misread or option != right:
        levels = {20: 1, 40: 3, 60: 4, 80: 3}
    else:
        levels = {40: 1, 60: 3, 80: 5, 100: 2}
    texts = COUNTRY if fooled and misread[1] == "country" else REASONS[option]
    a, b = [name.replace("coalition", "the coalition") for name in split_list(case.organizations)[:2]]
    reason = rng.choices(texts)[0].format(a=a, b=b, option=FRAMEWORKS[option][0].lower())
    reason = reason[0].upper() + reason[1:]
    return option, one_of(rng, levels), "" if rng.random() < 0.3 else reason


def student_file(student, deck, codings, misread):
    """Make up one student's exported file."""
    coder = f"made-up student {student:02}"
    skill = random.Random(f"{SEED} {student}").uniform(-0.1, 0.1)
    clock = datetime(2026, 3, 2, 9) + timedelta(hours=7 * student)
    answers = {}
    for number, case in enumerate(deck.itertuples()):
        # A draw of its own for each card: a case that is added or changed leaves the answers to the others alone.
        rng = random.Random(f"{SEED} {student} {case.case_id}")
        if rng.random() < 0.05 or (student in HALF and number >= len(deck) / 2):
            continue
        of_case = codings[case.case_id]
        option, confidence, reason = first_try(rng, student, case, of_case, misread.get(case.case_id), skill)
        clock += timedelta(seconds=rng.randrange(8, 20) if student in CARELESS else rng.randrange(60, 240))
        tries = [{"option": option, "confidence": confidence, "reason": reason, "at": stamp(clock)}]
        if case.settled == "yes" and option != of_case["course"] and rng.random() < 0.5:
            clock += timedelta(seconds=45)
            tries.append({"option": of_case["course"], "confidence": 80, "reason": "", "at": stamp(clock)})
        view = rng.choices(VIEWS)[0] if case.settled == "contested" and rng.random() < 0.4 else ""
        answers[case.case_id] = {"tries": tries, "view": view}
    return {
        "course": "peacekeeping-partnerships",
        "format": 1,
        "activity": "classifier",
        "deck": CHAPTER,
        "edition": EDITION,
        "coder": coder,
        "exported": stamp(clock + timedelta(minutes=1)),
        "answers": answers,
    }


def stamp(time):
    """Write a time as a browser does."""
    return f"{time:%Y-%m-%dT%H:%M:%S}.000Z"


def make(folder=None):
    """Return the text of each file by its name."""
    deck, codings = deck_cases(CHAPTER, folder), frameworks_of(folder)
    if deck.empty:
        raise ValueError(f"No case belongs to chapter {CHAPTER}: its column chapters does not name it.")
    misread = misreadings(deck, folder)
    return {
        f"made-up-{student:02}.json": json.dumps(
            student_file(student, deck, codings, misread), ensure_ascii=False, indent=1
        )
        + "\n"
        for student in range(1, STUDENTS + 1)
    }


def main(folder=None, target=TARGET):
    """Write the files anew; those of students who are no longer made up go."""
    files = make(folder)
    target.mkdir(exist_ok=True)
    for old in target.glob("*.json"):
        if old.name not in files:
            old.unlink()
    for name, text in files.items():
        (target / name).write_text(text, encoding="utf-8", newline="\n")
    print(f"{len(files)} files written.")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:3]))
