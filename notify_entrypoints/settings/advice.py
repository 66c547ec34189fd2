"""What a deployment may choose, and had better know about."""

from collections.abc import Mapping

from notify_entrypoints.settings.model import AdapterChoice, Settings

# Each keeps its files in a folder of the data directory when nobody says where.
_FOLDERS = {"letter_store": "letters", "recipient_files": "jobs' files", "documents": "files by email"}


def warnings(settings: Settings) -> Mapping[str, str]:
    """What is right on one machine or for trying and hardly ever elsewhere, by the name of the part."""
    found: dict[str, str] = {}
    if settings.adapters["task_queue"][0].name != "embedded":
        found |= _of_several_machines(settings)
    if settings.live and (chosen := settings.adapters["tickets"][0].name) in {"console", "memory"}:
        found["tickets"] = f"NOTIFY_TICKETS={chosen} calls nobody: whoever is on call must read the log"
    if settings.live and settings.adapters["virus_scanner"][0].name == "none":
        found["virus_scanner"] = "NOTIFY_VIRUS_SCANNER=none: files go to recipients as they come"
    return found


def _is_folder_of_this_machine(choice: AdapterChoice) -> bool:
    return choice.name == "directory" and not choice.options.get("path")


def _of_several_machines(settings: Settings) -> dict[str, str]:
    found: dict[str, str] = {}
    if settings.embedded_database:
        found["database"] = "SQLite is a file of this machine: processes on other machines need PostgreSQL"
    if settings.live and _is_folder_of_this_machine(settings.adapters["letter_printer"][0]):
        found["letter_printer"] = (
            "NOTIFY_LETTER_PRINTER=directory: zips stay on the machine of the worker that packs them"
        )
    for port, what in _FOLDERS.items():
        (choice,) = settings.adapters[port]
        if _is_folder_of_this_machine(choice):
            variable = f"NOTIFY_{port.upper()}"
            found[port] = (
                f"{variable}=directory keeps {what} in the data directory of this machine, where workers on other "
                f"machines do not find them: choose s3, or name a folder that all share with {variable}_PATH"
            )
    return found
