"""Prints what PyPI's icalendar understands of each file in a folder."""

import json
import pathlib
import sys

import icalendar


def event(component):
    def text(name):
        return str(component[name]) if name in component else None

    attendees = component.get("ATTENDEE", [])
    if not isinstance(attendees, list):
        attendees = [attendees]
    return {
        "uid": text("UID"),
        "sequence": int(component["SEQUENCE"]),
        "start": int(component.decoded("DTSTART").timestamp()),
        "end": int(component.decoded("DTEND").timestamp()),
        "summary": text("SUMMARY"),
        "location": text("LOCATION"),
        "description": text("DESCRIPTION"),
        "status": text("STATUS"),
        "attendees": [str(one) for one in attendees],
    }


for path in sorted(pathlib.Path(sys.argv[1]).glob("*.ics")):
    calendar = icalendar.Calendar.from_ical(path.read_bytes())
    errors = [error for component in calendar.walk() for error in component.errors]
    if errors:
        sys.exit(f"{path.name}: {errors}")
    events = [event(component) for component in calendar.walk("VEVENT")]
    print(json.dumps({"file": path.name, "method": str(calendar["METHOD"]), "events": events}))
