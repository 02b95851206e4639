"""The screens people look at all day, as the web client asks for them, with the rights of three roles."""

import statistics
import time

from lxml import etree

from odoo import api, sql_db
from odoo.tools.safe_eval import safe_eval

from bench.report import Figure

ROUNDS, QUICK_ROUNDS = 9, 1
STEPS = 200
LIMIT_MS, FORM_MS, PANE_MS = 300, 120, 15
FORM_CONTACTS = 100_000  # up to which the form keeps FORM_MS; it counts the people on each step
# the quick form judges what no other program of the machine can change; that an index answers is for the tests
LIST_STATEMENTS, FORM_STATEMENTS, PANE_STATEMENTS = 20, 40, 25
QUICK_CONTACTS = 5_000
TRACES_EACH = 10
ROLES = {
    "admin": ("base.group_system", "sales_team.group_sale_manager", "marketing_scenario.group_scenario_manager"),
    "all documents": ("sales_team.group_sale_salesman_all_leads",),
    "own documents": ("sales_team.group_sale_salesman",),
}
LEAD = """
    INSERT INTO crm_lead (name, type, partner_id, user_id, company_id, stage_id, active, won_status, priority,
                          create_uid, create_date, write_uid, write_date)
    SELECT 'Lead ' || id, 'lead', NULL, CASE WHEN id %% 4 = 0 THEN %(user_id)s END, %(company_id)s, %(stage_id)s, true,
           'pending', '0', 1, localtimestamp(0), 1, localtimestamp(0)
      FROM unnest(%(ids)s) AS id
    RETURNING id
"""
RUN = """
    INSERT INTO marketing_scenario_enrollment
           (scenario_id, step_id, {column}, person_key, target_kind, company_id, state, next_run_at, wait_reason,
            run_number, attempts, door, entered_at, end_reason, ended_at,
            create_uid, create_date, write_uid, write_date)
    SELECT %(scenario_id)s, (%(step_ids)s::int[])[1 + id %% array_length(%(step_ids)s::int[], 1)], id, {person},
           %(kind)s, %(company_id)s, state.name, CASE state.name WHEN 'running' THEN moment.at + interval '2 days' END,
           CASE state.name WHEN 'running' THEN 'pause' END, 1, 0, 'api', moment.at,
           CASE state.name WHEN 'done' THEN 'end_step' END, CASE state.name WHEN 'done' THEN moment.at END,
           1, moment.at, 1, moment.at
      FROM unnest(%(ids)s) AS id
     CROSS JOIN LATERAL (SELECT CASE WHEN id %% 2 = 0 THEN 'running' ELSE 'done' END AS name) state
     CROSS JOIN LATERAL (SELECT localtimestamp(0) - id %% 100000 * interval '1 second' AS at) moment
"""
PATH = """
    INSERT INTO marketing_scenario_trace (enrollment_id, step_id, scenario_id, outcome, at)
    SELECT run.id, run.step_id, run.scenario_id, 'next', run.entered_at + number * interval '1 minute'
      FROM marketing_scenario_enrollment run CROSS JOIN generate_series(1, %(each)s) AS number
     WHERE run.scenario_id = %(scenario_id)s ORDER BY run.id, number
"""


def screens(world, sizes, quick):
    """Screens as three roles; leaves out the network, the browser and the reading of views, which Odoo caches."""
    looked_at = [size for size in sizes if size >= 10_000] or [QUICK_CONTACTS]
    for size in [QUICK_CONTACTS] if quick else looked_at:
        crowd = Crowd(world, size, quick)
        for role in ROLES:
            yield from crowd.figures(role, QUICK_ROUNDS if quick else ROUNDS)
        crowd.leave()


