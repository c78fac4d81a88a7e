"""Agreement: known values, what is undefined says so, no bad file passes, and the made-up class can be made again."""

import io
import json
import os
import re
import subprocess
import sys
import warnings
import zipfile
from fractions import Fraction

import draw_charts
import make_class
import numpy as np
import pandas as pd
import pytest

from peaceops import datasets, theme
from peaceops.agreement import (
    OPTIONS,
    alpha,
    by_card,
    common_form,
    how_to_read,
    pairwise,
    read_answers,
    scheme,
    with_sources,
)
from peaceops.charts.agreement import class_disagreement
from peaceops.motives import MOTIVES
from peaceops.widgets import AgreementLab, agreement_lab

TRY = {"option": "parallel", "confidence": 60, "reason": "two lines", "at": "2026-03-02T09:00:00.000Z"}


def export(**changes):
    """Give an exported file as a student's browser writes it, with some keys changed; None takes a key out."""
    data = {
        "course": "peacekeeping-partnerships",
        "format": 1,
        "activity": "classifier",
        "deck": "04",
        "edition": "0.1.0",
        "coder": "Blue Heron",
        "exported": "2026-03-02T10:00:00.000Z",
        "answers": {"case-a": {"tries": [TRY], "view": ""}},
    } | changes
    return json.dumps({key: value for key, value in data.items() if value is not None}).encode()


def tried(**changes):
    """Give an exported file whose one try is changed."""
    return export(answers={"case-a": {"tries": [TRY | changes], "view": ""}})


