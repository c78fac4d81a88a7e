"""Tasks of chapter 01: the security environment, measured."""

from peaceops import datasets, operations
from peaceops.tasks._task import Task

_CONFLICTS = [
    "conflicts_interstate",
    "conflicts_intrastate",
    "conflicts_internationalised",
    "conflicts_extrasystemic",
]


def _began(first, last):
    return len(operations.started_between(datasets.load("operations"), first, last))


def _running(year):
    return len(operations.active_at(datasets.load("operations"), f"{year}-12-31"))


def _ended(year):
    return int((datasets.load("operations")["end_date"].dt.year == year).sum())


def _figures(indicator, first, last):
    rows = datasets.load("indicators")
    return rows[(rows["indicator"] == indicator) & rows["year"].between(first, last)]["value"]


def _conflict_years(kinds, first, last):
    return float(sum(_figures(kind, first, last).sum() for kind in kinds))


def _between_states(kinds=_CONFLICTS, first=1946, last=1988):
    return 100 * _conflict_years(kinds[:1], first, last) / _conflict_years(kinds, first, last)


def _share(first, last, column="acting_ch7"):
    rows = datasets.load("resolutions")
    rows = rows[rows["year"].between(first, last)]
    return 100 * float(rows[column].mean())


def _said(word):
    return lambda: word


