"""Odoo's external API in its three forms, as programs outside use it."""

import itertools
import xmlrpc.client

import requests


class Fault(Exception):
    """The server refused; the text is what it says."""


class JsonRpc:
    """``/jsonrpc``: object service, with login and password in each call."""

    def __init__(self, url: str, database: str, login: str, password: str):
        self.url = url
        self.database = database
        self.password = password
        self._ids = itertools.count(1)
        self.uid = self._service("common", "login", database, login, password)
        if not self.uid:
            raise Fault(f"{login} cannot log in")

    def __call__(self, model: str, method: str, *args, **kwargs):
        """Call a model's public method.

        :raise Fault: the server's message
        """
        return self._service(
            "object", "execute_kw", self.database, self.uid, self.password, model, method, args, kwargs
        )

    def create(self, model: str, /, **values) -> int:
        """Create a record and return its id."""
        return self(model, "create", [values])[0]

    def read(self, model: str, domain: list, *names: str, order: str = "id") -> list[dict]:
        """Search and read."""
        return self(model, "search_read", domain, list(names), order=order)

    def ref(self, xmlid: str) -> int:
        """Return the id behind an external id."""
        module, _dot, name = xmlid.partition(".")
        return self.read("ir.model.data", [("module", "=", module), ("name", "=", name)], "res_id")[0]["res_id"]

    def _service(self, service: str, method: str, *args):
        body = {"jsonrpc": "2.0", "method": "call", "id": next(self._ids)}
        params = {"service": service, "method": method, "args": args}
        answer = requests.post(f"{self.url}/jsonrpc", json={**body, "params": params}, timeout=120).json()
        if "error" in answer:
            raise Fault(answer["error"]["data"]["message"])
        return answer["result"]


class XmlRpc:
    """``/xmlrpc/2``."""

    def __init__(self, url: str, database: str, login: str, password: str):
        self._account = (
            database,
            xmlrpc.client.ServerProxy(f"{url}/xmlrpc/2/common").login(database, login, password),
            password,
        )
        self._object = xmlrpc.client.ServerProxy(f"{url}/xmlrpc/2/object", allow_none=True)

    def __call__(self, model: str, method: str, *args, **kwargs):
        """Call a model's public method."""
        return self._object.execute_kw(*self._account, model, method, list(args), kwargs)


class Json2:
    """``/json/2``: named arguments, with an API key."""

    def __init__(self, url: str, database: str, key: str):
        self.url = url
        self._headers = {"Authorization": f"bearer {key}", "X-Odoo-Database": database}

    def __call__(self, model: str, method: str, **arguments):
        """Call a model's public method with named arguments.

        :raise Fault: the server's message
        """
        answer = requests.post(
            f"{self.url}/json/2/{model}/{method}", json=arguments, headers=self._headers, timeout=120
        )
        if answer.status_code != 200:
            raise Fault(answer.json()["message"])
        return answer.json()


def make_api_key(url: str, database: str, login: str, password: str) -> str:
    """Make an API key as a person does in the preferences: ask for it, then confirm with the password."""
    web = requests.Session()

    def call(path, **params):
        answer = web.post(
            f"{url}{path}", json={"jsonrpc": "2.0", "method": "call", "params": params}, timeout=120
        ).json()
        if "error" in answer:
            raise Fault(answer["error"]["data"]["message"])
        return answer["result"]

    def button(model, method, res_id, **context):
        return call(
            f"/web/dataset/call_kw/{model}/{method}",
            model=model,
            method=method,
            args=[[res_id]],
            kwargs={"context": context},
        )

    call("/web/session/authenticate", db=database, login=login, password=password)
    description = call(
        "/web/dataset/call_kw/res.users.apikeys.description/create",
        model="res.users.apikeys.description",
        method="create",
        args=[[{"name": "outside program", "duration": "1"}]],
        kwargs={},
    )[0]
    question = button("res.users.apikeys.description", "make_key", description)
    answer = button("res.users.identitycheck", "run_check", question["res_id"], password=password)
    return answer["context"]["default_key"]
