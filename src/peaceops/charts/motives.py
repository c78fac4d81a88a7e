"""The chart of motives: which source names which motive for which relationship."""

import altair as alt
import pandas as pd

from peaceops.charts._finish import finish
from peaceops.charts._known import known
from peaceops.lifecycle import DYADS
from peaceops.motives import CODERS, MOTIVES

_HEAD, _ROW = 28, 56  # pixels: the pairs' names, and a motive with its marks


def motive_matrix(codings):
    """Draw which motives drive which relationship, as Haugevik's figure, her text and the course read it.

    Parameters
    ----------
    codings : pandas.DataFrame
        Rows of the table ``motive_codings``: ``dyad_id``, ``motive_id``, ``coder``, ``present`` (yes, no, not_stated).

    Returns
    -------
    altair.LayerChart
        A row per motive, a column per pair, a mark per coder: filled for yes, outlined for no, a dash where the coder
        does not say.

    Raises
    ------
    ValueError
        For a pair, motive, coder or answer that the course does not know.
    """
    coders = list(CODERS)
    answers = {"yes": "yes", "no": "no, or not listed", "not_stated": "not stated"}
    for column, allowed, what in (
        ("dyad_id", DYADS, "pair"),
        ("motive_id", MOTIVES, "motive"),
        ("coder", coders, "coder"),
        ("present", answers, "reading"),
    ):
        known(codings[column], allowed, what)
    pairs = [name for name in DYADS if name in set(codings["dyad_id"])]
    motives = [name for name in MOTIVES if name in set(codings["motive_id"])]
    across, down = codings["dyad_id"].map(pairs.index), codings["motive_id"].map(motives.index)
    # Three marks stand close around the middle of their cell, however wide the page.
    middle = (across + 0.5) / len(pairs)
    drawn = pd.DataFrame(
        {
            "motive": codings["motive_id"].astype(str),
            "pair": codings["dyad_id"].map(DYADS).astype(str),
            "coder": codings["coder"].map(CODERS).astype(str),
            "present": codings["present"].map(answers).astype(str),
            "x": middle.round(4),
            "shift": codings["coder"].map(coders.index) - 1,
            "y": _HEAD + _ROW * down + 32,
        }
    ).sort_values(["y", "x", "shift"])
    labels = [CODERS[name] for name in coders]
    x, y = (
        (lambda name: alt.X(f"{name}:Q", axis=None, scale=None)),
        (lambda name: alt.Y(f"{name}:Q", axis=None, scale=None)),
    )
    legend = alt.Legend(values=labels, columns=alt.expr("width < 420 ? 1 : 3"), symbolSize=110, symbolOpacity=1)
    # The palette's sixth colour is grey: it is for the cells in which figure and text part.
    domain = [*labels, " ", "  ", "parted"]
    colour, shape = alt.Scale(domain=domain), alt.Scale(domain=domain, range=["circle", "square", "diamond"] * 2)
    tips = [
        alt.Tooltip("pair:N", title="Pair"),
        alt.Tooltip("motive:N", title="Motive"),
        alt.Tooltip("coder:N", title="Coder"),
        alt.Tooltip("present:N", title="Present"),
    ]
    # One saying yes where the other does not.
    said = codings[codings["coder"] != "course"].assign(yes=codings["present"] == "yes")
    by_cell = said.pivot(index=["dyad_id", "motive_id"], columns="coder", values="yes").dropna()
    parted = by_cell[by_cell.nunique(axis=1) > 1].index if len(by_cell.columns) > 1 else by_cell.index[:0]
    boxes = pd.DataFrame(
        [
            ("parted", round((pairs.index(pair) + 0.5) / len(pairs), 4), _HEAD + _ROW * motives.index(motive) + 19)
            for pair, motive in parted
        ],
        columns=["what", "x", "y"],
    )
    heads = pd.DataFrame(
        {
            "text": [DYADS[name] for name in pairs],
            "x": [round((n + 0.5) / len(pairs), 4) for n in range(len(pairs))],
            "y": 8,
        }
    )
    names = pd.DataFrame(
        {
            "text": [name.capitalize() for name in motives],
            "x": 0,
            "y": [_HEAD + _ROW * n + 8 for n in range(len(motives))],
        }
    )
    key = pd.DataFrame(
        {"text": ["Filled: yes · outlined: no · dash: not stated"], "x": 0, "y": [_HEAD + _ROW * len(motives) + 10]}
    )

    def placed(rows):
        return alt.Chart(rows).transform_calculate(px="width * datum.x")

    step = f"min(20, width / {len(pairs)} * 0.3)"
    marks = alt.Chart(drawn).transform_calculate(px=f"width * datum.x + datum.shift * {step}")
    marks = marks.encode(x=x("px"), y=y("y"), tooltip=tips)
    words = {"x": x("px"), "y": y("y"), "text": "text:N"}
    return finish(
        alt.layer(
            alt.Chart(boxes)
            .transform_calculate(
                left=f"width * datum.x - 1.5 * {step}", right=f"width * datum.x + 1.5 * {step}", below="datum.y + 26"
            )
            .mark_rect(fillOpacity=0.4, cornerRadius=4)
            .encode(
                x=x("left"), x2="right", y=y("y"), y2="below", fill=alt.Fill("what:N", scale=colour, legend=legend)
            ),
            marks.transform_filter("datum.present != 'not stated'")
            .mark_point(size=100, strokeWidth=2, opacity=1)
            .encode(
                fill=alt.Fill("coder:N", scale=colour, legend=legend),
                stroke=alt.Stroke("coder:N", scale=colour, legend=legend),
                shape=alt.Shape("coder:N", scale=shape, legend=legend),
                fillOpacity=alt.when("datum.present == 'yes'").then(alt.value(1)).otherwise(alt.value(0)),
            ),
            marks.transform_filter("datum.present == 'not stated'")
            .mark_point(shape="stroke", size=80, strokeWidth=2, opacity=1)
            .encode(stroke=alt.Stroke("coder:N", scale=colour, legend=legend)),
            placed(heads).mark_text(fontSize=alt.expr("width < 420 ? 11 : 13"), fontWeight="bold").encode(**words),
            placed(names).mark_text(align="left", fontWeight="bold").encode(**words),
            placed(key).mark_text(align="left", fontSize=12).encode(**words),
        ),
        name="motive-matrix",
        title=f"Haugevik’s figure and her text part on {len(parted)} of {len(by_cell)} pairs and motives",
        subtitle="Motives that each source gives for each relationship; shaded: one says yes and the other does not",
        description=" ".join(
            f"{DYADS[name]}: "
            + "; ".join(
                f"{CODERS[coder]} names "
                + (", ".join(own.loc[(own["coder"] == coder) & (own["present"] == "yes"), "motive_id"]) or "none")
                for coder in coders
            )
            + "."
            for name in pairs
            for own in [codings[codings["dyad_id"] == name]]
        ),
        source="the course's table motive_codings, after Haugevik (2007) and the course's own reading.",
        table=drawn[["motive", "pair", "coder", "present"]].set_axis(
            ["Motive", "Pair", "Coder", "Present"], axis="columns"
        ),
        height=_HEAD + _ROW * len(motives) + 20,
    )
