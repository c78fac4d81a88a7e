"""Tasks of chapter 03: relationships classified, taken apart and counted."""

from peaceops import datasets, frameworks
from peaceops.tasks._task import Task

_FRAMEWORKS = tuple(frameworks.FRAMEWORKS)
_HYBRIDS = ("operation", "peace", "warfare", "financing")


def _said(word):
    return lambda: word


def _course():
    cases, codings = datasets.load("cases"), datasets.load("framework_codings")
    return cases.merge(codings[codings["coder"] == "course"], on="case_id")


def _across(kinds=("commands",)):
    lines = datasets.load("command_lines")
    return lines[lines["line"].isin(kinds) & (lines["upper_organization"] != lines["lower_organization"])]


def _somalia():
    return _course().query("place == 'Somalia'")["framework"]


def _both(one="bubna2009", other="course"):
    return frameworks.by_coder(datasets.load("framework_codings"))[[one, other]].dropna()


def _parted(one="bubna2009", other="course"):
    both = _both(one, other)
    return int((both[one] != both[other]).sum())


def _printed_and_parted():
    codings = datasets.load("framework_codings")
    stated = codings[(codings["coder"] == "bubna2009") & (codings["basis"] == "stated")]["case_id"]
    both = _both()
    return int((both["bubna2009"] != both["course"])[both.index.isin(stated)].sum())


def _days(first, last):
    return float((last - first).days)


def _date(operation, column):
    rows = datasets.load("operations").set_index("operation_id")
    return rows.at[operation, column]


def _together():
    starts = [_date(name, "start_date") for name in ("artemis", "monuc")]
    ends = [_date(name, "end_date") for name in ("artemis", "monuc")]
    return _days(max(starts), min(ends)) + 1


def _begun(first, theatre="Africa"):
    rows = _course()
    return rows[(rows["start_date"] >= first) & rows["theatre"].str.contains(theatre)]["framework"]


def _share(codes, kind="support"):
    return 100 * float((codes == kind).mean())


