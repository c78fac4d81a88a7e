"""Tasks of chapter 04: coding together."""

import functools

from peaceops import agreement, datasets, frameworks
from peaceops.tasks._task import Task

_KINDS = ("slip", "evidence", "rule")
_CARELESS, _HALF_WAY = ("07", "16", "25"), ("11", "22")
_CARD, _PAIR = "kosovo-unmik-pillars", ("13", "27")


@functools.cache
def _answers():
    return agreement.read_answers(datasets.FOLDER / "made_up_class")[0]


def _names(numbers):
    return [f"made-up student {number}" for number in numbers]


def _on_card():
    """Count the options on one card."""
    return _answers().query("item_id == @_CARD")["option"].value_counts()


def _equal_pairs():
    counts = _on_card()
    return 100 * float((counts * (counts - 1)).sum() / (counts.sum() * (counts.sum() - 1)))


def _margins():
    """Return how often each of two students uses each option, as shares."""
    rows = _answers()
    one, other = (
        rows[rows["coder"] == name]["option"]
        .value_counts(normalize=True)
        .reindex(list(frameworks.FRAMEWORKS))
        .fillna(0)
        for name in _names(_PAIR)
    )
    return one, other


def _expected():
    one, other = _margins()
    return 100 * float((one * other).sum())


def _pooled():
    one, other = _margins()
    return 100 * float((((one + other) / 2) ** 2).sum())


def _own(place):
    return 100 * float((_margins()[place] ** 2).sum())


def _of_two():
    rows = _answers()
    return agreement.pairwise(rows[rows["coder"].isin(_names(_PAIR))]).iloc[0]


def _gain(expected):
    """Return what kappa is with another expected agreement, both in per cent."""
    observed = float(_of_two()["equal_percent"])
    return (observed - expected) / (100 - expected)


def _alpha_without(numbers=()):
    rows = _answers()
    return agreement.alpha(rows[~rows["coder"].isin(_names(numbers))]).value


def _rise(numbers):
    return _alpha_without(numbers) - _alpha_without()


def _by_card():
    return agreement.by_card(_answers(), datasets.load("framework_codings"))


def _codes(basis=("stated", "inferred_by_course")):
    """Return Bubna's codes of a basis and the course's of the same cases, as answers."""
    codings = datasets.load("framework_codings")
    his = codings[(codings["coder"] == "bubna2009") & codings["basis"].isin(basis)]["case_id"]
    both = codings[codings["coder"].isin(["bubna2009", "course"]) & codings["case_id"].isin(his)]
    return both.rename(columns={"case_id": "item_id", "framework": "option"})


def _bubna(column, basis=("stated", "inferred_by_course")):
    return float(agreement.pairwise(_codes(basis)).iloc[0][column])


def _differ():
    cards = _by_card()
    return cards[cards["differs_course"]]


def _minority():
    """Count the cards on which fewer than half of the answers are the course's."""
    cards = _by_card()
    return sum(row[row["course"]] / row["answers"] < 0.5 for _, row in cards.iterrows())


def _kept(unit):
    """Count the cases that keep the course's code when each unit gets its most frequent one."""
    cases = datasets.load("cases")
    codings = datasets.load("framework_codings").query("coder == 'course'").set_index("case_id")["framework"]
    partners = cases["organizations"].map(lambda cell: "; ".join(sorted(datasets.split_list(cell))))
    cases = cases.assign(framework=cases["case_id"].map(codings), partners=partners)
    return int(cases.groupby(unit)["framework"].apply(lambda codes: codes.value_counts().max()).sum())


def _cases():
    return len(datasets.load("cases"))


def _said(word):
    return lambda: word


