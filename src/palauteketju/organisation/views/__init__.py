"""Signing in and administration."""

from palauteketju.organisation.views.sign_in import csrf_failure

__all__ = ["csrf_failure"]
