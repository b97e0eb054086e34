"""The part of Julia that is emitted, read by a grammar of Julia and evaluated on numpy arrays.

It stands in for Julia, which is not to be had here, and is stricter: a vector is no matrix of one
column, `*` and `+` do not broadcast, functions of numbers take arrays only with a dot, a division
is by a number, an index has one place for each axis, and what Julia would do but nobody should
write (the transpose of a vector broadcast with another, an array with three axes transposed) is an
error.  Arrays are reshaped by columns and counted from one.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np

from matdiff.operations import matrix_numerics

SKIPPED = ("(", ")", "[", "]", ",", ";", '"', '"""')
EACH = {name: getattr(np, name) for name in "exp log sqrt abs sign sin cos tan sinh cosh tanh "
        "log1p".split()}  # fmt: skip
EACH |= {"asin": np.arcsin, "acos": np.arccos, "atan": np.arctan, "max": np.maximum, "min": min}
EACH["Float"] = np.float64
OF_MATRICES = {
    "exp": partial(matrix_numerics._expm, np),
    "log": partial(matrix_numerics._logm, np),
    "sqrt": partial(matrix_numerics._sqrtm, np),
    "inv": np.linalg.inv,
    "tr": lambda A: float(np.trace(A)),
    "det": lambda A: float(np.linalg.det(A)),
    "logdet": lambda A: float(np.linalg.slogdet(A)[1]),
    "logabsdet": lambda A: np.array(np.linalg.slogdet(A)[::-1]),
    "Symmetric": lambda A: A,
}
SIGNS: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv,
    "^": lambda a, b: np.power(np.asarray(a, float), b), "==": lambda a, b: a == b,
}  # fmt: skip


class JuliaError(Exception):
    """What Julia would not take."""


class Adjoint:
    """x' of a vector x."""

    def __init__(self, parent: np.ndarray) -> None:
        self.parent = parent


class Wrapped:
    """Diagonal(d), cholesky(S), c * I or svd(A): by its kind, with what is in it."""

    def __init__(self, kind: str, inside: Any) -> None:
        self.kind, self.inside = kind, inside


class _Returned(Exception):
    pass


def need(condition: Any, reason: str) -> None:
    if not condition:
        raise JuliaError(reason)


def rank(value: Any) -> int:
    return 2 if isinstance(value, Adjoint) else np.ndim(value)


def is_number(value: Any) -> bool:
    return isinstance(value, (int, float, np.number)) and not isinstance(value, bool)


def dense(value: Any) -> Any:
    return value.parent.reshape(1, -1) if isinstance(value, Adjoint) else value


# -- operators -----------------------------------------------------------------------------------


def broadcast(function: Callable[..., Any], *values: Any) -> Any:
    """The function of entries, the first axes facing each other."""
    adjoints = sum(isinstance(value, Adjoint) for value in values)
    need(not any(isinstance(value, Wrapped) for value in values), "a structure is broadcast")
    need(not adjoints or any(np.ndim(v) for v in values if not isinstance(v, Adjoint)),
         "transposed vectors alone are broadcast")  # fmt: skip
    arrays = [dense(value) for value in values]
    most = max(map(np.ndim, arrays))
    arrays = [a.reshape(a.shape + (1,) * (most - a.ndim)) if np.ndim(a) else a for a in arrays]
    for sides in zip(*(a.shape for a in arrays if np.ndim(a)), strict=True):
        need(len({side for side in sides if side != 1}) <= 1, "a broadcast of unlike shapes")
    return function(*arrays)


def times(a: Any, b: Any) -> Any:
    if isinstance(b, Wrapped):
        need(b.kind == "I" and is_number(a), "only a number times I")
        return Wrapped("I", a * b.inside)
    if is_number(a) or is_number(b):
        need(not isinstance(a, Adjoint) and not isinstance(b, Adjoint), "a number times x'")
        return a * b
    need(rank(b) == 2 or rank(a) == 2, "a vector times a vector")
    left, right = dense(a), dense(b)
    if rank(a) == 1:
        need(right.shape[0] == 1, "a vector times a matrix")
        left = left.reshape(-1, 1)
    need(left.ndim <= 2 and right.ndim <= 2, "three axes")
    need(left.shape[-1] == right.shape[0], f"{left.shape} times {right.shape}")
    product = left @ right
    if isinstance(a, Adjoint):  # a number, or a transposed vector
        return float(product[0]) if rank(b) == 1 else Adjoint(product[0])
    return product


