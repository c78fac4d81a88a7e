"""Charts of how a class codes: a DataFrame in, an Altair chart out."""

import altair as alt

from peaceops.agreement import OPTIONS
from peaceops.charts._finish import finish
from peaceops.frameworks import FRAMEWORKS

_STEP = 44


def class_disagreement(cards, titles=None, source="the class's exported answers."):
    """Draw what a class chose for each card, the cards it disagrees on most on top.

    Parameters
    ----------
    cards : pandas.DataFrame
        As `peaceops.agreement.by_card` gives them: ``item_id``, ``answers``, one column per option with its count,
        ``most_frequent``, ``share_percent``, ``disagreement_percent``.
    titles : mapping, optional
        A card's title for its id; without one the id is shown.
    source : str
        Whose answers these are.

    Returns
    -------
    altair.Chart
        One bar per card, in answers, its parts the options.

    Raises
    ------
    ValueError
        When there is no card.

    Examples
    --------
    >>> import pandas as pd
    >>> from peaceops.agreement import by_card
    >>> split = pd.DataFrame({"coder": list("ab"), "item_id": ["x", "x"], "option": ["none", "support"]})
    >>> class_disagreement(by_card(split)).to_dict()["usermeta"]["table"]["rows"][0][0]
    'x'
    """
    if cards.empty:
        raise ValueError("There is no card to draw: nobody answered any.")
    before = list(cards.columns)
    columns = before[before.index("missing") + 1 : before.index("most_frequent")]
    labels = {name: FRAMEWORKS[name][0] if name in OPTIONS else name for name in columns}
    named = cards["item_id"].map(lambda item: (titles or {}).get(item, item))
    # Two cards may have one title.
    named = named.where(~named.duplicated(keep=False), named + " (" + cards["item_id"] + ")").astype(str)
    counts = cards[columns].astype(int).rename(columns=labels).assign(card=named.to_list())
    long = counts.melt("card", var_name="option", value_name="answers").query("answers > 0")
    long = long.assign(rank=long["option"].map({name: rank for rank, name in enumerate(labels.values())}))
    parted = cards["disagreement_percent"].fillna(0)
    hardest, easiest = parted.idxmax(), parted.idxmin()

    def said(row):
        top = row["most_frequent"].split("; ")
        share = f"{row['share_percent']:.0f} per cent of {row['answers']} answers"
        return (f"{labels[top[0]].lower()} with " if len(top) == 1 else "a tie, each option with ") + share

    table = counts.set_index("card").astype("Int64").rename_axis("Card").reset_index()
    table["Pairs that differ, %"] = cards["disagreement_percent"].round().astype("Int64").to_numpy()
    ids = long["card"].unique()
    return finish(
        alt.Chart(long)
        .mark_bar(height=18, yOffset=8)
        .encode(
            y=alt.Y(
                "card:N",
                title=None,
                sort=[name for name in counts["card"] if name in set(ids)],
                # The names stand above the bars, so that the bars keep their width on a narrow page.
                axis=alt.Axis(
                    labelAlign="left",
                    labelPadding=0,
                    labelOffset=-12,
                    labelLimit=alt.expr("width"),
                    minExtent=0,
                    maxExtent=0,
                ),
            ),
            x=alt.X("answers:Q", title="Answers", axis=alt.Axis(tickMinStep=1)).stack("zero"),
            color=alt.Color("option:N", scale=alt.Scale(domain=list(labels.values()))),
            order=alt.Order("rank:Q"),
            tooltip=[
                alt.Tooltip("card:N", title="Card"),
                alt.Tooltip("option:N", title="Option"),
                alt.Tooltip("answers:Q", title="Answers"),
            ],
        ),
        name="class-disagreement",
        title=f"On {(parted >= 50).sum()} of {len(cards)} cards two answers drawn at random differ at least as often as not",
        subtitle="Answers of the class by option, the cards with most disagreement on top; first tries only",
        description=(
            f"A bar for each of {len(cards)} cards shows how many chose each option. Most disagreement: "
            f"{named[hardest]}, {said(cards.loc[hardest])}. Least: {named[easiest]}, {said(cards.loc[easiest])}."
        ),
        source=source,
        table=table,
        height=_STEP * len(cards),
    )
