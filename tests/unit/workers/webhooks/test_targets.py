import ipaddress

import pytest

from workers.webhooks.targets import TargetRefused, Targets, is_public

INSIDE = [
    "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.0.1", "169.254.169.254", "100.100.100.200", "168.63.129.16",
    "0.0.0.0", "224.0.0.1", "240.0.0.1", "255.255.255.255", "198.18.0.1", "::", "::1", "fe80::1", "fec0::1",
    "fd00:ec2::254", "ff02::1", "::ffff:127.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1", "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe", "2002:7f00:1::", "2001:0:0:0:0:0:80ff:fffe",
]  # fmt: skip


@pytest.mark.parametrize("address", INSIDE)
def test_addresses_that_are_not_public_are_refused(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))
    assert not Targets().may_call(address, tls=True)


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_public_addresses_are_called_over_tls_only(address: str) -> None:
    assert Targets().may_call(address, tls=True)
    assert not Targets().may_call(address, tls=False)


def test_an_operator_may_allow_a_network() -> None:
    targets = Targets(["10.0.0.0/8", " fd00::/8"])
    assert targets.may_call("10.9.9.9", tls=False)
    assert targets.may_call("::ffff:10.9.9.9", tls=False)
    assert targets.may_call("fd00::1", tls=False)
    assert not targets.may_call("127.0.0.1", tls=True)
    assert not targets.may_call("8.8.8.8", tls=False)


@pytest.mark.parametrize(
    "url", ["http://hooks.example/", "https://127.0.0.1/", "https://[::1]/", "https://169.254.169.254/latest"]
)
def test_what_will_never_be_called_is_refused_at_once(url: str) -> None:
    with pytest.raises(TargetRefused):
        Targets().check(url)


@pytest.mark.parametrize("url", ["https://hooks.example/", "https://8.8.8.8/x"])
def test_what_may_be_called_is_not(url: str) -> None:
    Targets().check(url)


def test_plain_http_needs_a_network_that_is_allowed() -> None:
    Targets(["10.0.0.0/8"]).check("http://inside.example/")
    Targets(["10.0.0.0/8"]).check("http://10.0.0.1/")
    with pytest.raises(TargetRefused):
        Targets(["10.0.0.0/8"]).check("http://8.8.8.8/")
