"""matdiff's expressions as tensorgrad's named tensors, and what tensorgrad makes of them.

A matrix is a tensor with the edges r and c; sides of one are left out.  A multilinear operation
is its index signature, "ij,jk->ik": a letter that two tensors share is an edge between them, one
that more share is a copy tensor.  What tensorgrad has no function for raises `Untranslatable`.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from importlib.metadata import version
from itertools import count
from typing import Any

import numpy as np
import sympy
from references import Untranslatable, Values
from tensorgrad import Delta, Ones, Product, Sum, Variable, functions
from tensorgrad.tensor import Rename, Zero

from matdiff.dimensions import ONE, Dimension
from matdiff.operations.algebra import Expression, postorder

NAME, VERSION = "tensorgrad", version("tensorgrad")
SIDES = ("r", "c")
_fresh = count()


def translate(f: Expression, wrt: Expression) -> tuple[Any, Any]:
    """The function and the variable in tensorgrad."""
    made: dict[Expression, Any] = {}
    for node in postorder(f, wrt):
        arguments = [made[argument] for argument in node.arguments]
        rule = RULES.get(node.operation.name)
        if rule is not None:
            made[node] = rule(node, *arguments)
        elif node.operation.multilinear:
            made[node] = _contracted(node, arguments)
        else:
            raise Untranslatable(node.operation.name)
    return made[f], made[wrt]


def differentiate(f: Any, wrt: Any) -> Any:
    """The derivative; `grad` alone only promises it, simplifying takes it."""
    promised = f.grad(wrt, {edge: f"d{edge}" for edge in wrt.edges})
    return promised.full_simplify(expand=False)  # multiplied out it would take exponentially longer


def value(answer: Any, symbols: list[Expression], values: Values) -> np.ndarray:
    """The answer at a point, its sides of one left out.

    By einsum and not by tensorgrad's own `evaluate`, which needs the named tensors that newer
    releases of torch no longer have."""
    order = [f"d{edge}" for edge in SIDES if f"d{edge}" in answer.edges]
    return np.asarray(_evaluated(answer, order, values))


def _evaluated(tensor: Any, order: list[str], values: Values) -> Any:
    """The array of a tensor with its edges in this order."""
    sides = [_extent(tensor.shape[edge], values) for edge in order]
    if isinstance(tensor, Variable):
        array = np.asarray(values[tensor.name], dtype=float)
        array = array.reshape([_extent(size, values) for size in tensor.shape.values()])
        return array.transpose([list(tensor.edges).index(edge) for edge in order])
    if isinstance(tensor, Rename):
        old = {new: edge for edge, new in tensor.mapping.items()}
        return _evaluated(tensor.tensor, [old.get(edge, edge) for edge in order], values)
    if isinstance(tensor, Zero):
        return np.zeros(sides)
    if isinstance(tensor, Delta):
        if not order:
            return np.array(float(_extent(tensor.size, values)))
        return np.fromfunction(lambda *at: (np.ptp(at, axis=0) == 0) * 1.0, sides)
    if isinstance(tensor, Sum):
        terms = (_evaluated(term, order, values) for term in tensor.terms)
        return sum(float(w) * term for w, term in zip(tensor.weights, terms, strict=True))
    if isinstance(tensor, Product):
        return _joined(tensor.factors, order, values)
    return _applied(tensor, order, values)


def _extent(size: Any, values: Values) -> int:
    return int(values.get(size.name, size.name))


def _joined(factors: Any, order: list[str], values: Values) -> Any:
    """A product: einsum over the edges, each an integer."""
    numbers: dict[str, int] = {}
    operands: list[Any] = []
    for factor in factors:
        edges = list(factor.edges)
        operands.append(_evaluated(factor, edges, values))
        operands.append([numbers.setdefault(edge, len(numbers)) for edge in edges])
    out = [numbers[edge] for edge in order]
    return np.einsum(*operands, out, optimize=True) if operands else np.array(1.0)


def _applied(tensor: Any, order: list[str], values: Values) -> Any:
    """A function of one tensor."""
    (inside,), signature = tensor.inputs, tensor.signature
    (consumed,) = signature.inputs
    inner = [edge for edge in inside.edges if edge in consumed]
    outer = [edge for edge in order if edge not in tensor.shape_out]
    last = [edge for edge in order if edge in tensor.shape_out] if tensor.shape_out else []
    array = _evaluated(inside, [*outer, *(last or inner)], values)
    if isinstance(signature, functions._PowerFunction):
        result = array ** float(signature.k)
    else:
        result = NUMPY[signature.name](array)
    return result.transpose([[*outer, *last].index(edge) for edge in order])


def _size(side: Dimension) -> Any:
    written = str(side)
    if not written.replace("_", "").isalnum():
        raise Untranslatable(f"a side of {side}")
    return sympy.Symbol(written)  # an integer too: a side has to be a symbol


def _edges(node: Expression) -> dict[str, Any]:
    sides = zip(SIDES, node.shape, strict=True)
    return {edge: _size(side) for edge, side in sides if side is not ONE}


def _contracted(node: Expression, arguments: list[Any]) -> Any:
    """A multilinear operation by its signature."""
    signature = node.operation.signature
    assert signature is not None
    legs: dict[str, list[tuple[int, str]]] = {}  # by letter: (argument, edge), -1 for the result
    size: dict[str, Any] = {}
    places = [*enumerate(signature.inputs), (-1, signature.output)]
    for place, axes in places:
        shape = node.shape if place < 0 else node.arguments[place].shape
        for edge, axis, side in zip(SIDES, axes, shape, strict=True):
            if len(axis) > 1:
                raise Untranslatable(node.operation.name)
            if side is not ONE:
                legs.setdefault(axis[0], []).append((place, edge))
                size[axis[0]] = _size(side)
    names: list[dict[str, str]] = [{} for _ in arguments]
    copies = []
    for letter, ends in legs.items():
        inside = [end for end in ends if end[0] >= 0]
        outside = [edge for place, edge in ends if place < 0]
        joins = (len(inside), len(outside))
        if joins in ((1, 1), (2, 0)) and len({place for place, _ in inside}) == len(inside):
            name = outside[0] if outside else f"e{next(_fresh)}"
            for place, edge in inside:
                names[place][edge] = name
            continue
        for place, edge in inside:
            names[place][edge] = f"e{next(_fresh)}"
        copies.append(Delta(size[letter], *outside, *(names[p][edge] for p, edge in inside)))
    renamed = [tensor.rename(**new) for tensor, new in zip(arguments, names, strict=True)]
    return Product([*copies, *renamed])


def _number(amount: Any) -> Any:
    return Sum([Product([])], [amount])


def _power(node: Expression, A: Any, exponent: Any) -> Any:
    (amount,) = node.arguments[1].parameters or (None,)
    if not isinstance(amount, int | Fraction):
        raise Untranslatable("a power that is no number")
    return functions.pow(A, amount)


RULES: dict[str, Callable[..., Any]] = {
    "symbol": lambda node: Variable(str(node.parameters[0]), **_edges(node)),
    "number": lambda node: _number(node.parameters[0]),
    "size": lambda node: Delta(_size(node.parameters[0])),
    "I": lambda node: Delta(_size(node.rows), *SIDES),
    "ones": lambda node: Ones(**_edges(node)),
    "add": lambda node, A, B: A + B,
    # tensorgrad's inverse cancels the tensor along edges of the same name: it is the transpose
    "inv": lambda node, A: functions.inverse(A).rename(r="c", c="r"),
    "det": lambda node, A: functions.det(A),
    "logdet": lambda node, A: functions.log(functions.det(A)),
    "norm": lambda node, A: functions.sqrt(functions.frobenius2(A)),
    "power": _power,
    "softmax": lambda node, x: functions.softmax(x, dim="r"),
    "softmax_rows": lambda node, A: functions.softmax(A, dim="c"),
    "logsumexp": lambda node, x: functions.log(functions.sum(functions.exp(x), dim="r")),
    "exp": lambda node, A: functions.exp(A),
    "log": lambda node, A: functions.log(A),
    "tanh": lambda node, A: functions.tanh(A),
    "sigmoid": lambda node, A: functions.sigmoid(A),
    "softplus": lambda node, A: functions.log(functions.exp(A) + Ones(**_edges(node))),
    "relu": lambda node, A: functions.relu(A),
    "abs": lambda node, A: functions.abs(A),
    "sign": lambda node, A: functions.sign(A),
    "sqrt": lambda node, A: functions.sqrt(A),
    "erf": lambda node, A: functions.erf(A),
}
NUMPY: dict[str, Callable[..., Any]] = {
    "inv": lambda A: np.linalg.inv(A).swapaxes(-1, -2),
    "det": np.linalg.det,
    "sigmoid": lambda A: 1 / (1 + np.exp(-A)),
    "relu": lambda A: np.maximum(A, 0),
    "gt0": lambda A: (A > 0) * 1.0,
    **{name: getattr(np, name) for name in "exp log tanh abs sign sqrt".split()},
}
