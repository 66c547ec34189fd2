"""Which files may go, and what a link must be to open one."""

from notify_core.documents.policies.file_types import check_type, type_named
from notify_core.documents.policies.links import hash_of, is_key, link_to, new_key, pass_for, passes
from notify_core.documents.policies.uploads import LARGEST, check_set_up, read_uploads, refuse_files

__all__ = [
    "LARGEST",
    "check_set_up",
    "check_type",
    "hash_of",
    "is_key",
    "link_to",
    "new_key",
    "pass_for",
    "passes",
    "read_uploads",
    "refuse_files",
    "type_named",
]
