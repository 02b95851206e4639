"""A domain in words, for people who do not read domains."""

from odoo.exceptions import AccessError

from .filters import FILTER_ERRORS, eval_domain


def describe_domain(env, model, text):
    """``text`` (a domain as stored by the domain widget) as "country is France and …"; empty when unreadable."""
    try:
        domain = eval_domain(env, text)
        # what stands before the last complete part is joined by "and"
        rest, parts = domain, []
        while rest:
            part, rest = _part(env, model, rest)
            parts.append(part)
    except (*FILTER_ERRORS, IndexError, AccessError):
        return env._("the filter holds")
    return env._(" and ").join(parts)


def _part(env, model, domain):
    """The sentence of the first complete term of a domain in prefix notation, and what follows it."""
    head, rest = domain[0], domain[1:]
    if head == "!":
        part, rest = _part(env, model, rest)
        return env._("not (%(condition)s)", condition=part), rest
    if head in ("&", "|"):
        left, rest = _part(env, model, rest)
        right, rest = _part(env, model, rest)
        joint = env._(" and ") if head == "&" else env._(" or ")
        joined = f"{left}{joint}{right}"
        return f"({joined})" if head == "|" and rest else joined, rest
    return _condition(env, model, *head), rest


def _condition(env, model, path, operator, value):
    if not isinstance(path, str):
        return env._("always") if path == 1 else env._("never")
    field, label = _field(env, model, path)
    if value is False and operator in ("=", "!="):
        if field.type == "boolean":
            value, operator = True, "!=" if operator == "=" else "="
        else:
            return (env._("%(field)s is empty") if operator == "=" else env._("%(field)s is set")) % {"field": label}
    if field.type == "boolean":
        return label if (operator == "=") == bool(value) else env._("not %(field)s", field=label)
    return f"{label} {_operators(env).get(operator, operator)} {_value(env, field, value)}"


def _field(env, model, path):
    label, field = "", None
    for name in path.split("."):
        field = env[model]._fields[name]
        label = f"{label} › {field._description_string(env)}" if label else field._description_string(env)
        model = field.comodel_name or model
    return field, label


def _value(env, field, value):
    values = value if isinstance(value, list | tuple) else [value]
    if field.comodel_name and all(type(item) is int for item in values):
        names = env[field.comodel_name].browse(values).exists().mapped("display_name")
    elif field.type == "selection":
        labels = dict(field._description_selection(env))
        names = [labels.get(item, item) for item in values]
    else:
        names = values
    return env._(" or ").join(str(name) for name in names)


def _operators(env):
    return {
        "=": env._("is"),
        "in": env._("is"),
        "!=": env._("is not"),
        "not in": env._("is not"),
        "child_of": env._("is or lies under"),
        "parent_of": env._("is or lies above"),
        "ilike": env._("contains"),
        "like": env._("contains"),
        "=ilike": env._("is like"),
        "=like": env._("is like"),
        "not ilike": env._("does not contain"),
        ">": env._("is above"),
        ">=": env._("is at least"),
        "<": env._("is below"),
        "<=": env._("is at most"),
    }
