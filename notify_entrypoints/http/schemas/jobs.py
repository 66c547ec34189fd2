"""Jobs: uploads of CSV files."""

from notify_entrypoints.http.schemas.accounts import CREATED_BY, WRITTEN
from notify_entrypoints.http.schemas.parts import (
    MOMENT,
    MOMENT_ASKED,
    TEXT,
    UUID,
    WHOLE,
    Schema,
    a_list,
    an_object,
    answered,
    described,
    one_of,
    or_null,
)
from notify_entrypoints.http.schemas.reading import LINKS

SUBMIT_JOB = an_object(
    {
        "template_id": UUID,
        "created_by": CREATED_BY,
        "original_file_name": WRITTEN,
        "csv": described(TEXT, "The file: headings, then a row for each message; 100,000 rows at most."),
        "scheduled_for": described(or_null(MOMENT_ASKED), "When it begins, within seven days; else at once."),
        "sender_id": described(or_null(UUID), "An SMS sender, or a reply-to address; else the default one."),
    },
    ("template_id", "created_by", "original_file_name", "csv"),
    title="SubmitJob",
)

LIST_JOBS = an_object({"older_than": described(UUID, "The last job of the page before.")})

STATUS: Schema = one_of(
    "scheduled", "pending", "in progress", "finished", "cancelled", "sending limits exceeded", "error"
)

_FIELDS: dict[str, Schema] = {
    "id": UUID,
    "job_status": STATUS,
    "notification_count": described(WHOLE, "How many rows are not blank."),
    "original_file_name": TEXT,
    "template": UUID,
    "template_version": WHOLE,
    "created_at": MOMENT,
    "scheduled_for": or_null(MOMENT),
    "processing_started": or_null(MOMENT),
    "processing_finished": or_null(MOMENT),
}

JOB = answered(_FIELDS, title="Job")

JOBS = answered({"jobs": a_list(JOB, maxItems=50), "links": LINKS}, title="Jobs")

_STATISTIC = answered({"status": TEXT, "count": WHOLE})
_ERROR = answered(
    {
        "row": described(WHOLE, "Counted from 1 beneath the headings, blank rows too."),
        "column": described(or_null(TEXT), "As the template calls it; null: it is wrong with the whole row."),
        "message": TEXT,
    }
)

JOB_WITH_NUMBERS = answered(
    {
        **_FIELDS,
        "statistics": described(a_list(_STATISTIC), "How many of its messages there are, by status."),
        "errors": described(a_list(_ERROR, maxItems=1000), "The first 1,000; all of them are in errors.csv."),
    },
    title="JobWithNumbers",
)
