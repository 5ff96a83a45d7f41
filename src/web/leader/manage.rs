//! The leader's private page: who is coming, and what became of the booking.

use askama::Template;
use chrono::{DateTime, Utc};
use rocket::{FromForm, Route, State, get, routes};

use crate::{
    actions::{
        handouts::read_handout::readable,
        letters::spare_strangers::uninvited,
        places::standing::standing,
        questions::answer::{Asks, asks},
    },
    domain::{
        handout::Handout,
        place::{Place, PlaceStatus},
        registration::Registration,
        session::{BookingStatus, Publication, Session},
        sitting::Sitting,
        wording,
    },
    store::audit,
    token::Token,
    web::{
        Desk,
        failure::Failure,
        help_asked::helps,
        ics::own_days,
        kept::Kept,
        leader::{
            add_person::room as room_for_more,
            history::{Happened, history},
            notice::notice,
            opened::booked,
            person_line::PersonLine,
            together::{self, Evening},
            waiting::{can_wait_again, decides_by},
            words::{
                Room, accepts_changes, calendar_hint, calendar_words, called, needs, room, state,
                when,
            },
        },
        page::{Area, Chrome, Page},
        paths::{self, Href},
    },
};

/// The booking, under the leader's private link.
#[derive(Template)]
#[template(path = "leader/manage.html")]
struct ManagePage {
    chrome: Chrome,
    session: Session,
    registration: Registration,
    /// Where it stands in the queue, if some of its places wait.
    position: Option<usize>,
    /// What the session asks of it.
    asks: Asks,
    /// By when the organiser tells those who ask, if that was chosen.
    decides_by: Option<String>,
    /// Whether people whose offer ended can wait again.
    can_wait_again: bool,
    /// What became of it so far.
    history: Vec<Happened>,
    /// What has just happened, such as `Saved. Leila Haddad is coming instead of Kwame Mensah.`
    notice: Option<String>,
    /// What its people are given to read.
    handouts: Vec<Handout>,
    /// The evenings that were booked together.
    evenings: Vec<Evening>,
    /// Whether help can be asked for, or was.
    helps: bool,
    /// To which addresses no invite has gone yet.
    uninvited: Vec<String>,
    /// How many a day go to such an address.
    most_invites: u32,
    /// Their private link.
    token: Token,
    now: DateTime<Utc>,
}

impl ManagePage {
    /// The addresses to which no invite has gone yet, in words; empty: there is none.
    pub fn no_invite(&self) -> String {
        wording::list(&self.uninvited)
    }

    /// `3 invites`, which go there in a day.
    pub fn invites_a_day(&self) -> String {
        wording::count(self.most_invites as usize, "invite", "invites")
    }

    /// When, on one line.
    pub fn when(&self) -> String {
        when(&self.session)
    }

    /// Each day with its own time, where there are several.
    pub fn days(&self) -> Vec<String> {
        let zone = |sitting: &Sitting| match self.session.location.is_online() {
            true => format!(", {}", wording::zone(sitting.zone)),
            false => String::new(),
        };
        let days = self.session.sittings.iter();
        let days = days.map(|one| format!("{}{}", wording::sitting(one), zone(one)));
        if self.session.sittings.len() > 1 { days.collect() } else { Vec::new() }
    }

    /// How many places are kept for her: `a place`, `3 places`.
    pub fn offered(&self) -> String {
        match self.registration.places_in(PlaceStatus::Offered).count() {
            1 => "a place".to_owned(),
            many => format!("{many} places"),
        }
    }

    /// Whether somebody is to be told who is coming.
    pub fn can_tell(&self) -> bool {
        let is_over = self.session.ends_at().is_some_and(|end| end <= self.now);
        self.has_confirmed() && !is_over && self.session.publication == Publication::Published
    }

    /// Whether nothing is left of it because its places were given up or taken back.
    pub fn is_all_cancelled(&self) -> bool {
        let mut places = self.registration.places.iter();
        let is_any = self.registration.places_in(PlaceStatus::Cancelled).next().is_some();
        is_any && places.all(|place| !place.state.status().is_open())
    }

