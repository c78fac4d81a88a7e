"""Tasks of chapter 05: borders, rules, steps back and chance."""

import pandas as pd

from peaceops import datasets, lifecycle, paths
from peaceops.tasks._task import Task

MADE_UP = (
    (2001, "contact", "letter", "B’s president writes to A and offers to meet"),
    (2003, "negotiation", "talks", "Officials discuss terms for working together; they part without a result"),
    (2004, "supported", "airlift", "B flies soldiers to A’s mission in a third country"),
    (2006, "mechanism", "office", "B opens a standing office at A’s headquarters"),
    (2009, "agreement", "memorandum", "Both sign a memorandum on cooperation"),
    (2012, "supported", "convoy", "B’s ships escort supplies to another mission of A"),
    (2014, "mechanism", "council", "The councils of A and B begin to meet every year"),
)
"""A made-up pair: year, kind, short name and title of each step."""
_STEPS = tuple(name for _, _, name, _ in MADE_UP)
_RIVALS = ("sunk", "demand", "interest", "selection", "idle")
_BORDER = "eu-au-commissions-2006"


def made_up():
    """Give the made-up pair's steps as rows that `peaceops.lifecycle.borders` can read.

    Returns
    -------
    pandas.DataFrame
        ``event_id`` (the step's short name), ``date``, ``dyad_id`` (a stand-in), ``kind``, ``predecessor``, ``title``.

    Examples
    --------
    >>> made_up()["event_id"].to_list()[:2]
    ['letter', 'talks']
    """
    rows = [
        {
            "event_id": name,
            "date": pd.Timestamp(year, 1, 1),
            "dyad_id": "un-nato",
            "kind": kind,
            "predecessor": "no",
            "title": title,
        }
        for year, kind, name, title in MADE_UP
    ]
    return pd.DataFrame(rows)


def _opens(phase, rule):
    """Name the made-up step with which a phase begins."""
    return lambda: _border(made_up(), rule).loc["un-nato", phase][1]


def _border(events, rule):
    """Give for each pair and phase the date and the step of the border."""
    found = lifecycle.borders(events, rule).dropna(subset=["date"])
    found = found.assign(at=list(zip(found["date"], found["event_id"], strict=True)))
    return found.pivot(index="dyad_id", columns="phase", values="at")


def _years_between(pair, first, second):
    """Count the calendar years from one border to another, each given as phase and rule."""
    events = datasets.load("events")
    one, other = (_border(events, rule).loc[pair, phase][0].year for phase, rule in (first, second))
    return other - one


def _without_border():
    events = datasets.load("events")
    rest = events[(events["dyad_id"] == "eu-au") & (events["event_id"] != _BORDER)]
    return str(lifecycle.phases(rest, "text", [2007])["phase"].iloc[0])


def _parted(coder, rule):
    """Count the pairs on which a coder of 2007 and a rule have no phase in common."""
    rows = datasets.load("phase_codings").query("as_of == 2007 and coder == @coder").set_index("dyad_id")["phase"]
    ruled = lifecycle.phases(datasets.load("events"), rule, [2007]).set_index("dyad_id")["phase"]
    return sum(not lifecycle.agreed([rows[pair], ruled[pair]]) for pair in lifecycle.DYADS)


def _back(kinds=("reversal",), formal=("yes",), since=2008):
    rows = datasets.load("events")
    return int((rows["kind"].isin(kinds) & rows["formal"].isin(formal) & (rows["date"].dt.year >= since)).sum())


def _last(chance=0.02, returns=0, years=17, partnerships=6):
    return 100 * paths.survival(chance, returns, years, partnerships)


def _together(rule, year=2007):
    """Add up the years from each founding to the end of a year."""
    found = lifecycle.borders(datasets.load("events"), rule).query("phase == 'start-up'")["date"]
    day = lifecycle.day_of(year)
    return float(((day - found[found <= day]).dt.days / 365.25).sum())


