"""The labels of the header block that mail programs put above the mail they answer, by language. All lower case."""

from __future__ import annotations

FROM_LABELS = frozenset({
    "from", "von", "od", "de", "da", "van", "fra", "från", "lähettäjä", "от", "від", "от кого", "发件人", "寄件者",
    "寄件人", "差出人", "送信者", "expéditeur", "remitente", "mittente", "absender", "nadawca", "odesílatel",
    "feladó", "kimden", "gönderen", "afzender", "odosielateľ", "від кого", "보낸 사람", "보낸사람", "발신",
    "remetente", "avsändare", "avsender", "afsender", "de la", "από", "šalje", "pošiljatelj", "s poštovanjem od",
    "dari", "từ", "מאת", "من", "saatja", "no", "nuo", "frá", "message de", "desde", "expeditorul", "отправитель",
    "送信元",
})  # fmt: skip
DATE_LABELS = frozenset({
    "sent", "sent on", "sent at", "date", "date sent", "gesendet", "datum", "gesendet am", "versendet", "verschickt",
    "wysłano", "wyslano", "wysłane", "data", "data wysłania", "data wysłania wiadomości", "envoyé", "envoyé le",
    "envoye", "envoyée", "date d'envoi", "date d’envoi", "message du", "enviado", "enviado el", "enviado em",
    "enviada em", "fecha", "fecha de envío", "data de envio", "inviato", "inviata", "inviato il", "data invio",
    "data di invio", "verzonden", "verzonden op", "verstuurd", "odesláno", "datum odeslání", "odoslané", "dátum",
    "skickat", "skickades", "sendt", "dato", "lähetetty", "päivämäärä", "päiväys", "отправлено", "дата",
    "дата отправки", "надіслано", "发送时间", "发送日期", "发件时间", "日期", "寄件日期", "傳送時間", "時間", "时间",
    "送信日時", "日付", "送信日", "日時", "elküldve", "küldve", "gönderildi", "gönderme tarihi", "tarih", "보낸 날짜",
    "보낸날짜", "보낸 시간", "날짜", "trimis", "trimis la", "ημερομηνία", "στάλθηκε", "poslano", "poslato",
    "изпратено", "enviat", "dikirim", "tanggal", "đã gửi", "ngày", "נשלח", "תאריך", "تاريخ", "saadetud", "nosūtīts",
    "išsiųsta", "dată", "gönderilen", "відправлено",
})  # fmt: skip
OTHER_LABELS = frozenset({
    "to", "subject", "cc", "bcc", "reply-to", "reply to", "importance", "an", "betreff", "betr", "kopie", "kopie an",
    "antwort an", "wichtigkeit", "priorität", "thema", "do", "temat", "dw", "udw", "kopia", "odpowiedz do", "à", "a",
    "pour", "objet", "sujet", "copie", "copie à", "cci", "répondre à", "para", "asunto", "copia", "responder a",
    "oggetto", "ogg", "per", "aan", "onderwerp", "assunto", "com cópia", "komu", "pro", "předmět", "predmet", "věc",
    "till", "ämne", "kopia till", "til", "emne", "kopi", "vastaanottaja", "aihe", "kopio", "кому", "тема", "копия",
    "копія", "收件人", "主题", "主旨", "主題", "抄送", "副本", "宛先", "件名", "címzett", "tárgy", "másolatot kap",
    "kime", "alıcı", "konu", "bilgi", "priorytet", "ważność", "받는 사람", "받는사람", "참조", "제목", "către",
    "subiect", "προς", "θέμα", "за", "prima", "za", "naslov", "относно", "zadeva", "kepada", "perihal", "subjek",
    "tới", "đến", "chủ đề", "אל", "נושא", "إلى", "الموضوع", "teema", "saaja", "kellele", "kam", "temats", "kas",
    "tema", "attachments", "attachment", "anlagen", "anhang", "anhänge", "załączniki", "pièces jointes", "bijlagen",
    "adjuntos", "allegati", "anexos", "přílohy", "priority", "verteiler", "destinatarul", "pre", "adresat", "送信先",
    "subiectul", "másolat", "kópia", "kopie (cc)",
})  # fmt: skip
SUBJECT_LABELS = frozenset({
    "subject", "betreff", "betr", "temat", "objet", "sujet", "asunto", "oggetto", "ogg", "onderwerp", "assunto",
    "předmět", "predmet", "věc", "ämne", "emne", "aihe", "тема", "主题", "主旨", "主題", "件名", "tárgy", "konu",
    "제목", "subiect", "θέμα", "naslov", "относно", "zadeva", "perihal", "subjek", "chủ đề", "נושא", "الموضوع",
    "subiectul",
})  # fmt: skip
