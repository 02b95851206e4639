"""A journey in which doing anything twice, or not at all, shows."""

from bench.world import World
from env import Database

POINTS = 7
BODY = '<p>Hello <t t-out="object.name"/>, <a href="https://www.example.com/offer">an offer</a>.</p>'
PATH = "mail:next mark:next points:next call:next nap:next marked?:yes again:next out:end"
STILL_RUNNING = """
    SELECT count(*) FROM marketing_scenario_enrollment WHERE scenario_id = %(scenario)s AND state = 'running'"""
SENT = """
    SELECT count(*) FROM mailing_trace trace
      JOIN marketing_scenario_enrollment enrollment ON enrollment.id = trace.marketing_enrollment_id
     WHERE enrollment.scenario_id = %(scenario)s AND trace.trace_status = 'sent'"""
NOTHING_LOST = {
    "people at their right place": """
        SELECT count(*) FROM marketing_scenario_enrollment
         WHERE scenario_id = %(scenario)s AND state = 'done' AND end_reason = 'end_step' AND next_run_at IS NULL""",
    "people with the right path": """
        SELECT count(*) FROM (
            SELECT string_agg(step.name || ':' || coalesce(trace.event, trace.outcome), ' ' ORDER BY trace.id) AS path
              FROM marketing_scenario_trace trace JOIN marketing_scenario_step step ON step.id = trace.step_id
             WHERE trace.scenario_id = %(scenario)s
               AND NOT (%(forgive)s AND coalesce(trace.event, '') = 'retry') GROUP BY trace.enrollment_id) walked
         WHERE path = %(path)s""",
    "people with one mail queued": """
        SELECT count(*) FROM (
            SELECT mail.id FROM mailing_trace trace
              JOIN marketing_scenario_enrollment enrollment ON enrollment.id = trace.marketing_enrollment_id
              JOIN mail_mail mail ON mail.id = trace.mail_mail_id AND mail.state = 'outgoing'
             WHERE enrollment.scenario_id = %(scenario)s) queued""",
    "mails in all": """
        SELECT count(*) FROM mail_mail mail JOIN mailing_mailing mailing ON mailing.id = mail.mailing_id
          JOIN marketing_scenario_step step ON step.id = mailing.marketing_step_id
         WHERE step.scenario_id = %(scenario)s""",
    "message traces in all": """
        SELECT count(*) FROM mailing_trace trace JOIN mailing_mailing mailing ON mailing.id = trace.mass_mailing_id
          JOIN marketing_scenario_step step ON step.id = mailing.marketing_step_id
         WHERE step.scenario_id = %(scenario)s""",
    "people who got both tags": """
        SELECT count(*) FROM (
            SELECT partner_id FROM res_partner_res_partner_category_rel WHERE category_id = ANY(%(tags)s)
             GROUP BY partner_id HAVING count(*) = 2) tagged""",
    "changes of a score": "SELECT count(*) FROM marketing_score_line WHERE source = %(source)s",
    "activities": "SELECT count(*) FROM mail_activity WHERE summary = %(source)s",
}


class Journey:
    """One scenario and its people: a mail, a tag, points, an activity, a nap, a condition, another tag, the end."""

    def __init__(self, database: Database, number: int, size: int):
        self.database = database
        self.size = size
        self.source = f"Journey {number}"
        # Whether tries that failed for a good reason may stand on the path.
        self.forgive_retries = False
        world = World(database)
        try:
            self._build(world)
        finally:
            world.close()

    def _build(self, world: World) -> None:
        tags = [world.tag(f"{self.source} {which}") for which in ("mark", "again")]
        call = world.env.ref("mail.mail_activity_data_call").id
        condition = {"name": "marked?", "rule_ids": [(0, 0, {"kind": "tag", "tag_id": tags[0].id})]}
        scenario = world.scenario(
            ("email", {"name": "mail", "email_subject": "News", "email_body_html": BODY}),
            ("tag", {"name": "mark", "tag_id": tags[0].id}),
            ("score", {"name": "points", "score_points": POINTS}),
            ("activity", {"name": "call", "activity_type_id": call, "activity_summary": self.source}),
            ("pause", {"name": "nap", "pause_hours": 0.0003}),
            (
                "if",
                condition,
                {
                    "yes": [("tag", {"name": "again", "tag_id": tags[1].id}), ("end", {"name": "out"})],
                    "no": [("end", {"name": "wrong"})],
                },
            ),
            name=self.source,
        )
        # Mails may leave at any hour, and somebody sends them.
        world.env.company.write({"marketing_window_id": False, "email": "sender@company.example.com"})
        self.partner_ids = world.partners(self.size)
        world.place(scenario.start_step_id, self.partner_ids)
        self.scenario_id, self.tag_ids = scenario.id, [tag.id for tag in tags]

    def finished(self) -> bool:
        """Tell whether everybody has come to an end."""
        return not self._counts([STILL_RUNNING])[0]

    def running(self) -> int:
        """Return how many are still on their way."""
        return self._counts([STILL_RUNNING])[0]

    def losses(self) -> list[str]:
        """Return what is not as it must be, after everybody finished."""
        found = zip(NOTHING_LOST, self._counts(list(NOTHING_LOST.values())), strict=True)
        return [f"{self.source}: {what}: {count} instead of {self.size}" for what, count in found if count != self.size]

    def unsent(self) -> list[str]:
        """Return what is wrong with the messages after the mail server got them all."""
        [sent] = self._counts([SENT])
        return [] if sent == self.size else [f"{self.source}: {sent} of {self.size} messages are known as sent"]

    def _counts(self, statements: list[str]) -> list[int]:
        values = {"scenario": self.scenario_id, "tags": self.tag_ids, "source": self.source, "path": PATH}
        values["forgive"] = self.forgive_retries
        connection = self.database.connect()
        try:
            with connection.cursor() as cursor:
                counts = []
                for statement in statements:
                    cursor.execute(statement, values)
                    counts.append(cursor.fetchone()[0])
                return counts
        finally:
            connection.close()
