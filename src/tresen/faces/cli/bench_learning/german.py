"""What people write to a desk in German: phrasings to learn from, and others, written apart, to be judged by."""

from __future__ import annotations

LEARNT = {
    "network": """
        VPN bricht ab | Die VPN-Verbindung bricht im Homeoffice alle zehn Minuten ab.
        Kein Internet in {p} | Seit heute früh gibt es in {p} kein Internet, keine Webseite wird geladen.
        WLAN sehr langsam | Das WLAN im zweiten Stock ist so langsam, dass niemand damit arbeiten kann.
        Netzlaufwerk fehlt | Mein Netzlaufwerk ist nach der Anmeldung nicht verbunden, der Pfad wird nicht gefunden.
        Server nicht erreichbar | Wir erreichen den Dateiserver nicht, ein Ping läuft in eine Zeitüberschreitung.
        Netzwerkdose tot | Die Netzwerkdose im Besprechungsraum {p} ist tot, am Kabel liegt es nicht.
        Firewall sperrt | Die Firewall sperrt den Port, den {p} für Aktualisierungen braucht.
        Gäste-WLAN | Bitte richten Sie für zwei Besucher einen Zugang zum Gäste-WLAN ein.
        Switch ausgefallen | Der Switch im Schrank leuchtet nicht mehr, der ganze Flur ist ohne Netz.
        Zertifikat im VPN-Client | Der VPN-Client meldet ein abgelaufenes Zertifikat und baut keinen Tunnel auf.
        Remotedesktop | Der Remotedesktop zu {p} friert ein und die Verbindung geht verloren.
        DNS | Namen unserer internen Seiten werden nicht aufgelöst, nur die IP-Adresse funktioniert.
    """,
    "phone": """
        Telefon ohne Freizeichen | Mein Tischtelefon hat kein Freizeichen, ich kann weder anrufen noch angerufen werden.
        Rufumleitung | Bitte leiten Sie Anrufe auf meine Durchwahl während meines Urlaubs auf {n} um.
        Headset knackt | Mit dem Headset hören Anrufer nur ein Knacken, der Hörer geht.
        Diensthandy klingelt nicht | Mein Diensthandy {p} klingelt bei Anrufen nicht mehr.
        SIM-Karte | Die SIM-Karte im Smartphone wird nicht erkannt, es gibt keinen Empfang.
        Anrufbeantworter | Nachrichten auf dem Anrufbeantworter meines Anschlusses kommen nicht an.
        Telefonkonferenz | In der Telefonkonferenz fliegen alle Teilnehmer nach einigen Minuten aus dem Gespräch.
        Falsche Durchwahl | Im Telefonbuch steht bei {n} die falsche Durchwahl.
        Hotline besetzt | Kunden sagen, unsere Hotline sei immer besetzt, obwohl niemand telefoniert.
        Roaming im Ausland | Ist mein Mobilfunkvertrag für Roaming im Ausland freigeschaltet?
    """,
    "printing": """
        Drucker druckt nicht | Der Drucker im dritten Stock druckt nicht, Aufträge bleiben in der Warteschlange.
        Papierstau | Der Drucker {p} meldet Papierstau, es steckt aber kein Papier darin.
        Toner leer | Der Toner am Multifunktionsgerät ist fast leer, bitte schwarze Kartuschen schicken.
        Streifen auf dem Ausdruck | Alle Ausdrucke haben graue Streifen am linken Rand der Seite.
        Scan an Mail | Das Scannen an eine Mailadresse scheitert am Kopierer mit einem Fehlercode.
        Druckertreiber | Bitte installieren Sie den Treiber für den Drucker {p} auf meinem Rechner.
        Beidseitig drucken | Beidseitiger Druck geht nicht, jedes Blatt wird einseitig gedruckt.
        Falsches Fach | Der Drucker zieht Papier aus dem falschen Fach und verlangt das Format A5.
        Etiketten | Der Etikettendrucker im Lager druckt die Strichcodes schief.
        Farbdruck | Meine Ausdrucke kommen schwarzweiß, obwohl Farbe gewählt ist.
    """,
    "computer": """
        Laptop startet nicht | Mein Laptop startet nicht mehr, der Bildschirm bleibt schwarz.
        Monitor flackert | Der externe Monitor flackert und geht an der Dockingstation aus.
        Tastatur defekt | Mehrere Tasten meiner Tastatur klemmen, seit Kaffee darüber gelaufen ist.
        Akku | Der Akku des Notebooks {p} hält nur noch zwanzig Minuten.
        Maus | Die Funkmaus reagiert nicht, Batterien habe ich schon gewechselt.
        Bluescreen | Der Rechner stürzt zweimal am Tag mit einem Bluescreen ab.
        Lüfter laut | Der Lüfter meines PCs ist extrem laut und das Gehäuse wird heiß.
        Webcam | Die im Laptop eingebaute Kamera wird nicht erkannt.
        Dockingstation | Nach dem Andocken des Notebooks werden an der Dockingstation keine Bildschirme gefunden.
        Festplatte voll | Die Festplatte meines Computers ist voll und klickt laut.
        Ladegerät | Das Netzteil meines Notebooks ist kaputt, ich brauche ein neues Ladegerät.
    """,
    "mail": """
        Postfach voll | Mein Postfach ist voll und ich kann keine E-Mails mehr senden.
        Outlook öffnet nicht | Outlook öffnet sich nicht, es hängt beim Laden des Profils.
        Mail kommt zurück | Mails an {n} kommen zurück mit dem Hinweis, der Empfänger sei unbekannt.
        Gemeinsames Postfach | Bitte geben Sie mir Zugriff auf das gemeinsame Postfach von {p}.
        Kalender | Termine in meinem Kalender werden nicht mit dem Handy abgeglichen.
        Abwesenheitsnotiz | Wie stelle ich eine Abwesenheitsnotiz für die E-Mails eines Kollegen ein?
        Anhang | Anhänge einer E-Mail lassen sich nicht öffnen, sie werden blockiert.
        Verteiler | Bitte nehmen Sie {n} in den E-Mail-Verteiler von {p} auf.
        Signatur | Unter meinen E-Mails steht die Signatur noch mit dem alten Logo.
        Posteingang | Eine Regel verschiebt alle Mails aus dem Posteingang in den falschen Ordner.
        Einladungen | Einladungen zu Besprechungen kommen im Posteingang der Teilnehmer nicht an.
    """,
    "access": """
        Passwort vergessen | Ich habe mein Passwort vergessen und kann mich nicht mehr anmelden.
        Konto gesperrt | Mein Benutzerkonto ist nach drei Fehlversuchen gesperrt.
        Kennwort zurücksetzen | Bitte setzen Sie das Kennwort für {p} zurück, der Link im Portal ist abgelaufen.
        Zweiter Faktor | Ich habe ein neues Handy, die Authenticator-App zeigt keinen Code für die Anmeldung.
        Berechtigung fehlt | Mir fehlt die Berechtigung für den Ordner von {p}, der Zugriff wird verweigert.
        Neue Kollegin | Am Montag beginnt eine neue Kollegin, {n}, sie braucht ein Benutzerkonto.
        Anmeldung nicht möglich | Die Anmeldung an {p} ist nicht möglich: Benutzername oder Passwort falsch.
        Austritt | {n} verlässt das Unternehmen, bitte das Konto zum Monatsende deaktivieren.
        Zugriffsrechte | Bitte geben Sie {n} Lese- und Schreibrechte für das Projektverzeichnis.
        Login abgelaufen | Es heißt, mein Login sei abgelaufen und das Passwort müsse geändert werden.
    """,
    "software": """
        Bitte {p} installieren | Bitte installieren Sie {p} auf meinem Arbeitsplatz, ich brauche es für ein Projekt.
        Lizenz abgelaufen | Die Lizenz von {p} ist abgelaufen, das Programm startet nur im Testmodus.
        Programm stürzt ab | Die Anwendung {p} stürzt ab, sobald ich eine Datei speichere.
        Update gescheitert | Das Update von {p} ist mit Fehler 1603 gescheitert.
        Makro in Excel | Das Excel-Makro für unsere Planung wird nicht mehr ausgeführt.
        Export | Der Export eines Berichts aus {p} als PDF ergibt ein leeres Dokument.
        Neue Version | Seit der neuen Version fehlt in der Anwendung der Knopf zum Importieren von Daten.
        Fehlermeldung | Beim Öffnen von {p} erscheint eine Fehlermeldung über eine fehlende Bibliothek.
        Browser | Die Webanwendung läuft nur im alten Browser, der neue Browser zeigt ein leeres Fenster.
        Lizenz für einen Kollegen | Wir brauchen eine weitere Lizenz von {p} für {n}.
        Word-Vorlage | Die Vorlage in Word öffnet sich ohne ihre Formatierung.
    """,
    "invoice": """
        Rechnung falsch | Der Betrag der Rechnung 4711 stimmt nicht, es wurde doppelt berechnet.
        Mahnung erhalten | Wir haben eine Zahlungserinnerung bekommen, obwohl wir letzte Woche bezahlt haben.
        Gutschrift | Bitte schicken Sie uns eine Gutschrift über die zurückgegebene Ware.
        Rechnungskopie | Ich brauche für die Buchhaltung eine Kopie der Rechnung vom März.
        Umsatzsteuernummer | Auf der Rechnung fehlt unsere Umsatzsteuernummer, bitte berichtigen Sie sie.
        Zahlungsziel | Welches Zahlungsziel gilt für uns, 14 oder 30 Tage?
        Erstattung | Wann wird der Betrag auf unser Konto erstattet?
        Rechnungsanschrift | Bitte ändern Sie unsere Rechnungsanschrift zum nächsten Monat.
        Lastschrift | Die Lastschrift kam von der Bank zurück, bitte buchen Sie die Zahlung erneut ab.
        Rabatt fehlt | Der vereinbarte Rabatt ist von der Rechnungssumme nicht abgezogen.
    """,
    "order": """
        Wo bleibt meine Bestellung | Meine Bestellung von letzter Woche ist noch nicht da, wo ist das Paket?
        Zehn Stühle bestellen | Wir möchten zehn {p} bestellen, bitte nennen Sie uns die Lieferzeit.
        Lieferung beschädigt | Die Lieferung kam in einem beschädigten Karton, ein Teil ist zerbrochen.
        Bestellung stornieren | Ich möchte meine Bestellung stornieren, bitte bestätigen Sie die Stornierung.
        Falscher Artikel | Sie haben den falschen Artikel geliefert, bestellt hatte ich {p}.
        Rücksendung | Wie kann ich die Ware zurückschicken, und wer zahlt den Versand?
        Angebot | Bitte machen Sie uns ein Angebot über zwanzig Stück {p}.
        Sendungsnummer | Die Sendungsnummer ist dem Paketdienst nicht bekannt.
        Lieferadresse | Die Lieferadresse muss vor dem Versand der Ware geändert werden.
        Unvollständig | Die Lieferung ist unvollständig, es fehlen zwei Pakete.
    """,
}