def plus(sign: int, a: Any, b: Any) -> Any:
    if isinstance(b, Wrapped):
        need(rank(a) == 2 and a.shape[0] == a.shape[1], "the other is not square")
        need(b.kind in ("I", "Diagonal"), b.kind)
        need(b.kind == "I" or b.inside.shape == a.shape[:1], "sizes")
        return a + sign * (b.inside * np.eye(len(a)) if b.kind == "I" else np.diag(b.inside))
    need(np.shape(dense(a)) == np.shape(dense(b)), "sums of unlike shapes")
    return dense(a) + sign * dense(b)


def solve(a: Any, b: Any) -> Any:
    if isinstance(a, Wrapped):
        need(a.kind == "cholesky", a.kind)
        a = a.inside
    need(rank(a) == 2 and rank(b) in (1, 2), "solve")
    return np.linalg.solve(a, dense(b))


def power(a: Any, b: Any) -> Any:
    if is_number(a):
        return a**b if isinstance(a, int) and isinstance(b, int) else float(a) ** b
    need(rank(a) == 2 and is_number(b), "power")
    return matrix_numerics._powm(np, a, np.array([[b]]))


def divide(a: Any, b: Any) -> Any:
    need(is_number(b), "division by an array")
    return a / b


def adjoint(a: Any) -> Any:
    if isinstance(a, Adjoint):
        return a.parent
    need(rank(a) in (1, 2), "the transpose of three axes")
    return Adjoint(a) if rank(a) == 1 else a.T


OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "*": times, "+": partial(plus, 1), "-": partial(plus, -1), "/": divide, "\\": solve,
    "^": power, "÷": operator.floordiv, "&": operator.and_, "==": operator.eq,
    ">=": operator.ge,
}  # fmt: skip


# -- functions -----------------------------------------------------------------------------------


def reshape(value: Any, *sides: Any) -> Any:
    sizes = [-1 if isinstance(side, slice) else side for side in sides]
    return dense(value).reshape(sizes, order="F")


def permutedims(value: Any, order: Sequence[int] | None = None) -> Any:
    array = dense(value)
    need(array.ndim == (2 if order is None else len(order)), "permutedims")
    return array.transpose(None if order is None else [i - 1 for i in order]).copy()


def vec(value: Any) -> Any:
    need(rank(value) > 0, "vec of a number")
    return dense(value).reshape(-1, order="F")


def reduced(function: Callable[..., Any], value: Any, dims: int = 0) -> Any:
    need(rank(value) >= max(dims, 1), "a sum along no axis")
    if dims:
        return function(dense(value), axis=dims - 1, keepdims=True)
    return function(dense(value)).item()


def hvcat(counts: Sequence[int], *blocks: Any) -> Any:
    need(all(rank(block) == 2 for block in blocks), "blocks are matrices")
    rest = iter(map(dense, blocks))
    return np.vstack([np.hstack([next(rest) for _ in range(count)]) for count in counts])


def hcat(*blocks: Any) -> Any:
    columns = [b.reshape(-1, 1) if rank(b) == 1 else b for b in blocks]
    return hvcat((len(blocks),), *columns)


def of_rank(wanted: int, function: Callable[..., Any]) -> Callable[..., Any]:
    def checked(*values: Any) -> Any:
        need(all(rank(value) == wanted for value in values), f"{function} takes {wanted} axes")
        return function(*map(dense, values))

    return checked


def dot(a: Any, b: Any) -> float:
    need(rank(a) == rank(b) > 0 and dense(a).shape == dense(b).shape, "dot")
    return float(np.sum(dense(a) * dense(b)))


def decomposed(A: np.ndarray) -> Wrapped:
    U, _, Vt = np.linalg.svd(A, full_matrices=False)
    return Wrapped("svd", {"U": U, "Vt": Vt})


def size(value: Any, axis: int | None = None) -> Any:
    shape = dense(value).shape
    return shape if axis is None else shape[axis - 1]


def square(function: Callable[[Any], Any], A: Any) -> Any:
    inside = A.inside if isinstance(A, Wrapped) else A
    need(rank(inside) == 2 and inside.shape[0] == inside.shape[1], "a square matrix")
    return function(inside)


