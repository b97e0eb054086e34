"""Differentials, gradients, Jacobians and Hessians of matrix expressions."""

from matdiff.calculus.derivatives import differential_of, gradient, hessian, jacobian, jacobians

__all__ = ["differential_of", "gradient", "hessian", "jacobian", "jacobians"]
