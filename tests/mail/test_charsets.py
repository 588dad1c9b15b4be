"""Charsets as they come: labels nobody registered, and bytes nobody labelled."""

from __future__ import annotations

import pytest

from tresen.kit.mime import parse_mail
from tresen.kit.mime.charsets import codec_name, decode_text
from tresen.kit.mime.guess import guess_charset

LABELS = {
    "utf8": "utf-8", "utf-8,utf-8": "utf-8", "UTF-8 format=flowed": "utf-8", "us-ascii utf-8": "cp1252",
    "x-iso-8859-1": "cp1252", "iso_8859-2:1987": "iso8859-2", "iso 8859-1": "cp1252", "latin-9": "iso8859-15",
    "windows-1252http-equivcontent-language": "cp1252", "x-cp1251": "cp1251", "win-1251": "cp1251",
    "windows-31j": "cp932", "x-euc-jp": "euc_jp", "csISO2022JP": "iso2022_jp", "iso-2022-jp-ms": "iso2022_jp",
    "cp50221": "iso2022_jp", "csgb2312": "gb18030", "x-gbk": "gb18030", "ks_c_5601-1987": "cp949", "cseuckr": "cp949",
    "iso-8859-8-i": "cp1255", "koi8-ru": "koi8-u", "x-mac-greek": "mac-greek", "x-mac-ce": "mac-latin2",
    "unicode-1-1-utf-7": "utf-7", "utf16le": "utf-16-le", "unicodefffe": "utf-16-be",
    "base64": None, "rot13": None, "x-made-up": None, "8bit": None, "unknown-8bit": None, "": None, "idna": None,
}  # fmt: skip

UNLABELLED = {
    "Störung Drucker": "cp1252 cp850",
    "Problème d'accès à l'été": "cp1252",
    "¡Feliz Navidad! Mañana podrá ver la compañía": "cp1252",
    "Não consigo abrir a fatura, informações em março": "cp1252",
    "Jeg kan ikke få adgang, sørg for det. Søren": "cp1252",
    "Proszę o pomoc, drukarka się zacięła": "cp1250 iso8859_2",
    "Dobrý den, nemůžu se přihlásit, děkuji": "cp1250 iso8859_2",
    "Köszönöm szépen, Erdős György, őszi főnök": "cp1250 iso8859_2",
    "Не могу войти в систему": "cp1251 koi8_r cp866 iso8859_5",
    "тест": "koi8_r cp1251",
    "Не можу увійти до системи. Дякую": "koi8_u cp1251",
    "Δεν μπορώ να συνδεθώ στο σύστημα": "cp1253 iso8859_7",
    "שלום, אני לא מצליח להתחבר": "cp1255 iso8859_8",
    "مرحبا لا أستطيع الدخول إلى النظام": "cp1256",
    "ไม่สามารถเข้าสู่ระบบได้ ขอบคุณ": "cp874",
    "Sisteme giriş yapamıyorum, şifremi değiştirdim": "cp1254",
    "我们公司的发票问题": "gb18030",
    "發票問題，請協助處理": "big5",
    "お世話になっております。ログインできません。": "cp932 euc_jp",
    "안녕하세요, 로그인할 수 없습니다": "cp949",
}


@pytest.mark.parametrize("label", LABELS)
def test_a_label_names_what_its_sender_meant(label: str) -> None:
    assert codec_name(label) == LABELS[label]


@pytest.mark.parametrize("text", UNLABELLED)
def test_letters_say_in_which_charset_they_are(text: str) -> None:
    for codec in UNLABELLED[text].split():
        data = text.encode(codec)
        found = guess_charset(data)
        assert found is not None
        assert data.decode(found, "replace") == text, codec


def test_utf8_beats_a_wrong_label_also_an_east_asian_one() -> None:
    assert decode_text("danglüe".encode(), "gb2312") == "danglüe"
    assert decode_text("Zażółć".encode(), "iso-8859-2") == "Zażółć"


def test_noise_has_no_charset_and_still_an_answer() -> None:
    noise = bytes(range(128, 256)) * 40
    assert len(decode_text(noise, "x-none")) == len(noise)


def test_two_charsets_in_one_text_are_both_read() -> None:
    assert decode_text("Łukasz".encode() + " Müller".encode("latin-1"), None) == "Łukasz Müller"


def test_a_header_is_never_in_utf_16_whatever_the_text_is_in() -> None:
    raw = b"Subject: Gr\xfc\xdfe\nContent-Type: text/plain; charset=utf-16\n\n" + "é".encode("utf-16")
    mail = parse_mail(raw)
    assert (mail.subject, mail.text) == ("Grüße", "é")
