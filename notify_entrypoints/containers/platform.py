"""The table of parts. Adapters come from the settings, use cases from adapters."""

from typing import Any

from dependency_injector import containers, providers
from flask import Flask

from notify_adapters.cap import lxml_reader
from notify_adapters.clock import system as system_clock
from notify_adapters.geometry import shapely_smoother
from notify_adapters.random_source import system as system_random
from notify_adapters.secrets.aes_gcm import AesGcmSecrets
from notify_adapters.storage.sql.daily_limits import SqlDailyLimits
from notify_adapters.storage.sql.ledger import SqlTaskLedger
from notify_adapters.storage.sql.recent_reading import RecentStorage
from notify_adapters.storage.sql.unit_of_work import SqlStorage
from notify_adapters.storage.sql.wake import Wake, make_wake
from notify_core.accounts import use_cases as accounts
from notify_core.accounts.use_cases import (
    api_keys,
    guests,
    idempotency,
    people,
    reply_tos,
    services,
    sms_senders,
)
from notify_core.accounts.use_cases import callbacks as wanted_callbacks
from notify_core.alarms import use_cases as alarms
from notify_core.broadcasts.use_cases import (
    audited,
    change_status,
    create_message,
    dry_run,
    edit_message,
    link_tests,
    list_broadcasts,
    read_messages,
    replay,
    restrictions,
    revise,
    set_broadcast_service,
    show_broadcast,
)
from notify_core.broadcasts.use_cases import submit_cap as cap
from notify_core.callbacks import use_cases as callback_acts
from notify_core.documents import use_cases as files
from notify_core.housekeeping.use_cases import failed_rows, provisioning
from notify_core.housekeeping.use_cases import templates as writing_templates
from notify_core.inbound import use_cases as inbound
from notify_core.jobs import use_cases as jobs
from notify_core.letters.use_cases import accepting as accepting_letters
from notify_core.letters.use_cases import answers
from notify_core.letters.use_cases import cancelling as cancelling_letters
from notify_core.letters.use_cases import checking as checking_letters
from notify_core.letters.use_cases import printing as print_runs
from notify_core.letters.use_cases import reading as reading_letters
from notify_core.notifications import use_cases as notifications
from notify_core.notifications.use_cases import unsubscribe
from notify_core.registry import assemble, execute, reactions, relay, run_now, schedule, tasks, tick, under_way
from notify_core.templates import use_cases as templates
from notify_entrypoints.containers import adapters, database
from notify_entrypoints.containers.parts import LateParts
from notify_entrypoints.settings import Settings

P = providers.Provider


