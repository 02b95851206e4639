"""The gallery (S11): scenarios to begin with, shipped as files, and those that a company has put beside them."""

import base64
import json
from pathlib import Path

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import file_path
from odoo.tools.misc import file_open

from ...tools import mail_frame, scenario_file, tree_picture

FOLDER = "marketing_scenario/data/gallery"
WORDS = {
    "en_US": {"why": "You receive this mail because you agreed to hear from us.", "unsubscribe": "Unsubscribe"},
    "fr_FR": {"why": "Vous recevez ce message car vous avez accepté nos envois.", "unsubscribe": "Se désabonner"},
}


def shipped():
    """Names of the scenarios that come with the addon, in the order of the gallery."""
    return sorted(path.stem for path in Path(file_path(FOLDER)).glob("*.json"))


def open_shipped(name):
    """The document of one of them; its mails, written as lines, are put into their frame.

    :raise KeyError: there is none of this name
    """
    if name not in shipped():
        raise KeyError(name)
    with file_open(f"{FOLDER}/{name}.json", "r") as file:
        return scenario_file.checked(_with_mails(json.load(file)))


def _with_mails(value):
    if isinstance(value, list):
        return [_with_mails(item) for item in value]
    if not isinstance(value, dict):
        return value
    if value.keys() == {"mail"}:
        return {"languages": {code: str(mail_frame.mail(text, WORDS[code])) for code, text in value["mail"].items()}}
    if value.keys() == {"letter"}:
        return {"languages": {code: str(mail_frame.letter(text)) for code, text in value["letter"].items()}}
    return {name: _with_mails(item) for name, item in value.items()}


class MarketingGalleryScenario(models.Model):
    """A scenario that somebody saved for others to begin with; it is data, and runs nothing."""

    _name = "marketing.gallery.scenario"
    _description = "Scenario of the gallery"
    _inherit = ["marketing.guarded"]
    _order = "name, id"

    name = fields.Char(required=True)
    summary = fields.Text("In two sentences", help="What it is for, shown on its card.")
    company_id = fields.Many2one("res.company", default=lambda self: self.env.company, help="Empty: for all companies.")
    content = fields.Binary(required=True, readonly=True, attachment=True)

    def _document(self):
        """As ``open_shipped``."""
        self.ensure_one()
        content = base64.b64decode(self.with_context(bin_size=False).content)
        return self.env["marketing.scenario"]._read_file(content)

    @api.model
    def cards(self):
        """What the gallery shows: ``[{"key", "id", "name", "summary", "steps", "picture"}]``, shipped ones first."""
        self.check_access("read")
        lang = self.env.lang
        cards = []
        for key in shipped():
            document = open_shipped(key)
            name = scenario_file.in_language(document["scenario"]["name"], lang)
            summary = scenario_file.in_language(document["about"].get("summary", ""), lang)
            cards.append({"key": key, "id": False, "name": name, "summary": summary, **self._picture(document, name)})
        for saved in self.search([]):
            card = {"key": f"saved-{saved.id}", "id": saved.id, "name": saved.name, "summary": saved.summary or ""}
            cards.append({**card, **self._picture(saved._document(), saved.name)})
        return cards

    @api.model
    def use_card(self, card, name=""):
        """The dialog that makes a scenario from a card: what it uses and makes, and its questions.

        :raise UserError: there is no such card any more
        """
        dialog = self.env["marketing.scenario.import"].create({"card": card})
        dialog._look()
        if name:
            dialog.name = name
        return dialog._action_open()

    def _picture(self, document, title):
        """The tree as a picture, and its size in words."""
        steps = self.env["marketing.scenario.step"]
        known = dict(steps._fields["step_type"]._description_selection(self.env))
        nodes = document["scenario"]["steps"]
        families = {kind: steps._describe(kind)["family"] for kind in {n["type"] for n in nodes} & known.keys()}
        drawn = [(node["ref"], node["parent"], families.get(node["type"], "")) for node in nodes]
        picture = base64.b64encode(tree_picture.svg(drawn, title).encode()).decode()
        return {"steps": len(nodes), "picture": f"data:image/svg+xml;base64,{picture}"}


class MarketingScenario(models.Model):
    _inherit = "marketing.scenario"

    def action_save_to_gallery(self):
        """Keep this scenario, as it is now, in the gallery of its company."""
        self.ensure_one()
        self.check_access("write")
        # sudo: the content is the server's; whether the user may save one is asked just before
        gallery = self.env["marketing.gallery.scenario"]
        gallery.check_access("create")
        saved = gallery.sudo().create(
            {
                "name": self.name,
                "summary": self.description,
                "company_id": self.company_id.id,
                "content": base64.b64encode(self._file()),
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Saved in the gallery"),
            "res_model": saved._name,
            "res_id": saved.id,
            "view_mode": "form",
            "target": "new",
        }

    @api.model
    def _gallery_document(self, key):
        """The document of a card.

        :raise UserError: there is no such card any more
        :raise AccessError: it is another company's
        """
        gallery = self.env["marketing.gallery.scenario"]
        kind, _dash, number = (key or "").partition("-")
        if kind == "saved" and number.isdigit():
            if saved := gallery.browse(int(number)).exists():
                saved.check_access("read")
                return saved._document()
        elif key in shipped():
            return open_shipped(key)
        raise UserError(self.env._("This scenario is no longer in the gallery. Choose another one."))
