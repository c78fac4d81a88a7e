"""The gates of facts and of the repository reject a broken copy, run there by their own command."""

import os
import subprocess
import sys

import pytest

# gate, file, what stands there, what it becomes, the test that must see it
BROKEN = [
    ("data_facts", "data/operations.csv", "un_peacekeeping,1988-05-01", "un_peacekeeping,1987-05-01", "two_counts"),
    ("data_facts", "data/operations.csv", "un_peacekeeping,2005-03-24", "un_peacekeeping,2006-03-24", "founding"),
    ("data_facts", "data/indicators.csv", "2022,un_personnel,,", "2022,un_personnel,0,", "unknown"),
    ("data_facts", "data/indicators.csv", "1994,resolutions,77,", "1994,resolutions,78,", "resolutions"),
    ("repository", "CITATION.cff", "version: 0.3.0", "version: 0.2.9", "version"),
    ("repository", "README.md", "(CHANGELOG.md)", "(CHANGES.md)", "links"),
    ("repository", "requirements/lab.txt", " \\\n    --hash=sha256:", " # sha256:", "lock"),
]


@pytest.mark.slow
@pytest.mark.parametrize(("gate", "name", "old", "new", "seen"), BROKEN, ids=lambda value: str(value)[:24])
def test_a_broken_copy_is_rejected(copy, gate, name, old, new, seen):
    """Fails if a gate passes a copy of the repository that was broken for it."""
    path = copy / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", f"tests/test_{gate}.py"]
    env = dict(os.environ, PYTHONPATH=str(copy / "src"))
    done = subprocess.run(command, cwd=copy, env=env, capture_output=True, encoding="utf-8")
    failed = [line for line in done.stdout.splitlines() if line.startswith("FAILED")]
    assert done.returncode == 1, done.stdout + done.stderr
    assert any(seen in line.lower() for line in failed), failed
