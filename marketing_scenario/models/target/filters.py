"""The one reader of filters that people type, and the one trial of them.

A filter is text that a person wrote (rule, dynamic query, automation, list). Nothing of it is ever executed: it is
parsed, and only what the domain widget and Odoo's saved filters write is understood. Who may type a filter can so
neither reach code nor keep the server busy.
"""

import ast
import re
from collections.abc import Collection
from datetime import date, datetime, time, timedelta

import psycopg2
from dateutil.relativedelta import relativedelta
from pytz import UTC

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ...tools import relative_dates
from .. import clock

MAX_LENGTH = 50_000  # characters; a list of some thousand ids
MAX_DEPTH = 20
MOMENT_FORMAT = re.compile(r"(%[YmdHMSj]|[-/:. T])*")
# name → class that may be made from numbers
MAKERS = {
    "datetime.datetime": datetime,
    "datetime.date": date,
    "datetime.time": time,
    "datetime.timedelta": timedelta,
    "timedelta": timedelta,
    "relativedelta": relativedelta,
}
# What goes wrong when the filter of a person is read, built or asked of the database.
FILTER_ERRORS = (
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    RecursionError,
    psycopg2.DataError,
    psycopg2.ProgrammingError,
)


def eval_domain(env, text):
    """The domain that a filter means now, for the user of ``env``.

    :param text: as the domain widget stores it; literals, ``uid``, ``context_today()``, ``datetime.datetime.now()``,
        dates and intervals made from numbers, ``+`` and ``-`` between them, ``strftime``. Dates as words
        (``today -3d``) stay words, see ``domain_of``.
    :return: list
    :raise ValueError: anything else
    """
    text = (text or "[]").strip()
    if len(text) > MAX_LENGTH:
        raise ValueError(env._("it is longer than %(size)s characters", size=MAX_LENGTH))
    try:
        domain = _Reader(env).value(ast.parse(text, mode="eval").body)
    except (SyntaxError, RecursionError, MemoryError, OverflowError, TypeError) as error:
        raise ValueError(env._("it is not written as a filter")) from error
    if not isinstance(domain, list | tuple):
        raise ValueError(env._("it is not written as a filter"))
    return list(domain)


def domain_of(records, text):
    """The domain that a filter on ``records`` means now, for their user, ready to be asked of the database.

    Dates as words are counted from the addon's clock: Odoo would count them from the machine's, which is not that of a
    dry run.

    :raise ValueError: see ``eval_domain``; or a date that does not exist
    """
    return _at_this_moment(Domain(eval_domain(records.env, text)), records.browse())


def _at_this_moment(domain, model):
    def count(condition):
        path, operator, value = condition.field_expr, condition.operator, condition.value
        field = _last_field(model, path)
        if field and field.comodel_name and operator.lower() in ("any", "not any"):
            value = _at_this_moment(Domain(value), model.env[field.comodel_name])
        elif field and field.type in ("date", "datetime"):
            if isinstance(value, str):
                value = _moment(model.env, value)
            elif isinstance(value, Collection):
                value = [_moment(model.env, item) if isinstance(item, str) else item for item in value]
        return Domain(path, operator, value)

    return domain.map_conditions(count)


def _last_field(model, path):
    """The field at the end of a path, or the date of which it asks for a part; None: there is none."""
    field = None
    for name in path.split("."):
        field = model._fields.get(name)
        if field is None or not field.comodel_name:
            break
        model = model.env[field.comodel_name]
    return field


def _moment(env, text):
    """A date in words as a date or a naive UTC moment; any other text as it is."""
    if not relative_dates.is_relative(text):
        return text
    now = fields.Datetime.context_timestamp(env["base"], clock.now(env))
    first_day = int(env["res.lang"]._get_data(code=env.user.lang).week_start or 1) - 1
    try:
        moment = relative_dates.moment(text, now, first_day)
    except OverflowError as error:
        raise ValueError(text) from error
    return moment.astimezone(UTC).replace(tzinfo=None) if isinstance(moment, datetime) else moment