class Crowd:
    """A scenario of 200 steps with as many people inside as there are contacts, every tenth of them a lead."""

    def __init__(self, world, size, quick):
        self.world, self.size, self.quick = world, size, quick
        people = world.partners(size)
        salesman = user(world, "own documents")
        self.scenario = world.scenario(*[("pause", {"pause_days": 1})] * (STEPS - 1), name="Crowded")
        # inactive: nobody is to walk while other works are measured
        self.scenario._set_state("inactive")
        stage = world.env["crm.stage"].search([], limit=1)
        common = {"company_id": world.env.company.id, "ids": people}
        world.cr.execute("SET LOCAL session_replication_role = replica")  # the foreign keys are right: not looked up
        world.cr.execute(LEAD, {**common, "ids": people[::10], "user_id": salesman.id, "stage_id": stage.id})
        self.leads = [row[0] for row in world.cr.fetchall()]
        run = {**common, "scenario_id": self.scenario.id, "step_ids": self.scenario.step_ids.ids}
        world.cr.execute(
            RUN.format(column="partner_id", person="'email:person' || id || '@example.com'"), {**run, "kind": "contact"}
        )
        world.cr.execute(
            RUN.format(column="lead_id", person="'lead:' || id"), {**run, "kind": "lead", "ids": self.leads}
        )
        world.cr.execute(PATH, {"scenario_id": self.scenario.id, "each": TRACES_EACH})
        world.analyze("marketing_scenario_enrollment", "marketing_scenario_trace", "crm_lead")

    def leave(self):
        """Take all of it away again."""
        self.world.empty(self.scenario)
        self.world.cr.execute("DELETE FROM crm_lead WHERE id = ANY(%s)", [self.leads])
        self.world.analyze("marketing_scenario_enrollment", "marketing_scenario_trace", "crm_lead")

    def figures(self, role, rounds):
        """Measure each screen as one role."""
        person = user(self.world, role)
        env = api.Environment(self.world.cr, person.id, {"lang": "en_US", "tz": "Europe/Paris"})
        for name, (look, *most) in self.screens(env).items():
            taken = milliseconds(env, look, rounds)
            yield self._figure(f"{name}, {role}", taken, statements(env, look), *most)
        lead = env["crm.lead"].browse(self.leads[0])
        for record in (env["res.partner"].browse(self.world.partners(1)), lead):
            yield self._pane_figure(env, record, role, rounds)

    def screens(self, env):
        """``{name: (function that asks for it, most milliseconds, most statements)}``."""
        form_ms = FORM_MS if self.size <= FORM_CONTACTS else LIMIT_MS
        runs, mine = "marketing.scenario.enrollment", [("scenario_id", "=", self.scenario.id)]
        return {
            "scenario form": (form(env["marketing.scenario"].browse(self.scenario.id)), form_ms, FORM_STATEMENTS),
            "scenario list": (listed(env["marketing.scenario"], []), LIMIT_MS, LIST_STATEMENTS),
            "enrollments of a scenario": (listed(env[runs], mine), LIMIT_MS, LIST_STATEMENTS),
            "enrollments, all": (listed(env[runs], []), LIMIT_MS, LIST_STATEMENTS),
        }

    def _pane_figure(self, env, record, role, rounds):
        whole, bare = form(record), form(record, without="marketing")
        # in turn, so that both meet the same other load of the machine
        added = statistics.median(once(env, whole) - once(env, bare) for _round in range(rounds)) * 1000
        more = statements(env, whole) - statements(env, bare)
        name = f"pane of a {'lead' if record._name == 'crm.lead' else 'contact'}, {role}"
        return self._figure(name, added, more, PANE_MS, PANE_STATEMENTS)

    def _figure(self, name, taken, asked, most_ms, most_asked):
        figure = Figure(name, self.size, note=f"{taken:.0f} ms, {asked} SQL", milliseconds=taken)
        if self.quick:
            figure.budget, figure.met = f"≤ {most_asked} SQL", asked <= most_asked
        else:
            figure.budget, figure.met = f"≤ {most_ms} ms", taken <= most_ms
        return figure


def user(world, role):
    """The user who has this role, made the first time."""
    login = f"screens.{role}"
    if found := world.env["res.users"].search([("login", "=", login)]):
        return found
    groups = [world.env.ref(group).id for group in ROLES[role]]
    values = {"name": role, "login": login, "group_ids": [(6, 0, groups)]}
    return world.env["res.users"].with_context(no_reset_password=True).create(values)


def milliseconds(env, look, rounds) -> float:
    """Median of some rounds, after one that warms Odoo's caches."""
    once(env, look)
    return statistics.median(once(env, look) for _round in range(rounds)) * 1000


def statements(env, look) -> int:
    """How many statements one request takes that finds nothing in the cache of records."""
    before = sql_db.sql_counter
    once(env, look)
    return sql_db.sql_counter - before


def once(env, look) -> float:
    """Seconds of one request that finds nothing in the cache of records."""
    env.invalidate_all()
    began = time.perf_counter()
    look()
    return time.perf_counter() - began


def form(record, without=None):
    """Return a function that reads a record as the web client does for its form, less the page ``without``."""
    view = record.get_view(view_type="form")
    arch = etree.fromstring(view["arch"])
    for page in arch.xpath(f"//page[@name='{without}']") if without else ():
        page.getparent().remove(page)
    wanted = specification(record, arch)
    if without:
        wanted = {name: fields for name, fields in wanted.items() if not name.startswith(f"{without}_")}
    return lambda: record.web_read(wanted)


def listed(model, domain):
    """Return a function that reads the first page of a list, as the web client does."""
    wanted = specification(model, etree.fromstring(model.get_view(view_type="list")["arch"]))
    return lambda: model.web_search_read(domain, wanted, limit=80, count_limit=10_001)


def specification(model, arch) -> dict:
    """What the web client asks for: the fields of a view, with those of the lists inside."""
    wanted = {}
    for node in arch.xpath(".//field[not(ancestor::field)]"):
        field = model._fields[node.get("name")]
        asked = wanted[field.name] = {}
        if field.type in ("one2many", "many2many"):
            asked["fields"] = _inner(model.env[field.comodel_name], node)
            asked["limit"] = 40
        elif field.type in ("many2one", "reference"):
            asked["fields"] = {"display_name": {}}
    return wanted


def _inner(model, node) -> dict:
    inner = node.find("list")
    if inner is None and "list_view_ref" in node.get("context", ""):
        view = model.env.ref(safe_eval(node.get("context"))["list_view_ref"])
        inner = etree.fromstring(model.get_view(view.id, "list")["arch"])
    if inner is None:
        return {"display_name": {}} if node.get("widget", "").startswith("many2many") else {}
    return specification(model, etree.fromstring(etree.tostring(inner)))
