"""For whoever watches over the program: does it live, can it serve."""

from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse

from palauteketju.organisation.audience import for_machines


@for_machines
def live(_request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return JsonResponse({"status": "live"})


@for_machines
def ready(_request: HttpRequest) -> HttpResponse:
    """The database answers too; 503 while it does not, so that a balancer sends customers elsewhere."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except OperationalError:
        return JsonResponse({"status": "the database does not answer"}, status=503)
    return JsonResponse({"status": "ready"})