def zipped(files, **options):
    """Give a zip file's bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", **options) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def coded(**coders):
    """Give answers from one string per coder, a letter a card: i, p, s, a (aid), n; a dot is a missing answer."""
    letters = dict(zip("ipsan", OPTIONS, strict=True))
    rows = [
        (coder, f"card-{number:02}", letters[letter])
        for coder, text in coders.items()
        for number, letter in enumerate(text)
        if letter != "."
    ]
    return pd.DataFrame(rows, columns=["coder", "item_id", "option"]).astype("string")


def codings(**sources):
    """Give rows like those of the table framework_codings, written as in `coded`."""
    return coded(**sources).rename(columns={"item_id": "case_id", "option": "framework"})


# ---- reading ----


def test_an_export_is_read_as_it_is():
    """Catches a column, a type or a first try that gets lost."""
    second = TRY | {"option": "none", "at": "2026-03-02T09:05:00.000Z"}
    answers, problems = read_answers(("a.json", export(answers={"case-a": {"tries": [TRY, second], "view": "x"}})))
    assert problems == []
    assert answers.to_dict("records") == [
        {
            "coder": "Blue Heron",
            "deck": "04",
            "item_id": "case-a",
            "option": "parallel",
            "confidence": 60,
            "reason": "two lines",
            "at": pd.Timestamp("2026-03-02 09:00", tz="UTC"),
        }
    ]
    assert str(answers["confidence"].dtype) == "Int64"


BAD = {
    "empty": (b" \n", "is empty"),
    "cut off": (export()[:-30], "is cut off"),
    "cut off in a word": (export()[:60], "is cut off"),
    "not JSON": (b"<html><body>Log in</body></html>", "is not readable JSON (line 1)"),
    "not text": (b"\xff\xfe\x00\x01", "is not UTF-8 text"),
    "a list": (b"[]", "is not an export of this course"),
    "another course": (export(course="algebra"), "is not an export of this course"),
    "too large": (b" " * 5_000_001, "is larger than 5 MB"),
    "too deep": (b"[" * 100_000 + b"]" * 100_000, "is nested too deeply"),
    "a long number": (b'{"course": 1' + b"0" * 5000 + b"}", "holds a number that is too long"),
    "infinite": (b'{"course": Infinity}', "holds Infinity, which is not a number"),
    "a name twice": (b'{"course": "x", "course": "y"}', "names “course” twice"),
    "no format": (export(format=None), "does not say which format it has"),
    "a format that is no number": (export(format=True), "does not say which format it has"),
    "a new format": (export(format=2), "newer than this edition can read: update the course"),
    "an old format": (export(format=0), "is old: have it exported again"),
    "another activity": (export(activity="quiz"), "holds answers to “quiz”, not to the mission classifier"),
    "no activity": (export(activity=None), "holds answers to “something of the type NoneType”"),
    "no deck": (export(deck=None), "gives as deck"),
    "a coder that is a list": (export(coder=["a"]), "gives as code name “something of the type list”"),
    "a coder that is a novel": (export(coder="x" * 1000), "gives as code name “xxx"),
    "no answers": (export(answers={}), "holds no answers"),
    "answers that are a list": (export(answers=[TRY]), "has no list of answers"),
    "too many cards": (
        export(answers={str(n): {"tries": [TRY]} for n in range(501)}),
        "holds answers to more than 500 cards",
    ),
    "a card without a name": (export(answers={" ": {"tries": [TRY]}}), "gives as card “”"),
    "an answer that is a text": (export(answers={"case-a": "parallel"}), "has no list of tries"),
    "too many tries": (export(answers={"case-a": {"tries": [TRY] * 1001}}), "has no list of tries, or too long a one"),
    "a try that is a text": (export(answers={"case-a": {"tries": ["parallel"]}}), "a try that was changed by hand"),
    "another option": (tried(option="joint"), "the option “joint”, which is not one of: integrated, parallel"),
    "an option that is a list": (tried(option=["none"]), "the option “something of the type list”"),
    "another confidence": (tried(confidence=70), "the confidence “70”, which is not one of: 20, 40, 60, 80, 100"),
    "a confidence in words": (tried(confidence="60"), "the confidence “60”, which is not one of"),
    "no confidence": (tried(confidence=None), "the confidence “something of the type NoneType”"),
    "a reason that is a number": (tried(reason=1), "a reason that is not a text of at most 10,000 characters"),
    "a reason that is a book": (tried(reason="x" * 10_001), "a reason that is not a text of at most 10,000"),
    "a time in words": (tried(at="yesterday"), "the time “yesterday”, which is not a time of this century"),
    "a time before time": (tried(at="0001-01-01T00:00:00+10:00"), "which is not a time of this century"),
    "a time that is a number": (tried(at=7), "the time “7”, which is not a time of this century"),
    "not a zip": (b"PK\x03\x04 and no more", "is not a readable zip file"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_gets_one_sentence_and_no_row(name):
    """Catches a kind of bad file that is read in part, stops the reading of the others, or goes unnamed."""
    content, sentence = BAD[name]
    answers, problems = read_answers([("bad.json", content), ("good.json", export())])
    assert list(answers["coder"]) == ["Blue Heron"]
    assert len(problems) == 1
    assert problems[0].startswith("“bad.json” ")
    assert sentence in problems[0]
    assert problems[0].endswith(".")
    assert len(problems[0]) < 250


def test_files_folders_and_zips_give_the_same(tmp_path):
    """Catches a way of handing files in that loses some, or reads what the computer added by itself."""
    files = {"b.json": export(coder="B"), "sub/a.json": export(coder="A")}
    extra = {"README.md": b"read me", "__MACOSX/._b.json": b"\0", ".hidden.json": b"{}"}
    for name, content in (files | extra).items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    archive = zipped(files | extra)
    (tmp_path.parent / "class.zip").write_bytes(archive)
    for given in (tmp_path, [tmp_path / name for name in files], tmp_path.parent / "class.zip", [("c.zip", archive)]):
        answers, problems = read_answers(given)
        assert problems == []
        assert set(answers["coder"]) == {"A", "B"}


def test_what_is_not_there_has_its_sentence(tmp_path):
    """Catches a missing file or an empty folder that raises, or is passed over in silence."""
    (tmp_path / "empty").mkdir()
    problems = read_answers([tmp_path / "none.json", tmp_path / "empty"])[1]
    assert problems == [
        "“none.json” is not there, or is not a file.",
        "“empty” is a folder without a .json or .zip file.",
    ]


def test_a_zip_cannot_harm(tmp_path, monkeypatch):
    """Catches a zip that fills the memory, writes outside, or hides files from the limits."""
    monkeypatch.chdir(tmp_path)
    deflated = {"compression": zipfile.ZIP_DEFLATED}
    bomb = zipped({f"{n:02}.json": b" " * 5_000_001 for n in range(12)}, **deflated)
    assert len(bomb) < 100_000
    answers, problems = read_answers([("bomb.zip", bomb)])
    assert answers.empty
    assert len(problems) <= 11
    assert problems[-1] == "“bomb.zip” unpacks to more than 50 MB, so the rest of it was not read."

    answers, problems = read_answers([("path.zip", zipped({"../../out.json": export(), "/etc/x.json": b"{}"}))])
    assert list(answers["coder"]) == ["Blue Heron"]
    assert problems == ["“path.zip//etc/x.json” is not an export of this course."]
    assert list(tmp_path.rglob("*")) == []

    inner = zipped({"a.json": export()})
    assert "a zip file inside another" in read_answers([("outer.zip", zipped({"inner.zip": inner}))])[1][0]
    assert "unusual way" in read_answers([("x.zip", zipped({"a.json": export()}, compression=zipfile.ZIP_LZMA))])[1][0]
    assert "without files" in read_answers([("none.zip", zipped({}))])[1][0]
    assert "more than 1000 files" in read_answers([("many.zip", zipped({f"{n}.json": b"" for n in range(1001)}))])[1][0]
    secret = bytearray(inner)
    for place in (inner.index(b"PK\x03\x04") + 6, inner.index(b"PK\x01\x02") + 8):
        secret[place] |= 1
    assert "protected by a password" in read_answers([("secret.zip", bytes(secret))])[1][0]


def test_a_damaged_zip_never_raises():
    """Catches an exception for any of the ways in which a zip file may be broken."""
    whole = zipped({"a.json": export(), "b.json": export(coder="B")}, compression=zipfile.ZIP_DEFLATED)
    rng = np.random.default_rng(1)
    for _ in range(400):
        broken = bytearray(whole)
        for place in rng.integers(len(broken), size=3):
            broken[place] = rng.integers(256)
        answers, problems = read_answers([("x.zip", bytes(broken[: rng.integers(20, len(broken) + 1)]))])
        assert problems or set(answers["coder"]) == {"Blue Heron", "B"}


def test_more_files_than_a_class_has():
    """Catches an upload without end."""
    answers, problems = read_answers([(f"{n}.json", export(coder=str(n))) for n in range(1002)])
    assert answers["coder"].nunique() == 1000
    assert problems == ["There are more than 1,000 files: from “1000.json” on they were not read."]


def test_files_of_one_student_are_one_coder():
    """Catches a student counted twice, a later answer that replaces the first, or a clash that nobody hears of."""
    later = {"case-a": {"tries": [TRY | {"option": "none", "at": "2026-03-03T09:00:00Z"}]}}
    files = [
        ("other deck.json", export(deck="africa", coder=" blue  heron")),
        ("later.json", export(answers=later)),
        ("first.json", export(answers={"case-a": {"tries": [TRY]}, "case-b": {"tries": [TRY]}})),
    ]
    answers, problems = read_answers(files)
    assert set(answers["coder"].str.casefold()) == {"blue heron"}
    assert answers["coder"].nunique() == 1
    assert list(zip(answers["deck"], answers["item_id"], answers["option"], strict=True)) == [
        ("africa", "case-a", "parallel"),
        ("04", "case-a", "parallel"),
        ("04", "case-b", "parallel"),
    ]
    assert len(problems) == 1
    assert problems[0].startswith("“first.json” and “later.json” both come from “blue heron” and differ on 1 card:")
    # An export and a later, longer one of the same answers are no clash.
    assert read_answers([files[2], ("again.json", export())])[1] == []


def test_the_same_file_twice_counts_once():
    """Catches a student without a name who is counted twice."""
    answers, problems = read_answers([("a.json", export(coder="")), ("copy of a.json", export(coder=""))])
    assert list(answers["coder"]) == ["student 1"]
    assert problems == ["“copy of a.json” is the same file as “a.json”, so it was counted once."]


def test_a_second_export_without_a_name_counts_once():
    """Catches a student without a name who hands in twice: a second export differs in its time."""
    first, second = (export(coder="", exported=f"2026-11-02T10:0{minute}:00.000Z") for minute in (0, 5))
    assert first != second
    answers, problems = read_answers([("a.json", first), ("b.json", second)])
    assert list(answers["coder"]) == ["student 1"]
    assert problems == []


def test_students_without_a_name_are_numbered():
    """Catches two unnamed students taken for one, or one given the name of another."""
    files = [
        ("a.json", export(coder="")),
        ("b.json", export(coder="Student 2")),
        ("c.json", export(coder=" ", deck="05")),
    ]
    assert list(read_answers(files)[0]["coder"]) == ["student 1", "Student 2", "student 3"]


def test_text_stays_text():
    """Catches text that is changed, run, or cannot be written again: half a character, control signs in a name."""
    mean = "<script>alert(1)</script> =1+1 {{x}} \U0001f54a"
    answers, problems = read_answers(
        [
            ("a.json", tried(reason=mean)),
            ("b.json", export(coder="A\u202eB\nC\0", answers={"x\n\ud83d": {"tries": [TRY]}})),
        ]
    )
    assert problems == []
    assert answers["reason"][0] == mean
    assert answers["coder"][1] == "A B C"
    assert read_answers([("a.json", tried(reason="half \ud83d"))])[0]["reason"].item() == "half ?"
    answers.to_csv(io.BytesIO(), index=False)


# ---- activities ----

ITEMS = {"classifier": "case-a", "lifecycle": "phase-un-nato-2007", "motives": "un-nato-survival"}
NAMES = {
    "classifier": "the mission classifier",
    "lifecycle": "the life-cycle board",
    "motives": "the motive matrix",
}


def of(activity, **changes):
    """Give an exported file of an activity whose one try is changed."""
    option = {"classifier": "parallel", "lifecycle": "start-up", "motives": "not_stated"}[activity]
    tries = [TRY | {"option": option} | changes]
    return export(activity=activity, deck="all", answers={ITEMS[activity]: {"tries": tries, "view": ""}})


@pytest.mark.parametrize("activity", ITEMS)
def test_a_file_of_another_activity_is_left_out(activity):
    """Catches codes of two kinds that are mixed, and a sentence that does not say which kind was given or wanted."""
    files = [(f"{name}.json", of(name)) for name in ITEMS]
    answers, problems = read_answers(files, activity)
    assert list(answers["item_id"]) == [ITEMS[activity]]
    assert problems == [
        f'“{name}.json” holds answers to {NAMES[name]}, not to {NAMES[activity]}; to read it, say activity="{name}".'
        for name in ITEMS
        if name != activity
    ]
    quiz = read_answers(("quiz.json", export(activity="quiz")), activity)[1]
    assert quiz == [f"“quiz.json” holds answers to “quiz”, not to {NAMES[activity]}."]


BAD_TRIES = {
    "a framework as a phase": ("lifecycle", {"option": "parallel"}, "is not one of: none, courtship, negotiation"),
    "two phases": ("lifecycle", {"option": "start-up/maintenance"}, "option “start-up/maintenance”, which is not one"),
    "a phase in capitals": ("lifecycle", {"option": "Start-up"}, "option “Start-up”, which is not one of"),
    "a list of phases": ("lifecycle", {"option": ["none"]}, "the option “something of the type list”"),
    "another confidence": ("lifecycle", {"confidence": 50}, "the confidence “50”, which is not one of"),
    "a phase as a reading": ("motives", {"option": "none"}, "is not one of: yes, no, not_stated"),
    "a yes that is true": ("motives", {"option": True}, "the option “True”, which is not one of"),
    "a reading of nothing": ("motives", {"option": None}, "the option “something of the type NoneType”"),
    "a reason that is a number": ("motives", {"reason": 1}, "a reason that is not a text"),
    "a time in words": ("motives", {"at": "today"}, "the time “today”, which is not a time of this century"),
}


@pytest.mark.parametrize("name", BAD_TRIES)
def test_a_bad_try_of_another_activity_gets_one_sentence_and_no_row(name):
    """Catches options that are checked against another activity's list, or not at all."""
    activity, changes, sentence = BAD_TRIES[name]
    answers, problems = read_answers([("bad.json", of(activity, **changes)), ("good.json", of(activity))], activity)
    assert list(answers["item_id"]) == [ITEMS[activity]]
    assert len(problems) == 1
    assert problems[0].startswith(f"“bad.json” has for the card “{ITEMS[activity]}” ")
    assert sentence in problems[0]


