"""Functions that emitted modules in Python may carry along: their source is copied.

Each takes the module of array functions that it uses as its first argument, numpy as `np`, torch as
`torch`, that of any library with the array API standard as `xp`, so that its source stands on its
own.
"""

from __future__ import annotations

from typing import Any

# -- arguments -----------------------------------------------------------------------------------


def _floating(np: Any, *arrays: Any) -> Any:
    # arrays of one floating-point type; single precision stays what it is
    arrays = tuple(map(np.asarray, arrays))
    dtype = np.result_type(np.float16, *arrays)
    return [array.astype(dtype, copy=False) for array in arrays]


def _tensors(torch: Any, *arguments: Any) -> Any:
    # tensors of the floating-point type of those that have axes; numbers go to their device
    given = [a for a in arguments if isinstance(a, torch.Tensor)]
    device = given[0].device if given else None
    tensors = [torch.as_tensor(a) for a in arguments]
    types = [t.dtype for t in tensors if t.ndim] or [t.dtype for t in tensors]
    dtype = types[0]
    for other in types[1:]:
        dtype = torch.promote_types(dtype, other)
    if not (dtype.is_floating_point or dtype.is_complex):
        dtype = torch.get_default_dtype()
    return [
        a.to(dtype)
        if isinstance(a, torch.Tensor)
        else torch.as_tensor(a, dtype=dtype, device=device)
        for a in arguments
    ]


def _namespace(*arguments: Any) -> Any:
    # the functions of the array API for the library that the arrays are of
    arrays = [a for a in arguments if getattr(a, "ndim", 0)]
    arrays = arrays or [a for a in arguments if hasattr(a, "ndim")]
    if not arrays:
        import numpy

        return numpy
    if hasattr(arrays[0], "__array_namespace__"):
        return arrays[0].__array_namespace__()
    import array_api_compat  # torch, Dask and older libraries have their functions there

    return array_api_compat.array_namespace(arrays[0])


def _converted(xp: Any, *arrays: Any) -> Any:
    # arrays of one floating-point type; single precision stays what it is
    types = [a.dtype for a in arrays if not xp.isdtype(a.dtype, ("bool", "integral"))]
    dtype = xp.result_type(*types) if types else xp.asarray(1.0).dtype
    return [xp.astype(a, dtype, copy=False) for a in arrays]


def _scalar(xp: Any, number: Any, like: Any = None) -> Any:
    # a number as an array without axes, of the type of another array if there is one
    dtype = None if like is None else like.dtype
    if isinstance(number, (int, float)):
        return xp.asarray(float(number), dtype=dtype, device=_device(like))
    return number if dtype is None else xp.astype(number, dtype, copy=False)


def _device(array: Any) -> Any:
    # where new arrays go; JAX finds that itself, and Dask has no devices
    return None if hasattr(array, "at") else getattr(array, "device", None)


# -- matrices of many ---------------------------------------------------------------------------


def _scaled_products(xp: Any, A: Any, W: Any, B: Any) -> Any:
    # A diag(w) B for each row w of W: one product with all columns of A' times all of B, unless
    # those are more than what W has rows
    (k, n), (m, _), (_, p) = A.shape, W.shape, B.shape
    if p > m:
        return (A * W[:, None, :]) @ B
    pairs = xp.reshape(A.T[:, :, None] * B[:, None, :], (n, k * p))
    return xp.reshape(W @ pairs, (m, k, p))


# -- numpy: what is written into zeros -----------------------------------------------------------


def _blocks_on_diagonal(np: Any, B: Any, n: Any) -> Any:
    # I ⊗ B with the identity of order n
    p, q = B.shape
    whole = np.zeros((n, p, n, q), dtype=B.dtype)
    places = np.arange(n)
    whole[places, :, places, :] = B
    return whole.reshape(n * p, n * q)


def _spread_blocks(np: Any, A: Any, n: Any) -> Any:
    # A ⊗ I with the identity of order n
    p, q = A.shape
    whole = np.zeros((p, n, q, n), dtype=A.dtype)
    places = np.arange(n)
    whole[:, places, :, places] = A
    return whole.reshape(p * n, q * n)


def _spread_inner(np: Any, blocks: Any) -> Any:
    # the matrix with entry k,l of block i at row (k, i) and column (l, i)
    n, p, q = blocks.shape
    whole = np.zeros((p, n, q, n), dtype=blocks.dtype)
    places = np.arange(n)
    whole[:, places, :, places] = blocks
    return whole.reshape(p * n, q * n)


def _spread_outer(np: Any, blocks: Any) -> Any:
    # the matrix with the blocks on its diagonal
    n, p, q = blocks.shape
    whole = np.zeros((n, p, n, q), dtype=blocks.dtype)
    places = np.arange(n)
    whole[places, :, places, :] = blocks
    return whole.reshape(n * p, n * q)


# -- the array API: what has no function of its own, or methods elsewhere -------------------------


def _kron(xp: Any, A: Any, B: Any) -> Any:
    # A ⊗ B
    (m, n), (p, q) = A.shape, B.shape
    return xp.reshape(A[:, None, :, None] * B[None, :, None, :], (m * p, n * q))


def _permuted(xp: Any, X: Any, a: Any, m: Any, n: Any) -> Any:
    # (I ⊗ K(m,n) ⊗ I) X with the first identity of order a
    blocks = xp.permute_dims(xp.reshape(X, (a, n, m, -1)), (0, 2, 1, 3))
    return xp.reshape(blocks, X.shape)


def _sandwiched(xp: Any, A: Any, B: Any, blocks: Any) -> Any:
    # the matrix of blocks, block k,l being the sum over j of A[k,j] B[l,j] blocks[j]
    (m, n), (k, _), (_, p, q) = A.shape, B.shape, blocks.shape
    weights = xp.reshape(A[:, None, :] * B[None, :, :], (m * k, n))
    sums = xp.reshape(weights @ xp.reshape(blocks, (n, p * q)), (m, k, p, q))
    return xp.reshape(xp.permute_dims(sums, (0, 2, 1, 3)), (m * p, k * q))


def _with_inner(xp: Any, blocks: Any) -> Any:
    # the matrix with entry k,l of block i at row (k, i) and column (l, i)
    n, p, q = blocks.shape
    own = xp.eye(n, dtype=xp.bool, device=_device(blocks))[None, :, None, :]
    zero = xp.zeros((), dtype=blocks.dtype, device=_device(blocks))
    moved = xp.permute_dims(blocks, (1, 0, 2))[:, :, :, None]
    return xp.reshape(xp.where(own, moved, zero), (p * n, q * n))


def _with_outer(xp: Any, blocks: Any) -> Any:
    # the matrix with the blocks on its diagonal
    n, p, q = blocks.shape
    own = xp.eye(n, dtype=xp.bool, device=_device(blocks))[:, None, :, None]
    zero = xp.zeros((), dtype=blocks.dtype, device=_device(blocks))
    return xp.reshape(xp.where(own, blocks[:, :, None, :], zero), (n * p, n * q))
