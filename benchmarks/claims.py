"""How long `matdiff check` takes for a thousand claims, and whether its verdicts are right.

    python benchmarks/claims.py [--jobs N] [--claims N]

The claims are those of tests/corpus: of each problem the accepted answer and the wrong ones, in a
`.mx` file of its own.  No answer may be called wrong, no wrong one may pass.

Exit status 1 for a false verdict, or if it takes longer than 20 s.  A machine that is busy with
other things slows it; so it is enough if the processors worked no longer than that on it.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from corpus import COLLECTIONS, FURTHER, Problem, load, readable

LONGEST = 20.0  # seconds
START = "import sys; sys.modules['interegular'] = None; from matdiff.cli import main; main()"
PASSED = ("proved", "agrees")


def main() -> int:
    """Print the time and the verdicts; 1 if one of them is not as it should be."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--claims", type=int, default=1000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        expected = write_files(Path(folder), options.claims)
        begin = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-P", "-c", START, "check", ".", "-j", str(options.jobs)]
            + ["--format", "json"],
            cwd=folder, capture_output=True, text=True, check=False,
            env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[1]), "PYTHONUTF8": "1"},
        )  # fmt: skip
        seconds = time.perf_counter() - begin
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    worked = used.ru_utime + used.ru_stime
    found = {}
    for line in done.stdout.splitlines():
        record = json.loads(line)
        place = (record["file"].removeprefix("./"), record["line"])
        found[place] = record.get("verdict", "error")
    outcomes = Counter((kind, found.get(place, "missing")) for place, kind in expected.items())
    false = [
        f"{file}:{line}: {kind} but {found.get((file, line), 'missing')}"
        for (file, line), kind in expected.items()
        if is_false(kind, found.get((file, line), "missing"))
    ]
    for kind in ("right", "wrong"):
        shown = ", ".join(
            f"{n} {verdict}" for (k, verdict), n in outcomes.most_common() if k == kind
        )
        print(f"{kind:5} formulas   {shown}")
    print(*false, sep="\n", end="\n" if false else "")
    print(
        f"{len(expected)} claims      {seconds:.1f} s with -j {options.jobs}, "
        f"{worked:.1f} s of the processors    (at most {LONGEST:.0f})"
    )
    return 1 if false or min(seconds, worked) > LONGEST else 0


def is_false(kind: str, verdict: str) -> bool:
    """Whether a verdict must not be: what was not decided, and what was refused, is not false."""
    if verdict == "missing":
        return True
    return verdict in (("wrong",) if kind == "right" else PASSED)


def write_files(folder: Path, most: int) -> dict[tuple[str, int], str]:
    """A file for each problem; file and line of each claim, and whether it is right or wrong."""
    expected: dict[tuple[str, int], str] = {}
    for problem in map(readable, load(collections=(*COLLECTIONS, *FURTHER))):
        claims = list(islice(statements(problem), most - len(expected)))
        lines = [f"{problem.declarations}"]
        name = f"{problem.id}.mx"
        for statement, kind in claims:
            lines.append(statement)
            expected[name, len(lines)] = kind
        if claims:
            (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return expected


def statements(problem: Problem) -> Iterator[tuple[str, str]]:
    """Each claim about a problem, and whether it is right or wrong."""
    entry = problem.entry
    # the corpus varies all entries of the variable, whatever is assumed of its values
    asked = f"{problem.kind} {entry['expr']} wrt {entry['wrt']} as free"
    yield f"{asked} == {entry['answer']}", "right"
    for wrong in entry.get("wrong", []):
        yield f"{asked} == {wrong['answer']}", "wrong"


if __name__ == "__main__":
    sys.exit(main())
