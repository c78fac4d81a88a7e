"""Tasks of chapter 06: motives read, compared and argued."""

import functools

from peaceops import agreement, datasets, motives
from peaceops.tasks._task import Task

_FIGURE, _TEXT, _COURSE = motives.CODERS
_MATERIALIST, _IDEATIONAL = list(motives.MOTIVES[:3]), list(motives.MOTIVES[3:])


def _said(word):
    return lambda: word


def _rows():
    return datasets.load("motive_codings")


@functools.cache
def _yes(coder):
    return motives.matrix(_rows(), coder) == "yes"


def _parted(one, other):
    return int((_yes(one) != _yes(other)).to_numpy().sum())


def _only(one, other):
    return int((_yes(one) & ~_yes(other)).to_numpy().sum())


def _unlike(one, other):
    """Count the cells in which two coders' words differ, silence and a no being two words."""
    return int((motives.matrix(_rows(), one) != motives.matrix(_rows(), other)).to_numpy().sum())


def _agreement(other=_TEXT, merged=True):
    rows = _rows()
    rows = rows[rows["coder"].isin([_FIGURE, other])]
    option = rows["present"].where(rows["present"] == "yes", "other") if merged else rows["present"]
    rows = rows.assign(item_id=rows["dyad_id"] + "-" + rows["motive_id"], option=option)
    return agreement.pairwise(rows).iloc[0]


def _gain():
    """Return observed less expected agreement of figure and text."""
    observed, kappa = float(_agreement()["equal_percent"]) / 100, float(_agreement()["kappa"])
    return observed - (observed - kappa) / (1 - kappa)


def _pairs(least, coder=_FIGURE, most=3):
    return int(_yes(coder)[_IDEATIONAL].sum(axis=1).between(least, most).sum())


def _share(names=_MATERIALIST, coder=_FIGURE):
    return 100 * float(_yes(coder)[names].to_numpy().mean())


def _strict():
    """Return the cells in which the course's yes rests on an act."""
    rows = _rows()
    acts = rows[(rows["coder"] == _COURSE) & rows["basis"].isin(["revealed", "both"])]
    return (motives.matrix(acts, _COURSE) == "yes").fillna(False).astype(bool)


