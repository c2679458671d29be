"""Settings for checks that look at the code only: types and translations. No database is asked."""

import os

os.environ.update(PLEIN_EMBEDDED="1", DATABASE_URL="postgresql:///none", SECRET_KEY="only-for-checks-" * 5)

from config.settings import *
