"""What people write to a desk in Polish: phrasings to learn from, and others, written apart, to be judged by."""

from __future__ import annotations

LEARNT = {
    "network": """
        VPN się rozłącza | Połączenie VPN zrywa się co dziesięć minut, kiedy pracuję z domu.
        Brak internetu w {p} | Od rana w {p} nie ma internetu, żadna strona się nie ładuje.
        Wolne WiFi | Sieć bezprzewodowa na drugim piętrze jest tak wolna, że nie da się pracować.
        Brak dysku sieciowego | Po zalogowaniu dysk sieciowy nie jest podłączony, nie znaleziono ścieżki.
        Serwer nieosiągalny | Nie możemy połączyć się z serwerem plików, ping kończy się przekroczeniem czasu.
        Martwe gniazdko sieciowe | Gniazdko sieciowe w sali {p} nie działa, kabel jest dobry.
        Zapora blokuje | Zapora blokuje port, którego {p} potrzebuje do aktualizacji.
        WiFi dla gości | Proszę o dostęp do sieci WiFi dla dwóch gości.
        Awaria przełącznika | Przełącznik w szafie nie świeci i cały korytarz jest bez sieci.
        Certyfikat klienta VPN | Klient VPN zgłasza, że certyfikat wygasł, i nie zestawia tunelu.
        Pulpit zdalny | Pulpit zdalny do {p} zawiesza się i połączenie jest tracone.
        DNS | Nazwy stron wewnętrznych nie są rozwiązywane, działa tylko adres IP.
    """,
    "phone": """
        Telefon bez sygnału | Mój telefon stacjonarny nie ma sygnału, nie mogę dzwonić ani odbierać.
        Przekierowanie rozmów | Proszę przekierować rozmowy z mojego numeru wewnętrznego na {n} na czas urlopu.
        Trzaski w słuchawkach | Przez zestaw słuchawkowy rozmówcy słyszą tylko trzaski, słuchawka działa.
        Komórka nie dzwoni | Moja komórka służbowa {p} nie dzwoni przy połączeniach.
        Karta SIM | Karta SIM w smartfonie nie jest rozpoznawana, nie ma zasięgu.
        Poczta głosowa | Nie dostaję wiadomości z poczty głosowej na moim numerze telefonu.
        Telekonferencja | W telekonferencji po kilku minutach wszystkich wyrzuca z rozmowy.
        Zły numer wewnętrzny | W książce telefonicznej {n} ma zły numer wewnętrzny.
        Infolinia zajęta | Klienci mówią, że infolinia jest zawsze zajęta, choć nikt nie rozmawia.
        Roaming | Czy mój abonament komórkowy ma włączony roaming za granicą?
    """,
    "printing": """
        Drukarka nie drukuje | Drukarka na trzecim piętrze nie drukuje, zadania zostają w kolejce.
        Zacięcie papieru | Drukarka {p} zgłasza zacięcie papieru, choć nic w niej nie utknęło.
        Brak tonera | W urządzeniu wielofunkcyjnym kończy się toner, proszę o czarne kasety.
        Smugi na wydruku | Wszystkie wydruki mają szare smugi po lewej stronie kartki.
        Skan na pocztę | Skanowanie na adres mailowy kończy się na kopiarce kodem błędu.
        Sterownik drukarki | Proszę zainstalować sterownik do drukarki {p} na moim komputerze.
        Druk dwustronny | Druk dwustronny nie działa, każda kartka drukuje się jednostronnie.
        Zły podajnik | Drukarka bierze papier ze złego podajnika i żąda formatu A5.
        Etykiety | Drukarka etykiet w magazynie krzywo drukuje kody kreskowe.
        Wydruk kolorowy | Wydruki są czarno-białe, choć wybrano kolor.
    """,
    "computer": """
        Laptop nie startuje | Mój laptop się nie uruchamia, ekran zostaje czarny.
        Monitor miga | Zewnętrzny monitor miga i wyłącza się po podłączeniu do stacji dokującej.
        Uszkodzona klawiatura | Kilka klawiszy klawiatury się zacina, odkąd wylała się na nią kawa.
        Bateria | Bateria notebooka {p} trzyma tylko dwadzieścia minut.
        Myszka | Myszka bezprzewodowa nie reaguje, baterie już wymieniłem.
        Niebieski ekran | Komputer dwa razy dziennie zawiesza się z niebieskim ekranem.
        Głośny wentylator | Wentylator mojego komputera jest bardzo głośny, a obudowa się nagrzewa.
        Kamera | Kamera wbudowana w laptopa nie jest wykrywana.
        Stacja dokująca | Po zadokowaniu notebooka stacja dokująca nie widzi ekranów.
        Dysk pełny | Dysk twardy komputera jest pełny i głośno klika.
        Ładowarka | Zasilacz notebooka się zepsuł, potrzebuję nowej ładowarki.
    """,
    "mail": """
        Skrzynka pełna | Moja skrzynka jest pełna i nie mogę wysyłać e-maili.
        Outlook się nie otwiera | Outlook się nie otwiera, zawiesza się przy ładowaniu profilu.
        Zwrot maila | Maile do {n} wracają z informacją, że odbiorca jest nieznany.
        Wspólna skrzynka | Proszę o dostęp do wspólnej skrzynki pocztowej {p}.
        Kalendarz | Spotkania z kalendarza nie synchronizują się z telefonem.
        Autoodpowiedź | Jak ustawić w poczcie odpowiedź o nieobecności za chorego kolegę?
        Załącznik | Nie mogę otworzyć załączników maila, są zablokowane.
        Lista dystrybucyjna | Proszę dodać {n} do listy dystrybucyjnej {p}.
        Stopka | Stopka pod moimi mailami ma jeszcze stare logo.
        Skrzynka odbiorcza | Reguła przenosi całą pocztę ze skrzynki odbiorczej do złego folderu.
        Zaproszenia | Zaproszenia na spotkania nie docierają do skrzynek uczestników.
    """,
    "access": """
        Zapomniane hasło | Zapomniałem hasła i nie mogę się już zalogować.
        Konto zablokowane | Moje konto użytkownika zostało zablokowane po trzech nieudanych próbach.
        Reset hasła | Proszę zresetować hasło do {p}, link w portalu wygasł.
        Drugi składnik | Mam nowy telefon i aplikacja uwierzytelniająca nie pokazuje kodu do logowania.
        Brak uprawnień | Nie mam uprawnień do folderu {p}, odmowa dostępu.
        Nowa koleżanka | W poniedziałek zaczyna nowa koleżanka, {n}, potrzebuje konta użytkownika.
        Logowanie niemożliwe | Nie można zalogować się do {p}: błędna nazwa użytkownika lub hasło.
        Odejście | {n} odchodzi z firmy, proszę dezaktywować konto z końcem miesiąca.
        Prawa dostępu | Proszę nadać {n} prawa odczytu i zapisu w katalogu projektu.
        Login wygasł | Pojawia się informacja, że login wygasł i trzeba zmienić hasło.
    """,
    "software": """
        Proszę o instalację {p} | Proszę zainstalować {p} na moim stanowisku, potrzebuję tego programu do projektu.
        Licencja wygasła | Licencja na {p} wygasła, program uruchamia się tylko w trybie próbnym.
        Program się zamyka | Aplikacja {p} wysypuje się przy zapisywaniu pliku.
        Nieudana aktualizacja | Aktualizacja {p} nie powiodła się, błąd 1603.
        Makro w Excelu | Makro Excela do planowania przestało się wykonywać.
        Eksport | Eksport raportu z {p} do PDF daje pusty dokument.
        Nowa wersja | Od nowej wersji w aplikacji brakuje przycisku importu danych.
        Komunikat o błędzie | Przy otwieraniu {p} pojawia się komunikat o błędzie brakującej biblioteki.
        Przeglądarka | Aplikacja działa tylko w starej przeglądarce, nowa przeglądarka pokazuje puste okno.
        Licencja dla kolegi | Potrzebujemy jeszcze jednej licencji na {p} dla {n}.
        Szablon Worda | Szablon w Wordzie otwiera się bez formatowania.
    """,
    "invoice": """
        Błędna faktura | Kwota na fakturze 4711 się nie zgadza, naliczono ją podwójnie.
        Wezwanie do zapłaty | Otrzymaliśmy przypomnienie o płatności, choć zapłaciliśmy w zeszłym tygodniu.
        Nota kredytowa | Proszę o fakturę korygującą za zwrócony towar.
        Kopia faktury | Potrzebuję kopii faktury za marzec dla księgowości.
        NIP | Na fakturze brakuje naszego numeru NIP, proszę o korektę.
        Termin płatności | Jaki termin płatności nas obowiązuje, 14 czy 30 dni?
        Zwrot pieniędzy | Kiedy kwota zostanie zwrócona na nasze konto?
        Adres do faktury | Proszę zmienić adres do faktury od przyszłego miesiąca.
        Polecenie zapłaty | Bank odrzucił polecenie zapłaty, proszę ponownie pobrać należność.
        Brak rabatu | Uzgodniony rabat nie został odliczony od sumy faktury.
    """,
    "order": """
        Gdzie moje zamówienie | Zamówienie z zeszłego tygodnia jeszcze nie dotarło, gdzie jest paczka?
        Zamówienie krzeseł | Chcielibyśmy zamówić dziesięć {p}, proszę podać czas dostawy.
        Uszkodzona dostawa | Dostawa przyszła w uszkodzonym kartonie, jedna sztuka jest rozbita.
        Anulowanie | Chcę anulować zamówienie, proszę o potwierdzenie anulowania.
        Zły artykuł | Dostarczono zły artykuł, zamawiałem {p}.
        Zwrot towaru | Jak mogę odesłać towar i kto płaci za przesyłkę?
        Oferta | Proszę o ofertę na dwadzieścia sztuk {p}.
        Numer przesyłki | Numer przesyłki nie jest znany kurierowi.
        Adres dostawy | Adres dostawy trzeba zmienić przed wysyłką towaru.
        Niekompletna przesyłka | Przesyłka jest niekompletna, brakuje dwóch paczek.
    """,
}

