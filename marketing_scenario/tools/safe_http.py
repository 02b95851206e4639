"""POST to an address that a user typed, without letting it reach the inside of the network. No Odoo import."""

import ipaddress
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

MAX_ANSWER = 500


class Refused(ValueError):
    """The address may not be called."""


def check_url(url, allow_private=False):
    """:raise Refused: not a complete http(s) address, or one that names a private host"""
    try:
        parts = urlsplit(url or "")
        port = parts.port
    except ValueError as error:
        raise Refused(str(error)) from error
    if parts.scheme not in ("http", "https") or not parts.hostname or port == 0:
        raise Refused("not an http or https address")
    if parts.username or parts.password:
        raise Refused("an address with a password in it")
    if not url.isprintable() or " " in url:
        raise Refused("blanks in the address")
    if not allow_private:
        if parts.hostname == "localhost" or parts.hostname.endswith((".localhost", ".local", ".internal")):
            raise Refused("a private host")
        try:
            check_ip(parts.hostname)
        except ValueError as error:
            if isinstance(error, Refused):
                raise


def check_ip(text):
    """:raise Refused: an address that is not on the public internet
    :raise ValueError: no IP address
    """
    address = ipaddress.ip_address(text.partition("%")[0])
    address = getattr(address, "ipv4_mapped", None) or address
    if not address.is_global or address.is_multicast:
        raise Refused("a private address")


def post(url, body, headers, timeout, allow_private=False):
    """Send ``body`` (bytes); redirects are not followed.

    The address is judged on the open connection, after the name was resolved: a name that changes its address in
    between is refused as well.

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
        connection = super()._new_conn()
        try:
            check_ip(connection.getpeername()[0])
        except Refused:
            connection.close()
            raise
        return connection


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