@pytest.mark.parametrize("since", ["un-nato-declaration", "", None, 7, ["x"], {"<b>": "x" * 100_000}])
def test_the_step_of_a_try_is_passed_over(since):
    """Catches a file of the life-cycle board that is left out for its step, and a step that reaches the table."""
    answers, problems = read_answers(("a.json", of("lifecycle", since=since)), "lifecycle")
    assert problems == []
    assert list(answers.columns) == ["coder", "deck", "item_id", "option", "confidence", "reason", "at"]


@pytest.mark.parametrize("activity", ["quiz", "", None, ["motives"]])
def test_an_unknown_activity_is_named_with_the_allowed(activity):
    """Catches a typing error that reads nothing and says nothing."""
    for function in (scheme, lambda name: read_answers([], name), lambda name: AgreementLab(None, name)):
        with pytest.raises(ValueError, match="there are: classifier, lifecycle, motives"):
            function(activity)


def phases(**coders):
    """Give codings like those of the table phase_codings, a letter a year: n, c, g, s, m, e; b is between s and m."""
    names = dict(zip("ncgsme", scheme("lifecycle").options, strict=True)) | {"b": "start-up/maintenance"}
    rows = [
        ("un-nato", 2000 + year, coder, names[letter])
        for coder, text in coders.items()
        for year, letter in enumerate(text)
        if letter != "."
    ]
    return pd.DataFrame(rows, columns=["dyad_id", "as_of", "coder", "phase"]).astype({"as_of": "Int64"})


def motive_codes(**coders):
    """Give codings like those of the table motive_codings, a letter a motive: y, n, s (not stated)."""
    names = dict(zip("yns", scheme("motives").options, strict=True))
    rows = [
        ("un-nato", f"motive{number}", coder, names[letter])
        for coder, text in coders.items()
        for number, letter in enumerate(text)
        if letter != "."
    ]
    return pd.DataFrame(rows, columns=["dyad_id", "motive_id", "coder", "present"])


def test_codings_of_all_activities_have_one_form():
    """Catches ids that are not those of the exported files, a lost coder, and a wrong table that is taken."""
    for table, row in (
        (codings(course_other="i"), ["card-00", "course_other", "integrated"]),
        (phases(course="b"), ["phase-un-nato-2000", "course", "start-up/maintenance"]),
        (motive_codes(haugevik_text="s"), ["un-nato-motive0", "haugevik_text", "not_stated"]),
    ):
        common = common_form(table.assign(reason="because", item="x"))
        assert list(common.columns) == ["item_id", "coder", "option"]
        assert common.values.tolist() == [row]
        pd.testing.assert_frame_equal(common_form(common), common)
        with pytest.raises(ValueError, match="rows of framework_codings, phase_codings, motive_codings"):
            common_form(table.drop(columns="coder"))


def test_the_courses_tables_fit_the_schemes():
    """Catches a coder, an option or a card of a table that the agreement functions would pass over in silence."""
    for activity in ITEMS:
        known = scheme(activity)
        codes, titles = known.codings(), known.titles()
        assert set(codes["item_id"]) == set(titles)
        assert {part for option in codes["option"] for part in option.split("/")} <= set(known.options)
        assert set(codes["coder"]) - {"course_other"} == set(known.sources)
        assert all(titles.values())


