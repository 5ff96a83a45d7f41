//! Leaders and attendees, with their links.

use std::collections::BTreeMap;

use rocket::http::{ContentType, Status};
use serde_json::{Value, json};

use super::{
    model::{Person, Seat},
    play::Play,
};
use crate::support::{browser::post, form::Form};

/// Letters that stand for a number: names hold no digits.
fn letters(number: usize) -> String {
    let digits = number.to_string();
    digits.bytes().map(|digit| char::from(digit - b'0' + b'a')).collect()
}

impl Play<'_> {
    /// The seat that a number means, if it is taken.
    pub fn seat(&self, number: usize) -> Option<usize> {
        let taken: Vec<usize> =
            (0..self.model.seats.len()).filter(|at| self.model.seats[*at].is_confirmed).collect();
        (!taken.is_empty()).then(|| taken[number % taken.len()])
    }

    fn someone(&mut self, kind: &str) -> Person {
        self.made += 1;
        let name = format!("{kind} Q{}", letters(self.made));
        let email = format!("{}.{}@example.org", self.session, self.made).to_lowercase();
        let (diet, seen) = (String::new(), BTreeMap::new());
        Person { name, email, diet, seen, since: self.model.now, said: BTreeMap::new() }
    }

    pub async fn book(&mut self, people: usize, shares: bool) -> Result<(), String> {
        if !self.model.is_ahead() || self.bookings.len() >= 5 {
            return Ok(());
        }
        let mut team: Vec<Person> = (0..people).map(|_| self.someone("Ada")).collect();
        if shares && people > 1 {
            team[people - 1].email = team[0].email.clone();
        }
        let places: Vec<Value> = team
            .iter()
            .map(|one| json!({ "name": one.name, "email": one.email, "same_person": "no" }))
            .collect();
        let leader = json!({ "name": team[0].name, "email": team[0].email });
        let asked = json!({ "leader": leader, "institution": null, "team": "together",
            "places": places });
        let request = self
            .anybody
            .post(format!("/api/v1/sessions/{}/registrations", self.session))
            .header(ContentType::JSON);
        let answer = request.body(asked.to_string()).dispatch().await;
        let status = answer.status();
        let body = answer.into_string().await.unwrap_or_default();
        if status != Status::Created {
            return Err(format!("a booking was refused: {status} {body}"));
        }
        let made: Value = serde_json::from_str(&body).expect("JSON");
        let reference = made["reference"].as_str().expect("a reference").parse().expect("one");
        let mut conn = self.turnout.ctx.store.read().await.expect("a connection");
        let found = turnout::store::registrations::find_by_reference(&mut conn, &reference).await;
        let id = found.expect("a read").expect("a booking");
        let link = made["manage_url"].as_str().expect("a link").to_owned();
        let link = link.trim_start_matches("https://turnout.example").to_owned();
        let booking = self.bookings.len();
        self.bookings.push((id, link));
        for (number, person) in (1..).zip(team) {
            self.model.seats.push(Seat {
                booking,
                number,
                person,
                is_confirmed: true,
                release: None,
            });
        }
        Ok(())
    }

    /// The leader's page for a seat.
    fn place_page(&self, seat: usize) -> String {
        let Seat { booking, number, .. } = &self.model.seats[seat];
        format!("{}/places/{number}", self.bookings[*booking].1)
    }

    pub async fn open_place(&mut self, seat: usize) {
        let Some(seat) = self.seat(seat).filter(|_| !self.model.is_over()) else { return };
        let path = self.place_page(seat);
        let form = Form::open(&self.anybody, &path).await;
        let name = self.model.seats[seat].person.name.clone();
        self.open.push((seat, name, form));
    }

    /// The name that the database has for a seat.
    async fn named(&self, seat: usize) -> String {
        let Seat { booking, number, .. } = &self.model.seats[seat];
        let booking = self.turnout.registration(self.bookings[*booking].0).await;
        let place = &booking.places[number - 1];
        place.attendee.as_ref().map_or_else(String::new, |one| one.name.to_string())
    }

    pub async fn correct(&mut self) -> Result<(), String> {
        if self.open.is_empty() {
            return Ok(());
        }
        let (seat, shown, form) = self.open.remove(0);
        let better = format!("{shown}-Smith");
        let email = self.model.seats[seat].person.email.clone();
        let held = self.uids(&email);
        let (status, page) =
            form.with("name", &better).with("verb", "correct").send(&self.anybody).await;
        let after = self.named(seat).await;
        let may_refuse = !self.model.is_ahead();
        let seat = &mut self.model.seats[seat];
        if after != better {
            let may_refuse = may_refuse || seat.person.name != shown || !seat.is_confirmed;
            return if may_refuse {
                Ok(())
            } else {
                Err(format!("{status}: not corrected: {page}"))
            };
        }
        // Two windows that correct it alike are no conflict.
        if seat.person.name != shown && seat.person.name != better {
            return Err(format!("{shown} was corrected where {} sits now", seat.person.name));
        }
        seat.person.name = better;
        self.pass(chrono::Duration::minutes(3));
        self.read_the_mail().await;
        // The invites stay the same ones (H1); those of days gone by are nobody's business.
        if self.uids(&email) != held && !may_refuse {
            return Err(format!("{email} holds other invites after a correction"));
        }
        Ok(())
    }

    /// The invites that an address holds.
    fn uids(&self, email: &str) -> Vec<String> {
        self.calendars.of(email).into_iter().map(|event| event.uid.clone()).collect()
    }

    /// Somebody else comes instead: she starts with nothing of the person before.
    pub async fn swap(&mut self, seat: usize) -> Result<(), String> {
        let Some(at) = self.seat(seat) else { return Ok(()) };
        let path = self.place_page(at);
        let newcomer = self.someone("Zoe");
        let form = Form::of(&path, "")
            .with("verb", "swap")
            .with("name", &newcomer.name)
            .with("email", &newcomer.email);
        let (status, page) = form.send(&self.anybody).await;
        let was_seen = self.handed_in(at);
        let now = self.named(at).await;
        if now != newcomer.name {
            let may_refuse = was_seen || !self.model.is_ahead();
            return if may_refuse { Ok(()) } else { Err(format!("{status}: not swapped: {page}")) };
        }
        if was_seen || self.model.is_over() {
            return Err("somebody who was here, or a session that is over, was swapped".to_owned());
        }
        self.model.seats[at].person = newcomer;
        self.model.seats[at].release = None;
        Ok(())
    }

    /// Whether the server knows that this person was here.
    fn handed_in(&self, seat: usize) -> bool {
        self.model.seats[seat].was_here()
    }

    /// Somebody writes by her own link what she eats.
    pub async fn needs(&mut self, seat: usize, what: u8) -> Result<(), String> {
        let Some(at) = self.seat(seat) else { return Ok(()) };
        let person = &self.model.seats[at].person;
        let Some(link) = self.own.get(&person.email).cloned() else { return Ok(()) };
        let diet = ["", "vegan", "severe nut allergy"][usize::from(what)];
        let sent = format!("diet={}&access=", diet.replace(' ', "+"));
        let (status, page) = post(&self.anybody, &format!("{link}/needs"), &sent).await;
        let saved = self.eats(at).await;
        if saved == diet {
            self.model.seats[at].person.diet = diet.to_owned();
            Ok(())
        } else if self.model.is_ahead() {
            Err(format!("{status}: what she eats was not saved: {page}"))
        } else {
            Ok(())
        }
    }

    /// What the database says somebody eats.
    pub async fn eats(&self, seat: usize) -> String {
        let Seat { booking, number, .. } = &self.model.seats[seat];
        let booking = self.turnout.registration(self.bookings[*booking].0).await;
        let attendee = booking.places[number - 1].attendee.clone();
        let diet = attendee.and_then(|one| one.dietary);
        diet.map_or_else(String::new, |diet| diet.to_string())
    }

    /// A place is given up: by the leader, or by whoever has it with her own link.
    pub async fn give_up(&mut self, seat: usize, by_leader: bool) -> Result<(), String> {
        let Some(at) = self.seat(seat) else { return Ok(()) };
        let own = self.own.get(&self.model.seats[at].person.email).cloned();
        let base = if by_leader { Some(self.place_page(at)) } else { own };
        let Some(base) = base else { return Ok(()) };
        let (status, page) = post(&self.anybody, &format!("{base}/cancel"), "why=").await;
        let Seat { booking, number, .. } = &self.model.seats[at];
        let states = self.turnout.states(self.bookings[*booking].0).await;
        let gone = states[number - 1] == "cancelled";
        let must_refuse = self.handed_in(at) || self.model.is_over();
        if gone && must_refuse {
            return Err("a place was given up by somebody who was here, or too late".to_owned());
        }
        if !gone && self.model.is_ahead() {
            return Err(format!("{status}: the place was not given up: {page}"));
        }
        self.model.seats[at].is_confirmed = !gone;
        if gone {
            self.model.seats[at].release = None;
            // Her calendar is told that the place is gone.
            self.model.seats[at].person.said.clear();
        }
        Ok(())
    }
}
