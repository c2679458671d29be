import sys
from pathlib import Path

from config.embedded.start import main

sys.exit(main(Path(__file__).resolve().parents[2]))