def test_no_table_is_loaded_at_import():
    """Catches an import that fails, or takes long, where one table is missing."""
    code = (
        "import peaceops.widgets, peaceops.agreement; from peaceops import datasets; print(datasets._load.cache_info())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert "currsize=0" in done.stdout, done.stdout + done.stderr


def test_a_coding_between_two_phases_agrees_with_either():
    """Catches a disagreement with “start-up/maintenance” on either of the two, or none on a third phase.

    a says s, m, c, c, the figure b, b, b, c. Equal are three of four; the figure's marginals are s, m, b, c, one each,
    so chance is (1·1 + 1·1 + 2·1) / 16 = 1/4 and kappa (3/4 − 1/4) / (3/4) = 2/3.
    """
    answers, codes = common_form(phases(a="smcc")), phases(haugevik_figure="bbbc", course="..c.")
    table = pairwise(answers, codes).set_index("other")
    assert list(table.index) == ["haugevik_figure", "haugevik_text", "haugevik_rule", "course"]
    assert (table.at["haugevik_figure", "cards"], table.at["haugevik_figure", "equal_percent"]) == (4, 75)
    assert table.at["haugevik_figure", "kappa"] == pytest.approx(2 / 3)
    # Two sources, and the order of the two, make no difference.
    both = common_form(phases(haugevik_text="smcc", haugevik_figure="bbbc"))
    assert pairwise(both)["kappa"].tolist() == pytest.approx([2 / 3])
    assert pairwise(both.assign(coder=both["coder"].replace("haugevik_text", "a")))["kappa"][0] == pytest.approx(2 / 3)
    # Between two and between two is the same code.
    assert pairwise(common_form(phases(a="bcb", b="bcc")))["equal_percent"][0] == pytest.approx(100 * 2 / 3)


def test_the_class_and_a_coding_between_two_phases():
    """Catches a class that parts from the figure where each of its answers is one of the figure's two.

    Cards: s and m beside b, c and c beside b, m and m beside m. Equal are 4 of 6; the class has 1 s, 3 m, 2 c, the figure
    1 s, 3 m and 2 b, so chance is (1·1 + 3·3) / 36 = 10/36 and kappa (24 − 10) / (36 − 10) = 14/26.
    """
    answers, codes = common_form(phases(a="scm", b="mcm")), phases(haugevik_figure="bbm")
    row = with_sources(answers, codes).set_index("source").loc["haugevik_figure"]
    assert (row["cards"], row["answers"], row["majority_equal"]) == (3, 6, 2)
    assert row["kappa"] == pytest.approx(14 / 26)
    cards = by_card(answers, codes).set_index("item_id")
    names = list(scheme("lifecycle").options)
    assert list(cards.columns[2:8]) == names
    assert cards.columns[8] == "most_frequent"
    assert cards["differs_haugevik_figure"].to_dict() == {
        "phase-un-nato-2000": False,
        "phase-un-nato-2001": True,
        "phase-un-nato-2002": False,
    }
    assert cards["differs_course"].isna().all()
    assert list(by_card(answers).columns[3:9]) == names


def test_kappa_of_motives_by_hand():
    """Catches what a figure leaves out taken for a “no” against “not stated”, or a source of another activity.

    yynnss beside ynnnyn, where the figure's n agrees with n and s: 4 of 6 are equal. Taken as what it agrees with, the
    figure says y twice, n twice, s once, and once what it left out: chance is (2·2 + 2·2 + 2·1) / 36 = 10/36, so kappa
    is (24 − 10) / (36 − 10) = 7/13.
    """
    answers, codes = (
        common_form(motive_codes(a="yynnss")),
        motive_codes(haugevik_figure="ynnnyn", haugevik_rule="y" * 6),
    )
    table = pairwise(answers, codes).set_index("other")
    assert list(table.index) == ["haugevik_figure", "haugevik_text", "course"]
    assert table.at["haugevik_figure", "kappa"] == pytest.approx(7 / 13)
    assert list(by_card(answers).columns[3:7]) == ["yes", "no", "not_stated", "most_frequent"]
    # Alpha by its definition, as for frameworks.
    two = common_form(motive_codes(a="yynnss", b="ynnnys"))
    assert alpha(two).value == pytest.approx(float(by_definition(two)))


def test_options_of_ones_own_do_not_change_the_activity():
    """Catches merged options, as chapter 04 makes them, that lose the sources or the other options."""
    merged = common_form(phases(a="smcc")).replace({"option": {"start-up": "founded", "maintenance": "founded"}})
    assert list(with_sources(merged, phases(course="smcc"))["source"]) == list(scheme("lifecycle").sources)
    answers = coded(a="psi", b="pss").replace({"option": {"sequential": "one after the other"}})
    assert list(by_card(answers, codings(course="psi")).columns[3:9]) == [*OPTIONS, "one after the other"]
    none = common_form(phases(a="nn", b="nn"))
    assert list(pairwise(none, phases(haugevik_rule="nn"))["other"].unique()) == list(scheme("lifecycle").sources)


# ---- measures ----


def test_kappa_by_hand_and_by_another_program():
    """Catches a wrong kappa or standard error.

    20, 5, 10, 15: chance is .5 × .6 + .5 × .4 = .5, so kappa is (.7 − .5) / .5 = .4. Intervals of both tables: statsmodels
    0.15.0, ``cohens_kappa(table)``, columns of Fleiss, Cohen and Everitt's standard error (.126996, .111064).
    """
    a, b = "i" * 25 + "p" * 25, "i" * 20 + "p" * 5 + "i" * 10 + "p" * 15
    row = pairwise(coded(a=a, b=b)).loc[0]
    assert (row["coder"], row["other"], row["cards"], row["note"]) == ("a", "b", 50, "")
    assert [row["equal_percent"], row["kappa"], row["low"], row["high"]] == pytest.approx(
        [70, 0.4, 0.151092, 0.648908], abs=1e-5
    )

    table = [[6, 1, 0, 2, 0], [0, 5, 2, 0, 0], [1, 0, 4, 0, 1], [0, 3, 0, 2, 0], [0, 0, 0, 1, 2]]
    pairs = [("ipsan"[i], "ipsan"[j]) for i, line in enumerate(table) for j, n in enumerate(line) for _ in range(n)]
    row = pairwise(coded(a="".join(p[0] for p in pairs), b="".join(p[1] for p in pairs))).loc[0]
    assert [row["kappa"], row["low"], row["high"]] == pytest.approx([0.53125, 0.313568, 0.748932], abs=1e-5)


def test_kappa_with_a_source_leaves_its_silence_out():
    """Catches silence, or a missing answer, that is counted as a disagreement."""
    table = pairwise(coded(a="ippsna", b="......"), codings(course="ips.np", bubna2009="......"))
    assert list(table["other"]) == ["bubna2009", "haugevik2007", "course"]
    assert list(table["cards"]) == [0, 0, 5]
    # Equal on i, p, n of five: chance is (1·1 + 2·2 + 0·1 + 1·1 + 1·0) / 25 = 6 / 25.
    assert table["kappa"][2] == pytest.approx((3 / 5 - 6 / 25) / (19 / 25))
    assert table["note"][0] == "No card was coded by both."


UNDEFINED_PAIRS = {
    "no common card": ("ip..", "..ip", "No card was coded by both."),
    "one common card": ("ip.", ".pi", "Only one card was coded by both"),
    "no variation": ("pppppp", "pppppp", "needs variation in both"),
    "variation in one only": ("pppppp", "ppppis", "needs variation in both"),
}


@pytest.mark.parametrize("name", UNDEFINED_PAIRS)
def test_an_undefined_kappa_says_why(name):
    """Catches a missing value without a sentence, and one that is passed off as 0 or 1."""
    a, b, sentence = UNDEFINED_PAIRS[name]
    row = pairwise(coded(a=a, b=b)).loc[0]
    assert pd.isna(row["kappa"])
    assert pd.isna(row["low"])
    assert sentence in row["note"]


def test_full_agreement_is_not_certainty():
    """Catches an interval from 1 to 1: with 8 equal cards the 95 per cent bound is 1 − .05 ** (1/8) = 31 per cent."""
    row = pairwise(coded(a="ipsanips", b="ipsanips")).loc[0]
    assert row["kappa"] == 1
    assert pd.isna(row["low"])
    assert "up to 31 per cent" in row["note"]
    found = alpha(coded(a="ipsanips", b="ipsanips"))
    assert (found.value, found.low) == (1, None)
    assert "up to 31 per cent" in how_to_read(found)


def by_definition(answers):
    """Compute nominal alpha from Krippendorff's definition, in fractions."""
    cards = [list(rows) for _, rows in answers.groupby("item_id")["option"] if len(rows) > 1]
    values = [value for card in cards for value in card]
    observed = sum(Fraction(sum(a != b for a in card for b in card), len(card) - 1) for card in cards)
    expected = Fraction(sum(a != b for a in values for b in values), len(values) - 1)
    return 1 - observed / expected


def test_alpha_of_the_literature():
    """Catches a wrong alpha.

    Krippendorff's example of four coders and twelve units, one of them with one value: nominal alpha .743 (Computing
    Krippendorff's Alpha-Reliability, 2011). Three coders and fifteen units: .691 (the example in the library's manual).
    """
    four = coded(a="ipsspiaip...", b="ipssppaipn.s", c=".ssspsappni.", d="ipsspaaipni.")
    assert float(by_definition(four)) == pytest.approx(0.743, abs=5e-4)
    assert alpha(four).value == pytest.approx(float(by_definition(four)))
    assert (alpha(four).cards, alpha(four).coders, alpha(four).answers) == (11, 4, 40)
    three = coded(a=".....saipiiss.s", b="i.pissas.......", c="..pisaa.piiss.a")
    assert alpha(three).value == pytest.approx(0.691358, abs=1e-6)


def test_alpha_is_the_definitions_whatever_is_missing():
    """Catches a difference between the library and the definition, at random, with holes and single answers."""
    rng = np.random.default_rng(3)
    for _ in range(20):
        texts = {f"c{n}": "".join(rng.choice(list("ipsan...."), size=9)) for n in range(4)}
        answers = coded(**texts)
        found = alpha(answers, draws=2)
        if found.value is not None:
            assert found.value == pytest.approx(float(by_definition(answers)))


UNDEFINED_ALPHAS = {
    "nobody": ({"a": "..."}, "There are no answers."),
    "one coder": ({"a": "ips"}, "Only one coder answered"),
    "nothing in common": ({"a": "ip..", "b": "..ip"}, "No card was answered by two coders"),
    "one card": ({"a": "i", "b": "p"}, "Only one card was answered by two coders"),
    "no variation": ({"a": "ppp", "b": "ppp"}, "without variation alpha is undefined, which is not full agreement"),
}


@pytest.mark.parametrize("name", UNDEFINED_ALPHAS)
def test_an_undefined_alpha_says_why(name):
    """Catches a missing alpha without its sentence, or a warning of the library instead."""
    coders, sentence = UNDEFINED_ALPHAS[name]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = alpha(coded(**coders))
    assert (found.value, found.low, found.high) == (None, None, None)
    assert sentence in found.note
    assert how_to_read(found) == found.note


def test_alphas_interval():
    """Catches an interval that changes from run to run, misses its value, or stands on four cards."""
    answers = coded(a="ipsanipsanip", b="ipsanppsanis", c="ippanipsinsp")
    first, again, other = alpha(answers, seed=1), alpha(answers, seed=1), alpha(answers, seed=2)
    assert first == again
    assert (first.low, first.high) != (other.low, other.high)
    assert first.low < first.value < first.high
    few = alpha(coded(a="ipsa", b="ipsi"))
    assert few.value is not None
    assert few.low is None
    assert "too few for an interval" in few.note
    rare = alpha(coded(a="pppppps", b="ppppppp"))
    assert "no variation" in rare.note


def test_the_class_and_the_sources():
    """Catches a wrong count, and an interval that takes answers to one card for independent of each other."""
    answers = coded(a="ipsanip", b="ipsanpp", c="ippaaps")
    table = with_sources(answers, codings(course="ipsanip", bubna2009="i.p....")).set_index("source")
    assert list(table.index) == ["bubna2009", "haugevik2007", "course"]
    row = table.loc["course"]
    assert (row["cards"], row["silent"], row["answers"], row["majority_equal"]) == (7, 0, 21, 6)
    assert row["equal_percent"] == pytest.approx(100 * 16 / 21)
    # Of 21: the course codes 6 i, 6 p and 3 each of s, a, n; the class 4 i, 8 p, 3 s, 4 a, 2 n.
    chance = (6 * 4 + 6 * 8 + 3 * (3 + 4 + 2)) / 21**2
    assert row["kappa"] == pytest.approx((16 / 21 - chance) / (1 - chance))
    assert row["low"] < row["kappa"] < row["high"]
    assert (table.at["bubna2009", "cards"], table.at["bubna2009", "silent"]) == (2, 5)
    assert table.at["bubna2009", "equal_percent"] == pytest.approx(100 * 4 / 6)
    assert "too few" in table.at["bubna2009", "note"]
    assert table.at["haugevik2007", "note"] == "No card was coded by both."
    values = table[["kappa", "low"]].isna().any(axis=1)
    assert (table.loc[values, "note"] != "").all()


def test_nothing_is_missing_without_a_sentence():
    """Catches a value or an interval that is missing with an empty note, and one that is there against its note."""
    rng = np.random.default_rng(4)
    for cards in (1, 2, 4, 6, 9):
        for letters in ("pp.", "ips.", "ipsan...."):
            answers = coded(**{c: "p" + "".join(rng.choice(list(letters), size=cards - 1)) for c in "abc"})
            codes = codings(course="".join(rng.choice(list(letters), size=cards)) + "i")
            tables = [pairwise(answers), pairwise(answers, codes), with_sources(answers, codes, draws=50)]
            tables.append(pd.DataFrame([vars(alpha(answers, draws=50))]).rename(columns={"value": "kappa"}))
            for table in tables:
                missing = table[["kappa", "low", "high"]].isna()
                assert (missing.any(axis=1) == (table["note"] != "")).all()
                assert (missing["low"] == missing["high"]).all()


def test_card_by_card():
    """Catches wrong counts, the wrong card on top, or a tie that counts as parting from a source."""
    answers = coded(a="ppi", b="pps", c="ps.", d="pi.").assign(confidence=pd.array([60, 80] * 5, dtype="Int64"))
    cards = by_card(answers, codings(course="pin", bubna2009="s.i"))
    assert list(cards["item_id"]) == ["card-02", "card-01", "card-00"]
    assert list(cards["disagreement_percent"]) == pytest.approx([100, 100 * 5 / 6, 0])
    assert list(cards["most_frequent"]) == ["integrated; sequential", "parallel", "parallel"]
    assert list(cards["missing"]) == [2, 0, 0]
    assert cards[list(OPTIONS)].sum().tolist() == [2, 6, 2, 0, 0]
    assert cards["differs_course"].tolist() == [True, True, False]
    assert [None if pd.isna(v) else v for v in cards["differs_bubna2009"]] == [False, None, True]
    assert cards["haugevik2007"].isna().all()
    assert cards["confidence"].between(60, 80).all()
    single = by_card(coded(a="p"))
    assert pd.isna(single["disagreement_percent"][0])
    assert len(by_card(coded(a="."))) == 0


def test_a_card_of_two_decks_counts_once():
    """Catches a student's second answer to one card counted as another coder's."""
    answers = coded(a="ps", b="ps")
    twice = pd.concat(
        [answers.assign(at=pd.Timestamp("2026-03-03")), answers.assign(at=pd.Timestamp("2026-03-02"), option="none")]
    )
    assert by_card(twice)["none"].tolist() == [2, 2]
    assert pairwise(twice)["cards"].tolist() == [2]


def test_tables_are_left_as_they_were():
    """Catches a function that changes what it is given."""
    answers, codes = coded(a="ipsan", b="ippan"), codings(course="ipsan")
    before = answers.copy(), codes.copy()
    for function in (pairwise, with_sources, by_card):
        function(answers, codes)
    alpha(answers)
    pd.testing.assert_frame_equal(answers, before[0])
    pd.testing.assert_frame_equal(codes, before[1])


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ((0.5, 0.3, 0.6), "lies below both"),
        ((0.7, 0.5, 0.9), "does not decide"),
        ((0.75, 0.7, 0.79), "lies between the two"),
        ((0.9, 0.85, 0.95), "reaches both"),
        ((0.1, -0.2, 0.4), "even chance is not ruled out"),
        ((-0.2, -0.4, -0.1), "no more often than by chance"),
        ((pd.NA,), "There is no value to read."),
    ],
)
def test_how_to_read(given, words):
    """Catches a threshold called met when the interval reaches across it, and more figures than the data bear."""
    text = how_to_read(*given)
    assert words in text
    assert not re.search(r"\d\.\d{3}", text.replace("asks for .800, and for .667", ""))


