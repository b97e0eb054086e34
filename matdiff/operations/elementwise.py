"""Elementwise functions: a row each.  dφ(X) = φ'(X)∘dX.

`domain` says where samples lie: "real" anywhere, "positive", "unit" for |x| < 1, "nonzero" away
from a kink or pole.  Functions with a kink (abs, relu …) take the derivative away from it, and
step and sign are locally constant.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from matdiff.errors import DomainProblem, ShapeProblem
from matdiff.operations import degrees
from matdiff.operations.algebra import (
    CONSTRUCTORS,
    HALF,
    MINUS_ONE,
    TWO,
    Expression,
    add,
    apply,
    is_ones,
    make,
    number,
    number_value,
    ones,
    scale,
)
from matdiff.operations.properties import (
    GROWING,
    ODD,
    POSITIVE,
    TRIANGLES,
    Rule,
    always,
    entrywise,
    of_power,
)
from matdiff.operations.record import Notation, Operation

ELEMENTWISE: dict[str, Operation] = {}


def elementwise(
    name: str,
    *,
    derivative: Callable[[Expression], Expression] | None,
    evaluate: Callable[[Any, Any], Any],
    numpy: str = "",
    helpers: tuple[Callable[..., Any], ...] = (),
    code: Mapping[str, str] | None = None,
    latex: str = "",
    domain: str = "real",
    smooth: bool = True,
    spellings: tuple[str, ...] = (),
    definition: Callable[[Expression], Expression] | None = None,
    over_field: Callable[[Any, Any], Any] | None = None,
    properties: Rule = entrywise(),  # noqa: B008 - a function, made once
) -> Operation:
    """Register one elementwise function; `derivative` None means locally constant."""
    differential = None
    if derivative is not None:
        slope = derivative  # bound now, for the closure

        def differential(X: Expression, dX: Expression) -> Expression:
            return slope(X) * dX

    record = Operation(
        name,
        signature="ij->ij",
        elementwise=True,
        derivative=derivative,
        differential=(differential,),
        evaluate=evaluate,
        notation=Notation(
            "function",
            name,
            latex=latex or rf"\{name}",
            numpy=numpy or f"np.{name}({{0}})",
            helpers=helpers,
            code=code,
        ),
        domain=domain,
        smooth=smooth,
        spellings=(name, *spellings),
        summary=f"{name} of each entry",
        definition=definition,
        over_field=over_field,
        properties=properties,
    )
    ELEMENTWISE[name] = record
    return record


EXP: Operation = elementwise(
    "exp", derivative=lambda X: exp(X), evaluate=lambda np, X: np.exp(X),
    over_field=lambda field, X: field.each(X, field.exp),
    properties=entrywise("psd", "spd", and_always="positive"),
)  # fmt: skip
LOG: Operation = elementwise(
    "log", derivative=lambda X: power(X, MINUS_ONE), evaluate=lambda np, X: np.log(X),
    domain="positive", spellings=("ln",), over_field=lambda field, X: field.each(X, field.log),
)  # fmt: skip
SIN: Operation = elementwise(
    "sin",
    derivative=lambda X: apply(COS, X),
    evaluate=lambda np, X: np.sin(X),
    over_field=lambda field, X: field.each(X, field.sin),
    properties=entrywise(*ODD),
)
COS: Operation = elementwise(
    "cos",
    derivative=lambda X: -apply(SIN, X),
    evaluate=lambda np, X: np.cos(X),
    over_field=lambda field, X: field.each(X, field.cos),
)
TAN: Operation = elementwise(
    "tan", derivative=lambda X: 1 + square(apply(TAN, X)), evaluate=lambda np, X: np.tan(X),
    domain="unit", definition=lambda X: apply(SIN, X) * reciprocal(apply(COS, X)),
    properties=entrywise(*ODD),
)  # fmt: skip
SINH: Operation = elementwise(
    "sinh",
    derivative=lambda X: apply(COSH, X),
    evaluate=lambda np, X: np.sinh(X),
    definition=lambda X: HALF * (exp(X) - exp(-X)),
    properties=entrywise(*GROWING),
)
COSH: Operation = elementwise(
    "cosh",
    derivative=lambda X: apply(SINH, X),
    evaluate=lambda np, X: np.cosh(X),
    definition=lambda X: HALF * (exp(X) + exp(-X)),
    properties=entrywise(and_always="positive"),
)
TANH: Operation = elementwise(
    "tanh",
    derivative=lambda X: 1 - square(apply(TANH, X)),
    evaluate=lambda np, X: np.tanh(X),
    definition=lambda X: (exp(X) - exp(-X)) * reciprocal(exp(X) + exp(-X)),
    properties=entrywise(*GROWING),
)
ASIN: Operation = elementwise(
    "asin", derivative=lambda X: power(1 - square(X), number(Fraction(-1, 2))),
    evaluate=lambda np, X: np.arcsin(X), numpy="np.arcsin({0})", latex=r"\arcsin",
    code={"array-api": "xp.asin({0})"},
    over_field=lambda field, X: field.each(X, field.asin),
    domain="unit", spellings=("arcsin",), properties=entrywise(*GROWING),
)  # fmt: skip
ACOS: Operation = elementwise(
    "acos", derivative=lambda X: -power(1 - square(X), number(Fraction(-1, 2))),
    evaluate=lambda np, X: np.arccos(X), numpy="np.arccos({0})", latex=r"\arccos",
    code={"array-api": "xp.acos({0})"},
    domain="unit", spellings=("arccos",), properties=entrywise(and_always="nonnegative"),
    definition=lambda X: HALF * apply(PI) * ones(*X.shape) - apply(ASIN, X),
)  # fmt: skip
ATAN: Operation = elementwise(
    "atan", derivative=lambda X: power(1 + square(X), MINUS_ONE),
    evaluate=lambda np, X: np.arctan(X), numpy="np.arctan({0})", latex=r"\arctan",
    code={"array-api": "xp.atan({0})"},
    over_field=lambda field, X: field.each(X, field.atan),
    spellings=("arctan",), properties=entrywise(*GROWING),
)  # fmt: skip
SQRT: Operation = elementwise(
    "sqrt", derivative=lambda X: HALF * power(X, number(Fraction(-1, 2))),
    evaluate=lambda np, X: np.sqrt(X), domain="positive",
    latex=r"\sqrt{{{0}}}", definition=lambda X: power(X, HALF),
)  # fmt: skip
ABS: Operation = elementwise(
    "abs", derivative=lambda X: apply(SIGN, X), evaluate=lambda np, X: np.abs(X),
    latex=r"\operatorname{abs}", domain="nonzero", smooth=False,
    definition=lambda X: X * apply(SIGN, X),
    properties=entrywise(*TRIANGLES, *POSITIVE, "binary", and_always="nonnegative"),
)  # fmt: skip
SIGN: Operation = elementwise(
    "sign", derivative=None, evaluate=lambda np, X: np.sign(X),
    latex=r"\operatorname{sign}", domain="nonzero", smooth=False, spellings=("sgn",),
    over_field=lambda field, X: field.each(X, field.sign),
    properties=entrywise(*GROWING, "binary"),
)  # fmt: skip
RELU: Operation = elementwise(
    "relu", derivative=lambda X: apply(STEP, X), evaluate=lambda np, X: np.maximum(X, 0),
    numpy="np.maximum({0}, 0)", latex=r"\operatorname{relu}", domain="nonzero", smooth=False,
    code={"jax": "jax.nn.relu({0})", "torch": "torch.relu({0})",
          "array-api": "xp.clip({0}, 0, None)",
          "julia": "max({0}, 0)", "matlab": "max({0}, 0)"},
    definition=lambda X: X * apply(STEP, X),
    properties=entrywise(*TRIANGLES, *POSITIVE, "binary", and_always="nonnegative"),
)  # fmt: skip
STEP: Operation = elementwise(
    "step", derivative=None, evaluate=lambda np, X: np.heaviside(X, 0.5),
    numpy="np.heaviside({0}, 0.5)", latex=r"\operatorname{step}", domain="nonzero", smooth=False,
    code={"torch": "(0.5 * (1 + torch.sign({0})))", "array-api": "(0.5 * (1 + xp.sign({0})))",
          "julia": "(1 + sign({0})) / 2", "matlab": "(1 + sign({0})) / 2"},
    definition=lambda X: HALF * (1 + apply(SIGN, X)),
    properties=entrywise(*POSITIVE, and_always="nonnegative"),
)  # fmt: skip
SIGMOID: Operation = elementwise(
    "sigmoid", derivative=lambda X: apply(SIGMOID, X) * (1 - apply(SIGMOID, X)),
    evaluate=lambda np, X: _sigmoid(np, X),
    numpy="(0.5 * (1 + np.tanh({0} / 2)))", latex=r"\sigma",
    code={"jax": "jax.nn.sigmoid({0})", "torch": "torch.sigmoid({0})",
          "julia": "1 / (1 + exp(-{0}))", "matlab": "1 / (1 + exp(-{0}))"},
    definition=lambda X: reciprocal(1 + exp(-X)), properties=entrywise(and_always="positive"),
)  # fmt: skip
SOFTPLUS: Operation = elementwise(
    "softplus", derivative=lambda X: apply(SIGMOID, X),
    evaluate=lambda np, X: _softplus(np, X),
    numpy="np.logaddexp({0}, 0)", latex=r"\operatorname{softplus}",
    code={"jax": "jax.nn.softplus({0})",
          # torch takes x itself from a threshold on: at 40 it is that in double precision
          "torch": "torch.nn.functional.softplus({0}, threshold=40)",
          "array-api": "xp.logaddexp({0}, xp.zeros_like({0}))",
          "julia": "max({0}, 0) + log1p(exp(-abs({0})))",
          "matlab": "max({0}, 0) + log1p(exp(-abs({0})))"},
    definition=lambda X: log(1 + exp(X)), properties=entrywise(and_always="positive"),
)  # fmt: skip
SILU: Operation = elementwise(
    "silu", derivative=lambda X: apply(SIGMOID, X) * (1 + X * (1 - apply(SIGMOID, X))),
    evaluate=lambda np, X: X * _sigmoid(np, X), definition=lambda X: X * apply(SIGMOID, X),
    numpy="(0.5 * {0} * (1 + np.tanh({0} / 2)))", latex=r"\operatorname{silu}",
    code={"jax": "jax.nn.silu({0})", "torch": "torch.nn.functional.silu({0})",
          "julia": "{0} / (1 + exp(-{0}))", "matlab": "{0} / (1 + exp(-{0}))"},
    spellings=("swish",),
)  # fmt: skip


def _erf(np: Any, X: Any) -> Any:
    # the error function of each entry, in the type of the entries; a number stays one
    import math  # a C module, cheap; numpy itself has no erf

    if type(X) in (int, float):
        return math.erf(X)
    return np.vectorize(math.erf, otypes=[np.result_type(np.float16, X)])(X)


ERF: Operation = elementwise(
    "erf",
    derivative=lambda X: TWO * power(apply(PI), number(Fraction(-1, 2))) * exp(-square(X)),
    evaluate=lambda np, X: _erf(np, X),
    numpy="_erf(np, {0})", latex=r"\operatorname{erf}", smooth=False, helpers=(_erf,),
    code={"jax": "jax.scipy.special.erf({0})", "torch": "torch.special.erf({0})",
          "matlab": "erf({0})"},
    over_field=lambda field, X: field.each(X, field.erf),
    properties=entrywise(*GROWING),
)  # fmt: skip


def _sigmoid(np: Any, X: Any) -> Any:
    decay = np.exp(np.where(X.real > 0, -X, X))  # never overflows, and keeps its digits
    return np.where(X.real > 0, 1, decay) / (1 + decay)


def _softplus(np: Any, X: Any) -> Any:
    decay = np.exp(np.where(X.real > 0, -X, X))
    rest = np.log1p(decay.real)
    if np.iscomplexobj(X):  # a complex step is infinitesimal: the real part is as if it were none
        rest = rest + 1j * np.angle(1 + decay)
    return np.where(X.real > 0, X, 0) + rest


PI: Operation = Operation(
    "pi", signature="->",
    notation=Notation(
        "atom", "pi", latex=r"\pi", numpy="np.pi", code={"julia": "{T}(pi)", "matlab": "pi"}
    ),
    evaluate=lambda np: np.full((1, 1), np.pi), over_field=lambda field: field.pi(),
    degree=degrees.of_variable,
    properties=always("positive"), summary="3.14159…",
)  # fmt: skip

POWER: Operation = Operation(
    "power", signature="ij,->ij",
    notation=Notation("infix", ".^", strength=7, latex="{0}^{{\\circ {1}}}", numpy="{0} ** {1}"),
    evaluate=lambda np, X, a: _power(np, X, a),
    differential=(
        lambda X, a, dX: scale(a, power(X, add(a, MINUS_ONE))) * dX,
        lambda X, a, da: scale(da, power(X, a) * log(X)),
    ),
    domain="real",
    over_field=lambda field, X, a: field.power(X, a),
    properties=of_power,
    summary="elementwise power X.^a; of a scalar, its power",
)  # fmt: skip


def _power(np: Any, X: Any, a: Any) -> Any:
    a = a[0, 0]
    whole = a == np.floor(a.real)  # integer powers keep the sign of X
    if not whole:
        return X**a
    return _repeated(X, int(a.real)) if np.iscomplexobj(X) else X ** int(a.real)


def _repeated(X: Any, exponent: int) -> Any:
    """A whole power of complex numbers by squares: beyond 99 numpy takes a logarithm, which loses
    the small imaginary part of a complex step beside a negative number."""
    result, left = X * 0 + 1, abs(exponent)
    while left:
        if left % 2:
            result = result * X
        left //= 2
        if left:
            X = X * X
    return result if exponent >= 0 else 1 / result


def power(X: Expression, a: Expression) -> Expression:
    """X.^a for any X and a scalar exponent a."""
    if not a.is_scalar:
        raise ShapeProblem("an exponent is a scalar")
    exponent = number_value(a)
    if exponent == 0:
        return ones(*X.shape)
    if exponent == 1 or is_ones(X):
        return X
    base = number_value(X)
    if base is not None and base < 0 and exponent is not None and not isinstance(exponent, int):
        raise DomainProblem(
            f"{base} to the power {exponent} is a complex number; matdiff is real", code="MX255"
        )
    if base is not None and isinstance(exponent, int) and abs(exponent) <= 64 and base != 0:
        return number(Fraction(base) ** exponent)
    if X.operation is POWER:
        inside = number_value(X.arguments[1])
        # (x^a)^b = x^(ab) for integers; for roots only where no sign is lost
        if inside is not None and isinstance(exponent, int) and isinstance(inside, int):
            return power(X.arguments[0], number(inside * exponent))
    if X.operation is POWER and exponent == -1:
        return power(X.arguments[0], scale(MINUS_ONE, X.arguments[1]))
    return make(POWER, (X, a), X.shape)


def square(X: Expression) -> Expression:
    return power(X, TWO)


def reciprocal(X: Expression) -> Expression:
    return power(X, MINUS_ONE)


def exp(X: Expression) -> Expression:
    return apply(EXP, X)


def log(X: Expression) -> Expression:
    return apply(LOG, X)


def root(X: Expression) -> Expression:
    """The square root of each entry; held as a power, so that roots and powers combine."""
    return power(X, HALF)


CONSTRUCTORS[POWER] = power
CONSTRUCTORS[SQRT] = root
