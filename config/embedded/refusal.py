"""Why the embedded run does not start, told to a person together with what to do about it: one class a reason."""

import errno
from pathlib import Path

from config.wording import in_words


class StartRefused(Exception):
    """The start cannot go on. `str()` is a sentence in the language of the terminal, with the way out in it."""

    def __init__(self, nl: str, en: str) -> None:
        super().__init__(in_words(nl, en))


class PythonTooOld(StartRefused):
    def __init__(self, found: str) -> None:
        way_out = "make run PYTHON=python3.12"
        super().__init__(
            f"Plein heeft Python 3.11 of nieuwer nodig; dit is {found}. Installeer een nieuwere: {way_out}",
            f"Plein needs Python 3.11 or newer; this is {found}. Install a newer one: {way_out}",
        )


class NoVenv(StartRefused):
    def __init__(self, minor: str) -> None:
        way_out = f"sudo apt install python{minor}-venv"
        super().__init__(
            f"Python mist zijn onderdeel 'venv'. Op Debian of Ubuntu: {way_out}",
            f"Python lacks its part 'venv'. On Debian or Ubuntu: {way_out}",
        )


class NotInstalled(StartRefused):
    def __init__(self, what: str, said: str) -> None:
        super().__init__(
            f"'{what}' is mislukt. Is er internet, en 500 MB ruimte op de schijf? Daarna nog eens 'make run'.\n{said}",
            f"'{what}' failed. Is there internet, and 500 MB of room on the disk? Then 'make run' again.\n{said}",
        )


class NoStandIn(StartRefused):
    def __init__(self) -> None:
        super().__init__(
            "De nagebouwde betaalpagina (tests/stand_in) is er niet. Haal heel Plein op, of start met 'make run'.",
            "The imitation payment page (tests/stand_in) is missing. Get the whole of Plein, or use 'make run'.",
        )


class NoPostgres(StartRefused):
    def __init__(self) -> None:
        super().__init__(
            "Geen PostgreSQL 15 of nieuwer gevonden. Draai 'make run' opnieuw (dat installeert er een), installeer\n"
            "het pakket 'postgresql', of zet PLEIN_PG_BIN op de map waar initdb en postgres in staan.",
            "No PostgreSQL 15 or newer found. Run 'make run' again (it installs one), install the package\n"
            "'postgresql', or set PLEIN_PG_BIN to the folder that holds initdb and postgres.",
        )


class OtherVersion(StartRefused):
    def __init__(self, data: Path, *, made_by: str, found: int | None) -> None:
        super().__init__(
            f"De gegevens in {data} zijn van PostgreSQL {made_by}, gevonden is {found}.\n"
            f"Zet PLEIN_PG_BIN op de map met de programma's van {made_by}, of verplaats {data} om leeg te beginnen.",
            f"The data in {data} belong to PostgreSQL {made_by}, found is {found}.\n"
            f"Set PLEIN_PG_BIN to the folder with the programs of {made_by}, or move {data} away to start empty.",
        )


class NotForAnInstallation(StartRefused):
    def __init__(self) -> None:
        super().__init__(
            "DATABASE_URL is gezet: dat is de database van een echte installatie, en 'make run' zou er voorbeelden in\n"
            "zetten met bekende wachtwoorden. Haal hem weg: env -u DATABASE_URL make run\n"
            "Een installatie start u zoals docs/operations.md zegt.",
            "DATABASE_URL is set: that is the database of a real installation, and 'make run' would put examples\n"
            "in it with well-known passwords. Take it away: env -u DATABASE_URL make run\n"
            "docs/operations.md tells how to start an installation.",
        )


class SocketFolderTaken(StartRefused):
    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"{folder} is van iemand anders. Haal die map weg, of zet PLEIN_VAR op een map met een korte naam.",
            f"{folder} belongs to somebody else. Remove that folder, or set PLEIN_VAR to a folder with a short name.",
        )


