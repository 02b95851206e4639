"""What everybody in the walk needs: the servers, ways to call them, the people's accounts."""

from e2e.checks import Checks
from e2e.followup import FollowUp
from e2e.gateway import Gateway
from e2e.receiver import Receiver
from e2e.rpc import Json2, JsonRpc, XmlRpc, make_api_key
from e2e.smtp import MailServer

ADMIN = ("admin", "admin")
SALESMAN = ("salesman@example.org", "salesman-of-the-walk")


class Walk:
    """Connections to one Odoo server, and the scenario that the story is about."""

    def __init__(
        self, url: str, database: str, post: MailServer, receiver: Receiver, chromium: str | None, checks: Checks
    ):
        self.url, self.database = url, database
        self.post, self.receiver, self.chromium, self.checks = post, receiver, chromium, checks
        self.api = JsonRpc(url, database, *ADMIN)
        self.xmlrpc = XmlRpc(url, database, *ADMIN)
        self.json2 = Json2(url, database, make_api_key(url, database, *ADMIN))
        self.gateway = Gateway(self.xmlrpc)
        self._prepare_settings()
        self.salesman = self._make_salesman()
        self.flow = FollowUp(self.api)

    def _prepare_settings(self) -> None:
        for key, value in (
            ("web.base.url", self.url),
            ("web.base.url.freeze", "True"),
            ("sms.endpoint", self.receiver.url),
            # The program that gets webhooks runs on this machine.
            ("marketing_scenario.webhook_allow_private", "True"),
        ):
            self.api("ir.config_parameter", "set_param", key, value)
        company_id = self.api.read("res.company", [], "name")[0]["id"]
        domain_id = self.api.create("mail.alias.domain", name="company.example.org")
        values = {"name": "Chêne & Lumière", "email": "bonjour@company.example.org", "alias_domain_id": domain_id}
        self.api("res.company", "write", [company_id], values)

    def _make_salesman(self) -> JsonRpc:
        login, password = SALESMAN
        group = self.api.ref("sales_team.group_sale_salesman")
        values = {"name": "Sacha Vend", "login": login, "email": login, "password": password}
        self.api.create("res.users", **values, group_ids=[(4, group)])
        return JsonRpc(self.url, self.database, login, password)
