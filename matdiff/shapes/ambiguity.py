"""What is told of a text that can be read in several ways: the readings, fully bracketed."""

from __future__ import annotations

from collections.abc import Sequence

from matdiff.shapes.attempts import Attempt
from matdiff.shapes.candidates import Plan, joints_of
from matdiff.shapes.writing import Splits, postorder, text_of
from matdiff.syntax.tree import Tree

LONGEST = 200  # characters of a reading shown in full
_ARTICLES = {"matrix": "a matrix", "column": "a column", "scalar": "a scalar"}


def forks(roots: Sequence[Tree], attempts: list[Attempt]) -> list[str]:
    """Sentences about the readings that are as likely as the first, which is the one taken."""
    taken = attempts[0]
    found: list[str] = []
    for rival in attempts[1:]:
        if rival.kinds != taken.kinds:
            found.append(_kinds_fork(taken, rival))
        elif rival.meaning != taken.meaning:
            for i, root in enumerate(roots):
                one, other = taken.candidates[i], rival.candidates[i]
                if one.meaning != other.meaning:
                    found.append(_brackets_fork(root, one.plan, other.plan))
    return list(dict.fromkeys(found))[:1]


def _kinds_fork(taken: Attempt, rival: Attempt) -> str:
    names = [name for name, kind in taken.kinds.items() if rival.kinds[name] != kind]
    one = " and ".join(f"{name} as {_ARTICLES[taken.kinds[name]]}" for name in names)
    other = " and ".join(f"{name} as {_ARTICLES[rival.kinds[name]]}" for name in names)
    return f"undeclared names fit in several ways: {one} (taken), or {other}; declarations decide"


def _brackets_fork(root: Tree, taken: Plan, rival: Plan) -> str:
    one, other = joints_of(taken), joints_of(rival)
    shown = root
    differing = [
        node for node in postorder(root) if _differ(one.get(id(node)), other.get(id(node)))
    ]
    if len(differing) == 1:
        shown = differing[0]
    first, second = (text_of(shown, joints, LONGEST) for joints in (one, other))
    if first == second:
        first, second = (text_of(root, joints, LONGEST) for joints in (one, other))
    return (
        f"shapes allow several readings of {text_of(shown, longest=LONGEST)}: "
        f"{first} (taken), or {second}; brackets decide"
    )


def _differ(one: Splits | None, other: Splits | None) -> bool:
    return one != other
