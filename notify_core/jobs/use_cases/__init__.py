"""What is done with jobs."""

from notify_core.jobs.use_cases.authors import NameAuthors
from notify_core.jobs.use_cases.cancelling import CancelJob
from notify_core.jobs.use_cases.missing import FindMissingRows, WriteRowsThatAreMissing
from notify_core.jobs.use_cases.process import ProcessUploadedJob
from notify_core.jobs.use_cases.read import GetJob, JobView, ListJobs, WriteErrors, WriteResults
from notify_core.jobs.use_cases.retention import RemoveFilesOfLetterJobs, RemoveFilesOfSmsAndEmailJobs
from notify_core.jobs.use_cases.scheduled import StartScheduledJobs
from notify_core.jobs.use_cases.submit import JobRequest, SubmitJob
from notify_core.jobs.use_cases.watching import FindStuckJobs, ResumeJobs

__all__ = [
    "CancelJob",
    "FindMissingRows",
    "FindStuckJobs",
    "GetJob",
    "JobRequest",
    "JobView",
    "ListJobs",
    "NameAuthors",
    "ProcessUploadedJob",
    "RemoveFilesOfLetterJobs",
    "RemoveFilesOfSmsAndEmailJobs",
    "ResumeJobs",
    "StartScheduledJobs",
    "SubmitJob",
    "WriteErrors",
    "WriteResults",
    "WriteRowsThatAreMissing",
]
