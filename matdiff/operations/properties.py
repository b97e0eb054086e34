"""What an operation makes of its arguments' properties: symmetric, spd, positive …

A property holds for every value that an expression can take.  Of a variable it is declared; of
any other node it follows by the rule in the record of its operation.  A rule is called with the
node, the properties of its arguments, and `mirrors`, which tells of two expressions whether the
second is the transpose of the first (1), minus that (-1), or neither as far as is seen (0).  It
gives the names that it knows; `implications.closed` adds what these imply.  What no rule gives is
not known, which is never the same as false.

Besides the declared ones there are "nonnegative" (entries), "psd" (symmetric positive
semidefinite) and "positive diagonal" (entries of the diagonal).  A 1×1 matrix is diagonal, so a
positive scalar is spd, one that is 1 or -1 orthogonal, and s A has what s⊗A has.

Source: Horn & Johnson, Matrix Analysis, sections 7.1 (congruence) and 7.5 (Schur's product).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING

from matdiff.operations.implications import Properties as Properties  # for the rules of records

if TYPE_CHECKING:
    from matdiff.operations.algebra import Expression

Mirrors = Callable[["Expression", "Expression"], int]
Names = AbstractSet[str]
Rule = Callable[["Expression", Sequence[Properties], Mirrors], Names]

NONE: Properties = frozenset()
MOST_PAIRED = 12  # terms of a sum or factors of a Hadamard product that are compared in pairs

SIGNS = frozenset({"positive", "nonnegative"})
ENTRIES = SIGNS | {"binary"}
TRIANGLES = frozenset({"diagonal", "lower", "upper"})


def shared(given: Sequence[Properties]) -> Properties:
    """The properties that all arguments have."""
    return given[0].intersection(*given[1:])


# -- leaves --------------------------------------------------------------------------------------


def always(*names: str) -> Rule:
    """A node that has these properties whatever its arguments are."""
    found = frozenset(names)
    return lambda node, given, mirrors: found


def of_symbol(node: Expression, given: Sequence[Properties], mirrors: Mirrors) -> Names:
    """What was declared of a variable: its parameters are name, rows, columns and properties.
    A triangular one is positive within its triangle only, and may be oblong."""
    names = frozenset(node.parameters[3:])
    if "positive" in names and not names.isdisjoint(TRIANGLES):
        names = names - {"positive"} | {"nonnegative", "positive diagonal"}
    return names if node.rows is node.columns else names - TRIANGLES


def of_number(node: Expression, given: Sequence[Properties], mirrors: Mirrors) -> Names:
    """A number, as a 1×1 matrix."""
    (value,) = node.parameters
    found = {"invertible"} if value else {"binary"}
    found |= {"orthogonal"} if value in (1, -1) else NONE
    return found | ({"positive"} if value > 0 else NONE)


def of_constant(entries: str, square: str) -> Rule:
    """A constant matrix: its entries' property, and what it has besides where it is square."""

    def rule(node: Expression, given: Sequence[Properties], mirrors: Mirrors) -> Names:
        names = f"{entries}, {square}" if node.rows is node.columns else entries
        return frozenset(names.split(", "))

    return rule


def of_commutation(node: Expression, given: Sequence[Properties], mirrors: Mirrors) -> Names:
    """K(m,n), a permutation; its transpose is K(n,m)."""
    m, n = node.parameters
    return {"orthogonal", "onehot"} | ({"symmetric"} if m is n else NONE)


# -- the algebra ---------------------------------------------------------------------------------


def of_sum(node: Expression, given: Sequence[Properties], mirrors: Mirrors) -> Names:
    """A + B: a convex cone keeps its sums, and one term inside it is enough; A + A'."""
    common = shared(given)
    found = set(common & {"symmetric", "skew", "diagonal", "lower", "upper", "psd", "nonnegative"})
    for all_have, one_has in (("psd", "spd"), ("nonnegative", "positive")):
        if all_have in common and any(one_has in names for names in given):
            found.add(one_has)
    if all(not names.isdisjoint({"positive diagonal", "psd", "nonnegative"}) for names in given):
        found |= {"positive diagonal"}.intersection(*[frozenset().union(*given)])
    if "symmetric" not in common and "skew" not in common:
        signs = _signs_of_transposes(node, given, mirrors)
        if set(signs) in ({1}, {-1}):
            found.add("symmetric" if signs[0] == 1 else "skew")
    return found


