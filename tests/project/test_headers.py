"""What every answer tells the browser it may do."""

import pytest


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/", "/kirjaudu/", "/health/live", "/no-such-page/"])
def test_it_works(client, address):
    answer = client.get(address)
    policy = answer.headers["Content-Security-Policy"].split("; ")
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    # Neither a script nor a style that stands in the page's own text.
    assert not any("unsafe-inline" in directive for directive in policy)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