def _limit(trials):
    return 100 * (1 - 0.05 ** (1 / trials))


def _said(word):
    return lambda: word


TASKS = {
    "05-1": Task(
        options=_STEPS,
        answer=_opens("start-up", "text"),
        right=(
            "Yes: the first work in the field founds the pair, before anything is signed. What had been discussed the year "
            "before came to nothing, and by this rule that does not matter."
        ),
        mistakes=(
            (
                _said("letter"),
                "Somebody looks the other over: that is where the first phase begins. What founds a relationship, by the "
                "rule’s words?",
            ),
            (
                _said("talks"),
                "They discuss terms and settle nothing. That is a phase of its own; go on to the first thing they do "
                "or sign.",
            ),
            (
                _said("office"),
                "A standing body gives structure to something that has been founded already. Look for an earlier step.",
            ),
            (
                _said("memorandum"),
                "It is the first text of both, and by the paper rule you would be there. This rule takes text or field, "
                "whichever comes first.",
            ),
            (_said("convoy"), "It is work in the field, but not the first. Go back along the list."),
            (
                _said("council"),
                "By then the two have worked together twice and signed a text. The founding lies years earlier.",
            ),
        ),
        hints=(
            "Read the words of the rule in the task again: two sorts of steps can found a pair.",
            "Go down the list and stop at the first step that is a text of both, or work in the field.",
            "The first two steps are neither. The third brings people and planes to a mission: which word stands for it?",
        ),
    ),
    "05-2": Task(
        options=_STEPS,
        answer=_opens("maintenance", "paper"),
        right=(
            "Yes: the first text came five years earlier, and only a second one, or a body that begins after it, counts as "
            "more. The airlift and the convoy leave no mark by this rule."
        ),
        mistakes=(
            (_said("letter"), "One side writes to the other. The paper rule wants texts that both have agreed."),
            (_said("talks"), "Nothing was agreed, so even the founding is still to come."),
            (_said("airlift"), "That is field work, to which the paper rule is blind. Read the texts and bodies only."),
            (
                _said("office"),
                "It is a standing body, but at its date no text had been agreed: there was nothing yet to maintain.",
            ),
            (
                _said("memorandum"),
                "The first agreed text founds the pair. What comes next on paper and makes it more structured?",
            ),
            (
                _said("convoy"),
                "A second episode in the field would do by the field rule. You need the second thing on paper.",
            ),
        ),
        hints=(
            "Cross out every step that happened in the field. What is left?",
            "Find the first agreed text. Then look for a second text, or a standing body that comes after it.",
            "The first agreed text is of 2009, and the office is older than that. Which step on paper is younger?",
        ),
    ),
    "05-3": Task(
        answer=lambda: _years_between("nato-au", ("start-up", "field"), ("start-up", "paper")),
        right=(
            "Yes. Between the two lie airlifts, an escort and a war in Libya over which they clashed, and not one agreed text. "
            "By the paper rule all that happened before there was a partnership."
        ),
        mistakes=(
            (
                lambda: _years_between("un-nato", ("start-up", "field"), ("start-up", "paper")),
                "That is UN–NATO, as in the chapter. The task asks for NATO–AU.",
            ),
            (
                lambda: _years_between("nato-au", ("maintenance", "field"), ("maintenance", "paper")),
                "You have compared the borders of maintenance. The task asks for those of start-up.",
            ),
            (
                lambda: _years_between("nato-au", ("start-up", "paper"), ("maintenance", "paper")),
                "That is the time from start-up to maintenance, both by the paper rule. Compare two rules.",
            ),
            (
                lambda: _years_between("nato-au", ("start-up", "paper"), ("start-up", "field")),
                "The right size with the wrong sign: how many years later is the paper rule?",
            ),
        ),
        otherwise="That is not the number of calendar years between the two borders.",
        hints=(
            "You need one pair and one phase from two tables: by the field rule and by the paper rule.",
            "Find in each table the row of nato-au with the phase start-up, take the years and subtract.",
            "rows = lifecycle.borders(events, \"paper\"); then rows.query(\"dyad_id == 'nato-au' and phase == 'start-up'\"); "
            "the same with field; compare date.dt.year.",
        ),
    ),
    "05-4": Task(
        options=("courtship", "negotiation", "start-up", "maintenance"),
        answer=_without_border,
        right=(
            "Yes: what her figure prints for this pair. The difference between figure and rule hangs on one row, a meeting of "
            "the two Commissions whose announcement alone was seen. A soft border."
        ),
        mistakes=(
            (
                _said("courtship"),
                "Without the meeting there are still an agreed text of 2002 and field work in Darfur. Which phase do such "
                "steps open, by the rule?",
            ),
            (
                _said("negotiation"),
                "No talks about terms stand among this pair’s steps, and other steps lead further. Look at the texts and the "
                "field.",
            ),
            (
                _said("maintenance"),
                "That phase needs a standing mechanism beside text and field. The next one in the list is the delegation "
                "of January 2008: just too late.",
            ),
        ),
        hints=(
            "Which of the three things that the highest phase needs goes away with the meeting?",
            "Drop the row from the table, apply the rule again, and look at the end of 2007.",
            'rest = eu_au[eu_au["event_id"] != "eu-au-commissions-2006"], then lifecycle.phases(rest, "text", [2007]).',
        ),
    ),
    "05-5": Task(
        answer=lambda: _parted("haugevik_text", "paper"),
        right=(
            "Yes: four, and the figure three. The fourth is UN–AU, where the figure’s slash agrees with either phase and her "
            "words were read as start-up by us. So take it as a draw: neither follows the paper rule closely."
        ),
        mistakes=(
            (
                lambda: _parted("haugevik_text", "field"),
                "You may have taken another rule, or counted the pairs on which words and paper rule agree.",
            ),
            (
                lambda: _parted("haugevik_figure", "paper"),
                "That is the figure against the paper rule, as in the chapter. The task asks for the words, coder "
                "haugevik_text.",
            ),
            (lambda: len(lifecycle.DYADS), "On some pairs the two do agree, UN–EU for one. Compare row by row."),
        ),
        otherwise="That is not the number of pairs on which her words and the paper rule part.",
        hints=(
            "Six pairs, two columns. Put them side by side and compare the words.",
            "Take the rows of haugevik_text for 2007, and the paper rule’s phases for 2007; count where they differ.",
            '(words["phase"] != paper["phase"]).sum(), when both are indexed by dyad_id.',
        ),
    ),
    "05-6": Task(
        answer=_back,
        right=(
            "Yes, somewhat more than half of the reversals since then. Four of the six are about money: twice the EU cuts or "
            "withholds what it had paid for years, twice the Security Council does not grant UN dues that the AU wanted. "
            "Refusing and taking away are not the same."
        ),
        mistakes=(
            (
                lambda: _back(formal=("no",)),
                "Those are the reversals in the field. The task asks for paper, bodies and money: formal is yes.",
            ),
            (
                lambda: _back(formal=("yes", "no")),
                "That number counts field steps, or the years before 2008, too. Two conditions beside the kind.",
            ),
            (
                lambda: _back(("reversal", "ending")),
                "You have counted endings too. An ending stops as planned or with its purpose; the task asks for "
                "reversals.",
            ),
        ),
        otherwise="That is not the number of reversals since 2008 that concern paper, bodies or money.",
        hints=(
            "Three conditions must hold at once: what kind, since when, and on which side of the line.",
            "Filter the table by kind, by the year of the date, and by the column formal; then count the rows.",
            '(events["kind"] == "reversal") & (events["formal"] == "yes") & (events["date"].dt.year >= 2008), then sum().',
        ),
    ),
    "05-7": Task(
        tolerance=0.1,
        answer=_last,
        right=(
            "Yes: about one world in eight keeps all six for 17 years each, 102 years in all; at half the chance more than a "
            "third do. But in 2007 the six had only 47 years together. With those, 2 per cent leaves 39 of 100 worlds, so her "
            "zero would be no surprise."
        ),
        mistakes=(
            (lambda: _last(partnerships=1), "That is one partnership. All of them have to last."),
            (lambda: _last(years=1), "That is the first year. The same luck is needed again every year."),
            (
                lambda: _last(returns=1),
                "That is with increasing returns. The task asks for a chance that stays the same.",
            ),
            (lambda: 100 - _last(), "Those are the worlds in which at least one ends. The task asks for the others."),
            (lambda: _last() / 100, "That is the share as a fraction. The task asks for per cent."),
            (
                lambda: 100 * 0.98 ** _together("text"),
                "That is with the 47 years which the six really had together by 2007: a good question, and the next one. The "
                "task gives each of them 17 years.",
            ),
        ),
        otherwise="That is not the per cent of worlds in which all last.",
        hints=(
            "What is the chance that one partnership gets through one year? It is needed many times over.",
            "Multiply 0.98 by itself, once for each partnership in each year, and turn the result into per cent.",
            "100 * 0.98 ** (6 * 17), or 100 * paths.survival(0.02, 0, 17).",
        ),
    ),
    "05-8": Task(
        tolerance=0.15,
        answer=lambda: _limit(_together("paper")),
        right=(
            "Yes. On paper the pairs were so young in 2007 that a chance would still fit at which a partnership lasts six and "
            "a half years on average. And seven of the eighteen years hang on the first step of NATO–EU, provisional letters "
            "about secret papers."
        ),
        mistakes=(
            (
                lambda: _limit(_together("text")),
                "That is the chapter’s limit, with foundings by her text’s rule. Take those of the paper rule.",
            ),
            (
                lambda: _limit(_together("paper", 2026)),
                "You have counted the years up to 2026. The task stops where Haugevik did.",
            ),
            (
                lambda: _limit(6),
                "You have taken six pairs as six trials. The trials are years together.",
            ),
            (
                lambda: 300 / _together("paper"),
                "That is the rule of three, a short cut for many trials. Here it is too rough; use the formula.",
            ),
            (lambda: _limit(_together("paper")) / 100, "That is the chance as a fraction. The task asks for per cent."),
        ),
        otherwise="That is not the largest yearly chance that still fits, in per cent.",
        hints=(
            "First the years together: from each founding on paper to the end of 2007, added up.",
            "Leave out pairs that were not founded on paper by then. Then solve (1 - p) to the power of the years = 0.05.",
            "100 * (1 - 0.05 ** (1 / years)), with years from the cell above.",
        ),
    ),
    "05-9": Task(
        options=_RIVALS,
        answer=_said("sunk"),
        right=(
            "Yes: who had put in most turned away first. The others can live with the story, and that is why it does not "
            "choose between them."
        ),
        mistakes=(
            (
                _said("demand"),
                "The need for missions went on, and so did the help, by another channel. This explanation is not hurt by "
                "the story. Ask the same of the other four.",
            ),
            (
                _said("interest"),
                "A new majority with other wishes changes the channel: this explanation predicts just that. Look for the "
                "one that is surprised.",
            ),
            (
                _said("selection"),
                "Selection speaks of pairs that are missing from a list. The story is about one that is on it.",
            ),
            (
                _said("idle"),
                "The yearly meeting goes on and costs little: that fits this explanation well. Which one is surprised?",
            ),
        ),
        hints=(
            "Ask of each explanation what it would have foretold for year sixteen.",
            "One of the five says: who has invested much does not turn back. Does the story agree with it?",
            "The fifteen years of payments are what was already spent. Which word of the list means that?",
        ),
    ),
}
