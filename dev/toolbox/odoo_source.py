"""Odoo 19: taken from Debian's package, or from the user's own source tree."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from toolbox import machine, paths
from toolbox.console import DevError, output_of, run_logged, say, step
from toolbox.locks import built_folder

KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
PACKAGE = "odoo-19"
# sid moves: another build is worth a remark, not a refusal, since apt has checked its signature.
KNOWN_SHA256 = "9d2f598b0555db17e291d48ed24df184c70823c053c4c5ed53c467ca7f629bbf"
# Links inside Odoo's package lead to these; sid's Font Awesome has other glyph names than Odoo's.
COMPANIONS = ("libjs-jquery", "fonts-font-awesome", "fonts-roboto-unhinted")
COMPANION_SUITE = "bookworm"
LEFT_OUT = (
    # A second, Python-only copy of the addons, which Odoo would put on its search path.
    "./usr/lib/python3/dist-packages/addons",
    "*/odoo/addons/l10n_*",
    # Every translation but French.
    "*/i18n/[!f]*.po",
    "*/i18n/f[!r]*.po",
    "*/i18n/fr_*.po",
    "*/i18n/fr[!.]*.po",
    "*.pot",
)
EXTRACTED = paths.WORK / "odoo"
DOWNLOADS = paths.WORK / "download"
LOG = paths.LOGS / "odoo_source.log"


class OdooSource:
    """An Odoo 19 source tree: ``site`` holds the package ``odoo``, ``script`` starts the server."""

    def __init__(self, site: Path, script: Path):
        self.site = site
        self.script = script

    @property
    def addons_paths(self) -> list[Path]:
        """The folders of Odoo's own addons that Odoo does not find by itself."""
        folders = [self.site / "addons"]
        return [folder for folder in folders if (folder / "crm" / "__manifest__.py").is_file()]

    def has_module(self, name: str) -> bool:
        """Tell whether the tree holds an addon."""
        return any(
            (folder / name / "__manifest__.py").is_file()
            for folder in (self.site / "odoo/addons", self.site / "addons")
        )

    def version(self) -> str:
        """Return the series, such as ``19.0``, as written in the release file."""
        text = (self.site / "odoo" / "release.py").read_text()
        match = re.search(r"^version_info = \((\d+), (\d+)", text, re.MULTILINE)
        return ".".join(match.groups()) if match else "unknown"


def get() -> OdooSource:
    """Return the source tree to use, downloading Debian's package if it is wanted and not here yet."""
    chosen = os.environ.get("DEV_ODOO")
    if chosen:
        return users_own(Path(chosen).expanduser().resolve())
    if not (EXTRACTED / ".done").exists():
        download_and_extract()
    return extracted(EXTRACTED)


def extracted(folder: Path) -> OdooSource:
    """Return the tree inside an extracted package."""
    return OdooSource(folder / "usr/lib/python3/dist-packages", folder / "usr/bin/odoo")


def users_own(path: Path) -> OdooSource:
    """Return the user's tree, named by its folder or by the ``odoo`` package inside it."""
    candidates = [folder for folder in (path, path.parent) if (folder / "odoo" / "release.py").is_file()]
    if not candidates:
        raise DevError(f"{path} is no Odoo source tree", "name the folder that holds odoo-bin and the folder odoo.")
    source = OdooSource(candidates[0], candidates[0] / "odoo-bin")
    if source.version() != "19.0":
        raise DevError(f"{path} holds Odoo {source.version()}, but this addon needs 19.0")
    if not source.script.is_file():
        source.script = write_launcher()
    return source


def write_launcher() -> Path:
    """Write the few lines of odoo-bin for trees that come without it."""
    launcher = paths.WORK / "odoo-bin"
    launcher.write_text("import odoo.cli\n\nif __name__ == '__main__':\n    odoo.cli.main()\n")
    return launcher


def download_and_extract() -> None:
    """Download Odoo with apt, which checks the signatures, and unpack what is needed."""
    for tool in ("apt-get", "dpkg-deb"):
        if not shutil.which(tool):
            raise DevError(
                f"{tool} is missing: Odoo comes from Debian's package",
                "use --odoo PATH with your own Odoo 19 source tree.",
            )
    step("downloading Odoo 19 (120 MB; signatures checked by apt)")
    archives = download()
    remark_unknown_build(archives[PACKAGE])
    step("extracting Odoo 19")
    with built_folder(EXTRACTED) as folder:
        extract_odoo(archives[PACKAGE], folder)
        for name in COMPANIONS:
            run_logged(["dpkg-deb", "-x", archives[name], folder], LOG, f"extracting {name}")
        replace_stripped_file(folder)
        (folder / ".done").touch()
    shutil.rmtree(DOWNLOADS, ignore_errors=True)


