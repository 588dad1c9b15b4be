"""What people write to a desk in English: phrasings to learn from, and others, written apart, to be judged by.

A line is a subject and a sentence; `{p}` stands for a product or a place.
"""

from __future__ import annotations

LEARNT = {
    "network": """
        VPN drops | The VPN connection breaks off every ten minutes when I work from home.
        No internet in {p} | Since this morning there is no internet in {p}, web pages do not load at all.
        Wi-Fi very slow | The wireless network on the second floor is so slow that nobody can work with it.
        Network drive missing | My network drive is not connected after I log on, Windows says the path was not found.
        Cannot reach the server | We cannot reach the file server, a ping only gives timeouts.
        LAN socket dead | The network socket in meeting room {p} is dead, the cable is fine.
        Firewall blocks us | The firewall blocks the port that {p} needs for its updates.
        Guest WLAN | Could you please set up access to the guest WLAN for two visitors?
        Switch failed | The switch in the cabinet shows no lights and the whole corridor is offline.
        VPN client certificate | The VPN client says that the certificate has expired and does not build up a tunnel.
        Remote desktop interrupted | Remote desktop to {p} freezes and the connection is lost.
        DNS problem | Names of our internal sites are not resolved, only the IP address works.
    """,
    "phone": """
        Desk phone without dial tone | My desk phone has no dial tone, I can neither call nor be called.
        Call forwarding | Please forward calls to my extension to {n} while I am on holiday.
        Headset crackles | With the headset callers hear only a crackle, the handset works.
        New mobile | My company mobile phone {p} does not ring any more when someone calls.
        SIM card | The SIM card in my smartphone is not recognised, there is no reception.
        Voicemail | I do not get the voicemail messages on my telephone line.
        Conference calls | In conference calls all participants are thrown out of the call after some minutes.
        Extension wrong | The phone directory shows the wrong extension for {n}.
        Hotline busy | Customers say that our hotline is always busy although nobody is on the line.
        Roaming abroad | Is my mobile contract enabled for roaming when I travel abroad?
    """,
    "printing": """
        Printer does not print | The printer on the third floor does not print, jobs stay in the queue.
        Paper jam | The {p} printer reports a paper jam but there is no paper stuck in it.
        Toner empty | Toner is nearly empty on our multifunction device, please send black cartridges.
        Streaks on the page | All prints have grey streaks on the left side of the page.
        Scan to mail | Scanning to a mail address fails on the copier, it shows an error code.
        Printer driver | Please install the driver for the printer {p} on my computer.
        Double-sided printing | Double-sided printing is not possible, every sheet is printed on one side.
        Wrong tray | The printer takes paper from the wrong tray and asks for A5 format.
        Labels | The label printer in the warehouse prints the barcodes crooked.
        Printout in colour | My printouts come out in black and white though colour is selected.
    """,
    "computer": """
        Laptop does not start | My laptop does not start any more, the screen stays black.
        Monitor flickers | The external monitor flickers and turns off when connected by the docking station.
        Keyboard broken | Several keys of my keyboard are stuck since coffee was spilled.
        Battery | The battery of the notebook {p} lasts only for twenty minutes.
        Mouse | The wireless mouse does not react, I have changed the batteries already.
        Blue screen | The computer crashes with a blue screen two times a day.
        Fan is loud | The fan of my PC is extremely loud and the case gets hot.
        Webcam | The camera built into the laptop is not recognised.
        Docking station | After docking the notebook no screens are found at the docking station.
        Hard disk full | The hard disk of my computer is full and it makes clicking noises.
        Charger | The power supply of my notebook is broken, I need a new charger.
    """,
    "mail": """
        Mailbox full | My mailbox is full and I cannot send e-mails any more.
        Outlook does not open | Outlook does not open, it hangs while loading the profile.
        Mail returned | Mails to {n} come back with a message that the recipient is unknown.
        Shared mailbox | Please give me access to the shared mailbox of {p}.
        Calendar | Appointments in my calendar are not synchronised with my phone.
        Out of office | How do I set an out of office reply for the e-mail of a sick colleague?
        Attachment | I cannot open attachments of an e-mail, they are blocked.
        Distribution list | Please add {n} to the distribution list of {p}.
        Signature | The signature under my e-mails is shown with the old logo.
        Inbox rule | A rule moves all incoming mail from my inbox into the wrong folder.
        Meeting invitation | Invitations to meetings do not arrive in the inbox of the participants.
    """,
    "access": """
        Password forgotten | I have forgotten my password and cannot log in any more.
        Account locked | My user account is locked after three failed attempts.
        Reset of password | Please reset the password for {p}, the link in the portal has expired.
        Second factor | I have a new phone and the authenticator app shows no code for the login.
        Permission missing | I have no permission to open the folder of {p}, access is denied.
        New colleague | A new colleague, {n}, starts on Monday and needs a user account.
        Sign in not possible | Sign in to {p} is not possible: user name or password incorrect.
        Leaving | {n} leaves the company, please deactivate the account at the end of the month.
        Access rights | Please give {n} read and write rights for the project directory.
        Login expired | It says that my login has expired and the password must be changed.
    """,
    "software": """
        Please install {p} | Please install {p} on my workstation, I need it for a project.
        Licence expired | The licence of {p} has expired and the program starts only in trial mode.
        Program crashes | The application {p} crashes as soon as I save a file.
        Update failed | The update of {p} failed with error 1603.
        Macro in Excel | The Excel macro that we use for planning is no longer executed.
        Export | Exporting a report from {p} as PDF gives an empty document.
        New version | Since the new version the button to import data is missing in the application.
        Error message | When I open {p} an error message about a missing library is shown.
        Browser | The web application only works in the old browser, the new browser shows a blank window.
        Licence for a colleague | We need one more licence of {p} for {n}.
        Word template | The template in Word is opened without its formatting.
    """,
    "invoice": """
        Invoice wrong | The amount on the invoice 4711 is not right, we were charged twice.
        Reminder received | We have received a payment reminder although we paid last week.
        Credit note | Please send a credit note for the returned goods.
        Copy of invoice | I need a copy of the invoice for March for our accounting.
        VAT number | Our VAT number is missing on the invoice, please correct the invoice.
        Payment terms | Which terms of payment apply to us, 14 or 30 days?
        Refund | When will the amount be refunded to our account?
        Billing address | Please change our billing address as of next month.
        Direct debit | The direct debit was returned by the bank, please collect the payment again.
        Discount missing | The discount we agreed is not deducted from the invoice total.
    """,
    "order": """
        Where is my order | My order from last week has not arrived yet, where is the parcel?
        Order ten chairs | We would like to order ten {p}, please tell us the delivery time.
        Delivery damaged | The delivery came with a damaged box and one item is broken.
        Cancel the order | I want to cancel my order, please confirm the cancellation.
        Wrong article | You have delivered the wrong article, I had ordered {p}.
        Return | How can I return the goods, and who pays for shipping?
        Quote | Please make us a quote for twenty pieces of {p}.
        Tracking number | The tracking number you sent is not known to the carrier.
        Delivery address | The delivery address must be changed before the goods are shipped.
        Incomplete shipment | The shipment is incomplete, two packages are missing.
    """,
}

