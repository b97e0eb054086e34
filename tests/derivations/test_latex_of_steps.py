"""Derivations in LaTeX: KaTeX sets every one of the corpus."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))

from corpus import ask, load, readable

from matdiff.derivations.derivation import derivation
from matdiff.documents.derivations import steps_latex
from matdiff.errors import MatdiffError


def test_every_derivation_is_set() -> None:
    pykatex = pytest.importorskip(
        "pykatex", reason="KaTeX is not installed: no wheel for this machine"
    )
    number = 0
    for problem in map(readable, load()):
        try:
            steps = derivation(ask(problem))
        except MatdiffError:
            continue
        source = "\n".join(steps_latex(steps))
        written = pykatex.renderToString(source, displayMode=True, output="mathml", strict="error")
        assert "<math" in written, problem.id
        number += 1
    assert number > 440