TASKS = {
    "04-1": Task(
        options=tuple(frameworks.FRAMEWORKS),
        answer=_said("integrated"),
        right=(
            "Yes: people of both work under one head, and that question comes first. Who pays and whose badge they wear "
            "is not asked until later."
        ),
        mistakes=(
            (
                _said("support"),
                "One side pays, that is true; but help is what the second question asks about. Put the first one before it: "
                "whom do the sixty officers obey?",
            ),
            (
                _said("parallel"),
                "Both have people there at the same time. Are the sixty under a command of their own, though? Read who "
                "gives them orders.",
            ),
            (
                _said("sequential"),
                "The training mission ended a year earlier, and nothing in the story says that the other mission took "
                "its task over. Stay with the relationship that the title names.",
            ),
            (
                _said("none"),
                "None is what is left when every other question gets a no. Begin with the first: is there one head over "
                "people of both?",
            ),
        ),
        hints=(
            "Do not look for the word that fits best. Ask the five questions in their order and stop at the first yes.",
            "The first question is about orders. Find the sentence that says whom the sixty officers obey.",
            "They obey the other organization's police commissioner: people of both, one head. Which code has the first "
            "question?",
        ),
    ),
    "04-2": Task(
        options=_KINDS,
        answer=_said("evidence"),
        right=(
            "Yes. Both follow the same codebook and would code alike if they knew whose people the observers were. A list "
            "or a report could tell; until one is found, the card stays open."
        ),
        mistakes=(
            (
                _said("slip"),
                "Both coded the relationship in the title and asked the questions in order. What each of them lacks is "
                "something that nobody on the card knows.",
            ),
            (
                _said("rule"),
                "They do not differ about what the words of the codebook mean: both would say one head if the observers "
                "had stayed the OAU's people. What would they have to find out?",
            ),
        ),
        hints=(
            "Ask what would end this quarrel: reading again, finding something, or deciding something.",
            "Suppose a list of names with employers turns up in Addis Ababa. Would the two still differ?",
            "Neither misread the card, and both apply the same test. A document would decide. Which of the three words "
            "stands for that?",
        ),
    ),
    "04-3": Task(
        tolerance=0.05,
        answer=_equal_pairs,
        right=(
            "Yes: about half of the pairs, although more than two thirds of the class chose one option. Pairs fall apart "
            "faster than shares."
        ),
        mistakes=(
            (
                lambda: 100 * float(_on_card().max() / _on_card().sum()),
                "That is the share of the most frequent option. The task asks for pairs of students who chose the same.",
            ),
            (
                lambda: 100 - _equal_pairs(),
                "Those are the pairs that differ, as the lab prints them. The task asks for the pairs that are equal.",
            ),
            (
                lambda: 100 * float(((_on_card() / _on_card().sum()) ** 2).sum()),
                "You have paired each student also with himself or herself, who of course agrees. The second of a pair "
                "is one of those who are left.",
            ),
            (lambda: _equal_pairs() / 100, "That is the share as a fraction. The task asks for per cent."),
            (
                lambda: _equal_pairs() / 2,
                "You seem to have halved the equal pairs and not all pairs. Count both in the same way, ordered or not.",
            ),
        ),
        otherwise="That is not the share of equal pairs on this card, in per cent.",
        hints=(
            "How many partners does one student have in the class, and how many of these chose the same option?",
            "For each option multiply the count by the count less one, and add up. Divide by the same product for the "
            "whole class.",
            "(counts * (counts - 1)).sum(), divided by n * (n - 1) with n = counts.sum(), times a hundred.",
        ),
    ),
    "04-4": Task(
        tolerance=0.05,
        answer=_expected,
        right=(
            "Yes: with five options on offer one might think of 20 per cent, but both students like two of them. The more "
            "lopsided their labels, the more they agree by accident."
        ),
        mistakes=(
            (
                lambda: float(_of_two()["equal_percent"]),
                "That is how often the two did agree. The task asks how often blind dealing would make them agree.",
            ),
            (
                lambda: 20.0,
                "That would hold if both chose each of the five options equally often. Use how often they did choose each.",
            ),
            (
                lambda: _own(0),
                "You have multiplied the first student's shares with themselves. Multiply them with the second student's.",
            ),
            (
                lambda: _own(1),
                "You have multiplied the second student's shares with themselves. Multiply them with the first student's.",
            ),
            (
                _pooled,
                "You have pooled the labels of both students, as some other coefficients do. Cohen's kappa keeps the two "
                "columns apart.",
            ),
            (lambda: _expected() / 100, "That is the share as a fraction. The task asks for per cent."),
        ),
        otherwise="That is not the agreement that the two students' own labels give by chance, in per cent.",
        hints=(
            "You need no card for this, only how often each of the two students uses each option.",
            "For each option multiply the one student's share by the other's, and add the products up.",
            "value_counts(normalize=True) of each column of two; multiply the results (an option that one never uses "
            "counts as nothing) and sum them, times a hundred.",
        ),
    ),
    "04-5": Task(
        tolerance=0.005,
        answer=lambda: float(_of_two()["kappa"]),
        right=(
            "Yes. agreement.pairwise gives the same, with an interval that begins near zero and ends near full agreement: "
            "twelve cards say little about two people."
        ),
        mistakes=(
            (
                lambda: float(_of_two()["equal_percent"]) / 100,
                "That is the observed agreement. Take off what chance gives, above and below the line.",
            ),
            (
                lambda: (float(_of_two()["equal_percent"]) - _expected()) / 100,
                "That is the gain over chance. Divide it by the gain that was possible: full agreement less the expected.",
            ),
            (
                lambda: (float(_of_two()["equal_percent"]) - _expected()) / _expected(),
                "You have divided the gain by the expected agreement. Divide it by what was left to gain above that.",
            ),
            (
                lambda: _gain(_pooled()),
                "Your expected agreement comes from the labels of both pooled. That coefficient has another name; for "
                "kappa use the product of task 4.",
            ),
            (
                lambda: _gain(20.0),
                "You have taken one in five as chance. Use the expected agreement of task 4.",
            ),
            (
                lambda: 100 * float(_of_two()["kappa"]),
                "That is kappa times a hundred. It is not a percentage: full agreement is one.",
            ),
        ),
        otherwise="That is not observed less expected agreement, over what was left to gain.",
        hints=(
            "Two numbers are enough: how often the two agree, and the expected agreement of task 4.",
            "Subtract the expected from the observed agreement; divide by full agreement less the expected.",
            'observed = (two["made-up student 13"] == two["made-up student 27"]).mean(); expected is task 4 as a fraction; '
            "the rest is the formula.",
        ),
    ),
    "04-6": Task(
        tolerance=0.003,
        answer=lambda: _rise(_CARELESS),
        right=(
            "Yes. Three coders of thirty, and alpha rises by about a quarter of its value; the twelve cards and the rule "
            "are the same. And you chose whom to leave out by their speed, not by their answers: that order matters."
        ),
        mistakes=(
            (
                lambda: _alpha_without(_CARELESS),
                "That is alpha without the three. The task asks by how much it rises: subtract the alpha of the whole class.",
            ),
            (
                lambda: -_rise(_CARELESS),
                "The right size with the wrong sign: subtract the whole class from the class without the three.",
            ),
            (
                lambda: _rise(_HALF_WAY),
                "You have left out those who answered few cards. Few answers are not careless ones; look at the seconds.",
            ),
            (
                lambda: _rise(_CARELESS[:1]),
                "You have left out one of the quick coders. There are more of them under half a minute.",
            ),
            (
                lambda: _rise((*_CARELESS, *_HALF_WAY)),
                "You have left out those with few answers too. They read the cards; leave out the quick ones alone.",
            ),
            (
                lambda: _alpha_without(),
                "That is alpha of the whole class. Compute it again without the quick coders, and take the difference.",
            ),
        ),
        otherwise="That is not how much alpha rises when the three quickest coders are left out.",
        hints=(
            "Read the table of seconds: three coders stand apart from all others.",
            "Compute alpha twice, with all rows and without the rows of those three, and subtract.",
            'quick = seconds[seconds < 30].index, then agreement.alpha(answers[~answers["coder"].isin(quick)]).value, '
            "less the value for all answers.",
        ),
    ),
    "04-7": Task(
        answer=lambda: len(_differ()),
        right=(
            "Yes, and they are not alike. Some are settled cards, where a slip is likely; others are contested, where the "
            "class may have taken another source's reading. The reasons tell them apart, the number does not."
        ),
        mistakes=(
            (
                lambda: len(_by_card()) - len(_differ()),
                "Those are the cards on which the class's most frequent option is the course's. Count the others.",
            ),
            (
                lambda: len(
                    set(_differ()["item_id"]) & set(datasets.load("cases").query("settled == 'yes'")["case_id"])
                ),
                "You have counted settled cards only. The task asks for all cards of the deck.",
            ),
            (
                _minority,
                "You have counted the cards on which fewer than half of the answers are the course's. An option can lead "
                "with less than half.",
            ),
            (
                lambda: len(_by_card()),
                "That is every card of the deck. Count those whose column differs_course is true.",
            ),
        ),
        otherwise="That is not the number of cards on which the class's most frequent option is another than the course's.",
        hints=(
            "by_card has done the comparing; look at its last columns.",
            "The column differs_course is true where the class's most frequent option is not the course's code.",
            'cards["differs_course"].sum()',
        ),
    ),
    "04-8": Task(
        tolerance=0.005,
        answer=lambda: _bubna("kappa"),
        right=(
            "Yes. Now look at the cases on which they part: all of them stand in the row of sequential, and for three of "
            "them the table names only a place."
        ),
        mistakes=(
            (
                lambda: _bubna("equal_percent"),
                "That is percent agreement. Kappa takes off what chance would give.",
            ),
            (
                lambda: _bubna("equal_percent") / 100,
                "That is the share of equal codes. Kappa takes off what chance would give.",
            ),
            (
                lambda: _bubna("kappa", ("stated",)),
                "You have kept only the cases whose organizations the table names. The task asks for all that Bubna codes.",
            ),
            (
                lambda: 100 * _bubna("kappa"),
                "That is kappa times a hundred. It is not a percentage: full agreement is one.",
            ),
        ),
        otherwise="That is not Cohen's kappa between Bubna's codes and the course's, over all cases that both code.",
        hints=(
            "You want two coders, bubna2009 and course, and the cases that both of them code.",
            "Filter the codings to the two coders, rename the columns as in the cell above, and let agreement.pairwise "
            "work: it drops what only one of them codes.",
            'pair = codes[codes["coder"].isin(["bubna2009", "course"])]; then agreement.pairwise(pair) and its column kappa.',
        ),
    ),
    "04-9": Task(
        answer=lambda: _kept("partners"),
        right=(
            "Yes: by this unit more than a third of the codes is lost. The same two organizations work beside each other, "
            "after each other and for each other; Figure 2 gives each pair one row."
        ),
        mistakes=(
            (
                lambda: _cases() - _kept("partners"),
                "Those are the relationships that lose their code. The task asks how many keep it.",
            ),
            (
                lambda: _kept("organizations"),
                "You have grouped by the cell as it stands, so that “EU; UN” and “UN; EU” are two. Use the sorted column.",
            ),
            (
                lambda: _kept("place"),
                "That is the chapter's count by place. Group by the organizations instead.",
            ),
            (lambda: _cases(), "That is every relationship. How many of them have their group's most frequent code?"),
        ),
        otherwise="That is not the number of relationships that keep their code when each set of organizations has one.",
        hints=(
            "In each group the most frequent code survives. How many relationships of the group have it?",
            "Group the cases by partners, take in each group the largest count of one framework, and add these up.",
            'cases.groupby("partners")["framework"], then for each group value_counts().max(), then the sum.',
        ),
    ),
}
