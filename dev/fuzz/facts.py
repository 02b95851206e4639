"""What a round left behind, as plain values: read once, so that the checks are plain Python."""

import json
from dataclasses import dataclass, field
from datetime import datetime


@dataclass
class Run:
    """A run of a person through a scenario, with its path."""

    id: int
    scenario: int
    step: int | None
    state: str
    model: str | None
    record: int | None
    contact: int | None  # the contact that is the person: the target, or a lead's
    email: str | None
    is_company: bool
    person_key: str | None
    person_now: str | None  # what the room "person" says now
    next_run_at: datetime | None
    wait_reason: str | None
    end_reason: str | None
    entered_at: datetime
    ended_at: datetime | None
    error: str | None
    path: list = field(default_factory=list)


@dataclass
class Trace:
    """A row of a path."""

    id: int
    step: int | None
    event: str | None
    outcome: str | None
    reason: str | None
    message: str | None
    at: datetime
    sent: int | None  # the message


@dataclass
class Step:
    """A step as it is at the end."""

    id: int
    scenario: int
    kind: str
    name: str
    parent: int | None
    outcome: str
    goto: int | None
    ways: tuple
    decided_at: datetime | None = None  # from when on one version goes to all
    winner: int | None = None  # that version; None: the original


@dataclass
class Message:
    """A message that a step queued, and what the house knows of it."""

    id: int
    kind: str  # mail or sms
    run: int | None
    step: int | None
    model: str
    record: int
    address: str
    status: str
    failure: str | None
    key: str  # Message-Id or uuid, by which the world outside knows it
    at: datetime
    queued: str | None  # state of its row in the queue, if it is still there
    variant: int | None = None  # the version of its step; None: the original


@dataclass
class Arrival:
    """A message that came out of the house; ``queue_began`` is when the queue that sent it began to run."""

    kind: str
    address: str
    key: str
    at: float
    queue_began: float


@dataclass
class Deed:
    """What a user did, as it was logged."""

    clerk: int
    name: str
    person: int
    other: int
    scenario: int
    began: float
    ended: float
    result: str
    words: object


@dataclass
class Facts:
    """Everything the checks look at."""

    now: datetime
    runs: dict
    steps: dict
    messages: dict
    arrivals: list
    deeds: list
    scenarios: list  # scenario number → id
    people: dict  # person number → (model, id)
    alive: set  # (model, id) of the records that exist
    edited: set  # scenario ids whose tree was changed
    exclusive: set  # scenario ids that allow no presence in another
    goes_round: set  # scenario ids with a go-to
    cap: tuple | None
    queue_kills: int
    effects: dict  # (what, run id, step id) → how many
    points: dict  # (step name) → how many changes of a score
    scores: list  # (model, id, score, sum of its history)
    counters: list  # (what, shown, counted)
    orphans: dict  # what → how many
    poison: set  # (model, id) on which the server action fails


