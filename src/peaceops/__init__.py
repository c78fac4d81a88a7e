"""Data, charts and exercises of the course Peacekeeping Partnerships."""

from importlib.metadata import version

from peaceops import network, paths
from peaceops.datasets import AS_OF, describe, load, tables
from peaceops.exercises import check, hint
from peaceops.theme import show

__version__ = version("peaceops")

__all__ = ["AS_OF", "check", "describe", "hint", "load", "network", "paths", "show", "tables"]
