"""What an admin application sets up, as the provisioning file does: the rules are the same use cases."""

from notify_entrypoints.http.internal.accounts import (
    api_keys,
    callbacks,
    guest_list,
    reply_tos,
    services,
    sms_senders,
    templates,
    users,
)

BLUEPRINTS = (
    services.blueprint,
    templates.blueprint,
    api_keys.blueprint,
    sms_senders.blueprint,
    reply_tos.blueprint,
    callbacks.blueprint,
    guest_list.blueprint,
    users.blueprint,
)
