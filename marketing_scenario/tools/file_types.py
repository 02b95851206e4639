"""Files that are taken from people: endings, and what their content must look like. No Odoo import."""

MEGABYTE = 1024 * 1024
OOXML = "application/vnd.openxmlformats-officedocument"
ODF = "application/vnd.oasis.opendocument"
# ending → (how it is served, what else its content may look like). Nothing that a browser or an office program runs.
FILE_TYPES = {
    "pdf": ("application/pdf",),
    "jpg": ("image/jpeg",),
    "jpeg": ("image/jpeg",),
    "png": ("image/png",),
    "gif": ("image/gif",),
    "webp": ("image/webp",),
    "docx": (f"{OOXML}.wordprocessingml.document",),
    "xlsx": (f"{OOXML}.spreadsheetml.sheet",),
    "pptx": (f"{OOXML}.presentationml.presentation",),
    "odt": (f"{ODF}.text",),
    "ods": (f"{ODF}.spreadsheet",),
    "odp": (f"{ODF}.presentation",),
    "doc": ("application/msword",),
    "xls": ("application/vnd.ms-excel",),
    "ppt": ("application/vnd.ms-powerpoint",),
    "txt": ("text/plain",),
    "csv": ("text/csv", "text/plain", "application/csv"),
}


def ending(name):
    """The ending of a file name in lower case, without the dot; empty when it has none."""
    return name.rpartition(".")[2].lower() if name and "." in name else ""
