"""How long one command takes as a whole process, against importing its two libraries only.

Modules are compiled before, as those of an installed package are.  The two are run in turn, so
that a busy machine slows both, and the median of the ratios of neighbours is printed.  More than
twice the time of the imports is a failure (exit status 1).

    python benchmarks/startup.py [--rounds N] [--imports]
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from statistics import median

LARGEST_RATIO = 2.0
# lark does slow checks of grammars where this extra of the tests is installed
AS_INSTALLED = "import sys; sys.modules['interegular'] = None; "
START = AS_INSTALLED + "from matdiff.cli import main; main()"  # what the console script does
COMMAND = [sys.executable, "-P", "-c", START, "gradient", "x'A x", "--wrt", "x"]
BASELINE = [sys.executable, "-P", "-c", AS_INSTALLED + "import click, lark"]
IMPORTS_SHOWN = 25


def main() -> int:
    """Print both medians and the ratio; 1 if the command is too slow."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=21)
    parser.add_argument("--imports", action="store_true", help="also the slowest imports")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as compiled:
        environment = dict(os.environ, PYTHONPYCACHEPREFIX=compiled)
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        for command in (COMMAND, BASELINE):
            seconds(command, environment)
        pairs = [
            (seconds(COMMAND, environment), seconds(BASELINE, environment))
            for _ in range(options.rounds)
        ]
        imports = slowest_imports(environment) if options.imports else ""
    ratio = median(command / baseline for command, baseline in pairs)
    print(f"matdiff gradient    {1e3 * median(command for command, _ in pairs):6.1f} ms")
    print(f"import click, lark  {1e3 * median(baseline for _, baseline in pairs):6.1f} ms")
    print(f"ratio               {ratio:6.2f}    (at most {LARGEST_RATIO})")
    if imports:
        print(imports)
    return int(ratio > LARGEST_RATIO)


def seconds(command: list[str], environment: dict[str, str]) -> float:
    """The wall-clock time of a process, which must succeed."""
    begin = time.perf_counter()
    subprocess.run(
        command, check=True, stdin=subprocess.DEVNULL, capture_output=True, env=environment
    )
    return time.perf_counter() - begin


def slowest_imports(environment: dict[str, str]) -> str:
    """The modules that took longest by themselves."""
    timed = [COMMAND[0], "-X", "importtime", *COMMAND[1:]]
    done = subprocess.run(timed, check=True, capture_output=True, text=True, env=environment)
    found = []
    for line in done.stderr.splitlines():
        own, _, rest = line.removeprefix("import time:").partition("|")
        if own.strip().isdigit():  # the heading has words there
            found.append((int(own), rest.partition("|")[2].strip()))
    found.sort(reverse=True)
    return "\n".join(f"{own:8} µs  {module}" for own, module in found[:IMPORTS_SHOWN])


if __name__ == "__main__":
    sys.exit(main())
