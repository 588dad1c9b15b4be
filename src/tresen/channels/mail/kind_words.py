"""The words by which automatic mail is told where no header says so: lower case, as they stand at the start."""

from __future__ import annotations

import re

# First words of a subject. A "Re: Out of Office hours" is a person's.
AUTO_SUBJECTS = (
    "automatic reply", "automatic response", "auto reply", "auto-reply", "autoreply", "auto response", "auto-response",
    "autoresponse", "automated reply", "automated response", "out of office", "out-of-office",
    "away from my office", "away from the office", "away from my mail", "on vacation", "vacation reply",
    "vacation response", "on holiday until", "ooo:", "ooo -", "absence notification",
    "automatische antwort", "automatische rückantwort", "automatische abwesenheit", "abwesenheitsnotiz",
    "abwesenheitsmeldung", "abwesenheitsbenachrichtigung", "abwesenheitsassistent", "abwesenheit", "abwesend",
    "nicht im büro", "nicht im hause", "außer haus", "urlaubsbenachrichtigung",
    "odpowiedź automatyczna", "automatyczna odpowiedź", "autoodpowiedź", "auto-odpowiedź", "poza biurem",
    "nieobecność", "nieobecny",
    "réponse automatique", "absence du bureau", "message d'absence", "message d’absence", "absent du bureau",
    "notification d'absence", "notification d’absence", "accusé de réception automatique",
    "respuesta automática", "respuesta automatica", "fuera de la oficina", "fuera de oficina", "ausente de la oficina",
    "risposta automatica", "fuori sede", "fuori ufficio", "assenza dall'ufficio", "assenza dall’ufficio",
    "automatisch antwoord", "automatische reactie", "afwezig", "afwezigheid", "niet aanwezig:",
    "resposta automática", "resposta automatica", "fora do escritório", "ausência temporária", "ausência do escritório",
    "automatická odpověď", "automatická odpoveď", "mimo kancelář", "nepřítomnost",
    "automatiskt svar", "frånvaro", "autosvar", "automatisk svar", "fraværende", "ikke til stede", "fravær:",
    "automaattinen vastaus", "poissaoloviesti", "poissa toimistosta",
    "автоответ", "автоматический ответ", "автоматична відповідь", "автоматичен отговор", "вне офиса",
    "自动回复", "自动答复", "自動回覆", "自動返信", "自動応答", "不在通知", "不在のお知らせ", "자동 회신", "부재중",
    "automatikus válasz", "házon kívül", "otomatik yanıt", "ofis dışında", "răspuns automat", "αυτόματη απάντηση",
    "automatski odgovor", "samodejni odgovor",
)  # fmt: skip
# Bare words that people use as well: they count only as a label, before a colon or alone.
BARE_SUBJECTS = frozenset(
    """abwesenheit abwesend nieobecność nieobecny afwezig afwezigheid frånvaro fraværende nepřítomnost""".split()
)
# How some programs begin it: "AUTO: …", or with the name of who is away.
AUTO_SUBJECT_FORMS = re.compile(
    r"auto ?: .{0,120}\b(?:out of the office|away|absent|abwesend|nicht im büro|nieobecn)"
    r"|[\w.,' -]{1,60} (?:is|ist|jest|est) (?:out of (?:the )?office|currently away|nicht im (?:büro|haus)|außer haus"
    r"|poza biurem|nieobecn[ya]|absente?)\b",
    re.IGNORECASE,
)
# How a subject of a mail that came back begins.
UNDELIVERED_SUBJECTS = (
    "undeliver", "undeliverable", "delivery status notification", "delivery failure", "delivery failed",
    "delivery has failed", "delivery notification", "delivery problem", "delivery error", "delivery delayed",
    "mail delivery", "message delivery failure", "email delivery failure", "mail not delivered",
    "mail could not be delivered", "mail failed", "mail failure", "mail error", "mail system error",
    "message status - undeliverable", "message undeliverable", "message not delivered", "non-delivery", "nondelivery",
    "non delivery", "failed mail", "failed delivery", "failure notice", "failure delivery", "returned mail",
    "returned message", "returned to sender", "permanent delivery failure", "automatically rejected mail",
    "processing error", "warning: message", "warning: could not send", "warning - delayed", "warning: e-mail",
    "warning: mail", "your message couldn", "your message could not be delivered", "your mail could not be delivered",
    "could not deliver", "email delivery",
    "user unknown", "unzustellbar", "unzustellbarkeit", "zustellung fehlgeschlagen", "zustellungsfehler",
    "mailzustellung fehlgeschlagen", "fehler bei der zustellung", "benachrichtigung zum übermittlungsstatus",
    "zustellstatusbenachrichtigung", "nie można dostarczyć", "nie dostarczono", "niedostarcz",
    "niedoręczona wiadomość", "niedoręczalne", "powiadomienie o stanie doręczenia", "błąd doręczenia",
    "zwrot wiadomości", "non remis", "non distribuable", "échec de la remise", "échec d'envoi", "avis de non-remise",
    "notification d'état de remise", "no se puede entregar", "no entregado", "no se ha podido entregar",
    "notificación de estado de entrega", "error de entrega", "non recapitabile", "impossibile recapitare",
    "mancato recapito", "notifica di mancata consegna", "notifica sullo stato del recapito", "onbestelbaar",
    "niet te bestellen", "bezorging mislukt", "não é possível entregar", "não entregue", "falha na entrega",
    "falha no envio", "nedoručitelné", "nedoručitelná", "nelze doručit", "kan inte levereras", "kan ikke leveres",
    "kunne ikke leveres", "olevererbart", "uleveret", "undelivered",
    "недоставлен", "не удается доставить", "недоставка", "ваше сообщение не доставлено", "сообщение не доставлено",
    "无法送达", "未送达", "系统退信", "退信", "邮件传输失败", "無法傳遞", "未傳遞", "配信不能", "送信できません",
    "配信できませんでした", "返送", "배달되지 않음", "반송",
)  # fmt: skip
# First words of a text that tells of a mail that came back, with the family they are known by.
FAMILIES = (
    ("hi. this is the", "qmail"),
    ("i'm afraid i wasn't able to deliver", "qmail"),
    ("i wasn't able to deliver your message", "qmail"),
    ("this message was created automatically by mail delivery software", "Exim"),
    ("a message that you sent could not be delivered", "Exim"),
    ("this is the mail system at host", "Postfix"),
    ("this is the postfix program at host", "Postfix"),
    ("the original message was received at", "Sendmail"),
    ("the following addresses had permanent fatal errors", "Sendmail"),
    ("**** this is a warning message only", "Sendmail"),
    ("this is a warning message only", "Sendmail"),
    ("your message did not reach some or all of the intended recipients", "Exchange"),
    ("delivery has failed to these recipients", "Exchange"),
    ("your message couldn't be delivered", "Exchange"),
    ("your message wasn't delivered", "Exchange"),
    ("your message to ", "Exchange"),
    ("your message", "Domino"),
    ("diese nachricht konnte nicht zugestellt werden", "Exchange"),
    ("fehler bei der nachrichtenzustellung an folgende empfänger", "Exchange"),
    ("fehler bei der zustellung der nachricht", "Exchange"),
    ("ihre nachricht hat einige oder alle empfänger nicht erreicht", "Exchange"),
    ("ihre nachricht konnte nicht zugestellt werden", "Exchange"),
    ("ihre nachricht an ", "Exchange"),
    ("nie można dostarczyć wiadomości do następujących adresatów", "Exchange"),
    ("dostarczenie do tych adresatów lub grup nie powiodło się", "Exchange"),
    ("twoja wiadomość do ", "Exchange"),
    ("échec de la remise à ces destinataires", "Exchange"),
    ("votre message n'a pas pu être remis", "Exchange"),
    ("error de entrega a estos destinatarios", "Exchange"),
    ("no se pudo entregar el mensaje", "Exchange"),
    ("il recapito non è riuscito per questi destinatari", "Exchange"),
    ("bezorging is mislukt voor deze geadresseerden", "Exchange"),
    ("falha na entrega a estes destinatários", "Exchange"),
    ("doručení těmto příjemcům nebo skupinám se nezdařilo", "Exchange"),
    ("сбой доставки следующим получателям", "Exchange"),
    ("each of the following recipients was rejected by a remote mail server", "KDDI"),
    ("could not be delivered to the following", "KDDI"),
    ("the user(s) account is temporarily over quota", "KDDI"),
    ("this report relates to a message you sent with the following header fields", "X.400"),
    ("this is an automatically generated delivery status notification", "IIS"),
    ("delivery to the following recipient", "a large provider"),
    ("** address not found **", "a large provider"),
    ("** message blocked **", "a large provider"),
    ("** message not delivered **", "a large provider"),
    ("** delivery incomplete **", "a large provider"),
    ("address not found", "a large provider"),
    ("message blocked", "a large provider"),
    ("sorry, we were unable to deliver your message", "a large provider"),
    ("unable to deliver message to the following address", "a large provider"),
    ("message from yahoo", "a large provider"),
    ("your mail to the following recipients could not be delivered", "a large provider"),
    ("the following message could not be delivered", "a large provider"),
    ("die nachricht, die sie verschickt haben, konnte einem oder mehreren empfängern nicht zugestellt", "GMX"),
    ("this message was created automatically by mail delivery system", "GMX"),
    ("a message that you have sent could not be delivered", "GMX"),
    ("это письмо создано автоматически сервером", "a large provider"),
    ("the attached message had permanent fatal delivery errors", "MDaemon"),
    ("mailenable: message could not be delivered", "MailEnable"),
    ("this is a delivery failure notification message", "a gateway"),
    ("****** message from interscan", "a gateway"),
    ("message from interscan", "a gateway"),
    ("------ failed recipients", "a gateway"),
    ("failed recipients", "a gateway"),
    ("--- non-delivery report", "a gateway"),
    ("non-delivery report", "a gateway"),
    ("could not deliver message to the following recipient", "a gateway"),
    ("message not delivered to the following", "a gateway"),
    ("the message that you sent was undeliverable", "a gateway"),
    ("the following recipients did not receive", "a gateway"),
    ("mail delivery failed", "a gateway"),
    ("undeliverable address:", "a gateway"),
    ("your mail cannot be delivered", "a gateway"),
)  # fmt: skip
# Says that it has not arrived yet, and is still being tried.
DELAYED = re.compile(
    r"not yet been delivered|(?:will|attempts will) (?:continue|keep|be retried|retry|try again)|warning message only"
    r"|has been (?:postponed|delayed)|delayed (?:\d+|delivery)|delivery (?:is )?delayed|you do not need to resend"
    r"|wird weiter versucht|verzögert|noch nicht zugestellt|zostanie ponowiona|opóźni|temporarily undelivered",
    re.IGNORECASE,
)
# A filter in front of a mailbox that wants the sender to prove himself first.
CHALLENGES = (
    "has been received but has not yet been delivered to the recipient because",
    "this account is protected by", "is protected by a spam", "protected by spam arrest", "spamarrest",
    "please confirm your message", "requires confirmation of your", "to have your message delivered, please",
    "your address added to the recipient's allowed list", "your message is being held until you confirm",
    "confirm that you are a human", "uses a challenge", "challenge/response", "challenge-response", "tmda",
    "bestätigen sie bitte, dass sie kein spam", "um ihre nachricht zuzustellen, bestätigen sie",
    "proszę potwierdzić, że nie jest to spam", "aby wiadomość została dostarczona, proszę",
    "active spam killer", "boxbe.com", "uolfilter", "antispam uol", "mailinblack", "vade retro challenge",
    "pour que votre message soit remis", "cliquez sur ce lien pour que votre message",
)  # fmt: skip
CHALLENGE_HEADERS = (
    "X-Boxbe-Challenge",
    "X-Spamarrest-Challenge",
    "X-TMDA-Confirm",
    "X-ASK-Auth",
    "X-Challenge-Response",
)
