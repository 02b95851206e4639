"""Whether a mail is a valid HTML document, as far as mail programs mind it; Python knows no validator."""

from html.parser import HTMLParser

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
# what closes a paragraph by beginning
BLOCKS = {"address", "blockquote", "center", "div", "dl", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "ol", "p", "pre"}
BLOCKS |= {"section", "table", "ul"}
PARENTS = {
    "body": {"html"},
    "head": {"html"},
    "li": {"ol", "ul"},
    "style": {"head"},
    "tbody": {"table"},
    "td": {"tr"},
    "th": {"tr"},
    "title": {"head"},
    "tr": {"table", "tbody", "tfoot", "thead"},
}
ONCE = ("html", "head", "title", "body")


class Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.problems, self.open, self.seen, self.ids, self.title = [], [], [], set(), ""

    def handle_decl(self, decl):
        if decl.lower() != "doctype html" or self.seen:
            self.problems.append(f"declared as {decl}")
        self.seen.append("doctype")

    def handle_starttag(self, tag, attrs):
        if not self.seen:
            self.problems.append("no doctype")
        names = [name for name, _value in attrs]
        given = dict(attrs)
        if len(names) != len(given):
            self.problems.append(f"{tag}: an attribute twice: {names}")
        if "id" in given and given["id"] in self.ids:
            self.problems.append(f"the id {given['id']} twice")
        self.ids.add(given.get("id"))
        for name, needed in (("html", "lang"), ("img", "alt"), ("img", "src"), ("meta", "content")):
            if tag == name and given.get(needed) is None and not (tag == "meta" and "charset" in given):
                self.problems.append(f"{tag} without {needed}")
        if tag in PARENTS and (not self.open or self.open[-1] not in PARENTS[tag]):
            self.problems.append(f"{tag} in {self.open[-1:]}")
        if tag in BLOCKS and "p" in self.open:
            self.problems.append(f"{tag} in a paragraph")
        if tag == "a" and "a" in self.open:
            self.problems.append("a link in a link")
        self.seen.append(tag)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag in VOID:
            return
        if not self.open or self.open[-1] != tag:
            self.problems.append(f"{tag} closed within {self.open[-3:]}")
        else:
            self.open.pop()

    def handle_data(self, data):
        if self.open[-1:] == ["title"]:
            self.title += data
        elif data.strip() and "body" not in self.open and self.open[-1:] != ["style"]:
            self.problems.append(f"text outside the body: {data.strip()[:40]}")


def problems(document):
    """What is wrong with an HTML document: list of str."""
    reader = Reader()
    reader.feed(str(document))
    reader.close()
    reader.problems += [f"{tag} is there {n} times" for tag in ONCE if (n := reader.seen.count(tag)) != 1]
    if not reader.title.strip():
        reader.problems.append("no title")
    return reader.problems + [f"{tag} is not closed" for tag in reader.open]
