"""One mail text for one model and one language, prepared once and rendered for many recipients.

Odoo compiles a mail body again for every recipient; here body, subject and layout are compiled once a batch.
Values of a record are only inserted (escaped in the body): nothing that a record holds is evaluated.

Nothing else in the addon evaluates a text, and here none is evaluated unchecked: right before it is compiled, a text
must hold merge fields only, unless somebody who may edit templates answers for it. Who that is, is noted on the step
by the server when a text is written (``text_author_id``), and asked again at each rendering: a check at writing alone
would not see texts that came another way, nor rights that were taken away since. A recorded name was chosen before a
signature of the text because it needs no key, follows the person's rights, and can be read.
"""

import logging
import re
from functools import reduce

from lxml import html
from markupsafe import Markup, escape

from odoo import models
from odoo.exceptions import AccessError, UserError
from odoo.tools import file_open
from odoo.tools.rendering_tools import parse_inline_template, render_inline_template

from ...tools import mail_links

_logger = logging.getLogger(__name__)

PLAIN_PATH = re.compile(r"^object(\.[a-z][a-z0-9_]*)+$")
PARTS = ("subject", "body", "preview")  # of a mail, as they are rendered
OUR_TEXT = "marketing_text"  # in the context: what is looked at is a text of a step
LAYOUT_BODY = "marketing-scenario-body"
TITLE = "marketing-scenario-title"
HEAD_END = Markup("</head>")
# what speaks of dark mode says so where mail programs ask for it
SCHEMES = Markup(
    '<meta name="color-scheme" content="light dark"/><meta name="supported-color-schemes" content="light dark"/>'
)
LAYOUT_VIEWPORT = "width=device-width; initial-scale=1.0; maximum-scale=1.0; user-scalable=no;"
# what looks typed has no layout: without a word about the font, Outlook shows Times
TYPED = Markup('<div style="font-family: Arial, Helvetica, sans-serif;">'), Markup("</div>")
PLAIN = (
    Markup(
        '<!DOCTYPE html>\n<html xmlns="http://www.w3.org/1999/xhtml"><head>'
        '<meta http-equiv="Content-Type" content="text/html; charset=UTF-8"/>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"/></head><body>'
    ),
    Markup("</body></html>"),
)


class IrQweb(models.AbstractModel):
    _inherit = "ir.qweb"

    def _compile(self, template):
        """Reuse what ``BodyTemplate`` compiled: Odoo caches compiled views only, not parsed texts."""
        element, compiled = self.env.context.get("marketing_compiled") or (None, None)
        if compiled and template is element:
            return compiled
        return super()._compile(template)


def check_text(env, model, source, language):
    """A text that is about to be evaluated holds nothing but the merge fields of ``model``.

    :param language: ``qweb`` (HTML) or ``inline`` (one text with ``{{ }}``)
    :raise AccessError: it does
    """
    renderer = env["mail.render.mixin"].with_context(**{OUR_TEXT: True})
    unsafe = {
        "qweb": renderer._has_unsafe_expression_template_qweb,
        "inline": renderer._has_unsafe_expression_template_inline_template,
    }
    if source and unsafe[language](source, model):
        raise AccessError(env._("Only template editors may use placeholders other than the merge fields."))


def _readable(env, error):
    """What is wrong with a placeholder, for somebody who knows no Python; the stack has the rest."""
    _logger.debug("A text cannot be rendered", exc_info=error)
    causes = []
    while error and error not in causes:
        causes.append(error)
        error = error.__cause__ or error.__context__
    for cause in causes:
        if isinstance(cause, UserError):  # also a refused access: a sentence already
            return str(cause)
    for cause in causes:
        if isinstance(cause, AttributeError) and cause.name:
            return env._("there is no field “%(field)s”.", field=cause.name)
        if isinstance(cause, (SyntaxError, NameError)):
            return env._("a placeholder is not written as it should be. Insert it anew.")
    return env._("a placeholder calculates something that is not possible there. Use a plain field instead.")