# ---- chart and lab ----


SIX = [
    ("AAA", "yes", "03; 04"),
    ("AAA", "yes", "04"),
    ("BBB", "yes", "04"),
    ("CCC", "contested", "04"),
    ("DDD", "yes", "04"),
    ("EEE", "yes", "04"),
    ("AAA; BBB", "yes", "05"),
]


@pytest.fixture
def small(tmp_path, monkeypatch):
    """Give a folder with tables of six cases, which is the course's own as long as the test runs."""
    folder = tmp_path / "data"
    folder.mkdir()
    tables = {
        "cases": pd.DataFrame(
            [
                (f"case-{n}", f"A & B <{n}>, {1990 + n}", "UN; coalition", country, settled, chapters)
                for n, (country, settled, chapters) in enumerate(SIX)
            ],
            columns=["case_id", "title", "organizations", "country", "settled", "chapters"],
        ),
        "framework_codings": codings(course="psapipi", bubna2009="...i...").replace(r"^card-0", "case-", regex=True),
    }
    write_tables(folder, tables)
    monkeypatch.setattr(datasets, "FOLDER", folder)
    return folder


def write_tables(folder, tables):
    """Write tables with their schema, all of text but for dates and years."""
    kinds = {"date": "date", "end_date": "date", "as_of": "integer"}
    resources = []
    for name, table in tables.items():
        table.to_csv(folder / f"{name}.csv", index=False)
        fields = [{"name": column, "type": kinds.get(column, "string"), "description": ""} for column in table]
        resources.append({"name": name, "path": f"{name}.csv", "schema": {"fields": fields}})
    (folder / "datapackage.json").write_text(json.dumps({"resources": resources}), encoding="utf-8")