JUDGED = {
    "network": """
        Tunnel from home office | Working remotely is a pain today: the VPN tunnel collapses again and again.
        Whole branch offline | Our branch {p} has been offline for an hour, neither intranet nor websites open.
        WiFi reception poor | Poor WiFi in the canteen, laptops keep losing the wireless signal.
        Share not mapped | The share on the server is not mapped, drive letter H has vanished from my network places.
        Patch cable | Can someone patch the network port next to the window, there is no link.
        Bandwidth | Downloading takes forever, the internet bandwidth at {p} seems to be throttled.
    """,
    "phone": """
        Nobody can call me | Callers hear an engaged tone, my telephone stays silent all day.
        Redirect extension | My extension should be redirected to {n} until Friday.
        Smartphone lost signal | No reception on the business smartphone {p}, the SIM seems to be dead.
        Mailbox of the phone | The answering machine of our line plays the old announcement to callers.
        Sound of headset | The headset stays mute when I answer a phone call.
    """,
    "printing": """
        Nothing comes out | I send documents and nothing comes out of the printer, the print queue keeps growing.
        Cartridge | A new cartridge is needed, the pages come out pale and toner is reported low.
        Scanner | The scanner of the copier pulls the sheets in crooked, scans are unreadable.
        Jammed again | The printing device {p} has jammed again, paper sticks in the lower tray.
        Printing from tablet | Which printer can I use for printing from my tablet?
    """,
    "computer": """
        Notebook dead | Pressing the power button does nothing, the notebook {p} is dead even with the charger.
        Second screen | No picture on my second screen since the dock was swapped.
        Freezes | My PC freezes several times an hour and then restarts with a blue screen.
        Keys | The space key came off the keyboard of the laptop.
        Overheating | The machine overheats, the fan roars and the battery is swollen.
    """,
    "mail": """
        Cannot send | Sending e-mails is refused because the quota of the mailbox is reached.
        Undeliverable | Our e-mails to {n} are bounced as undeliverable.
        Group mailbox | I should see the group mailbox of {p} in Outlook, but it is not listed.
        Sick colleague | For a sick colleague an out of office message is needed in Outlook.
        Appointments twice | Every appointment appears twice in the calendar after syncing.
    """,
    "access": """
        Locked out | I am locked out of {p} because I typed the password wrongly too many times.
        Credentials | My credentials are refused, could you reset my account?
        Onboarding | {n} joins us next week: user, password and rights as for the rest of the team please.
        Authenticator | The authenticator on the replaced device gives invalid codes, I cannot log on.
        Folder | Access to the controlling folder is denied, I need the permission of a reader.
    """,
    "software": """
        Installation of {p} | Could I have {p} installed? I have no admin rights for the installation.
        Trial period over | {p} tells me the trial is over and asks for a licence key.
        Closes by itself | The program closes by itself while saving, no error is displayed.
        After the upgrade | After the upgrade to the latest version {p} does not import any data.
        Excel sheet | Excel formulas show an error since macros were disabled by an update.
    """,
    "invoice": """
        Charged too much | You have charged us more than agreed, please check the invoice.
        Dunning letter | A dunning letter reached us, but the payment was made on time.
        Duplicate of bill | Our accounting asks for a duplicate invoice of last quarter.
        Money back | The refund still has not reached our bank account.
        Tax | The wrong tax rate and billing address are printed on the invoice.
    """,
    "order": """
        Parcel lost | The carrier has lost the parcel; will the goods be shipped a second time?
        Ordering more | We want to order five more {p}. How long does delivery take at the moment?
        Broken on arrival | The goods arrived broken, we are sending the delivery back.
        Withdraw | I withdraw from my order because the article is no longer needed.
        Offer | Could you make an offer for {p}, with shipping included?
    """,
}
OPENINGS = {
    "learnt": ["Hello,", "Dear all,", "Good morning,", "Hi team,", "To whom it may concern,"],
    "judged": ["Good afternoon,", "Hey,", "Dear support,", "Greetings,"],
}
FILLERS = {
    "learnt": [
        "It worked fine yesterday.", "Can you help me, please?", "I have already restarted everything.",
        "We have a deadline today.", "Several colleagues have told me the same.", "Nothing was changed on our side.",
        "Please let me know what you need from me.", "I would be glad about a quick answer.",
    ],
    "judged": [
        "This has been going on since the weekend.", "Any advice is welcome.", "I am in the office until four.",
        "It is rather urgent for us.", "My boss is asking about it, too.", "What else should I try?",
    ],
}  # fmt: skip
CLOSINGS = {
    "learnt": ["Kind regards", "Thanks a lot", "Best wishes", "Many thanks in advance"],
    "judged": ["Cheers", "Yours sincerely", "All the best", "With thanks"],
}
