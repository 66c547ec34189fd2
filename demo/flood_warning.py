"""A flood warning as an environment agency's system would post it."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

TEXT = (
    "SEVERE FLOOD WARNING. The River Ouse at York is rising fast and will reach 5.4 metres tonight. There is a danger "
    "to life. Leave the area shown now, take medicines and warm clothes with you, and do not walk or drive "
    "through flood water. Rest centres are open at York Racecourse and Archbishop Holgate's School."
)

_ALERT = """<?xml version="1.0" encoding="UTF-8"?>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
  <identifier>{identifier}</identifier>
  <sender>flood.warnings@environment-agency.example</sender>
  <sent>{sent}</sent>
  <status>Actual</status>
  <msgType>Alert</msgType>
  <scope>Public</scope>
  <info>
    <language>en-GB</language>
    <category>Met</category>
    <event>Severe Flood Warning</event>
    <urgency>Immediate</urgency>
    <severity>Severe</severity>
    <certainty>Likely</certainty>
    <expires>{expires}</expires>
    <senderName>Environment Agency</senderName>
    <headline>Severe flood warning: River Ouse at York</headline>
    <description>{text}</description>
    <area>
      <areaDesc>River Ouse at York: Clementhorpe, Skeldergate and the Foss Basin</areaDesc>
      <polygon>53.9632,-1.0921 53.9641,-1.0803 53.9587,-1.0722 53.9521,-1.0748 53.9470,-1.0819
        53.9489,-1.0899 53.9552,-1.0935 53.9632,-1.0921</polygon>
    </area>
    <area>
      <areaDesc>River Ouse at Fulford Ings</areaDesc>
      <polygon>53.9418,-1.0843 53.9424,-1.0744 53.9331,-1.0731 53.9312,-1.0829 53.9418,-1.0843</polygon>
    </area>
  </info>
</alert>
"""


def flood_warning() -> bytes:
    """The alert, sent now, for the next three hours."""
    now = datetime.now(UTC).replace(microsecond=0)
    return _ALERT.format(
        identifier=f"ea-{uuid4()}",
        sent=now.isoformat(),
        expires=(now + timedelta(hours=3)).isoformat(),
        text=TEXT,
    ).encode()
