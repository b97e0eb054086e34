"""Every record in the registry, held to what it states, by numbers.

A new operation is covered by being in the registry: its shape rule against its value's shape, its
pullback against the operation itself, its differential against central differences, its notation
against what is read back, its code against its value, and the gradients that follow from all this
against the values of the function.
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from numerics import SIZES, close, value
from records import OF_EVERY_KIND, WITH_ARGUMENTS, arguments_of, built, samples

from matdiff.derivatives import derive
from matdiff.emission import numpy_source
from matdiff.errors import DomainProblem
from matdiff.operations.algebra import Expression, inner, symbol, zeros
from matdiff.operations.linear import trace
from matdiff.operations.record import Operation
from matdiff.rendering import latex, text
from matdiff.session import Session
from matdiff.settings import Settings
from matdiff.verification import verify

STEP = 1e-5

of_every_record = pytest.mark.parametrize("record", WITH_ARGUMENTS, ids=lambda r: r.name)
of_constants_too = pytest.mark.parametrize("record", OF_EVERY_KIND, ids=lambda r: r.name)


def slope(
    Y: Expression, argument: Expression, values: dict[Expression, np.ndarray], dX: np.ndarray
) -> np.ndarray:
    """The derivative of Y along dX, by a central difference."""
    ahead = value(Y, {**values, argument: values[argument] + STEP * dX})
    behind = value(Y, {**values, argument: values[argument] - STEP * dX})
    return (ahead - behind) / (2 * STEP)


@of_constants_too
def test_the_value_has_the_shape_of_the_signature(record: Operation) -> None:
    arguments = arguments_of(record)
    node = built(record, arguments)
    expected = tuple(side.at(SIZES) for side in node.shape)
    assert value(node, samples(record, arguments)).shape == expected


@of_every_record
def test_every_record_has_exactly_one_way_to_be_differentiated(record: Operation) -> None:
    assert record.signature is not None
    rules = record.pullback if record.multilinear else record.differential
    assert len(rules) == len(record.signature.inputs)
    assert not (record.pullback and record.differential)
    assert record.summary


@pytest.mark.parametrize(
    "record", [r for r in WITH_ARGUMENTS if r.multilinear], ids=lambda r: r.name
)
def test_pullback_moves_the_factor_across_the_colon(record: Operation) -> None:
    arguments, changes = arguments_of(record), arguments_of(record, "d")
    Y = built(record, arguments)
    G = symbol("G", *Y.shape)
    for i, change in enumerate(changes):
        moved = built(record, [*arguments[:i], change, *arguments[i + 1 :]])
        still = built(record, [*arguments[:i], zeros(*change.shape), *arguments[i + 1 :]])
        pulled = record.pullback[i](G, *arguments)
        assert pulled.shape == arguments[i].shape
        values = samples(record, [*arguments, *changes, G])
        # a sum does not vanish where one argument does, so take what the change adds
        left = value(inner(G, moved), values) - value(inner(G, still), values)
        assert close(left, value(inner(pulled, change), values), 1e-12)


@pytest.mark.parametrize(
    "record", [r for r in WITH_ARGUMENTS if not r.multilinear], ids=lambda r: r.name
)
def test_differential_against_central_differences(record: Operation) -> None:
    arguments, changes = arguments_of(record), arguments_of(record, "d")
    Y = built(record, arguments)
    values = samples(record, [*arguments, *changes])
    for argument, change, rule in zip(arguments, changes, record.differential, strict=True):
        expected = slope(Y, argument, values, values[change])
        try:
            stated = rule(*arguments, change) if rule is not None else None
        except DomainProblem as refusal:
            assert refusal.code != DomainProblem.code and refusal.hint
            continue
        got = np.zeros_like(expected) if stated is None else value(stated, values)
        assert close(got, expected, 1e-8)


@pytest.mark.parametrize("record", [r for r in WITH_ARGUMENTS if r.spectral], ids=lambda r: r.name)
def test_the_slope_of_a_function_of_a_matrix(record: Operation) -> None:
    """Df(X)[dX] = f'(X) dX where dX commutes with X, and tr Df(X)[dX] = tr(f'(X) dX) for any."""
    arguments = arguments_of(record)
    X = arguments[0]
    Y, change = built(record, arguments), symbol("d", *X.shape)
    values = samples(record, [*arguments, change])
    assert record.spectral is not None
    times_change = record.spectral(*arguments) @ change
    commuting = values[X] @ values[X] - 2 * np.linalg.inv(values[X])
    expected = slope(Y, X, values, commuting)
    assert close(value(times_change, {**values, change: commuting}), expected, 1e-7)
    expected = slope(trace(Y), X, values, values[change])
    assert close(value(trace(times_change), values), expected, 1e-7)


def declared(*symbols: Expression) -> Session:
    session = Session()
    for node in symbols:
        shape = "scalar" if node.is_scalar else f"{node.rows}×{node.columns}"
        session.declare(f"{node.parameters[0]} : {shape}")
    session.declare("U1 : m×n, U2 : p×q")  # so that all sizes are known
    return session


@of_constants_too
def test_what_is_written_is_read_back(record: Operation) -> None:
    arguments = arguments_of(record)
    node, session = built(record, arguments), declared(*arguments)
    for written in (text(node), text(node, ascii=True)):
        reading = session.shape(session.parse(written), Settings()).reading
        assert text(reading.expression) == text(node)
        assert reading.expression.shape == node.shape


@of_constants_too
def test_latex_is_balanced(record: Operation) -> None:
    arguments = arguments_of(record)
    written = latex(built(record, arguments))
    assert ("A" in written) == bool(arguments)
    bare = re.sub(r"\\[{}]", "", written)
    assert bare.count("{") == bare.count("}")
    assert written.count(r"\left") == written.count(r"\right")


@of_constants_too
def test_emitted_code_gives_the_value(record: Operation) -> None:
    arguments = arguments_of(record)
    node, values = built(record, arguments), samples(record, arguments)
    source, parameters = numpy_source(node, result="scalar" if node.is_scalar else "matrix")
    space: dict[str, Any] = {}
    exec(compile(source, record.name, "exec"), space)
    arrays = {argument.parameters[0]: values[argument] for argument in arguments}
    for argument in arguments:
        if argument.is_scalar:
            arrays[argument.parameters[0]] = arrays[argument.parameters[0]].item()
        elif argument.columns.value == 1:
            arrays[argument.parameters[0]] = arrays[argument.parameters[0]].ravel()
    given = {p: arrays.get(name, SIZES.get(name)) for p, name in parameters.items()}
    got = np.asarray(space["derivative"](**given))
    expected = value(node, values)
    assert close(got.reshape(expected.shape), expected, 1e-12)


@of_every_record
def test_gradients_are_verified(record: Operation) -> None:
    arguments = arguments_of(record)
    Y = built(record, arguments)
    G = symbol("G", *Y.shape)
    for argument in arguments:
        try:
            answer = derive("gradient", inner(G, Y), argument)
        except DomainProblem as refusal:
            assert refusal.hint
            if record.spectral is None:
                continue
            answer = derive("gradient", trace(Y), argument)
        outcome = verify(answer, seed=11)
        assert outcome.passed, (text(answer.formula), outcome.reason)
