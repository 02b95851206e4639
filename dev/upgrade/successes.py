"""Goals, control group, versions of a message, gallery and drafts of the old world are what they were, and go on."""

from daytime import reachable
from upgrade.new_world import NewWorld
from upgrade.queues import Queues
from upgrade.report import Report


class Successes:
    """What scenarios brought, and what was being tried."""

    def __init__(self, world: NewWorld, report: Report, queues: Queues):
        self.world, self.report, self.queues = world, report, queues
        self.known = world.facts["known"]

    def go_on(self) -> None:
        """Go on with what the old version had."""
        parts = [self._draft] if "draft" in self.known else []
        if "held out" in self.known:
            parts += [self._held_out, self._goals, self._versions, self._gallery]
        self.world.live_through(self.report, *parts)

    def _draft(self) -> None:
        """The draft is published; who is inside keeps the moment that was planned."""
        world, run = self.world, self.world.run("reader")
        before = run.next_run_at
        dialog = world.admin["marketing.scenario"].browse(self.known["draft"]).action_publish()
        world.admin[dialog["res_model"]].browse(dialog["res_id"]).action_publish()
        world.commit()
        step = world.env["marketing.scenario.step"].browse(world.facts["steps"]["Rewritten/Rest"])
        self.report.same(step.pause_days, 7, "a draft from before the update is published")
        self.report.same((run.step_id, run.next_run_at), (step, before), "… and moves nobody")

    def _held_out(self) -> None:
        world, people = self.world, [self.world.person(role) for role in self.known["held out"]]
        answer = world.scenario("Compared").enroll("res.partner", [person.id for person in people])
        expected = {str(person.id): "control_group" for person in people}
        self.report.same(answer["refused"], expected, "who was held out before the update stays held out")

    def _goals(self) -> None:
        world = self.world
        first, second = self.known["walking"][:2]
        buyer = world.person(first)
        buyer.category_id -= world.tag("Bought")
        self.queues.work_events()
        buyer.category_id |= world.tag("Bought")
        deal = {"name": "Deal", "type": "opportunity", "expected_revenue": 500}
        world.env["crm.lead"].create({**deal, "partner_id": world.person(second).id}).action_set_won()
        self.queues.work_events()
        found = [[(one.goal_id.name, one.value) for one in world.run(role).conversion_ids] for role in (first, second)]
        expected = [[("Bought", 20)], [("Deal", 500)]]
        self.report.same(found, expected, "a goal counts once, and the others go on counting")

    def _versions(self) -> None:
        world = self.world
        known = {"name": "Late Reader", "email": "late.reader@example.org", "marketing_optin": True}
        person = world.env["res.partner"].create({**known, **reachable(80_000)})
        world.scenario("Versions").enroll("res.partner", person.ids)
        world.engine()
        self.queues.send_mails()
        self.report.same(self.queues.subjects(person.email), ["Bold"], "the version that everybody gets is sent")
        step = world.env["marketing.scenario.step"].browse(world.facts["steps"]["Versions/Offer"])
        counts = step._message_counts()[step.id]["sent"]
        self.report.same(counts, 2, "… and counted with those sent before the update")

    def _gallery(self) -> None:
        world = self.world
        saved = world.admin["marketing.gallery.scenario"]
        cards = {card["name"]: card["key"] for card in saved.cards()}
        self.report.that("Compared" in cards, "a scenario saved in the gallery is there", str(sorted(cards)))
        dialog = saved.use_card(cards["Compared"], "Compared again")
        world.admin[dialog["res_model"]].browse(dialog["res_id"]).action_import()
        world.commit()
        made = world.env["marketing.scenario"].search([("name", "=", "Compared again")])
        found = (made.control_percent, sorted(made.goal_ids.mapped("name")), sorted(made.step_ids.mapped("name")))
        self.report.same(found, (50, ["Bought", "Deal"], ["Over", "Rest", "Start"]), "… and another is made from it")
