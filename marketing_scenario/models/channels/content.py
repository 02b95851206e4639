"""What a message step hands to the mail channel."""

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class MailContent:
    """What a message step wants to say. Values that differ per recipient are ``{enrollment id: value}``."""

    text: Callable  # language code → (subject, QWeb body, preview text)
    email_from: str | dict
    reply_to: str | dict = ""  # empty: the reply comes back to the record through Odoo's catchall
    author_id: int | dict | bool = False
    attachment_ids: list | dict = field(default_factory=list)
    email_cc: str = ""
    closing: Callable = lambda _lang: ""  # language code → the addon's own QWeb under what was typed
    vouched: tuple = ()  # of render.PARTS: those somebody who may write code answers for; the others are checked
    values: dict = field(default_factory=dict)  # {enrollment id: {name: value}} for the body besides ``object``
    layout: bool = True  # False: plain, as typed by a person
    footer: bool = True  # add an unsubscribe link when the body has none
    log_body: bool = False  # True: the whole text goes to the chatter, else one line
    scheduled_at: dict = field(default_factory=dict)  # {enrollment id: naive UTC datetime}

    def of(self, name, enrollment_id):
        value = getattr(self, name)
        return value.get(enrollment_id) if isinstance(value, dict) else value
