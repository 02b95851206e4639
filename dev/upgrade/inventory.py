"""What of ours is in a database, read by SQL alone so that the same is read before and after.

An inventory is plain JSON: every row of our tables, our columns on other models, the queues that our messages wait in,
and the external ids of the addon.
"""

import json
from pathlib import Path

from env import Database
from toolbox.paths import ADDON_NAME

OUR_MODELS = """
    SELECT model.model
      FROM ir_model model
      JOIN ir_model_data name ON name.model = 'ir.model' AND name.res_id = model.id
     WHERE NOT coalesce(model.transient, FALSE)
     GROUP BY model.model
    HAVING bool_and(name.module = %(addon)s)
     ORDER BY model.model"""
OUR_COLUMNS = """
    SELECT field.model, array_agg(field.name::text ORDER BY field.name)
      FROM ir_model_fields field
      JOIN ir_model_data name ON name.model = 'ir.model.fields' AND name.res_id = field.id
      JOIN ir_model model ON model.id = field.model_id
     WHERE name.module = %(addon)s AND field.store AND field.ttype NOT IN ('one2many', 'many2many')
       AND NOT coalesce(model.transient, FALSE)
     GROUP BY field.model"""
OUR_RELATIONS = """
    SELECT DISTINCT relation.name FROM ir_model_relation relation
      JOIN ir_module_module module ON module.id = relation.module
     WHERE module.name = %(addon)s"""
EXTERNAL_IDS = "SELECT name, model, res_id FROM ir_model_data WHERE module = %(addon)s AND res_id IS NOT NULL"
VERSION = "SELECT latest_version FROM ir_module_module WHERE name = %(addon)s"
COLUMNS = "SELECT column_name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = %(table)s"
MAILS = "mail_mail mail JOIN mail_message message ON message.id = mail.mail_message_id"
JOBS = "ir_cron cron JOIN ir_act_server action ON action.id = cron.ir_actions_server_id"
# Rows of other modules that carry our work, and things people changed for themselves: (columns, tables).
NEIGHBOURS = {
    "mails in the queue": ("mail.id, state, mailing_id, email_to, model, res_id", MAILS),
    "traces of messages": (
        "id, trace_type, trace_status, mass_mailing_id, mail_mail_id, sms_id_int, model, res_id, sent_datetime, "
        "open_datetime, links_click_datetime",
        "mailing_trace",
    ),
    "mailings": ("id, subject, state, active, mailing_type, mailing_model_id", "mailing_mailing"),
    "SMS in the queue": ("id, state, number, body, mailing_id", "sms_sms"),
    "tracked links": ("id, url, mass_mailing_id, count", "link_tracker"),
    "clicks": ("id, link_id, mailing_trace_id", "link_tracker_click"),
    "activities": ("id, res_model, res_id, summary, user_id, active", "mail_activity"),
    # a new scheduled job brings its own "created"
    "messages on records": (
        "id, model, res_id, author_id",
        "mail_message WHERE model NOT IN ('res.users', 'ir.cron', 'ir.actions.server')",
    ),
    "contacts": ("id, name, email, active, user_id, function, ref", "res_partner"),
    "leads": ("id, name, active, stage_id, user_id", "crm_lead"),
    "saved filters": ("id, name, model_id, action_id", "ir_filters"),
    "scheduled jobs": ("cron.id, active, interval_number, interval_type, name", JOBS),
    "parameters": ("id, key, value", "ir_config_parameter"),
    "first screens of users": ("id, action_id", "res_users"),
    "attachments": ("id, name, res_model, res_field, checksum", "ir_attachment WHERE url IS NULL"),
    "server actions": ("id, state, model_id, marketing_scenario_id", "ir_act_server"),
    "members of groups": ("uid AS id, array_agg(gid ORDER BY gid) AS groups", "res_groups_users_rel GROUP BY uid"),
}
AUTOMATIC = ("id", "create_uid", "create_date", "write_uid", "write_date")


def table_of(model: str) -> str:
    """Return a model's table."""
    return model.replace(".", "_")


def take(database: Database, file: Path) -> dict:
    """Take the inventory of a database and keep it in a file to look at."""
    connection = database.connect()
    try:
        with connection.cursor() as cursor:
            inventory = Reader(cursor).read()
    finally:
        connection.close()
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(inventory, indent=1, ensure_ascii=False))
    return inventory


class Reader:
    """Reads one database."""

    def __init__(self, cursor):
        self._cursor = cursor

    def read(self) -> dict:
        """Return the inventory."""
        models = [model for (model,) in self._rows(OUR_MODELS)]
        tables = {model: self._table(model) for model in models if self._columns(table_of(model))}
        return {
            "version": self._rows(VERSION)[0][0],
            "models": tables,
            "columns": {model: sorted(self._columns(table_of(model))) for model in tables},
            "additions": dict(self._additions(models)),
            "relations": {name: self._relation(name) for (name,) in self._rows(OUR_RELATIONS)},
            "neighbours": {
                name: self._records(f"SELECT {columns} FROM {tables}") for name, (columns, tables) in NEIGHBOURS.items()
            },
            "external ids": {name: [model, res_id] for name, model, res_id in self._rows(EXTERNAL_IDS)},
        }

    def _table(self, model: str) -> dict:
        return self._records(f'SELECT * FROM "{table_of(model)}"')

    def _additions(self, models: list[str]):
        """Yield what we keep on records of other modules."""
        for model, names in self._rows(OUR_COLUMNS):
            columns = sorted(self._columns(table_of(model)).intersection(names).difference(AUTOMATIC))
            if model not in models and columns:
                listed = ", ".join(f'"{name}"' for name in ("id", *columns))
                yield model, self._records(f'SELECT {listed} FROM "{table_of(model)}"')

    def _relation(self, name: str) -> list:
        return sorted((row for (row,) in self._rows(f'SELECT to_jsonb(row) FROM "{name}" row')), key=str)

    def _records(self, statement: str) -> dict:
        """Return ``{id as text: {column: value}}``."""
        rows = self._rows(f"SELECT row.id, to_jsonb(row) FROM ({statement}) row ORDER BY row.id")
        return {str(record_id): values for record_id, values in rows}

    def _columns(self, table: str) -> set[str]:
        self._cursor.execute(COLUMNS, {"table": table})
        return {name for (name,) in self._cursor.fetchall()}

    def _rows(self, statement: str) -> list[tuple]:
        self._cursor.execute(statement, {"addon": ADDON_NAME})
        return self._cursor.fetchall()