TASKS = {
    "01-1": Task(
        objective="01.1",
        options=("consent", "impartiality", "limited force"),
        answer=_said("consent"),
        right="Yes. The host government itself told the force to go: the operation lost its consent, and with it its ground.",
        mistakes=(
            (
                _said("impartiality"),
                "Impartiality is about how a mission treats the parties. Nobody here says that UNEF I favoured one side: "
                "ask who decided that it had to leave.",
            ),
            (
                _said("limited force"),
                "Nothing in the story turns on what the soldiers were allowed to do with their weapons. Ask who decided "
                "that the force had to leave.",
            ),
        ),
        hints=(
            "Read the story once more and underline who acts.",
            "Go through the three principles: is the question about whose permission the force needs, whom it favours, or "
            "when it may shoot?",
            "A government that let a force in asks it to leave. Which principle names that permission?",
        ),
    ),
    "01-2": Task(
        objective="01.2",
        answer=lambda: _began(1993, 1993),
        right="Yes. 1993 saw more new UN operations than any year before it.",
        mistakes=(
            (lambda: _began(1992, 1992), "That is the year before: look at the row whose year is 1993."),
            (
                lambda: _ended(1993),
                "That is how many operations ended in 1993. The task asks how many began.",
            ),
            (
                lambda: _running(1993),
                "That is how many were running on 31 December 1993, whenever they had begun.",
            ),
        ),
        hints=(
            "The table has one row a year. Find 1993, then the right column.",
            "Of the columns, “began” counts operations by their year of start; “ended” and the two others count "
            "something else.",
            'per_year(operations, 1990, 1995) shows the rows around it; read the cell in row 1993, column "began".',
        ),
    ),
    "01-3": Task(
        objective="01.2",
        answer=lambda: _began(1948, 1987),
        right="Yes: 13, the number that Bubna's table prints for the Cold War. So the printed span ends where 1988 begins.",
        mistakes=(
            (
                lambda: _began(1948, 1988),
                "You have counted the operations of 1988 in. The task asks for those begun before 1988: compare with "
                "< 1988, not with <= 1988.",
            ),
            (
                lambda: _began(1949, 1987),
                "One is missing: the very first one began in 1948, the first year of the span.",
            ),
            (
                lambda: _began(1988, 2100),
                "You have kept the operations begun in 1988 and later. Turn the comparison round.",
            ),
            (
                lambda: len(datasets.load("operations")),
                "That is every operation in the table. Filter the rows by the year of start first.",
            ),
        ),
        hints=(
            "You need only the rows whose year of start lies before 1988, and then their number.",
            "The column start_date is a date; .dt.year gives its year. Compare it with 1988, then count the rows kept.",
            'year = operations["start_date"].dt.year, then the number of rows of operations[year < …].',
        ),
    ),
    "01-4": Task(
        objective="01.3",
        answer=lambda: _began(1948, 1993),
        right="Yes. Two printed spans that both name 1988 hold this many different operations: each counted once.",
        mistakes=(
            (
                lambda: _began(1948, 1988) + _began(1988, 1993),
                "The operations of 1988 are in your sum twice: once in 1948 to 1988, once in 1988 to 1993.",
            ),
            (
                lambda: _began(1948, 1987) + _began(1989, 1993),
                "The operations of 1988 are in neither of your spans.",
            ),
            (lambda: _began(1988, 1993), "That is the second cell alone. The task asks for both together."),
            (lambda: _began(1948, 1988), "That is the first cell alone. The task asks for both together."),
        ),
        hints=(
            "Both spans name 1988. What happens to an operation begun in that year when you add two counts?",
            "Do not add two counts: count once, over the whole span from 1948 to 1993.",
            "started_between(operations, first, last) keeps the rows of a span; len() counts them.",
        ),
    ),
    "01-5": Task(
        objective="01.4",
        tolerance=0.5,
        answer=lambda: float(_figures("un_personnel", 2018, 2022).mean()),
        right="Yes. The mean is over the four years with a figure: 2022 is unknown in this source, and unknown is not zero.",
        mistakes=(
            (
                lambda: float(_figures("un_personnel", 2018, 2022).sum()) / 5,
                "You have divided by five years, but one of them has no figure: an unknown value was taken as zero.",
            ),
            (
                lambda: float(_figures("un_personnel", 2018, 2022).sum()),
                "That is the sum of the years. The task asks for their mean.",
            ),
            (
                lambda: float(_figures("un_personnel", 2018, 2021).iloc[-1]),
                "That is the last figure alone. The task asks for the mean of the span.",
            ),
            (
                lambda: float(_figures("un_troops", 2018, 2022).mean()),
                "That is the mean of troops alone: un_personnel counts police and military observers too.",
            ),
        ),
        otherwise="That is not the mean of the known figures, in persons.",
        hints=(
            "Look at the five rows before you calculate. Is there a figure in each?",
            "Filter the table indicators by indicator and by year, take the column value, and let pandas average it: "
            "it leaves missing values out.",
            'indicators.query("indicator == \'un_personnel\' and 2018 <= year <= 2022")["value"], then its mean.',
        ),
    ),
    "01-6": Task(
        objective="01.3",
        tolerance=0.005,
        answer=lambda: _running(1994) / _running(1987),
        right="Yes. Counted by operations running at the year's end, the number more than tripled: the claim holds.",
        mistakes=(
            (
                lambda: _running(1987) / _running(1994),
                "That is the earlier number divided by the later. A growth factor is the later by the earlier.",
            ),
            (
                lambda: _running(1994) - _running(1987),
                "That is by how many operations the number grew. The task asks how many times as large it became.",
            ),
            (
                lambda: _running(1994) / _running(1987) - 1,
                "That is the increase as a share of the beginning: growing by 200 per cent is becoming three-fold. "
                "Give the factor itself.",
            ),
            (
                lambda: 100 * _running(1994) / _running(1987),
                "That is the factor in per cent. Give the factor itself, such as 2.5.",
            ),
            (
                lambda: _running(1994),
                "That is the number at the end. Divide it by the number at the beginning.",
            ),
        ),
        otherwise="That is not the factor between 31 December 1987 and 31 December 1994.",
        hints=(
            "Two numbers are needed: how many ran at the end of 1987, and how many at the end of 1994.",
            "active_at(operations, date) keeps what ran on a day; len() counts it. Then divide.",
            'len(active_at(operations, "1994-12-31")) divided by the same for 1987.',
        ),
    ),
    "01-7": Task(
        objective="01.4",
        tolerance=0.05,
        answer=_between_states,
        right="Yes. Of the conflicts active in the Cold War's years, summed over the years, few were between states.",
        mistakes=(
            (
                lambda: _between_states() / 100,
                "That is the share as a fraction. The task asks for per cent: multiply by 100.",
            ),
            (
                lambda: _between_states(_CONFLICTS[:3]),
                "You have left out the colonial conflicts (conflicts_extrasystemic): they are state-based conflicts too.",
            ),
            (
                lambda: _between_states(_CONFLICTS[:2]),
                "You have compared conflicts between states with one kind of conflict within states only. All four types "
                "belong to the whole.",
            ),
            (
                lambda: 100 * _conflict_years(_CONFLICTS[:1], 1946, 1988) / _conflict_years(_CONFLICTS[1:], 1946, 1988),
                "You have divided by the conflicts of the other three types. A share is divided by the whole.",
            ),
            (lambda: _between_states(last=2024), "That is the share over all years. The task stops in 1988."),
        ),
        otherwise="That is not the share of conflicts between states, in per cent, over 1946 to 1988.",
        hints=(
            "A share needs a part and a whole. The whole is all four types of conflict.",
            "Filter the table indicators to 1946 to 1988, sum the value of conflicts_interstate, and divide by the sum over "
            "all four indicators that begin with conflicts_.",
            'rows = indicators[indicators["indicator"].str.startswith("conflicts_") & (indicators["year"] <= 1988)]; then '
            'rows.groupby("indicator")["value"].sum().',
        ),
    ),
    "01-8": Task(
        objective="01.4",
        tolerance=0.05,
        answer=lambda: _share(1991, 2000) / _share(1981, 1990),
        right="Yes. Chapter VII went from rare to routine within a decade: the change is real, and it can be dated.",
        mistakes=(
            (
                lambda: _share(1991, 2000) - _share(1981, 1990),
                "That is the difference in percentage points. The task asks how many times as large the share became.",
            ),
            (
                lambda: _share(1981, 1990) / _share(1991, 2000),
                "You have divided the earlier decade by the later. Turn it round.",
            ),
            (
                lambda: (
                    _figures("resolutions_chapter_7", 1991, 2000).sum()
                    / _figures("resolutions_chapter_7", 1981, 1990).sum()
                ),
                "You have divided the numbers of resolutions. The Council also passed many more in the later decade: "
                "divide the shares.",
            ),
            (
                lambda: _share(1991, 2000, "mentions_ch7") / _share(1981, 1990, "mentions_ch7"),
                "You have counted texts that only mention Chapter VII. The task asks for those that act under it "
                "(acting_ch7).",
            ),
        ),
        otherwise="That is not the share of 1991 to 2000 divided by the share of 1981 to 1990.",
        hints=(
            "Two shares, then one division. A share is resolutions that act under Chapter VII among all resolutions.",
            "Filter the table resolutions by year. The mean of the column acting_ch7 is the share, since true counts as 1.",
            'resolutions[resolutions["year"].between(1991, 2000)]["acting_ch7"].mean(), divided by the same for 1981 to 1990.',
        ),
    ),
}
