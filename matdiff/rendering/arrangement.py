"""From a node to its form: one function for each operation that is not written as a call.

An operation without an entry in `ARRANGED` is written as its notation says, so a new one needs
nothing here.
"""

from __future__ import annotations

from collections.abc import Callable

from matdiff.dimensions import ONE, Dimension
from matdiff.operations.algebra import (
    ADD,
    HADAMARD,
    IDENTITY,
    INNER,
    MULTIPLY,
    NUMBER,
    ONES,
    SCALE,
    SYMBOL,
    TRANSPOSE,
    ZEROS,
    Expression,
    is_ones,
    ones,
    symbol_name,
    transpose,
)
from matdiff.operations.blocks import ABOVE, BESIDE, SELECTION
from matdiff.operations.elementwise import POWER
from matdiff.operations.linear import KHATRI_RAO, KRONECKER, SIZE
from matdiff.operations.matrix_functions import MATRIX_POWER
from matdiff.operations.nonlinear import INVERSE
from matdiff.operations.record import Operation
from matdiff.operations.triangles import TRIL, TRIU
from matdiff.rendering.forms import Form, Kind, Part, flatten
from matdiff.rendering.parts import blocks_form, selection_form, turned_selection_form
from matdiff.rendering.powers import (
    base_and_exponent,
    elementwise_power,
    exponent_value,
    raised,
    rational,
)
from matdiff.rendering.products import assemble, size_factors, size_terms, split, term

SIGNED = frozenset((SCALE, HADAMARD, MULTIPLY, NUMBER))  # what may be written with a minus
BARE_IDENTITY = Form(Kind.CONSTANT, operation=IDENTITY)


def form(node: Expression) -> Form:
    """How the node is written; its parts may be expressions, to be arranged in turn."""
    arrange = ARRANGED.get(node.operation)
    if arrange is not None:
        return arrange(node)
    sizes = tuple(p for p in node.parameters if isinstance(p, Dimension))
    kind = Kind.CALL if node.arguments else Kind.CONSTANT
    return Form(kind, node.arguments, operation=node.operation, sizes=sizes)


def _symbol(node: Expression) -> Form:
    return Form(Kind.NAME, name=symbol_name(node))


def _number(node: Expression) -> Form:
    return rational(node.parameters[0])


def _size(node: Expression) -> Form:
    """A dimension as a number: a name, a product of names, or a sum of those."""
    if node.parameters[0].name is not None:
        return Form(Kind.SIZE, sizes=node.parameters)
    terms = size_terms(node)
    if len(terms) == 1:
        return assemble(size_factors(node), ())
    return _signed([*terms])


def _filled(node: Expression) -> Form:
    """ones(m,n) and zeros(m,n); a column is ones(n), a row ones(n)'."""
    m, n = node.parameters
    if n is ONE:
        return Form(Kind.CONSTANT, operation=node.operation, sizes=(m,))
    if m is ONE:
        return Form(Kind.TRANSPOSE, (transpose(node),))
    return Form(Kind.CONSTANT, operation=node.operation, sizes=(m, n))


def _sum(node: Expression) -> Form:
    """The terms with their signs, a positive one first if there is one."""
    terms = [
        term
        for part in flatten(node, lambda a: a.operation is ADD)
        for term in (size_terms(part) if part.operation is SIZE else (part,))
    ]
    # the size of I is known from its neighbours, unless they are all of its kind
    bare = not all(_is_identity_term(a) for a in terms)
    return _signed([_identity_term(a) if bare and _is_identity_term(a) else a for a in terms])


def _signed(terms: list[Part]) -> Form:
    """The sum of terms, the minus of each made a sign of the sum."""
    signed: list[tuple[bool, Part]] = []
    for part in terms:
        written = form(part) if isinstance(part, Expression) and part.operation in SIGNED else part
        if isinstance(written, Form) and written.kind is Kind.MINUS:
            signed.append((True, written.parts[0]))
        else:
            signed.append((False, part))
    first = next((i for i, (negative, _) in enumerate(signed) if not negative), 0)
    signed.insert(0, signed.pop(first))
    negatives, parts = zip(*signed, strict=True)
    return Form(Kind.SUM, parts, signs=negatives)