TASKS = {
    "03-1": Task(
        options=_FRAMEWORKS,
        answer=_said("support"),
        right=(
            "Yes. The office has no task of its own in the country: it keeps another's operation going. Table 2 has no row "
            "for that, and would have to squeeze it into one of the others."
        ),
        mistakes=(
            (
                _said("integrated"),
                "Look for one head over the people of both. The general gives the office no orders, and the office gives him "
                "none.",
            ),
            (
                _said("parallel"),
                "That asks for people of both with a task of their own in the country, at the same time. What would the "
                "office do if the force went home?",
            ),
            (
                _said("sequential"),
                "Nothing changes hands in this story: the force keeps its task from the first day to the last.",
            ),
            (
                _said("none"),
                "There is a tie, and a strong one: without the fuel the force would stand still. Which question of the "
                "codebook is about such a tie?",
            ),
        ),
        hints=(
            "Ask the codebook's questions in their order, and stop at the first yes.",
            "First: one head over both? Then: does one of them have no people with a task of their own there?",
            "Fuel, food and transport go one way, orders go nowhere. Which framework did the course add to Table 2 for that?",
        ),
    ),
    "03-2": Task(
        options=_FRAMEWORKS,
        answer=_said("parallel"),
        right=(
            "Yes, by the course's codebook. By Bubna's words “no formal connection” it would have no row at all, for the two "
            "signed an agreement: one reason to mend the definition."
        ),
        mistakes=(
            (
                _said("integrated"),
                "An agreement and a weekly meeting join calendars, not commands. Who could give an order to soldiers and "
                "police at once?",
            ),
            (
                _said("sequential"),
                "For six years neither takes over what the other does. A common departure is no hand-over.",
            ),
            (
                _said("support"),
                "Coming to the rescue is help. But the codebook keeps this word for a helper without a task of its own in the "
                "country. Have the soldiers one?",
            ),
            (
                _said("none"),
                "They share the country, a signed paper and a weekly hour: that is a relationship. Which kind?",
            ),
        ),
        hints=(
            "Underline who reports to whom, and from when to when.",
            "One command? No. A helper without a task there? Look at what the soldiers do. Then ask about time.",
            "Same place, same years, two headquarters: Bubna's second row, without its last three words.",
        ),
    ),
    "03-3": Task(
        options=_HYBRIDS,
        answer=_said("peace"),
        right=(
            "Yes: what grows where outsiders' plans meet what people on the spot do with them. Mac Ginty's word; it has "
            "nothing to do with the number of organizations in command."
        ),
        mistakes=(
            (
                _said("operation"),
                "The mission has left, and no two organizations command anything. What is mixed in the story?",
            ),
            (
                _said("warfare"),
                "Nobody fights in this story, by whatever means. Look at what the two courts stand for.",
            ),
            (
                _said("financing"),
                "Donors paid for one of the courts, but the word is not about shares of a budget. Which two orders have grown "
                "together?",
            ),
        ),
        hints=(
            "Ask of every hybrid: what is mixed with what?",
            "Here a thing of outsiders is mixed with a thing of the place. Find that pair in the chapter's table of hybrids.",
            "The row whose mixture is “international and local”.",
        ),
    ),
    "03-4": Task(
        answer=lambda: float(_across()["case_id"].nunique()),
        right=(
            "Yes: Haiti and Darfur, both coded as integrated. The brigade in the Congo is coded so too, and no line crosses in "
            "its chart: its battalions count as the UN's. A chart of orders does not say where soldiers come from."
        ),
        mistakes=(
            (
                lambda: float(len(_across())),
                "You have counted lines. One case has two of them: count each case once, with nunique().",
            ),
            (
                lambda: float(datasets.load("command_lines")["case_id"].nunique()),
                "That is every case of the table. Did you keep the lines of kind “commands” only, and those that lead from "
                "one organization to another?",
            ),
            (
                lambda: float(len(_across(("mandates", "commands", "coordinates", "supports", "hands_over")))),
                "You have counted the crossing lines of every kind. To mandate, to coordinate or to help is not to command.",
            ),
            (
                lambda: float(len(datasets.load("command_lines").query("line == 'commands'"))),
                "Those are all the lines of command. Keep the ones whose two organizations differ, then count cases.",
            ),
        ),
        otherwise="That is not the number of cases in which a line of command crosses from one organization to another.",
        hints=(
            "A line crosses when its upper and its lower body belong to different organizations.",
            'Filter twice: line is "commands", and upper_organization differs from lower_organization. Then count cases.',
            'kept = lines[(lines["line"] == "commands") & (lines["upper_organization"] != lines["lower_organization"])], '
            'then the number of different values in kept["case_id"].',
        ),
    ),
    "03-5": Task(
        answer=lambda: float((_somalia() != "sequential").sum()),
        right=(
            "Yes. One fits the row, UNITAF before UNOSOM II in 1993, and even that a reader must supply: Table 2 prints only "
            "“Somalia”. The others are mostly help for the AU's missions."
        ),
        mistakes=(
            (
                lambda: float(len(_somalia())),
                "You get this number if you count all of them, the fitting one too, or if you let in the place “Somalia, "
                "Uganda”.",
            ),
            (
                lambda: float((_somalia() == "sequential").sum()),
                "That is how many the course codes as Table 2 does. The task asks for the others: turn the comparison round.",
            ),
            (
                lambda: float((_somalia() == "support").sum()),
                "Those are the ones coded as support. Is there another code besides that and the one of Table 2?",
            ),
            (
                lambda: float(_somalia().nunique()),
                "That is the number of different frameworks. Count relationships.",
            ),
        ),
        otherwise="That is not the number of Somali relationships that the course codes otherwise than Table 2.",
        hints=(
            "Two conditions: the place is Somalia, and the course's framework is not the one that Table 2 prints.",
            'Keep the rows of course whose place is exactly "Somalia"; compare framework with "sequential"; count.',
            'rows = course[course["place"] == "Somalia"], then (rows["framework"] != "sequential").sum().',
        ),
    ),
    "03-6": Task(
        answer=lambda: float(_parted()),
        right=(
            "Yes. In three of them he prints a place only, and the course had to guess which organizations he meant; for one, "
            "NATO and the EU in Bosnia, he prints the organizations, but no year. How much of your disagreement with a source "
            "is about its silence?"
        ),
        mistakes=(
            (
                lambda: float(len(_both())),
                "That is how many relationships both code. On how many of these do the two codes differ?",
            ),
            (
                lambda: float(len(_both()) - _parted()),
                "On that many they agree. Turn the comparison round.",
            ),
            (
                lambda: float(_printed_and_parted()),
                "You have kept only what Bubna prints himself (basis “stated”). A good second look; the task asks for all.",
            ),
            (
                lambda: float(_parted("bubna2009", "haugevik2007")),
                "That is on how many Bubna and Haugevik part, with her codes inferred by the course. Compare Bubna with the "
                "course.",
            ),
        ),
        otherwise="That is not the number of relationships on which Bubna's code and the course's differ.",
        hints=(
            "Put the two coders side by side, one row for each relationship.",
            "by_coder(codings) does it. Keep the two columns, drop rows where one coder is silent, compare.",
            'both = by_coder(codings)[["bubna2009", "course"]].dropna(), then the sum of both["bubna2009"] != both["course"].',
        ),
    ),
    "03-7": Task(
        answer=_together,
        right=(
            "Yes: every day of Artemis was a day with MONUC in the country. Time alone speaks for side by side. For one after "
            "the other speaks the task: who held Bunia in July, and who in September?"
        ),
        mistakes=(
            (
                lambda: _together() - 1,
                "Very near: the difference of two dates leaves one of the two days out. The task counts the first and the "
                "last.",
            ),
            (
                lambda: _days(_date("monuc", "start_date"), _date("monuc", "end_date")),
                "That is how long MONUC lasted. The common time begins with the later start and ends with the earlier end.",
            ),
            (
                lambda: _days(_date("monuc", "start_date"), _date("monuc", "end_date")) + 1,
                "That is MONUC's whole time, both days counted. The common time begins with the later start and ends with "
                "the earlier end.",
            ),
            (
                lambda: _days(_date("monuc", "start_date"), _date("artemis", "start_date")),
                "That is how long MONUC was there before Artemis came. Count the days on which both were there.",
            ),
            (
                lambda: 1 - _together(),
                "A negative number: you have taken the end away from the start. Turn it round, and count both days.",
            ),
        ),
        otherwise="That is not the number of days on which both operations were there.",
        hints=(
            "Draw two bars on a line of time. Where do they overlap?",
            "The overlap begins with the later of the two starts and ends with the earlier of the two ends. Count both days.",
            "end - start gives a span; .days makes it a number; one more day, since the first and the last both count.",
        ),
    ),
    "03-8": Task(
        tolerance=0.05,
        answer=lambda: _share(_begun("2009-01-01")),
        right=(
            "Yes, and do not quote it. The cases were chosen to teach: some missions come back several times, many of the "
            "continent's operations not at all. It is a share of our table, and no estimate of anything outside it."
        ),
        mistakes=(
            (
                lambda: _share(_begun("2009-01-01")) / 100,
                "That is the share as a fraction. The task asks for per cent.",
            ),
            (
                lambda: float((_begun("2009-01-01") == "support").sum()),
                "That is the number of such cases. Divide it by all African cases begun after 2008.",
            ),
            (
                lambda: _share(_begun("2008-01-01")),
                "You have let in what began in 2008. After 2008 begins with 2009.",
            ),
            (
                lambda: _share(_begun("1900-01-01")),
                "That is the share over all years. Keep the cases begun after 2008.",
            ),
            (
                lambda: _share(_begun("2009-01-01", "")),
                "You have counted every theatre. Keep the African cases.",
            ),
        ),
        otherwise="That is not the share of support among the African cases begun after 2008, in per cent.",
        hints=(
            "A share is a part of a whole. Which rows are the whole here?",
            'The whole: theatre is "Africa" and the year of start_date is above 2008. The part: framework is "support".',
            '(rows["framework"] == "support").mean() gives a fraction; multiply by a hundred.',
        ),
    ),
}