def single(value: Any) -> float:
    need(np.size(value) == 1, "only")
    return float(np.reshape(value, ()))


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "reshape": reshape, "permutedims": permutedims, "vec": vec, "dot": dot, "size": size,
    "hcat": hcat, "vcat": lambda *blocks: hvcat((1,) * len(blocks), *blocks), "hvcat": hvcat,
    "sum": partial(reduced, np.sum), "maximum": partial(reduced, np.max),
    "kron": of_rank(2, np.kron), "diag": of_rank(2, np.diag), "diagm": of_rank(1, np.diag),
    "Diagonal": of_rank(1, partial(Wrapped, "Diagonal")), "pinv": of_rank(2, np.linalg.pinv),
    "tril": of_rank(2, np.tril), "svd": of_rank(2, decomposed),
    "svdvals": of_rank(2, lambda A: np.linalg.svd(A)[1]), "Matrix": of_rank(2, np.array),
    "cholesky": lambda S: Wrapped("cholesky", np.linalg.cholesky(S) @ np.linalg.cholesky(S).T),
    "ones": lambda _, *sides: np.ones(sides), "zeros": lambda _, *sides: np.zeros(sides),
    "fill": lambda value, *sides: np.full(sides, float(value)), "only": single, "length": len,
    "argmax": lambda x: int(np.argmax(dense(x))) + 1, "count_ones": int.bit_count,
    "axes": lambda A, axis: np.arange(1, A.shape[axis - 1] + 1),
    "eltype": lambda _: "Float", "typeof": lambda _: "Float", "float": lambda name: name,
    "promote_type": lambda *_: "Float",
} | {name: partial(square, function) for name, function in OF_MATRICES.items()}  # fmt: skip


# -- evaluation ----------------------------------------------------------------------------------


def text(node: Any) -> str:
    written: str = node.text.decode()
    return written


def parts(node: Any) -> list[Any]:
    return [child for child in node.children if child.type not in SKIPPED]


class Evaluation:
    """The values of names while a function runs."""

    def __init__(self, names: dict[str, Any]) -> None:
        self.names = names

    def value(self, node: Any) -> Any:
        rule = getattr(self, f"_{node.type}", None)
        need(rule is not None, f"not read: {node.type} {text(node)}")
        assert rule is not None
        return rule(node)

    def run(self, statement: Any) -> None:
        if statement.type == "assignment":
            target, made = statement.children[0], self.value(statement.children[-1])
            if target.type == "open_tuple":
                names = [text(part) for part in parts(target)]
                self.names.update(zip(names, made, strict=True))
            else:
                self.names[text(target)] = made
        elif statement.type == "return_statement":
            raise _Returned(self.value(statement.children[1]))
        elif statement.type == "if_statement":
            if self.value(statement.child_by_field_name("condition")):
                raise JuliaError(f"refused: {text(statement)}")
        else:
            self.value(statement)

    def _identifier(self, node: Any) -> Any:
        known = {"I": Wrapped("I", 1), "pi": math.pi, "Inf": math.inf, "Float64": "Float"}
        need(text(node) in self.names or text(node) in known, f"no {text(node)}")
        return self.names.get(text(node), known.get(text(node)))

    def _integer_literal(self, node: Any) -> int:
        return int(text(node))

    def _float_literal(self, node: Any) -> float:
        return float(text(node))

    def _string_literal(self, node: Any) -> str:
        return text(node)

    def _operator(self, node: Any) -> slice:
        need(text(node) == ":", text(node))
        return slice(None)

    def _parenthesized_expression(self, node: Any) -> Any:
        return self.value(parts(node)[0])

    def _tuple_expression(self, node: Any) -> tuple[Any, ...]:
        return tuple(map(self.value, parts(node)))

    def _vector_expression(self, node: Any) -> np.ndarray:
        return np.array([self.value(part) for part in parts(node)])

    def _range_expression(self, node: Any) -> range:
        first, *_, last = parts(node)
        return range(self.value(first), self.value(last) + 1)

    def _adjoint_expression(self, node: Any) -> Any:
        return adjoint(self.value(node.children[0]))

    def _unary_expression(self, node: Any) -> Any:
        inside = self.value(node.children[1])
        if text(node.children[0]) == "!":
            return not inside
        need(text(node.children[0]) == "-" and not isinstance(inside, Adjoint), text(node))
        return -inside

    def _binary_expression(self, node: Any) -> Any:
        left, sign, right = node.children
        if text(sign) == "&&":
            return self.value(left) and self.value(right)
        if text(sign) == "||":
            return self.value(left) or self.value(right)
        a, b = self.value(left), self.value(right)
        if text(sign).startswith("."):
            return broadcast(SIGNS[text(sign)[1:]], a, b)
        return OPERATORS[text(sign)](a, b)

    def _call_expression(self, node: Any) -> Any:
        called, listed = node.children
        if called.type == "operator":  # -(x), !(x)
            return self._unary_expression(_Signed(called, parts(listed)[0]))
        named = [part for part in parts(listed) if part.type == "named_argument"]
        options = {text(part.children[0]): self.value(part.children[-1]) for part in named}
        given = [part for part in parts(listed) if part not in named]
        name = text(called)
        if name == "throw":
            raise JuliaError(text(node))
        if name == "convert":
            array = self.value(given[1])
            need(rank(array) == (2 if "Matrix" in text(given[0]) else 1), "convert")
            return array
        values = [self.value(part) for part in given]
        if name == "Matrix{Float}":
            return np.eye(*values[1:])
        if callable(self.names.get(name)):
            return self.names[name](*values)
        if name in EACH and all(map(is_number, values)):
            return EACH[name](*values)
        need(name in FUNCTIONS, f"no {name} of {values}")
        return FUNCTIONS[name](*values, **options)

    def _broadcast_call_expression(self, node: Any) -> Any:
        name, values = text(node.children[0]), map(self.value, parts(node.children[-1]))
        function = self.names.get(name)
        return broadcast(function if callable(function) else EACH[name], *values)

    def _index_expression(self, node: Any) -> Any:
        whole, found = node.children
        array, indices = dense(self.value(whole)), [self.value(part) for part in parts(found)]
        need(len(indices) == np.ndim(array), "an index for each axis")
        for axis in reversed(range(len(indices))):
            index, count = indices[axis], array.shape[axis]
            if isinstance(index, slice):
                continue
            places = np.asarray(index, dtype=int)
            need(np.all((places >= 1) & (places <= count)), "out of bounds")
            array = np.take(array, places - 1, axis=axis)
        return array if np.ndim(array) else array.item()

    def _field_expression(self, node: Any) -> Any:
        return self.value(node.children[0]).inside[text(node.children[-1])]

    def _comprehension_expression(self, node: Any) -> np.ndarray:
        """[f for a in A for b in B] is flat, [f for a in A, b in B] has two axes."""
        body, *clauses = parts(node)
        bindings = [[b for b in clause.children if b.type == "for_binding"] for clause in clauses]
        flat = [binding for clause in bindings for binding in clause]
        inner = Evaluation(dict(self.names))
        entries: list[Any] = []

        def fill(level: int) -> None:
            if level == len(flat):
                entries.append(inner.value(body))
                return
            variable, values = flat[level].children[0], inner.value(flat[level].children[-1])
            for each in values:
                inner.names[text(variable)] = each
                fill(level + 1)

        fill(0)
        if len(bindings[0]) == 2:
            rows, columns = (len(self.value(b.children[-1])) for b in flat)
            return np.array(entries).reshape(rows, columns)
        return np.array(entries, dtype=int if not entries else None)


