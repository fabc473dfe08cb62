"""Which addresses may be called: public ones over https, and those that the operator allows.

A subscription may name any URL. Without this check it could make Dateline call databases, cloud metadata services and
admin pages behind the firewall (OWASP, Server-Side Request Forgery).
"""

import ipaddress
from collections.abc import Iterable
from typing import Final

from schemas import DatelineError, literal_address

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")
_WIRE_SERVER: Final = ipaddress.ip_address("168.63.129.16")
"""Azure's platform address answers on every virtual machine, and looks public."""
_V4_BITS: Final = 0xFFFF_FFFF


class TargetRefused(DatelineError):
    """An address that may not be called.

    Attributes:
        fault: What is wrong with it, and how to mend it, as the end of a sentence about it.
    """

    def __init__(self, message: str, fault: str) -> None:
        super().__init__(message)
        self.fault = fault


def _embedded(address: Address) -> Address:
    """The IPv4 address that an IPv6 address stands for, if it does: translators and tunnels lead there."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & _V4_BITS)
    teredo = address.teredo[1] if address.teredo else None
    return address.ipv4_mapped or address.sixtofour or teredo or address


def is_public(address: Address) -> bool:
    """Whether an address is public: not private, loopback, link-local, shared, multicast or reserved."""
    real = _embedded(address)
    if isinstance(real, ipaddress.IPv6Address) and real.is_site_local:
        return False
    return real.is_global and not (real.is_multicast or real.is_reserved or real.is_unspecified or real == _WIRE_SERVER)


class Targets:
    """The addresses that may be called.

    Args:
        allowed: Networks that may be called although they are not public, and over plain http.

    Raises:
        ValueError: Something in `allowed` is not a network.
    """

    def __init__(self, allowed: Iterable[str] = ()) -> None:
        self._allowed: tuple[Network, ...] = tuple(ipaddress.ip_network(name.strip()) for name in allowed)

    def may_call(self, address: str, *, tls: bool) -> bool:
        """Whether a connection to this address may be made."""
        found = ipaddress.ip_address(address.partition("%")[0])
        listed = any(real in network for network in self._allowed for real in (found, _embedded(found)))
        return listed or (tls and is_public(found))

    def check(self, url: str) -> None:
        """Refuse at once what will never be called. A host's addresses are looked at when it is called.

        Raises:
            TargetRefused: The URL is plain http where nothing is allowed, or names an address that is refused.
        """
        address, tls = literal_address(url), url.startswith("https:")
        if address is None and not tls and not self._allowed:
            fault = "has to begin with https://; plain http is for DATELINE_WEBHOOK_ALLOW"
            raise TargetRefused("A webhook has to be called over https.", fault)
        if address is not None and not self.may_call(address, tls=tls):
            fault = "is not public, or not over https; DATELINE_WEBHOOK_ALLOW allows more"
            raise TargetRefused("This address may not be called: it is not public, or not over https.", fault)
