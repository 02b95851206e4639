"""With whose rights things that run later run (S53): those of the person who is responsible, never more.

Facts that the addon itself needs may be read with ``sudo``; what somebody typed (a filter, a value to write) goes
through ``with_rights_of``. Who that somebody is, is noted by the server, never by the client.
"""

from odoo import SUPERUSER_ID
from odoo.exceptions import AccessError, UserError


def with_rights_of(records, user, company):
    """``records`` as ``user`` sees them.

    :param company: the only company looked at; empty: all companies of the user
    :raise UserError: the user is archived or missing: nothing runs in the name of someone who left
    """
    user = user.sudo()  # sudo: only whether the user is there, and their companies
    if not user or not (user.active or user.id == SUPERUSER_ID):
        raise UserError(
            records.env._(
                "It runs with the rights of %(user)s, who is archived. Choose another owner.", user=user.name or "?"
            )
        )
    companies = company or user.company_id | user.company_ids
    return records.with_user(user).with_context(allowed_company_ids=companies.ids)


def check_runs_as(env, user_ids):
    """Everyone lends their own rights only; administrators may choose.

    :param user_ids: ids of the users in whose name something is to run
    :raise AccessError: somebody else
    """
    if not env.is_system() and set(user_ids) - {env.uid}:
        raise AccessError(env._("Nothing can be made to run with the rights of another user. Choose yourself."))


def stamp_runs_as(env, vals, new):
    """``vals`` of a row whose filter runs later as ``user_id``: that is who typed the filter, not who the client says.

    :param vals: values about to be created or written
    :param new: a row is made, or its filter changes; the rights change hands with it
    :return: the values to write
    :raise AccessError: another user is named, and the current one is no administrator
    """
    if "user_id" in vals:
        check_runs_as(env, [vals["user_id"]])
    elif new and not env.su:
        return {**vals, "user_id": env.uid}
    return vals
