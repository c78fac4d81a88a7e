"""Each answer to a task gets its own true sentence, whatever the answer is."""

import itertools
import math
import random
import re
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

import peaceops
from peaceops import exercises, operations
from peaceops.exercises import Feedback, NoSuchTask, check, hint
from peaceops.tasks import TASKS

NUMBERS = [name for name, task in TASKS.items() if not task.options]
CHOICES = [name for name, task in TASKS.items() if task.options]
# Each foreseen mistake of each task, by the task's name and the mistake's place.
MISTAKES = [(name, place) for name, task in TASKS.items() for place in range(len(task.mistakes))]


def said(name, answer):
    """Check an answer; whatever is said is one line of sentences."""
    feedback = check(name, answer)
    assert isinstance(feedback, Feedback)
    assert feedback.task == name
    assert "\n" not in feedback.message
    assert feedback.message.endswith((".", "?"))
    return feedback


def figures(text):
    """Return the numbers that a text holds, but those of a task's id."""
    text = re.sub(r"\b\d\d-\d+\b", "", text)
    return {float(number.replace(",", "")) for number in re.findall(r"\d+(?:,\d{3})*(?:\.\d+)?", text)}


def gives_away(name, text):
    """Say whether a text holds the task's right answer, as it is or rounded."""
    task, right = TASKS[name], TASKS[name].answer()
    if task.options:
        return re.search(rf"\b{right}\b", text, re.IGNORECASE) is not None
    rounded = {right, round(right), round(right, 1), round(right, 2)} if not float(right).is_integer() else {right}
    return bool(rounded & figures(text)) or any(abs(right - figure) <= task.tolerance for figure in figures(text))


# ---- right ----


@pytest.mark.parametrize("name", NUMBERS)
@pytest.mark.parametrize("kind", [float, np.float64, np.float32, Fraction, lambda value: pd.Series([value]).iloc[0]])
def test_a_right_number_of_any_kind(name, kind):
    """Catches a right answer that is refused because pandas or NumPy computed it."""
    assert said(name, kind(TASKS[name].answer())).status == "right"


@pytest.mark.parametrize("name", NUMBERS)
def test_a_right_whole_number_of_any_kind(name):
    """Catches a count that is refused because of its integer type."""
    right = TASKS[name].answer()
    if float(right).is_integer():
        for kind in (int, np.int64, np.int32, np.uint8, lambda value: pd.array([value], dtype="Int64")[0]):
            assert said(name, kind(right)).status == "right"
    else:
        assert said(name, right + TASKS[name].tolerance * 0.9).status == "right"


@pytest.mark.parametrize("name", CHOICES)
def test_a_right_word(name):
    """Catches a right word refused for a capital letter or a blank."""
    right = TASKS[name].answer()
    assert right in TASKS[name].options
    for answer in (right, right.upper(), right.capitalize(), f"  {right}\n"):
        assert said(name, answer).status == "right"


@pytest.mark.parametrize("name", TASKS)
def test_what_right_says(name):
    """Catches a right answer that learns nothing about what it shows."""
    feedback = check(name, TASKS[name].answer())
    assert feedback.message == TASKS[name].right
    assert len(feedback.message) > len("Yes.") + 20


# ---- wrong ----


@pytest.mark.parametrize(("name", "place"), MISTAKES)
def test_each_foreseen_mistake_has_its_sentence(name, place):
    """Catches a mistake told another mistake's sentence, or called right because the data give it the same number."""
    mistake, sentence = TASKS[name].mistakes[place]
    feedback = said(name, mistake())
    assert (feedback.status, feedback.message) == ("wrong", sentence)


