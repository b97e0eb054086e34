"""The targets by name."""

from __future__ import annotations

from matdiff.emission import conversion, numerics
from matdiff.emission.function import Target
from matdiff.emission.julia import JULIA
from matdiff.emission.matlab import MATLAB
from matdiff.emission.python import Python

NUMPY = Python(
    "numpy",
    "np",
    {"np": "import numpy as np"},
    conversion.for_numpy,
    by_factor=("logdet_spd",),
    in_place=True,
    number="float({0})",
    returned="float({0})",
    overrides={
        "vdot of a transpose": 'np.einsum("ij,ji->", {0}, {1})',  # vdot would copy the transpose
        "blocks_on_diagonal": "_blocks_on_diagonal(np, {0}, {d0})",
        "spread_blocks": "_spread_blocks(np, {0}, {d0})",
        "spread_inner": "_spread_inner(np, {0})",
        "spread_outer": "_spread_outer(np, {0})",
    },
    helpers={
        "blocks_on_diagonal": [numerics._blocks_on_diagonal],
        "spread_blocks": [numerics._spread_blocks],
        "spread_inner": [numerics._spread_inner],
        "spread_outer": [numerics._spread_outer],
    },
)
JAX = Python(
    "jax",
    "jnp",
    {"jax": "import jax", "jnp": "import jax.numpy as jnp"},
    conversion.for_jax,
    constant="jnp.asarray({0}, dtype)",
    vector_first=True,
    by_factor=("logdet_spd", "solve_spd"),
    overrides={
        "kron": "jnp.kron({0}, {1})",
        "blocks_on_diagonal": "jnp.kron(jnp.eye({d0}, {new}), {0})",
        "spread_blocks": "jnp.kron({0}, jnp.eye({d0}, {new}))",
        "spread_inner": "jnp.where(jnp.eye({t0}, dtype=bool)[:, None, :], "
        "{0}.swapaxes(0, 1)[:, :, :, None], 0).reshape({s0}, {s1})",
        "spread_outer": "jnp.where(jnp.eye({t0}, dtype=bool)[:, None, :, None], "
        "{0}[:, :, None, :], 0).reshape({s0}, {s1})",
        "solve_spd": "jax.scipy.linalg.cho_solve(({0}, True), {1})",
    },
)
TORCH = Python(
    "torch",
    "torch",
    {"torch": "import torch"},
    conversion.for_torch,
    by_factor=("logdet_spd", "solve_spd", "inverse_spd"),
    constant="torch.as_tensor({0}, dtype=dtype, device=device)",
    new="dtype=dtype, device=device",
    overrides={
        "vdot": "torch.sum({0} * {1})",
        "sum_rows": "{0}.sum(dim=1)",
        "sum_columns": "{0}.sum(dim=0)",
        "max_rows": "{0}.amax(dim=1)",
        "max_columns": "{0}.amax(dim=0)",
        "first_largest": "(torch.arange({s0}, device=device) == torch.argmax({0})).to(dtype)",
        "solve_spd": "torch.cholesky_solve({1}, {0})",
        "solve_spd of a vector": "torch.cholesky_solve({1}[:, None], {0})[:, 0]",
        "inverse_spd": "torch.cholesky_inverse({0})",
        # torch.kron does not take every transpose (2.15)
        "kron": "_kron(torch, {0}, {1})",
        "blocks_on_diagonal": "_kron(torch, torch.eye({d0}, {new}), {0})",
        "spread_blocks": "_kron(torch, {0}, torch.eye({d0}, {new}))",
        "spread_inner": "torch.diag_embed({0}.permute(1, 2, 0), dim1=1, dim2=3)"
        ".reshape({s0}, {s1})",
        "spread_outer": "torch.diag_embed({0}.permute(1, 2, 0), dim1=0, dim2=2)"
        ".reshape({s0}, {s1})",
        "concat": "torch.cat([{0}], dim={1})",
    },
    helpers={
        "kron": [numerics._kron],
        "blocks_on_diagonal": [numerics._kron],
        "spread_blocks": [numerics._kron],
    },
)
ARRAY_API = Python(
    "array-api",
    "xp",
    {},
    conversion.for_array_api,
    by_factor=("logdet_spd",),
    constant="xp.asarray({0}, dtype=dtype, device=device)",
    new="dtype=dtype, device=device",
    overrides={
        "vdot": "xp.sum({0} * {1})",
        "sum": "xp.sum({0})",
        "sum_rows": "xp.sum({0}, axis=1)",
        "sum_columns": "xp.sum({0}, axis=0)",
        "max": "xp.max({0})",
        "max_rows": "xp.max({0}, axis=1)",
        "max_columns": "xp.max({0}, axis=0)",
        "trace": "xp.linalg.trace({0})",
        "first_largest": "xp.astype(xp.arange({s0}, device=device) == xp.argmax({0}), dtype)",
        "logdet_spd": "2 * xp.sum(xp.log(xp.linalg.diagonal({0})))",
        "diagonal": "xp.linalg.diagonal({0})",
        "embed": "{0}[:, None] * xp.eye({s0}, {new})",
        "add_diagonal": "{0} + {1}[:, None] * xp.eye({s0}, {new})",
        "flat": "xp.reshape({0}, (-1,))",
        "rows_of": "xp.reshape({0}, ({s0}, {s1}))",
        "permute": "_permuted(xp, {0}, {d0}, {d1}, {d2})",
        "kron": "_kron(xp, {0}, {1})",
        "blocks_on_diagonal": "_kron(xp, xp.eye({d0}, {new}), {0})",
        "spread_blocks": "_kron(xp, {0}, xp.eye({d0}, {new}))",
        "apply_left": "xp.reshape({0} @ xp.reshape({1}, ({d0}, -1)), ({s0}, {s1}))",
        "apply_right": "xp.reshape({0} @ xp.reshape({1}, ({d0}, {d1}, -1)), ({s0}, {s1}))",
        "sandwich": "_sandwiched(xp, {0}, {1}, {2})",
        "spread_inner": "_with_inner(xp, {0})",
        "spread_outer": "_with_outer(xp, {0})",
        "concat": "xp.concat([{0}], axis={1})",
        "khatri_rao": "xp.reshape({0}[:, None, :] * {1}, ({s0}, {s1}))",
    },
    helpers={
        "permute": [numerics._permuted],
        "kron": [numerics._kron],
        "blocks_on_diagonal": [numerics._kron],
        "spread_blocks": [numerics._kron],
        "sandwich": [numerics._sandwiched],
        "spread_inner": [numerics._device, numerics._with_inner],
        "spread_outer": [numerics._device, numerics._with_outer],
    },
)
TARGETS: dict[str, Target] = {
    target.name: target for target in (NUMPY, ARRAY_API, JAX, TORCH, JULIA, MATLAB)
}