def _is_identity_term(node: Expression) -> bool:
    while node.operation is SCALE:
        node = node.arguments[1]
    return node.operation is IDENTITY


def _identity_term(node: Expression) -> Form:
    return assemble(split(node)[0], (BARE_IDENTITY,))


def _hadamard(node: Expression) -> Form:
    """Of scalars a product; of matrices A∘B, with negative powers below: A⊘B."""
    if node.is_scalar:
        return term(node)
    above: list[Part] = []
    below: list[Part] = []
    factors = flatten(node, lambda a: a.operation is HADAMARD)
    bare = not all(factor.operation is IDENTITY for factor in factors)
    for factor in factors:
        base, exponent = base_and_exponent(factor)
        if exponent < 0:
            below.append(raised(base, -exponent, Kind.ELEMENTWISE_POWER))
        else:
            above.append(BARE_IDENTITY if bare and factor.operation is IDENTITY else factor)
    if not below:
        return Form(Kind.HADAMARD, tuple(above))
    numerator = _entrywise(above) if above else ones(*node.shape)
    return Form(Kind.DIVIDE, (numerator, _entrywise(below)))


def _entrywise(parts: list[Part]) -> Part:
    return parts[0] if len(parts) == 1 else Form(Kind.HADAMARD, tuple(parts))


def _power(node: Expression) -> Form:
    if not node.is_scalar and exponent_value(node.arguments[1]) == -1:
        return Form(Kind.DIVIDE, (ones(*node.shape), node.arguments[0]))
    return elementwise_power(node)


def _kronecker(node: Expression) -> Form:
    return Form(Kind.KRONECKER, tuple(flatten(node, lambda a: a.operation is KRONECKER)))


def _khatri_rao(node: Expression) -> Form:
    return Form(Kind.KHATRI_RAO, tuple(flatten(node, lambda a: a.operation is KHATRI_RAO)))


def _inner(node: Expression) -> Form:
    return Form(Kind.INNER, node.arguments)


def _transpose(node: Expression) -> Form:
    (inside,) = node.arguments
    if inside.operation is INVERSE:
        return Form(Kind.INVERSE_TRANSPOSE, inside.arguments)
    if inside.operation is TRIL:  # tril(X')' is triu(X)
        (turned,) = inside.arguments
        if turned.operation is TRANSPOSE:
            return Form(Kind.CALL, turned.arguments, operation=TRIU)
        if is_ones(turned) and turned.rows is turned.columns:
            return Form(Kind.CALL, (turned,), operation=TRIU)
    if inside.operation is SELECTION:
        return turned_selection_form(node)
    if inside.operation is MULTIPLY:
        written = form(inside)
        if written.kind is Kind.TRANSPOSE:  # a part of a transpose: X[:,1]' turned is X[:,1]
            (part,) = written.parts
            return part if isinstance(part, Form) else form(part)
    return Form(Kind.TRANSPOSE, (inside,))


def _inverse(node: Expression) -> Form:
    (inside,) = node.arguments
    if inside.operation is TRANSPOSE:
        return Form(Kind.INVERSE_TRANSPOSE, inside.arguments)
    return Form(Kind.INVERSE, (inside,))


ARRANGED: dict[Operation, Callable[[Expression], Form]] = {
    SYMBOL: _symbol,
    NUMBER: _number,
    SIZE: _size,
    ONES: _filled,
    ZEROS: _filled,
    ADD: _sum,
    SCALE: term,
    MULTIPLY: term,
    HADAMARD: _hadamard,
    POWER: _power,
    MATRIX_POWER: lambda node: Form(Kind.POWER, node.arguments),
    KRONECKER: _kronecker,
    KHATRI_RAO: _khatri_rao,
    SELECTION: selection_form,
    BESIDE: blocks_form,
    ABOVE: blocks_form,
    INNER: _inner,
    TRANSPOSE: _transpose,
    INVERSE: _inverse,
}