# What students write, and a part of the sentence that it must get.
PERSONS = "i[(i.indicator == 'un_personnel')].set_index('year').value"
SPAN = f"{PERSONS}.loc[2018:2022]"
CONFLICTS = "i[i.indicator.str.startswith('conflicts_') & (i.year >= 1989)].groupby('indicator').value.sum()"
YEARLY = (
    "i[i.indicator.str.startswith('conflicts_') & (i.year >= 1989)].pivot(index='year', columns='indicator')['value']"
)
LATER, EARLIER = "r[r.year.between(1990, 1999)].acting_ch7", "r[r.year.between(1980, 1989)].acting_ch7"
WRITTEN = [
    ("00-1", "'integrated'", "single chain of command"),
    ("00-1", "'sequential'", "for 2003"),
    ("00-2", "'VII'", "acts under Chapter VII"),
    ("00-2", "'vii_in_part'", "in some paragraphs"),
    ("01-1", "'impartiality'", "favours nobody"),
    ("01-1", "'limited force'", "what the soldiers may do"),
    ("01-2", "'consent'", "Fear of losing"),
    ("01-2", "'limited force'", "Nobody in this story uses force"),
    ("01-3", "'consent'", "goes on agreeing"),
    ("01-3", "'impartiality'", "It may suffer later"),
    ("01-4", "(o.start_date.dt.year == 1992).sum()", "the year before"),
    ("01-4", "(o.end_date.dt.year == 1993).sum()", "how many operations ended in 1993"),
    ("01-4", "len(active_at(o, '1993-12-31'))", "running on 31 December 1993"),
    ("01-5", "len(o[o.start_date.dt.year >= 1993])", "counted the operations of 1993 in"),
    ("01-5", "(o.start_date.dt.year <= 1993).sum()", "Turn the comparison round"),
    ("01-5", "len(o)", "every UN operation in the table"),
    ("01-6", "len(started_between(o, 1948, 1988)) + len(started_between(o, 1988, 1999))", "in your sum twice"),
    ("01-6", "len(started_between(o, 1948, 1987)) + len(started_between(o, 1989, 1999))", "in neither"),
    ("01-6", "len(started_between(o, 1988, 1999))", "the second span alone"),
    ("01-7", f"{SPAN}.fillna(0).mean()", "taken as zero"),
    ("01-7", f"{SPAN}.sum()", "the sum of the years"),
    ("01-7", f"{SPAN}.dropna().iloc[-1]", "the last figure alone"),
    ("01-7", f"{SPAN}.iloc[-1]", "a missing value"),
    ("01-7", f"{SPAN}.mean() / 1000", "in thousands"),
    ("01-7", SPAN, "a whole column of 5 values"),
    ("01-8", f"{PERSONS}[2000] / {PERSONS}[2008]", "divided by the later"),
    ("01-8", f"{PERSONS}[2008] - {PERSONS}[2000]", "by how many persons"),
    ("01-8", f"{PERSONS}[2008] / {PERSONS}[2000] - 1", "growing by 100 per cent"),
    ("01-8", f"{PERSONS}[2008] / {PERSONS}[2001]", "lies after 11 September"),
    ("01-8", "len(active_at(o, '2008-12-31')) / len(active_at(o, '2000-12-31'))", "numbers of operations"),
    ("01-9", f"{CONFLICTS}['conflicts_interstate'] / {CONFLICTS}.sum()", "as a fraction"),
    (
        "01-9",
        f"100 * {CONFLICTS}['conflicts_interstate'] / {CONFLICTS}.drop('conflicts_interstate').sum()",
        "divided by the conflicts of the other types",
    ),
    ("01-9", f"(100 * {YEARLY}['conflicts_interstate'] / {YEARLY}.sum(axis=1)).mean()", "averaged the yearly shares"),
    ("01-9", f"round(100 * {CONFLICTS}['conflicts_interstate'] / {CONFLICTS}.sum())", "one more decimal"),
    ("01-9", CONFLICTS, "a whole column of 4 values"),
    ("01-10", f"100 * ({LATER}.mean() - {EARLIER}.mean())", "percentage points"),
    ("01-10", f"{EARLIER}.mean() / {LATER}.mean()", "Turn it"),
    ("01-10", f"{LATER}.sum() / {EARLIER}.sum()", "numbers"),
    (
        "01-10",
        "r[r.year.between(1991, 2000)].acting_ch7.mean() / r[r.year.between(1981, 1990)].acting_ch7.mean()",
        "end with 1990",
    ),
]


@pytest.mark.parametrize(("name", "code", "part"), WRITTEN)
def test_what_students_write(name, code, part):
    """Catches a sentence that no longer fits the mistake it is for, worked out here from the student's own code."""
    # the exercise set gives students the UN's operations
    un = operations.un_peacekeeping(peaceops.load("operations"))
    names = {"o": un, "i": peaceops.load("indicators"), "r": peaceops.load("resolutions")}
    names |= {"active_at": operations.active_at, "started_between": operations.started_between}
    feedback = said(name, eval(code, names))
    assert feedback.status in ("wrong", "ill-typed")
    assert part in feedback.message


@pytest.mark.parametrize("name", TASKS)
def test_mistakes_differ(name):
    """Catches two mistakes with one sentence, or one number too near another's to be told apart."""
    task = TASKS[name]
    assert len({sentence for _, sentence in task.mistakes}) == len(task.mistakes) >= 2
    values = [task.answer(), *(mistake() for mistake, _ in task.mistakes)]
    if task.options:
        assert sorted(values) == sorted(task.options)
    else:
        values.sort()
        # A mistake may lie within the right answer's tolerance, for it is recognized where it is hit exactly.
        assert min(after - before for before, after in itertools.pairwise(values)) > 2 * min(task.tolerance, 1e-6)