def download() -> dict[str, Path]:
    """Download the packages with lists of our own, so that the system's apt state stays as it is."""
    options = apt_options()
    advice = (
        "check the network and the Debian mirror in /etc/apt (or name one in DEBIAN_MIRROR), then repeat the command."
    )
    run_logged(["apt-get", *options, "update"], LOG, "reading Debian's package lists", advice)
    wanted = [f"{PACKAGE}/sid", *(f"{name}/{COMPANION_SUITE}" for name in COMPANIONS)]
    DOWNLOADS.mkdir(parents=True, exist_ok=True)
    run_logged(["apt-get", *options, "download", *wanted], LOG, "downloading Odoo", advice, cwd=DOWNLOADS)
    return {name: newest(name) for name in (PACKAGE, *COMPANIONS)}


def newest(name: str) -> Path:
    """Return the downloaded archive of a package."""
    return max(DOWNLOADS.glob(f"{name}_*.deb"), key=lambda path: path.stat().st_mtime)


def apt_options() -> list[str]:
    """Return the options that make apt-get work in a folder of ours, also for an ordinary user."""
    if not KEYRING.exists():
        machine.require_packages("Debian's signing keys are missing", "debian-archive-keyring")
    folder = paths.WORK / "apt"
    for part in ("state/lists/partial", "cache/archives/partial"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    architecture = output_of(["dpkg", "--print-architecture"]).strip()
    mirror = debian_mirror()
    sources = [
        f"deb [signed-by={KEYRING} arch={architecture}] {mirror} {suite} main" for suite in ("sid", COMPANION_SUITE)
    ]
    (folder / "sources.list").write_text("\n".join(sources) + "\n")
    settings = {
        "Dir::Etc::SourceList": folder / "sources.list",
        "Dir::Etc::SourceParts": "/dev/null",
        "Dir::State": folder / "state",
        "Dir::Cache": folder / "cache",
        "Acquire::Languages": "none",
        "Acquire::Retries": "3",
        # Only silences a remark: our folder is not open to apt's own user.
        "APT::Sandbox::User": "root",
    }
    return ["-q", *(part for name, value in settings.items() for part in ("-o", f"{name}={value}"))]


def debian_mirror() -> str:
    """Return the Debian mirror that the machine itself uses."""
    chosen = os.environ.get("DEBIAN_MIRROR")
    if chosen:
        return chosen
    address = re.compile(r"^(?:URIs:\s*|deb\s+(?:\[[^]]*\]\s+)?)(\S+/debian)/?(?:\s|$)", re.MULTILINE)
    for file in machine.apt_source_files():
        match = address.search(file.read_text())
        if match:
            return match.group(1)
    raise DevError(
        "no Debian mirror is named in /etc/apt, and Odoo comes from Debian's package odoo-19",
        "name one in the variable DEBIAN_MIRROR, or use --odoo PATH with your own Odoo 19 source tree.",
    )


def remark_unknown_build(archive: Path) -> None:
    """Tell when sid offers another build than the one this tool was tried with."""
    if output_of(["sha256sum", str(archive)]).split()[0] != KNOWN_SHA256:
        say(f"note: {archive.name} is another build than the one this tool was tried with")


def extract_odoo(archive: Path, folder: Path) -> None:
    """Unpack Odoo without the parts that are never used here."""
    excludes = [f"--exclude={pattern}" for pattern in LEFT_OUT]
    with LOG.open("a") as log:
        unpack = subprocess.Popen(["dpkg-deb", "--fsys-tarfile", archive], stdout=subprocess.PIPE, stderr=log)
        tar = subprocess.run(
            ["tar", "-x", "-C", folder, "--no-same-owner", *excludes], stdin=unpack.stdout, stdout=log, stderr=log
        )
        unpack.stdout.close()
        unpack.wait()
    if tar.returncode or unpack.returncode:
        raise DevError("extracting Odoo failed", "is the disk full? Free some space, then repeat the command.", LOG)


def replace_stripped_file(folder: Path) -> None:
    """Write a stand-in for the one file that Debian removed and an asset bundle names.

    Without it every page of the web client logs an error. Only the background blur of video calls uses it.
    """
    library = extracted(folder).site / "odoo/addons/mail/static/lib/selfie_segmentation"
    library.mkdir(parents=True, exist_ok=True)
    (library / "selfie_segmentation.js").write_text("/* not in the Debian package */\n")
