"""Signing in and administration."""