@pytest.mark.parametrize("name", TASKS)
def test_feedback_and_hints_do_not_give_the_answer_away(name):
    """Catches the right number, or word, standing in what is said before it was found."""
    task = TASKS[name]
    texts = [task.otherwise, *(sentence for _, sentence in task.mistakes), *task.hints]
    if not task.options:
        texts += [check(name, answer).message for answer in (..., None, "text", True, [], pd.NA, -1, 10**400)]
    assert [text for text in texts if gives_away(name, text)] == []


def test_giving_away_is_seen():
    """Catches a search for the right answer that would not find it."""
    assert gives_away("01-5", "It is 38.")
    assert not gives_away("01-5", "Compare with 1993, not with 380 or 3.8; see task 01-38.")
    assert gives_away("01-1", "It is about Consent.")
    assert gives_away("01-7", f"About {TASKS['01-7'].answer():,.0f} persons.")


@pytest.mark.parametrize("name", NUMBERS)
def test_random_answers_never_pass(name):
    """Catches an answer that passes or raises by chance: 2,000 seeded numbers of all sizes, and near misses."""
    task, chance = TASKS[name], random.Random(f"peaceops {name}")
    right = task.answer()
    known = {sentence for _, sentence in task.mistakes}
    otherwise = f'{task.otherwise} For a hint: hint("{name}").'
    for _ in range(2000):
        answer = chance.choice(
            [
                chance.uniform(-100, 100),
                chance.gauss(right, 10 * task.tolerance + 1),
                chance.randint(-10, 200),
                10 ** chance.uniform(-300, 300),
                right * chance.choice([-1, 0, 0.01, 0.1, 10, 100, 1000]),
                right + chance.choice([-1, 1]) * (task.tolerance * 1.01 + 1e-9),
            ]
        )
        if abs(answer - right) > task.tolerance:
            feedback = check(name, answer)
            assert feedback.status == "wrong", answer
            assert feedback.message in known | {otherwise}, answer


@pytest.mark.parametrize("name", CHOICES)
def test_random_words_never_pass(name):
    """Catches a word that passes though it is not the right one, or that raises."""
    chance, right = random.Random(f"peaceops {name}"), TASKS[name].answer()
    letters = "aceimnopstuy ÄÖ\u202e\u0000<>\"'"
    for _ in range(2000):
        word = "".join(chance.choices(letters, k=chance.randint(0, 15)))
        word = chance.choice([word, right[1:], right + word.strip() + "x", right.replace("e", "é") + "."])
        feedback = check(name, word)
        assert feedback.status == "ill-typed", word
        assert feedback.message.startswith("The answer must be one of "), word
        assert feedback.message.endswith('".'), word


# ---- no answer, or not the kind asked for ----


class Hostile:
    """An object of which nothing works."""

    def __getattr__(self, name):
        raise RuntimeError(name)

    def _raise(self, *_):
        raise RuntimeError("hostile")

    __repr__ = __str__ = __eq__ = __float__ = __int__ = __bool__ = __len__ = __iter__ = __lt__ = __format__ = _raise
    __hash__ = None


class HostileNumber(float):
    """A number that is none."""

    def __float__(self):
        raise RuntimeError("hostile")

    __repr__ = __eq__ = __sub__ = __rsub__ = __abs__ = __float__
    __hash__ = None


SERIES = pd.Series([1, 2, 3])
ODD = [
    ("13", "text"),
    ("", "text"),
    (True, "type bool"),
    (np.True_, "type bool"),
    (SERIES, "whole column of 3 values"),
    (SERIES.iloc[:1], "whole column of 1 values"),
    (pd.DataFrame({"a": [1, 2]}), "table of 2 rows"),
    (float("nan"), "not a finite number"),
    (np.float64("nan"), "not a finite number"),
    (math.inf, "not a finite number"),
    (-np.inf, "not a finite number"),
    (10**400, "not a finite number"),
    (pd.NA, "missing value"),
    (pd.NaT, "missing value"),
    (1j, "type complex"),
    ([13], "type list"),
    ((13,), "type tuple"),
    ({}, "type dict"),
    ({13}, "type set"),
    (b"13", "type bytes"),
    (np.array(13), "type ndarray"),
    (np.array([1, 2]), "type ndarray"),
    (pd.Timestamp("1988-01-01"), "type Timestamp"),
    (np.timedelta64(13, "D"), "type timedelta64"),
    (SERIES.sum, "Call it with parentheses."),
    (len, "Call it with parentheses."),
    (lambda: 13, "Call it with parentheses."),
    (int, "Call it with parentheses."),
    (Hostile(), "type Hostile"),
    (HostileNumber(13), "type HostileNumber"),
]