@pytest.fixture
def pairs(tmp_path, monkeypatch):
    """Give the ids of three cards each of the life-cycle board and the motive matrix, whose tables the test runs with."""
    folder = tmp_path / "pairs"
    folder.mkdir()
    boards, cells = [f"phase-un-nato-{year}" for year in (2000, 2007, 2015)], ["survival", "values", "learning"]
    facts = {"reason": "x", "locator": "x", "basis": "stated", "certainty": "high"}
    figure = phases(haugevik_figure="s......b").assign(**facts)
    motives = {"motive_id": MOTIVES, "name": [name.title() for name in MOTIVES]}
    write_tables(
        folder,
        {
            "phase_cards": pd.DataFrame({"item_id": boards, "dyad_id": "un-nato", "as_of": [2000, 2007, 2015]}).assign(
                summary="<b>x"
            ),
            "phase_codings": pd.concat([figure, phases(course="s......m.......m").assign(**facts)]),
            "events": pd.DataFrame(
                [("2001-01-01", "un-nato", "contact", "no", "e-1")],
                columns=["date", "dyad_id", "kind", "predecessor", "event_id"],
            ).assign(precision="day", end_date="", end_precision="", formal="no", title="x", summary="x", sources="x"),
            "motives": pd.DataFrame(motives).assign(category="x", definition="x", test="x"),
            "motive_cells": pd.DataFrame(
                {"cell_id": [f"un-nato-{name}" for name in cells], "dyad_id": "un-nato", "motive_id": cells}
            ).assign(stated="x", revealed="x", analysts="x", sources="x", contested_why="x"),
            "motive_codings": motive_codes(haugevik_figure="yny", course="yss").assign(
                motive_id=cells * 2, evidence="x", **facts
            ),
            "feedback": pd.DataFrame({"item_id": [*boards, *(f"un-nato-{name}" for name in cells)]}).assign(
                option="none", message="x", source="x", locator="x"
            ),
        },
    )
    monkeypatch.setattr(datasets, "FOLDER", folder)
    return {"lifecycle": boards, "motives": [f"un-nato-{name}" for name in cells]}


@pytest.fixture
def made_up(small, tmp_path):
    """Give a folder with a made-up class for the six cases."""
    make_class.main(small, tmp_path / "class")
    return tmp_path / "class"


