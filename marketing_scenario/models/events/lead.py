from odoo import fields, models

LEAD = ("crm.lead",)


class AutomatismLead(models.Model):
    """What happens to leads and opportunities (S14). Payloads: ``from``/``to`` (ids), ``tag_ids``."""

    _inherit = "marketing.automatism"

    event_type = fields.Selection(
        selection_add=[
            ("lead_created", "Lead created"),
            ("lead_stage", "Lead reaches a stage"),
            ("lead_won", "Opportunity won"),
            ("lead_lost", "Lead lost"),
            ("lead_tag_added", "Tag added to a lead"),
            ("lead_assigned", "Lead assigned"),
        ],
        ondelete={
            kind: "cascade"
            for kind in ("lead_created", "lead_stage", "lead_won", "lead_lost", "lead_tag_added", "lead_assigned")
        },
    )
    lead_type = fields.Selection([("lead", "Lead"), ("opportunity", "Opportunity")], help="Empty: both.")
    lead_stage_from_id = fields.Many2one("crm.stage", string="From stage", ondelete="cascade", help="Empty: any.")
    lead_stage_to_id = fields.Many2one("crm.stage", string="Stage", ondelete="cascade", help="Empty: any.")
    lead_tag_id = fields.Many2one("crm.tag", string="Lead tag", ondelete="cascade", help="Empty: any tag.")
    lead_user_id = fields.Many2one("res.users", string="Assigned to", ondelete="cascade", help="Empty: anybody.")

    def _describe_event_lead_created(self):
        kinds = {"lead": self.env._("a lead is created"), "opportunity": self.env._("an opportunity is created")}
        sentence = kinds.get(self.lead_type, self.env._("a lead or an opportunity is created"))
        return {"label": self.env._("Lead created"), "models": LEAD, "sentence": sentence}

    def _matches_lead_created(self, events):
        if not self.lead_type:
            return events
        ids = set(
            self.env["crm.lead"].browse(events.mapped("res_id")).filtered_domain([("type", "=", self.lead_type)]).ids
        )
        return events.filtered(lambda event: event.res_id in ids)

    def _happened_lead_created(self, model):
        return [("type", "=", self.lead_type)] if self.lead_type else []

    def _describe_event_lead_stage(self):
        source, target = self.lead_stage_from_id.name, self.lead_stage_to_id.name
        if source and target:
            sentence = self.env._("a lead goes from “%(before)s” to “%(after)s”", before=source, after=target)
        elif source:
            sentence = self.env._("a lead leaves the stage “%(stage)s”", stage=source)
        elif target:
            sentence = self.env._("a lead reaches the stage “%(stage)s”", stage=target)
        else:
            sentence = self.env._("a lead changes its stage")
        return {"label": self.env._("Lead reaches a stage"), "models": LEAD, "sentence": sentence}

    def _matches_lead_stage(self, events):
        return self._from_to(events, self.lead_stage_from_id, self.lead_stage_to_id)

    def _happened_lead_stage(self, model):
        return [("stage_id", "=", self.lead_stage_to_id.id)] if self.lead_stage_to_id else []

    def _from_to(self, events, source, target):
        """The events that go from ``source`` (empty: any) to ``target`` (empty: any)."""

        def fits(event):
            payload = event.payload or {}
            return (not source or payload.get("from") == source.id) and (not target or payload.get("to") == target.id)

        return events.filtered(fits)

    def _describe_event_lead_won(self):
        return {
            "label": self.env._("Opportunity won"),
            "models": LEAD,
            "sentence": self.env._("an opportunity is won"),
        }

    def _matches_lead_won(self, events):
        return events

    def _happened_lead_won(self, model):
        return [("won_status", "=", "won")]

    def _describe_event_lead_lost(self):
        return {"label": self.env._("Lead lost"), "models": LEAD, "sentence": self.env._("a lead is lost")}

    def _matches_lead_lost(self, events):
        return events

    def _happened_lead_lost(self, model):
        return [("won_status", "=", "lost"), ("active", "in", (True, False))]

    def _describe_event_lead_tag_added(self):
        tag = self.lead_tag_id.name
        sentence = self.env._("a lead gets the tag “%(tag)s”", tag=tag) if tag else self.env._("a lead gets a tag")
        return {"label": self.env._("Tag added to a lead"), "models": LEAD, "sentence": sentence}

    def _matches_lead_tag_added(self, events):
        return self._with_tag(events, self.lead_tag_id)

    def _with_tag(self, events, tag):
        if not tag:
            return events
        return events.filtered(lambda event: tag.id in (event.payload or {}).get("tag_ids", ()))

    def _happened_lead_tag_added(self, model):
        return [("tag_ids", "in", self.lead_tag_id.ids)] if self.lead_tag_id else [("tag_ids", "!=", False)]

    def _describe_event_lead_assigned(self):
        user = self.lead_user_id.name
        assigned = self.env._("a lead is assigned to %(user)s", user=user) if user else ""
        return {
            "label": self.env._("Lead assigned"),
            "models": LEAD,
            "sentence": assigned or self.env._("a lead is assigned"),
        }

    def _matches_lead_assigned(self, events):
        return self._from_to(events, self.env["res.users"], self.lead_user_id)

    def _happened_lead_assigned(self, model):
        return [("user_id", "=", self.lead_user_id.id)] if self.lead_user_id else [("user_id", "!=", False)]
