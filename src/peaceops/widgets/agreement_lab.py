"""The instructor's agreement lab: a class's exported files in, agreement and the cards to discuss out."""

import html

import pandas as pd
from IPython.display import HTML, display

from peaceops import agreement, theme
from peaceops.charts.agreement import class_disagreement
from peaceops.datasets import load
from peaceops.frameworks import CODERS, FRAMEWORKS
from peaceops.widgets._activity import in_book

_MADE_UP, _DRAWN = "made-up student", 60
_NEEDS_LAB = "To load your own class's files, open this page in JupyterLab: the book only shows results."
_ASK = (
    "Choose the files that your students exported from the mission classifier, all at once or as one zip file (up to "
    "10 MB; for more, put them in a folder and run AgreementLab('folder')). They go to this notebook's kernel only and "
    "are not saved."
)
_MISSING = (
    "Missing answers are left out, not filled in. If students skip the cards they find hard, the class looks more at "
    "one than it is."
)


class AgreementLab:
    """Show how far a class agrees, with itself and with the sources, and which cards divide it.

    In JupyterLab there is a button for loading files; in the book the results for `folder` are shown as they are.

    Parameters
    ----------
    folder : path-like or list, optional
        Whatever `peaceops.agreement.read_answers` reads: shown at once, before any file is loaded.

    Attributes
    ----------
    answers : pandas.DataFrame
        The answers read last, as `peaceops.agreement.read_answers` gives them.
    problems : list of str
        One sentence for each file that was not read.

    Examples
    --------
    >>> AgreementLab([("notes.json", b"[]")]).problems
    ['“notes.json” is not an export of this course.']
    """

    def __init__(self, folder=None):
        self._given = folder is not None
        self.answers, self.problems = agreement.read_answers([] if folder is None else folder)

    def _ipython_display_(self):
        if in_book():
            if self._given:
                self._show_results()
            _say(_NEEDS_LAB)
            return
        import ipywidgets  # here only: the book must hold no state of widgets

        upload = ipywidgets.FileUpload(
            accept=".json,.zip", multiple=True, description="Choose files", layout={"width": "max-content"}
        )
        out = ipywidgets.Output()

        def read(change):
            if not change["new"]:
                return
            pairs = [(file["name"], bytes(file["content"])) for file in change["new"]]
            self.answers, self.problems = agreement.read_answers(pairs)
            self._given = True
            out.clear_output(wait=True)
            with out:
                self._show_results()

        upload.observe(read, names="value")
        display(ipywidgets.VBox([ipywidgets.HTML(f"<p>{_ASK}</p>"), upload, out]))
        if self._given:
            with out:
                self._show_results()

    def _show_results(self):
        answers = self.answers
        if self.problems:
            items = "".join(f"<li>{html.escape(problem)}</li>" for problem in self.problems)
            files = "1 file needs" if len(self.problems) == 1 else f"{len(self.problems)} files need"
            display(HTML(f'<div role="status"><p><strong>{files} a look:</strong></p><ul>{items}</ul></div>'))
        if answers.empty:
            _say("No answers were read, so there is nothing to compare.")
            return
        codings, titles = load("framework_codings"), load("cases").set_index("case_id")["title"].to_dict()
        made_up = answers["coder"].str.startswith(_MADE_UP)
        every = agreement.by_card(answers, codings)
        cards = every[every["answers"] >= 2].reset_index(drop=True)
        _say(_counted(every, answers["coder"].nunique(), made_up) + _left_out(every, titles))
        found = agreement.alpha(answers)
        interval = "" if found.low is None else f" (95 per cent interval {found.low:.2f} to {found.high:.2f})"
        value = "undefined" if found.value is None else f"{found.value:.2f}"
        rests_on = f"{found.cards} cards, {found.coders} coders, {found.answers} answers"
        _say(f"Krippendorff's alpha: {value}{interval}; {rests_on}.", strong=True)
        _say(agreement.how_to_read(found))
        if found.coders > 1:
            _say(_pairs(agreement.pairwise(answers)))
        theme.show(_with_sources(agreement.with_sources(answers, codings)), "The class and the sources (Cohen's kappa)")
        if cards.empty:
            return
        source = "a made-up class: nobody gave these answers." if made_up.all() else "the class's exported answers."
        theme.show(class_disagreement(cards.head(_DRAWN), titles, source))
        theme.show(_cards(cards, titles), "Card by card, most disagreement first")


