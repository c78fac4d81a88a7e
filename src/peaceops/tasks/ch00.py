"""Task of chapter 00: one mission classified."""

from peaceops.tasks._task import Task

TASKS = {
    "00-1": Task(
        objective="00.2",
        options=("integrated", "parallel", "sequential"),
        answer=lambda: "parallel",
        right=(
            "Yes. UNOMIL and ECOMOG stood in Liberia side by side, each under its own organization: in Bubna's scheme that "
            "is parallel. Now ask why he lists Liberia as sequential."
        ),
        mistakes=(
            (
                lambda: "integrated",
                "An integrated operation has a single chain of command. Resolution 866 puts UNOMIL under the direction of "
                "the Secretary-General and speaks of ECOMOG's separate responsibilities: who commanded whom?",
            ),
            (
                lambda: "sequential",
                "In a sequential operation one force comes after the other. Look at the dates again: was ECOMOG gone when "
                "UNOMIL came?",
            ),
        ),
        hints=(
            "Two questions decide: were both there at the same time, and did one command the other?",
            "Read what resolution 866 says about direction (paragraph 2) and about responsibilities (paragraph 3 (h)).",
            "Same time, two chains of command. Which of the three definitions fits that?",
        ),
    ),
}