def of_hadamard(node: Expression, given: Sequence[Properties], mirrors: Mirrors) -> Names:
    """A∘B: Schur's product theorem; A∘A'."""
    common = shared(given)
    found = set(common & {"positive", "nonnegative", "binary", "psd", "spd", "positive diagonal"})
    found |= TRIANGLES & frozenset().union(*given)
    signs = _signs_of_transposes(node, given, mirrors)
    if signs:
        found.add("skew" if signs.count(-1) % 2 else "symmetric")
    return found


def _signs_of_transposes(
    node: Expression, given: Sequence[Properties], mirrors: Mirrors
) -> list[int]:
    """For each argument 1 or -1, if its transpose, or minus that, is an argument too; [] if that
    is not so of every argument."""
    if node.rows is not node.columns:
        return []
    signs: list[int] = []
    for argument, names in zip(node.arguments, given, strict=True):
        sign = 1 if "symmetric" in names else -1 if "skew" in names else 0
        if not sign and len(given) <= MOST_PAIRED:
            sign = next(filter(None, (mirrors(argument, other) for other in node.arguments)), 0)
        if not sign:
            return []
        signs.append(sign)
    return signs


def of_product(node: Expression, given: Sequence[Properties], mirrors: Mirrors) -> Names:
    """A B …: groups of matrices, and the congruences A'S A."""
    common = shared(given)
    found = set(common & (TRIANGLES | SIGNS | {"orthogonal", "invertible", "posdet"}))
    if "positive diagonal" in common and not common.isdisjoint({"lower", "upper", "nonnegative"}):
        found.add("positive diagonal")
    if node.rows is node.columns:
        found |= _of_congruence(node.arguments, given, mirrors)
    return found


