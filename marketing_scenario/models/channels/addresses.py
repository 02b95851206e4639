"""How every address that this addon writes into a mail is built."""

from email.utils import getaddresses

from odoo.tools import email_normalize, formataddr

from ...tools.one_line import is_one_line, one_line


def named_address(name, address):
    """``"name" <address>`` on one line, whatever a person's record holds as its name."""
    return formataddr((one_line(name), one_line(address)))


def company_line(company):
    """Who writes, and from where, on one line: the legal mention of a mail."""
    place = " ".join(filter(None, [company.zip, company.city]))
    return ", ".join(filter(None, [company.name, company.street, place, company.country_id.name]))


def is_address_list(text):
    """Whether ``text`` is one line of email addresses, with or without names."""
    found = [address for _name, address in getaddresses([text or ""])]
    return is_one_line(text) and bool(found) and all(map(email_normalize, found))
