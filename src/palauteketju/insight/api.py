"""`GET /api/v1/blocks`: released blocks for a data warehouse, page by page."""

import hashlib
import json
from datetime import date
from http import HTTPStatus
from typing import Literal

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import Field

from palauteketju.insight import exports, queries
from palauteketju.organisation.api_keys import holder_of_key
from palauteketju.organisation.models import Integration, Unit
from palauteketju.organisation.problems import FieldError, Problem

router = Router(tags=["blocks"])

MOST = 2000
# A number of PostgreSQL's own counting.
_LARGEST = 2**63 - 1


class Block(Schema):
    """Answers counted together, never to be divided again. `counts` tells how many gave each value."""

    block: int
    scope: str
    area: str
    county: str
    stream: str
    opened: date
    closed: date
    n: int
    least: int
    counts: dict[str, int]


class Blocks(Schema):
    """`next`: the cursor of the page after this one, null on the last. Keep it: tomorrow's blocks follow it."""

    blocks: list[Block]
    cursor: str
    next: str | None


class Asked(Schema):
    audience: Literal["public", "internal"] = "public"
    cursor: str = Field("0", description="`next` or `cursor` of an earlier page.")
    limit: int = Field(500, ge=1, le=MOST)


@router.get("blocks", response=Blocks, summary="Released blocks", operation_id="blocks")
def blocks(request: HttpRequest, asked: Query[Asked]) -> HttpResponse:
    """Public blocks are open to all. Internal ones need the key of an integration with the right `read_blocks`.

    With If-None-Match an unchanged page answers 304 without a body.
    """
    within = _unit_of_key(request) if asked.audience == "internal" else None
    number = _number(asked.cursor)
    found = queries.released_after(asked.audience, number=number, most=asked.limit + 1, within=within)
    page, is_last = found[: asked.limit], len(found) <= asked.limit
    last = str(page[-1].block if page else number)
    content = {
        "blocks": [exports.as_object(block) for block in page],
        "cursor": last,
        "next": None if is_last else last,
    }
    return _unless_known(request, json.dumps(content, ensure_ascii=False).encode(), audience=asked.audience)


def _unit_of_key(request: HttpRequest) -> Unit:
    integration = holder_of_key(request, Integration.Right.READ_BLOCKS)
    if integration is None:
        refused = _("A key of an integration with the right to do this is needed.")
        raise Problem(HTTPStatus.UNAUTHORIZED, refused)
    return integration.unit


def _number(cursor: str) -> int:
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) < 20 and int(cursor) <= _LARGEST):
        errors = [FieldError("cursor", _("Check this."))]
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, _("Some fields must be mended."), errors)
    return int(cursor)


def _unless_known(request: HttpRequest, body: bytes, *, audience: str) -> HttpResponse:
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    known = {tag.strip().removeprefix("W/") for tag in request.headers.get("If-None-Match", "").split(",")}
    if known & {etag, "*"}:
        response = HttpResponse(status=HTTPStatus.NOT_MODIFIED)
    else:
        response = HttpResponse(body, content_type="application/json; charset=utf-8")
    response["ETag"] = etag
    response["Cache-Control"] = f"{'public' if audience == 'public' else 'private'}, no-cache"
    patch_vary_headers(response, ["Authorization", "X-API-Key"])
    return response
