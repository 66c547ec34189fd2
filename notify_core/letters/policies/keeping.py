"""How long is kept what printing leaves behind, besides the letters themselves."""

from datetime import timedelta
from typing import Final

# Print runs with their zips, and what is known of response files: a letter takes weeks to come back.
PRINT_RECORDS: Final = timedelta(days=90)
# Sorted and unsorted letters by day: postage is reckoned up by years.
SORTED_COUNTS: Final = timedelta(days=400)
