"""``python3 dev i18n``: export the terms to translate and bring the French file up to date with them."""

from toolbox import odoo, paths, postgres, templates
from toolbox.console import say, step
from toolbox.database import drop
from toolbox.preparation import prepared_server

DATABASE = "i18n"
SCRIPT = """
import io, polib
from odoo.tools.translate import trans_export

folder = {folder!r}
exported = io.BytesIO()
trans_export(False, ["marketing_scenario"], exported, "po", env)
template = polib.pofile(exported.getvalue().decode())
template.metadata = {{key: value for key, value in template.metadata.items() if "Date" not in key}}
template.save(folder + "/marketing_scenario.pot")
french = polib.pofile(folder + "/fr.po")
french.merge(template)
for entry in french.obsolete_entries():
    french.remove(entry)
french.metadata = dict(template.metadata, Language="fr")
french.save(folder + "/fr.po")
print(len(template), len([entry for entry in french if not entry.msgstr or entry.fuzzy]))
"""


def add_arguments(parser) -> None:
    """No arguments."""


def main(options) -> int:
    """Export, merge, and say how many terms lack French."""
    server = prepared_server(postgres.FAST)
    step("exporting the terms")
    templates.copy(server, DATABASE, True, False)
    try:
        printed = odoo.run_script(server, DATABASE, SCRIPT.format(folder=str(paths.ADDON / "i18n")))
    finally:
        drop(server, DATABASE)
    terms, missing = printed.split()[-2:]
    say(f"{terms} terms, {missing} of them without French (i18n/fr.po)")
    return 0