TASKS = {
    "06-1": Task(
        options=motives.MOTIVES,
        answer=_said("competition"),
        right=(
            "Yes: the condition is the point. A fixes who is asked first, and so fences in what B can become. That B saves "
            "money may be true as well; it is not what A's council speaks of."
        ),
        mistakes=(
            (
                _said("survival"),
                "Nobody at that table fears for A itself. What they fear is something that B is about to have; look at what "
                "the condition does to it.",
            ),
            (
                _said("dependence"),
                "B would gain ships, that is so. But the minutes are A's, and A asks for nothing that it lacks. Whose motive "
                "are you asked for?",
            ),
            (
                _said("legitimization"),
                "Nobody here seeks a blessing for what it does. Being asked first is something else than being approved of.",
            ),
            (
                _said("values"),
                "No aim or principle is named. Read the first sentence again: what does A see coming?",
            ),
            (
                _said("learning"),
                "A takes nothing over from B, and B gets ships, not lessons. Ask what the condition is good for.",
            ),
        ),
        hints=(
            "First decide whose motive the minutes tell: A's or B's. Then look at the condition.",
            "Go through the six tests of the chapter's table. Which one is about functions that overlap?",
            "Two fleets for one task, and an offer that comes with a first say: which of the three materialist motives is "
            "about checking the other?",
        ),
    ),
    "06-2": Task(
        options=("stated", "revealed", "effect", "silence"),
        answer=_said("revealed"),
        right=(
            "Yes. Waiting cost something, and no rule of its own asked for it. One rival is left: A may have waited for its "
            "own members to agree. A careful coder would write that beside the code."
        ),
        mistakes=(
            (
                _said("stated"),
                "That needs words of A's own about the reason. The story has none; what does it have instead?",
            ),
            (
                _said("effect"),
                "Nothing is told of what came of the waiting. Ask what A gave up by it, and whether it had to.",
            ),
            (
                _said("silence"),
                "A said nothing, and yet you know something: it let weeks pass that it could have used. Does that tell "
                "nothing?",
            ),
        ),
        hints=(
            "Is there a statement? Is there an act? Did the act cost anything?",
            "A had an invitation, its rules asked for no vote, and the ship was paid for every day. So why did it wait?",
            "A choice that cost something and that other motives explain less well: which word has the chapter for that?",
        ),
    ),
    "06-3": Task(
        options=("brochure", "members", "quiet", "thanks"),
        answer=_said("quiet"),
        right=(
            "Yes. The public hears nothing, and the rival expects A to stop or to talk. To look needed before B alone would "
            "still be possible: a rival weakened is not yet a rival gone."
        ),
        mistakes=(
            (
                _said("brochure"),
                "Somebody who wants to look needed would print it, and a believer might as well. What both motives expect "
                "cannot tell them apart.",
            ),
            (
                _said("members"),
                "The vote shows that all agreed, not why. Would members who feared for A's future have voted otherwise?",
            ),
            (
                _said("thanks"),
                "These are B's words about A, and courtesy explains them. Look for something that A did and that the rival "
                "would not have led it to do.",
            ),
        ),
        hints=(
            "For each fact ask twice: would I expect it if A shared B's values? Would I expect it if A wanted to look needed?",
            "Three of the facts are to be expected under both motives. Find the one that the rival makes unlikely.",
            "To look needed, A must be seen. Which fact has A at work and unseen?",
        ),
    ),
    "06-4": Task(
        answer=lambda: _parted(_FIGURE, _COURSE),
        right=(
            "Yes, a sixth of the matrix. They differ in time, in evidence and in rule, all at once, so the number alone "
            "does not say that anybody erred. In one half of these cells the course adds a motive, shared values each time; "
            "in the other half it drops one."
        ),
        mistakes=(
            (
                lambda: _unlike(_FIGURE, _COURSE),
                "You have counted every cell in which the two words differ. A figure can only list or leave out: take its "
                "no and the course's silence as the same.",
            ),
            (
                lambda: _parted(_FIGURE, _TEXT),
                "Those are the cells in which the figure parts from her text. Put the course in the place of the text.",
            ),
            (
                lambda: _parted(_TEXT, _COURSE),
                "That is her text against the course. The task asks for the figure.",
            ),
            (
                lambda: 36 - _parted(_FIGURE, _COURSE),
                "Those are the cells in which the two go together. Count the others.",
            ),
            (
                lambda: _only(_FIGURE, _COURSE),
                "That is one direction only: a cell counts whether the figure alone says yes or the course alone. Add the "
                "other direction.",
            ),
            (
                lambda: _parted(_FIGURE, _COURSE) / 36,
                "That is the share of the cells. The task asks how many there are.",
            ),
        ),
        otherwise="That is not the number of cells in which one of the two says yes and the other does not.",
        hints=(
            "A cell counts when one of the two says yes and the other does not. There are two directions.",
            "The chapter's partings takes two coders' names after the table; or compare two matrices, each turned into "
            'yes or not yes with == "yes".',
            'len(motives.partings(codings, ...)) with "haugevik_figure" and "course" in the place of the dots.',
        ),
    ),
    "06-5": Task(
        tolerance=0.005,
        answer=lambda: float(_agreement()["kappa"]),
        right=(
            "Yes, and be careful what you call it. One author wrote figure and text, and one hand, the course's, coded her "
            "text: this is consistency, not agreement of independent coders."
        ),
        mistakes=(
            (
                lambda: float(_agreement()["equal_percent"]) / 100,
                "That is the share of cells in which the two go together. Kappa takes off what chance would give.",
            ),
            (
                lambda: float(_agreement(merged=False)["kappa"]),
                "You have kept no and not_stated apart. The figure has no way to be silent, so each cell that it leaves out "
                "and that the text passes over would count as a clash.",
            ),
            (
                lambda: float(_agreement(_COURSE)["kappa"]),
                "That is the figure with the course. The task asks for the figure with her text.",
            ),
            (
                lambda: 100 * float(_agreement()["kappa"]),
                "That is kappa times a hundred. It is not a percentage: full agreement is one.",
            ),
            (
                _gain,
                "That is observed less expected agreement. Divide it by what was left to gain above the expected.",
            ),
        ),
        otherwise="That is not Cohen's kappa of figure and text, with yes against everything else.",
        hints=(
            "Before counting anything, decide what the two can say: with yes and everything else both have two words.",
            "Put yes or other into a column option, and give the table to agreement.pairwise, which wants coder, item_id "
            "and option.",
            'both["present"].where(both["present"] == "yes", "other") is the column; take kappa from the first row of '
            "agreement.pairwise(both.assign(option=...)).",
        ),
    ),
    "06-6": Task(
        answer=lambda: _pairs(2),
        right=(
            "Yes. A reader who takes “highly present” to mean most of the ideational motives finds it true of half of the "
            "pairs: those with the UN. The sentence says all. Did you sum down the columns? That counts motives, and gives the "
            "same number by accident: look whether your result names pairs."
        ),
        mistakes=(
            (
                lambda: _pairs(1),
                "That many pairs have at least one of the three, or at least two of all six motives. The task asks for two or more "
                "of the three.",
            ),
            (
                lambda: _pairs(3),
                "That many pairs have all three. Two are enough here.",
            ),
            (
                lambda: _pairs(2, most=2),
                "You have left out the pairs with all three. At least two means two or three.",
            ),
            (
                lambda: _pairs(2, _COURSE),
                "That is the course's reading. The task asks for Figure 2.",
            ),
        ),
        otherwise="That is not the number of pairs for which Figure 2 lists two or three ideational motives.",
        hints=(
            "Go through the figure's rows and count, in each, the motives that rest on norms, values or knowledge.",
            "Turn the figure's matrix into True and False, keep the three ideational columns, and add up along each row.",
            "(yes[ideational].sum(axis=1) >= 2).sum(), where yes is the figure's matrix compared with the word yes.",
        ),
    ),
    "06-7": Task(
        tolerance=0.05,
        answer=_share,
        right=(
            "Yes, and two thirds of that is resource dependence. The sentence that all three were highly relevant rests on "
            "one motive, as its twin rests on learning; her summary of section 3 is more careful."
        ),
        mistakes=(
            (
                lambda: _share() / 2,
                "You have divided by all cells of the matrix. Only those of the three materialist motives are asked for.",
            ),
            (
                lambda: _share(_IDEATIONAL),
                "Those are the ideational motives. Take the other three columns.",
            ),
            (lambda: _share() / 100, "That is the share as a fraction. The task asks for per cent."),
            (
                lambda: int(_yes(_FIGURE)[_MATERIALIST].to_numpy().sum()),
                "That is how many of the cells the figure fills. Divide by the number of these cells, times a hundred.",
            ),
            (
                lambda: _share(coder=_TEXT),
                "That is the share in her text. The task asks for the figure.",
            ),
            (
                lambda: 100 * float(_yes(_FIGURE)[_MATERIALIST].any(axis=1).mean()),
                "Every pair has one of the three, that is true, and it is dependence each time. Count cells, not pairs.",
            ),
            (
                lambda: _share(coder=_COURSE),
                "That is the course's reading for today. The task asks for the figure.",
            ),
        ),
        otherwise="That is not the share of the materialist cells that the figure fills, in per cent.",
        hints=(
            "Three columns and six rows: how many cells could the figure fill?",
            "Keep the three materialist columns of the figure's matrix, and take the share of cells with a yes.",
            "100 * yes[materialist].to_numpy().mean(), where yes is the figure's matrix compared with the word yes.",
        ),
    ),
    "06-8": Task(
        answer=lambda: int((_strict() != _yes(_FIGURE)).to_numpy().sum()),
        right=(
            "Yes, and look which cells they are: in all of them the figure lists what the strict course no longer sees. "
            "Every motive that the course had added to the figure rested on words. Is the rule too strict, or was the "
            "addition too easy?"
        ),
        mistakes=(
            (
                lambda: _parted(_FIGURE, _COURSE),
                "That is task 4 again: the yes that rest on words alone are still in.",
            ),
            (
                lambda: int(_strict().to_numpy().sum()),
                "Two roads lead there. Either you counted the yes that the course keeps: compare them with the figure, cell by cell. "
                "Or you struck words for everybody: the figure's basis is stated throughout, so its yes went too.",
            ),
            (
                lambda: 36 - int((_strict() != _yes(_FIGURE)).to_numpy().sum()),
                "Those are the cells in which the two then go together. Count the others.",
            ),
            (
                lambda: int(_yes(_FIGURE).to_numpy().sum()),
                "Every yes of the figure seems to count as a parting with you: is there a yes left on the course's side?",
            ),
        ),
        otherwise="That is not the number of cells in which figure and course part when words alone do not count.",
        hints=(
            "First make the course stricter, then do task 4 once more.",
            "Where the course's basis is stated, its yes no longer counts. Change present in those rows, then use partings.",
            'codings["present"].mask((codings["coder"] == "course") & (codings["basis"] == "stated"), "not_stated") is the '
            "new column; give the changed table to motives.partings.",
        ),
    ),
}
