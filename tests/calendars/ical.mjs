// Prints what ical.js understands of each file in a folder. Times come from the file's own
// VTIMEZONE, not from the machine's time zones.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import ICAL from 'ical.js';

const folder = process.argv[2];
for (const name of readdirSync(folder).filter((one) => one.endsWith('.ics')).sort()) {
  const calendar = new ICAL.Component(ICAL.parse(readFileSync(join(folder, name), 'utf8')));
  ICAL.TimezoneService.reset();
  for (const zone of calendar.getAllSubcomponents('vtimezone')) ICAL.TimezoneService.register(zone);
  const events = calendar.getAllSubcomponents('vevent').map((component) => {
    const text = (property) => component.getFirstPropertyValue(property) ?? null;
    const event = new ICAL.Event(component);
    const attendees = component.getAllProperties('attendee');
    return {
      uid: event.uid,
      sequence: text('sequence'),
      start: event.startDate.toUnixTime(),
      end: event.endDate.toUnixTime(),
      summary: event.summary,
      location: event.location,
      description: event.description,
      status: text('status'),
      attendees: attendees.map((one) => one.getFirstValue()),
    };
  });
  console.log(JSON.stringify({ file: name, method: calendar.getFirstPropertyValue('method'), events }));
}
