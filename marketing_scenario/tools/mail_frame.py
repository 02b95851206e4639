"""Mails of the gallery: a few lines become a mail that looks good in mail programs, in light and dark mode.

Lines::

    # Heading          - point of a list          > set apart          ~ small print
    [Text of a button](address)                    anything else is a paragraph

Bold, italics and links are HTML. ``{name|there}`` is the first name of the reader, or "there"; ``{their_company|you}``
their company.
"""

import re
from itertools import groupby

from markupsafe import Markup, escape

BUTTON = re.compile(r"\[(.+)\]\((.+)\)")
FIELD = re.compile(r"\{(name|their_company)\|([^}]*)\}")
FIELDS = {"name": "marketing_first_name", "their_company": "marketing_company_name"}
FONT = "font-family:Helvetica,Arial,sans-serif"
INK, PAPER, PAGE, QUIET, ACCENT = "#263140", "#ffffff", "#eef1f5", "#5f6b7a", "#2f66b8"
# Mail programs that know dark mode take these; the others show the light colors written on each element.
STYLE = """
:root { color-scheme: light dark; }
body { margin: 0; padding: 0; }
@media (prefers-color-scheme: dark) {
  body { background-color: #14181f; }
  .sm_page { background-color: #14181f !important; }
  .sm_card { background-color: #1f2630 !important; }
  .sm_text, .sm_text p, .sm_text li, .sm_text h1 { color: #e6eaf0 !important; }
  .sm_text a.sm_link { color: #8db8f5 !important; }
  .sm_apart { background-color: #2a3340 !important; color: #e6eaf0 !important; }
  .sm_quiet, .sm_quiet a, .sm_text .sm_quiet { color: #a9b3c1 !important; }
}
@media (max-width: 480px) {
  .sm_text { padding: 24px 20px !important; }
  .sm_brand { padding: 20px 20px 0 !important; }
  .sm_text h1 { font-size: 22px !important; }
  .sm_page { padding: 12px 8px !important; }
}
"""


def mail(lines, words):
    """The HTML of a mail in a frame.

    :param lines: list of str, see above
    :param words: ``{"why", "unsubscribe"}``: the legal mention in the language of the mail
    """
    body = Markup("\n").join(_blocks(lines, framed=True))
    # colors stand on cells: Odoo's designer gives the color of a table to all cells within, and lets those be edited
    # that say so
    return Markup(
        "<style>{style}</style>"
        '<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"><tr>'
        '<td class="sm_page" align="center" style="padding:24px 12px;background-color:{page};">'
        '<table role="presentation" width="600" cellpadding="0" cellspacing="0" border="0"'
        ' style="width:100%;max-width:600px;">'
        '<tr><td class="sm_card sm_quiet sm_brand" style="padding:20px 32px 0;border-radius:8px 8px 0 0;'
        'background-color:{paper};{font};font-size:14px;font-weight:bold;color:{quiet};">'
        "scenario-file:/company</td></tr>"
        '<tr><td class="sm_card sm_text o_mail_wrapper_td oe_structure" style="padding:24px 32px 28px;'
        'border-radius:0 0 8px 8px;background-color:{paper};{font};font-size:16px;line-height:1.6;color:{ink};">'
        "{body}</td></tr></table>"
        '<table role="presentation" width="600" cellpadding="0" cellspacing="0" border="0"'
        ' style="width:100%;max-width:600px;"><tr><td class="sm_quiet" align="center"'
        ' style="padding:18px 24px;{font};font-size:12px;line-height:1.5;color:{quiet};">'
        'scenario-file:/address<br/>{why} <a href="/unsubscribe_from_list"'
        ' style="color:{quiet};text-decoration:underline;">{unsubscribe}</a></td></tr></table>'
        "</td></tr></table>"
    ).format(style=Markup(STYLE), page=PAGE, paper=PAPER, ink=INK, quiet=QUIET, font=FONT, body=body, **words)


def letter(lines):
    """The HTML of a mail that looks typed: paragraphs and nothing else."""
    return Markup("\n").join(_blocks(lines, framed=False))


def _blocks(lines, framed):
    for is_list, group in groupby(lines, lambda line: line.startswith("- ")):
        if is_list:
            points = Markup("").join(
                Markup('<li style="margin:0 0 6px;">{}</li>').format(_inline(line[2:], framed)) for line in group
            )
            yield Markup('<ul style="margin:0 0 16px;padding:0 0 0 20px;">{}</ul>').format(points)
        else:
            for line in group:
                yield _block(line, framed)


def _block(line, framed):
    if button := BUTTON.fullmatch(line):
        return Markup(
            '<table role="presentation" cellpadding="0" cellspacing="0" border="0" align="center"'
            ' style="margin:8px auto 24px;"><tr>'
            '<td align="center" style="border-radius:6px;background-color:{accent};">'
            '<a class="btn btn-primary" href="{address}" style="display:inline-block;padding:13px 28px;'
            "border:0;background-color:{accent};{font};font-size:16px;font-weight:bold;color:#ffffff;"
            'text-decoration:none;border-radius:6px;">{text}</a>'
            "</td></tr></table>"
        ).format(accent=ACCENT, font=FONT, address=button[2], text=button[1])
    if line.startswith("# "):
        return Markup(
            '<h1 style="margin:0 0 16px;font-size:26px;font-weight:bold;line-height:1.25;color:{};">{}</h1>'
        ).format(INK, _inline(line[2:], framed))
    if line.startswith("> "):
        return Markup(
            '<p class="sm_apart" style="margin:0 0 16px;padding:14px 18px;border-radius:6px;'
            'background-color:{};">{}</p>'
        ).format(PAGE, _inline(line[2:], framed))
    if line.startswith("~ "):
        return Markup('<p class="sm_quiet" style="margin:0 0 12px;font-size:13px;color:{};">{}</p>').format(
            QUIET, _inline(line[2:], framed)
        )
    style = Markup(' style="margin:0 0 16px;"') if framed else ""
    return Markup("<p{}>{}</p>").format(style, _inline(line, framed))


def _inline(text, framed):
    """A line with its merge fields and, in a frame, its links colored; the rest is HTML already."""
    text = FIELD.sub(lambda match: f'<t t-out="object.{FIELDS[match[1]]}">{escape(match[2])}</t>', text)
    if framed:
        text = text.replace("<a href=", f'<a class="sm_link" style="color:{ACCENT};" href=')
    return Markup(text)
