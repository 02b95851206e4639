"""Saved filters that ask for what happened ask the column that says it now."""

from ast import literal_eval

from odoo import SUPERUSER_ID, api

EVENTS = {
    "entered",
    "skipped",
    "retry",
    "error",
    "goto",
    "end",
    "stopped",
    "paused",
    "resumed",
    "moved",
    "rescheduled",
    "inherited",
}
PATHS = {
    "marketing.scenario.trace": {"outcome": "event"},
    "marketing.scenario.enrollment": {"trace_ids.outcome": "trace_ids.event"},
}


def migrate(cr, version):
    """Rewrite the conditions of saved filters on traces."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    for saved in env["ir.filters"].with_context(active_test=False).search([("model_id", "in", list(PATHS))]):
        try:
            domain = literal_eval(saved.domain)
        except (ValueError, SyntaxError):
            continue  # computed in the browser: nobody can say what it asks for
        renamed = [condition(term, PATHS[saved.model_id]) for term in domain]
        if renamed != domain:
            saved.domain = repr(renamed)


def condition(term, paths):
    """Return a term of a domain, asking for the event where it asked for one by the name of a way out."""
    if not isinstance(term, list | tuple) or term[0] not in paths:
        return term
    values = term[2] if isinstance(term[2], list | tuple) else [term[2]]
    return (paths[term[0]], *term[1:]) if values and EVENTS.issuperset(values) else term
