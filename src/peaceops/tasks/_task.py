"""What every task has."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Task:
    """One task that `peaceops.check` can check; its objective and level stand in the table ``tasks``.

    Attributes
    ----------
    answer : callable
        Computes the right answer from the tables: a number, or one of ``options``.
    right : str
        Said when the answer is right: what it shows.
    mistakes : tuple of (callable, str)
        For each foreseen mistake the answer that it leads to, and the sentence that leads on from it.
    hints : tuple of str
        Three: a nudge, a plan, nearly the code.
    options : tuple of str
        The allowed words, in lower case, when the task is a choice.
    tolerance : float
        How far a number may be off, in the answer's unit.
    otherwise : str
        Said of a wrong answer that nobody foresaw.
    """

    answer: Callable
    right: str
    mistakes: tuple
    hints: tuple
    options: tuple = ()
    tolerance: float = 1e-6
    otherwise: str = "That is not what the table gives."