def _of_congruence(
    factors: Sequence[Expression], given: Sequence[Properties], mirrors: Mirrors
) -> Properties:
    """A'B'S B A has what S has of symmetry, and is psd if S is; S may be missing."""
    sign, count = 1, len(factors)
    for i in range(count // 2):
        sign *= mirrors(factors[i], factors[count - 1 - i])
        if not sign:
            return NONE
    middle = given[count // 2] if count % 2 else frozenset({"psd", "symmetric"})
    kept = middle & ({"symmetric", "psd"} if sign > 0 else {"symmetric"})
    return kept if "symmetric" in middle else middle & {"skew"}


def of_entries(node: Expression, given: Sequence[Properties], mirrors: Mirrors) -> Names:
    """A matrix whose entries are those of the arguments, or products of them."""
    return shared(given) & ENTRIES


def of_kronecker(node: Expression, given: Sequence[Properties], mirrors: Mirrors) -> Names:
    """A⊗B, and s A for a scalar s: eigenvalues and entries are the products of the factors'."""
    found = set(shared(given) - {"skew", "scalar"})
    if all(not names.isdisjoint({"symmetric", "skew"}) for names in given):
        odd = sum("symmetric" not in names for names in given) % 2
        found.add("skew" if odd else "symmetric")
    return found


def of_transpose(node: Expression, given: Sequence[Properties], mirrors: Mirrors) -> Names:
    """A': lower and upper change places; rows with a single one become columns."""
    (names,) = given
    turned = {"lower": "upper", "upper": "lower", "onehot": "binary"}
    return {turned.get(name, name) for name in names - {"scalar"}}


def of_inner(node: Expression, given: Sequence[Properties], mirrors: Mirrors) -> Names:
    """A : B, a sum of products of entries; of two psd matrices it is not negative either."""
    A, B = node.arguments
    common = shared(given)
    return common & SIGNS | ({"nonnegative"} if A is B or "psd" in common else NONE)


# -- functions of entries ------------------------------------------------------------------------

ODD = ("skew", "diagonal", "lower", "upper")  # kept by f with f(-x) = -f(x)
POSITIVE = ("positive", "nonnegative", "positive diagonal")
GROWING = (*ODD, *POSITIVE)  # kept by an odd function that grows


def entrywise(*names: str, and_always: str = "") -> Rule:
    """A function of each entry; it keeps symmetry, and those of these properties there are."""
    return keeping("symmetric", *names, and_always=and_always)


def of_power(node: Expression, given: Sequence[Properties], mirrors: Mirrors) -> Names:
    """X.^a; where the power is not an integer, it exists for entries >= 0 only."""
    names, exponent = given[0], node.arguments[1]
    found = set(names & {"symmetric", "positive"})
    if exponent.operation.name != "number":
        return found | (names & {"nonnegative"})
    (a,) = exponent.parameters
    if a > 0:
        found |= names & TRIANGLES | names & {"binary"}
    if names & {"positive diagonal", "spd"}:
        found.add("positive diagonal")
    if a == int(a):
        found |= names & {"psd", "spd"} if a > 0 else NONE  # Schur
        if a % 2:
            return found | (names & {"skew", "nonnegative"} if a > 0 else names & {"nonnegative"})
        found |= {"symmetric"} if "skew" in names else NONE
    return found | {"positive" if a < 0 else "nonnegative"}


# -- functions of one matrix ---------------------------------------------------------------------


def keeping(*names: str, and_always: str = "") -> Rule:
    """A result that has those of these properties that the (first) argument has."""
    kept, added = frozenset(names), frozenset(filter(None, [and_always]))
    return lambda node, given, mirrors: given[0] & kept | added


def of_inverse(node: Expression, given: Sequence[Properties], mirrors: Mirrors) -> Names:
    """X^-1: where it exists, X is invertible; triangles, symmetry and groups are kept."""
    kept = TRIANGLES | {"symmetric", "skew", "psd", "orthogonal", "posdet"}
    found = set(given[0] & kept | {"invertible"})
    if not given[0].isdisjoint(TRIANGLES) and "positive diagonal" in given[0]:
        found.add("positive diagonal")
    return found


def of_pseudoinverse(node: Expression, given: Sequence[Properties], mirrors: Mirrors) -> Names:
    """X^+, whose range is that of X'."""
    return given[0] & {"symmetric", "skew", "psd", "diagonal", "orthogonal", "invertible"}


def of_det(node: Expression, given: Sequence[Properties], mirrors: Mirrors) -> Names:
    """det X: 1 or -1 of an orthogonal matrix, which makes it orthogonal as a 1×1 matrix."""
    (names,) = given
    found = set(names & {"orthogonal", "invertible"})
    found |= {"positive"} if "posdet" in names else NONE
    return found | ({"nonnegative"} if "psd" in names else NONE)


def of_diag(node: Expression, given: Sequence[Properties], mirrors: Mirrors) -> Names:
    """diag(x): positive on the diagonal where x is positive, zero elsewhere."""
    (names,) = given
    found = {"diagonal", *(names & {"nonnegative", "binary"})}
    return found | ({"positive diagonal"} if "positive" in names else NONE)


def of_diagonal(node: Expression, given: Sequence[Properties], mirrors: Mirrors) -> Names:
    """The column of a diagonal."""
    (names,) = given
    found = set(names & ENTRIES)
    found |= {"positive"} if "positive diagonal" in names else NONE
    return found | ({"nonnegative"} if "psd" in names else NONE)


def of_trace(node: Expression, given: Sequence[Properties], mirrors: Mirrors) -> Names:
    """tr X, the sum of the diagonal."""
    return of_diagonal(node, given, mirrors) - {"binary"}


def of_total(node: Expression, given: Sequence[Properties], mirrors: Mirrors) -> Names:
    """1'X 1, a sum of entries and a value of the quadratic form."""
    (names,) = given
    found = set(names & SIGNS)
    found |= {"positive"} if "spd" in names else NONE
    return found | ({"nonnegative"} if "psd" in names else NONE)


def of_norm(node: Expression, given: Sequence[Properties], mirrors: Mirrors) -> Names:
    """‖X‖ >= 0, and not zero where X is not."""
    nonzero = not given[0].isdisjoint({"positive", "positive diagonal", "invertible"})
    return {"positive" if nonzero else "nonnegative"}
