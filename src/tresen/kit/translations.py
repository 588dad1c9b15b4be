"""Translations without gettext's tools: extract, compile and check the catalogues of every app.

    python -m tresen.kit.translations update [DIR…]    take new texts into the catalogues, drop what is gone
    python -m tresen.kit.translations compile [DIR…]   write the .mo files that are older than their .po
    python -m tresen.kit.translations check [DIR…]     name every missing, fuzzy or broken translation

Each app keeps ``locale/<language>/LC_MESSAGES/django.po`` beside its code. Extracting needs Babel (a development
package); compiling needs polib alone, because it also runs where nothing but the product is installed.
"""

import argparse
import io
import os
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parents[1]
LANGUAGES = {
    "de": (2, "(n != 1)"),
    "pl": (3, "(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2)"),
}
# Packages of the first level that are one app by themselves; everywhere else the second level is the app.
WHOLE = ("kit", "config")
SKIPPED = {"tests", "migrations", "locale", "static", "__pycache__"}
TEMPLATES = {".html", ".txt"}
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
MAY_HOLD_TEXT = re.compile(rb"gettext|\b_\(|translate|\btrans\b")
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}")

TextKey = tuple[str | None, str]


@dataclass
class Text:
    """One text to translate: its English source, the plural, and where it stands (file names, no line numbers)."""

    msgid: str
    plural: str = ""
    context: str | None = None
    files: set[str] = field(default_factory=set)
    comments: set[str] = field(default_factory=set)

    @property
    def key(self) -> TextKey:
        """What makes a catalogue entry unique: context and source text."""
        return (self.context, self.msgid)


def app_of(path: Path, root: Path = ROOT) -> Path:
    """The directory whose catalogue holds the texts of `path`: the nearest app, else the first two levels."""
    for parent in path.parents:
        if parent == root:
            break
        if (parent / "locale").is_dir() or (parent / "apps.py").is_file():
            return parent
    parts = path.relative_to(root).parts[:-1]
    return root.joinpath(*parts[: 1 if parts and parts[0] in WHOLE else 2])


def source_files(root: Path = ROOT) -> Iterator[Path]:
    """Every Python file and text template below `root`, sorted, without tests, migrations and static files."""
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if name not in SKIPPED)
        inside_templates = "templates" in Path(folder).relative_to(root).parts
        for name in sorted(names):
            suffix = Path(name).suffix
            if suffix == ".py" or (inside_templates and suffix in TEMPLATES):
                yield Path(folder, name)


def texts_in(path: Path) -> Iterator[Text]:
    """The translatable texts of one file, in the order in which they stand there."""
    from babel.messages.extract import extract

    source = path.read_bytes()
    if not MAY_HOLD_TEXT.search(source):
        return
    if path.suffix in TEMPLATES:
        from django.utils.translation.template import templatize

        # templatize() turns a template into something that reads like Python; its indentation means nothing.
        lines = templatize(source.decode()).splitlines()
        source = "\n".join(line.strip() for line in lines).encode()
    found = extract("python", io.BytesIO(source), KEYWORDS, ("Translators:",), {"encoding": "utf-8"})
    for _line, message, comments, context in found:
        singular, plural = (message[0], message[1]) if isinstance(message, tuple) else (message, "")
        if singular:
            yield Text(singular, plural or "", context, comments=set(comments))


def texts_by_app(root: Path = ROOT) -> dict[Path, dict[TextKey, Text]]:
    """All translatable texts below `root`, grouped by the app whose catalogue holds them."""
    apps: dict[Path, dict[TextKey, Text]] = defaultdict(dict)
    for path in source_files(root):
        app = app_of(path, root)
        for text in texts_in(path):
            known = apps[app].setdefault(text.key, text)
            known.plural = known.plural or text.plural
            known.files.add(path.relative_to(app).as_posix())
            known.comments |= text.comments
    for folder in root.rglob("locale"):
        if SKIPPED.isdisjoint(folder.relative_to(root).parts[:-1]):
            apps.setdefault(folder.parent, {})
    return {app: texts for app, texts in sorted(apps.items()) if texts or (app / "locale").is_dir()}


def catalogue_path(app: Path, language: str) -> Path:
    """Where the catalogue of one app and language lies."""
    return app / "locale" / language / "LC_MESSAGES" / "django.po"


