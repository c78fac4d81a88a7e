"""Tasks of chapter 01: the security environment, measured."""

from peaceops import datasets, operations
from peaceops.tasks._task import Task

_CONFLICTS = ["conflicts_interstate", "conflicts_intrastate", "conflicts_internationalised", "conflicts_extrasystemic"]
_PRINCIPLES = ("consent", "impartiality", "limited force")


def _un():
    return operations.un_peacekeeping(datasets.load("operations"))


def _began(first, last):
    return len(operations.started_between(_un(), first, last))


def _running(year):
    return len(operations.active_at(_un(), f"{year}-12-31"))


def _during(year, column):
    counts = operations.per_year(_un(), year, year)
    return int(counts[column].iloc[0])


def _figures(indicator, first, last):
    rows = datasets.load("indicators")
    return rows[(rows["indicator"] == indicator) & rows["year"].between(first, last)]["value"]


def _personnel(year):
    return float(_figures("un_personnel", year, year).iloc[0])


def _conflict_years(kinds, first, last):
    return float(sum(_figures(kind, first, last).sum() for kind in kinds))


def _between_states(kinds=_CONFLICTS, first=1989, last=2024):
    return 100 * _conflict_years(kinds[:1], first, last) / _conflict_years(kinds, first, last)


def _mean_of_shares(first=1989, last=2024):
    return sum(_between_states(first=year, last=year) for year in range(first, last + 1)) / (last - first + 1)


def _acting(first, last, column="acting_ch7"):
    rows = datasets.load("resolutions")
    return rows[rows["year"].between(first, last)][column]


def _share(first, last, column="acting_ch7"):
    return float(_acting(first, last, column).mean())


def _said(word):
    return lambda: word