JUDGED = {
    "network": """
        Tunel w domu | Praca zdalna to dziś męka: tunel VPN ciągle pada.
        Cały oddział offline | Nasz oddział {p} od godziny nie ma połączenia, nie działa intranet ani internet.
        Słaby zasięg WiFi | W stołówce jest słabe WiFi, laptopy gubią sieć.
        Zniknął udział | Udział na serwerze zniknął, dysku H nie ma wśród miejsc sieciowych.
        Gniazdko | Czy ktoś może podpiąć gniazdko sieciowe przy oknie, nie ma linku.
        Przepustowość | Pobieranie trwa wieki, łącze internetowe w {p} jest chyba dławione.
    """,
    "phone": """
        Nikt się nie dodzwoni | Dzwoniący słyszą sygnał zajętości, mój telefon milczy cały dzień.
        Przekierowanie | Mój numer wewnętrzny ma być do piątku przekierowany do {n}.
        Smartfon bez zasięgu | Służbowy smartfon {p} nie ma zasięgu, karta SIM chyba padła.
        Zapowiedź | Poczta głosowa naszej linii odtwarza dzwoniącym starą zapowiedź.
        Dźwięk w słuchawkach | Słuchawki milczą, kiedy odbieram rozmowę telefoniczną.
    """,
    "printing": """
        Nic nie wychodzi | Wysyłam dokumenty i z drukarki nic nie wychodzi, kolejka wydruków rośnie.
        Kaseta | Potrzebna nowa kaseta, kartki są blade, a tonera jest mało.
        Skaner | Skaner w kopiarce krzywo wciąga kartki, skany są nieczytelne.
        Znowu się zacięła | W urządzeniu drukującym {p} znów zaciął się papier w dolnym podajniku.
        Drukowanie z tabletu | Której drukarki mogę użyć do drukowania z tabletu?
    """,
    "computer": """
        Notebook nie żyje | Po naciśnięciu włącznika nic się nie dzieje, notebook {p} nie działa nawet na ładowarce.
        Drugi ekran | Brak obrazu na drugim ekranie, odkąd wymieniono stację.
        Zawiesza się | Komputer zawiesza się kilka razy na godzinę i restartuje z niebieskim ekranem.
        Klawisze | Z klawiatury laptopa odpadła spacja.
        Przegrzewanie | Sprzęt się przegrzewa, wentylator wyje, a bateria spuchła.
    """,
    "mail": """
        Nie mogę wysłać | Wysyłanie e-maili jest odrzucane, bo limit skrzynki został osiągnięty.
        Niedostarczone | Nasze e-maile do {n} wracają jako niedostarczone.
        Skrzynka grupowa | Powinnam widzieć w Outlooku skrzynkę grupową {p}, ale jej nie ma.
        Chora koleżanka | Dla chorej koleżanki trzeba ustawić w Outlooku informację o nieobecności.
        Podwójne spotkania | Każde spotkanie po synchronizacji pojawia się w kalendarzu dwa razy.
    """,
    "access": """
        Nie mogę wejść | Zablokowało mnie w {p}, bo za wiele razy wpisałem złe hasło.
        Dane logowania | Moje dane logowania są odrzucane, czy można zresetować konto?
        Wdrożenie | {n} dołącza za tydzień: proszę o użytkownika, hasło i uprawnienia jak reszta zespołu.
        Kody | Aplikacja uwierzytelniająca na wymienionym urządzeniu daje błędne kody, nie mogę się zalogować.
        Folder | Odmowa dostępu do folderu kontrolingu, potrzebuję uprawnienia do odczytu.
    """,
    "software": """
        Instalacja {p} | Czy mogę prosić o zainstalowanie {p}? Do instalacji brakuje mi praw administratora.
        Koniec okresu próbnego | {p} twierdzi, że okres próbny minął, i pyta o klucz licencji.
        Sam się zamyka | Program sam się zamyka podczas zapisu, bez komunikatu o błędzie.
        Po aktualizacji | Po przejściu na najnowszą wersję {p} nie importuje danych.
        Arkusz Excela | Formuły Excela pokazują błąd, odkąd aktualizacja wyłączyła makra.
    """,
    "invoice": """
        Za dużo policzono | Naliczono nam więcej, niż uzgodniono, proszę sprawdzić fakturę.
        Monit | Dostaliśmy wezwanie do zapłaty, a płatność wyszła na czas.
        Duplikat | Nasza księgowość prosi o duplikat faktury z poprzedniego kwartału.
        Pieniądze | Zwrot pieniędzy wciąż nie wpłynął na nasze konto bankowe.
        Stawka VAT | Na fakturze jest zła stawka podatku i zły adres firmy.
    """,
    "order": """
        Zgubiona paczka | Kurier zgubił paczkę; czy towar będzie wysłany jeszcze raz?
        Domówienie | Chcemy domówić pięć kolejnych {p}. Ile teraz trwa dostawa?
        Rozbite | Towar przyszedł rozbity, odsyłamy dostawę.
        Odstąpienie | Rezygnuję z zamówienia, bo artykuł nie jest już potrzebny.
        Wycena | Czy mogą Państwo przygotować ofertę na {p} razem z przesyłką?
    """,
}
OPENINGS = {
    "learnt": ["Dzień dobry,", "Szanowni Państwo,", "Witam,", "Cześć,", "Drogi zespole,"],
    "judged": ["Dobry wieczór,", "Hej,", "Do działu wsparcia,", "Witajcie,"],
}
FILLERS = {
    "learnt": [
        "Wczoraj jeszcze działało.", "Czy mogą Państwo pomóc?", "Wszystko już zrestartowałem.",
        "Mamy dziś ważny termin.", "Kilka osób zgłasza to samo.", "U nas nic nie było zmieniane.",
        "Proszę dać znać, czego Państwo potrzebują.", "Będę wdzięczna za szybką odpowiedź.",
    ],
    "judged": [
        "Trwa to już od weekendu.", "Każda rada się przyda.", "Jestem w biurze do szesnastej.",
        "To dla nas dość pilne.", "Szef też o to pyta.", "Co jeszcze mam sprawdzić?",
    ],
}  # fmt: skip
CLOSINGS = {
    "learnt": ["Pozdrawiam", "Z poważaniem", "Dziękuję", "Z góry dziękuję"],
    "judged": ["Serdeczności", "Miłego dnia", "Z wyrazami szacunku", "Pozdrowienia"],
}