def _say(text, strong=False):
    text = html.escape(text)
    display(HTML(f"<p><strong>{text}</strong></p>" if strong else f"<p>{text}</p>"))


def _counted(cards, coders, made_up):
    given, possible = int(cards["answers"].sum()), coders * len(cards)
    said = f"{coders} coder{'s' * (coders != 1)} gave {given} of {possible} possible answers to {len(cards)} cards. "
    if made_up.all():
        said = "This class is made up: nobody gave these answers. " + said
    elif made_up.any():
        said = "Some of these coders are made up: nobody gave their answers. " + said
    return said + _MISSING


def _left_out(cards, titles):
    """Name the cards that the course does not know, and count those that say nothing about agreement."""
    single, foreign = int((cards["answers"] < 2).sum()), [item for item in cards["item_id"] if item not in titles]
    said = ""
    if single:
        said += f" Answered by one coder only, so not shown below: {single} of {len(cards)} cards."
    if len(cards) - single > _DRAWN:
        said += f" The chart shows the {_DRAWN} cards with most disagreement, the table all."
    if foreign:
        more = ", …" if len(foreign) > 5 else ""
        said += (
            f" Not among this edition's cases ({len(foreign)}; from an own deck, another edition, or changed by hand): "
            f"{', '.join(foreign[:5])}{more}."
        )
    return said


def _pairs(pairs):
    """Sum the pairs up: a table of hundreds would hide what they say."""
    kappas = pairs["kappa"].dropna()
    if kappas.empty:
        return "Cohen's kappa of two coders: none, for in every pair one of the two never varies or shares no card with the other."
    without = len(pairs) - len(kappas)
    low, quarter, half, most, high = (f"{kappas.quantile(part):.2f}" for part in (0, 0.25, 0.5, 0.75, 1))
    left = (
        f" Left out are {without} more, in which one of the two never varies or both share no card." if without else ""
    )
    return (
        f"Cohen's kappa of two coders, {len(kappas)} pairs: from {low} to {high}, half of them between {quarter} and "
        f"{most}, the middle one {half}.{left}"
    )


def _with_sources(table):
    return pd.DataFrame(
        {
            "Source": table["source"].map(CODERS),
            "Cards both code": table["cards"],
            "Cards it is silent on": table["silent"],
            "Answers equal, %": table["equal_percent"].round().astype("Int64").astype(object).fillna("none"),
            "Cards with the class's most frequent option": table["majority_equal"],
            "Kappa": [_two(value) for value in table["kappa"]],
            "95 % interval": [
                "none" if pd.isna(low) else f"{_two(low)} to {_two(high)}"
                for low, high in zip(table["low"], table["high"], strict=True)
            ],
            "Note": table["note"],
        }
    )


def _two(value):
    return "undefined" if pd.isna(value) else f"{value:.2f}".replace("-0.00", "0.00")


def _cards(cards, titles):
    options = list(cards.columns[cards.columns.get_loc("missing") + 1 : cards.columns.get_loc("most_frequent")])
    shown = {"Card": cards["item_id"].map(lambda item: titles.get(item, item))}
    shown |= {FRAMEWORKS[name][0] if name in FRAMEWORKS else name: cards[name] for name in options}
    shown["No answer"] = cards["missing"]
    parted = cards["disagreement_percent"].round().astype("Int64")
    shown["Pairs that differ, %"] = parted.astype(object).fillna("one answer")
    shown["Mean confidence, %"] = cards["confidence"].round().astype("Int64")
    for source in agreement.SOURCES:
        differs = cards[f"differs_{source}"].map({True: " (class differs)", False: ""}).fillna("")
        shown[CODERS[source]] = cards[source].fillna("silent") + differs.astype("string")
    return pd.DataFrame(shown)
