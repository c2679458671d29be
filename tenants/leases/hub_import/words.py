"""The words of a Dutch workbook and what they stand for."""

from typing import NamedTuple

from spaces.models import SpaceKind
from spaces.money import VatTreatment
from tenants.leases.models import FixedDayPart, LeaseTerms

SPACE_KINDS = {
    "spreekkamer": SpaceKind.CONSULT_ROOM,
    "spreekkamers": SpaceKind.CONSULT_ROOM,
    "consult room": SpaceKind.CONSULT_ROOM,
    "spreekruimte": SpaceKind.CONSULT_ROOM,
    "consultkamer": SpaceKind.CONSULT_ROOM,
    "behandelkamer": SpaceKind.TREATMENT_ROOM,
    "behandelkamers": SpaceKind.TREATMENT_ROOM,
    "behandelruimte": SpaceKind.TREATMENT_ROOM,
    "treatment room": SpaceKind.TREATMENT_ROOM,
    "ontmoetingsruimte": SpaceKind.MEETING_AREA,
    "ontmoetingsruimten": SpaceKind.MEETING_AREA,
    "shared meeting area": SpaceKind.MEETING_AREA,
    "meeting area": SpaceKind.MEETING_AREA,
    "vergaderruimte": SpaceKind.MEETING_ROOM,
    "vergaderruimten": SpaceKind.MEETING_ROOM,
    "vergaderzaal": SpaceKind.MEETING_ROOM,
    "vergaderkamer": SpaceKind.MEETING_ROOM,
    "meeting room": SpaceKind.MEETING_ROOM,
    "vergaderruimtes": SpaceKind.MEETING_ROOM,
    "flexplek": SpaceKind.HOT_DESK,
    "flexplekken": SpaceKind.HOT_DESK,
    "flexwerkplek": SpaceKind.HOT_DESK,
    "werkplek": SpaceKind.HOT_DESK,
    "hot desk": SpaceKind.HOT_DESK,
    "kantoor": SpaceKind.OFFICE,
    "kantoren": SpaceKind.OFFICE,
    "kantoorruimte": SpaceKind.OFFICE,
    "office": SpaceKind.OFFICE,
    "algemeen": SpaceKind.GENERAL,
    "algemene ruimte": SpaceKind.GENERAL,
    "algemene ruimten": SpaceKind.GENERAL,
    "general": SpaceKind.GENERAL,
}


class FeatureWords(NamedTuple):
    """A feature: its code, and its names."""

    code: str
    nl: str
    en: str


_FEATURES = (
    FeatureWords("wifi", "wifi", "Wi-Fi"),
    FeatureWords("daylight", "daglicht", "daylight"),
    FeatureWords("projector", "beamer", "projector"),
    FeatureWords("hearing-loop", "ringleiding", "hearing loop"),
    FeatureWords("wheelchair-accessible", "rolstoeltoegankelijk", "wheelchair accessible"),
    FeatureWords("kitchen", "keuken", "kitchen"),
    FeatureWords("partition-wall", "scheidingswand", "partition wall"),
    FeatureWords("screen", "scherm", "screen"),
    FeatureWords("whiteboard", "whiteboard", "whiteboard"),
    FeatureWords("soundproof", "geluidsisolatie", "soundproof"),
    FeatureWords("wash-basin", "wastafel", "wash basin"),
    FeatureWords("treatment-couch", "behandelbank", "treatment couch"),
    FeatureWords("mirror-wall", "spiegelwand", "mirror wall"),
    FeatureWords("exercise-equipment", "oefenmateriaal", "exercise equipment"),
    FeatureWords("own-toilet", "eigen toilet", "own toilet"),
    FeatureWords("screened-from-view", "visueel afgeschermd", "screened from view"),
    FeatureWords("waiting-place", "wachtplek", "place to wait"),
    FeatureWords("scales", "weegschaal", "scales"),
    FeatureWords("play-corner", "speelhoek", "play corner"),
    FeatureWords("reception-desk", "balie", "reception desk"),
    FeatureWords("accessible-toilet", "invalidentoilet", "accessible toilet"),
    FeatureWords("play-materials", "spelmateriaal", "play materials"),
    FeatureWords("one-way-mirror", "observatiespiegel", "one-way mirror"),
    FeatureWords("quiet-workplace", "stiltewerkplek", "quiet workplace"),
    FeatureWords("sit-stand-desk", "zit-sta bureau", "sit-stand desk"),
    FeatureWords("air-conditioning", "airco", "air conditioning"),
    FeatureWords("lift", "lift", "lift"),
)
FEATURES = {words.nl: words for words in _FEATURES} | {words.en.casefold(): words for words in _FEATURES}
_SAME_FEATURE = {
    "wi-fi": "wifi",
    "rolstoel": "rolstoeltoegankelijk",
    "rolstoelvriendelijk": "rolstoeltoegankelijk",
    "projector": "beamer",
    "beeldscherm": "scherm",
    "tv-scherm": "scherm",
    "wasbak": "wastafel",
    "zit/sta-bureau": "zit-sta bureau",
    "zit-stabureau": "zit-sta bureau",
    "geluiddicht": "geluidsisolatie",
    "mindervalidentoilet": "invalidentoilet",
}
FEATURES |= {word: FEATURES[same] for word, same in _SAME_FEATURE.items()}
FEATURE_BY_CODE = {words.code: words for words in _FEATURES}