@pytest.mark.parametrize("name", TASKS)
def test_unanswered(name):
    """Catches the stub, or a cell that computed nothing, being called wrong."""
    assert said(name, ...).status == "unanswered"
    assert said(name, None).status == "unanswered"
    assert check(name, ...).message != check(name, None).message


@pytest.mark.parametrize("name", NUMBERS)
@pytest.mark.parametrize("place", range(len(ODD)))  # pytest itself cannot handle all of these answers
def test_not_one_number(name, place):
    """Catches an answer of the wrong kind that passes, raises, or is not told what it is."""
    answer, part = ODD[place]
    feedback = said(name, answer)
    assert feedback.status == "ill-typed"
    assert part in feedback.message


@pytest.mark.parametrize("name", CHOICES)
def test_not_a_word(name):
    """Catches an answer that is no text raising where a word is asked for."""
    for answer in (13, *(answer for answer, _ in ODD if not isinstance(answer, str))):
        feedback = said(name, answer)
        assert feedback.status == "ill-typed"
        assert all(f'"{option}"' in feedback.message for option in TASKS[name].options)


# ---- hints, names, looks ----


@pytest.mark.parametrize("name", TASKS)
def test_three_tiers_of_hints(name):
    """Catches a task with fewer than three hints, or the same one twice."""
    assert len(set(TASKS[name].hints)) == 3
    messages = [hint(name, tier).message for tier in (1, 2, 3)]
    for tier, text in enumerate(TASKS[name].hints, start=1):
        more = f' More help: hint("{name}", {tier + 1}).' if tier < 3 else ""
        assert messages[tier - 1] == text + more
    assert hint(name).message == messages[0]


@pytest.mark.parametrize("tier", [0, 4, -1, 1.0, "2", None])
def test_no_such_hint(tier):
    """Catches a tier that does not exist giving another hint, or a traceback from inside."""
    with pytest.raises(ValueError, match=r"^Hints come in tiers 1 to 3; .* is none of them\.$"):
        hint("01-1", tier)


@pytest.mark.parametrize(
    ("name", "shown"),
    [("01-99", "“01-99”"), ("", "“”"), (1, "of type int"), (None, "of type NoneType"), (["01-1"], "of type list")],
)
def test_no_such_task(name, shown):
    """Catches a misspelt task that gets a KeyError's quoted text, or none that exists named."""
    sentence = f"There is no task {shown}; the tasks are: {', '.join(TASKS)}."
    for function in (lambda: check(name, 1), lambda: hint(name)):
        with pytest.raises(NoSuchTask) as caught:
            function()
        assert str(caught.value) == sentence


def test_every_task_has_its_row():
    """Catches a task without an objective and a level, a row without a task, and one that names another chapter."""
    rows = peaceops.load("tasks")
    assert list(rows["task_id"]) == list(TASKS)
    assert (rows["task_id"].str.replace(r"-\d+$", "", regex=True) == rows["chapter"]).all()
    assert (rows["objective"].str[:2] == rows["chapter"]).all()


def test_feedback_is_text_on_the_page():
    """Catches a message that a notebook would run as markup, or an answer that ends up in it."""
    hostile = "<script>alert(1)</script> & “quotes”"
    for shown in (
        Feedback(hostile, "wrong", hostile)._repr_html_(),
        exercises.Hint(hostile, "unanswered", hostile, 1)._repr_html_(),
    ):
        assert "<script" not in shown
        assert shown.count("&lt;script&gt;alert(1)&lt;/script&gt; &amp;") == 2
    assert "alert" not in check("01-1", "<img src=x onerror=alert(1)>")._repr_html_()


@pytest.mark.parametrize(
    ("answer", "status", "mark"),
    [(38, "right", "✓"), (44, "wrong", "✗"), (..., "unanswered", "…"), ("38", "ill-typed", "?")],
)
def test_looks(answer, status, mark):
    """Catches a status told by colour alone, or not announced to a screen reader."""
    feedback = check("01-5", answer)
    shown = feedback._repr_html_()
    assert repr(feedback).startswith(f"{mark} Task 01-5: ")
    assert f'data-status="{status}" role="status"' in shown
    assert f"<strong>{mark} Task 01-5: " in shown


def test_named_in_the_package():
    """Catches `peaceops.check` and `peaceops.hint`, which every exercise calls, being moved."""
    assert peaceops.check is check
    assert peaceops.hint is hint
