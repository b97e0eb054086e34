"""Sums, scalar factors, Hadamard monomials and powers.

A sum collects like terms: {rest: coefficient}.  A Hadamard product collects equal bases:
{base: exponent}; of scalars it is the ordinary monomial, so s(1-s) and σ∘(1-σ) are one algebra.
"""

from __future__ import annotations

from fractions import Fraction

from matdiff.dimensions import ONE
from matdiff.errors import DomainProblem
from matdiff.normal.core import (
    LONGEST_FLATTENED,
    build,
    entrywise,
    exact,
    flip,
    key,
    normal,
    plus,
    primitive,
    scaled,
    split,
    sum_order,
    times,
    with_coefficient,
)
from matdiff.normal.placements import gathered
from matdiff.normal.properties import has
from matdiff.normal.signs import known_power
from matdiff.normal.triangles import within_triangle
from matdiff.operations.algebra import (
    ADD,
    HADAMARD,
    IDENTITY,
    INNER,
    MULTIPLY,
    NUMBER,
    NUMBER_ONE,
    SCALE,
    ZERO,
    Expression,
    Rational,
    is_ones,
    is_zero,
    make,
    number,
    number_value,
    ones,
    zeros,
)
from matdiff.operations.blocks import selected
from matdiff.operations.elementwise import (
    ABS,
    COS,
    COSH,
    EXP,
    POWER,
    RELU,
    SIGMOID,
    SIGN,
    SIN,
    SINH,
    STEP,
    TAN,
    TANH,
    power,
)
from matdiff.operations.linear import DIAG, DIAGONAL, KHATRI_RAO, KRONECKER, TOTAL
from matdiff.operations.nonlinear import NORM, SOFTMAX

QUOTIENTS = {SIN: (COS, TAN), SINH: (COSH, TANH)}


@normal(ADD)
def sum_of(terms: tuple[Expression, ...]) -> Expression:
    """The sum: flat, like terms collected, in the order of their keys."""
    shape = terms[0].shape
    collected: dict[Expression, Rational] = {}
    stack = list(reversed(terms))
    while stack:
        term = stack.pop()
        if term.operation is ADD and len(term.arguments) <= LONGEST_FLATTENED:
            stack.extend(reversed(term.arguments))
            continue
        c, rest = split(term)
        if rest.operation is ADD and len(rest.arguments) <= LONGEST_FLATTENED:
            inside = map(split, reversed(rest.arguments))
            stack.extend(with_coefficient(exact(c * k), part) for k, part in inside)
            continue
        if c and not is_zero(rest):
            collected[rest] = collected.get(rest, 0) + c
    kept = [with_coefficient(exact(c), rest) for rest, c in collected.items() if c]
    if not kept:
        return zeros(*shape)
    if len(kept) == 1:
        return kept[0]
    together = gathered(kept)
    if len(together) < len(kept):
        return plus(together)
    kept.sort(key=sum_order)
    return make(ADD, tuple(kept), shape)


@normal(SCALE)
def scale_of(arguments: tuple[Expression, ...]) -> Expression:
    """s A: scalars multiplied out in front; a plain number goes into a sum."""
    s, A = arguments
    if A.is_scalar:
        return entrywise(s, A)
    if s is NUMBER_ONE or is_zero(A):
        return A
    if is_zero(s):
        return zeros(*A.shape)
    if A.operation is SCALE:
        return build(SCALE, entrywise(s, A.arguments[0]), A.arguments[1])
    if A.operation is ADD and s.operation is NUMBER:
        return plus(scaled(s, term) for term in A.arguments)
    softmax = _softmax(s, A)
    return softmax if softmax is not None else make(SCALE, (s, A), A.shape)


