"""Stylesheets and scripts, at /ui/<name>-<digest>.css and .js."""

import gzip

import pytest

from palauteketju.project.assets import addresses


def test_it_works(client):
    response = client.get(addresses("js")["shortcuts"])
    assert response["Content-Type"] == "text/javascript; charset=utf-8"
    assert "immutable" in response["Cache-Control"]
    assert b"palauteketju.shortcuts" in response.content


def test_customers_and_staff_have_a_stylesheet_each(client):
    assert set(addresses("css")) == {"customer", "staff"}
    for address in addresses("css").values():
        response = client.get(address)
        assert response["Content-Type"] == "text/css; charset=utf-8"
        assert b"--" in response.content


def test_it_is_packed_for_who_can_unpack(client):
    response = client.get(addresses("js")["shortcuts"], HTTP_ACCEPT_ENCODING="gzip")
    assert b"palauteketju.shortcuts" in gzip.decompress(response.content)


def test_an_old_digest_gets_it_for_a_short_while(client):
    assert client.get("/ui/shortcuts-000000000000.js")["Cache-Control"] == "public, max-age=60"


@pytest.mark.parametrize("name", ["customer", "nothing"])
def test_others_are_not_there(client, name):
    assert client.get(f"/ui/{name}-000000000000.js").status_code == 404
