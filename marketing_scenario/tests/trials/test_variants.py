"""Variants of a message: who gets which, what they brought, and which is used for the rest (S58)."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged

from ..step_case import StepCase

LINK = '<p>Hello</p><a href="https://shop.example.com/offer">Buy</a>'
MAIL = {"email_subject": "Plain", "email_body_html": LINK}
MANAGER = "marketing_scenario.group_scenario_manager"


@tagged("post_install", "-at_install")
class TestVariants(StepCase):
    def _scenario(self, *variants, settings=None, step_type="email", **vals):
        rows = [Command.create({"name": "B", "share": 50, **row}) for row in variants]
        return self._scenario_of(step_type, {**(settings or MAIL), "variant_ids": rows}, **vals)

    def _people(self, count, start=0):
        return self.env["res.partner"].create(
            [
                {"name": f"P{i}", "email": f"p{i}@many.example.com", "phone": f"+3361{i:07d}", "marketing_optin": True}
                for i in range(start, start + count)
            ]
        )

    def _sent(self, scenario):
        """``{name of the variant: traces}``"""
        traces = self.env["mailing.trace"].search([("marketing_enrollment_id", "in", scenario.enrollment_ids.ids)])
        return {variant.name: group for variant, group in traces.grouped("marketing_variant_id").items()}

    def _leave(self, traces, clicked=0, at=None):
        at = at or self.now
        traces.write({"sent_datetime": at, "trace_status": "sent"})
        traces[:clicked].write({"links_click_datetime": at})

    # -- who gets which -------------------------------------------------------------------------------------------

    def test_each_person_gets_one_version_and_the_same_again(self):
        scenario = self._scenario({"email_subject": "Bold"}, reentry="finished")
        people = self._people(60)
        seen = []
        for _run in range(2):
            self._enroll(scenario, people)
            self.run_due()
            sent = self._sent(scenario)
            self.assertEqual(set(sent), {False, "B"})
            self.assertAlmostEqual(len(set(sent["B"].mapped("res_id"))), 30, delta=20)
            self.assertFalse(set(sent["B"].mapped("res_id")) & set(sent[False].mapped("res_id")))
            seen.append(set(sent["B"].mapped("res_id")))
        self.assertEqual(*seen)
        subjects = {name: set(traces.mail_mail_id.mapped("subject")) for name, traces in sent.items()}
        self.assertEqual(subjects, {False: {"Plain"}, "B": {"Bold"}})
        bold = sent["B"].mail_mail_id[0]
        self.assertEqual(bold.mailing_id.subject, "Bold", "shown in the browser as it was sent")
        self.assertIn("/r/", bold.body_html, "what it leaves open is as in the original, links are tracked")
        step = self._step(scenario, "step")
        self._leave(sent["B"] + sent[False])
        self.env.flush_all()
        self.assertEqual(step._message_counts()[step.id]["sent"], 120, "the step counts all its versions")

    def test_a_lead_is_its_contact(self):
        scenario = self._scenario({"email_subject": "Bold"}, reentry="finished")
        step = self._step(scenario, "step")
        runs = self._walk(scenario, self.contact)
        lead = self._make_lead("Again", partner_id=self.contact.id, email_from=self.contact.email)
        runs += self._walk(scenario, lead)
        self.assertEqual(len(step._drawn(runs)), 1)

    def test_every_type_of_message_varies(self):
        for step_type, settings, own, read in (
            ("email", MAIL, {"email_subject": "Bold", "email_body_html": "<p>Bold body</p>"}, "body_html"),
            (
                "one_to_one",
                {"one_to_one_subject": "Hello", "one_to_one_body": "<p>Plain</p>"},
                {"one_to_one_body": "<p>Bold body</p>"},
                "body_html",
            ),
            ("sms", {"sms_body": "Plain https://x.example.com"}, {"sms_body": "Bold body"}, "sms"),
        ):
            with self.subTest(step_type=step_type):
                scenario = self._scenario({**own, "share": 100}, settings=settings, step_type=step_type)
                self._walk(scenario, self.contact)
                trace = self._sent(scenario)["B"]
                text = trace.sms_id.body if read == "sms" else trace.mail_mail_id[read]
                self.assertIn("Bold body", text)
                self.assertNotIn("Plain", text)

    def test_what_a_template_says_varies(self):
        model = self.env["ir.model"]._get_id("res.partner")
        plain, bold = self.env["mail.template"].create(
            [
                {"name": name, "model_id": model, "subject": name, "body_html": f"<p>{name}</p>"}
                for name in ("Plain", "Bold")
            ]
        )
        settings = {"email_source": "template", "email_template_id": plain.id}
        scenario = self._scenario({"email_template_id": bold.id, "share": 100}, settings=settings)
        self._walk(scenario, self.contact)
        mail = self._sent(scenario)["B"].mail_mail_id
        self.assertEqual(mail.subject, "Bold")
        self.assertIn("<p>Bold</p>", mail.body_html)
        shown = mail.mailing_id._render_field("body_html", self.contact.ids)[self.contact.id]
        self.assertIn("Bold", shown)

    def test_the_designer_writes_to_the_variant(self):
        scenario = self._scenario({"email_subject": "Bold"})
        step = self._step(scenario, "step")
        mailing = self.env["mailing.mailing"].browse(step.variant_ids.action_design()["res_id"])
        self.assertIn("shop.example.com", mailing.body_html, "it begins with the original")
        mailing.write({"body_arch": "<p>New</p>", "body_html": "<p>New</p>"})
        self.assertEqual(str(step.variant_ids.email_body_html), "<p>New</p>")
        self.assertIn("shop.example.com", step.email_body_html)
        preview = self.env["marketing.scenario.mail.preview"].browse(step.variant_ids.action_preview()["res_id"])
        preview.record_ref = self.contact
        self.assertEqual(preview.subject, "Bold")
        self.assertIn("New", preview.body)

    def test_a_change_of_the_original_reaches_what_a_variant_leaves_open(self):
        scenario = self._scenario({"email_subject": "Bold", "share": 100})
        self._walk(scenario, self.contact)
        self._step(scenario, "step").email_body_html = "<p>Other</p>"
        self.assertIn("Other", self._sent(scenario)["B"].mass_mailing_id.body_html)

    def test_links_of_all_versions_can_be_asked_about(self):
        own = '<p>Hi</p><a href="https://other.example.com">There</a>'
        step = self._step(self._scenario({"email_body_html": own}), "step")
        self.assertEqual(
            [link["url"] for link in step._tracked_links()],
            ["https://shop.example.com/offer", "https://other.example.com"],
        )

    # -- check ----------------------------------------------------------------------------------------------------

    def test_check(self):
        scenario = self._scenario(
            {"email_subject": "Bold", "share": 60},
            {"name": "C", "share": 60},
            {"name": "D", "share": 10, "email_subject": "{{ object.nothing }}"},
            active=False,
        )
        issues = self._step(scenario, "step")._validate()
        self.assertEqual(
            {issue["code"] for issue in issues if issue["level"] == "error"},
            {"variant_shares", "variant_empty", "merge_field"},
        )
        self.assertIn("130", next(issue["message"] for issue in issues if issue["code"] == "variant_shares"))
        self.assertIn("variant C says the same as the original", " ".join(issue["message"] for issue in issues))
        self.assertIn("variant D: ", " ".join(issue["message"] for issue in issues))
        self.assertIn("130", self._step(scenario, "step").incomplete)

    def test_a_missing_link_is_told(self):
        step = self._step(
            self._scenario({"email_subject": "Bold"}, settings={**MAIL, "email_body_html": "<p>x</p>"}), "step"
        )
        self.assertEqual([issue["code"] for issue in step._validate()], ["variant_no_link"])
        step.trial_measure = "answers"
        self.assertFalse(step._validate())

    def test_five_versions_at_most(self):
        rows = [{"name": name, "share": 10, "email_subject": name} for name in "BCDEF"]
        with self.assertRaisesRegex(ValidationError, "up to 4"):
            self._scenario(*rows)

    def test_a_new_variant_takes_half_of_the_rest(self):
        scenario = self._scenario_of("email", MAIL, active=False)
        step = self._step(scenario, "step")
        variants = self.env["marketing.scenario.variant"].with_context(default_step_id=step.id)
        first, second = variants.create({}), variants.create({})
        self.assertEqual([(v.name, v.share) for v in first + second], [("B", 50), ("C", 25)])
        step.action_share_evenly()
        self.assertEqual(((first + second).mapped("share"), step.original_share), ([33, 33], 34))
        self.assertIn("in 3 versions (original 34 %, B 33 %, C 33 %)", step._sentence())

    def test_variants_are_typed_in_the_form_of_the_step(self):
        step = self._step(self._scenario_of("email", MAIL, active=False), "step")
        with Form(step, view=step.action_configure()["view_id"]) as form, form.variant_ids.new() as row:
            row.email_subject = "Bold"
        self.assertEqual(step.variant_ids.email_subject, "Bold")
        self.assertEqual(step.trial_measure, "clicks")

    def test_code_needs_a_template_editor(self):
        self.env["ir.config_parameter"].set_param("mail.restrict.template.rendering", True)
        editors = self.env.ref("mail.group_mail_template_editor")
        self.env["res.groups"].search([("implied_ids", "in", editors.ids)]).write({"implied_ids": [(3, editors.id)]})
        manager = new_test_user(self.env, "v.manager", groups=f"base.group_user,{MANAGER}")
        scenario = self._scenario({"email_subject": "Bold", "share": 100})
        variant = self._step(scenario, "step").variant_ids.with_user(manager)
        with self.assertRaises(AccessError):
            variant.email_subject = "{{ object.env.user.login }}"
        variant.email_subject = "Hi {{ object.marketing_first_name }}"
        self.assertEqual(self._step(scenario, "step").text_author_id, manager)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE marketing_scenario_variant SET email_subject = jsonb_build_object('en_US', %s::text) WHERE id = %s",
            ["{{ object.env.user.login }}", variant.id],
        )
        variant.invalidate_recordset()
        run = self._walk(scenario, self.contact)
        self.assertEqual((run.state, run.attempts), ("running", 1), "checked again right before it is evaluated")

    def test_a_client_makes_no_step_speak_as_a_foreign_variant(self):
        step = self._step(self._scenario({"email_subject": "Bold"}), "step")
        other = self._step(self._scenario({"email_subject": "Secret"}, name="Other"), "step")
        self.assertEqual(step._as(other.variant_ids)._said("email_subject"), "Plain")

    # -- figures and winner ---------------------------------------------------------------------------------------

    def _tested(self, clicks, count=300, **vals):
        """A scenario whose message went to ``count`` people; ``clicks``: how many of each version clicked."""
        scenario = self._scenario({"email_subject": "Bold"}, **vals)
        self._enroll(scenario, self._people(count))
        self.run_due()
        sent = self._sent(scenario)
        for name, clicked in clicks.items():
            self._leave(sent[name], clicked)
        return scenario, self._step(scenario, "step")

    def test_figures(self):
        scenario, step = self._tested({False: 3, "B": 5})
        self.assertEqual([version["sent"] for version in step._trial_figures()], [0, 0], "not a day old")
        self.forward(days=2)
        original, bold = step._trial_figures()
        sent = self._sent(scenario)
        self.assertEqual((original["sent"], bold["sent"]), (len(sent[False]), len(sent["B"])))
        self.assertEqual((original["clicks"], bold["clicks"], bold["opens"], bold["answers"]), (3, 5, 5, 0))
        report = str(step.trial_report)
        for text in ("Original", "B", str(len(sent["B"])), "points more", "100"):
            self.assertIn(text, report)
        self.assertNotIn("machine", report)
        silent = sent["B"].filtered(lambda trace: not trace.links_click_datetime)[:1]
        silent.write({"open_datetime": self.now, "marketing_opened_by_machine": True})
        step.invalidate_recordset(["trial_report"])
        self.assertIn("+ 1 by a machine only", str(step.trial_report))

    def test_a_person_counts_once(self):
        scenario, step = self._tested({False: 0, "B": 0}, count=40, reentry="finished")
        self._enroll(scenario, self.env["res.partner"].search([("email", "like", "@many.example.com")]))
        self.run_due()
        for group in self._sent(scenario).values():
            self._leave(group)
        self.forward(days=2)
        self.assertEqual(sum(version["sent"] for version in step._trial_figures()), 40)

    def test_a_person_counts_once_as_contact_and_as_lead(self):
        """A contact, then as a lead, walks again: the test has one person, whose reactions are those to all of it."""
        scenario = self._scenario({"email_subject": "Bold"}, reentry="finished")
        step = self._step(scenario, "step")
        self._walk(scenario, self.contact)
        self._walk(scenario, self._make_lead("Again", partner_id=self.contact.id, email_from=self.contact.email))
        (sent,) = self._sent(scenario).values()
        self.assertEqual(set(sent.mapped("model")), {"res.partner", "crm.lead"})
        self._leave(sent)
        sent.filtered(lambda trace: trace.model == "crm.lead").links_click_datetime = self.now
        self.forward(days=2)
        figures = step._trial_figures()
        self.assertEqual(sum(version["sent"] for version in figures), 1)
        self.assertEqual(sum(version["clicks"] for version in figures), 1)

    def test_who_got_two_versions_stands_for_the_first(self):
        """The lot is drawn of the person: an address that changes can draw the other version."""
        scenario = self._scenario({"email_subject": "Bold"}, reentry="finished")
        step = self._step(scenario, "step")
        first = self._walk(scenario, self.contact)
        (drawn,) = step._drawn(first)
        self._leave(self._sent(scenario)[drawn.name])
        for number in range(64):
            self.contact.email = f"other{number}@many.example.com"
            self.env.flush_all()
            first.invalidate_recordset()
            if set(step._drawn(first)) != {drawn}:
                break
        self.forward(hours=1)
        self._walk(scenario, self.contact)
        (other,) = step._drawn(first)
        sent = self._sent(scenario)
        self.assertEqual(set(sent), {drawn.name, other.name})
        self._leave(sent[other.name], clicked=1)
        self.forward(days=2)
        figures = {version["variant"]: (version["sent"], version["clicks"]) for version in step._trial_figures()}
        self.assertEqual(figures, {drawn: (1, 0), other: (0, 0)})

    def test_the_winner_is_used_for_the_rest_and_told_once(self):
        scenario, step = self._tested({False: 4, "B": 40})
        self.env["marketing.scenario.step"]._cron_judge()
        self.assertFalse(step.trial_decided_at, "nothing is ripe")
        self.forward(days=2)
        before = scenario.message_ids
        for _again in range(2):
            self.env["marketing.scenario.step"]._cron_judge()
        self.assertEqual((step.trial_winner_id.name, step.trial_decided_at), ("B", self.now))
        notice = scenario.message_ids - before
        self.assertEqual(len(notice), 1)
        self.assertIn(scenario.user_id.partner_id, notice.partner_ids)
        self.assertIn("“B” is used for all.", notice.body)
        later = self._people(10, start=1000)
        self._enroll(scenario, later)
        self.run_due()
        sent = self._sent(scenario)
        self.assertEqual(set(sent["B"].mapped("res_id")) & set(later.ids), set(later.ids))
        self.assertEqual(sum(version["sent"] for version in step._trial_figures()), 300, "the figures stay")
        self.assertTrue(step.variant_ids.is_used)

    def test_no_winner_without_proof_and_no_second_look_at_the_same_size(self):
        scenario, step = self._tested({False: 10, "B": 15})
        self.forward(days=2)
        step._judge_trial()
        self.assertEqual((step.trial_look, step.trial_winner_id.id, step.trial_decided_at), (1, False, False))
        self._sent(scenario)["B"].write({"links_click_datetime": self.now})
        step._judge_trial()
        self.assertFalse(step.trial_decided_at, "until the number has doubled nobody looks again")

    def test_the_original_may_win(self):
        scenario, step = self._tested({False: 50, "B": 2})
        self.forward(days=2)
        step._judge_trial()
        self.assertTrue(step.trial_decided_at)
        self.assertFalse(step.trial_winner_id)
        self.assertIn("Original", str(step.trial_report))
        self.assertIn("“Original” is used for all.", scenario.message_ids[0].body)

    def test_by_hand_and_again(self):
        scenario = self._scenario({"email_subject": "Bold"})
        step = self._step(scenario, "step")
        step.variant_ids.action_use()
        self._enroll(scenario, self._people(12))
        self.run_due()
        self.assertEqual(set(self._sent(scenario)), {"B"})
        step.action_use_original()
        self.assertEqual((step.trial_winner_id.id, step.trial_is_over), (False, True))
        self.forward(hours=1)
        step.action_test_again()
        self.assertEqual((step.trial_decided_at, step.trial_since), (False, self.now))

    def test_what_is_compared_changes_and_the_test_begins_anew(self):
        scenario, step = self._tested({False: 4, "B": 40})
        self.forward(days=2)
        step._judge_trial()
        for change in (
            lambda: step.variant_ids.write({"email_subject": "Bolder"}),
            lambda: step.variant_ids.write({"share": 40}),
            lambda: step.write({"email_subject": "Plainer"}),
            lambda: step.write({"trial_measure": "opens"}),
        ):
            step.action_use_original()
            self.forward(minutes=5)
            change()
            self.assertEqual((step.trial_decided_at, step.trial_look, step.trial_since), (False, 0, self.now))
        self.forward(days=2)
        self.assertEqual(sum(version["sent"] for version in step._trial_figures()), 0)
        step.action_use_original()
        step.variant_ids.write({"name": "Big"})
        self.assertTrue(step.trial_decided_at, "a label is no text")

    # -- draft, copies --------------------------------------------------------------------------------------------

    def test_a_draft_changes_variants_and_shows_the_figures_of_what_runs(self):
        scenario, step = self._tested({False: 3, "B": 5})
        self.forward(days=2)
        draft = self.env["marketing.scenario"].browse(scenario.action_edit()["res_id"])
        mine = self._step(draft, "step")
        self.assertEqual((mine.variant_ids.email_subject, mine.variant_ids._tried()), ("Bold", step.variant_ids))
        self.assertFalse(draft.changes)
        self.assertIn(str(len(self._sent(scenario)["B"])), str(mine.trial_report))
        mine.variant_ids.action_use()
        self.assertEqual(step.trial_winner_id, step.variant_ids, "decides on what people get")
        self.assertTrue(mine.variant_ids.is_used)
        mine.variant_ids = [Command.create({"name": "C", "share": 20, "email_subject": "Third"})]
        with self.assertRaisesRegex(UserError, "Publish"):
            mine.variant_ids[1].action_use()
        draft.invalidate_recordset(["changes"])
        self.assertIn("“C”", str(draft.changes))
        known = step.variant_ids
        draft._publish()
        self.assertEqual(step.variant_ids.mapped("name"), ["B", "C"])
        self.assertEqual(step.variant_ids[0], known, "its mailings stay")
        self.assertFalse(step.trial_decided_at)

    def test_a_publication_that_leaves_them_alone_leaves_the_winner(self):
        scenario, step = self._tested({False: 3, "B": 5})
        step.variant_ids.action_use()
        draft = self.env["marketing.scenario"].browse(scenario.action_edit()["res_id"])
        self._step(draft, "step").name = "Renamed"
        draft._publish()
        self.assertEqual((step.name, step.trial_winner_id.name), ("Renamed", "B"))

    def test_a_copy_has_variants_and_no_figures(self):
        scenario = self._scenario({"email_subject": "Bold"})
        self._walk(scenario, self.contact)
        step = self._step(scenario.copy(), "step")
        self.assertEqual(step.variant_ids.email_subject, "Bold")
        self.assertFalse(step.variant_ids.email_mailing_id | step.variant_ids.email_lead_mailing_id)

    def test_another_type_forgets_them(self):
        scenario = self._scenario({"email_subject": "Bold"}, active=False)
        step = self._step(scenario, "step")
        step._replace("pause")
        self.assertFalse(step.variant_ids)
        self.assertFalse(self.env["marketing.scenario.variant"].search([("scenario_id", "=", scenario.id)]))

    def test_budget(self):
        scenario = self._scenario({"email_subject": "Bold"})
        self.assertBudget(scenario, 80, more=60)
