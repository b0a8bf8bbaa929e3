"""The address of a request's client, as far as the proxies in front can be trusted."""

import re
from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

_WITH_PORT = re.compile(r"\[([^\[\]]+)\](?::[0-9]+)?|([0-9.]+):[0-9]+")  # as some proxies write an address


def counted_address(request: HttpRequest) -> str | None:
    """The address under which django-axes counts a client, as the outermost trusted proxy saw it; None for none.

    In IPv6 it is the first of a /64 network, which one customer has.
    """
    address = str(request.META.get("REMOTE_ADDR", ""))
    if settings.TRUSTED_PROXIES:
        # Each proxy appends the address of its client. Addresses further to the left may be forged.
        hops = request.headers.get("X-Forwarded-For", "").split(",")[-settings.TRUSTED_PROXIES :]
        address = str(hops[0]).strip() or address
    if with_port := _WITH_PORT.fullmatch(address):
        address = with_port[1] or with_port[2]
    try:
        found = ip_address(address)
    except ValueError:
        return None
    if isinstance(found, IPv6Address) and not found.ipv4_mapped:
        return str(ip_network((found, 64), strict=False).network_address)
    return str(found.ipv4_mapped if isinstance(found, IPv6Address) else found)