class SubjectTemplate:
    """A one-line text with ``{{ expression ||| default }}``, parsed once; its source was checked."""

    def __init__(self, source, variables):
        self.variables = variables
        self.parts = [
            (literal, PLAIN_PATH.match(expression) and expression.split(".")[1:], expression, (default or "").strip())
            for literal, expression, default in parse_inline_template(str(source or ""))
        ]

    def render(self, record):
        """:return: plain text on one line"""
        return " ".join(self.text(record).split())

    def text(self, record):
        """:return: plain text, its lines kept"""
        texts = []
        for literal, path, expression, default in self.parts:
            texts.append(literal)
            if path and all(name in step_fields for name, step_fields in _walk(record, path)):
                texts.append(str(reduce(lambda value, name: value[name], path, record) or default))
            elif expression:
                texts.append(render_inline_template([("", expression, default)], {**self.variables, "object": record}))
        return "".join(texts)


def _walk(record, path):
    """``(name, fields of the model it is looked up on)`` along a field path."""
    model = record
    for name in path:
        fields = model._fields if isinstance(model, models.BaseModel) else {}
        yield name, fields
        comodel = fields[name].comodel_name if name in fields and fields[name].relational else None
        model = record.env[comodel] if comodel else None


def _with_entities(root):
    """Escape the texts of a parsed body: Odoo's compiler writes them out as they are, ``a &lt; b`` would be lost."""
    for node in root.iter():
        if isinstance(node.tag, str) and node.text and node.tag not in ("style", "script"):
            node.text = escape(node.text)
        if node.tail:
            node.tail = escape(node.tail)
    return root


def _completed(head, root, lang):
    """Odoo's ``head`` with the language, a place for the title, and the styles of the body: HTML allows them nowhere
    else, and some mail programs read them nowhere else. Those that depend on the reader stay where they are.
    """
    added = Markup("<title>%s</title>") % TITLE
    styles = root.xpath("//style[not(ancestor-or-self::*[@*[starts-with(name(), 't-')]])]")
    if any("color-scheme:" in (node.text or "") for node in styles):
        added += SCHEMES
    for node in styles:
        added += Markup(html.tostring(node, encoding="unicode", with_tail=False))
        node.drop_tree()
    code = (lang or "en_US").partition("@")[0].replace("_", "-")
    return head.replace("<html ", Markup('<html lang="%s" ') % code, 1).replace(HEAD_END, added + HEAD_END, 1)


class BodyTemplate:
    """A QWeb mail body, compiled once."""

    def __init__(self, env, element, variables):
        self.element = element
        qweb = env["ir.qweb"].with_context(preserve_comments=True)
        self.variables = dict(variables)
        qweb = qweb._prepare_environment(self.variables).with_context(
            __qweb_loaded_functions={},
            __qweb_loaded_codes={},
            __qweb_loaded_options={},
            _qweb_error_path_xml=[None, None, None],
        )
        compiled = qweb._compile(element)
        self.method = compiled[1]
        self.qweb = qweb.with_context(marketing_compiled=(element, compiled), __qweb_loaded_functions=dict(compiled[0]))

    def render(self, record, values=None):
        """:return: Markup of the content, without the ``div`` that held it"""
        scope = {**self.variables, **(values or {}), "object": record}
        scope["__qweb_root_values"] = scope.copy()
        return Markup("".join(self.qweb._render_iterall(self.element, self.method, scope))[5:-6])


class SmsText:
    """The text of an SMS for one model; ``render`` gives it for a record.

    :param vouched: whether the text needs no check
    :raise AccessError: it holds more than merge fields
    """

    def __init__(self, env, model, source, vouched=False):
        if not vouched:
            check_text(env, model, source, "inline")
        self.template = SubjectTemplate(source, env["mail.render.mixin"]._render_eval_context())

    def render(self, record):
        """:return: plain text
        :raise UserError: a merge field fails on this record
        """
        try:
            return self.template.text(record).strip()
        except Exception as error:  # noqa: BLE001 an expression may fail in any way; the step says which record
            raise UserError(
                record.env._(
                    "A merge field of the SMS fails on “%(record)s”: %(error)s",
                    record=record.display_name,
                    error=_readable(record.env, error),
                )
            ) from error


