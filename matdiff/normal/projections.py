"""The projections X X⁺ and X⁺X in products: M M⁺ M = M, X⁺X X' = X', (X⁺)'X⁺X = (X⁺)'.

Source: Magnus & Neudecker, section 2.7.
"""

from __future__ import annotations

from matdiff.normal.core import flip
from matdiff.operations.algebra import MULTIPLY, Expression
from matdiff.operations.nonlinear import PSEUDOINVERSE


def factors_of(node: Expression) -> tuple[Expression, ...]:
    """The factors of a product, or the node alone."""
    return node.arguments if node.operation is MULTIPLY else (node,)


def drop_projected(chain: list[Expression]) -> None:
    """M M⁺ M at the end of the chain as M, X⁺X X' and X'X X⁺ as X'; the transposes of X⁺ X X⁺."""
    if len(chain) > 2 and _drop_inverse_projected(chain):
        return
    if len(chain) > 2:
        A, X, B = chain[-3:]
        if A.operation is PSEUDOINVERSE and A.arguments[0] is X and flip(X) is B:
            del chain[-3:-1]
            return
        if B.operation is PSEUDOINVERSE and B.arguments[0] is X and flip(X) is A:
            del chain[-2:]
            return
    for at in range(len(chain) - 2, 0, -1):
        if chain[at].operation is PSEUDOINVERSE:
            inside = list(factors_of(chain[at].arguments[0]))
            if chain[at + 1 :] == inside == chain[max(at - len(inside), 0) : at]:
                del chain[at:]
            return


def _drop_inverse_projected(chain: list[Expression]) -> bool:
    """X X⁺(X⁺)' and (X⁺)'X⁺X at the end of the chain as (X⁺)': X X⁺ is symmetric, so is X⁺X."""
    last = chain[-1]
    if chain[-2].operation is PSEUDOINVERSE and flip(chain[-2]) is last:
        inside = list(factors_of(chain[-2].arguments[0]))
        if chain[-2 - len(inside) : -2] == inside:
            del chain[-2 - len(inside) : -1]
            return True
    for at in range(len(chain) - 2, 0, -1):
        inverse = chain[at]
        if inverse.operation is PSEUDOINVERSE:
            if chain[at + 1 :] == list(factors_of(inverse.arguments[0])):
                if chain[at - 1] is flip(inverse):
                    del chain[at:]
                    return True
            return False
    return False
