"""The set-up that every command shares. Each part does nothing when it is there already."""

from toolbox import browser, odoo_source, pdf, python_env
from toolbox.locks import exclusive
from toolbox.postgres import Server, server


def prepare() -> None:
    """Get Odoo and the Python packages."""
    with exclusive("setup"):
        odoo_source.get()
        python_env.ensure()


def system_programs() -> None:
    """Install what the whole of the tests needs of the system: a browser, and the maker of PDFs."""
    browser.ensure()
    pdf.ensure()


def prepared_server(kind: str) -> Server:
    """Get everything and start the database server of that kind."""
    prepare()
    with exclusive("setup"):
        return server(kind)
