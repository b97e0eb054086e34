"""How time grows with depth: gradients of definitions nested thousands deep.

    y_k = tanh(W y_{k-1}),  y_k = (W y_{k-1})∘b,  y_k = tanh(y_{k-1}∘y_{k-1})

    python benchmarks/scaling.py [--peers]

Prints seconds by depth and the ratio of 4096 to 1024, which is 4 where time is linear; exit status
1 if it is above 5 or a gradient takes more than 5 s.  With --peers the first kind is differentiated
by SymPy and tensorgrad too (where installed), side by side with matdiff, each depth in a process
of its own under a time limit; a tool that failed is not asked for more depth.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial

from matdiff.derivatives import derive
from matdiff.dimensions import ONE, Dimension
from matdiff.operations.algebra import Expression, forget_expressions, symbol
from matdiff.operations.elementwise import TANH, apply
from matdiff.operations.linear import total
from matdiff.rendering import text

DEPTHS = (64, 256, 1024, 4096)
LARGEST_RATIO, LONGEST = 5.0, 5.0
PEERS = ("sympy", "tensorgrad")
PEER_DEPTHS, PEER_SECONDS = (1, 2, 4, 8, 16, 32, 64, 128), 20
N = Dimension.of("n")


def chains() -> dict[str, Callable[[Expression], Expression]]:
    """One step of each kind of definition."""
    W, b = symbol("W", N, N), symbol("b", N, ONE)
    return {
        "tanh(W y)": lambda y: apply(TANH, W @ y),
        "(W y)∘b": lambda y: (W @ y) * b,
        "tanh(y∘y)": lambda y: apply(TANH, y * y),
    }


def nested(kind: str, depth: int) -> tuple[Expression, Expression]:
    """The sum of y_depth, and y_0."""
    step = chains()[kind]
    start = y = symbol("y", N, ONE)
    for _ in range(depth):
        y = step(y)
    return total(y), start


def seconds(kind: str, depth: int) -> float:
    """The time to differentiate and print."""
    forget_expressions()
    f, start = nested(kind, depth)
    begin = time.perf_counter()
    answer = derive("gradient", f, start)
    for part in (answer.printed, *(definition for _, definition in answer.where)):
        text(part)
    return time.perf_counter() - begin


PEER = """
import sys, time, importlib
import scaling
peer = importlib.import_module(sys.argv[1])
question = peer.translate(*scaling.nested("tanh(W y)", int(sys.argv[2])))
begin = time.perf_counter()
peer.differentiate(*question)
print(time.perf_counter() - begin)
"""


def peer_time(module: str, depth: int) -> str:
    """What a peer does with the first kind of chain at this depth."""
    try:
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", PEER, module, str(depth)],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            text=True,
            timeout=PEER_SECONDS,
        )
    except subprocess.TimeoutExpired:
        return f"more than {PEER_SECONDS} s"
    if done.returncode:
        return "fails: " + done.stderr.strip().splitlines()[-1][:60]
    return f"{float(done.stdout):.3f}s"


def compare() -> None:
    """The table of --peers."""
    tools = {"matdiff": lambda depth: f"{seconds('tanh(W y)', depth):.3f}s"}
    tools |= {name: partial(peer_time, f"peer_{name}") for name in PEERS}
    for name, ask in tools.items():
        print(f"\n{name}, tanh(W y) by depth")
        for depth in PEER_DEPTHS:
            answer = ask(depth)
            print(f"{depth:>8}  {answer}")
            if not answer.endswith("s") or answer.startswith("more"):
                break


def main() -> int:
    """Print the table; 1 if time is not linear or too long."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--peers", action="store_true", help="SymPy and tensorgrad beside it")
    options = parser.parse_args()
    print(f"{'':12}" + "".join(f"{depth:>9}" for depth in DEPTHS) + "    ratio")
    failed = False
    for kind in chains():
        times = [seconds(kind, depth) for depth in DEPTHS]
        ratio = times[-1] / times[-2]
        failed |= ratio > LARGEST_RATIO or times[-1] > LONGEST
        print(f"{kind:12}" + "".join(f"{t:8.3f}s" for t in times) + f"{ratio:9.2f}")
    if options.peers:
        compare()
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