    /// How many are coming, or what they wait for.
    pub fn heading(&self) -> String {
        let count = |status| self.registration.places_in(status).count();
        let (coming, asked) = (count(PlaceStatus::Confirmed), count(PlaceStatus::Requested));
        let waiting = count(PlaceStatus::Waiting) + count(PlaceStatus::Offered);
        let is_over = self.session.ends_at().is_some_and(|end| end <= self.now);
        match (coming, asked, waiting) {
            (0, 0, 0) => "No places".to_owned(),
            (0, 0, waiting) => {
                format!("{} waiting", wording::count(waiting, "person is", "people are"))
            }
            (0, asked, _) => format!("You asked for {}", wording::count(asked, "place", "places")),
            (coming, ..) if is_over => {
                format!("{} booked", wording::count(coming, "person was", "people were"))
            }
            (coming, ..) => {
                format!("{} coming", wording::count(coming, "person is", "people are"))
            }
        }
    }

    /// Everybody of the booking, by number.
    pub fn people(&self) -> Vec<PersonLine> {
        self.registration.places.iter().map(|place| self.person(place)).collect()
    }

    fn person(&self, place: &Place) -> PersonLine {
        let is_open = place.state.status().is_open();
        let attendee = place.attendee.as_ref();
        let name = attendee.map(|attendee| attendee.name.to_string());
        PersonLine {
            number: place.number,
            is_leader: name.as_deref() == Some(self.registration.leader.name.as_str()),
            name: name.unwrap_or_else(|| "Name to follow".to_owned()),
            called: called(place),
            needs: match attendee {
                _ if !is_open => String::new(),
                Some(attendee) => needs(attendee),
                None => "Tell us who is coming".to_owned(),
            },
            state: state(place.state, self.session.zone()),
            can_help: self.helps && attendee.is_some(),
            can_change: self.can_change() && is_open,
            can_tell: self.can_tell()
                && attendee.is_some()
                && place.state.status() == PlaceStatus::Confirmed,
        }
    }

    /// Until when places are kept, if an offer waits for an answer.
    pub fn offered_until(&self) -> Option<String> {
        let until = self.registration.offered_until().filter(|until| *until > self.now)?;
        Some(wording::moment(until, self.session.zone()))
    }

    /// Where the offer is answered.
    pub fn offer_href(&self) -> Href {
        paths::leader::offer(&self.token)
    }

    /// The rule of the list, for whoever waits.
    pub fn waiting_rule(&self) -> String {
        let waiting = self.registration.places_in(PlaceStatus::Waiting).count();
        wording::waiting_rule(self.registration.team, waiting)
    }

    /// Whether anybody still waits for an answer.
    pub fn has_waiting(&self) -> bool {
        self.registration.places.iter().any(|place| {
            let status = place.state.status();
            status.is_open() && status != PlaceStatus::Confirmed
        })
    }

    /// Whether somebody is on the waiting list.
    pub fn waits(&self) -> bool {
        let statuses = [PlaceStatus::Waiting, PlaceStatus::Offered];
        statuses.into_iter().any(|status| self.registration.places_in(status).next().is_some())
    }

    /// Whether somebody has a place for certain.
    pub fn has_confirmed(&self) -> bool {
        self.registration.confirmed().next().is_some()
    }

    /// Whether people can still be changed and cancelled.
    pub fn can_change(&self) -> bool {
        accepts_changes(&self.session, self.now)
    }

    /// Whether people can be added.
    pub fn takes_more(&self) -> bool {
        let is_open = matches!(self.session.booking_status(self.now), BookingStatus::Open { .. });
        is_open && room_for_more(&self.session, &self.registration) > 0
    }

    /// The online room, as soon as somebody has a place for certain (C5).
    pub fn room(&self) -> Option<Room> {
        if self.has_confirmed() { room(&self.session) } else { None }
    }

    /// The words of the calendar link.
    pub fn calendar_words(&self) -> String {
        calendar_words(&self.session)
    }

    /// Whether what she adds there is what her letters bring.
    pub fn calendar_hint(&self) -> String {
        calendar_hint(&self.session, self.registration.own_place().is_some())
    }
}

/// What just happened, for the notice on top of the page. Part of the address after a redirect;
/// holds a number or a word, never a name.
#[derive(Debug, FromForm)]
struct Done<'r> {
    done: Option<&'r str>,
}

