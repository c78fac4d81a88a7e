"""Tasks of chapter 00: one mission classified, one column looked up."""

from peaceops.tasks._task import Task

TASKS = {
    "00-1": Task(
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
                "Bubna codes Liberia so, for 2003. The question is about 1993: were ECOMOG and UNOMIL there one after the other, "
                "or at the same time? Read the card for how the two worked.",
            ),
        ),
        hints=(
            "Two questions decide: were both there at the same time, and did one command the other?",
            "Read what resolution 866 says about direction (paragraph 2) and about responsibilities (paragraph 3 (h)).",
            "Same time, two chains of command. Which of the three definitions fits that?",
        ),
    ),
    "00-2": Task(
        options=("vii", "vii_in_part", "not_stated"),
        answer=lambda: "not_stated",
        right=(
            "Yes. The Council founded UNOMIL without Chapter VII. Note what the word does not say: it is not “Chapter VI”, "
            "which no founding text that we read names."
        ),
        mistakes=(
            (
                lambda: "vii",
                "That word is for operations whose founding instrument acts under Chapter VII. Look at UNOMIL's own row.",
            ),
            (
                lambda: "vii_in_part",
                "That word is for instruments that use Chapter VII in some paragraphs on the operation. Look at UNOMIL's "
                "own row.",
            ),
        ),
        hints=(
            "The row of UNOMIL stands in the table above the question.",
            "Find the column charter_chapter in that row.",
            "describe(“operations”) explains each of the three words that may stand there.",
        ),
    ),
}
