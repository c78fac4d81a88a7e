"""The course's charts: a DataFrame in, an Altair chart out."""

from peaceops.charts.agreement import class_disagreement
from peaceops.charts.environment import (
    conflicts_by_type,
    operations_over_time,
    periods,
    personnel,
    resolutions_over_time,
)
from peaceops.charts.frameworks import chain_of_command, codings, timeline
from peaceops.charts.lifecycle import phases, steps
from peaceops.charts.motives import motive_matrix
from peaceops.charts.partnerships import network, paths

__all__ = [
    "chain_of_command",
    "class_disagreement",
    "codings",
    "conflicts_by_type",
    "motive_matrix",
    "network",
    "operations_over_time",
    "paths",
    "periods",
    "personnel",
    "phases",
    "resolutions_over_time",
    "steps",
    "timeline",
]
