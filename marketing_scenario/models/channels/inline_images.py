"""Images pasted into a mail travel inside it (R40), as a person's mail program would send them."""

import re

from odoo.fields import Domain

HEADER = "X-Marketing-Inline"  # from mail.mail to the MIME builder; never leaves the server
IMAGE = re.compile(r"""src=(["'])[^"']*?/web/image/(\d+)[^"']*\1""")


def refer(env, email):
    """Point the images of ``email`` (a dict of ``mail.mail._prepare_outgoing_list``) at parts of the same mail."""
    body = str(email["body"])
    ids = {int(image_id) for _quote, image_id in IMAGE.findall(body)}
    images = env["ir.attachment"].search(_allowed(ids))
    own = set(images.ids)
    email["body"] = IMAGE.sub(
        lambda match: f'src="cid:image-{match[2]}"' if int(match[2]) in own else match[0],
        body,
    )
    if images:
        email["headers"][HEADER] = ",".join(map(str, images.ids))


def embed(env, message, image_ids):
    """Add those images to the HTML part of ``message``."""
    part = message.get_body(("html",))
    # sudo: the mail queue runs for the system; ``refer`` chose the images
    for image in env["ir.attachment"].sudo().browse(image_ids).exists() if part else ():
        maintype, _slash, subtype = image.mimetype.partition("/")
        part.add_related(
            image.raw, maintype, subtype, cid=f"<image-{image.id}>", filename=image.name, disposition="inline"
        )


def _allowed(ids):
    """Only images uploaded to a step, or public ones: a text cannot fetch other files by their number."""
    images = Domain("id", "in", list(ids)) & Domain("mimetype", "=like", "image/%")
    return images & (Domain("res_model", "=", "marketing.scenario.step") | Domain("public", "=", True))
