"""The names by which older dashboards know finished tasks: ``tasks.`` and the function that did the work."""

_SAME = (
    "check-for-missing-rows-in-completed-jobs",
    "check-for-services-with-high-failure-rates-or-sending-to-tv-numbers",
    "check-if-letters-still-in-created",
    "check-if-letters-still-pending-virus-check",
    "check-job-status",
    "collate-letter-pdfs-to-be-sent",
    "delete-inbound-sms",
    "delete-notifications-older-than-retention",
    "deliver_email",
    "deliver_sms",
    "get-pdf-for-templated-letter",
    "process-incomplete-jobs",
    "process-job",
    "process-returned-letters-list",
    "process-sanitised-letter",
    "process-sms-client-response",
    "process-virus-scan-error",
    "process-virus-scan-failed",
    "raise-alert-if-letter-notifications-still-sending",
    "record-daily-sorted-counts",
    "replay-created-notifications",
    "run-scheduled-jobs",
    "sanitise-letter",
    "save-daily-notification-processing-time",
    "send-broadcast-event",
    "send-broadcast-provider-message",
    "switch-current-sms-provider-on-slow-delivery",
    "tend-providers-back-to-middle",
    "trigger-link-test",
    "trigger-link-tests",
    "update-letter-notifications-statuses",
)
# Tasks that are in neither table are new: no dashboard waits for them.
OLD_NAMES = {
    **{task: task.replace("-", "_") for task in _SAME},
    "process-ses-result": "process_ses_results",
    "raise-alert-if-no-letter-ack-file": "letter_raise_alert_if_no_ack_file_for_zip",
    "remove_letter_jobs": "remove_letter_csv_files",
    "remove_sms_email_jobs": "remove_sms_email_csv_files",
    "send-complaint": "send_complaint_to_service",
    "send-delivery-status": "send_delivery_status_to_service",
    "send-inbound-sms": "send_inbound_sms_to_service",
    "timeout-sending-notifications": "timeout_notifications",
}


def old_name(name: str) -> str | None:
    """The old name of ``celery.{queue}.{task}.success``; None for every other metric."""
    if not (name.startswith("celery.") and name.endswith(".success")):
        return None
    function = OLD_NAMES.get(name.split(".")[-2])
    return f"tasks.{function}" if function else None
