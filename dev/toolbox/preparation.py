"""The set-up that every command shares. Each part does nothing when it is there already."""

from toolbox import odoo_source, python_env
from toolbox.locks import exclusive
from toolbox.postgres import Server, server


def prepare() -> None:
    """Get Odoo and the Python packages."""
    with exclusive("setup"):
        odoo_source.get()
        python_env.ensure()


def prepared_server(kind: str) -> Server:
    """Get everything and start the database server of that kind."""
    prepare()
    with exclusive("setup"):
        return server(kind)