RUNS = """
    SELECT run.id, run.scenario_id AS scenario, run.step_id AS step, run.state,
           CASE WHEN run.lead_id IS NOT NULL THEN 'crm.lead' WHEN run.partner_id IS NOT NULL THEN 'res.partner' END
               AS model,
           coalesce(run.lead_id, run.partner_id) AS record, coalesce(run.partner_id, lead.partner_id) AS contact,
           coalesce(contact.email_normalized, lead.email_normalized) AS email,
           coalesce(contact.is_company, false) AS is_company,
           run.person_key, run.next_run_at, run.wait_reason, run.end_reason, run.entered_at, run.ended_at,
           run.error_message AS error
      FROM marketing_scenario_enrollment run
      LEFT JOIN crm_lead lead ON lead.id = run.lead_id
      LEFT JOIN res_partner contact ON contact.id = coalesce(run.partner_id, lead.partner_id)
     WHERE run.scenario_id = ANY(%(scenarios)s) ORDER BY run.id
"""
PATHS = """
    SELECT enrollment_id AS run, id, step_id AS step, event, outcome, reason, message, at, mailing_trace_id AS sent
      FROM marketing_scenario_trace WHERE scenario_id = ANY(%(scenarios)s) ORDER BY id
"""
MESSAGES = """
    SELECT trace.id, trace.trace_type AS kind, trace.marketing_enrollment_id AS run, mailing.marketing_step_id AS step,
           trace.model, trace.res_id AS record, coalesce(trace.email, trace.sms_number) AS address,
           trace.trace_status AS status, trace.failure_type AS failure,
           coalesce(tracker.sms_uuid, trace.message_id) AS key, trace.create_date AS at,
           coalesce(mail.state, sms.state) AS queued, mailing.marketing_variant_id AS variant
      FROM mailing_trace trace JOIN marketing_scenario_enrollment run ON run.id = trace.marketing_enrollment_id
      LEFT JOIN mailing_mailing mailing ON mailing.id = trace.mass_mailing_id
      LEFT JOIN mail_mail mail ON mail.id = trace.mail_mail_id
      LEFT JOIN sms_sms sms ON sms.id = trace.sms_id_int
      LEFT JOIN sms_tracker tracker ON tracker.mailing_trace_id = trace.id
     WHERE run.scenario_id = ANY(%(scenarios)s) ORDER BY trace.id
"""
EFFECTS = """
    SELECT 'activity' AS what, marketing_enrollment_id AS run, marketing_step_id AS step, count(*)
      FROM mail_activity WHERE marketing_enrollment_id IS NOT NULL AND marketing_step_id IS NOT NULL GROUP BY 2, 3
     UNION ALL
    SELECT 'webhook', enrollment_id, step_id, count(*) FROM marketing_webhook_call GROUP BY 2, 3
     UNION ALL
    SELECT 'message', trace.marketing_enrollment_id, mailing.marketing_step_id, count(*)
      FROM mailing_trace trace JOIN mailing_mailing mailing ON mailing.id = trace.mass_mailing_id
     WHERE trace.marketing_enrollment_id IS NOT NULL GROUP BY 2, 3
"""
POINTS = """
    SELECT reason, count(*) FROM marketing_score_line WHERE source = ANY(%(names)s) GROUP BY 1
"""
SCORES = """
    SELECT 'res.partner', holder.id, coalesce(holder.marketing_own_score, 0),
           coalesce((SELECT sum(points) FROM marketing_score_line WHERE partner_id = holder.id), 0)
      FROM res_partner holder WHERE name LIKE %(of)s
     UNION ALL
    SELECT 'crm.lead', holder.id, coalesce(holder.marketing_own_score, 0),
           coalesce((SELECT sum(points) FROM marketing_score_line WHERE lead_id = holder.id), 0)
      FROM crm_lead holder WHERE name LIKE %(of)s
"""
ORPHANS = {
    "mails of scenarios that still wait to leave": """
        SELECT count(*) FROM mail_mail
         WHERE marketing_message = 'step' AND state IN ('outgoing', 'held') AND NOT scheduled_date > %(now)s""",
    "mails of scenarios without their message": """
        SELECT count(*) FROM mail_mail mail WHERE marketing_message = 'step' AND state IN ('outgoing', 'held')
           AND NOT EXISTS (SELECT FROM mailing_trace WHERE mail_mail_id = mail.id)""",
    "SMS of scenarios that still wait to leave": """
        SELECT count(*) FROM sms_sms
         WHERE marketing_message = 'step' AND state = 'outgoing' AND to_delete IS NOT TRUE""",
    "messages that are to leave and stand in no queue": """
        SELECT count(*) FROM mailing_trace trace
         WHERE trace.marketing_enrollment_id IS NOT NULL AND trace.trace_status IN ('outgoing', 'process')
           AND NOT EXISTS (SELECT FROM mail_mail WHERE id = trace.mail_mail_id)
           AND NOT EXISTS (SELECT FROM sms_sms WHERE id = trace.sms_id_int)""",
    "webhooks whose moment has passed": """
        SELECT count(*) FROM marketing_webhook_call WHERE state = 'waiting' AND next_try_at < %(now)s""",
    "events whose moment has passed": """
        SELECT count(*) FROM marketing_automatism_event WHERE state = 'waiting' AND next_try_at < %(now)s""",
    "traces without their run": """
        SELECT count(*) FROM marketing_scenario_trace trace
         WHERE NOT EXISTS (SELECT FROM marketing_scenario_enrollment WHERE id = trace.enrollment_id)""",
}


