"""What every chart of the course gets."""

import textwrap

import altair as alt
import pandas as pd

_WIDTH = 640


def finish(chart, *, name, title, subtitle, description, source, table, height=300):
    """Give a chart its size, title, description, source and table.

    Parameters
    ----------
    chart : altair.Chart or altair.LayerChart
        The drawing.
    name : str
        Its id on a page.
    title, subtitle : str
        The message, and what is measured in which unit.
    description : str
        What a screen reader reads.
    source : str
        Follows the word “Source: ”.
    table : pandas.DataFrame
        The data, as a reader sees them one click away.
    height : int
        Pixels.

    Returns
    -------
    altair.Chart or altair.LayerChart
        The same drawing, finished.
    """
    rows = [[None if pd.isna(value) else value for value in row] for row in table.astype(object).to_numpy().tolist()]
    return chart.properties(
        width=_WIDTH,
        height=height,
        title=alt.TitleParams(textwrap.wrap(title, 70), subtitle=textwrap.wrap(subtitle, 95)),
        description=description,
        usermeta={"name": name, "source": source, "table": {"columns": list(table.columns), "rows": rows}},
    )
