"""Functions that are only declared: φ of each entry, g : n → m of a column, f : n → scalar.

What holds for all of them is the chain rule, so an unknown function has a derivative that is
another unknown function: dφ(X) = φ'(X)∘dX, dg(x) = jac[g](x) dx, df(x) = grad[f](x)'dx and
d grad[f](x) = hess[f](x) dx.  A function of one number, n = 1, has derivatives of every order of
its own shape, dg(t) = g'(t) dt.  Those of jac[g] and hess[f] are arrays of three indices, for
which there is no matrix, and they are refused.

Where a formula is compared with numbers, sums of sines stand for them (`stand_ins`).
Source: Magnus & Neudecker, Matrix Differential Calculus, chapters 5 and 6.
"""

from __future__ import annotations

from functools import partial
from typing import Any
from weakref import WeakValueDictionary

from matdiff.dimensions import ONE, Dimension
from matdiff.errors import DomainProblem
from matdiff.operations import REGISTRY
from matdiff.operations.algebra import Expression, apply, inner, multiply, scale
from matdiff.operations.record import Notation, Operation, Unknown
from matdiff.operations.stand_ins import (
    curve,
    curve_values,
    entries,
    entry_values,
    field,
    field_values,
)

Size = Dimension | None  # None: of each entry, whatever the size
Declared = tuple[str, Size, Size]  # the name, the sizes of argument and value

_KNOWN = frozenset(operation.name for operation in REGISTRY)

# Functions of a column and their derivatives, by order: how each is called here and in code, its
# signature and LaTeX.
_Row = tuple[str, str, str, str]
_TO_A_SCALAR: tuple[_Row, ...] = (
    ("{}", "{}", "i->", "{function}"),
    ("grad[{}]", "grad_{}", "i->i", r"\nabla {function}"),
    ("hess[{}]", "hess_{}", "i->jk", r"\nabla^{{2}} {function}"),
)
_TO_A_COLUMN: tuple[_Row, ...] = (
    ("{}", "{}", "i->j", "{function}"),
    ("jac[{}]", "jac_{}", "i->jk", "J_{{{function}}}"),
)

# One record for each function and order, so that equal declarations give equal nodes; it lives as
# long as a node or a declaration knows it, and no longer.
_records: WeakValueDictionary[tuple[Declared, int], Operation] = WeakValueDictionary()


class UnknownFunction:
    """An unknown function as it was declared.

    `argument` and `value` are the sizes of the columns it takes and gives, None for a function of
    each entry; `record` is its operation.
    """

    __slots__ = ("argument", "name", "record", "value")

    def __init__(self, name: str, argument: Size = None, value: Size = None) -> None:
        self.name, self.argument, self.value = name, argument, value
        self.record = _derivative((name, argument, value), 0)

    def names(self) -> tuple[str, ...]:
        """What it and its derivatives are called; where φ' is among them, so are φ'', φ''' …"""
        if self.argument is None or self.argument is ONE:
            return self.name, self.name + "'"
        return tuple(row[0].format(self.name) for row in _rows(self.value))

    def called(self, name: str) -> Operation | None:
        """The record that a name stands for, such as φ'' or jac[g]; None if it is another's."""
        base = name.rstrip("'")
        names, primes = self.names(), len(name) - len(base)
        if base not in names or (primes and self.name + "'" not in names):
            return None
        return _derivative((self.name, self.argument, self.value), names.index(base) + primes)

    def is_like(self, other: UnknownFunction) -> bool:
        """Whether the other says the same of the name."""
        return self.record is other.record


def _derivative(declared: Declared, order: int) -> Operation:
    """The record of a function's derivative; order 0 is the function itself."""
    found = _records.get((declared, order))
    if found is None:
        argument = declared[1]
        make = _elementwise if argument is None else _of_a_column
        if argument is ONE:
            make = _of_a_number
        found = _records[declared, order] = make(declared, order)
    return found