class MailText:
    """Subject and content of a mail for one model and one language: ``render`` gives both for a record, ``document``
    what leaves.

    :param env: environment of the rendering (company and language of the recipients)
    :param model: of the records it will be rendered for
    :param text: ``(subject, body, preview)`` sources, as somebody typed them
    :param vouched: those of ``PARTS`` that need no check
    :param closing: the addon's own QWeb below the body
    :param track: function ``(links) → {(url, label): short url}``, or None: links stay as they are
    :param layout: put Odoo's mail layout around the body
    :param footer: Markup to add when the body offers no way to unsubscribe
    :raise UserError: the body or subject cannot be compiled
    """

    def __init__(self, env, model, text, base_url, vouched=(), closing="", track=None, layout=True, footer=""):
        subject, body, preview = text
        for name, source in zip(PARTS, text, strict=True):
            if name not in vouched:
                check_text(env, model, source, "qweb" if name == "body" else "inline")
        renderer = env["mail.render.mixin"]
        self.base_url = base_url
        self.track = track
        source = renderer._prepend_preview(Markup(body or "") + Markup(closing), preview)
        source = renderer._replace_local_links(source, base_url)
        footer = Markup("") if mail_links.has_unsubscribe(source) else Markup(footer)
        self.before, self.after = (Markup(), Markup()) if layout else TYPED
        self.after = renderer._replace_local_links(footer, base_url) + self.after
        self.head, self.tail = self._layout(env) if layout else PLAIN
        try:
            root = mail_links.parse(source)
            self.head = _completed(self.head, root, env.lang)
            if track:
                self._shorten(mail_links.find_links(root, base_url))
            self.dynamic_links = bool(track) and mail_links.has_dynamic_links(root)
            variables = renderer._render_eval_context()
            self.subject = SubjectTemplate(subject, variables)
            self.body = BodyTemplate(env, _with_entities(root), variables)
        except Exception as error:  # noqa: BLE001 whatever a designer typed becomes one readable sentence
            raise UserError(
                env._("The text of the mail cannot be read: %(error)s", error=_readable(env, error))
            ) from error

    def render(self, record, values=None):
        """:return: ``(subject, Markup content)``
        :raise UserError: a merge field fails on this record
        """
        try:
            subject, content = self.subject.render(record), self.body.render(record, values)
        except Exception as error:  # noqa: BLE001 an expression may fail in any way; the step says which record
            raise UserError(
                record.env._(
                    "A merge field of the mail fails on “%(record)s”: %(error)s",
                    record=record.display_name,
                    error=_readable(record.env, error),
                )
            ) from error
        return subject, self.before + content + self.after

    def shorten_dynamic(self, contents):
        """Track links whose address differs per recipient: one look-up for the whole batch.

        :param contents: list of rendered contents
        :return: list of the same contents with short links
        """
        if not self.dynamic_links:
            return contents
        roots = [mail_links.parse(content) for content in contents]
        self._shorten([link for root in roots for link in mail_links.find_links(root, self.base_url)])
        return [Markup(html.tostring(root, encoding="unicode", method="xml")[5:-6]) for root in roots]

    def document(self, subject, content):
        """The whole mail, as mail programs expect it."""
        return self.head.replace(TITLE, subject, 1) + content + self.tail

    def _shorten(self, links):
        short = self.track(links) if links else {}
        for link in links:
            link.node.set("href", short[link.url, link.label])

    @staticmethod
    def _layout(env):
        """Odoo's mass mailing layout, cut where the body goes."""
        with file_open("mass_mailing/static/src/scss/mass_mailing_mail.scss", "r") as styles:
            style = Markup("<style>%s</style>") % Markup(styles.read())
        layout = env["ir.qweb"]._render(
            "mass_mailing.mass_mailing_mail_layout",
            {"body": LAYOUT_BODY, "mailing_style": style},
            minimal_qcontext=True,
            raise_if_not_found=False,
        )
        # browsers complain of the semicolons, and do not understand what stands between them
        layout = str(layout).replace(LAYOUT_VIEWPORT, "width=device-width, initial-scale=1")
        head, found, tail = layout.partition(LAYOUT_BODY)
        return (Markup(head.lstrip()), Markup(tail)) if found else PLAIN
