"""The words by which mail programs introduce what they quote, by language. All lower case; compared with plain string
operations, never with patterns that could run long."""

from __future__ import annotations

# Our own line in outgoing mail; whatever the program does below it, the answer is above.
REPLY_MARKERS = {
    "en": "##- Please write your reply above this line -##",
    "de": "##- Bitte schreiben Sie Ihre Antwort über diese Zeile -##",
    "pl": "##- Prosimy o wpisanie odpowiedzi powyżej tej linii -##",
}
# The same of other service desks: what such a line says, and what it says it about.
ABOVE_THIS_LINE = (
    "above this line", "über diese zeile", "über dieser zeile", "über diese linie", "über dieser linie",
    "oberhalb dieser zeile", "oberhalb dieser linie", "oberhalb dieser trennlinie", "powyżej tej linii",
    "ponad tą linią", "nad tą linią", "au-dessus de cette ligne", "au dessus de cette ligne", "encima de esta línea",
    "arriba de esta línea", "sopra questa riga", "sopra questa linea", "sopra di questa riga", "boven deze regel",
    "boven deze lijn", "acima desta linha", "nad tento řádek", "nad tímto řádkem", "nad tuto čáru",
    "nad tento riadok", "over denne linje", "over denne linjen", "ovanför denna rad", "ovanför den här raden",
    "tämän rivin yläpuolelle", "tämän viivan yläpuolelle", "выше этой строки", "выше этой линии", "над этой строкой",
    "вище цього рядка", "над цим рядком", "此行上方", "此線上方", "この行より上", "この線より上", "この行の上",
    "이 줄 위에", "이 선 위에", "bu satırın üstüne", "bu çizginin üstüne", "e fölé a sor fölé", "a vonal fölé",
    "deasupra acestei linii",
)  # fmt: skip


def marker_line(language: str) -> str:
    """The marker for outgoing mail in that language, English when we have none."""
    return REPLY_MARKERS.get(language[:2], REPLY_MARKERS["en"])