#[get("/r/<token>?<done..>")]
async fn manage(
    desk: &State<Desk>,
    token: Token,
    done: Done<'_>,
) -> Result<Page<ManagePage>, Failure> {
    let (session, registration) = booked(desk, &token).await?;
    let notice = done.done.and_then(|done| notice(done, &registration));
    let mut conn = desk.ctx.store.read().await?;
    let events = audit::of_registration(&mut conn, registration.id).await?;
    let position = standing(&mut conn, &registration).await?;
    let asks = asks(&mut conn, &session, &registration, None).await?;
    let decides_by =
        decides_by(&mut conn, (&session, &registration.places), desk.ctx.now()).await?;
    let places: Vec<_> = registration.places.iter().collect();
    let handouts = readable(&mut conn, &session, &places).await?;
    let of_places: Vec<_> = registration.places.iter().map(|place| place.id).collect();
    let helps = helps(&mut conn, &session, &of_places).await?;
    drop(conn);
    Ok(Page::ok(ManagePage {
        evenings: together::booked(desk, registration.id).await?,
        position,
        asks,
        decides_by,
        handouts,
        helps,
        uninvited: uninvited(&desk.ctx, registration.id).await?,
        most_invites: desk.ctx.invites_a_day.unwrap_or_default(),
        can_wait_again: can_wait_again(desk, &session, &registration),
        history: history(&events, session.zone()),
        chrome: desk.private_chrome(Area::Booking),
        session,
        registration,
        notice,
        token,
        now: desk.ctx.now(),
    }))
}

#[get("/r/<token>/calendar.ics", rank = 1)]
async fn calendar_file(desk: &State<Desk>, token: Token) -> Result<Kept, Failure> {
    let (session, registration) = booked(desk, &token).await?;
    Ok(own_days(desk, &session, registration.own_place()).await?)
}

pub fn routes() -> Vec<Route> {
    routes![manage, calendar_file]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::place::PlaceState;
    use crate::web::samples::*;

    fn page() -> ManagePage {
        ManagePage {
            chrome: chrome(Area::Booking),
            session: session(),
            registration: registration(),
            position: None,
            asks: Asks::default(),
            decides_by: None,
            can_wait_again: false,
            history: vec![],
            handouts: vec![],
            evenings: vec![],
            helps: false,
            notice: Some("Saved. Leila Haddad is coming instead of Kwame Mensah.".to_owned()),
            uninvited: vec![],
            most_invites: 3,
            token: token(),
            now: before(),
        }
    }

    #[test]
    fn the_leader_sees_everybody_she_booked_and_can_change_each() {
        let html = rendered("manage", &page());
        contains_all(
            &html,
            &[
                "<title>Saved. Leila Haddad",
                "RM7K-4TQ2",
                "4 people are coming",
                "Ruth Okafor (you)",
                "&#60;script&#62;alert(1)&#60;/script&#62;",
                "Name to follow",
                "On the waiting list",
                "href=\"/r/0123456789abcdefghjkmnpqrs/places/2/cancel\"",
                "action=\"/r/0123456789abcdefghjkmnpqrs/resend\"",
                "href=\"/r/0123456789abcdefghjkmnpqrs/calendar.ics\"",
            ],
        );
        assert!(
            !html.contains("/r/0123456789abcdefghjkmnpqrs/places/6"),
            "a cancelled place cannot be changed"
        );
    }

    #[test]
    fn the_online_room_waits_for_a_certain_place() {
        let mut page = page();
        page.session.location = online();
        contains_all(
            &rendered("manage-online", &page),
            &["https://meet.example/abc", "London time"],
        );
        for place in &mut page.registration.places {
            place.state = PlaceState::Requested;
        }
        let html = rendered("manage-requested", &page);
        contains_all(&html, &["You asked for 6 places", "the organiser will decide"]);
        assert!(!html.contains("meet.example"));
    }

    #[test]
    fn a_cancelled_booking_says_so() {
        let mut page = page();
        for place in &mut page.registration.places {
            place.state = PlaceState::Cancelled;
        }
        contains_all(
            &rendered("manage-cancelled", &page),
            &["Your booking is cancelled", "Nobody is coming to Two-day", "We have written to you"],
        );
        page.registration.leader.email = None;
        assert!(!rendered("manage-cancelled-untold", &page).contains("We have written"));
    }

    #[test]
    fn a_session_called_off_or_over_offers_no_changes() {
        let mut page = page();
        page.session.publication =
            Publication::Cancelled { at: before(), reason: "The roof leaks.".to_owned() };
        let html = rendered("manage-called-off", &page);
        contains_all(&html, &["This session is cancelled.", "The roof leaks."]);
        assert!(!html.contains("/places/1"));
    }
}
