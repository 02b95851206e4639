"""The database that a person plays with: made by ``run``, kept between starts."""

from toolbox import addon, database, odoo, odoo_log, paths, templates
from toolbox.console import DevError, step
from toolbox.locks import exclusive
from toolbox.postgres import Server

DATABASE = "marketing"
LANGUAGES = "en_US,fr_FR"
EVERYWHERE = ("base_import",)  # installs itself in every Odoo but this one, which installs nothing by itself


def database_name(no_demo: bool) -> str:
    """Return the database with or without demo data: it cannot be taken out afterwards."""
    return f"{DATABASE}_no_demo" if no_demo else DATABASE


def require_database(server: Server, no_demo: bool) -> str:
    """Return the database's name, which has to exist."""
    name = database_name(no_demo)
    if not database.exists(server, name):
        raise DevError(
            f"the database {name} does not exist yet",
            "python3 dev run" + (" --no-demo" if no_demo else "") + " makes it.",
        )
    return name


def ensure_database(server: Server, no_demo: bool) -> str:
    """Make the database, or bring it up to date with the addon's files."""
    name = database_name(no_demo)
    marker = paths.STATE / f"{server.name}.{name}.installed"
    wanted = addon.fingerprint()
    with exclusive("demo"):
        if not database.exists(server, name):
            create(server, name, no_demo)
        elif not marker.exists() or marker.read_text() != wanted:
            step("the addon's files have changed: updating the database")
            odoo.run(server, name, ["-u", paths.ADDON_NAME], paths.LOGS / "update.log", "updating the addon")
        marker.write_text(wanted)
    return name


def set_address(server: Server, name: str, port: int) -> None:
    """Let links in mails lead to the port served now; an address somebody set on purpose is left alone."""
    server.sql(
        f"UPDATE ir_config_parameter SET value = 'http://localhost:{port}' "
        r"WHERE key = 'web.base.url' AND value ~ '^http://(localhost|127\.0\.0\.1)(:\d+)?$'",
        name,
    )


def create(server: Server, name: str, no_demo: bool) -> None:
    """Make the database under another name, and rename it when it is complete."""
    step(f"creating the database '{name}' {'without' if no_demo else 'with'} demo data (about two minutes, once)")
    scratch = f"building_{name}"
    database.drop(server, scratch)
    modules = ",".join([*templates.dependency_modules(), *EVERYWHERE, paths.ADDON_NAME])
    options = [
        "-i",
        modules,
        "--skip-auto-install",
        f"--load-language={LANGUAGES}",
        "--without-demo" if no_demo else "--with-demo",
    ]
    log = paths.LOGS / "create.log"
    odoo.run(server, scratch, options, log, "creating the database")
    odoo_log.require_clean(log, "creating the database")
    odoo.compile_assets(server, scratch)
    database.rename(server, scratch, name)
