"""Words that mean the same at most desks, in three languages. They are kept in settings from then on."""

from django.db import migrations

GERMAN = """
passwort, kennwort, password, passphrase, zugangswort
anmelden, anmeldung, einloggen, login, log-in, zugangsdaten
konto, benutzerkonto, account, benutzer, user, nutzer
gesperrt, blockiert, ausgesperrt
vergessen, zurücksetzen, reset, ändern, neu setzen
zwei faktor, 2fa, mfa, zwei schritte, zwei schritten, authenticator, authentifizierung, authentifizierungsapp, bestätigung in zwei schritten, codes
handy, smartphone, mobiltelefon, diensthandy, iphone, android
telefon, festnetz, apparat
rechner, computer, pc, notebook, laptop, arbeitsplatzrechner
akku, batterie
bildschirm, monitor, display, anzeige
extern, zweiter
drucker, druckgerät, multifunktionsgerät, plotter
treiber, gerätetreiber
papierstau, papier steckt, papier fest, stau
scannen, einscannen, scan, scanner
mail, email, nachricht, mailen, post
postfach, mailbox, posteingang, inbox
voll, läuft über, speicherplatz, überfüllt
gemeinsam, gruppe, team, funktionspostfach
signatur, unterschrift, fußzeile
abwesenheitsnotiz, urlaubsnotiz, abwesenheitsmeldung, abwesenheit, urlaub, autoresponder, automatische antwort
phishing, betrug, fishing, verdächtige mail, komische mail, seltsame mail
spam, junk, werbung, quarantäne
kommt nicht an, nicht angekommen, nicht erhalten
anhang, anlage, dateianhang
kalender, termin, outlook kalender
freigeben, freigabe, teilen, zugriff
buchen, reservieren, reservierung
besprechung, meeting, sitzung, konferenz, videokonferenz, teams, zoom
raum, besprechungsraum, meetingraum, konferenzraum
mikrofon, mikrophon, mikro, headset, hört mich nicht
ton, audio, lautsprecher, sound
langsam, lahm, träge, hängt, ruckelt
gestohlen, geklaut, diebstahl, entwendet
verloren, verlust, weg
mitarbeiter, kollege, kollegin, angestellter
neuer mitarbeiter, neue kollegin, neuer kollege, einstellung, eintritt, onboarding
verlässt die firma, kündigt, kündigung, austritt, ausscheiden, offboarding
software, programm, anwendung, app, applikation
installieren, installation, einrichten, aufspielen
beantragen, bestellen, anfordern
update, aktualisierung, patch
neustart, neu starten, reboot, startet neu
wiederherstellen, zurückholen, datenrettung, backup, sicherung
löschen, gelöscht, entfernt, verschwunden
laufwerk, netzlaufwerk, netzwerklaufwerk
verbinden, einbinden, mappen, anbinden
cloud, onedrive, sharepoint, dropbox, wolke
abgleichen, synchronisieren, synchronisiert, synchronisation, sync
groß, riesig, umfangreich
verschicken, senden, versenden, schicken
wlan, wifi, funknetz, drahtlos
internet, netz, netzwerk
gast, besucher, gäste
vpn, fernzugang, netzzugang, einwahl
homeoffice, zu hause, heimarbeit, daheim
bricht ab, abbruch, abbrüche, trennt sich, fliegt raus, verbindungsabbruch
rufumleitung, umleiten, weiterleiten, anrufweiterleitung, anrufumleitung
anrufbeantworter, sprachbox, voicemail, mailbox am telefon
browser, chrome, firefox, edge, safari
zwischenspeicher, cache, verlauf, cookies
webseite, seite, website, internetseite
zertifikat, nicht sicher, https
tastatur, keyboard
vertauscht, verstellt, falsche zeichen
verschlüsselung, bitlocker
usb stick, usb, speicherstick, datenträger
fernwartung, fernhilfe, teamviewer, fernzugriff, remote
"""
POLISH = """
hasło, password, kod dostępu
logować, logowanie, zalogować, login
konto, użytkownik
zablokowany, blokada, zablokować
zapomnieć, nie pamiętam, zapomniane, zapomniałem, zapomniałam, reset, zresetować, zmienić
dwuetapowa, dwuskładnikowe, 2fa, mfa, uwierzytelnianie, uwierzytelniająca, weryfikacja, kody
telefon, komórka, smartfon, iphone, android, telefon służbowy
komputer, laptop, notebook, pecet, pc
bateria, akumulator
ekran, monitor, wyświetlacz
drukarka, urządzenie wielofunkcyjne, ploter
sterownik, driver
zacięcie papieru, zacięcie, zaciął, papier się zaciął, papier utknął
skanować, skan, skaner, skanowanie
poczta, mail, email, wiadomość
skrzynka, skrzynka pocztowa, inbox
pełny, przepełniona, brak miejsca
wspólna, działu, zespołowa, grupowa
podpis, stopka, sygnatura
automatyczna odpowiedź, autoresponder, nieobecność, urlop
phishing, oszustwo, podejrzany, dziwny mail, wyłudzenie
spam, kwarantanna, śmieci
nie dotarła, nie doszedł, nie przyszedł, nie przychodzi
załącznik, plik
kalendarz, termin, terminarz
udostępnić, udostępnianie, dzielić, dostęp
rezerwacja, zarezerwować, zamówić
spotkanie, konferencja, wideokonferencja, teams, zoom
sala, pokój, sala konferencyjna
mikrofon, zestaw słuchawkowy, słuchawki, nie słychać
dźwięk, głośnik, audio
wolny, wolno, powolny, muli, zawiesza się
skradziony, ukraść, ukradli, kradzież
zgubić, zgubiony, zgubiłem, zgubiłam, utracony
pracownik, współpracownik, kolega, koleżanka, osoba
nowy pracownik, nowa osoba, zatrudnienie, onboarding
odchodzi z firmy, zwalnia się, zwolnienie, wypowiedzenie, odejście
oprogramowanie, program, aplikacja
zainstalować, instalacja, instalowanie, wgrać, skonfigurować, konfiguracja, ustawić
zamówić, prosić, wnioskować
aktualizacja, update, łatka
uruchomić ponownie, restart, ponowne uruchomienie
przywrócić, przywracanie, odzyskać, odzyskiwanie, kopia, kopia zapasowa, backup
usunąć, usunięty, skasować, skasowany
dysk sieciowy, zasób sieciowy
podłączyć, podłączanie, mapować, mapowanie
chmura, onedrive, sharepoint, dropbox
synchronizować, synchronizacja, synchronizuje
duży, wielki, za duży
wysłać, wysyłanie, przesłać
wifi, sieć bezprzewodowa, wlan
internet, sieć
gość, odwiedzający
vpn, zdalny dostęp
praca zdalna, z domu, home office
zrywa, rozłącza, przerywa
przekierować, przekierowanie, przekazać
połączenie, rozmowa
poczta głosowa, automatyczna sekretarka, nagranie
przeglądarka, chrome, firefox, edge, safari
pamięć podręczna, cache, ciasteczka, cookies
wyczyścić, czyszczenie
strona, witryna
certyfikat, niebezpieczna, ostrzeżenie
klawiatura, klawisze
znaki, litery
szyfrowanie, bitlocker
pendrive, usb, nośnik
pomoc zdalna, zdalny pulpit, teamviewer
"""
ENGLISH = """
password, passphrase, passcode, passwort
reset, forgotten, forgot, change, remember
sign in, login, log in, logon, credentials
account, user, profile
locked, blocked, lockout
two step, 2fa, mfa, two factor, authenticator, verification
phone, mobile, smartphone, cell, iphone, android
computer, pc, laptop, notebook, machine
battery, charger, power supply
screen, monitor, display
second, external
recognised, detected
printer, multifunction
paper jam, stuck paper, paper stuck
scan, scanner, scanning
mail, email, message
mailbox, inbox
full, quota, storage
shared, team, group
signature, footer
out of office, vacation, holiday, holidays, autoreply, automatic reply, away
phishing, fishing, scam, fraud, dodgy, suspicious, weird
spam, junk, quarantine
not arrived, never arrived, missing
attachment, file
calendar, appointment, appointments, calender
share, sharing, let see
book, reserve, reservation
meeting, conference, call, teams, zoom
room, meeting room, conference room
microphone, mic, headset, hears me
sound, audio, speaker
slow, sluggish, takes forever, laggy
stolen, theft, robbed
lost, missing
employee, colleague, starter, joiner
new employee, new colleague, new starter, onboarding, new hire
leaves, quitting, quits, leaver, offboarding, resigned, departure
software, program, app, application
install, installation, set up, setup
request, order
update, patch, upgrade
restart, reboot
restore, recover, recovery, backup
deleted, lost, removed
network drive, map drive, drive
cloud, onedrive, sharepoint, dropbox
synchronise, sync, synchronised, synchronising
large, big, huge
send, sending, transfer
wireless, wifi, wlan
guest, visitor, visitors
vpn, remote access
home, working from home, home office
drops, disconnects, disconnecting, disconnected
forward, forwarding, divert, redirect
voicemail, answering machine, voice box
browser, chrome, firefox, edge, safari
cache, cookies
web page, website, site, page
broken, white page, looks wrong
certificate, not secure, not private
keyboard, keys
encryption, bitlocker
usb stick, thumb drive, flash drive, usb
remote support, remote help, teamviewer, remote session
"""


def ship(apps, schema_editor):
    group = apps.get_model("answers", "SynonymGroup")
    group.objects.bulk_create(
        group(language=language, words="\n".join(word.strip() for word in line.split(",")))
        for language, lines in (("de", GERMAN), ("en", ENGLISH), ("pl", POLISH))
        for line in lines.strip().splitlines()
    )


class Migration(migrations.Migration):
    dependencies = [("answers", "0001_tables")]
    operations = [migrations.RunPython(ship, migrations.RunPython.noop)]
