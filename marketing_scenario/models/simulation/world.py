"""The world of a dry run (S39, S55): the database as it is, in which anything may happen and nothing lasts."""

from contextlib import closing, contextmanager

from psycopg2 import errors

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.sql_db import Savepoint

from ...tools.seal import sealed
from ..dry import DryCursor
from . import sql
from .caches import own_caches

KEPT_CONTEXT = ("lang",)


@contextmanager
def dry_world(env, moment):
    """Yield an environment of the engine in which everything that happens is undone at the end of the block.

    Three things see to it that nothing lasts, whatever code the steps run: the block is rolled back; the seal makes
    PostgreSQL refuse any commit before that (``seal.py``); and the thread reaches no network, program, file or second
    cursor (``tools.seal``). What it caches is its own (``caches.py``). Row locks last as long as the block.

    :param env: of the one who asks; what the dry run says is in its language
    :param moment: naive UTC, the instant at which the dry run begins; ``env.cr.at`` moves it
    """
    env.flush_all()
    registry = env.registry
    invalidated = set(registry.cache_invalidated)
    cursor = DryCursor(env.cr, moment)
    try:
        with closing(Savepoint(env.cr)):
            sql.seal(env.cr)
            with sealed(), own_caches(registry):
                context = {key: env.context[key] for key in KEPT_CONTEXT if key in env.context}
                yield api.Environment(cursor, SUPERUSER_ID, context)
    except (errors.NoActiveSqlTransaction, errors.InvalidSavepointSpecification) as error:
        raise UserError(
            env._(
                "A step tried to make its work lasting in the middle of a dry run. Nothing was kept; correct the step."
            )
        ) from error
    finally:
        # what was forgotten meanwhile was the dry run's own: nobody has to hear of it
        registry.cache_invalidated.clear()
        registry.reset_changes()
        registry.cache_invalidated.update(invalidated)
