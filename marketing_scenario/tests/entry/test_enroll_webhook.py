import json
from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged

from ..automatism_common import AutomatismCase
from ..common import MONDAY

PATH = "/marketing/enroll/"


@tagged("post_install", "-at_install")
class TestEnrollWebhook(AutomatismCase, HttpCase):
    """Token webhook (S16, S48): who may, what is refused, what is told."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = cls.env["res.users"].create(
            {
                "name": "Shop",
                "login": "shop_hook",
                "group_ids": [
                    (
                        6,
                        0,
                        cls.env.ref("sales_team.group_sale_salesman").ids
                        + cls.env.ref("base.group_partner_manager").ids,
                    )
                ],
            }
        )
        cls.row = cls.env["marketing.scenario.token"].create(
            {"name": "Shop", "user_id": cls.user.id, "scenario_ids": cls.scenario.ids}
        )
        cls.token = cls.row.action_make_address()["context"]["default_url"].rpartition("/")[2]

    def post(self, data, token=None):
        body = data if isinstance(data, str | bytes) else json.dumps(data)
        return self.url_open(PATH + (token or self.token), data=body, headers={"Content-Type": "application/json"})

    def test_by_ids(self):
        response = self.post({"scenario_id": self.scenario.id, "res_model": "res.partner", "res_ids": self.contact.ids})
        self.assertEqual(response.status_code, 200)
        enrollment = self.contact.marketing_enrollment_ids
        self.assertEqual(response.json(), {"enrolled": enrollment.ids, "refused": {}})
        self.assertEqual((enrollment.door, enrollment.entered_by_id), ("webhook", self.user))
        again = self.post({"res_ids": self.contact.ids}).json()
        self.assertEqual(again, {"enrolled": [], "refused": {str(self.contact.id): "already_inside"}})

    def test_by_address(self):
        response = self.post({"emails": ["LEA@example.com", "nobody@example.com"]}).json()
        self.assertEqual(response["enrolled"], self.contact.marketing_enrollment_ids.ids)
        self.assertEqual(response["refused"], {"nobody@example.com": "no_access"})

    def test_rights_of_the_user_count(self):
        theirs = self._make_lead("Theirs", user_id=self.env.ref("base.user_admin").id)
        response = self.post({"res_model": "crm.lead", "res_ids": theirs.ids}).json()
        self.assertEqual(response, {"enrolled": [], "refused": {str(theirs.id): "no_access"}})

    def test_characters_no_address_has_get_the_same_answer(self):
        good = self.post({"res_ids": self.contact.ids}, "short")
        for path in ("%00", "x%00y" + "a" * 40, "%C3%A9" * 20, "%ED%A0%80" * 20, self.token[:12] + "%C3%A9" * 10):
            answer = self.post({"res_ids": self.contact.ids}, path)
            self.assertEqual((answer.status_code, answer.text), (404, good.text), path)
        for email in ("a\\u0000@example.com", "a\\ud800@example.com", "\\udfff"):
            answer = self.post('{"emails": ["' + email.replace("\\\\", "\\") + '"]}')
            self.assertEqual((answer.status_code, answer.text), (404, good.text), email)
        for data in (
            {"res_model": ["res.partner"], "res_ids": [1]},
            {"res_model": {"a": 1}, "res_ids": [1]},
            {"scenario_id": [1], "res_ids": [1]},
            {"emails": "x"},
        ):
            self.assertEqual(self.post(data).status_code, 404, data)
        answer = self.post({"res_ids": [10**30, -1, 0]})
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(set(answer.json()["refused"].values()), {"no_access"})

    def test_odd_characters_in_every_public_address(self):
        sender = self.env["marketing.sender"].create({"name": "Ann", "email": "ann@example.com"})
        self.env.flush_all()
        for odd in ("%00", "a%00b", "%C3%A9", "%ED%A0%80", "%FF"):
            for path in (
                f"/marketing/form/{odd}",
                f"/marketing/form/{odd}/json",
                f"/marketing/form/{odd}/thanks",
                f"/marketing/form/{odd}/embed.js",
                f"/marketing/confirm/{odd}",
                f"/marketing/document/{odd}",
                f"/marketing/sender/{sender.id}/{odd}",
            ):
                with self.subTest(path):
                    self.assertEqual(self.url_open(path).status_code, 404)

    def test_one_answer_to_everything_wrong(self):
        hidden = self._make_scenario(name="Hidden")
        wrong = [
            self.post({"res_ids": [1]}, "x" * 64),
            self.post({"res_ids": [1]}, self.token[:12] + "x" * 52),
            self.post({"res_ids": [1]}, "short"),
            self.post({"scenario_id": hidden.id, "res_ids": self.contact.ids}),
            self.post({"scenario_id": 999999, "res_ids": self.contact.ids}),
            self.post({"res_model": "res.users", "res_ids": [1]}),
            self.post({"res_ids": "1"}),
            self.post({"res_ids": [True]}),
            self.post({"res_ids": list(range(1, 1002))}),
            self.post({"emails": [1]}),
            self.post("{not json"),
            self.post("[" * 30000),
            self.post([1]),
        ]
        self.row.active = False
        wrong.append(self.post({"res_ids": self.contact.ids}))
        self.row.active = True
        self.user.active = False
        wrong.append(self.post({"res_ids": self.contact.ids}))
        self.assertEqual({(answer.status_code, answer.text) for answer in wrong}, {(404, wrong[0].text)})
        self.assertFalse(self.inside(self.contact))

    def test_rate_limit(self):
        self.row.rate_limit = 2
        codes = [self.post({"res_ids": []}).status_code for _call in range(3)]
        self.assertEqual(codes, [200, 200, 429])
        self.set_now(MONDAY + timedelta(seconds=61))
        self.assertEqual(self.post({"res_ids": []}).status_code, 200)

    def test_body_limit(self):
        self.assertEqual(self.post(b"x" * (10 * 1024 * 1024)).status_code, 413)

    def test_get_is_not_answered(self):
        self.assertEqual(self.url_open(PATH + self.token).status_code, 405)

    def test_only_the_hash_is_kept(self):
        self.env.flush_all()
        self.env.cr.execute("SELECT t::text FROM marketing_scenario_token t WHERE id = %s", [self.row.id])
        self.assertNotIn(self.token[12:], self.env.cr.fetchone()[0])
        self.row.action_make_address()
        self.assertEqual(self.post({"res_ids": []}).status_code, 404, "the old address stops working")

    def test_another_company(self):
        other = self.env["res.company"].create({"name": "Other"})
        foreign = self._make_contact("Foreign", "foreign@example.com", company_id=other.id)
        result = self.post({"emails": ["foreign@example.com"]}).json()
        self.assertEqual(result["refused"], {"foreign@example.com": "no_access"})
        refused = self.post({"res_ids": [foreign.id, 99999999]}).json()["refused"]
        self.assertEqual(refused, {str(foreign.id): "no_access", "99999999": "no_access"})

    def test_who_may_make_addresses(self):
        manager = self.env["res.users"].create(
            {
                "name": "M",
                "login": "m_hook",
                "group_ids": [(6, 0, self.env.ref("marketing_scenario.group_scenario_manager").ids)],
            }
        )
        with self.assertRaises(AccessError):
            self.row.with_user(self.user).name = "x"
        with self.assertRaises(AccessError):
            self.row.with_user(manager).read(["name"])
        own = (
            self.env["marketing.scenario.token"]
            .with_user(manager)
            .create({"name": "Own", "scenario_ids": self.scenario.ids})
        )
        self.assertTrue(own.action_make_address())
        with self.assertRaises(AccessError):
            own.user_id = self.env.ref("base.user_admin")
        with self.assertRaises(AccessError):
            own.read(["secret_hash"])