JUDGED = {
    "network": """
        Tunnel im Homeoffice | Arbeiten von zu Hause ist heute eine Qual: Der VPN-Tunnel fällt immer wieder zusammen.
        Ganze Filiale offline | Unsere Filiale {p} ist seit einer Stunde offline, weder Intranet noch Internetseiten.
        Funknetz schwach | In der Kantine ist der WLAN-Empfang schwach, Laptops verlieren ständig das Netz.
        Laufwerk verschwunden | Der Laufwerksbuchstabe H vom Server ist verschwunden, die Netzfreigabe fehlt.
        Dose patchen | Kann jemand die Netzwerkdose am Fenster patchen, es gibt keinen Link.
        Bandbreite | Herunterladen dauert ewig, die Internetleitung in {p} scheint gedrosselt zu sein.
    """,
    "phone": """
        Niemand kann mich anrufen | Anrufer hören das Besetztzeichen, mein Telefon bleibt den ganzen Tag still.
        Durchwahl umleiten | Meine Durchwahl soll bis Freitag zu {n} umgeleitet werden.
        Smartphone ohne Netz | Kein Empfang am dienstlichen Smartphone {p}, die SIM scheint tot zu sein.
        Ansage | Der Anrufbeantworter unserer Leitung spielt Anrufern noch die alte Ansage vor.
        Ton am Headset | Das Headset bleibt stumm, wenn ich einen Anruf annehme.
    """,
    "printing": """
        Es kommt nichts heraus | Ich schicke Dokumente und am Drucker kommt nichts heraus, Druckaufträge stauen sich.
        Kartusche | Eine neue Kartusche wird gebraucht, die Seiten sind blass und der Toner geht zur Neige.
        Scanner | Der Scanner am Kopierer zieht die Blätter schief ein, die Scans sind unlesbar.
        Schon wieder Stau | Im Druckgerät {p} hat sich wieder Papier im unteren Fach verklemmt.
        Drucken vom Tablet | Welchen Drucker kann ich zum Drucken vom Tablet benutzen?
    """,
    "computer": """
        Notebook tot | Beim Drücken des Einschaltknopfs passiert nichts, das Notebook {p} ist auch am Ladegerät tot.
        Zweiter Bildschirm | Kein Bild am zweiten Bildschirm, seit das Dock getauscht wurde.
        Eingefroren | Mein PC friert mehrmals in der Stunde ein und startet dann mit Bluescreen neu.
        Tasten | Die Leertaste ist von der Tastatur des Laptops abgefallen.
        Überhitzt | Das Gerät überhitzt, der Lüfter dröhnt und der Akku ist aufgebläht.
    """,
    "mail": """
        Senden geht nicht | Das Versenden von E-Mails wird abgelehnt, weil das Kontingent des Postfachs erreicht ist.
        Unzustellbar | Unsere E-Mails an {n} kommen als unzustellbar zurück.
        Gruppenpostfach | Ich sollte das Gruppenpostfach von {p} in Outlook sehen, es wird aber nicht angezeigt.
        Kranker Kollege | Für einen kranken Kollegen braucht es in Outlook eine Abwesenheitsnachricht.
        Termine doppelt | Jeder Termin erscheint nach dem Abgleich zweimal im Kalender.
    """,
    "access": """
        Ausgesperrt | Ich bin aus {p} ausgesperrt, weil ich das Passwort zu oft falsch getippt habe.
        Zugangsdaten | Meine Zugangsdaten werden abgelehnt, können Sie mein Konto zurücksetzen?
        Einarbeitung | {n} kommt nächste Woche zu uns: bitte Benutzer, Passwort und Rechte wie beim übrigen Team.
        Authenticator | Der Authenticator auf dem ersetzten Gerät liefert ungültige Codes, ich komme nicht hinein.
        Ordner | Der Zugriff auf den Ordner Controlling wird verweigert, ich brauche die Leseberechtigung.
    """,
    "software": """
        Installation von {p} | Könnte ich {p} installiert bekommen? Für die Installation fehlen mir Adminrechte.
        Testzeit vorbei | {p} sagt, die Testzeit sei vorbei, und fragt nach einem Lizenzschlüssel.
        Schließt von selbst | Das Programm schließt sich beim Speichern von selbst, ohne Fehlermeldung.
        Nach dem Upgrade | Nach dem Upgrade auf die neueste Version importiert {p} keine Daten mehr.
        Excel-Tabelle | Excel-Formeln zeigen einen Fehler, seit Makros durch ein Update abgeschaltet sind.
    """,
    "invoice": """
        Zu viel berechnet | Sie haben uns mehr berechnet als vereinbart, bitte prüfen Sie die Rechnung.
        Mahnschreiben | Uns erreichte eine Mahnung, die Zahlung ging aber pünktlich hinaus.
        Zweitschrift | Unsere Buchhaltung bittet um eine Zweitschrift der Rechnung aus dem letzten Quartal.
        Geld zurück | Die Rückerstattung ist noch immer nicht auf unserem Bankkonto.
        Steuersatz | Auf der Rechnung stehen der falsche Steuersatz und die falsche Rechnungsadresse.
    """,
    "order": """
        Paket verloren | Der Paketdienst hat das Paket verloren; wird die Ware noch einmal verschickt?
        Nachbestellung | Wir wollen fünf weitere {p} nachbestellen. Wie lange dauert die Lieferung zurzeit?
        Zerbrochen angekommen | Die Ware kam zerbrochen an, wir schicken die Lieferung zurück.
        Widerruf | Ich widerrufe meine Bestellung, weil der Artikel nicht mehr gebraucht wird.
        Offerte | Könnten Sie uns {p} anbieten, mit Versandkosten?
    """,
}
OPENINGS = {
    "learnt": ["Guten Tag,", "Hallo zusammen,", "Sehr geehrte Damen und Herren,", "Guten Morgen,", "Liebes Team,"],
    "judged": ["Moin,", "Servus,", "Hallo Support,", "Grüß Gott,"],
}
FILLERS = {
    "learnt": [
        "Gestern ging es noch.", "Können Sie mir bitte helfen?", "Neu gestartet habe ich schon alles.",
        "Wir haben heute einen Abgabetermin.", "Mehrere Kollegen haben dasselbe gemeldet.",
        "Bei uns wurde nichts geändert.", "Bitte sagen Sie mir, was Sie von mir brauchen.",
        "Über eine schnelle Antwort würde ich mich freuen.",
    ],
    "judged": [
        "Das geht schon seit dem Wochenende so.", "Für jeden Rat bin ich dankbar.", "Ich bin bis vier im Büro.",
        "Es ist für uns ziemlich dringend.", "Auch mein Chef fragt danach.", "Was soll ich noch versuchen?",
    ],
}  # fmt: skip
CLOSINGS = {
    "learnt": ["Mit freundlichen Grüßen", "Vielen Dank", "Beste Grüße", "Danke im Voraus"],
    "judged": ["Schöne Grüße", "Hochachtungsvoll", "Alles Gute", "Herzlichen Dank"],
}
