"""The address of a request's client, as far as the proxies in front can be trusted."""

import re
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

_WITH_PORT = re.compile(r"\[([^\[\]]+)\](?::[0-9]+)?|([0-9.]+):[0-9]+")  # as some proxies write an address


def address_of(request: HttpRequest) -> IPv4Address | IPv6Address | None:
    """The client's address as the outermost trusted proxy saw it; None if that is no address."""
    try:
        found = ip_address(_told(request))
    except ValueError:
        return None
    return (found.ipv4_mapped or found) if isinstance(found, IPv6Address) else found


def client_of(request: HttpRequest) -> str:
    """The name under which a client is counted: its address, or in IPv6 its /64 network, which one customer has."""
    return counted_address(request) or _told(request)[:100]


def counted_address(request: HttpRequest) -> str | None:
    """The address under which a client is counted, in IPv6 the first of its network; None if its address is invalid."""
    found = address_of(request)
    if isinstance(found, IPv6Address):
        return str(ip_network((found, 64), strict=False).network_address)
    return str(found) if found else None


def _told(request: HttpRequest) -> str:
    address = str(request.META.get("REMOTE_ADDR", ""))
    if settings.TRUSTED_PROXIES:
        # Each proxy appends the address of its client. Addresses further to the left may be forged.
        told = request.headers.get("X-Forwarded-For", "").split(",")[-settings.TRUSTED_PROXIES :]
        address = str(told[0]).strip() or address
    if with_port := _WITH_PORT.fullmatch(address):
        address = with_port[1] or with_port[2]
    return address
