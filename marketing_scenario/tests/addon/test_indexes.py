from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestIndexes(TransactionCase):
    """Lists of rows are found by an index, in the shape that Odoo's own test_lint accepts."""

    def test_the_inverse_of_each_list_has_an_index(self):
        bare = set()
        for model in self.env.registry.values():
            for field in model._fields.values():
                if field.type != "one2many" or not field.inverse_name or field._module != "marketing_scenario":
                    continue
                rows = self.env[field.comodel_name]
                inverse = rows._fields[field.inverse_name].base_field
                if rows._auto and not rows.is_transient() and inverse.store and not inverse.index:
                    bare.add(str(inverse))
        self.assertFalse(bare)
