"""What is done before the link leaves: the file is made, the token drawn, the mail written."""

from __future__ import annotations

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tresen.channels.mail.account_mail import send_account_mail
from tresen.channels.mail.models import Mailbox
from tresen.core.people.hosts import brand_url
from tresen.core.people.models import Brand
from tresen.kit import clock, files
from tresen.kit.crypto import new_token, token_hash
from tresen.service.participation.models import Wish, WishKind, WishState
from tresen.service.participation.own_data import copy_chunks
from tresen.service.participation.services import GOOD_DAYS, address_of, expires_at


def make_ready(wish_id: int) -> None:
    """Makes a wish ready and mails its link; a mail that could not leave is tried again with a new link."""
    wish = Wish.objects.select_related("contact", "brand").filter(pk=wish_id, state=WishState.ASKED).first()
    address = address_of(wish.contact) if wish else None
    if wish is None or address is None:
        return
    if wish.kind == WishKind.COPY and not wish.storage_key:
        wish.storage_key = files.store(copy_chunks(wish.contact)).key
        Wish.objects.filter(pk=wish.pk).update(storage_key=wish.storage_key)
    token, until = new_token(), clock.now() + expires_at(wish.kind)
    Wish.objects.filter(pk=wish.pk).update(token_hash=token_hash(token), expires_at=until)
    brand = wish.brand or Brand.objects.default()
    language = wish.contact.language or brand.language
    with translation.override(language):
        subject, text = _words(wish, brand_url(brand, reverse("portal:own-data", args=[token])), brand)
    box = Mailbox.objects.filter(brand=brand, is_active=True).order_by("pk").first()
    send_account_mail(to=address.value, language=language, subject=subject, text=text, mailbox=box)
    Wish.objects.filter(pk=wish.pk, state=WishState.ASKED).update(state=WishState.READY)


def _words(wish: Wish, url: str, brand: Brand) -> tuple[str, str]:
    days = GOOD_DAYS[WishKind(wish.kind)]
    once = ngettext("The link is good for %(n)s day, and once.", "The link is good for %(n)s days, and once.", days)
    if wish.kind == WishKind.COPY:
        subject, said = _("Your data"), _("the copy of your data at %(brand)s is ready. You get it here:")
    else:
        subject = _("Shall we delete your data?")
        said = _("you have asked %(brand)s to delete the data about you. If you mean it, please confirm it here:")
    not_you = _("If this was not you, nothing needs to be done.")
    parts = [_("Good day,"), said % {"brand": brand.name} + "\n" + url, once % {"n": days}, not_you,
             _("Kind regards") + "\n" + brand.name]  # fmt: skip
    return subject, "\n\n".join(parts) + "\n"