class Container(containers.DeclarativeContainer):
    """One process's platform. Parts are made when first asked for, so after a fork."""

    settings: P[Settings] = providers.Dependency(instance_of=Settings)
    options: P[dict[str, str]] = providers.Object({})

    # What is not chosen by name.
    clock: P[Any] = providers.Singleton(system_clock.build, options)
    random: P[Any] = providers.Singleton(system_random.build, options)
    cap_reader: P[Any] = providers.Singleton(lxml_reader.build, options)
    smoother: P[Any] = providers.Singleton(shapely_smoother.build, options)
    secrets: P[AesGcmSecrets] = providers.Singleton(AesGcmSecrets, settings.provided.needed_secret_keys.call())
    engine: P[Any] = providers.Singleton(database.open_engine, settings.provided.database_url)
    wake: P[Wake] = providers.Singleton(make_wake, engine)
    work: P[SqlStorage] = providers.Singleton(SqlStorage, engine, secrets, reactions.react, wake.provided.announce)
    # Its reads may be two seconds old: for what every request asks.
    recent: P[RecentStorage] = providers.Singleton(RecentStorage, work)
    daily_limits: P[SqlDailyLimits] = providers.Singleton(SqlDailyLimits, engine)
    ledger: P[SqlTaskLedger] = providers.Singleton(SqlTaskLedger, engine)

    # One adapter a port, or several (see settings/variables.py).
    task_queue: P[Any] = providers.Singleton(adapters.adapter, settings, "task_queue")
    cbc: P[Any] = providers.Singleton(adapters.adapter, settings, "cbc")
    networks: P[Any] = providers.Singleton(adapters.with_keys, settings, "cbc", cbc)
    sms: P[dict[str, Any]] = providers.Singleton(adapters.suppliers, settings, "sms")
    sms_names: P[Any] = providers.Singleton(adapters.names, settings, "sms")
    sms_receipts: P[dict[str, Any]] = providers.Singleton(adapters.translators, settings, "sms_receipts")
    sms_inbound: P[dict[str, Any]] = providers.Singleton(adapters.translators, settings, "sms_inbound")
    email: P[dict[str, Any]] = providers.Singleton(adapters.suppliers, settings, "email")
    email_receipts: P[dict[str, Any]] = providers.Singleton(adapters.translators, settings, "email_receipts")
    callbacks: P[Any] = providers.Singleton(adapters.adapter, settings, "callbacks")
    letter_renderer: P[Any] = providers.Singleton(adapters.adapter, settings, "letter_renderer")
    letter_printer: P[Any] = providers.Singleton(adapters.adapter, settings, "letter_printer")
    letter_announcements: P[Any] = providers.Singleton(adapters.adapter, settings, "letter_announcements")
    letter_store: P[Any] = providers.Singleton(adapters.adapter, settings, "letter_store")
    letter_sanitiser: P[Any] = providers.Singleton(adapters.adapter, settings, "letter_sanitiser")
    recipient_files: P[Any] = providers.Singleton(adapters.adapter, settings, "recipient_files")
    documents: P[Any] = providers.Singleton(adapters.adapter, settings, "documents")
    virus_scanner: P[Any] = providers.Singleton(adapters.adapter, settings, "virus_scanner")
    bank_holidays: P[Any] = providers.Singleton(adapters.adapter, settings, "bank_holidays")
    rate_limiter: P[Any] = providers.Singleton(adapters.adapter, settings, "rate_limiter")
    tickets: P[Any] = providers.Singleton(adapters.adapter, settings, "tickets")
    metrics: P[Any] = providers.Singleton(adapters.adapter, settings, "metrics")
    heartbeats: P[Any] = providers.Singleton(adapters.adapter, settings, "heartbeats")
    companions: P[Any] = providers.Singleton(adapters.companions, settings)

    broadcast_rules: P[Any] = providers.Singleton(adapters.broadcast_rules, settings)
    callback_rules: P[Any] = providers.Singleton(adapters.callback_rules, settings)
    letter_rules: P[Any] = providers.Singleton(adapters.letter_rules, settings)
    sending_rules: P[Any] = providers.Singleton(adapters.sending_rules, settings)

    # What people and programs ask for.
    raise_ticket = providers.Singleton(alarms.RaiseTicket, clock, random)
    authenticate_service = providers.Singleton(accounts.AuthenticateService, work, recent, clock)
    provision = providers.Singleton(provisioning.Provision, work, clock, random, settings.provided.private_callbacks)
    issue_api_key = providers.Singleton(api_keys.IssueApiKey, work, clock, random)
    rotate_api_key = providers.Singleton(api_keys.RotateApiKey, work, clock, random)
    revoke_api_key = providers.Singleton(api_keys.RevokeApiKey, work, clock)
    list_api_keys = providers.Singleton(api_keys.ListApiKeys, work)
    begin_request = providers.Singleton(idempotency.BeginRequest, work, clock, random, secrets)
    end_request = providers.Singleton(idempotency.EndRequest, work)
    keep_files = providers.Singleton(
        files.KeepFiles,
        work,
        clock,
        random,
        documents,
        virus_scanner,
        settings.provided.api_base_url,
        settings.provided.admin_base_url,
    )
    show_document = providers.Singleton(files.ShowDocument, work, clock)
    confirm_recipient = providers.Singleton(files.ConfirmRecipient, work, clock, rate_limiter, secrets)
    download_document = providers.Singleton(files.DownloadDocument, work, clock, documents, secrets)
    create_service = providers.Singleton(services.CreateService, work, clock, random)
    change_service = providers.Singleton(services.ChangeService, work, clock, random)
    get_service = providers.Singleton(services.GetService, work)
    list_services = providers.Singleton(services.ListServices, work)
    add_member = providers.Singleton(people.AddMember, work, clock, random)
    add_known_member = providers.Singleton(people.AddKnownMember, work, clock, random)
    remove_member = providers.Singleton(people.RemoveMember, work, clock, random)
    list_members = providers.Singleton(people.ListMembers, work)
    add_sms_sender = providers.Singleton(sms_senders.AddSmsSender, work, clock, random)
    change_sms_sender = providers.Singleton(sms_senders.ChangeSmsSender, work, clock, random)
    remove_sms_sender = providers.Singleton(sms_senders.RemoveSmsSender, work, clock, random)
    list_sms_senders = providers.Singleton(sms_senders.ListSmsSenders, work)
    add_reply_to = providers.Singleton(reply_tos.AddReplyTo, work, clock, random)
    change_reply_to = providers.Singleton(reply_tos.ChangeReplyTo, work, clock, random)
    remove_reply_to = providers.Singleton(reply_tos.RemoveReplyTo, work, clock, random)
    list_reply_tos = providers.Singleton(reply_tos.ListReplyTos, work)
    set_callback = providers.Singleton(
        wanted_callbacks.SetCallback, work, clock, random, settings.provided.private_callbacks
    )
    remove_callback = providers.Singleton(wanted_callbacks.RemoveCallback, work, clock, random)
    list_callbacks = providers.Singleton(wanted_callbacks.ListCallbacks, work)
    replace_guest_list = providers.Singleton(guests.ReplaceGuestList, work, clock, random)
    read_guest_list = providers.Singleton(guests.ReadGuestList, work)
    create_template = providers.Singleton(writing_templates.CreateTemplate, work, clock, random)
    change_template = providers.Singleton(writing_templates.ChangeTemplate, work, clock, random)
    list_all_templates = providers.Singleton(writing_templates.ListAllTemplates, work)
    get_template = providers.Singleton(templates.GetTemplate, work)
    list_templates = providers.Singleton(templates.ListTemplates, work)
    list_template_versions = providers.Singleton(templates.ListTemplateVersions, work)
    preview_template = providers.Singleton(templates.PreviewTemplate, work)
    accept_sms = providers.Singleton(
        notifications.AcceptSms, recent, clock, random, rate_limiter, daily_limits, sending_rules
    )
    accept_email = providers.Singleton(
        notifications.AcceptEmail, recent, clock, random, rate_limiter, daily_limits, sending_rules, keep_files
    )
    accept_letter = providers.Singleton(
        accepting_letters.AcceptLetter, recent, clock, random, rate_limiter, daily_limits
    )
    accept_uploaded_letter = providers.Singleton(
        accepting_letters.AcceptUploadedLetter, recent, clock, random, rate_limiter, daily_limits, letter_store
    )
    cancel_letter = providers.Singleton(cancelling_letters.CancelLetter, work, clock, bank_holidays)
    cancel_message = providers.Singleton(cancelling_letters.CancelMessage, work, clock, bank_holidays)
    get_message = providers.Singleton(reading_letters.GetMessage, recent, bank_holidays)
    list_messages = providers.Singleton(reading_letters.ListMessages, recent, bank_holidays)
    get_letter_pdf = providers.Singleton(reading_letters.GetLetterPdf, recent, letter_store, metrics)
    explain_refusal = providers.Singleton(reading_letters.ExplainRefusal, work, letter_store)
    show_unsubscribe = providers.Singleton(unsubscribe.ShowUnsubscribe, work, secrets)
    record_unsubscribe = providers.Singleton(unsubscribe.RecordUnsubscribe, work, clock, secrets)
    list_unsubscribe_requests = providers.Singleton(unsubscribe.ListUnsubscribeRequests, work)
    show_sms_suppliers = providers.Singleton(notifications.ShowSmsSuppliers, work, sms_names)
    share_out_sms = providers.Singleton(notifications.ShareOutSms, work, clock, sms_names)
    accept_receipts = providers.Singleton(notifications.AcceptReceipts, work, sms_receipts, email_receipts)
    submit_job = providers.Singleton(jobs.SubmitJob, work, clock, random, recipient_files, sending_rules)
    get_job = providers.Singleton(jobs.GetJob, work)
    list_jobs = providers.Singleton(jobs.ListJobs, work)
    name_authors = providers.Singleton(jobs.NameAuthors, work)
    write_job_results = providers.Singleton(jobs.WriteResults, work)
    write_job_errors = providers.Singleton(jobs.WriteErrors, work)
    cancel_job = providers.Singleton(jobs.CancelJob, work, clock)
    receive_text = providers.Singleton(inbound.ReceiveText, work, clock, random, metrics, sms_inbound)
    list_inbound_texts = providers.Singleton(inbound.ListInboundTexts, work)
    list_print_runs = providers.Singleton(print_runs.ListPrintRuns, work)
    show_print_run = providers.Singleton(print_runs.ShowPrintRun, work)
    replay_scan_errors = providers.Singleton(checking_letters.ReplayScanErrors, work, clock, letter_store)
    list_broadcast_messages = providers.Singleton(read_messages.ListBroadcastMessages, work)
    read_broadcast_message = providers.Singleton(read_messages.ReadBroadcastMessage, work)
    look_at_broadcast = providers.Singleton(show_broadcast.LookAtBroadcast, work, clock, ledger, cbc)
    show_callbacks = providers.Singleton(callback_acts.ShowCallbacks, work, ledger)
    replay_callbacks = providers.Singleton(callback_acts.ReplayCallbacks, work, clock, ledger)
    show_broadcast = providers.Singleton(show_broadcast.ShowBroadcast, look_at_broadcast)
    list_broadcast_acts = providers.Singleton(audited.ListActs, work)
    list_broadcasts = providers.Singleton(list_broadcasts.ListBroadcasts, work, clock, ledger, cbc)
    replay_broadcast = providers.Singleton(replay.ReplayBroadcast, work, clock, random, metrics, ledger, cbc)
    dry_run_broadcast = providers.Singleton(dry_run.DryRun, work, clock, cbc, broadcast_rules)
    show_links = providers.Singleton(link_tests.ShowLinks, work, clock, cbc)
    create_broadcast_message = providers.Singleton(create_message.CreateBroadcastMessage, work, clock, random, smoother)
    edit_broadcast_message = providers.Singleton(edit_message.EditBroadcastMessage, work, clock, smoother)
    change_broadcast_status = providers.Singleton(
        change_status.ChangeBroadcastStatus, work, clock, random, cbc, broadcast_rules, raise_ticket
    )
    find_misdirected = providers.Singleton(restrictions.FindMisdirected, work, cbc)
    set_broadcast_service = providers.Singleton(set_broadcast_service.SetBroadcastService, work, clock, cbc)
    propose_revision = providers.Singleton(revise.ProposeRevision, work, clock, random, smoother)
    decide_revision = providers.Singleton(revise.DecideRevision, work, clock, random, broadcast_rules, raise_ticket)
    submit_cap = providers.Singleton(
        cap.SubmitCap, work, clock, random, cap_reader, smoother, broadcast_rules, raise_ticket
    )

    accept_announcement = providers.Singleton(answers.AcceptAnnouncement, work, clock, letter_announcements)
    bring_answers = providers.Singleton(answers.BringAnswers, work, clock, letter_store)
    list_answer_files = providers.Singleton(answers.ListAnswerFiles, work)
    list_sorted_counts = providers.Singleton(answers.ListSortedCounts, work)
    report_returned = providers.Singleton(answers.ReportReturned, work)
    list_returned_letters = providers.Singleton(answers.ListReturnedLetters, work)

    # Background work: the same for every way of running it.
    parts = providers.Singleton(
        LateParts,
        work=work.provider,
        recent=recent.provider,
        clock=clock.provider,
        random=random.provider,
        secrets=secrets.provider,
        metrics=metrics.provider,
        tickets=tickets.provider,
        networks=networks.provider,
        known_networks=cbc.provider,
        smoother=smoother.provider,
        sms_suppliers=sms.provider,
        sms_names=sms_names.provider,
        email_suppliers=email.provider,
        callback_sender=callbacks.provider,
        callback_rules=callback_rules.provider,
        ledger=ledger.provider,
        documents=documents.provider,
        recipient_files=recipient_files.provider,
        virus_scanner=virus_scanner.provider,
        letter_sanitiser=letter_sanitiser.provider,
        daily_limits=daily_limits.provider,
        sending_rules=sending_rules.provider,
        broadcast_rules=broadcast_rules.provider,
        letter_rules=letter_rules.provider,
        letter_renderer=letter_renderer.provider,
        letter_printer=letter_printer.provider,
        letter_store=letter_store.provider,
        bank_holidays=bank_holidays.provider,
        raise_ticket=raise_ticket.provider,
    )
    handlers = providers.Singleton(assemble.Handlers, parts, tasks.REGISTRY)
    under_way = providers.Singleton(under_way.UnderWay, clock)
    execute = providers.Singleton(
        execute.Execute, ledger, handlers, work, metrics, heartbeats, clock, under_way, schedule.SCHEDULED
    )
    run_now = providers.Singleton(run_now.RunNow, ledger, execute)
    tend_failed_row = providers.Singleton(failed_rows.TendFailedRow, work, clock, ledger)
    relay_limits: P[Any] = providers.Singleton(adapters.relay_limits, settings)
    worker: P[str] = providers.Object("embedded")
    together = providers.Singleton(tasks.together, tasks.REGISTRY)
    hand_over: P[Any] = providers.Singleton(adapters.hand_over, settings)
    relay = providers.Singleton(
        relay.Relay, ledger, task_queue, metrics, clock, worker, relay_limits, together, hand_over
    )
    tick = providers.Singleton(tick.RunDueSchedule, work, clock)


def container_of(app: Flask) -> Container:
    """The platform an application was created on."""
    container: Container = app.extensions["container"]
    return container