def _softmax(s: Expression, A: Expression) -> Expression | None:
    """exp(x)/sum(exp(x)) of a column, with further scalars in front."""
    if A.operation is not EXP or A.columns is not ONE:
        return None
    divisor = power(build(TOTAL, A), number(-1))
    factors = s.arguments if s.operation is HADAMARD else (s,)
    if divisor not in factors:
        return None
    rest = [factor for factor in factors if factor is not divisor]
    softmax = build(SOFTMAX, A.arguments[0])
    return scaled(entrywise(*rest), softmax) if rest else softmax


@normal(HADAMARD)
def hadamard_of(factors: tuple[Expression, ...]) -> Expression:
    """The elementwise product: flat, equal bases collected, numbers and scalars in front."""
    shape = factors[0].shape
    coefficient: Rational = 1
    scalars: list[Expression] = []
    exponents: dict[Expression, Expression] = {}
    stack = list(reversed(factors))
    while stack:
        factor = stack.pop()
        if factor.operation is NUMBER:
            coefficient *= factor.parameters[0]
        elif factor.operation is HADAMARD and len(factor.arguments) <= LONGEST_FLATTENED:
            stack.extend(reversed(factor.arguments))
        elif factor.operation is SCALE:
            scalar, body = factor.arguments
            if body.is_scalar:
                stack.extend((body, scalar))
            else:
                scalars.append(scalar)
                stack.append(body)
        elif is_zero(factor):
            return zeros(*shape)
        elif not is_ones(factor):
            base, exponent = base_and_exponent(factor)
            if base.operation is ADD:
                common, base = _primitive_base(base, exponent)
                coefficient *= common
            before = exponents.get(base)
            exponents[base] = exponent if before is None else plus((before, exponent))
    if not coefficient:
        return zeros(*shape)
    kept = _identities({b: a for b, a in exponents.items() if not is_zero(a)})
    body = ones(*shape)
    if shape == (ONE, ONE):
        parts = [build(POWER, base, exponent) for base, exponent in kept.items()]
        if any(part.operation in (SCALE, NUMBER, HADAMARD) for part in parts):
            return entrywise(number(exact(coefficient)), *parts)  # a power that came apart
        if parts:
            parts.sort(key=key)
            body = make(HADAMARD, tuple(parts), shape) if len(parts) > 1 else parts[0]
        return with_coefficient(exact(coefficient), body)
    parts = [build(POWER, base, exponent) for base, exponent in kept.items()]
    parts.sort(key=key)
    if parts:
        body = _structured(parts)
    return scaled(entrywise(number(exact(coefficient)), *scalars), body)


def _primitive_base(base: Expression, exponent: Expression) -> tuple[Rational, Expression]:
    """The number that leaves a sum raised to an integer power, and what is left of the sum."""
    power_value = number_value(exponent)
    if not isinstance(power_value, int):
        return 1, base
    common, rest = primitive(base)
    return exact(Fraction(common) ** power_value), rest


def base_and_exponent(factor: Expression) -> tuple[Expression, Expression]:
    """X.^a as (X, a)."""
    if factor.operation is POWER:
        return factor.arguments[0], factor.arguments[1]
    return factor, NUMBER_ONE


