"""The exercise tasks, one module a chapter."""

from peaceops.tasks import ch00, ch01, ch03, ch04

TASKS = {**ch00.TASKS, **ch01.TASKS, **ch03.TASKS, **ch04.TASKS}
