"""Databases that are built once and copied: the dependencies alone, and the addon installed on them.

A name carries a hash of what went in, so that a template that no longer fits is simply not found.
"""

import hashlib

from toolbox import addon, database, odoo, odoo_log, odoo_source, paths
from toolbox.console import step
from toolbox.locks import exclusive
from toolbox.postgres import DURABLE, FAST, Server, server

# Raise it when templates are built in another way.
RECIPE = "2"
SCRATCH = "building_"


def dependency_modules() -> list[str]:
    """Return the modules installed before the addon."""
    source = odoo_source.get()
    return sorted({*addon.manifest()["depends"], *(name for name in addon.COMPANIONS if source.has_module(name))})


def copy(target: Server, name: str, install: bool, demo: bool = False) -> None:
    """Make a database from the template with the addon or from that without, which is built if need be."""
    # The lock also covers the copy: two at a time exclude each other, and another command may replace the template.
    with exclusive("templates"):
        template = installed(target, demo) if install else dependencies(target, demo)
        database.clone(target, template, name)


def dependencies(target: Server, demo: bool = False) -> str:
    """Return the template with the addon's dependencies, built if need be."""
    modules = ",".join(dependency_modules())
    name = template_name("deps", demo, RECIPE, modules, str(odoo_source.get().site))
    provide(target, name, modules, demo)
    return name


def installed(target: Server, demo: bool = False) -> str:
    """Return the template with the addon installed, built if need be."""
    base = dependencies(builder(target), demo)
    name = template_name("addon", demo, base, addon.fingerprint())
    provide(target, name, paths.ADDON_NAME, demo, base)
    return name


def builder(target: Server) -> Server:
    """Return the server that builds for another one: the durable cluster gets copies from the fast one."""
    return server(FAST) if target.name == DURABLE else target


def provide(target: Server, name: str, modules: str, demo: bool, base: str | None = None) -> None:
    """Make sure that a server has a template."""
    source = builder(target)
    if not database.exists(source, name):
        build(source, name, modules, demo, base)
        drop_outdated(source, name)
    if source is not target and not database.exists(target, name):
        database.transfer(source, target, name)
        drop_outdated(target, name)


def template_name(kind: str, demo: bool, *ingredients: str) -> str:
    """Return the name of the template made from these ingredients."""
    digest = hashlib.sha256(chr(0).join(ingredients).encode()).hexdigest()[:12]
    return f"template_{kind}_{'demo' if demo else 'plain'}_{digest}"


def build(source: Server, name: str, modules: str, demo: bool, base: str | None = None) -> None:
    """Install modules in a new database that gets its name only when it is complete."""
    scratch = f"{SCRATCH}{name}"
    if base:
        step("building the database with the addon installed (once for these files)")
        database.clone(source, base, scratch)
    else:
        step("building the database of the dependencies (about two minutes, once)")
        database.drop(source, scratch)
    options = ["-i", modules, "--skip-auto-install", "--with-demo" if demo else "--without-demo"]
    log = paths.LOGS / f"{name.rsplit('_', 1)[0]}.log"
    odoo.run(source, scratch, options, log, f"installing {modules}")
    odoo_log.require_clean(log, f"installing {modules}")
    if not base:
        # Takes half a minute; afterwards only the bundles that the addon changes are compiled again.
        odoo.compile_assets(source, scratch)
    database.rename(source, scratch, name)


def drop_outdated(source: Server, kept: str) -> None:
    """Drop the templates that this one replaces, also those that never became complete."""
    kind = kept.rsplit("_", 1)[0]
    for name in database.names(source):
        if name.removeprefix(SCRATCH).rsplit("_", 1)[0] == kind and name != kept:
            database.drop(source, name)
