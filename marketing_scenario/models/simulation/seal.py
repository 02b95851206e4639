from odoo import fields, models


class MarketingSimulationSeal(models.Model):
    """A row of this table can be written, but never committed: it points at a row that cannot exist, and PostgreSQL
    looks at that only when the transaction ends. A dry run writes one first; so nothing that comes after it can last,
    whatever code it runs and by whatever way that code tries (S39).
    """

    _name = "marketing.simulation.seal"
    _description = "Seal of a dry run"
    _log_access = False

    never = fields.Integer(required=True)

    _is_not_committed = models.Constraint(
        "FOREIGN KEY (never) REFERENCES marketing_simulation_seal (id) DEFERRABLE INITIALLY DEFERRED",
        "A dry run cannot be kept.",
    )