def _identities(exponents: dict[Expression, Expression]) -> dict[Expression, Expression]:
    """exp(z)/(1 + exp(z)) = σ(z), 1/(1 + exp(z)) = 1 - σ(z), x'x/‖x‖ = ‖x‖, where they occur."""
    for base, exponent in list(exponents.items()):
        value = number_value(exponent)
        if base.operation is NORM:
            square = build(INNER, base.arguments[0], base.arguments[0])
            _raise(exponents, base, 2 * int(number_value(exponents.pop(square, ZERO)) or 0))
            continue
        if base.operation is SIGN and isinstance(value, int):
            # |z| sign(z) = z and sign(z)/|z| = 1/z away from the kink; an even power of a sign is 1
            del exponents[base]
            argument = base.arguments[0]
            size = build(ABS, argument)
            total = number_value(exponents.get(size, ZERO))
            if value % 2 == 0:
                continue
            if isinstance(total, int) and total % 2:
                exponents.pop(size, None)
                _raise(exponents, argument, total)
            else:
                exponents[base] = NUMBER_ONE
            continue
        if base.operation in QUOTIENTS and isinstance(value, int):
            _quotient(exponents, base, value)
            continue
        if base.operation is STEP and isinstance(value, int) and value > 0:
            exponents[base] = NUMBER_ONE  # 0 or 1, and 1 where relu is not 0
            if (number_value(exponents.get(build(RELU, base.arguments[0]), ZERO)) or 0) > 0:
                del exponents[base]
            continue
        z = one_plus_exp(base)
        if z is None or not isinstance(value, int) or value >= 0:
            continue
        del exponents[base]
        e = build(EXP, z)
        numerator = number_value(exponents.get(e, number(0)))
        ups = min(-value, numerator) if isinstance(numerator, int) and numerator > 0 else 0
        s = build(SIGMOID, z)
        complement = plus((ones(*s.shape), scaled(-1, s)))
        for factor, count in ((s, ups), (complement, -value - ups)):
            _raise(exponents, factor, count)
        _raise(exponents, e, -ups)
    return exponents


def _quotient(exponents: dict[Expression, Expression], numerator: Expression, up: int) -> None:
    """sinh z/cosh z = tanh z and sin z/cos z = tan z, as often as both stand there."""
    divisor_of, quotient = QUOTIENTS[numerator.operation]
    divisor = build(divisor_of, numerator.arguments[0])
    down = number_value(exponents.get(divisor, ZERO))
    if isinstance(down, int) and up * down < 0:
        count = min(abs(up), abs(down)) * (1 if up > 0 else -1)
        _raise(exponents, numerator, -count)
        _raise(exponents, divisor, count)
        _raise(exponents, build(quotient, numerator.arguments[0]), count)


def _raise(exponents: dict[Expression, Expression], base: Expression, by: int) -> None:
    if by:
        total = plus((exponents.get(base, number(0)), number(by)))
        exponents.pop(base, None)
        if not is_zero(total):
            exponents[base] = total


def one_plus_exp(node: Expression) -> Expression | None:
    """z if the node is 1 + exp(z)."""
    if node.operation is ADD and len(node.arguments) == 2:
        a, b = node.arguments
        if is_ones(b):
            a, b = b, a
        if is_ones(a) and b.operation is EXP:
            return b.arguments[0]
    return None


def _structured(parts: list[Expression]) -> Expression:
    """The Hadamard product of matrices, where their structure gives a simpler form."""
    shape = parts[0].shape
    if len(parts) == 1:
        return parts[0]
    if all(has(part, "diagonal") for part in parts):
        return times(*parts)
    for part in parts:
        if part.operation is DIAG or part.operation is IDENTITY:
            rest = [build(DIAGONAL, other) for other in parts if other is not part]
            vector = [build(DIAGONAL, part)] if part.operation is DIAG else []
            return build(DIAG, entrywise(*vector, *rest))
        if ONE in part.shape and selected(part) is not None:  # e_i∘v = v_i e_i
            others = entrywise(*(other for other in parts if other is not part))
            entry = (flip(part), others) if part.columns is ONE else (others, flip(part))
            return scaled(times(*entry), part)
        if is_outer(part):  # M∘(u 1') = diag(u) M and M∘(1 v') = M diag(v)
            u, v = outer_parts(part)
            if selected(u) is not None:  # M∘(e_i v') = e_i (M[i,:]∘v')
                others = entrywise(*(other for other in parts if other is not part))
                return times(u, entrywise(times(flip(u), others), flip(v)))
            if selected(v) is not None:
                others = entrywise(*(other for other in parts if other is not part))
                return times(entrywise(times(others, v), u), flip(v))
            if is_ones(u) or is_ones(v):
                body = entrywise(*(other for other in parts if other is not part))
                return times(build(DIAG, u), body, build(DIAG, v))
    merged = _merge_pairs(parts)
    if merged is not None:
        return entrywise(*merged)
    triangle = within_triangle(parts)
    return triangle if triangle is not None else make(HADAMARD, tuple(parts), shape)


