"""Jobs of the portal."""

from __future__ import annotations

from tresen.core.people.identities import fold_mail
from tresen.core.people.models import Identity
from tresen.spine.jobs.registry import job


@job("portal.find_links")
def find_links(*, address: str, brand_id: int = 0) -> None:
    """Looks whose address that is, and lets the links be sent if the caps of automatic mail allow it. `brand_id`: at
    whose host they were asked for; 0: at that of the desk."""
    from tresen.faces.portal.find_link.mail import may_be_sent

    identity = Identity.objects.filter(kind="mail", folded=fold_mail(address)).select_related("contact").first()
    if identity and may_be_sent(identity, brand_id=brand_id):
        send_links.enqueue(identity_id=identity.pk, brand_id=brand_id)


@job("portal.send_links", queue="mail-out", outside=True)
def send_links(*, identity_id: int, brand_id: int = 0) -> None:
    """Sends the links to their owner; what the server refuses for good is given up."""
    from tresen.channels.mail.transport import Refused
    from tresen.faces.portal.find_link.mail import send_links_mail

    identity = Identity.objects.filter(pk=identity_id).select_related("contact").first()
    if identity:
        try:
            send_links_mail(identity, brand_id=brand_id)
        except Refused:
            return
