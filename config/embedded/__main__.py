import sys
from pathlib import Path

from config.embedded import payments
from config.embedded.start import main

wants_payments = sys.argv[1:] == [payments.WORD]
sys.exit(
    main(Path(__file__).resolve().parents[2], told=payments.settings if wants_payments else payments.none)
)
