"""The words by which mail programs introduce what they quote, by language. All lower case; compared with plain string
operations, never with patterns that could run long."""

from __future__ import annotations

# Our own line in outgoing mail; whatever the program does below it, the answer is above.
REPLY_MARKERS = {
    "en": "##- Please write your reply above this line -##",
    "de": "##- Bitte schreiben Sie Ihre Antwort über diese Zeile -##",
    "pl": "##- Prosimy o wpisanie odpowiedzi powyżej tej linii -##",
}
MARKER_STARTS = tuple(text.lower()[:24] for text in REPLY_MARKERS.values())


def marker_line(language: str) -> str:
    """The marker for outgoing mail in that language, English when we have none."""
    return REPLY_MARKERS.get(language[:2], REPLY_MARKERS["en"])


# "… wrote:" by language (en de pl fr es it nl pt cs sk sv da no fi hu tr ru uk zh ja ko ro el).
WROTE = (
    "wrote", "writes", "schrieb", "schreibt", "hat geschrieben", "napisał", "napisała", "napisał(a)", "napisali",
    "pisze", "napisano", "a écrit", "écrit", "escribió", "escribio",
    "ha scritto", "scrive", "schreef",
    "heeft geschreven", "het volgende geschreven", "escreveu", "napsal", "napsala", "napsal(a)", "napísal",
    "napísal(a)", "skrev", "kirjoitti", "írta", "şunu yazdı", "yazdı", "пишет", "написал", "написала", "написал(а)",
    "написав", "писав", "пише", "写道", "寫道", "のメール", "書きました", "wrote the following",
    "napisana przez",
    "님이 작성", "a scris", "έγραψε",
)  # fmt: skip
# How such a line begins: the date or the name follows.
ON = (
    "on ", "at ", "am ", "vom ", "w dniu ", "dnia ", "dn. ", "le ", "el ", "il ", "in data ", "op ", "em ",
    "no dia ", "dne ", "dňa ", "den ", "på ", "mån", "man.", "pon.", "wt.", "śr.", "czw.", "pt.", "sob.", "niedz.",
    "po ", "út ", "st ", "čt ", "pá ", "mo.", "di.", "mi.", "do.", "fr.", "sa.", "so.", "в ", "вт", "пн", "ср", "чт",
    "пт", "сб", "вс",
)  # fmt: skip
# Said of somebody in a line above quoted text, in our languages; only as whole words and never on their own.
SAID = frozenset({
    "wrote", "said", "writes", "schrieb", "schrieben", "schriebst", "schreibt", "geschrieben", "meinte",
    "napisał", "napisała", "napisał(a)", "napisali", "napisałeś", "napisałaś", "pisze", "pisał", "pisała",
    "pisał(a)", "napisano",
})  # fmt: skip
# "You wrote:", which needs nothing more.
YOU_WROTE = frozenset({
    "sie schrieben", "du schriebst", "ihr schriebt", "you said", "pan pisał", "pani pisała", "pisał pan",
    "pisała pani", "napisał pan", "napisała pani", "napisałeś", "napisałaś", "pisałeś", "pisałaś",
})  # fmt: skip
# A day by its name.
DAYS = frozenset({
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "mon", "tue", "wed", "thu", "fri",
    "sat", "sun", "yesterday", "today", "montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag",
    "sonnabend", "sonntag", "mo", "di", "mi", "do", "fr", "sa", "so", "gestern", "heute", "vorgestern",
    "poniedziałek", "wtorek", "środa", "środę", "czwartek", "piątek", "sobota", "sobotę", "niedziela", "niedzielę",
    "pon", "wt", "śr", "czw", "pt", "sob", "niedz", "wczoraj", "wczorajszym", "dzisiaj", "dziś", "dzisiejszym",
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "oct", "nov", "dec", "januar", "jänner",
    "februar", "märz", "mai", "juni", "juli", "oktober", "dezember", "stycznia", "lutego", "marca", "kwietnia",
    "maja", "czerwca", "lipca", "sierpnia", "września", "października", "listopada", "grudnia",
})  # fmt: skip
QUOTING = ("quoting ", "zitat von ", "cytat z ", "cytuję ")
# A line of its own between answer and original, as the text between its dashes.
ORIGINAL = frozenset({
    "original message", "original mail", "original-nachricht", "originalnachricht", "ursprüngliche nachricht",
    "originale nachricht", "ursprüngliche mail", "originalmail", "oryginalna wiadomość", "wiadomość oryginalna",
    "oryginalny list", "treść oryginalnej wiadomości", "message d'origine", "message d’origine", "message original",
    "message initial", "mensaje original", "mensaje originale", "messaggio originale", "messaggio originario",
    "oorspronkelijk bericht", "origineel bericht", "oorspronkelijke bericht", "mensagem original",
    "mensagem de origem", "původní zpráva", "původní e-mail", "pôvodná správa", "ursprungligt meddelande",
    "originalmeddelande", "oprindelig meddelelse", "original meddelelse", "opprinnelig melding", "original melding",
    "alkuperäinen viesti", "исходное сообщение", "оригинальное сообщение", "первоначальное сообщение",
    "вихідне повідомлення", "原始邮件", "邮件原件", "原始郵件", "元のメッセージ",
    "original message follows", "eredeti üzenet",
    "özgün ileti",
})  # fmt: skip
# Forwarded mail is what the message is about: it is never cut.
FORWARDED = frozenset({
    "forwarded message", "begin forwarded message", "weitergeleitete nachricht",
    "anfang der weitergeleiteten nachricht", "anfang der weitergeleiteten e-mail", "weitergeleitete mail",
    "przekazana wiadomość", "wiadomość przekazana", "początek przekazywanej wiadomości",
    "treść przekazanej wiadomości", "message transféré", "début du message transféré", "début du message réexpédié",
    "mensaje reenviado", "inicio del mensaje reenviado", "messaggio inoltrato", "inizio messaggio inoltrato",
    "doorgestuurd bericht", "begin doorgestuurd bericht", "mensagem encaminhada", "início da mensagem reencaminhada",
    "přeposlaná zpráva", "preposlaná správa", "vidarebefordrat meddelande", "videresendt meddelelse",
    "videresendt melding", "välitetty viesti", "пересылаемое сообщение", "пересланное сообщение",
    "переадресованное сообщение", "转发的邮件", "转发邮件", "転送メッセージ", "továbbított üzenet",
})  # fmt: skip
# Labels of the header block that Outlook and others put above the original.
FROM_LABELS = frozenset({
    "from", "von", "od", "de", "da", "van", "fra", "från", "lähettäjä", "от", "від", "发件人", "寄件者", "差出人",
    "expéditeur", "remitente", "mittente", "absender", "nadawca", "odesílatel", "feladó", "kimden", "afzender",
    "odosielateľ", "від кого", "보낸 사람",
})  # fmt: skip
DATE_LABELS = frozenset({
    "sent", "date", "gesendet", "datum", "gesendet am", "wysłano", "wyslano", "data", "data wysłania", "envoyé",
    "date d'envoi", "enviado", "enviado el", "enviado em", "fecha", "inviato", "data invio", "verzonden", "odesláno",
    "odoslané", "dátum", "skickat", "sendt", "dato", "lähetetty", "päivämäärä", "отправлено", "дата", "надіслано",
    "发送时间", "发送日期", "日期", "寄件日期", "送信日時", "日付", "elküldve", "gönderildi", "보낸 날짜",
})  # fmt: skip
OTHER_LABELS = frozenset({
    "to", "subject", "cc", "reply-to", "importance", "an", "betreff", "kopie", "antwort an", "wichtigkeit", "do",
    "temat", "dw", "kopia", "à", "objet", "copie", "para", "asunto", "a", "oggetto", "aan", "onderwerp", "assunto",
    "komu", "předmět", "predmet", "till", "ämne", "til", "emne", "vastaanottaja", "aihe", "кому", "тема",
    "копия", "копія", "收件人", "主题", "主旨", "抄送", "宛先", "件名", "címzett", "tárgy", "kime",
    "konu", "priorytet", "받는 사람",
    "제목", "attachments", "anlagen", "załączniki", "priority",
})  # fmt: skip
# Lines telephones and programs add below a message.
MOBILE = (
    "sent from my ", "sent from mail for windows", "sent from outlook", "sent from yahoo mail", "get outlook for ",
    "sent with proton", "sent from proton", "sent via ", "von meinem ", "gesendet von ", "gesendet mit ",
    "von unterwegs gesendet", "diese nachricht wurde von meinem", "holen sie sich outlook für", "outlook für ios",
    "outlook für android", "wysłane z ", "wysłano z ", "pobierz outlook", "pobierz program outlook",
    "envoyé de mon ", "envoyé depuis ", "envoyé à partir d", "télécharger outlook", "enviado desde mi ",
    "enviado desde ", "obtener outlook", "inviato da ", "inviato dal mio", "scarica outlook", "verzonden vanaf mijn",
    "verstuurd vanaf mijn", "outlook voor ", "enviado do meu ", "enviado a partir d", "odesláno z ", "odoslané z ",
    "skickat från min", "sendt fra min", "lähetetty ", "отправлено с ", "надіслано з ",
    "发自我的", "從我的", "iphoneから送信",
    "从我的",
)  # fmt: skip
