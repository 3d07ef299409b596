"""Passwords are hashed cheaply here: these tests sign in a few hundred times."""

import pytest


@pytest.fixture(autouse=True)
def _cheap_hashing(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