TENANT_GROUP, CARE_GROUP, EXTERNAL_GROUP = "huurder", "zzp-zorg", "extern"
RATE_GROUPS = {
    TENANT_GROUP: ("huurder", "tenant"),
    CARE_GROUP: ("zzp'er in de zorg", "self-employed in care"),
    EXTERNAL_GROUP: ("extern", "external"),
}
RATE_GROUP_WORDS = {
    "huurder": TENANT_GROUP,
    "huurders": TENANT_GROUP,
    "zzp-zorg": CARE_GROUP,
    "zzp zorg": CARE_GROUP,
    "zzp": CARE_GROUP,
    "zzp'er": CARE_GROUP,
    "zzp'er zorg": CARE_GROUP,
    "extern": EXTERNAL_GROUP,
    "externen": EXTERNAL_GROUP,
}
DAY_PARTS_IN_ENGLISH = {"ochtend": "morning", "middag": "afternoon", "avond": "evening", "nacht": "night"}

TENANT, SELF_EMPLOYED, EXTERNAL, VACANCY = "organisation", "self_employed", "external", "vacancy"
PARTY_KINDS = {
    "huurder": TENANT,
    "zzp'er": SELF_EMPLOYED,
    "extern": EXTERNAL,
    "vacature": VACANCY,
    "zzper": SELF_EMPLOYED,
    "zzp": SELF_EMPLOYED,
    "zelfstandige": SELF_EMPLOYED,
    "zzp-er": SELF_EMPLOYED,
    "externe partij": EXTERNAL,
    "gezocht": VACANCY,
    "tenant": TENANT,
}
GROUP_OF_PARTY = {TENANT: TENANT_GROUP, SELF_EMPLOYED: CARE_GROUP, EXTERNAL: EXTERNAL_GROUP}
NO_VAT_ID = ("kor", "geen", "vrijgesteld", "n.v.t", "nvt", "niet")

LEADING = {
    "jaar": LeaseTerms.Leading.YEAR,
    "termijn": LeaseTerms.Leading.INSTALMENT,
    "jaarhuur": LeaseTerms.Leading.YEAR,
    "per jaar": LeaseTerms.Leading.YEAR,
    "maand": LeaseTerms.Leading.INSTALMENT,
    "kwartaal": LeaseTerms.Leading.INSTALMENT,
    "per maand": LeaseTerms.Leading.INSTALMENT,
}
INVOICING = {
    "maand": LeaseTerms.Invoicing.MONTH,
    "kwartaal": LeaseTerms.Invoicing.QUARTER,
    "per maand": LeaseTerms.Invoicing.MONTH,
    "per kwartaal": LeaseTerms.Invoicing.QUARTER,
    "maandelijks": LeaseTerms.Invoicing.MONTH,
}
INDEXATION = {
    "geen": LeaseTerms.Indexing.NONE,
    "symmetrisch": LeaseTerms.Indexing.SYMMETRIC,
    "alleen omhoog": LeaseTerms.Indexing.UPWARD,
    "vast 2,5%": LeaseTerms.Indexing.FIXED,
}
LEASE_VAT = {
    "vrijgesteld": VatTreatment.EXEMPT_RENT,
    "belast (optie)": VatTreatment.OPTED_RENT,
    "belast": VatTreatment.OPTED_RENT,
    "optie": VatTreatment.OPTED_RENT,
    "btw-belast": VatTreatment.OPTED_RENT,
    "vrij van btw": VatTreatment.EXEMPT_RENT,
}
ON_CLOSURE = {
    "vervalt": FixedDayPart.OnClosure.LAPSES,
    "doorberekenen": FixedDayPart.OnClosure.CHARGED,
    "niet berekenen": FixedDayPart.OnClosure.LAPSES,
    "doorbelasten": FixedDayPart.OnClosure.CHARGED,
    "wel berekenen": FixedDayPart.OnClosure.CHARGED,
}