class NoIdentity(StartRefused):
    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"PostgreSQL weigert als root te draaien. Deze machine staat geen user namespaces toe, en in {folder}\n"
            "mag een andere gebruiker niet komen. Start als gewone gebruiker, of zet PLEIN_VAR op een map\n"
            "als /srv/plein.",
            f"PostgreSQL refuses to run as root. This machine allows no user namespaces, and {folder} is closed\n"
            "to other users. Start as an ordinary user, or set PLEIN_VAR to a folder like /srv/plein.",
        )


class NotMade(StartRefused):
    def __init__(self, log: Path, said: str) -> None:
        super().__init__(
            f"De database kan niet worden gemaakt. Is er ruimte op de schijf? Zie {log}:\n{said}",
            f"The database cannot be made. Is there room on the disk? See {log}:\n{said}",
        )


class DatabaseSilent(StartRefused):
    def __init__(self, log: Path, said: str) -> None:
        full = "No space left" in said
        super().__init__(
            f"De database start niet.{' De schijf is vol.' if full else ''} Zelf zegt zij in {log}:\n{said}",
            f"The database does not start.{' The disk is full.' if full else ''} In {log} it says:\n{said}",
        )


class DatabaseBusy(StartRefused):
    def __init__(self, holder: str) -> None:
        super().__init__(
            f"De database hoort bij {holder}, maar antwoordt niet. Wacht even, of stop die eerst.",
            f"The database belongs to {holder} but does not answer. Wait a moment, or stop that first.",
        )


class RunsAlready(StartRefused):
    def __init__(self, holder: str) -> None:
        way_out = "PLEIN_VAR=var2 PORT=8001 make run"
        super().__init__(
            f"Plein draait hier al: {holder}.\nStop dat met Ctrl-C in dat venster. "
            f"Een tweede Plein ernaast krijgt een eigen map en poort:\n    {way_out}",
            f"Plein already runs here: {holder}.\nStop it with Ctrl-C in its window. "
            f"A second Plein beside it gets a folder and a port of its own:\n    {way_out}",
        )


class PortNotANumber(StartRefused):
    def __init__(self, raw: str) -> None:
        super().__init__(
            f"PORT is '{raw}'; dat moet een getal van 1 tot 65535 zijn. Bijvoorbeeld: PORT=8001 make run",
            f"PORT is '{raw}'; it must be a number from 1 to 65535. For example: PORT=8001 make run",
        )


class PortNotForUs(StartRefused):
    def __init__(self, port: int) -> None:
        super().__init__(
            f"Poort {port} mag alleen door de beheerder worden gebruikt. Kies een hogere: PORT=8001 make run",
            f"Port {port} is for the administrator only. Choose a higher one: PORT=8001 make run",
        )


class PortInUse(StartRefused):
    def __init__(self, port: int, *, free: int) -> None:
        super().__init__(
            f"Poort {port} is in gebruik door een ander programma. Kies een andere:\n    PORT={free} make run",
            f"Port {port} is in use by another program. Choose another:\n    PORT={free} make run",
        )


class NotPrepared(StartRefused):
    def __init__(self) -> None:
        super().__init__(
            "Het klaarmaken is niet gelukt; hierboven staat waarom. De stap die mislukte heeft niets veranderd.",
            "Preparing failed; the reason is above. The step that failed changed nothing.",
        )


class WebSilent(StartRefused):
    def __init__(self, log: Path) -> None:
        super().__init__(
            f"De website antwoordt niet. In {log} staat wat er mis is.",
            f"The website does not answer. {log} says what is wrong.",
        )


class SystemRefused(StartRefused):
    """The operating system said no: a full disk, a folder that may not be written to."""

    def __init__(self, fault: OSError) -> None:
        if fault.errno == errno.ENOSPC:
            super().__init__(
                "De schijf is vol. Maak ruimte (minstens 500 MB) en start opnieuw; er is niets verloren.",
                "The disk is full. Make room (500 MB at least) and start again; nothing is lost.",
            )
        elif fault.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
            super().__init__(
                f"In {fault.filename} mag niet worden geschreven. Maak die map van u (chown), "
                "of zet PLEIN_VAR op een andere map.",
                f"{fault.filename} may not be written to. Make the folder yours (chown), "
                "or set PLEIN_VAR to another folder.",
            )
        else:
            super().__init__(str(fault), str(fault))