def read_catalogue(path: Path) -> polib.POFile:
    """The catalogue at `path`; an empty one where there is none yet."""
    return polib.pofile(str(path), wrapwidth=110) if path.is_file() else polib.POFile(wrapwidth=110)


def update_catalogue(
    app: Path, language: str, texts: dict[TextKey, Text], memory: dict[TextKey, polib.POEntry]
) -> polib.POFile:
    """Write the catalogue of `app` anew from `texts`: known translations stay, obsolete ones go, sorted.

    A text that another app has translated already (`memory`) takes that translation over.
    """
    path = catalogue_path(app, language)
    known = {(entry.msgctxt, entry.msgid): entry for entry in read_catalogue(path) if not entry.obsolete}
    nplurals, rule = LANGUAGES[language]
    catalogue = polib.POFile(wrapwidth=110)
    catalogue.metadata = {
        "Project-Id-Version": "tresen",
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": f"nplurals={nplurals}; plural={rule};",
    }
    for key in sorted(texts, key=lambda key: (key[1].casefold(), key[1], key[0] or "")):
        catalogue.append(entry_for(texts[key], nplurals, [known.get(key), memory.get(key)]))
    path.parent.mkdir(parents=True, exist_ok=True)
    written = str(catalogue) + "\n"
    if not path.is_file() or path.read_text() != written:
        path.write_text(written)
    return catalogue


def entry_for(text: Text, nplurals: int, sources: Iterable[polib.POEntry | None]) -> polib.POEntry:
    """The catalogue entry of one text with the first translation among `sources` that fits its plural shape."""
    entry = polib.POEntry(msgid=text.msgid, msgctxt=text.context)
    entry.occurrences = [(name, "") for name in sorted(text.files)]
    entry.comment = "\n".join(sorted(text.comments))
    if text.plural:
        entry.msgid_plural = text.plural
        entry.msgstr_plural = dict.fromkeys(range(nplurals), "")
    for source in sources:
        if source is None or bool(source.msgid_plural) != bool(text.plural):
            continue
        if text.plural and source.msgid_plural == text.plural and any(source.msgstr_plural.values()):
            entry.msgstr_plural = {number: source.msgstr_plural.get(number, "") for number in range(nplurals)}
        elif not text.plural and source.msgstr:
            entry.msgstr = source.msgstr
        else:
            continue
        entry.flags = [flag for flag in source.flags if flag == "fuzzy"]
        break
    return entry


def update(apps: Iterable[Path], root: Path = ROOT) -> int:
    """Bring the catalogues of `apps` up to date and print what is left to translate. Always exit code 0."""
    texts = texts_by_app(root)
    chosen = set(apps)
    for language in LANGUAGES:
        memory = {
            (entry.msgctxt, entry.msgid): entry
            for app in texts
            for entry in read_catalogue(catalogue_path(app, language)).translated_entries()
        }
        for app in sorted(chosen & set(texts)):
            catalogue = update_catalogue(app, language, texts[app], memory)
            missing = [entry for entry in catalogue if not entry.translated()]
            print(f"{app.relative_to(root)} {language}: {len(catalogue)} texts, {len(missing)} to translate")
    return 0


