"""How time grows with depth: gradients of definitions nested thousands deep.

    y_k = tanh(W y_{k-1}),  y_k = (W y_{k-1})∘b,  y_k = tanh(y_{k-1}∘y_{k-1})

    python benchmarks/scaling.py [--peers]

Prints seconds by depth and the ratio of 4096 to 1024, which is 4 where time is linear; exit status
1 if it is above 5 or a gradient takes more than 5 s.  With --peers SymPy differentiates the first
kind too, each depth in a process of its own under a time limit.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Callable

from matdiff.derivatives import derive
from matdiff.dimensions import ONE, Dimension
from matdiff.operations.algebra import Expression, forget_expressions, symbol
from matdiff.operations.elementwise import TANH, apply
from matdiff.operations.linear import total
from matdiff.rendering import text

DEPTHS = (64, 256, 1024, 4096)
LARGEST_RATIO, LONGEST = 5.0, 5.0
PEER_DEPTHS, PEER_SECONDS = (1, 2, 4, 8, 16), 20
N = Dimension.of("n")


def chains() -> dict[str, Callable[[Expression], Expression]]:
    """One step of each kind of definition."""
    W, b = symbol("W", N, N), symbol("b", N, ONE)
    return {
        "tanh(W y)": lambda y: apply(TANH, W @ y),
        "(W y)∘b": lambda y: (W @ y) * b,
        "tanh(y∘y)": lambda y: apply(TANH, y * y),
    }


def seconds(kind: str, depth: int) -> float:
    """The time to differentiate and print."""
    forget_expressions()
    step = chains()[kind]
    start = y = symbol("y", N, ONE)
    for _ in range(depth):
        y = step(y)
    begin = time.perf_counter()
    answer = derive("gradient", total(y), start)
    for part in (answer.printed, *(definition for _, definition in answer.where)):
        text(part)
    return time.perf_counter() - begin


SYMPY = """
import sys
from sympy import MatrixSymbol, tanh, ones, Trace
n, depth = 3, int(sys.argv[1])
W, y0 = MatrixSymbol("W", n, n), MatrixSymbol("y", n, 1)
y = y0
for _ in range(depth):
    y = (W * y).applyfunc(tanh)
print(str((ones(1, n) * y).diff(y0))[:1])
"""


def peer(depth: int) -> str:
    """What SymPy does with the first kind of chain at this depth."""
    begin = time.perf_counter()
    try:
        done = subprocess.run(
            [sys.executable, "-c", SYMPY, str(depth)], capture_output=True, timeout=PEER_SECONDS
        )
    except subprocess.TimeoutExpired:
        return f"more than {PEER_SECONDS} s"
    if done.returncode:
        return "fails: " + done.stderr.decode().strip().splitlines()[-1][:60]
    return f"{time.perf_counter() - begin:.2f} s with its start"


def main() -> int:
    """Print the table; 1 if time is not linear or too long."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--peers", action="store_true", help="SymPy beside it")
    options = parser.parse_args()
    print(f"{'':12}" + "".join(f"{depth:>9}" for depth in DEPTHS) + "    ratio")
    failed = False
    for kind in chains():
        times = [seconds(kind, depth) for depth in DEPTHS]
        ratio = times[-1] / times[-2]
        failed |= ratio > LARGEST_RATIO or times[-1] > LONGEST
        print(f"{kind:12}" + "".join(f"{t:8.3f}s" for t in times) + f"{ratio:9.2f}")
    if options.peers:
        for depth in PEER_DEPTHS:
            print(f"SymPy, tanh(W y), depth {depth}: {peer(depth)}")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
