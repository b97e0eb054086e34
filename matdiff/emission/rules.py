"""The rules by which a program is made faster or more exact, and what each was found to be worth.

Every rule can be left out, so that `benchmarks/emitted.py --rules` can show what it is worth; no
rule changes a value beyond rounding.  The figures are times without the rule divided by times with
it, for sizes 10, 100 and 1000 where they fit.
"""

from __future__ import annotations


class Rule:
    """A rule: what is done instead of what, and the loss where it is ignored."""

    __slots__ = ("instead_of", "name", "summary", "worth")

    def __init__(self, name: str, summary: str, *, instead_of: str, worth: str) -> None:
        self.name, self.summary, self.instead_of, self.worth = name, summary, instead_of, worth

    def __repr__(self) -> str:
        return f"<{self.name}>"


KRONECKER = Rule(
    "kronecker",
    "Kronecker products and commutation matrices are applied factor by factor",
    instead_of="np.kron(A, B) @ x",
    worth="22 / 880 / 10 000 (n = 10 / 30 / 60)",
)
BY_PARTS = Rule(
    "by-parts",
    "a product with a sum of easy terms is a sum of products: p∘v - p(p'v) for (diag(p) - pp')v",
    instead_of="(np.diag(p) - np.outer(p, p)) @ v",
    worth="3 / 30 / 4 300",
)
CHAINS = Rule(
    "chains",
    "a chain of products is multiplied in the cheapest order",
    instead_of="A @ B @ x",
    worth="1 / 5 / 101",
)
SUMS_OF_PRODUCTS = Rule(
    "sums-of-products",
    "tr(A'B) and diag(A B) are sums over entries, without the product",
    instead_of="np.trace(A.T @ B)",
    worth="4.5 / 14 / 41",
)
SCALING = Rule(
    "scaling",
    "diag(d) A scales the rows of A, and A + diag(d) adds to its diagonal",
    instead_of="np.diag(d) @ A",
    worth="2 / 4 / 23",
)
POWERS = Rule(
    "powers",
    "whole powers of entries are products, halves are roots",
    instead_of="x**3",
    worth="8 / 65 / 27",
)
SOLVING = Rule(
    "solving",
    "an inverse that is only multiplied solves",
    instead_of="np.linalg.inv(A) @ x",
    worth="6 / 6 / 6",
)
SCALARS = Rule(
    "scalars",
    "a scalar multiplies the smallest array on the way",
    instead_of="-X.T @ v",
    worth="1 / 2 / 4",
)
SHARING = Rule(
    "sharing",
    "what occurs twice is computed once",
    instead_of="np.tanh(x) * (1 - np.tanh(x)**2)",
    worth="2.4 - 4.1",
)
DEFINITE = Rule(
    "definite",
    "matrices declared spd are solved and their determinants taken by Cholesky's factor",
    instead_of="np.linalg.slogdet(S)[1]",
    worth="1.2 - 2",
)
CONSTANTS = Rule(
    "constants",
    "identities and matrices of ones are not formed: they are broadcast, or a diagonal",
    instead_of="A + c * np.eye(n)",
    worth="1.2 - 5",
)
IN_PLACE = Rule(
    "in-place",
    "arithmetic on the program's own arrays writes into them",
    instead_of="t2 = t1 * B",
    worth="1.2 - 2",
)
STABLE = Rule(
    "stable",
    "log(1 + exp(x)), log(sum(exp(x))), log(det(X)) … in forms that neither overflow nor cancel, "
    "however they were written",
    instead_of="np.log(1 + np.exp(x))",
    worth="right digits where the formula as written has none",
)

ALL = (
    KRONECKER, BY_PARTS, CHAINS, SUMS_OF_PRODUCTS, SCALING, POWERS, SOLVING, SCALARS, SHARING,
    DEFINITE, CONSTANTS, IN_PLACE, STABLE,
)  # fmt: skip
