"""The exercise tasks, one module a chapter."""

from peaceops.tasks import ch00, ch01

TASKS = {**ch00.TASKS, **ch01.TASKS}