def is_empty_filter(text):
    """Whether a stored filter asks for nothing."""
    return not (text or "").strip() or (text or "").strip() in ("[]", "()")


def trial(records, domain):
    """Ask the database once for one record of ``domain``, with the rights of ``records``; no trace remains.

    :param domain: a domain, or a function that makes it
    :return: what is wrong with it, or an empty text
    :raise AccessError: it asks for what the user may not read
    """
    try:
        with records.env.cr.savepoint():
            records.search(Domain(domain() if callable(domain) else domain), limit=1)
    except AccessError:
        raise
    except (*FILTER_ERRORS, UserError) as error:
        return str(error).strip() or type(error).__name__
    return ""


class _Reader:
    """Value of a parsed expression. Each kind of node has its own method; what has none is not understood."""

    def __init__(self, env):
        self.env = env

    def value(self, node, depth=0):
        handler = getattr(self, f"_read_{type(node).__name__}", None)
        if handler is None or depth > MAX_DEPTH:
            raise ValueError(self.env._("“%(text)s” is not possible in a filter", text=ast.unparse(node)[:80]))
        return handler(node, depth + 1)

    def _read_Constant(self, node, _depth):
        if isinstance(node.value, str | int | float | None):
            return node.value
        return self._refuse(node)

    def _read_List(self, node, depth):
        return [self.value(item, depth) for item in node.elts]

    def _read_Tuple(self, node, depth):
        return tuple(self.value(item, depth) for item in node.elts)

    def _read_Name(self, node, _depth):
        return self.env.uid if node.id == "uid" else self._refuse(node)

    def _read_UnaryOp(self, node, depth):
        number = self.value(node.operand, depth)
        if type(number) not in (int, float) or not isinstance(node.op, ast.USub | ast.UAdd):
            return self._refuse(node)
        return -number if isinstance(node.op, ast.USub) else number

    def _read_BinOp(self, node, depth):
        left, right = self.value(node.left, depth), self.value(node.right, depth)
        if isinstance(left, date) and isinstance(right, timedelta | relativedelta):
            if isinstance(node.op, ast.Add):
                return left + right
            if isinstance(node.op, ast.Sub):
                return left - right
        return self._refuse(node)

    def _read_Call(self, node, depth):
        name = ast.unparse(node.func) if isinstance(node.func, ast.Name | ast.Attribute) else ""
        now = clock.now(self.env)
        if name in ("datetime.datetime.now", "datetime.datetime.utcnow") and not (node.args or node.keywords):
            return now
        if name in ("context_today", "datetime.date.today") and not (node.args or node.keywords):
            return fields.Date.context_today(self.env["res.users"], now)
        if name == "datetime.datetime.combine" and len(node.args) == 2 and not node.keywords:
            return datetime.combine(*(self.value(arg, depth) for arg in node.args))
        if name == "time.strftime" and len(node.args) == 1 and not node.keywords:
            return self._written(now, node.args[0])
        if name in MAKERS:
            return MAKERS[name](
                *(self._number(arg) for arg in node.args), **{kw.arg: self._number(kw.value) for kw in node.keywords}
            )
        if isinstance(node.func, ast.Attribute) and node.func.attr == "strftime" and len(node.args) == 1:
            moment = self.value(node.func.value, depth)
            if isinstance(moment, date) and not node.keywords:
                return self._written(moment, node.args[0])
        return self._refuse(node)

    def _number(self, node):
        number = self.value(node, MAX_DEPTH - 1)
        if type(number) not in (int, float):
            self._refuse(node)
        return number

    def _written(self, moment, node):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
            return self._refuse(node)
        if len(node.value) > 40 or not MOMENT_FORMAT.fullmatch(node.value):
            return self._refuse(node)
        return moment.strftime(node.value)

    def _refuse(self, node):
        raise ValueError(self.env._("“%(text)s” is not possible in a filter", text=ast.unparse(node)[:80]))