def compile_catalogues(root: Path = ROOT) -> int:
    """Write each .mo below `root` that is missing or older than its .po; returns how many were written."""
    written = 0
    for source in sorted(root.rglob("locale/*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.is_file() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        # Written aside and moved into place, so that a process reading it never sees half a file.
        aside = target.with_suffix(f".{os.getpid()}.tmp")
        polib.pofile(str(source)).save_as_mofile(str(aside))
        aside.replace(target)
        written += 1
    return written


def faults_in(catalogue: polib.POFile, language: str, texts: dict[TextKey, Text]) -> Iterator[str]:
    """What is wrong with one catalogue, a line a fault: missing, fuzzy, obsolete, placeholders, plural forms."""
    nplurals = LANGUAGES[language][0]
    if catalogue and not catalogue.metadata.get("Plural-Forms", "").startswith(f"nplurals={nplurals};"):
        yield f"the plural header does not name {nplurals} forms"
    entries = {(entry.msgctxt, entry.msgid): entry for entry in catalogue if not entry.obsolete}
    for key in sorted(texts, key=str):
        if key not in entries:
            yield f"not in the catalogue: {key[1]!r}"
    for key, entry in entries.items():
        if key not in texts:
            yield f"no longer in the code: {entry.msgid!r}"
        elif entry.fuzzy:
            yield f"fuzzy: {entry.msgid!r}"
        elif fault := fault_of(entry, texts[key].plural, nplurals):
            yield f"{fault}: {entry.msgid!r}"


def fault_of(entry: polib.POEntry, plural: str, nplurals: int) -> str | None:
    """The first fault of one translated entry, or None when it is sound."""
    if (entry.msgid_plural or "") != plural:
        return "the plural in the code has changed"
    if plural and set(entry.msgstr_plural) != set(range(nplurals)):
        return f"{len(entry.msgstr_plural)} plural forms instead of {nplurals}"
    forms = list(entry.msgstr_plural.values()) if plural else [entry.msgstr]
    if not all(forms):
        return "not translated"
    sources = [placeholders(entry.msgid), placeholders(plural or entry.msgid)]
    for form in forms:
        # A plural form may leave out what one of the two sources leaves out too ("one ticket" has no number).
        if not (sources[0] & sources[1]) <= placeholders(form) <= (sources[0] | sources[1]):
            return "placeholders differ"
        if form.startswith("\n") != entry.msgid.startswith("\n") or form.endswith("\n") != entry.msgid.endswith("\n"):
            return "line breaks at the edges differ"
    return None


def placeholders(text: str) -> set[str]:
    """The placeholders of a text: ``%(name)s``, ``%s``, ``{name}``; doubled percent signs are plain text."""
    return set(PLACEHOLDER.findall(text.replace("%%", "")))


def contradictions(root: Path, apps: Iterable[Path]) -> Iterator[str]:
    """Texts that two apps translate differently: Django merges all catalogues, so one of them would win silently."""
    for language in LANGUAGES:
        seen: dict[TextKey, tuple[Path, object]] = {}
        for app in apps:
            for entry in read_catalogue(catalogue_path(app, language)).translated_entries():
                key = (entry.msgctxt, entry.msgid)
                translation = entry.msgstr_plural or entry.msgstr
                first, other = seen.setdefault(key, (app, translation))
                if other != translation:
                    names = f"{first.relative_to(root)} and {app.relative_to(root)}"
                    yield f"{language}: {names} translate {entry.msgid!r} differently; make them equal or add a context"


def check(apps: Iterable[Path], root: Path = ROOT) -> int:
    """Print every fault of the catalogues of `apps`; exit code 1 when there is one."""
    texts = texts_by_app(root)
    faults = [
        f"{app.relative_to(root)} {language}: {fault}"
        for app in sorted(set(apps) & set(texts))
        for language in LANGUAGES
        for fault in faults_in(read_catalogue(catalogue_path(app, language)), language, texts[app])
    ]
    faults += contradictions(root, texts)
    for fault in faults:
        print(fault)
    if faults:
        print(f"{len(faults)} faults in the translations. Run 'update', then translate in the .po files.")
    return 1 if faults else 0


def chosen_apps(folders: list[Path], root: Path = ROOT) -> list[Path]:
    """The apps that are one of `folders`, lie below one or hold one; all where none is named."""
    apps = list(texts_by_app(root))
    if not folders:
        return apps
    wanted = [folder.resolve() for folder in folders]
    return [app for app in apps if any(app == one or one in app.parents or app in one.parents for one in wanted)]


def main(arguments: list[str] | None = None) -> int:
    """The command line: exit code 0, or 1 when `check` found a fault."""
    parser = argparse.ArgumentParser(prog="tresen.kit.translations", description=__doc__.splitlines()[0])
    parser.add_argument("action", choices=["update", "compile", "check"])
    parser.add_argument("folders", nargs="*", type=Path, metavar="DIR", help="only these apps; all when none is named")
    options = parser.parse_args(arguments)
    if options.action == "compile":
        for folder in options.folders or [ROOT]:
            compile_catalogues(folder.resolve())
        return 0
    apps = chosen_apps(options.folders)
    return update(apps) if options.action == "update" else check(apps)


if __name__ == "__main__":
    sys.exit(main())
