"""Checking answers to the exercises, with a sentence for each foreseen mistake."""

import functools
import html
import math
import numbers
from dataclasses import dataclass

import pandas as pd

from peaceops.tasks import TASKS

_WORDS = {
    "right": "Right",
    "wrong": "Not yet",
    "unanswered": "No answer yet",
    "ill-typed": "Not the kind of answer asked for",
}
_MARKS = {"right": "✓", "wrong": "✗", "unanswered": "…", "ill-typed": "?"}
# Seen on white and on black; the word and the mark say the same.
_BORDERS = {"right": "#2a9d6f", "wrong": "#c9762b", "unanswered": "#8a94a0", "ill-typed": "#5b8fc7"}


@dataclass(frozen=True)
class Feedback:
    """What a student is told about an answer.

    Attributes
    ----------
    task : str
        The task's id.
    status : str
        ``right``, ``wrong``, ``unanswered`` or ``ill-typed``.
    message : str
        One or two sentences.
    """

    task: str
    status: str
    message: str

    def __repr__(self):
        return f"{_MARKS[self.status]} Task {self.task}: {_WORDS[self.status]}. {self.message}"

    def _repr_html_(self):
        head = f"{_MARKS[self.status]} Task {html.escape(self.task)}: {_WORDS[self.status]}."
        return (
            f'<div class="po-feedback" data-status="{self.status}" role="status" '
            f'style="border-left:0.3em solid {_BORDERS[self.status]};padding:0.5em 0.9em;margin:0.5em 0">'
            f"<strong>{head}</strong> {html.escape(self.message)}</div>"
        )


class NoSuchTask(KeyError):
    """There is no task of that name; the message is one sentence."""

    def __str__(self):
        return self.args[0]


def check(task, answer):
    """Say whether an answer is right, and if not, what may have happened.

    Parameters
    ----------
    task : str
        The task's id, such as ``"01-3"``.
    answer : object
        The answer. Anything may be given: a wrong kind of answer is told so, it never raises.

    Returns
    -------
    Feedback
        Shows itself as text or as a box; ``status`` and ``message`` can be read.

    Raises
    ------
    NoSuchTask
        When there is no such task.

    Examples
    --------
    >>> check("01-3", ...).status
    'unanswered'
    """
    chosen = _task(task)
    problem = _unanswered(answer) or (_not_a_choice(chosen, answer) if chosen.options else _not_a_number(answer))
    if problem:
        return Feedback(task, *problem)
    value = answer.strip().lower() if chosen.options else float(answer)
    right = _worked_out(chosen.answer)
    # A foreseen mistake may lie within the right answer's tolerance: hit exactly, it is the mistake.
    for tolerance in (min(chosen.tolerance, 1e-6), chosen.tolerance):
        if _same(value, right, tolerance):
            return Feedback(task, "right", chosen.right)
        for mistake, sentence in chosen.mistakes:
            if _same(value, _worked_out(mistake), tolerance):
                return Feedback(task, "wrong", sentence)
    return Feedback(task, "wrong", f'{chosen.otherwise} For a hint: hint("{task}").')


def hint(task, tier=1):
    """Give a hint, from a nudge (1) through a plan (2) to nearly the code (3).

    Parameters
    ----------
    task : str
        The task's id.
    tier : {1, 2, 3}
        How much help.

    Returns
    -------
    Feedback
        The hint, shown as a box.

    Raises
    ------
    NoSuchTask
        When there is no such task.
    ValueError
        When there is no such tier.

    Examples
    --------
    >>> hint("01-3").status
    'unanswered'
    """
    hints = _task(task).hints
    if not isinstance(tier, int) or not 1 <= tier <= len(hints):
        raise ValueError(f"Hints come in tiers 1 to {len(hints)}; {tier!r} is none of them.")
    more = f' More help: hint("{task}", {tier + 1}).' if tier < len(hints) else ""
    return Hint(task, "unanswered", hints[tier - 1] + more, tier)


@dataclass(frozen=True, repr=False)
class Hint(Feedback):
    """A hint to a task; ``tier`` says how far it goes."""

    tier: int = 1

    def __repr__(self):
        return f"Hint {self.tier} to task {self.task}: {self.message}"

    def _repr_html_(self):
        return (
            '<div class="po-feedback" data-status="hint" role="status" '
            'style="border-left:0.3em dotted currentColor;padding:0.5em 0.9em;margin:0.5em 0">'
            f"<strong>Hint {self.tier} to task {html.escape(self.task)}:</strong> {html.escape(self.message)}</div>"
        )


def _task(task):
    if isinstance(task, str) and task in TASKS:
        return TASKS[task]
    shown = f"“{task}”" if isinstance(task, str) else f"of type {type(task).__name__}"
    raise NoSuchTask(f"There is no task {shown}; the tasks are: {', '.join(TASKS)}.")


def _unanswered(answer):
    if answer is ...:
        return "unanswered", "Replace the three dots by your answer and run the cell again."
    if answer is None:
        return (
            "unanswered",
            "The answer is None: the cell computed nothing, or print() stood where a value should be.",
        )
    return None


def _not_a_choice(task, answer):
    allowed = ", ".join(f'"{option}"' for option in task.options)
    if not isinstance(answer, str):
        return "ill-typed", f"This task asks for one of the words {allowed}, in quotation marks."
    if answer.strip().lower() not in task.options:
        return "ill-typed", f"The answer must be one of {allowed}."
    return None


def _not_a_number(answer):
    """Say why an answer is not one finite number; unknown objects are named by their type only, never printed."""
    if isinstance(answer, str):
        return (
            "ill-typed",
            "The answer is text. The task asks for a number: write it without quotation marks.",
        )
    if isinstance(answer, pd.Series):
        return "ill-typed", (
            f"The answer is a whole column of {len(answer)} values (a Series). The task asks for one number: which "
            "one value do you want from it, a sum, a mean, a count?"
        )
    if isinstance(answer, pd.DataFrame):
        return (
            "ill-typed",
            f"The answer is a table of {len(answer)} rows. The task asks for one number about it.",
        )
    if answer is pd.NA or answer is pd.NaT:
        return "ill-typed", "The answer is a missing value: a figure that the calculation used is unknown."
    call = " Call it with parentheses." if callable(answer) else ""
    other = "ill-typed", f"The answer is of the type {type(answer).__name__}. The task asks for one number.{call}"
    if isinstance(answer, bool) or not isinstance(answer, numbers.Real):
        return other
    try:
        finite = math.isfinite(float(answer))
    except OverflowError:
        finite = False
    except Exception:  # a number in name only, such as NumPy's timedelta64: its class may raise anything
        return other
    if not finite:
        return (
            "ill-typed",
            "The answer is not a finite number: a figure was missing, or something was divided by zero.",
        )
    return None


@functools.cache
def _worked_out(function):
    """Give what a task's function computes; the tables do not change while Python runs."""
    return function()


def _same(value, other, tolerance):
    return value == other if isinstance(other, str) else abs(value - other) <= tolerance
