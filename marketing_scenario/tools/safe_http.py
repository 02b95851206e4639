"""POST to an address that a user typed, without letting it reach the inside of the network. No Odoo import."""

import ipaddress
import socket
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError, NewConnectionError

MAX_ANSWER = 500
MAX_ADDRESSES = 3  # of one name, tried one after the other
PRIVATE_NAMES = ("localhost", "localdomain", "local", "internal", "intranet", "lan", "home.arpa")

# What is not the public internet: IANA's special-purpose registries, multicast, and what leads into IPv4 by another
# spelling (translation, tunnels, mapped and compatible addresses). A table, because what Python calls global changes
# with its version and lets the spellings through.
NOT_PUBLIC = tuple(
    ipaddress.ip_network(text)
    for text in (
        "0.0.0.0/8",  # this host
        "10.0.0.0/8",
        "100.64.0.0/10",  # carriers' private addresses; some clouds' metadata
        "127.0.0.0/8",
        "169.254.0.0/16",  # link-local, metadata of clouds
        "172.16.0.0/12",
        "192.0.0.0/24",  # protocol assignments
        "192.0.2.0/24",  # documentation
        "192.31.196.0/24",  # AS112
        "192.52.193.0/24",  # AMT
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",
        "192.175.48.0/24",  # AS112
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
        "::/96",  # unspecified, loopback, IPv4-compatible
        "::ffff:0:0/96",  # IPv4-mapped
        "::ffff:0:0:0/96",  # IPv4-translated
        "64:ff9b::/96",  # NAT64
        "64:ff9b:1::/48",  # NAT64, local
        "100::/64",  # discard
        "100:0:0:1::/64",
        "2001::/23",  # protocol assignments, Teredo, ORCHID, benchmarks
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4
        "2620:4f:8000::/48",  # AS112
        "3fff::/20",  # documentation
        "5f00::/16",  # segment routing
        "fc00::/7",  # unique local
        "fe80::/10",  # link-local
        "fec0::/10",  # site-local
        "ff00::/8",  # multicast
    )
)
GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")  # all that IPv6 has given out


class Refused(ValueError):
    """The address may not be called; ``reason`` is ``incomplete``, ``password``, ``blanks`` or ``private``."""

    def __init__(self, reason):
        super().__init__(reason)
        self.reason = reason


def check_url(url, allow_private=False):
    """:raise Refused: not a complete http(s) address, or one that names a private host"""
    try:
        parts = urlsplit(url or "")
        port = parts.port
    except ValueError as error:
        raise Refused("incomplete") from error
    host = (parts.hostname or "").rstrip(".")
    if parts.scheme not in ("http", "https") or not host or port == 0:
        raise Refused("incomplete")
    if parts.username or parts.password:
        raise Refused("password")
    if not url.isprintable() or " " in url or "\\" in url:
        raise Refused("blanks")
    if allow_private:
        return
    if host.endswith(tuple(f".{name}" for name in PRIVATE_NAMES)) or host in PRIVATE_NAMES:
        raise Refused("private")
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return  # a name: judged once it is resolved
    check_ip(str(address))


def check_ip(text):
    """:raise Refused: an address that is not on the public internet, or none at all"""
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError as error:
        raise Refused("incomplete") from error
    if (
        any(address in network for network in NOT_PUBLIC if network.version == address.version)
        or address.version == 6
        and address not in GLOBAL_UNICAST
    ):
        raise Refused("private")


def resolve(host, port):
    """Ask the resolver, and judge *every* answer: one private address among public ones is an attempt, too.

    :return: the addresses as text, in the resolver's order
    :raise Refused: one of them is not on the public internet
    :raise OSError: the name is not known
    """
    try:
        answers = socket.getaddrinfo(host.rstrip("."), port, type=socket.SOCK_STREAM)
    except UnicodeError as error:
        raise Refused("incomplete") from error
    addresses = list(dict.fromkeys(sockaddr[0] for *_rest, sockaddr in answers))
    for address in addresses:
        check_ip(address)
    return addresses


def post(url, body, headers, timeout, allow_private=False):
    """Send ``body`` (bytes); redirects are not followed.

    The name is resolved once, every answer is judged, and the connection goes to one of these very addresses: nothing
    is sent, not even a handshake, to one that was not judged. Host header and TLS server name stay the name.

    :return: ``(status code, first characters of the answer)``
    :raise Refused: private address, or no address
    :raise requests.RequestException: no one answered in time
    """
    check_url(url, allow_private)
    with requests.Session() as session:
        session.trust_env = False  # no proxy and no password file of the server
        if not allow_private:
            session.mount("http://", _PublicAdapter())
            session.mount("https://", _PublicAdapter())
        try:
            with session.post(
                url, data=body, headers=headers, timeout=timeout, allow_redirects=False, stream=True
            ) as answer:
                text = next(answer.iter_content(MAX_ANSWER), b"")
                return answer.status_code, text.decode("utf-8", "replace")
        except requests.RequestException as error:
            refused = _refusal_in(error)
            if refused:
                raise refused from error
            raise


def _refusal_in(error):
    """The ``Refused`` behind an error of requests, if there is one."""
    while error:
        if isinstance(error, Refused):
            return error
        error = error.__cause__ or error.__context__
    return None


class _PublicOnly:
    def _new_conn(self):
        """Connect to an address that was judged. ``self.host`` stays the name, for the Host header and TLS."""
        try:
            addresses = resolve(self._dns_host, self.port)
        except OSError as error:
            raise NewConnectionError(self, f"{self.host} is not known: {error}") from error
        name = self._dns_host
        failure = NewConnectionError(self, f"{self.host} has no address")
        try:
            for address in addresses[:MAX_ADDRESSES]:
                # an address is its own answer: nobody can be told another one meanwhile
                self._dns_host = address
                try:
                    return super()._new_conn()
                except HTTPError as error:
                    failure = error
        finally:
            self._dns_host = name
        raise failure


class _PublicHTTPConnection(_PublicOnly, HTTPConnection):
    pass


class _PublicHTTPSConnection(_PublicOnly, HTTPSConnection):
    pass


class _PublicHTTPPool(HTTPConnectionPool):
    ConnectionCls = _PublicHTTPConnection


class _PublicHTTPSPool(HTTPSConnectionPool):
    ConnectionCls = _PublicHTTPSConnection


class _PublicAdapter(HTTPAdapter):
    def init_poolmanager(self, *args, **kwargs):
        result = super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _PublicHTTPPool, "https": _PublicHTTPSPool}
        return result