class _Signed:
    """An operator before brackets, as the operator and what is in them."""

    def __init__(self, sign: Any, inside: Any) -> None:
        self.children = (sign, inside)
        self.text = sign.text


def function(source: str) -> Callable[..., Any]:
    """The function of an emitted file, taking its arguments in order; JuliaError if Julia's
    grammar does not read it."""
    import tree_sitter
    import tree_sitter_julia

    language = tree_sitter.Language(tree_sitter_julia.language())
    tree = tree_sitter.Parser(language).parse(source.encode()).root_node
    need(not tree.has_error, "syntax")
    (definition,) = (node for node in _all(tree) if node.type == "function_definition")
    listed = next(node for node in _all(definition) if node.type == "argument_list")
    parameters = [text(part).partition("::") for part in parts(listed)]
    body = [part for part in definition.children if part.type == "block"]
    statements = [statement for block in body for statement in block.children] or [
        part for part in definition.children if part.type not in ("function", "end", "signature")
    ]

    def call(*values: Any) -> Any:
        for (_, _, kind), value in zip(parameters, values, strict=True):
            wanted = 2 if "Matrix" in kind else 1 if "Vector" in kind else 0
            need(callable(value) or rank(value) == wanted, f"no method for {kind}")
        names = [name for name, _, _ in parameters]
        running = Evaluation(dict(zip(names, values, strict=True)))
        try:
            for statement in statements:
                running.run(statement)
        except _Returned as returned:
            (result,) = returned.args
            need(not isinstance(result, (Adjoint, Wrapped)), "a lazy result")
            return result
        raise JuliaError("nothing is returned")

    return call


def _all(node: Any) -> list[Any]:
    found, stack = [], [node]
    while stack:
        found.append(stack.pop())
        stack.extend(reversed(found[-1].children))
    return found
