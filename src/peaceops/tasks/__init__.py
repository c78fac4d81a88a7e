"""The exercise tasks, one module a chapter."""

from peaceops.tasks import ch00, ch01, ch03, ch04, ch05, ch06

TASKS = {**ch00.TASKS, **ch01.TASKS, **ch03.TASKS, **ch04.TASKS, **ch05.TASKS, **ch06.TASKS}
