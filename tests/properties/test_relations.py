"""Relations that hold between answers of matdiff, on random expressions.

Without more said 300 expressions are drawn, the same in every run.  MATDIFF_SOAK=20000 (`make
soak`) draws that many anew; MATDIFF_FIGURES names a file for the figures of each relation.
"""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from matdiff.operations.algebra import forget_expressions
from matdiff.rendering import text
from properties import checker, emitted, modes, rules, substitutions, theorems
from properties.cases import LEAST, MOST, RELATIONS, applicable, case_of, hold
from properties.shrinking import smallest

SOAK = int(os.environ.get("MATDIFF_SOAK", "0"))
EXPRESSIONS = SOAK or 300
PARTS = 6
STRIDE = 2**48  # between the numbers that one draw may give and those of the next
# imported for what they register
GROUPS = (rules, substitutions, modes, theorems, checker, emitted)
OUTCOMES = ("held", "outside", "undecided", "refused", "not applicable")
MOST_TOLD = 5
LARGEST_SHARE_UNDECIDED = 0.05

figures: Counter[tuple[str, str]] = Counter()
drawn: set[int] = set()
violations: list[str] = []
unhurried = settings(
    max_examples=EXPRESSIONS // PARTS,
    database=None,
    deadline=None,
    phases=(Phase.generate,),  # an expression is made smaller by `smallest`, which knows how
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.parametrize("part", range(PARTS))
def test_relations_hold(part: int) -> None:
    numbers: set[int] = set()
    before = len(violations)

    @seed(int.from_bytes(os.urandom(4)) if SOAK else part)
    @unhurried
    @given(st.integers(0, STRIDE - 1), st.integers(LEAST, MOST))
    def every_relation(number: int, nodes: int) -> None:
        # of numbers as they are drawn every other one would be there before
        number += STRIDE * (PARTS * len(numbers) + part)
        numbers.add(number)
        drawn.add(number)
        case = case_of(number, nodes)
        for stated in applicable(case):
            try:
                hold(case, stated, figures)
            except AssertionError as violation:
                violations.append(f"{violation}\nsmallest: {smallest(case, stated)}\n")
            except Exception as crash:
                where = f"{stated.name}, {text(case.Y)} by {text(case.X)}, {number}, {nodes}"
                violations.append(f"{where}: {crash!r}\n")
        if SOAK and len(drawn) % 50 == 0:
            _write_figures()
            forget_expressions()  # the table of nodes would fill the memory

    every_relation()
    _write_figures()
    assert len(violations) == before, "\n".join(violations[before:][:MOST_TOLD])


@pytest.mark.parametrize("name", RELATIONS)
def test_a_relation_is_tried_and_decided(name: str) -> None:
    """Every relation finds cases to speak of, and seldom leaves one undecided."""
    if not drawn:
        pytest.skip("the relations were tried in another process")
    counted = {outcome: figures[name, outcome] for outcome in OUTCOMES}
    assert counted["held"] >= len(drawn) // 120
    tried = sum(counted.values()) - counted["not applicable"]
    assert counted["undecided"] <= max(2, LARGEST_SHARE_UNDECIDED * tried), counted


def _write_figures() -> None:
    path = os.environ.get("MATDIFF_FIGURES")
    if path is None:
        return
    lines = [
        f"{len(drawn)} expressions",
        "",
        "| relation | " + " | ".join(OUTCOMES) + " |",
    ]
    lines.append("| --- |" + " ---: |" * len(OUTCOMES))
    for name in RELATIONS:
        counts = (str(figures[name, outcome]) for outcome in OUTCOMES)
        lines.append(f"| {name} | " + " | ".join(counts) + " |")
    lines += ["", *violations]
    Path(path).write_text("\n".join(lines) + "\n", encoding="utf-8")