TASKS = {
    "01-1": Task(
        options=_PRINCIPLES,
        answer=_said("consent"),
        right="Yes. The host government told the force to go: the operation lost its consent, and with it its ground.",
        mistakes=(
            (
                _said("impartiality"),
                "Impartiality is about how a mission treats the parties. In this story it favours nobody: ask who decided "
                "that it had to leave.",
            ),
            (
                _said("limited force"),
                "Nothing in the story turns on what the soldiers may do with their weapons. Ask who decided that the force "
                "had to leave.",
            ),
        ),
        hints=(
            "Read the story once more and underline who acts.",
            "Go through the three principles: is it about whose permission the force needs, whom it favours, or when it "
            "may shoot?",
            "A government that let a force in asks it to leave. Which principle names that permission?",
        ),
    ),
    "01-2": Task(
        options=_PRINCIPLES,
        answer=_said("impartiality"),
        right=(
            "Yes. The mission is told to apply one agreement to all and applies it to some. It may call that tact; the "
            "rebels will call it taking sides."
        ),
        mistakes=(
            (
                _said("consent"),
                "Fear of losing the government's consent may be the mission's motive. But which principle does it give up "
                "when it stays silent?",
            ),
            (
                _said("limited force"),
                "Nobody in this story uses force. Compare how the mission treats the one breach and the other.",
            ),
        ),
        hints=(
            "Two sides do the same thing. What differs?",
            "The mission reports one breach and not the other. Which principle is about treating the parties by one measure?",
            "Not neutral, but the same rule for everyone: which of the three is that?",
        ),
    ),
    "01-3": Task(
        options=_PRINCIPLES,
        answer=_said("limited force"),
        right=(
            "Yes. The new mandate widens what the soldiers may use force for. Whether the other two principles survive "
            "that is what scholars argue about."
        ),
        mistakes=(
            (
                _said("consent"),
                "The government goes on agreeing to the mission. What changes is what the soldiers are allowed to do.",
            ),
            (
                _said("impartiality"),
                "It may suffer later, if one side is fought more than the other. But what does the new mandate change first?",
            ),
        ),
        hints=(
            "Compare the two mandates word by word.",
            "First force only to defend oneself, then force for another purpose. Which principle sets that border?",
            "Self-defence and defence of the mandate: which of the three is worded like that?",
        ),
    ),
    "01-4": Task(
        answer=lambda: _during(1993, "began"),
        right="Yes. 1993 saw more new UN operations than any year before it.",
        mistakes=(
            (lambda: _during(1992, "began"), "That is the year before: look at the row whose year is 1993."),
            (
                lambda: _during(1993, "ended"),
                "That is how many operations ended in 1993. The task asks how many began.",
            ),
            (
                lambda: _during(1993, "running_at_year_end"),
                "That is how many were running on 31 December 1993, whenever they had begun.",
            ),
            (
                lambda: _during(1993, "ran"),
                "That is how many ran on at least one day of 1993, whenever they had begun.",
            ),
        ),
        hints=(
            "The table has one row a year. Find 1993, then the right column.",
            "Of the columns, “began” counts operations by their year of start; “ended” and the two others count "
            "something else.",
            'per_year(operations, 1990, 1995) shows the rows around it; read the cell in row 1993, column "began".',
        ),
    ),
    "01-5": Task(
        answer=lambda: _began(1994, 9999),
        right="Yes. More than half of all UN operations began after the last year that the table gives a count for.",
        mistakes=(
            (
                lambda: _began(1993, 9999),
                "You have counted the operations of 1993 in. The task asks for those begun after 1993: compare with > 1993, "
                "not with >= 1993.",
            ),
            (
                lambda: _began(1948, 1993),
                "You have kept the operations begun up to 1993. Turn the comparison round.",
            ),
            (
                lambda: _began(1948, 1992),
                "You have kept the operations begun before 1993. Turn the comparison round.",
            ),
            (
                lambda: len(_un()),
                "That is every UN operation in the table. Filter the rows by the year of start first.",
            ),
        ),
        hints=(
            "You need only the rows whose year of start lies after 1993, and then their number.",
            "The column start_date is a date; .dt.year gives its year. Compare it with 1993, then count the rows kept.",
            'year = operations["start_date"].dt.year, then the number of rows of operations[year > …].',
        ),
    ),
    "01-6": Task(
        answer=lambda: _began(1948, 1999),
        right=(
            "Yes, each counted once. Spans that share a year overlap; the two counts that the table prints do not, only "
            "the years beside them."
        ),
        mistakes=(
            (
                lambda: _began(1948, 1988) + _began(1988, 1999),
                "The operations of 1988 are in your sum twice: once in 1948 to 1988, once in 1988 to 1999.",
            ),
            (
                lambda: _began(1948, 1987) + _began(1989, 1999),
                "The operations of 1988 are in neither of your spans.",
            ),
            (lambda: _began(1988, 1999), "That is the second span alone. The task asks for both together."),
            (lambda: _began(1948, 1988), "That is the first span alone. The task asks for both together."),
        ),
        hints=(
            "Both spans name 1988. What happens to an operation begun in that year when you add two counts?",
            "Do not add two counts: count once, over the whole span from 1948 to 1999.",
            "started_between(operations, first, last) keeps the rows of a span; len() counts them.",
        ),
    ),
    "01-7": Task(
        tolerance=0.5,
        answer=lambda: float(_figures("un_personnel", 2018, 2022).mean()),
        right=(
            "Yes. The mean is over the four years with a figure: 2022 is unknown in this source, and unknown is not zero."
        ),
        mistakes=(
            (
                lambda: float(_figures("un_personnel", 2018, 2022).sum()) / 5,
                "You have divided by five years, but one of them has no figure: an unknown value was taken as zero.",
            ),
            (
                lambda: float(_figures("un_personnel", 2018, 2022).sum()),
                "That is the sum of the years. The task asks for their mean.",
            ),
            (lambda: _personnel(2021), "That is the last figure alone. The task asks for the mean of the span."),
            (
                lambda: float(_figures("un_troops", 2018, 2022).mean()),
                "That is the mean of troops alone: un_personnel counts police and military observers too.",
            ),
            (
                lambda: float(_figures("un_personnel", 2018, 2022).mean()) / 1000,
                "That seems to be in thousands. The task asks for persons.",
            ),
        ),
        otherwise="That is not the mean of the known figures, in persons.",
        hints=(
            "Look at the five rows before you calculate. Is there a figure in each?",
            "Take the column value and let pandas average it: it leaves missing values out.",
            'personnel["value"], then its mean.',
        ),
    ),
    "01-8": Task(
        tolerance=0.05,
        answer=lambda: _personnel(2008) / _personnel(2000),
        right=(
            "Yes: more than twice as many, so there was a dramatic increase. But do the same for 1998 and 2000. As a factor "
            "that step, all of it before 11 September 2001, was larger still; in persons it was less than half as large."
        ),
        mistakes=(
            (
                lambda: _personnel(2000) / _personnel(2008),
                "That is the earlier number divided by the later. A growth factor is the later by the earlier.",
            ),
            (
                lambda: _personnel(2008) - _personnel(2000),
                "That is by how many persons the number grew. The task asks how many times as large it became.",
            ),
            (
                lambda: _personnel(2008) / _personnel(2000) - 1,
                "That is the increase as a share of the beginning: growing by 100 per cent is doubling. Give the factor "
                "itself.",
            ),
            (
                lambda: 100 * _personnel(2008) / _personnel(2000),
                "That is the factor in per cent. Give the factor itself, such as 1.5.",
            ),
            (
                lambda: 100 * (_personnel(2008) / _personnel(2000) - 1),
                "That is the increase in per cent. The task asks for the factor: how many times as many.",
            ),
            (
                lambda: _personnel(2008) / _personnel(2001),
                "You have begun with December 2001, which lies after 11 September. The last December before it is that of "
                "2000.",
            ),
            (
                lambda: _running(2008) / _running(2000),
                "You have divided numbers of operations. The table's row speaks of peacekeepers: un_personnel.",
            ),
        ),
        otherwise="That is not the number of December 2008 divided by that of December 2000.",
        hints=(
            "Two numbers are needed, one for December 2000 and one for December 2008. Which indicator counts persons?",
            'Filter indicators to "un_personnel", make the year the index, and take the values of the two years.',
            'people = indicators.query("indicator == \'un_personnel\'").set_index("year")["value"]; people[2008] is one of '
            "the two.",
        ),
    ),
    "01-9": Task(
        tolerance=0.05,
        answer=_between_states,
        right=(
            "Yes. Small before 1989, smaller after it: the border that the table draws separates a low share from a lower "
            "one."
        ),
        mistakes=(
            (
                lambda: _between_states() / 100,
                "That is the share as a fraction. The task asks for per cent: multiply by 100.",
            ),
            (
                _mean_of_shares,
                "You have averaged the yearly shares, so that a year with few conflicts weighs as much as one with many. "
                "Add the conflict-years up first, then divide once.",
            ),
            (
                lambda: round(_between_states()),
                "Right to the nearest per cent: give one more decimal.",
            ),
            (
                lambda: _between_states(_CONFLICTS[:2]),
                "You have compared conflicts between states with one kind of conflict within states only. All four types "
                "belong to the whole.",
            ),
            (
                lambda: 100 * _conflict_years(_CONFLICTS[:1], 1989, 2024) / _conflict_years(_CONFLICTS[1:], 1989, 2024),
                "You have divided by the conflicts of the other types. A share is divided by the whole.",
            ),
            (
                lambda: 100 - _between_states(),
                "That is the share of all the others. The task asks for conflicts between states.",
            ),
            (lambda: _between_states(first=1988), "You have counted 1988 in. The span begins with 1989."),
            (lambda: _between_states(first=1990), "You have left 1989 out. The span begins with it."),
            (
                lambda: _between_states(first=1946, last=1988),
                "That is the Cold War's share. The task asks for 1989 on.",
            ),
            (lambda: _between_states(first=1946), "That is the share over all years. The span begins with 1989."),
        ),
        otherwise="That is not the share of conflicts between states, in per cent, over 1989 to 2024.",
        hints=(
            "A share needs a part and a whole. The whole is all types of conflict together.",
            "Filter the table indicators to 1989 and later, sum the value of conflicts_interstate, and divide by the sum "
            "over all indicators that begin with conflicts_.",
            'rows = indicators[indicators["indicator"].str.startswith("conflicts_") & (indicators["year"] >= 1989)]; then '
            'rows.groupby("indicator")["value"].sum().',
        ),
    ),
    "01-10": Task(
        tolerance=0.5,
        answer=lambda: _share(1990, 1999) / _share(1980, 1989),
        right=(
            "Yes. Now move both decades on by one year, to 1981–1990 and 1991–2000: the factor falls to about 5. In 1980 to "
            "1989 a single resolution acts under Chapter VII; the year 1990 alone has nine. The border makes the factor."
        ),
        mistakes=(
            (
                lambda: _share(1991, 2000) / _share(1981, 1990),
                "You have let the first decade end with 1990. Look how many of its cases are of that one year, then take the "
                "decades that the task names.",
            ),
            (
                lambda: 100 * (_share(1990, 1999) - _share(1980, 1989)),
                "That is the difference in percentage points. The task asks how many times as large the share became.",
            ),
            (
                lambda: _share(1980, 1989) / _share(1990, 1999),
                "You have divided the earlier decade by the later. Turn it round.",
            ),
            (
                lambda: float(_acting(1990, 1999).sum() / _acting(1980, 1989).sum()),
                "You have divided the numbers of resolutions. The Council also passed many more in the later decade: divide "
                "the shares.",
            ),
            (
                lambda: _share(1990, 1999, "mentions_ch7") / _share(1980, 1989, "mentions_ch7"),
                "You have counted texts that only mention Chapter VII. The task asks for those that act under it "
                "(acting_ch7).",
            ),
        ),
        otherwise="That is not the share of 1990 to 1999 divided by the share of 1980 to 1989.",
        hints=(
            "Two shares, then one division. A share is resolutions that act under Chapter VII among all resolutions.",
            "Filter the table resolutions by year. The mean of the column acting_ch7 is the share, since true counts as 1.",
            'resolutions[resolutions["year"].between(1990, 1999)]["acting_ch7"].mean(), divided by the same for the 1980s.',
        ),
    ),
}
