"""How much of a post is read: too large a body is answered before anything of it is."""

from odoo.http import request

MAX_BODY = 64 * 1024


def too_large(limit=MAX_BODY):
    """Whether the request says that its body is larger than what is read."""
    return (request.httprequest.content_length or 0) > limit
