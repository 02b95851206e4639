{
    "name": "Marketing scenarios: worked examples",
    "summary": "A step type, a rule kind, an event and an action of one's own, each in one file",
    "version": "19.0.1.0.0",
    "category": "Marketing",
    "author": "Marketing Scenario contributors",
    "license": "LGPL-3",
    "depends": ["marketing_scenario", "calendar"],
    "data": ["views/note_views.xml", "views/zip_views.xml"],
}