def _next(declared: Declared, order: int, x: Expression) -> Expression:
    """The next derivative at x; made when it is asked for."""
    return apply(_derivative(declared, order + 1), x)


def _elementwise(declared: Declared, order: int) -> Operation:
    """φ, φ', φ'' …: dφ(X) = φ'(X)∘dX."""
    name = declared[0]
    return Operation(
        _unique(name + "'" * order), signature="ij->ij", elementwise=True,
        derivative=partial(_next, declared, order),
        differential=(lambda X, dX: _next(declared, order, X) * dX,),
        evaluate=lambda np, X: entry_values(np, name, order, X),
        definition=lambda X: entries(name, order, X),
        notation=_primed(name, order),
        unknown=Unknown(name, order, _numbered(name, order), "a function of each entry"),
    )  # fmt: skip


def _of_a_number(declared: Declared, order: int) -> Operation:
    """g, g', g'' … of a scalar t, all m×1: dg(t) = g'(t) dt."""
    name, _, m = declared
    assert m is not None
    is_scalar = m is ONE
    values = "scalar → scalar" if is_scalar else f"scalar → {m}"
    return Operation(
        _unique(name + "'" * order), signature="1->" if is_scalar else "1->j",
        sizes={} if is_scalar else {"j": m},
        differential=(lambda t, dt: scale(dt, _next(declared, order, t)),),
        evaluate=lambda np, t, *m: curve_values(np, name, order, t, *m),
        definition=lambda t: curve(name, order, t, m),
        notation=_primed(name, order),
        unknown=Unknown(name, order, _numbered(name, order), values),
    )  # fmt: skip


def _of_a_column(declared: Declared, order: int) -> Operation:
    """f, grad[f] and hess[f]: df = grad[f](x)'dx, d grad[f](x) = hess[f](x) dx; or g and jac[g]:
    dg(x) = jac[g](x) dx."""
    name, n, m = declared
    assert n is not None and m is not None
    rows = _rows(m)
    called, parameter, signature, latex = rows[order]
    result = signature.partition("->")[2]
    sizes = {"i": n, "j": n if m is ONE else m, "k": n}
    sizes = {letter: size for letter, size in sizes.items() if letter in signature}

    def differential(x: Expression, dx: Expression) -> Expression:
        if order + 1 == len(rows):
            raise _no_matrix(name, order + 1)
        move = multiply if result else inner
        return move(_next(declared, order, x), dx)

    def evaluate(np: Any, x: Any, *sizes: int) -> Any:
        return field_values(np, name, order, x, None if m is ONE else sizes[1])

    values = "×".join(str(sizes[letter]) for letter in result) or "scalar"
    return Operation(
        _unique(called.format(name)), signature=signature, sizes=sizes,
        differential=(differential,),
        evaluate=evaluate,
        definition=lambda x: field(name, order, x, m),
        notation=Notation("function", called.format(name), latex=latex),
        symmetric=m is ONE and order == 2,
        unknown=Unknown(name, order, parameter.format(name), f"{n} → {values}"),
    )  # fmt: skip


def _rows(value: Size) -> tuple[_Row, ...]:
    return _TO_A_SCALAR if value is ONE else _TO_A_COLUMN


def _no_matrix(name: str, order: int) -> DomainProblem:
    which = "second" if order == 2 else "third"
    return DomainProblem(
        f"the {which} derivative of {name} is an array of three indices, for which there is no "
        "matrix notation",
        hint="write the function out, or ask for a lower derivative",
        code="MX256",
    )


def _unique(name: str) -> str:
    """The name, told apart from that of a known operation."""
    return f"declared {name}" if name in _KNOWN else name


def _primed(name: str, order: int) -> Notation:
    primes = "'" * order
    return Notation("function", name + primes, latex="{function}" + primes)


def _numbered(name: str, order: int) -> str:
    """φ, dφ, d2φ …"""
    return f"d{order if order > 1 else ''}{name}" if order else name
