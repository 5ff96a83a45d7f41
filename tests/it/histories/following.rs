//! Three programs that share no code with the product read somebody's mailbox and her own feed after
//! every step, and agree with each other and with the model.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

use turnout::{
    actions::calendars::keep_feed::{attendee_owner, make_feed},
    domain::audit::Actor,
};

use super::play::Play;
use crate::{
    calendars::{
        NAMES,
        readers::{Event, Understood, reader, understood},
    },
    support::browser::page,
};

/// Somebody who looks at her calendars after every step.
pub struct Followed {
    session: String,
    email: String,
    feed: String,
    looks: Vec<View>,
    /// What her mailbox got, in order.
    mail: Vec<String>,
}

/// What there is to see after a step.
struct View {
    feed: String,
    /// How many files her mailbox had got.
    mail: usize,
    /// The invites that she declined with her place: gone from her calendar, and nobody writes of them.
    without: BTreeSet<String>,
    /// When it is, and when her days to come start.
    now: i64,
    expected: Vec<i64>,
}

impl Play<'_> {
    /// Follows the first person whose mailbox nobody else reads.
    async fn follow(&mut self) {
        let alone = |email: &str| {
            self.model.seats.iter().filter(|seat| seat.person.email == email).count() == 1
        };
        let mut seats = self.model.seats.iter();
        let found = seats.find(|seat| seat.is_confirmed && alone(&seat.person.email));
        let Some(seat) = found else { return };
        let booking = self.turnout.registration(self.bookings[seat.booking].0).await;
        let place = &booking.places[seat.number - 1];
        let attendee = place.attendee.as_ref().expect("somebody");
        let ctx = &self.turnout.ctx;
        let owner = attendee_owner(ctx, (place.id, attendee), None).await.expect("an owner");
        let owner = owner.expect("an address");
        let token = make_feed(ctx, &Actor::Attendee, &owner).await.expect("a feed");
        self.followed = Some(Followed {
            session: self.session.to_string(),
            email: seat.person.email.clone(),
            feed: format!("/feeds/p/{}.ics", token.secret()),
            looks: vec![],
            mail: vec![],
        });
    }

    /// She looks at both.
    pub async fn look_at_the_feed(&mut self) {
        if self.followed.is_none() {
            self.follow().await;
        }
        let Some(mut followed) = self.followed.take() else { return };
        let email = followed.email.as_str();
        followed.mail = self.calendars.files.get(email).cloned().unwrap_or_default();
        let view = View {
            feed: page(&self.anybody, &followed.feed).await,
            mail: followed.mail.len(),
            without: self.thrown_away(email),
            now: self.model.now.timestamp(),
            expected: self.model.ahead(email).iter().map(chrono::DateTime::timestamp).collect(),
        };
        followed.looks.push(view);
        self.followed = Some(followed);
    }
}

/// What stands in a calendar: from when to when, what, where.
type Line = (i64, i64, String, String);

fn lines<'e>(events: impl Iterator<Item = &'e Event>, now: i64) -> Vec<Line> {
    let to_come = events.filter(|event| event.start > now);
    let line =
        |event: &Event| (event.start, event.end, event.summary.clone(), event.location.clone());
    let mut lines: Vec<Line> = to_come.map(line).collect();
    lines.sort();
    lines
}

/// What each reader understands of all that these people saw, compared at each of their looks.
pub fn all_agree(people: &[Followed]) -> Result<(), String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    for (who, one) in people.iter().enumerate() {
        let feeds = one.looks.iter().map(|view| &view.feed);
        for (kind, at, file) in feeds
            .enumerate()
            .map(|(at, feed)| ("feed", at, feed))
            .chain(one.mail.iter().enumerate().map(|(at, mail)| ("mail", at, mail)))
        {
            let path = folder.path().join(format!("{who:04}.{kind}.{at:05}.ics"));
            fs::write(path, file).map_err(|error| error.to_string())?;
        }
    }
    let mut shown: Vec<(&str, Vec<Vec<Line>>)> = Vec::new();
    for name in NAMES {
        let Some(program) = reader(name) else { continue };
        let read = understood(&program, folder.path());
        let read: BTreeMap<String, Understood> =
            read.into_iter().map(|one| (one.file.clone(), one)).collect();
        let mut lines = Vec::new();
        for (who, one) in people.iter().enumerate() {
            let seen = follows(who, one, &read);
            lines.extend(
                seen.map_err(|why| format!("{name}, {} of {}: {why}", one.email, one.session))?,
            );
        }
        shown.push((name, lines));
    }
    for pair in shown.windows(2) {
        if pair[0].1 != pair[1].1 {
            return Err(format!("{} and {} see different calendars", pair[0].0, pair[1].0));
        }
    }
    Ok(())
}

/// What one reader sees at each look, if her feed, her mailbox and the model agree.
fn follows(
    who: usize,
    one: &Followed,
    read: &BTreeMap<String, Understood>,
) -> Result<Vec<Vec<Line>>, String> {
    let of = |kind: &str, at: usize| {
        let name = format!("{who:04}.{kind}.{at:05}.ics");
        read.get(&name).ok_or_else(|| format!("{name} was not read"))
    };
    let (mut held, mut told) = (BTreeMap::<String, Event>::new(), 0);
    let mut newest = BTreeMap::<(bool, String), u32>::new();
    let mut seen = Vec::new();
    for (at, view) in one.looks.iter().enumerate() {
        while told < view.mail {
            let mail = of("mail", told)?;
            for event in &mail.events {
                rises(&mut newest, (true, event))?;
                match mail.method.as_str() {
                    "CANCEL" => drop(held.remove(&event.uid)),
                    _ => drop(held.insert(event.uid.clone(), event.clone())),
                }
            }
            told += 1;
        }
        let feed = of("feed", at)?;
        for event in &feed.events {
            rises(&mut newest, (false, event))?;
        }
        let mail = held.values().filter(|event| !view.without.contains(&event.uid));
        let (mail, feed) = (
            lines(mail, view.now),
            lines(
                feed.events.iter().filter(|one| one.status.as_deref() != Some("CANCELLED")),
                view.now,
            ),
        );
        if mail != feed {
            return Err(format!("look {at}: her mailbox says {mail:?}, her feed {feed:?}"));
        }
        let starts: Vec<i64> = feed.iter().map(|line| line.0).collect();
        if starts != view.expected {
            return Err(format!("look {at}: {starts:?}, the model says {:?}", view.expected));
        }
        seen.push(feed);
    }
    Ok(seen)
}

/// No event is told with a lower SEQUENCE than before.
fn rises(
    newest: &mut BTreeMap<(bool, String), u32>,
    (by_mail, event): (bool, &Event),
) -> Result<(), String> {
    let before = newest.insert((by_mail, event.uid.clone()), event.sequence);
    match before {
        Some(before) if before > event.sequence => {
            Err(format!("{event:?} has a lower SEQUENCE than {before}"))
        }
        _ => Ok(()),
    }
}