def test_the_chart_says_what_it_shows(made_up):
    """Catches a chart without message, description or table, or with two cards drawn as one."""
    cards = by_card(read_answers(made_up)[0])
    spec = class_disagreement(cards, {"case-0": "Same", "case-1": "Same"}).to_dict()
    assert 30 < len(" ".join(spec["title"]["text"])) < 120
    assert spec["description"].endswith(".")
    rows = spec["usermeta"]["table"]["rows"]
    assert {row[0] for row in rows} == {"Same (case-0)", "Same (case-1)", "case-2", "case-3", "case-4", "case-5"}
    assert sum(sum(row[1:6]) for row in rows) == cards["answers"].sum()
    with pytest.raises(ValueError, match="no card to draw"):
        class_disagreement(cards.head(0))


@pytest.mark.slow
def test_both_programs_draw_the_chart(made_up, browser):
    """Catches a chart that the book's or JupyterLab's Vega draws without a bar, a card's name, or not at all."""
    cards = by_card(read_answers(made_up)[0])
    chart = class_disagreement(cards, {"case-0": "A card with a title"}).to_dict()
    parts = int((cards[list(OPTIONS)] > 0).sum().sum())
    page = browser.new_page()
    draw_charts.prepare(page)
    for who, spec in (("book", chart), ("lab", theme._live(chart)["application/vnd.vegalite.v5+json"])):
        drawn = page.evaluate("([who, spec]) => draw(who, spec, 'light')", [who, spec])
        assert drawn["warnings"] == []
        assert drawn["count"]["rect"] == parts
        assert "A card with a title" in drawn["text"]
        assert drawn["foreign"] == 0
    page.close()


def shown(lab, monkeypatch):
    """Give what a lab displays, each thing as a dict of its forms."""
    out = []

    def display(*things, **_):
        for thing in things:
            if hasattr(thing, "_repr_mimebundle_"):
                made = thing._repr_mimebundle_(None, None)
                out.append(made[0] if isinstance(made, tuple) else made)
            else:
                out.append({"text/html": thing._repr_html_()})

    for module in (agreement_lab, theme):
        monkeypatch.setattr(module, "display", display)
    lab._ipython_display_()
    return out


def test_in_the_book_the_lab_is_static(made_up, monkeypatch):
    """Catches a state of widgets in a static page, results that are missing there, or text that is not escaped."""
    import ipywidgets

    monkeypatch.setenv("PEACEOPS_BOOK", "1")
    before = ipywidgets.Widget.get_manager_state()
    lab = AgreementLab([made_up, ("<img src=x>.json", b"{")])
    out = shown(lab, monkeypatch)
    assert {kind for forms in out for kind in forms} == {"text/html"}
    assert ipywidgets.Widget.get_manager_state() == before
    page = "".join(forms["text/html"] for forms in out)
    assert page.count("<figure") == 1
    assert page.count('<table class="po-table"') == 3
    assert "Krippendorff&#x27;s alpha: 0." in page
    assert "made up: nobody gave these answers" in page
    assert "open this page in JupyterLab" in page
    assert "“&lt;img src=x&gt;.json” is cut off" in page
    assert "<img src=x>" not in page
    assert "A &amp; B &lt;0&gt;, 1990" in page
    assert not re.search(r">(nan|None|&lt;NA&gt;|unknown)<", page)


def test_in_the_book_without_files_the_lab_is_a_sentence(monkeypatch):
    """Catches a page that promises a button it cannot have."""
    monkeypatch.setenv("PEACEOPS_BOOK", "1")
    out = shown(AgreementLab(), monkeypatch)
    assert len(out) == 1
    assert "open this page in JupyterLab" in out[0]["text/html"]


def test_a_student_cannot_flood_the_lab(made_up, monkeypatch):
    """Catches one edited file with hundreds of cards of its own that fills the chart and the table."""
    monkeypatch.setenv("PEACEOPS_BOOK", "1")
    flood = export(answers={f"fake-{n}": {"tries": [TRY]} for n in range(500)})
    page = "".join(forms["text/html"] for forms in shown(AgreementLab([made_up, ("flood.json", flood)]), monkeypatch))
    assert "Some of these coders are made up" in page
    assert "so not shown below: 500 of 506 cards" in page
    assert "Not among this edition's cards (500;".replace("'", "&#x27;") in page
    assert page.count("fake-") == 5
    alone = "".join(forms["text/html"] for forms in shown(AgreementLab([("one.json", export())]), monkeypatch))
    assert "Only one coder answered: agreement needs two." in alone
    assert "<figure" not in alone


def class_of(activity, items, **coders):
    """Give one file per coder, with one option for each item."""
    return [
        (
            f"{coder}.json",
            export(
                coder=coder,
                activity=activity,
                deck="all",
                answers={i: {"tries": [TRY | {"option": o}]} for i, o in zip(items, options, strict=True)},
            ),
        )
        for coder, options in coders.items()
    ]


def page_of(lab, monkeypatch):
    """Give what a lab shows in the book, as one text."""
    monkeypatch.setenv("PEACEOPS_BOOK", "1")
    return "".join(forms["text/html"] for forms in shown(lab, monkeypatch)).replace("&#x27;", "'")


def test_the_lab_of_the_life_cycle_board(pairs, monkeypatch):
    """Catches phases named by frameworks' names or by ids, sources of another activity, and a card without its title."""
    a, b = ["start-up", "start-up", "none"], ["negotiation", "maintenance", "maintenance"]
    page = page_of(AgreementLab(class_of("lifecycle", pairs["lifecycle"], a=a, b=b), "lifecycle"), monkeypatch)
    for words in (
        "UN–NATO at the end of 2007",
        "Haugevik 2007, Figure 2",
        "Rule made of Haugevik’s text",
        "Start-up or Maintenance<",
        '"domain":["None yet","Courtship","Negotiation","Start-up","Maintenance","Ending"]',
        "an answer that names either of the two counts as equal",
    ):
        assert words in page
    for words in ("None of these", "Parallel", "Bubna", "Not among", "decks", "need a look", "needs a look"):
        assert words not in page
    assert "a tie, each option with 50 per cent of 2 answers" in page


def test_the_lab_of_the_motive_matrix(pairs, monkeypatch):
    """Catches readings named by ids, and figures that hide what the figure's “no” is."""
    a, b = ["yes", "not_stated", "no"], ["yes", "no", "no"]
    page = page_of(AgreementLab(class_of("motives", pairs["motives"], a=a, b=b), "motives"), monkeypatch)
    for words in (
        "UN–NATO: Survival",
        "This course, for today",
        "Not stated",
        "“no” and “not stated” both count as equal",
    ):
        assert words in page
    assert "not_stated" not in page
    assert "Rule made of" not in page


