"""The database to measure in: Odoo opened inside this process, targets and enrollments made by SQL."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain, islice

from odoo import api, sql_db
from odoo.modules.registry import Registry
from odoo.tools import config

from env import Database, environment, fresh_database, write_config

PARTNER = """
    INSERT INTO res_partner (id, name, complete_name, email, email_normalized, commercial_partner_id, {others})
    SELECT number, 'Person ' || number, 'Person ' || number, 'person' || number || '@example.com',
           'person' || number || '@example.com', number, {others}
      FROM res_partner model, generate_series(%(first)s, %(last)s) AS number
     WHERE model.id = %(model)s
"""


class World:
    """An Odoo environment with a cursor of its own for each side of a comparison."""

    def __init__(self, database: Database):
        self.database = database
        self.registry = Registry(database.name)
        self._partners: list[range] = []  # not the ids: a million of them would be in the memory that is measured
        self.open()

    def open(self) -> None:
        """Take two connections."""
        self.cr = self.registry.cursor()
        self.env = api.Environment(self.cr, api.SUPERUSER_ID, {"tracking_disable": True})
        self.floor_cr = self.registry.cursor()

    @contextmanager
    def away(self) -> Iterator[None]:
        """Have no connection open meanwhile, so that processes can be forked; records of before are of no use after."""
        self.close()
        sql_db.close_all()
        try:
            yield
        finally:
            self.open()

    def close(self) -> None:
        """Give the connections back."""
        for cr in (self.cr, self.floor_cr):
            cr.rollback()
            cr.close()

    def partners(self, count: int) -> list[int]:
        """Return the ids of so many contacts, made by SQL the first time."""
        missing = count - sum(map(len, self._partners))
        if missing > 0:
            self._partners.append(self._make_partners(missing))
            self.analyze("res_partner")
        return list(islice(chain.from_iterable(self._partners), count))

    def _make_partners(self, count: int) -> range:
        model = self.env["res.partner"].create(
            {"name": "Model", "lang": "en_US", "tz": "Europe/Paris", "marketing_optin": True}
        )
        self.env.flush_all()
        own = {"id", "name", "complete_name", "email", "email_normalized", "commercial_partner_id"}
        self.cr.execute("SELECT column_name FROM information_schema.columns WHERE table_name = 'res_partner'")
        others = ", ".join(f'"{column}"' for (column,) in self.cr.fetchall() if column not in own)
        self.cr.execute("SELECT max(id) + 1 FROM res_partner")
        first = self.cr.fetchone()[0]
        last = first + count - 1
        self.cr.execute(PARTNER.format(others=others), {"first": first, "last": last, "model": model.id})
        self.cr.execute("SELECT setval('res_partner_id_seq', %s)", [last])
        self.cr.commit()
        return range(first, last + 1)

    def analyze(self, *tables: str) -> None:
        """Bring the statistics of tables up to date and clean them, outside of any measured moment."""
        self.cr.commit()
        self.floor_cr.commit()
        connection = self.cr._cnx
        connection.autocommit = True
        for table in tables:
            self.cr.execute(f'VACUUM (ANALYZE) "{table}"')
        connection.autocommit = False

    def tag(self, name: str):
        """Return a new contact tag."""
        return self.env["res.partner.category"].create({"name": name})

    def scenario(self, *steps, name: str = "Measured"):
        """Return an active scenario from steps in reading order, as ``(type, settings[, {outcome: steps}])``."""
        scenario = self.env["marketing.scenario"].create({"name": name})
        self._add_steps(scenario.start_step_id, "next", steps)
        scenario._set_state("active")
        self.cr.commit()
        return scenario

    def _add_steps(self, parent, outcome: str, steps) -> None:
        for step_type, settings, *branches in steps:
            values = {"scenario_id": parent.scenario_id.id, "parent_id": parent.id, "outcome": outcome}
            parent = parent.create({**values, "step_type": step_type, "name": step_type, **settings})
            outcome = "next"
            for branch, inner in (branches[0] if branches else {}).items():
                self._add_steps(parent, branch, inner)

    def place(self, step, partner_ids: list[int], wake: str | None = None, due: str = "-1 hour") -> None:
        """Put enrollments on a step by SQL, due ``due`` from now, and bring the statistics up to date."""
        self.put(step, partner_ids, wake, due)
        self.analyze("marketing_scenario_enrollment")

    def put(self, step, partner_ids: list[int], wake: str | None = None, due: str = "-1 hour") -> None:
        """Put enrollments on a step by SQL, due ``due`` from now."""
        self.cr.execute(
            """
            INSERT INTO marketing_scenario_enrollment
                   (scenario_id, step_id, partner_id, person_key, target_kind, company_id, state, next_run_at,
                    wake_outcome, run_number, attempts, door, entered_at,
                    create_uid, create_date, write_uid, write_date)
            SELECT %s, %s, id, 'email:person' || id || '@example.com', 'contact', %s, 'running',
                   localtimestamp + %s::interval + id * interval '1 microsecond',
                   %s, 1, 0, 'api', localtimestamp, 1, localtimestamp, 1, localtimestamp
              FROM unnest(%s) AS id ORDER BY id
            """,
            [step.scenario_id.id, step.id, self.env.company.id, due, wake, partner_ids],
        )

    def empty(self, *scenarios) -> None:
        """Forget the runs of these scenarios, with their paths."""
        ids = [scenario.id for scenario in scenarios]
        self.cr.execute("SET LOCAL session_replication_role = replica")  # nothing else points at them: not looked up
        for table in ("marketing_scenario_trace", "marketing_scenario_enrollment"):
            self.cr.execute(f"DELETE FROM {table} WHERE scenario_id = ANY(%s)", [ids])
        self.cr.commit()

    def engine_batch(self, limit: int = 1000) -> int:
        """One committed batch, as the cron runs it."""
        handled = self.env["marketing.scenario.engine"]._run_due(limit=limit)
        self.env["ir.cron"]._commit_progress(handled, remaining=1)
        return handled

    def retire(self, *scenarios) -> None:
        """Deactivate scenarios that were measured."""
        for scenario in scenarios:
            scenario._set_state("inactive")
        self.cr.commit()


@contextmanager
def open_odoo(database: Database) -> Iterator[None]:
    """Let this process reach a database with Odoo's ORM."""
    config_file = write_config(environment().work / "conf" / f"{database.name}.conf", database)
    quiet = ["--log-level=warn", "--log-handler=py.warnings:ERROR", "--no-http"]
    config.parse_config(["-c", str(config_file), "-d", database.name, *quiet])
    try:
        yield
    finally:
        sql_db.close_all()
        config_file.unlink()


@contextmanager
def fresh_world(durable: bool = False) -> Iterator[World]:
    """Open a copy of the database with the addon installed, and drop it afterwards."""
    with fresh_database(f"bench_{os.getpid()}", durable=durable) as database, open_odoo(database):
        world = World(database)
        try:
            yield world
        finally:
            world.close()