def _merge_pairs(parts: list[Expression]) -> list[Expression] | None:
    """(u v')∘(x y') = (u∘x)(v∘y)' and (A⊗B)∘(C⊗D) = (A∘C)⊗(B∘D), for one pair."""
    outer = [A for A in parts if is_outer(A)]
    if len(outer) > 1:
        (u, v), (x, y) = outer_parts(outer[0]), outer_parts(outer[1])
        joint = times(entrywise(u, x), flip(entrywise(v, y)))
        return [joint, *(A for A in parts if A is not outer[0] and A is not outer[1])]
    krons = [A for A in parts if A.operation is KRONECKER]
    for i, A in enumerate(krons):
        for B in krons[i + 1 :]:
            if [a.shape for a in A.arguments] == [b.shape for b in B.arguments]:
                pairs = zip(A.arguments, B.arguments, strict=True)
                joint = build(KRONECKER, *(entrywise(a, b) for a, b in pairs))
                return [joint, *(C for C in parts if C is not A and C is not B)]
            columnwise = _by_columns(A, B) or _by_columns(B, A)
            if columnwise is not None:
                return [columnwise, *(C for C in parts if C is not A and C is not B)]
    return None


def _by_columns(A: Expression, B: Expression) -> Expression | None:
    """(P⊗1)∘(1⊗Q), the Khatri-Rao product of P and Q."""
    P, right = A.arguments[0], A.arguments[-1]
    left, Q = B.arguments[0], B.arguments[-1]
    pair = len(A.arguments) == len(B.arguments) == 2 and is_ones(left) and is_ones(right)
    if pair and P.shape == (left.rows, Q.columns) and right.shape == (Q.rows, ONE):
        return build(KHATRI_RAO, P, Q)
    return None


def is_outer(A: Expression) -> bool:
    """A product of a column and a row, whatever they are made of."""
    return A.operation is MULTIPLY and any(f.columns is ONE for f in A.arguments[:-1])


def outer_parts(A: Expression) -> tuple[Expression, Expression]:
    """u, v with A = u v'."""
    at = next(i for i, f in enumerate(A.arguments) if f.columns is ONE) + 1
    return times(*A.arguments[:at]), flip(times(*A.arguments[at:]))


@normal(POWER)
def power_of(arguments: tuple[Expression, ...]) -> Expression:
    """X.^a: integer powers of products and coefficients multiplied out."""
    X, a = arguments
    exponent = number_value(a)
    if exponent is None:
        return known_power(X, a) or power(X, a)
    if exponent == 0:
        return ones(*X.shape)
    if exponent == 1 or is_ones(X):
        return X
    if is_zero(X):
        if exponent < 0:
            raise DomainProblem("division by zero: what is divided by vanishes", code="MX254")
        return X
    simpler = known_power(X, a)
    if simpler is not None:
        return simpler
    if X.operation is EXP and exponent == -1:
        return build(EXP, scaled(-1, X.arguments[0]))
    if isinstance(exponent, int):
        if X.operation is ADD and (common := _primitive_base(X, a))[1] is not X:
            return scaled(common[0], power(common[1], a))
        if X.operation is SCALE:
            s, body = X.arguments
            return scaled(build(POWER, s, a), build(POWER, body, a))
        if X.operation is HADAMARD:
            return entrywise(*(build(POWER, factor, a) for factor in X.arguments))
        if X.operation is KRONECKER:
            return build(KRONECKER, *(build(POWER, factor, a) for factor in X.arguments))
        if X.operation is POWER:
            return build(POWER, X.arguments[0], entrywise(X.arguments[1], a))
        if X.operation is MULTIPLY and is_outer(X) and not X.is_scalar:
            u, v = outer_parts(X)
            return times(build(POWER, u, a), flip(build(POWER, v, a)))
    return power(X, a)
