"""Which styles and modules a face loads, and how the style sources of one face become one file.

Nothing is compiled: at `collectstatic` the sources of a face are joined in the order written here, stripped of
comments and needless blanks, and hashed with everything else. Without that step the sources are served one by one.
A face adds its own through the wiring tables STYLES and SCRIPTS: `{"desk": ["desk/css/merge.css"]}`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, Storage
from whitenoise.storage import CompressedManifestStaticFilesStorage

from tresen.kit.wiring import table

# Classic scripts before the modules; the portal needs none.
LIBRARIES: dict[str, list[str]] = {"desk": ["django_htmx/htmx-2.min.js"], "portal": []}
SPRITE = "kit/icons.svg"


def _styles(folder: str, names: str) -> list[str]:
    return [f"kit/css/{folder}{name}.css" for name in names.split()]


# The order of layers is fixed in reset.css; within a layer the later file wins.
GROUND = _styles("", "reset tokens base")
COMPONENTS = _styles(
    "components/",
    "button field check switch prop chip mark due avatar kbd tabs menu dialog banner toast empty file facts pager "
    "table asked",
)
BUNDLES: dict[str, list[str]] = {
    "desk": [
        *GROUND,
        *COMPONENTS,
        *_styles("components/", "timeline composer list-row choose pane keys palette"),
        *_styles("screens/", "desk rail views list ticket context page settings bare narrow forced"),
    ],
    "portal": [*GROUND, *COMPONENTS, *_styles("screens/", "bare portal portal-home portal-request forced")],
}
# The first module of a face is its entry; the others are what it imports, named so that they load side by side.
MODULES: dict[str, list[str]] = {
    "desk": [
        f"kit/js/{name}.js"
        for name in (
            "desk",
            "announce",
            "key-map",
            "menus",
            "requests",
            "resize-pane",
            "theme-switch",
            "tick-time",
        )
    ],
    "portal": [f"kit/js/{name}.js" for name in ("portal", "announce", "menus", "theme-switch", "tick-time")],
}

_COMMENTS = re.compile(r"""("[^"]*"|'[^']*')|/\*.*?\*/""", re.DOTALL)
_BLANKS = re.compile(r"""("[^"]*"|'[^']*')|\s*([{};])\s*|\s+""")


def strip_css(source: str) -> str:
    """The same style sheet without comments and with blanks only where they mean something."""
    bare = _COMMENTS.sub(lambda found: found[1] or " ", source)
    return _BLANKS.sub(lambda found: found[1] or found[2] or " ", bare).strip() + "\n"


def joined_name(face: str) -> str:
    """The static name of a face's joined style sheet."""
    return f"kit/css/{face}.css"


def style_sources(face: str) -> list[str]:
    """The static names of a face's style sources, in order; settings share the desk's."""
    return [*BUNDLES[face], *_wired("STYLES", face)]


def modules(face: str) -> list[str]:
    """The static names of a face's modules: the entry, what it imports, then the face's own entries."""
    return [*MODULES[face], *_wired("SCRIPTS", face)]


def entries(face: str) -> list[str]:
    """The modules that are started by a script element; the others of `modules()` are imported by them."""
    return [MODULES[face][0], *_wired("SCRIPTS", face)]


def styles(face: str) -> list[str]:
    """What a page of the face links to: the joined file where it exists, else its sources."""
    joined = joined_name(face)
    return [joined] if _is_collected(joined) else style_sources(face)


def _wired(name: str, face: str) -> list[str]:
    by_face: Any = table(name)
    return list(by_face.get(face, [])) if isinstance(by_face, dict) else []


def _is_collected(name: str) -> bool:
    """Whether `collectstatic` has made this file; told by the manifest where the storage keeps one."""
    if isinstance(staticfiles_storage, JoinedStaticFilesStorage):
        return name in staticfiles_storage.hashed_files
    return False


class JoinedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Joins each face's styles before hashing; before `collectstatic` has run, plain names stand in.

    The list of all files lies beside the static folder, not in it: what lies in it is served (S61).
    """

    support_js_module_import_aggregation = True
    # Our modules lie in a folder "js"; libraries mention imports in their comments and are left as they are.
    _js_module_import_aggregation_patterns = (
        "*/js/*.js",
        CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns[1],
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        options.setdefault("manifest_storage", FileSystemStorage(location=f"{settings.STATIC_ROOT}-names"))
        super().__init__(*args, **options)

    def post_process(
        self, paths: dict[str, tuple[Storage, str]], dry_run: bool = False, **options: Any
    ) -> Iterator[tuple[str, str | None, bool | Exception]]:
        """Joins, then hashes and compresses. `paths` maps a static name to where its file lies."""
        if not dry_run:
            for face in BUNDLES:
                name = joined_name(face)
                if self.exists(name):
                    self.delete(name)
                self.save(name, ContentFile(self._join(face, paths).encode()))
                paths[name] = (self, name)
        yield from super().post_process(paths, dry_run=dry_run, **options)

    def _join(self, face: str, paths: dict[str, tuple[Storage, str]]) -> str:
        parts = []
        for name in style_sources(face):
            if name not in paths:
                raise ValueError(f"The style source {name} of the {face} face is not among the static files.")
            storage, path = paths[name]
            with storage.open(path) as file:
                parts.append(strip_css(file.read().decode()))
        return "".join(parts)

    def stored_name(self, name: str) -> str:
        """The hashed name; the plain one as long as nothing has been collected (tests, development)."""
        if not self.hashed_files:
            return name
        found: str = super().stored_name(name)
        return found
