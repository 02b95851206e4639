"""What both codes are asked: the counters that people see, what saved filters find, which choices there are."""

from ast import literal_eval

COUNTERS = {
    "marketing.scenario": ("running_count", "done_count", "error_count", "refused_count"),
    "marketing.scenario.step": ("inside_count", "passed_count", "skipped_count", "error_count"),
}
REPORTS = ("marketing.report.entry", "marketing.report.message")
# Fields whose choices make the variety of the addon.
CHOSEN = {
    "marketing.scenario.step": "step_type",
    "marketing.scenario.enrollment": "state",
    "marketing.automatism": "event_type",
    "marketing.automatism.action": "kind",
    "marketing.scenario.rule": "kind",
}


def figures(env) -> dict[str, int]:
    """Return the counters of all scenarios and steps and the sums of reports, as far as the version has them."""
    found = {}
    for model, names in COUNTERS.items():
        known = [name for name in names if name in env[model]._fields]
        for record in env[model].search([], order="id"):
            found |= {f"{model} {record.id} {name}": record[name] for name in known}
    for model in (model for model in REPORTS if model in env):
        for scenario, number in env[model]._read_group([], ["scenario_id"], ["__count"]):
            found[f"{model} {scenario.id}"] = number
    return found


def found_by_filters(env) -> dict[str, list[int] | str]:
    """Return what each saved filter on a model of ours finds."""
    filters = env["ir.filters"].search([("model_id", "=like", "marketing.%")])
    return {saved.name: _found(env[saved.model_id], literal_eval(saved.domain)) for saved in filters}


def _found(model, domain: list) -> list[int] | str:
    try:
        return model.search(domain, order="id").ids
    except (KeyError, ValueError) as error:
        return f"{type(error).__name__}: {error}"


def choices(env) -> dict[str, list[str]]:
    """Return the choices of the fields in ``CHOSEN``."""
    return {model: env[model]._fields[name].get_values(env) for model, name in CHOSEN.items()}
