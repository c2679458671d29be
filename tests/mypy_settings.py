"""What the type checker reads the settings from: it needs no database, only the names."""

import os

os.environ.update(PLEIN_EMBEDDED="1", DATABASE_URL="postgresql:///types", SECRET_KEY="only-for-types-" * 5)

from config.settings import *