def test_the_lab_says_what_it_left_out_and_what_it_pooled(small, monkeypatch):
    """Catches a reader who cannot tell whether a file with a problem counts, or that two decks were taken together."""
    files = [
        ("a.json", export()),
        ("b.json", export(coder="B", deck="<i>africa")),
        ("c.json", b"{"),
        ("d.json", of("motives")),
    ]
    page = page_of(AgreementLab(files), monkeypatch)
    assert "<strong>2 files need a look.</strong> A file named here was left out whole, unless" in page
    assert "holds answers to the motive matrix, not to the mission classifier" in page
    assert "These are answers to 2 decks (“04”, “&lt;i&gt;africa”), taken together" in page
    alone = page_of(AgreementLab(files[:1]), monkeypatch)
    assert "decks (" not in alone
    assert "a look" not in alone


def test_an_own_decks_cards_have_their_titles(small, tmp_path, monkeypatch):
    """Catches an instructor's own deck whose cards are shown by their ids without a word, or in spite of its file."""
    own = tmp_path / "own.csv"
    own.write_text("case_id,title,summary,answer\ncase-a,Ships <b> off X,Two navies.,parallel\n", encoding="utf-8")
    files = [("a.json", export(deck="own-own")), ("b.json", export(deck="own-own", coder="B"))]
    page = page_of(AgreementLab(files), monkeypatch)
    assert "Not among this edition's cards (1;" in page
    assert "so shown by their ids: case-a. AgreementLab(…, deck='own_cases.csv') takes" in page
    page = page_of(AgreementLab(files, deck=own), monkeypatch)
    assert "Not among" not in page
    assert "<b> off X" not in page.replace('"Ships <b> off X', "")
    assert "Ships &lt;b&gt; off X" in page
    with pytest.raises(datasets.DataError, match=r"no file nothing\.csv"):
        AgreementLab(files, deck=tmp_path / "nothing.csv")


LIVE = """\
import sys
from pathlib import Path
from peaceops import datasets
datasets.FOLDER = Path(sys.argv[1])
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
from IPython.utils.capture import capture_output
import ipywidgets
from peaceops.widgets import AgreementLab
made = []
class Upload(ipywidgets.FileUpload):
    def __init__(self, **keywords):
        super().__init__(**keywords)
        made.append(self)
ipywidgets.FileUpload = Upload
lab = AgreementLab()
with capture_output() as said:
    lab._ipython_display_()
    files = [{"name": path.name, "type": "", "size": 1, "content": memoryview(path.read_bytes()),
              "last_modified": __import__("datetime").datetime(2026, 1, 1)} for path in Path(sys.argv[2]).glob("*.json")]
    made[0].value = files
with capture_output():
    other = AgreementLab(activity="motives")
    other._ipython_display_()
    made[1].value = files[:1]
print([widget.value for widget in ipywidgets.Widget.widgets.values() if type(widget) is ipywidgets.HTML])
print(other.problems)
print(len(lab.answers), lab.problems, made[0].multiple, made[0].accept)
print("".join(output.data.get("text/html", "") for output in said.outputs).count("<table"))
"""


def test_in_jupyterlab_the_lab_reads_an_upload(small, made_up):
    """Catches an upload that does not reach the tables: real widgets, the files as the browser's message gives them."""
    env = {name: value for name, value in os.environ.items() if name != "PEACEOPS_BOOK"}
    done = subprocess.run([sys.executable, "-c", LIVE, small, made_up], capture_output=True, text=True, env=env)
    assert done.returncode == 0, done.stderr
    asked, problems, answers, tables = done.stdout.splitlines()[-4:]
    assert "exported from the mission classifier, all at once" in asked
    assert "AgreementLab('folder'))" in asked
    assert "exported from the motive matrix, all at once" in asked
    assert "AgreementLab('folder', 'motives')" in asked
    assert "holds answers to the mission classifier, not to the motive matrix" in problems
    assert re.fullmatch(r"1[5-7]\d \[\] True \.json,\.zip", answers)
    assert tables == "3"


# ---- the made-up class ----


def test_the_generator_makes_the_same_class_again(small, made_up, tmp_path):
    """Catches a generator that depends on the order of a set, the clock or another package's random numbers."""
    command = [sys.executable, make_class.__file__, small, tmp_path / "again"]
    done = subprocess.run(command, capture_output=True, text=True, env=os.environ | {"PYTHONHASHSEED": "7"})
    assert done.returncode == 0, done.stderr
    first, second = ({p.name: p.read_bytes() for p in folder.iterdir()} for folder in (made_up, tmp_path / "again"))
    assert len(first) == 30
    assert first == second


def test_the_generators_class_is_worth_discussing(small, made_up):
    """Catches a made-up class without disagreement, without careless coders, or that is not sure where it errs."""
    answers, problems = read_answers(made_up)
    assert problems == []
    assert answers["coder"].nunique() == 30
    assert answers["coder"].str.fullmatch(r"made-up student \d\d").all()
    codes = datasets.load("framework_codings", small)
    deck = make_class.deck_cases("04", small)
    hard = make_class.misreadings(deck, small)
    assert {why for _, why in hard.values()} == {"country", "presence"}
    cards = by_card(answers, codes).set_index("item_id")
    easy = [case for case in deck.query("settled == 'yes'")["case_id"] if case not in hard]
    assert cards.loc[list(hard), "disagreement_percent"].min() > cards.loc[easy, "disagreement_percent"].max()
    fooled = pd.concat([answers.query("item_id == @case and option == @to") for case, (to, _) in hard.items()])
    assert fooled["confidence"].mean() > answers["confidence"].mean()
    assert 0.85 < len(answers) / (30 * len(deck)) < 0.97
    assert (answers["reason"] == "").mean() > 0.2


def class_problems(folder, tables=None):
    """Say which files of a made-up class are not those that the generator writes."""
    made, there = (
        make_class.make(tables),
        {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.json")},
    )
    return sorted(name for name in made.keys() | there.keys() if made.get(name) != there.get(name))


def test_the_made_up_class_is_the_generators():
    """Catches a case or a coding that was changed without making the class anew: run tests/make_class.py."""
    assert class_problems(make_class.TARGET) == []


def test_a_changed_class_is_seen(small, made_up):
    """Catches a comparison that finds nothing: an edited, a lost and an added file."""
    assert class_problems(made_up, small) == []
    (made_up / "made-up-03.json").unlink()
    (made_up / "made-up-31.json").write_text("{}")
    path = made_up / "made-up-05.json"
    path.write_text(path.read_text(encoding="utf-8").replace("parallel", "support", 1), encoding="utf-8")
    assert class_problems(made_up, small) == ["made-up-03.json", "made-up-05.json", "made-up-31.json"]


def test_the_made_up_class_says_so_first():
    """Catches a reader who takes the made-up class for a survey."""
    text = (make_class.TARGET / "README.md").read_text(encoding="utf-8")
    assert re.match(r"# A made-up class\n\nNobody answered [^.]*: the 30 files here are made up", text)