def read(env, stage, clock, storm, outside) -> Facts:
    """Read everything of the round."""
    values = {"scenarios": stage.scenarios, "now": clock.now(), "of": f"%of {stage.plan.name}"}
    scenarios = env["marketing.scenario"].browse(stage.scenarios)
    values["names"] = scenarios.mapped("name")
    runs = {row["id"]: Run(**row, person_now=None) for row in _rows(env.cr, RUNS, values)}
    for run_id, key in _persons(env, stage):
        runs[run_id].person_now = key
    for row in _rows(env.cr, PATHS, values):
        if run := runs.get(row.pop("run")):
            run.path.append(Trace(**row))
    deeds = [
        Deed(
            clerk=line["clerk"],
            name=line["deed"],
            **{key: line[key] for key in ("person", "other", "scenario", "began", "ended", "result", "words")},
        )
        for line in _lines(storm.deeds)
    ]
    return Facts(
        now=values["now"],
        runs=runs,
        steps={step.id: _step(step) for step in scenarios.step_ids},
        messages={row["id"]: Message(**row) for row in _rows(env.cr, MESSAGES, values)},
        arrivals=_arrivals([line for line in outside.arrived() if line["at"] > storm.began], _lines(storm.passes)),
        deeds=sorted(deeds, key=lambda deed: deed.began),
        scenarios=stage.scenarios,
        people=stage.people,
        alive={
            (model, record_id)
            for model in ("res.partner", "crm.lead")
            for record_id in env[model]
            .with_context(active_test=False)
            .browse([record_id for own, record_id in stage.people.values() if own == model])
            .exists()
            .ids
        },
        edited={record_id for own, record_id in zip(stage.plan.scenarios, stage.scenarios, strict=True) if own.edited},
        exclusive=set(scenarios.filtered(lambda one: not one.allow_other_scenarios).ids),
        goes_round=stage.goes_round,
        cap=stage.plan.cap,
        queue_kills=storm.kills,
        effects={(row["what"], row["run"], row["step"]): row["count"] for row in _rows(env.cr, EFFECTS, values)},
        points=dict(_fetch(env.cr, POINTS, values)),
        scores=_fetch(env.cr, SCORES, values),
        counters=_counters(scenarios, runs),
        orphans={what: _fetch(env.cr, statement, values)[0][0] for what, statement in ORPHANS.items()},
        poison={stage.people[person.number] for person in stage.plan.people if person.poison},
    )


def _step(step) -> Step:
    return Step(
        id=step.id,
        scenario=step.scenario_id.id,
        kind=step.step_type,
        name=step.name,
        parent=step.parent_id.id or None,
        outcome=step.outcome,
        goto=step.goto_step_id.id or None,
        ways=tuple(step._outcome_codes()),
        decided_at=step.trial_decided_at or None,
        winner=step.trial_winner_id.id or None,
    )


def _persons(env, stage):
    """``(run id, the person it is of)``, asked anew."""
    from odoo.tools import SQL  # noqa: PLC0415

    from odoo.addons.marketing_scenario.models.person.sql import PERSON  # noqa: PLC0415
    from odoo.addons.marketing_scenario.models.target.sql import TARGETS  # noqa: PLC0415

    for model in TARGETS:
        env.cr.execute(
            SQL(
                """
                SELECT run.id, %(person)s FROM marketing_scenario_enrollment run
                  JOIN %(table)s target ON target.id = run.%(column)s %(person_joins)s
                 WHERE run.scenario_id = ANY(%(scenarios)s)
                """,
                **TARGETS[model],
                **PERSON[model],
                scenarios=stage.scenarios,
            )
        )
        yield from env.cr.fetchall()


def _arrivals(arrived, passes) -> list:
    passes = sorted(passes)
    return [
        Arrival(
            kind=line["kind"],
            address=line["address"],
            key=line["id"],
            at=line["at"],
            queue_began=max((began for began in passes if began <= line["at"]), default=0),
        )
        for line in arrived
        if line["kind"] != "webhook"
    ]


def _counters(scenarios, runs) -> list:
    """What the screens show beside what is there."""
    live = [run for run in runs.values() if run.state in ("running", "paused", "error")]
    counters = []
    for scenario in scenarios:
        states = [run.state for run in runs.values() if run.scenario == scenario.id]
        for name, own in (
            ("running_count", ("running", "paused")),
            ("done_count", ("done", "stopped")),
            ("error_count", ("error",)),
        ):
            counters.append((f"{name} of {scenario.name}", scenario[name], sum(state in own for state in states)))
    passed: dict[int, int] = {}
    for run in runs.values():
        for trace in run.path:
            if trace.event in ("goto", "end") or (trace.outcome and not trace.event):
                passed[trace.step] = passed.get(trace.step, 0) + 1
    for step in scenarios.step_ids:
        here = [run for run in live if run.step == step.id]
        counters.append((f"inside_count of {step.name}", step.inside_count, sum(r.state != "error" for r in here)))
        counters.append((f"error_count of {step.name}", step.error_count, sum(r.state == "error" for r in here)))
        if step.parent_id:
            counters.append((f"passed_count of {step.name}", step.passed_count, passed.get(step.id, 0)))
    return counters


def _rows(cr, statement, values) -> list:
    cr.execute(statement, values)
    return cr.dictfetchall()


def _fetch(cr, statement, values) -> list:
    cr.execute(statement, values)
    return cr.fetchall()


def _lines(path) -> list:
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []
