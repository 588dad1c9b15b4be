"""Mail inside mail that is not meant to be seen as a file: opaque S/MIME and Outlook's winmail.dat."""

from __future__ import annotations

from tresen.kit.mime.cms import is_enveloped, signed_content
from tresen.kit.mime.limits import MailUnreadable
from tresen.kit.mime.names import plain_name, type_of_name
from tresen.kit.mime.parsed import ENCRYPTED, AttachedFile
from tresen.kit.mime.tnef import SIGNATURE, Tnef, read_tnef
from tresen.kit.mime.tree import Part, part_tree

CMS_TYPES = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
TNEF_TYPES = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})
UNNAMED_TYPES = frozenset({"application/octet-stream", "application/x-unknown"})


def signed_part(part: Part, warnings: list[str]) -> Part | None:
    """The tree of what is signed inside an S/MIME part; None when it is none, is encrypted, or is beyond the limits."""
    is_named = part.content_type in UNNAMED_TYPES and part.filename.lower().endswith(".p7m")
    if part.content_type not in CMS_TYPES and not is_named:
        return None
    data = part.data(warnings)
    content = signed_content(data)
    if content is None:
        if is_enveloped(data) or part.parameter("smime-type").lower() in ("enveloped-data", "authenveloped-data"):
            warnings.append(f"{ENCRYPTED}S/MIME")
        return None
    try:
        return part_tree(content, warnings)
    except MailUnreadable:
        warnings.append("structure: what is signed cannot be read")
        return None


def outlook_content(part: Part, warnings: list[str]) -> Tnef | None:
    """What stands in a winmail.dat; None when the part is none or cannot be read."""
    is_named = part.content_type in UNNAMED_TYPES and part.filename.lower().endswith((".dat", ".tnef"))
    if part.content_type not in TNEF_TYPES and not is_named:
        return None
    data = part.data(warnings)
    found = read_tnef(data)
    if found is None and data.startswith(SIGNATURE[:2]):
        warnings.append("structure: winmail.dat cannot be read")
    return found


def files_of(found: Tnef) -> list[AttachedFile]:
    """The files of a winmail.dat as files of the mail."""
    return [
        AttachedFile(
            plain_name(file.name), file.content_type or type_of_name(file.name), file.data, content_id=file.content_id
        )
        for file in found.files
    ]
