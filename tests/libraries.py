"""Emitted functions in every target: loaded, called with arrays of its library, read back."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np


class Library:
    """Arrays of one library, and the target whose functions take them."""

    __slots__ = ("array", "every", "keeps_single", "missing", "name", "needs", "target")

    def __init__(
        self,
        name: str,
        target: str,
        *needs: str,
        array: Callable[[Any], Any],
        missing: tuple[str, ...] = (),
        keeps_single: bool = True,
        every: int = 40,
    ) -> None:
        self.name, self.target, self.needs, self.array = name, target, needs, array
        self.missing = missing  # functions that the library does not have
        self.keeps_single = keeps_single  # what it computes of single precision is that too
        self.every = every  # so many problems of the corpus are left out between two in tests

    def lacks(self, source: str) -> bool:
        """Whether the source calls a function that the library does not have."""
        return any(f".{function}(" in source for function in self.missing)

    def to_numpy(self, value: Any) -> np.ndarray:
        return np.asarray(value)

    @property
    def is_here(self) -> bool:
        try:
            for package in self.needs:
                importlib.import_module(package)
        except ImportError:
            return False
        return True


def _strict(value: Any) -> Any:
    import array_api_strict

    return array_api_strict.asarray(value)


def _dask(value: Any) -> Any:
    import dask.array

    return dask.array.from_array(value)


def _jax(value: Any) -> Any:
    import jax

    jax.config.update("jax_enable_x64", True)
    return jax.numpy.asarray(value)


def _torch(value: Any) -> Any:
    import torch

    return torch.as_tensor(value)


LIBRARIES = [
    Library("numpy", "numpy", array=np.asarray, every=9),
    Library("array-api of numpy", "array-api", array=np.asarray, every=9),
    Library("array-api-strict", "array-api", "array_api_strict", array=_strict, every=9),
    Library(
        "dask",
        "array-api",
        "dask.array",
        "array_api_compat",
        array=_dask,
        missing=("slogdet", "det", "pinv", "svdvals"),
        keeps_single=False,  # its inv does not
    ),
    Library("array-api of jax", "array-api", "jax", array=_jax),
    Library("array-api of torch", "array-api", "torch", "array_api_compat", array=_torch),
    Library("jax", "jax", "jax", array=_jax),
    Library("torch", "torch", "torch", array=_torch),
]


def loaded(source: str, name: str) -> Callable[..., Any]:
    """The function of an emitted module."""
    space: dict[str, Any] = {}
    exec(compile(source, name, "exec"), space)
    function: Callable[..., Any] = space[name]
    return function


def given(library: Library, values: Mapping[str, Any], dtype: Any = np.float64) -> dict[str, Any]:
    """Arrays of the library for arrays of numpy; numbers as they are."""
    return {
        name: library.array(value.astype(dtype)) if isinstance(value, np.ndarray) else value
        for name, value in values.items()
    }
