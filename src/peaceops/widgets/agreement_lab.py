"""The instructor's agreement lab: a class's exported files in, agreement and the cards to discuss out."""

import html

import pandas as pd
from IPython.display import HTML, display

from peaceops import agreement, theme
from peaceops._answers import shorten
from peaceops.charts.agreement import class_disagreement
from peaceops.frameworks import read_deck
from peaceops.widgets._activity import in_book

_MADE_UP, _DRAWN = "made-up student", 60
_NEEDS_LAB = "To load your own class's files, open this page in JupyterLab: the book only shows results."
_ASK = (
    "Choose the files that your students exported from {name}, all at once or as one zip file (up to 10 MB; for more, "
    "put them in a folder and run {command}). They go to this notebook's kernel only and are not saved."
)
_LEFT_OUT = "A file named here was left out whole, unless its sentence says what counts:"
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
    activity : str
        Whose files these are: ``"classifier"``, ``"lifecycle"`` or ``"motives"``.
    deck : path-like, optional
        The CSV file of a deck of your own: its cards are then named by their titles.

    Attributes
    ----------
    answers : pandas.DataFrame
        The answers read last, as `peaceops.agreement.read_answers` gives them.
    problems : list of str
        One sentence for each file that was not read, or that contradicts another.

    Raises
    ------
    ValueError
        For an activity that is not one of the three.
    peaceops.datasets.DataError
        For a deck that `peaceops.frameworks.read_deck` cannot read.

    Examples
    --------
    >>> AgreementLab([("notes.json", b"[]")]).problems
    ['“notes.json” is not an export of this course.']
    """

    def __init__(self, folder=None, activity="classifier", deck=None):
        self._given, self._scheme = folder is not None, agreement.scheme(activity)
        self._own = {} if deck is None else {card["id"]: card["title"] for card in read_deck(deck)["items"]}
        self.answers, self.problems = agreement.read_answers([] if folder is None else folder, activity)

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
            self.answers, self.problems = agreement.read_answers(pairs, self._scheme.activity)
            self._given = True
            out.clear_output(wait=True)
            with out:
                self._show_results()

        upload.observe(read, names="value")
        more = "" if self._scheme.activity == "classifier" else f", '{self._scheme.activity}'"
        ask = _ASK.format(name=self._scheme.name, command=f"AgreementLab('folder'{more})")
        display(ipywidgets.VBox([ipywidgets.HTML(f"<p>{ask}</p>"), upload, out]))
        if self._given:
            with out:
                self._show_results()

    def _show_results(self):
        answers, scheme = self.answers, self._scheme
        if self.problems:
            items = "".join(f"<li>{html.escape(problem)}</li>" for problem in self.problems)
            files = "1 file needs" if len(self.problems) == 1 else f"{len(self.problems)} files need"
            said = f"<strong>{files} a look.</strong> {_LEFT_OUT}"
            display(HTML(f'<div role="status"><p>{said}</p><ul>{items}</ul></div>'))
        if answers.empty:
            _say("No answers were read, so there is nothing to compare.")
            return
        codings, titles = scheme.codings(), scheme.titles() | self._own
        made_up = answers["coder"].str.startswith(_MADE_UP)
        every = agreement.by_card(answers, codings)
        cards = every[every["answers"] >= 2].reset_index(drop=True)
        said = _counted(every, answers["coder"].nunique(), made_up)
        may_be_own = scheme.activity == "classifier" and not self._own
        _say(said + _pooled(answers["deck"].unique()) + _left_out(every, titles, may_be_own))
        found = agreement.alpha(answers)
        interval = "" if found.low is None else f" (95 per cent interval {found.low:.2f} to {found.high:.2f})"
        value = "undefined" if found.value is None else f"{found.value:.2f}"
        rests_on = f"{found.cards} cards, {found.coders} coders, {found.answers} answers"
        _say(f"Krippendorff's alpha: {value}{interval}; {rests_on}.", strong=True)
        _say(agreement.how_to_read(found))
        if found.coders > 1:
            _say(_pairs(agreement.pairwise(answers)))
        compared = _with_sources(agreement.with_sources(answers, codings), scheme.sources)
        theme.show(compared, "The class and the sources (Cohen's kappa)")
        if scheme.caution:
            _say(scheme.caution)
        if cards.empty:
            return
        source = "a made-up class: nobody gave these answers." if made_up.all() else "the class's exported answers."
        theme.show(class_disagreement(_labelled(cards.head(_DRAWN), scheme.options), titles, source))
        theme.show(_cards(cards, titles, scheme), "Card by card, most disagreement first")


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


def _pooled(decks):
    """Say that answers to several decks are taken together."""
    if len(decks) < 2:
        return ""
    names = ", ".join(f"“{shorten(deck, 40)}”" for deck in decks[:5]) + ", …" * (len(decks) > 5)
    return (
        f" These are answers to {len(decks)} decks ({names}), taken together: whoever answered a card in two of them "
        "counts once, with the earlier answer."
    )


def _left_out(cards, titles, may_be_own):
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
            f" Not among this edition's cards ({len(foreign)}; from an own deck, another edition, or changed by hand), so "
            f"shown by their ids: {', '.join(foreign[:5])}{more}."
        )
        if may_be_own:
            said += " AgreementLab(…, deck='own_cases.csv') takes an own deck's titles from its file."
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


def _with_sources(table, sources):
    return pd.DataFrame(
        {
            "Source": table["source"].map(sources),
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


def _labelled(cards, options):
    """Call the options what the activity calls them: the chart knows the frameworks alone."""
    top = cards["most_frequent"].map(lambda names: "; ".join(options.get(name, name) for name in names.split("; ")))
    return cards.assign(most_frequent=top).rename(columns=options)


def _cards(cards, titles, scheme):
    options = list(cards.columns[cards.columns.get_loc("missing") + 1 : cards.columns.get_loc("most_frequent")])
    shown = {"Card": cards["item_id"].map(lambda item: titles.get(item, item))}
    shown |= {scheme.options.get(name, name): cards[name] for name in options}
    shown["No answer"] = cards["missing"]
    parted = cards["disagreement_percent"].round().astype("Int64")
    shown["Pairs that differ, %"] = parted.astype(object).fillna("one answer")
    shown["Mean confidence, %"] = cards["confidence"].round().astype("Int64")
    for source, label in scheme.sources.items():
        differs = cards[f"differs_{source}"].map({True: " (class differs)", False: ""}).fillna("")
        codes = cards[source].map(
            lambda code: " or ".join(scheme.options.get(part, part) for part in code.split("/")), "ignore"
        )
        shown[label] = codes.astype("string").fillna("silent") + differs.astype("string")
    return pd.DataFrame(shown)
