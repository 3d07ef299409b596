"""The way out to the phones: one thin port, and a gateway for each kind of provider."""

from django.conf import settings

from palauteketju.sms.gateways.http import HttpGateway
from palauteketju.sms.gateways.port import Gateway, PermanentFailure, Sent, TemporaryFailure, UnknownOutcome
from palauteketju.sms.gateways.simulator import SimulatorGateway

__all__ = [
    "Gateway",
    "HttpGateway",
    "PermanentFailure",
    "Sent",
    "SimulatorGateway",
    "TemporaryFailure",
    "UnknownOutcome",
    "gateway_from_settings",
]


def gateway_from_settings() -> Gateway | None:
    """The county's gateway; None where text messages are not in use."""
    if settings.SMS_GATEWAY == "simulator":
        return SimulatorGateway(settings.SMS_SIMULATOR_DIR)
    if settings.SMS_GATEWAY == "http":
        return HttpGateway(settings.SMS_HTTP_ADDRESS, token=settings.SMS_HTTP_TOKEN)
    return None
