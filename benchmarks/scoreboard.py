"""How many problems of the corpus matdiff solves, and how its formulas compare with people's.

    python benchmarks/scoreboard.py                  a table by collection and kind
    python benchmarks/scoreboard.py --list longer    problem, our formula, the human's
    python benchmarks/scoreboard.py --only mathse-1  one problem
    python benchmarks/scoreboard.py --json           every outcome, a line each
    python benchmarks/scoreboard.py --further        the problems of further.jsonl instead

`no longer` is the share of right answers among all problems that have no more tokens than the
human's; `ratio` the median of ours/human's over the right ones; `tokens` the ratio of the totals.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterable
from statistics import median

from corpus import COLLECTIONS, FURTHER, Outcome, attempt, load

LISTS: dict[str, Callable[[Outcome], bool]] = {
    "wrong": lambda outcome: outcome.verdict in ("wrong", "crashed"),
    "refused": lambda outcome: outcome.verdict == "refused",
    "longer": lambda outcome: outcome.verdict == "right" and not outcome.no_longer,
}
COLUMNS = ("problems", "right", "wrong", "refused", "no longer", "ratio", "tokens", "ms")


def main() -> None:
    """Run the corpus and print what was asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--json", action="store_true", help="print every outcome as JSON Lines")
    parser.add_argument("--list", choices=LISTS, help="print these problems")
    parser.add_argument("--only", metavar="ID", help="one problem")
    parser.add_argument("--further", action="store_true", help="the problems of further.jsonl")
    options = parser.parse_args()
    collections = FURTHER if options.further else COLLECTIONS
    outcomes = [attempt(problem) for problem in load(options.only, collections)]
    if options.json:
        for outcome in outcomes:
            print(json.dumps(record(outcome), ensure_ascii=False))
    elif options.list or options.only:
        for outcome in outcomes:
            if options.only or LISTS[options.list](outcome):
                print(comparison(outcome), end="\n\n")
    else:
        print(table(outcomes))


def record(outcome: Outcome) -> dict[str, object]:
    """An outcome as a JSON object."""
    return {
        "id": outcome.problem.id,
        "kind": outcome.problem.kind,
        "verdict": outcome.verdict,
        "reason": outcome.reason,
        "formula": outcome.ours,
        "length": outcome.length,
        "human": outcome.human,
        "human_length": outcome.human_length,
        "seconds": round(outcome.seconds, 6),
    }


def comparison(outcome: Outcome) -> str:
    """A problem with both formulas, as `--list` prints it."""
    entry = outcome.problem.entry
    lines = [
        f"{outcome.problem.id}: {outcome.problem.kind} of {entry['expr']} wrt {entry['wrt']}",
        f"  where {outcome.problem.declarations}",
        f"  human ({outcome.human_length}): {outcome.human}",
    ]
    if outcome.ours:
        lines.append(f"  ours ({outcome.length}): {outcome.ours}")
    if outcome.reason:
        lines.append(f"  {outcome.verdict}: {outcome.reason}")
    return "\n".join(lines)


def table(outcomes: list[Outcome]) -> str:
    """The counts by collection, by kind and over all."""
    groups: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        groups.setdefault(outcome.problem.collection, []).append(outcome)
    for outcome in outcomes:
        groups.setdefault(outcome.problem.kind, []).append(outcome)
    groups["all"] = outcomes
    lines = ["".join([f"{'':10}", *(f"{name:>10}" for name in COLUMNS)])]
    lines += [
        "".join([f"{name:10}", *(f"{cell:>10}" for cell in cells(group))])
        for name, group in groups.items()
    ]
    return "\n".join(lines)


def cells(outcomes: list[Outcome]) -> Iterable[str]:
    """One row of the table, without its name."""
    right = [outcome for outcome in outcomes if outcome.verdict == "right"]
    yield str(len(outcomes))
    yield share(len(right), len(outcomes))
    yield str(sum(map(LISTS["wrong"], outcomes)))
    yield str(sum(map(LISTS["refused"], outcomes)))
    yield share(sum(outcome.no_longer for outcome in outcomes), len(outcomes))
    if not right:
        return
    yield f"{median(o.length / o.human_length for o in right):.2f}"
    yield f"{sum(o.length for o in right) / sum(o.human_length for o in right):.2f}"
    yield f"{1e3 * median(o.seconds for o in right):.2f}"


def share(part: int, whole: int) -> str:
    """A percentage."""
    return f"{100 * part / whole:.1f} %"


if __name__ == "__main__":
    main()
