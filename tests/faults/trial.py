"""What the relations say of the package as it stands: the first that does not hold, as JSON.

python trial.py EXPRESSIONS, in a checkout whose `tests` folder is on the path.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from random import Random

SEED = 20_000
LEAST, MOST = 3, 24  # nodes: a fault shows in small expressions too, and these are quick


def trial(expressions: int) -> dict[str, str]:
    """The name of the relation and what it said, empty if all held."""
    try:
        from properties import checker, emitted, modes, rules, substitutions, theorems  # noqa: F401
        from properties.cases import applicable, case_of, hold
    except Exception as problem:  # the fault keeps the package from being imported
        return {"relation": "import", "said": repr(problem)}
    random = Random(SEED)
    for _ in range(expressions):
        stated = None
        try:
            case = case_of(random.getrandbits(40), random.randint(LEAST, MOST))
            for stated in applicable(case):
                hold(case, stated, Counter())
        except AssertionError as violation:
            name = stated.name if stated is not None else "building an expression"
            return {"relation": name, "said": str(violation)}
        except Exception as problem:  # a crash is found as well as a wrong value
            name = stated.name if stated is not None else "building an expression"
            return {"relation": f"{name}, {type(problem).__name__}", "said": repr(problem)}
    return {}


if __name__ == "__main__":
    print(json.dumps(trial(int(sys.argv[1]))))
