"""Every step type that the follow-up does not use, once, with what it does in the world."""

import io

from pypdf import PdfReader

from daytime import mobile, zone
from e2e import visitor
from e2e.checks import wait_until
from e2e.mails import Mail
from e2e.walk import Walk

NUMBER = mobile(23456)
ADDRESS = "eve@example.org"
NAME = "Ève Étape"
IN_FOLLOW_UP = {"start", "email", "pause", "switch", "if", "goto", "end"}


class EveryStep:
    """One contact who walks through all the other step types."""

    def __init__(self, walk: Walk):
        self.api, self.salesman, self.checks = walk.api, walk.salesman, walk.checks
        self.post, self.receiver = walk.post, walk.receiver
        self.next_id = self._second_scenario()
        self.scenario_id = self.api.create("marketing.scenario", name="Every step")
        self.tag_id = self.api.create("res.partner.category", name="Walked")
        self.campaign_id = self.api.create("marketing.phoning.campaign", name="Call them")
        self.settings = self._settings()
        self._build()

    def walk(self) -> None:
        """Enter, wait for the end, look at the world."""
        values = {
            "name": NAME,
            "email": ADDRESS,
            "phone": NUMBER,
            "tz": zone(),
            "marketing_optin": True,
            "user_id": self.salesman.uid,
        }
        self.partner_id = self.api.create("res.partner", **values)
        self.api("marketing.scenario", "enroll", [self.scenario_id], "res.partner", [self.partner_id])
        wait_until("every step is walked", self._launched, instead=self._path)
        expected = [*(f"{name}:next" for name in self.settings if name != "scenario"), "scenario:end"]
        good = self.checks.same(self._path(), expected, "every step")
        print(f"{'ok ' if good else 'BAD'} {NAME} (every other step): {' → '.join(self._path())}", flush=True)
        self._check_record()
        self._check_messages()
        self._check_webhook()
        self._check_coverage()

    # -- building -------------------------------------------------------------------------------------------------

    def _second_scenario(self) -> int:
        scenario_id = self.api.create("marketing.scenario", name="Next one")
        self.api("marketing.scenario", "action_add_missing_ends", [scenario_id])
        self.api("marketing.scenario", "action_activate", [scenario_id])
        return scenario_id

    def _settings(self) -> dict[str, dict]:
        """Settings by step type, in the order of the walk."""
        action_id = self.api.create(
            "ir.actions.server",
            name="Note a reference",
            model_id=self.api.ref("base.model_res_partner"),
            state="code",
            code="records.write({'ref': 'seen by the server action'})",
        )
        call_id = self.api.ref("mail.mail_activity_data_call")
        return {
            "one_to_one": {
                "one_to_one_subject": "Un mot, {{ object.marketing_first_name }} ?",
                "one_to_one_body": '<p>Bonjour <t t-out="object.marketing_first_name"/>, avez-vous une minute ?</p>',
            },
            "sms": {"sms_body": "Bonjour {{ object.marketing_first_name }}, à bientôt."},
            "document": {
                "document_subject": "Your offer",
                "document_body": "<p>Here it is.</p>",
                "document_partner_report": self._readable_letter(),
            },
            "activity": {"activity_type_id": call_id, "activity_summary": "Call back"},
            "tag": {"tag_id": self.tag_id},
            "score": {"score_points": 12},
            "set_field": {"set_field_partner": "function", "set_field_value": "Visitor"},
            "server_action": {"server_action_partner_id": action_id},
            "webhook": {"webhook_url": f"{self.receiver.url}/hook"},
            "phoning": {"phoning_campaign_id": self.campaign_id},
            "scenario": {"scenario_launched_id": self.next_id},
        }

    def _readable_letter(self) -> str:
        """Have the letter set in a font of the system: Debian's wkhtmltopdf draws web fonts as shapes, not as text."""
        style = "<style>* { font-family: 'Liberation Sans' !important; }</style>"
        arch = f"<xpath expr=\"//div[hasclass('page')]\" position='inside'>{style}</xpath>"
        letter = self.api.ref("marketing_scenario.report_letter")
        self.api.create("ir.ui.view", name="Readable letter", type="qweb", inherit_id=letter, arch=arch)
        return "marketing_scenario.report_letter"

    def _build(self) -> None:
        [start] = self.api.read("marketing.scenario.step", [("scenario_id", "=", self.scenario_id)], "step_type")
        parent = start["id"]
        # Contacts only: the report and the server action are for them.
        self.api("marketing.scenario", "write", [self.scenario_id], {"target_kinds": "contact"})
        for step_type, settings in self.settings.items():
            place = {"scenario_id": self.scenario_id, "parent_id": parent, "outcome": "next"}
            parent = self.api.create(
                "marketing.scenario.step", **place, step_type=step_type, name=step_type, **settings
            )
        self.api("marketing.scenario", "action_activate", [self.scenario_id])

    # -- looking --------------------------------------------------------------------------------------------------

    def _launched(self) -> bool:
        runs = [("scenario_id", "=", self.next_id), ("partner_id", "=", self.partner_id), ("state", "=", "done")]
        return bool(self.api.read("marketing.scenario.enrollment", runs, "state"))

    def _path(self) -> list[str]:
        domain = [("scenario_id", "=", self.scenario_id), ("event", "!=", "entered")]
        traces = self.api.read("marketing.scenario.trace", domain, "step_id", "event", "outcome", "reason", "message")
        return [
            f"{trace['step_id'][1]}:{trace['event'] or trace['outcome']}"
            + (
                f" ({trace['reason']} {trace['message'] or ''})"
                if trace["event"] in ("skipped", "retry", "error")
                else ""
            )
            for trace in traces
        ]

    def _check_record(self) -> None:
        names = ("category_id", "marketing_score", "function", "ref")
        [record] = self.api.read("res.partner", [("id", "=", self.partner_id)], *names)
        found = tuple(record[name] for name in names)
        self.checks.same(
            found, ([self.tag_id], 12, "Visitor", "seen by the server action"), f"what the steps made of {NAME}"
        )
        domain = [("res_model", "=", "res.partner"), ("res_id", "=", self.partner_id)]
        activities = self.api.read("mail.activity", domain, "summary", "user_id")
        self.checks.same(
            [(a["summary"], a["user_id"][0]) for a in activities], [("Call back", self.salesman.uid)], "activities"
        )
        calls = self.api.read("marketing.phoning.call", [("partner_id", "=", self.partner_id)], "campaign_id", "state")
        self.checks.same(
            [(c["campaign_id"][0], c["state"]) for c in calls], [(self.campaign_id, "todo")], "calls to make"
        )

    def _check_messages(self) -> None:
        wait_until("the one-to-one and the document arrive", lambda: len(self.post.to(ADDRESS)) >= 2)
        mails = {mail.subject: mail for mail in map(Mail, self.post.to(ADDRESS))}
        self.checks.same(sorted(mails), ["Un mot, Ève ?", "Your offer"], f"mails to {NAME}")
        personal = mails["Un mot, Ève ?"]
        self.checks.that(
            "salesman@example.org" in personal.message["From"], f"one-to-one from {personal.message['From']}"
        )
        self.checks.that(personal.one_click, "one-to-one: List-Unsubscribe")
        document = next(link for link in mails["Your offer"].links if "/r/" in link or "/marketing/document/" in link)
        pages = PdfReader(io.BytesIO(visitor.fetch(document))).pages
        text = " ".join(" ".join(page.extract_text() for page in pages).split())
        self.checks.that("Hello Ève" in text, f"the PDF behind {document} speaks to {NAME}: {text}")
        wait_until("the SMS leaves", self.receiver.messages)
        [(number, text)] = self.receiver.messages()
        self.checks.same(number, NUMBER, "number of the SMS")
        self.checks.that("Bonjour Ève, à bientôt." in text and "STOP" in text, f"text of the SMS: {text}")

    def _check_webhook(self) -> None:
        wait_until("the webhook is called", lambda: self.receiver.to("/hook"))
        [call] = self.receiver.to("/hook")
        steps = self.api.read(
            "marketing.scenario.step",
            [("scenario_id", "=", self.scenario_id), ("step_type", "=", "webhook")],
            "webhook_secret",
        )
        self.checks.that(call.signed_with(steps[0]["webhook_secret"]), "signature of the webhook")
        self.checks.that(ADDRESS in call.body.decode(), f"the webhook says who: {call.body.decode()[:200]}")

    def _check_coverage(self) -> None:
        """A step type that is new must get its place in the walk."""
        known = self.api("marketing.scenario.step", "fields_get", ["step_type"], ["selection"])["step_type"][
            "selection"
        ]
        missing = {code for code, _label in known} - IN_FOLLOW_UP - set(self.settings)
        self.checks.same(missing, set(), "step types that the walk leaves out")
