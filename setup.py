"""Packaging: a wheel that holds the addon as ``odoo.addons.marketing_scenario``, where Odoo finds it by itself."""

import ast
from pathlib import Path

from setuptools import setup

ADDON = "marketing_scenario"
PACKAGE = f"odoo.addons.{ADDON}"
ROOT = Path(__file__).resolve().parent
FOLDER = ROOT / ADDON


def read_manifest() -> dict:
    """Return the addon's manifest, the one place for name, version and requirements."""
    return ast.literal_eval((FOLDER / "__manifest__.py").read_text(encoding="utf-8"))


def python_packages() -> list[str]:
    """Return every folder with Python files as a package; tests are part of the addon, as usual for Odoo."""
    folders = {path.parent for path in FOLDER.rglob("*.py")}
    return sorted(".".join(("odoo", "addons", *folder.relative_to(ROOT).parts)) for folder in folders)


def is_hidden(path: Path) -> bool:
    """Tell whether a file belongs to a tool rather than to the addon."""
    return any(part.startswith(".") for part in path.relative_to(FOLDER).parts)


def data_files() -> list[str]:
    """Return all that is not Python: views, data, translations, scripts, styles, images."""
    return sorted(
        str(path.relative_to(FOLDER))
        for path in FOLDER.rglob("*")
        if path.is_file() and path.suffix not in (".py", ".pyc") and not is_hidden(path)
    )


manifest = read_manifest()

setup(
    name=f"odoo-addon-{ADDON.replace('_', '-')}",
    version=manifest["version"],
    description=manifest.get("summary") or manifest["name"],
    long_description=(ROOT / "README.md").read_text(encoding="utf-8"),
    long_description_content_type="text/markdown",
    author=manifest.get("author", ""),
    license=manifest["license"],
    python_requires=">=3.10",
    packages=python_packages(),
    package_dir={PACKAGE: ADDON},
    package_data={PACKAGE: data_files()},
    install_requires=manifest.get("external_dependencies", {}).get("python", []),
    # Odoo itself is not on the package index: a plain requirement would make every installation fail.
    extras_require={"odoo": ["odoo==19.0.*"]},
    zip_safe=False,
    classifiers=[
        "Framework :: Odoo",
        "Framework :: Odoo :: 19.0",
        "Programming Language :: Python :: 3",
    ],
)
