"""The post between Turnout and people's calendars: a real SMTP server, and a calendar that answers.

post.py serve PORT FOLDER OURS          delivers to FOLDER/NAME/…, and what is for us to the maildir OURS
post.py answer PORT INBOX PARTSTAT      answers the newest invite in INBOX as its attendee's calendar
"""

import email
import email.policy
import os
import pathlib
import signal
import smtplib
import sys
import uuid
from email.message import EmailMessage

import icalendar
from aiosmtpd.controller import Controller

NOBODY = 65534


class Delivery:
    """Puts each message into the folder of each recipient, written aside and moved into place."""

    def __init__(self, folder, ours):
        self.folder, self.ours = folder, ours

    async def handle_DATA(self, _server, _session, envelope):
        for number, to in enumerate(envelope.rcpt_tos):
            name = f"{uuid.uuid4()}.{number}"
            if to == "trainings@turnout.example":
                aside, place = self.ours / "tmp" / name, self.ours / "new" / name
            else:
                inbox = self.folder / to.split("@")[0]
                inbox.mkdir(exist_ok=True)
                aside, place = self.folder / name, inbox / name
            aside.write_bytes(envelope.content)
            os.chown(aside, NOBODY, NOBODY)
            aside.rename(place)
        return "250 OK"


def serve(port, folder, ours):
    Controller(Delivery(folder, ours), hostname="127.0.0.1", port=port).start()
    signal.pause()


def invite_in(inbox):
    """The invite of the newest message that has one."""
    for file in sorted(inbox.iterdir(), key=lambda one: one.stat().st_mtime, reverse=True):
        message = email.message_from_bytes(file.read_bytes(), policy=email.policy.SMTP)
        for part in message.walk():
            if part.get_content_type() == "text/calendar":
                return icalendar.Calendar.from_ical(part.get_payload(decode=True))
    raise SystemExit(f"no invite in {inbox}")


def answer(port, inbox, partstat):
    (event,) = invite_in(inbox).walk("VEVENT")
    attendee = event["ATTENDEE"]
    attendee.params["PARTSTAT"] = partstat
    reply, said = icalendar.Calendar(), icalendar.Event()
    reply.add("PRODID", "-//A calendar//EN")
    reply.add("VERSION", "2.0")
    reply.add("METHOD", "REPLY")
    for name in ("UID", "SEQUENCE", "DTSTAMP", "DTSTART", "ORGANIZER"):
        said[name] = event[name]
    said.add("ATTENDEE", attendee, encode=0)
    reply.add_component(said)
    me, organiser = (str(one).removeprefix("mailto:") for one in (attendee, event["ORGANIZER"]))
    message = EmailMessage()
    message["From"], message["To"] = me, organiser
    message["Subject"] = f"{partstat.title()}: {event['SUMMARY']}"
    message["Message-ID"] = f"<{uuid.uuid4()}@calendar.example>"
    message.set_content(f"{me} answered: {partstat.lower()}")
    message.add_alternative(reply.to_ical().decode(), subtype="calendar", params={"method": "REPLY"})
    with smtplib.SMTP("127.0.0.1", port) as server:
        server.send_message(message)


if __name__ == "__main__":
    verb, port, first, second = sys.argv[1:]
    if verb == "serve":
        serve(int(port), pathlib.Path(first), pathlib.Path(second))
    else:
        answer(int(port), pathlib.Path(first), second)