# "… wrote:" by language.
WROTE = (
    "wrote", "writes", "schrieb", "schreibt", "hat geschrieben", "napisał", "napisała", "napisał(a)", "napisali",
    "pisze", "napisano", "a écrit", "écrit", "escribió", "escribio", "ha escrito", "ha scritto", "scrive", "schreef",
    "heeft geschreven", "volgende geschreven", "escreveu", "napsal", "napsala", "napsal(a)", "napísal", "napísala",
    "napísal(a)", "skrev", "kirjoitti", "írta", "yazdı", "пишет", "писал", "написал", "написала", "написал(а)",
    "написав", "писав", "пише", "写道", "寫道", "写了", "のメール", "書きました", "書いた", "wrote the following",
    "napisana przez", "님이 작성", "님이 쓴", "작성:", "a scris", "έγραψε", "đã viết", "menulis", "เขียนว่า", "כתב",
    "كتب", "نوشت", "написа", "je napisao", "je napisala", "je napisal", "va escriure", "kirjutas", "rakstīja", "rašė",
    "skrifaði", "ने लिखा", " sent:", "のメッセージ", "escrito", "nadesłał", "följande",
)  # fmt: skip
# How such a line begins: the date or the name follows.
ON = (
    "on ", "at ", "in a message dated ", "am ", "vom ", "w dniu ", "dnia ", "dn. ", "le ", "el ", "il ", "in data ",
    "op ", "em ", "no dia ", "dne ", "dňa ", "den ", "på ", "mån", "man.", "tir.", "ons", "tor", "fre", "lör", "lør",
    "sön", "søn", "wt.", "śr.", "czw.", "pt.", "sob.", "niedz.", "pon ", "po ", "út ", "st ", "čt ", "pá ", "mo.",
    "di.", "mi.", "do.", "fr.", "sa.", "so.", "ma ", "ti ", "ke ", "to ", "pe ", "la ", "su ", "в ", "во ", "вт",
    "пн", "ср", "чт", "пт", "сб", "вс", "нд", "пон", "ut", "vào ", "pada ", "στις ", "în ", "pe data ", "在", "於",
    "于", "ב-", "في ", "در ", "dana ", "ngày ", "кога", "на ", "kl. ", "vào lúc ", "al ",
)  # fmt: skip
# Said of somebody in a line above quoted text, in our languages; only as whole words and never on their own.
SAID = frozenset({
    "wrote", "said", "writes", "schrieb", "schrieben", "schriebst", "schreibt", "geschrieben", "meinte", "napisał",
    "napisała", "napisał(a)", "napisali", "napisałeś", "napisałaś", "pisze", "pisał", "pisała", "pisał(a)",
    "napisano", "écrit", "disait", "escribió", "dijo", "scritto", "scrive", "scriveva", "schreef", "geschreven",
    "zei", "escreveu", "disse", "napsal", "napsala", "psal", "psala", "skrev", "skriver", "kirjoitti", "пишет",
    "писал", "писала", "написал", "написала",
})  # fmt: skip
# "You wrote:", which needs nothing more.
YOU_WROTE = frozenset({
    "sie schrieben", "du schriebst", "ihr schriebt", "you said", "you wrote", "pan pisał", "pani pisała", "pisał pan",
    "pisała pani", "napisał pan", "napisała pani", "napisałeś", "napisałaś", "pisałeś", "pisałaś", "vous avez écrit",
    "vous écriviez", "usted escribió", "ha scritto", "u schreef", "você escreveu", "вы писали", "вы написали",
})  # fmt: skip
# Who speaks of himself does not announce another's mail.
I_MYSELF = frozenset({
    "i", "ich", "ja", "je", "j'ai", "yo", "io", "ik", "eu", "já", "jag", "jeg", "minä", "я", "wir", "we", "nous",
    "my",
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
    "maja", "czerwca", "lipca", "sierpnia", "września", "października", "listopada", "grudnia", "lundi", "mardi",
    "mercredi", "jeudi", "vendredi", "samedi", "dimanche", "lunes", "martes", "miércoles", "jueves", "viernes",
    "sábado", "domingo", "lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato", "domenica", "maandag",
    "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag", "segunda-feira", "terça-feira",
    "quarta-feira", "quinta-feira", "sexta-feira", "pondělí", "úterý", "středa", "středu", "čtvrtek", "pátek",
    "måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag", "mandag", "tirsdag", "lørdag", "søndag",
    "maanantaina", "tiistaina", "keskiviikkona", "torstaina", "perjantaina", "понедельник", "вторник", "среду",
    "четверг", "пятницу", "субботу", "воскресенье", "hier", "ayer", "ieri", "gisteren", "ontem", "včera", "igår",
    "i går", "eilen", "вчера",
})  # fmt: skip
QUOTING = (
    "quoting ", "zitat von ", "zitiere ", "cytat z ", "cytuję ", "cytowanie ", "citando ", "citeren ", "citation de ",
    "cituji ", "citat ", "siterer ", "citerar ", "citerer ", "lainaus ", "цитирую ", "цитирование ",
)  # fmt: skip
# A line of its own between answer and original, as the text between its dashes.
ORIGINAL = frozenset({
    "original message", "original mail", "original email", "original e-mail", "original-nachricht",
    "originalnachricht", "ursprüngliche nachricht", "original appointment", "ursprünglicher termin",
    "oryginalny termin", "rendez-vous d’origine", "originale nachricht", "ursprüngliche mail", "ursprüngliche e-mail",
    "originalmail", "original-mail", "reply message", "antwort nachricht", "nachricht", "oryginalna wiadomość",
    "wiadomość oryginalna", "oryginalny list", "treść oryginalnej wiadomości", "wiadomość źródłowa",
    "message d'origine", "message d’origine", "message original", "message initial", "mail original",
    "courrier original", "message originale", "courriel original", "mensaje original", "mensaje originale",
    "mensaje de origen", "correo original", "messaggio originale", "messaggio originario", "messaggio di origine",
    "oorspronkelijk bericht", "origineel bericht", "oorspronkelijke bericht", "oorspronkelijke e-mail",
    "mensagem original", "mensagem de origem", "mensagem inicial", "původní zpráva", "původní e-mail",
    "puvodni zprava", "pôvodná správa", "ursprungligt meddelande", "originalmeddelande", "originalmeddelelse",
    "oprindelig meddelelse", "original meddelelse", "opprinnelig melding", "original melding", "opprinnelig e-post",
    "alkuperäinen viesti", "alkuperäinen sähköposti", "исходное сообщение", "оригинальное сообщение",
    "первоначальное сообщение", "исходное письмо", "вихідне повідомлення", "оригінальне повідомлення",
    "початкове повідомлення", "原始邮件", "邮件原件", "原始郵件", "原郵件", "回复的原邮件", "回复的邮件", "原始信息",
    "元のメッセージ", "元のメール", "オリジナル メッセージ", "オリジナルメッセージ", "original message follows",
    "eredeti üzenet", "eredeti levél", "özgün ileti", "orijinal mesaj", "orijinal ileti", "원본 메시지", "원본 메일",
    "받은 메일 내용", "mesaj original", "mesajul original", "αρχικό μήνυμα", "оригинално съобщение", "izvorna poruka",
    "originalna poruka", "izvirno sporočilo", "missatge original", "tin nhắn gốc", "thư gốc", "pesan asli",
    "הודעה מקורית", "الرسالة الأصلية", "پیام اصلی", "original", "oprindelig besked",
})  # fmt: skip
# Forwarded mail is what the message is about: it is never cut.
FORWARDED = frozenset({
    "forwarded message", "begin forwarded message", "forwarded mail", "forwarded email", "start of forwarded message",
    "weitergeleitete nachricht", "anfang der weitergeleiteten nachricht", "anfang der weitergeleiteten e-mail",
    "weitergeleitete mail", "weitergeleitete e-mail", "beginn der weitergeleiteten nachricht", "przekazana wiadomość",
    "wiadomość przekazana", "początek przekazywanej wiadomości", "przekazywana wiadomość",
    "treść przekazanej wiadomości", "message transféré", "message transmis", "début du message transféré",
    "début du message réexpédié", "début du message transmis", "message réexpédié", "mensaje reenviado",
    "inicio del mensaje reenviado", "messaggio inoltrato", "inizio messaggio inoltrato", "doorgestuurd bericht",
    "begin doorgestuurd bericht", "doorgestuurde bericht", "mensagem encaminhada", "mensagem reencaminhada",
    "início da mensagem encaminhada", "início da mensagem reencaminhada", "přeposlaná zpráva", "předávaná zpráva",
    "začátek přeposlané zprávy", "začátek přeposílané zprávy", "preposlaná správa", "vidarebefordrat meddelande",
    "vidarebefordrat brev", "början på vidarebefordrat meddelande", "videresendt meddelelse",
    "start på videresendt besked", "videresendt besked", "videresendt melding", "start på videresendt melding",
    "begynnelse på videresendt melding", "välitetty viesti", "edelleenlähetetty viesti", "välitetty viesti alkaa",
    "пересылаемое сообщение", "пересланное сообщение", "переадресованное сообщение",
    "начало переадресованного сообщения", "начало пересылаемого сообщения", "переслане повідомлення",
    "початок пересланого повідомлення", "转发的邮件", "转发邮件", "转发的原邮件", "轉寄郵件", "轉寄的郵件",
    "开始转发的邮件", "開始轉寄郵件", "転送メッセージ", "転送されたメッセージ", "továbbított üzenet",
    "iletilen mesaj", "iletilmiş mesaj", "전달된 메시지", "전달된 메일", "mesaj redirecționat", "προωθημένο μήνυμα",
    "započni proslijeđenu poruku", "proslijeđena poruka", "továbbított levél kezdete", "továbbított levél",
    "începe mesajul redirecționat", "začiatok preposlanej správy", "vidarebefordrat mejl", "ileti başlangıcı",
    "iletilen ileti", "початок листа, що пересилається", "перенаправлене повідомлення", "перенаправленное сообщение",
    "メッセージを転送", "wiadomość przesłana dalej",
})  # fmt: skip
# Said above earlier mail whose lines nobody marked: the answers stand in it, or it is what the message is about.
POINTS_BELOW = (
    "in red", "in blue", "in green", "in bold", "inline", "in-line", "in line with your", "answers below",
    "comments below", "replies below", "responses below", "see my answers", "see my comments", "between the lines",
    "in the text below", "in your mail below", "in rot", "in blau", "in grün", "rot markiert", "farbig", "im text",
    "in ihrer mail unten", "antworten unten", "antworten stehen unten", "siehe unten im", "zwischen den zeilen",
    "na czerwono", "na niebiesko", "na zielono", "w treści poniżej", "w tekście", "odpowiedzi poniżej", "en rouge",
    "en bleu", "dans le texte", "réponses ci-dessous", "en rojo", "en azul", "en el texto", "respuestas abajo",
    "in rosso", "in blu", "nel testo", "in het rood", "in rood", "in de tekst", "em vermelho", "no texto abaixo",
    "červeně", "v textu", "med rødt", "i rødt", "i teksten", "i rött", "med rött", "i texten", "punaisella",
    "красным", "в тексте", "红色", "紅色", "赤字",
)  # fmt: skip
ANSWERS = (
    "answer", "comment", "repl", "respon", "antwort", "kommentar", "anmerkung", "odpowied", "komentarz", "réponse",
    "commentaire", "respuesta", "rispost", "antwoord", "respost", "odpověd", "svar", "vastau", "ответ", "回复", "回答",
    "返信",
)  # fmt: skip
# The start of a subject that says the same.
FORWARD_SUBJECTS = (
    "fw", "fwd", "wg", "tr", "rv", "pd", "i", "doorst", "enc", "vs", "vb", "vl", "pfw", "转发", "轉寄", "転送", "転",
    "пересл", "továbbítás", "ilt", "전달", "redir.", "videresend", "tovább",
)  # fmt: skip
