"""How telephones and programs sign, and how lawyers do, by language. All lower case; compared with plain string
operations."""

from __future__ import annotations

# Lines that telephones and programs add below a message: how they begin, however they go on.
MOBILE = (
    "sent from my ", "sent from mail for windows", "sent from outlook", "sent from yahoo", "sent from the all-new",
    "sent from mailbox", "sent from samsung", "sent from a mobile", "sent from mobile", "sent wirelessly from",
    "sent from myphone", "sent with proton", "sent from proton", "sent with aquamail", "sent with spark",
    "sent via the ", "sent via blackberry", "sent by ", "sent using ", "get outlook for ", "get the outlook app",
    "download outlook for", "von meinem ", "von meiner mobil", "gesendet von ", "gesendet mit ", "gesendet über ",
    "gesendet aus ", "versendet mit ", "von unterwegs gesendet", "diese nachricht wurde von meinem",
    "diese e-mail wurde von meinem", "holen sie sich outlook für", "hol dir outlook", "laden sie outlook für",
    "outlook für ios", "outlook für android", "wysłane z ", "wysłano z ", "wysłane przez ", "wysłano przez",
    "wysłane za pomocą", "pobierz outlook", "pobierz program outlook", "pobierz aplikację outlook", "envoyé de mon ",
    "envoyé depuis ", "envoyé à partir d", "envoyé avec ", "envoyé via ", "envoyé par ", "envoyé sans fil",
    "télécharger outlook", "téléchargez outlook", "obtenez outlook", "obtenir outlook", "enviado desde ",
    "enviado de mi ", "enviado con ", "enviado via ", "enviado vía ", "enviado mediante", "obtener outlook",
    "descargar outlook", "inviato da ", "inviato dal ", "inviato dall", "inviato con ", "inviato tramite ",
    "scarica outlook", "ottieni outlook", "verzonden vanaf ", "verstuurd vanaf ", "verzonden met ", "verstuurd met ",
    "verzonden via ", "verstuurd via ", "outlook voor ", "download outlook voor", "enviado do meu ", "enviado do ",
    "enviado a partir d", "enviada do meu", "obter o outlook", "obtenha o outlook", "odesláno z ", "odeslano z ",
    "odesláno přes", "odoslané z ", "získat outlook", "získejte outlook", "skickat från ", "skickades från ",
    "skickat med ", "hämta outlook", "sendt fra ", "sendt med ", "hent outlook", "få outlook", "lähetetty ",
    "hanki outlook", "отправлено с ", "отправлено из ", "отправлено от ", "надіслано з ", "надіслано із ",
    "скачать outlook", "发自我的", "發自我的", "從我的", "从我的", "发送自", "來自我的", "发自", "iphoneから送信",
    "ipadから送信", "androidから送信", "xperiaから送信", "windows 版のメールから送信", "küldve a", "elküldve a",
    "trimis de pe", "trimis din", "στάλθηκε από", "изпратено от", "poslano s", "poslano iz", "poslato sa",
    "enviat des", "dikirim dari", "đã gửi từ", "được gửi từ", "נשלח מ", "أُرسلت من", "ส่งจาก", "내 ",
)  # fmt: skip
# The same where the name of the thing comes first.
MOBILE_ENDS = (
    "gönderildi", "gesendet", "から送信", "에서 보냄", "에서 전송", "傳送", "发送", "傳送的", "küldve", "saadetud",
)  # fmt: skip
MOBILE_THINGS = (
    "iphon", "ipad", "android", "phone", "handy", "mobil", "telefon", "tablet", "samsung", "galaxy", "huawei",
    "xiaomi", "redmi", "oneplus", "pixel", "htc", "motorola", "nokia", "nexus", "wiko", "xperia", "blackberry",
    "outlook", "gerät", "device", "urządzeni", "komórk", "appareil", "portable", "dispositiv", "móvil", "celular",
    "cellulare", "toestel", "zařízení", "enhed", "puhelim", "laite", "телефон", "手机", "手機", "아이폰", "windows",
    "macbook", "gmx", "web.de", "mail", "correo", "courrier", "poczt", "почт", "proton", "yahoo", "spark", "typeapp",
    "thunderbird", "zoho", " app",
)  # fmt: skip
# Of these a line says nothing for certain when it follows on other words.
WEAK_THINGS = frozenset(
    {"phone", "handy", "mobil", "telefon", "portable", "windows", "mail", "correo", "courrier", " app"}
)
ADDED_BY_PROGRAMS = (
    "virus-free.", "virenfrei.", "wolny od wirusów.", "sans virus.", "libre de virus.", "privo di virus.",
    "virusvrij.", "без вирусов.", "diese e-mail wurde von avast", "diese e-mail wurde auf viren",
    "this email has been checked for viruses", "this e-mail has been checked", "this email has been scanned",
    "ta wiadomość została sprawdzona", "cet email a fait l'objet", "l'absence de virus",
    "este correo electrónico ha sido", "questa e-mail è stata controllata", "deze e-mail is gecontroleerd",
    "este email foi escaneado", "tato zpráva byla zkontrolována", "please consider the environment",
    "think before you print", "please think of the environment", "bitte denken sie an die umwelt",
    "bitte prüfen sie, ob diese mail", "bitte prüfen sie der umwelt", "denken sie an die umwelt", "der umwelt zuliebe",
    "pomyśl o środowisku",
    "zanim wydrukujesz", "pensez à l'environnement", "pensez à l’environnement", "avant d'imprimer",
    "antes de imprimir", "piensa en el medio ambiente", "prima di stampare", "rispetta l'ambiente",
    "denk aan het milieu", "než tuto zprávu vytisknete", "tænk på miljøet", "tänk på miljön", "tenk på miljøet",
    "ajattele ympäristöä", "подумайте об окружающей среде", "download the official twitter app",
)  # fmt: skip
# What a lawyer's note speaks of, says of it, and to whom: all three must be there.
THIS_MAIL = (
    "this e-mail", "this email", "this mail", "this message", "this communication", "this transmission",
    "the information contained", "information in this", "the contents of this", "diese e-mail", "dieser e-mail",
    "diese mail", "dieser mail", "diese nachricht", "dieser nachricht", "diese email", "dieser email", "ta wiadomość",
    "tej wiadomości", "wiadomość może zawierać", "niniejsza wiadomość", "niniejszej wiadomości", "niniejszy e-mail",
    "tego e-maila",
    "niniejsza korespondencja", "ce message", "ce courriel", "cet e-mail", "ce mail", "cet email",
    "le présent message", "este mensaje", "este correo", "este e-mail", "esta comunicación", "questo messaggio",
    "questa e-mail", "questa email", "la presente comunicazione", "il presente messaggio",
    "le informazioni contenute", "dit bericht", "deze e-mail", "deze email", "dit e-mailbericht", "esta mensagem",
    "este email", "tato zpráva", "tento e-mail", "této zprávy", "táto správa", "denne e-mail", "denne mail",
    "denne e-post", "denne meddelelse", "denne besked", "denne meldingen", "detta e-post", "det här meddelandet",
    "detta meddelande", "detta mail", "tämä viesti", "tämä sähköposti", "данное сообщение", "это сообщение",
    "настоящее сообщение", "это письмо", "цей лист", "це повідомлення", "本邮件", "此邮件", "本郵件", "此郵件",
    "本メール", "このメール", "本電子メール", "bu e-posta", "bu mesaj", "ez az e-mail", "ez az üzenet",
    "jelen e-mail", "이 메일", "본 메일", "이 이메일", "acest mesaj", "acest e-mail",
)  # fmt: skip
CONFIDENTIAL = (
    "confidential", "privileged", "vertraulich", "rechtlich geschützt", "poufn", "tajemnic", "zastrzeżone",
    "confidentiel", "confidencial", "riservat", "confidenzial", "vertrouwelijk", "důvěrn", "dôvern", "fortrolig",
    "konfidentiel", "konfidensiel", "konfidentsiaal", "luottamukselli", "конфиденциальн", "конфіденційн", "保密",
    "机密", "機密", "秘密", "gizli", "bizalmas", "기밀", "비밀", "sekretess",
)  # fmt: skip
ADDRESSEE = (
    "intended", "recipient", "addressee", "unauthori", "in error", "empfänger", "adressat", "bestimmt", "unbefugt",
    "irrtümlich", "adresat", "odbiorc", "przeznaczon", "pomyłk", "omyłk", "destinataire", "destiné", "destinat",
    "destinad",
    "geadresseerde", "ontvanger", "bestemd", "příjem", "adresát", "určen", "modtager", "mottaker", "mottagare",
    "avsedd", "tiltænkt", "vastaanottaja", "tarkoitettu", "адресат", "получател", "предназнач", "отримувач", "收件人",
    "收信人", "受信者", "宛先", "受取人", "alıcı", "címzett", "수신",
)  # fmt: skip
# How its further paragraphs begin, where they also speak of an addressee.
LEGAL_STARTS = (
    "this e-mail and any", "this email and any", "this message and any", "this e-mail is intended",
    "this email is intended", "this message is intended",
    "if you have received this", "if you are not the", "if you received this", "sollten sie nicht",
    "wenn sie nicht der", "falls sie nicht", "sind sie nicht der", "jeżeli nie jest", "jeśli nie jest",
    "jeżeli nie są", "jeśli otrzymal", "jeżeli otrzymal", "si vous n'êtes pas", "si vous n’êtes pas",
    "si vous avez reçu ce", "si usted no es", "si no es usted", "si ha recibido este", "se non siete", "se lei non è",
    "se avete ricevuto", "chi ricevesse", "qualora il messaggio", "indien u niet", "als u niet de", "se você não",
    "caso não seja", "se recebeu esta", "pokud nejste", "jestliže nejste", "hvis du ikke er", "hvis du har modtaget",
    "om du inte är", "om du har fått", "jos et ole", "если вы не", "якщо ви не", "如果您不是", "若您不是",
    "ai sensi del",
)  # fmt: skip
# And where that is plain from the first word.
LEGAL_HEADINGS = (
    "any unauthorised", "any unauthorized", "unauthorised use", "any views or opinions", "any views expressed",
    "the views expressed", "please note that any views", "das unerlaubte kopieren", "confidentiality notice:",
    "disclaimer:", "legal notice:", "privileged and confidential", "haftungsausschluss:",
    "hinweis zur vertraulichkeit", "klauzula poufności:", "avis de confidentialité", "aviso de confidencialidad",
    "nota di riservatezza", "avviso di riservatezza", "aviso de confidencialidade",
)  # fmt: skip
LEGAL_TITLES = frozenset({
    "disclaimer", "confidentiality notice", "confidentiality", "legal notice", "legal disclaimer", "important notice",
    "notice", "haftungsausschluss", "vertraulichkeitshinweis", "hinweis", "rechtlicher hinweis", "wichtiger hinweis",
    "klauzula poufności", "nota prawna", "zastrzeżenie", "avis de confidentialité", "clause de confidentialité",
    "avertissement", "aviso legal", "aviso de confidencialidad", "cláusula de confidencialidad",
    "avviso di riservatezza", "nota di riservatezza", "aviso de confidencialidade", "vertrouwelijkheid", "upozornění",
    "ansvarsfraskrivelse", "vastuuvapauslauseke", "уведомление о конфиденциальности",
})  # fmt: skip
# A gateway's warning above the message.
WARNINGS = (
    "caution: this email", "caution: this e-mail", "caution: external", "caution: this message",
    "warning: this email originated", "warning: external", "external email:", "external sender", "[external]",
    "[external email]", "[extern]", "attention: this email", "this email originated from outside",
    "this message originated from outside", "achtung: diese e-mail", "achtung: externe", "vorsicht: externe",
    "vorsicht: diese e-mail", "diese e-mail kommt von außerhalb", "diese e-mail stammt von einem externen",
    "uwaga: wiadomość", "uwaga: ta wiadomość", "uwaga! wiadomość", "wiadomość spoza organizacji",
    "attention: ce message", "attention : ce message", "attention : ce courriel", "atención: este correo",
    "attenzione: questa", "let op: deze e-mail", "you don't often get email from",
    "sie erhalten nicht häufig e-mails von", "nieczęsto otrzymujesz wiadomości",
    "vous n’obtenez pas souvent d’e-mail", "some people who received this message don't often",
)  # fmt: skip
LIST_FOOTERS = (
    "mailing list", "mailingliste", "list info", "unsubscribe", "to unsubscribe", "mailman/listinfo", "/listinfo/",
    "groups.google.com", "you received this message because you are subscribed",
)  # fmt: skip
