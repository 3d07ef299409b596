"""Who is told that a case needs them, when, and by which way; the changes themselves stand in `actions`."""
