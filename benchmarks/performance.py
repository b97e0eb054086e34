"""docs/performance.md and its picture, measured on this machine: by hand, autodiff, and each rule.

    python benchmarks/performance.py      # needs the extra `bench`; about ten minutes

The tables are those of `emitted.py` and `autodiff.py` with the machine and the date.
"""

from __future__ import annotations

import argparse
import datetime
import os
import platform
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import Any

import autodiff
import emitted
import numpy as np
from handwritten import PROBLEMS

from matdiff.emission.rules import ALL

DOCS = Path(__file__).resolve().parents[1] / "docs"
Row = tuple[str, int, float, float, float]  # problem, n, seconds of theirs, seconds of ours, ratio


def main() -> None:
    """Measure everything and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peers", nargs="*", choices=["jax", "torch"], default=["jax", "torch"])
    options = parser.parse_args()
    by_hand = list(_told(against_hand()))
    made = [peer for peer in (autodiff.Jax, autodiff.Torch) if peer.name in options.peers]
    peers = [peer for peer in map(_peer, made) if peer is not None]
    tables = {peer.name: list(_told(against(peer))) for peer in peers}
    worths = [(rule.name, rule.summary, rule.instead_of, worth) for rule, worth in rules_worth()]
    picture(by_hand, tables)
    page = "\n".join(written(by_hand, tables, worths))
    (DOCS / "performance.md").write_text(page, encoding="utf-8")


def _told(rows: Iterator[Row]) -> Iterator[Row]:
    for row in rows:
        print(f"{row[0]:44} {row[1]:5} {row[4]:9.2f}", flush=True)
        yield row


def _peer(made: type[autodiff.Jax]) -> autodiff.Jax | None:
    try:
        return made()
    except ImportError:
        print(f"{made.name} is not installed and left out")
        return None


def against_hand() -> Iterator[Row]:
    for problem in PROBLEMS:
        for scale, sizes in problem.sizes.items():
            by_hand, ours, ratio = emitted.compared(problem, sizes)
            yield problem.name, scale, by_hand, ours, ratio


def against(peer: autodiff.Jax) -> Iterator[Row]:
    for problem in PROBLEMS:
        for structured in (False, True) if problem.kind == "hessian" else (False,):
            for scale, sizes in problem.sizes.items():
                found = autodiff.measured(peer, problem, sizes, structured=structured)
                if found is not None:
                    name = problem.name + (", structured" if structured else "")
                    yield name, scale, *found


def rules_worth() -> Iterator[tuple[Any, str]]:
    """For each rule the largest losses at each scale where it is left out."""
    for rule in ALL:
        largest: dict[int, tuple[float, str]] = {}
        for name, scale, ratio in emitted.losses(rule, PROBLEMS):
            if scale not in largest or ratio > largest[scale][0]:
                largest[scale] = (ratio, name)
        told = [f"{ratio:.1f} (n = {n}, {name})" for n, (ratio, name) in sorted(largest.items())]
        yield rule, "; ".join(told) or "none of these problems needs it"


def written(
    by_hand: Sequence[Row],
    tables: dict[str, list[Row]],
    worths: Sequence[tuple[str, str, str, str]],
) -> Iterator[str]:
    ratios = [row[4] for row in by_hand]
    yield "# How fast the emitted code is"
    yield ""
    yield "Measured by `benchmarks/performance.py` in one run, the functions compared called in"
    yield "turn; a ratio is the median of the ratios of single turns."
    yield ""
    yield f"Machine: {machine()}, numpy {np.__version__}, Python {platform.python_version()}, "
    yield f"{datetime.date.today()}."
    yield ""
    yield "![Times of others divided by times of the emitted code](performance.svg)"
    yield ""
    yield "## numpy, against the best that was written by hand"
    yield ""
    yield f"Emitted ÷ by hand: median {median(ratios):.2f}, worst {max(ratios):.2f}. The functions"
    yield "by hand are in `benchmarks/handwritten.py`; they check nothing, the emitted ones check"
    yield "all shapes."
    yield ""
    yield from table("by hand", by_hand)
    for name, rows in tables.items():
        yield ""
        yield f"## {name}, against its automatic differentiation"
        yield ""
        yield "The best of grad, jacrev, jacfwd and hessian ÷ the emitted function" + (
            ", all under jit." if name == "jax" else ", not compiled."
        )
        yield ""
        yield from table(name, rows)
    yield ""
    yield "## What each rule is worth"
    yield ""
    yield "Time without the rule ÷ time with it, on the problem where it matters most."
    yield ""
    yield "| rule | what it does | instead of | worth |"
    yield "| --- | --- | --- | --- |"
    for name, summary, instead, worth in worths:
        yield f"| {name} | {summary} | `{instead}` | {worth} |"
    yield ""


def table(other: str, rows: Sequence[Row]) -> Iterator[str]:
    yield f"| problem | n | {other} | emitted | ratio |"
    yield "| --- | ---: | ---: | ---: | ---: |"
    for name, scale, theirs, ours, ratio in rows:
        shown = f"{ratio:.2f}" if ratio < 10 else f"{ratio:.0f}"
        yield f"| {name} | {scale} | {emitted.us(theirs)} | {emitted.us(ours)} | {shown} |"


def machine() -> str:
    """The processor's name and the number of cores."""
    name = platform.processor() or platform.machine()
    information = Path("/proc/cpuinfo")
    if information.exists():
        lines = information.read_text(encoding="utf-8").splitlines()
        models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
        name = models[0] if models else name
    return f"{name}, {os.cpu_count()} cores"


def picture(by_hand: Sequence[Row], tables: dict[str, list[Row]]) -> None:
    """The ratios others ÷ ours, a mark for each problem and size."""
    import matplotlib

    matplotlib.use("svg")
    from matplotlib import pyplot

    matplotlib.rcParams["svg.hashsalt"] = "matdiff"
    figure, axes = pyplot.subplots(figsize=(8, 7))
    names = list(dict.fromkeys(row[0] for rows in (by_hand, *tables.values()) for row in rows))
    place = {name: len(names) - i for i, name in enumerate(names)}
    series = {"by hand": [(n, s, t, o, 1 / r) for n, s, t, o, r in by_hand], **tables}
    for (label, rows), mark in zip(series.items(), "osD", strict=False):
        for scale, size in ((10, 12), (30, 18), (100, 26), (400, 34), (1000, 44)):
            points = [(row[4], place[row[0]]) for row in rows if row[1] == scale]
            if points:
                axes.scatter(
                    *zip(*points, strict=True), s=size, marker=mark, alpha=0.7,
                    color={"by hand": "black", "jax": "tab:blue", "torch": "tab:orange"}[label],
                    label=label if scale == 100 else None,
                )  # fmt: skip
    axes.set_xscale("log")
    axes.axvline(1, color="gray", linewidth=0.8)
    axes.set_yticks(list(place.values()), list(place))
    axes.set_xlabel("time of the others ÷ time of the emitted code (larger marks: larger n)")
    axes.legend()
    figure.tight_layout()
    figure.savefig(DOCS / "performance.svg", metadata={"Date": None})


if __name__ == "__main__":
    main()
