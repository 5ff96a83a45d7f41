//! The attendee's own page: her place and her needs, never the team she comes with.

use askama::Template;
use chrono::{DateTime, Utc};
use rocket::{Route, State, get, post, response::Redirect, routes};

use crate::{
    actions::{
        booking::{change_attendee::ChangeError, correct_attendee::keep_needs},
        handouts::read_handout::readable,
        questions::answer::{Asks, asks},
        waiting::release_declined::keep_place,
    },
    domain::{
        audit::Actor,
        handout::Handout,
        place::{Place, PlaceStatus},
        session::{Publication, Session},
        wording,
    },
    store::{path_people, paths as stored_paths, people},
    token::Token,
    web::{
        Desk,
        attendee::opened::{Opened, attended, opened},
        certificate::{Attended, is_ready},
        failure::Failure,
        forms::{
            Fields, FormState,
            edited::{self, DRAWN},
            person::PersonField,
        },
        guard::SameOrigin,
        help_asked::helps,
        ics::own_days,
        kept::Kept,
        leader::waiting::decides_by,
        leader::words::{Room, accepts_changes, calendar_hint, calendar_words, room, state, when},
        page::{Area, Chrome, Page},
        paths,
    },
};

/// One place, under the attendee's own link.
#[derive(Template)]
#[template(path = "attendee/place.html")]
struct OwnPlacePage {
    chrome: Chrome,
    session: Session,
    place: Place,
    /// Who booked it for her.
    leader_name: String,
    /// Their private link.
    token: Token,
    form: FormState<PersonField>,
    /// What the form was drawn from.
    drawn: String,
    /// What the session asks of her.
    asks: Asks,
    /// By when the organiser tells those who ask, if that was chosen.
    decides_by: Option<String>,
    /// What has just happened, such as `Saved.`
    notice: Option<String>,
    /// When the place goes to somebody else, because her calendar said no.
    release_at: Option<DateTime<Utc>>,
    /// What she attended, once anything is known.
    attended: Option<Attended>,
    /// Whether her certificate is ready, where she attended enough.
    is_ready: bool,
    /// The paths she is on, by name.
    on_paths: Vec<String>,
    /// What she is given to read.
    handouts: Vec<Handout>,
    /// Whether she can ask for help, or did.
    helps: bool,
    /// When the place came to be as it is, by whom, and what was said about why.
    last_change: Option<(DateTime<Utc>, Actor, Option<String>)>,
    now: DateTime<Utc>,
}

impl OwnPlacePage {
    /// Whether the last day is over.
    pub fn is_over(&self) -> bool {
        self.session.ends_at().is_some_and(|end| end <= self.now)
    }

    /// Until when she can keep a place that her calendar declined.
    pub fn release(&self) -> Option<String> {
        let at = self.release_at.filter(|_| self.is_confirmed())?;
        Some(wording::deadline(at, self.session.zone()))
    }

    /// When, and by whom, a place that is not hers any more ended.
    pub fn ended(&self) -> Option<String> {
        let (at, by, _) = self.last_change.as_ref().filter(|_| !self.is_open())?;
        let on = wording::past_moment(*at, self.session.zone());
        let status = self.place.state.status();
        Some(match (status, by) {
            (PlaceStatus::Refused, _) => format!("The organiser said no on {on}."),
            (PlaceStatus::Lapsed, _) => format!("Nobody answered the offer; it ended on {on}."),
            (PlaceStatus::Declined, _) => format!("The offer was declined on {on}."),
            (_, Actor::Attendee) => format!("You gave up this place on {on}."),
            (_, Actor::Calendar) => format!("Your calendar gave up this place on {on}."),
            (_, Actor::Leader) if !self.is_booked_for_her() => {
                format!("You gave up this place on {on}.")
            }
            (_, Actor::Leader) => format!("{} gave up this place on {on}.", self.leader_name),
            (_, Actor::Staff(_) | Actor::Helper(_) | Actor::CommandLine) => {
                format!("The office took this place back on {on}.")
            }
            (_, Actor::Visitor | Actor::Invited | Actor::Api | Actor::Job) => {
                format!("It ended on {on}.")
            }
        })
    }

    /// What was said about why it ended, by whoever did it to her. The words of a session that was called off
    /// stand above.
    pub fn why_it_ended(&self) -> Option<&str> {
        let (_, by, why) = self.last_change.as_ref().filter(|_| !self.is_open())?;
        let is_hers = matches!(by, Actor::Staff(_) | Actor::CommandLine | Actor::Attendee);
        let is_called_off = matches!(self.session.publication, Publication::Cancelled { .. });
        why.as_deref().filter(|_| is_hers && !is_called_off)
    }

    /// When, on one line.
    pub fn when(&self) -> String {
        when(&self.session)
    }

    /// Whose page it is.
    pub fn greeting(&self) -> String {
        match &self.place.attendee {
            Some(attendee) => format!("{}, this is your place", attendee.name),
            None => "Your place".to_owned(),
        }
    }

    /// Whether somebody else booked it for her.
    pub fn is_booked_for_her(&self) -> bool {
        self.place.attendee.as_ref().is_none_or(|her| her.name.as_str() != self.leader_name)
    }

    /// Where the place stands, as a heading.
    pub fn standing(&self) -> String {
        match state(self.place.state, self.session.zone()) {
            None => "You have a place".to_owned(),
            Some(_) if self.place.state.status() == PlaceStatus::Cancelled => {
                "Your place is cancelled".to_owned()
            }
            Some(state) => state.words,
        }
    }

    /// Whether the place is hers.
    pub fn is_confirmed(&self) -> bool {
        self.place.state.status() == PlaceStatus::Confirmed
    }

    /// Whether there is an address that says which places are hers.
    pub fn has_address(&self) -> bool {
        self.place.attendee.as_ref().is_some_and(|her| her.email.is_some())
    }

    /// The words of the calendar link.
    pub fn calendar_words(&self) -> String {
        calendar_words(&self.session)
    }

    /// Whether what she adds there is what her letters bring.
    pub fn calendar_hint(&self) -> String {
        calendar_hint(&self.session, self.has_address())
    }

    /// Whether it can still move.
    pub fn is_open(&self) -> bool {
        self.place.state.status().is_open()
    }

    /// Whether needs can still be given and the place given up.
    pub fn can_change(&self) -> bool {
        self.is_open() && accepts_changes(&self.session, self.now)
    }

    /// Whether she can still say how she stays overnight.
    pub fn asks_stay(&self) -> bool {
        self.session.takes_stays_at(self.now)
    }

    /// The online room, for somebody whose place is hers (C5).
    pub fn room(&self) -> Option<Room> {
        if self.is_confirmed() { room(&self.session) } else { None }
    }
}

fn page(
    desk: &Desk,
    opened: Opened,
    token: &Token,
    form: FormState<PersonField>,
    notice: Option<String>,
    attended: Option<Attended>,
) -> OwnPlacePage {
    OwnPlacePage {
        attended,
        is_ready: false,
        asks: Asks::default(),
        decides_by: None,
        on_paths: Vec::new(),
        handouts: Vec::new(),
        helps: false,
        chrome: desk.private_chrome(Area::Booking),
        drawn: edited::field(opened.place.attendee.as_ref()),
        leader_name: opened.registration.leader.name.to_string(),
        session: opened.session,
        place: opened.place,
        token: token.clone(),
        form,
        notice,
        release_at: opened.release_at,
        last_change: opened.last_change,
        now: desk.ctx.now(),
    }
}

/// What she is asked.
const NEEDS: &[PersonField] =
    &[PersonField::Diet, PersonField::Allergy, PersonField::Access, PersonField::Interpreter];

/// The form as it is first shown: what we know of the person.
fn filled(place: &Place) -> FormState<PersonField> {
    let mut form = FormState::default();
    if let Some(attendee) = &place.attendee {
        form.fill_person(|field| field, attendee);
    }
    form
}

#[get("/p/<token>?<done>")]
async fn show(
    desk: &State<Desk>,
    token: Token,
    done: Option<&str>,
) -> Result<Page<OwnPlacePage>, Failure> {
    let opened = opened(desk, &token).await?;
    let form = filled(&opened.place);
    let notice = match done {
        Some("saved") => Some("Saved.".to_owned()),
        Some("kept") => Some("You kept your place.".to_owned()),
        _ => None,
    };
    let attended = attended(desk, &opened).await?;
    let is_ready = is_ready(desk, &opened.session).await?;
    let about = (&opened.session, &opened.registration);
    let mut conn = desk.ctx.store.read().await?;
    let asks = asks(&mut conn, about.0, about.1, Some(opened.place.number)).await?;
    let own = std::slice::from_ref(&opened.place);
    let decides_by = decides_by(&mut conn, (about.0, own), desk.ctx.now()).await?;
    let handouts = readable(&mut conn, &opened.session, &[&opened.place]).await?;
    let helps = helps(&mut conn, about.0, &[opened.place.id]).await?;
    drop(conn);
    let on_paths = paths_of(desk, &opened).await?;
    let shown = page(desk, opened, &token, form, notice, attended);
    Ok(Page::ok(OwnPlacePage { is_ready, asks, decides_by, handouts, helps, on_paths, ..shown }))
}

/// The paths that whoever has the place is on, if we know her.
async fn paths_of(desk: &Desk, opened: &Opened) -> Result<Vec<String>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let person = people::of_place(&mut conn, opened.place.id).await?;
    let (Some(person), true) = (person, opened.place.attendee.is_some()) else {
        return Ok(Vec::new());
    };
    let mut names = Vec::new();
    for on in path_people::of_person(&mut conn, person).await?.iter().filter(|one| one.is_on()) {
        names.extend(stored_paths::find(&mut conn, &on.path).await?.map(|one| one.path.name));
    }
    Ok(names)
}

#[post("/p/<token>/needs", data = "<fields>")]
async fn needs(
    desk: &State<Desk>,
    _origin: SameOrigin,
    token: Token,
    fields: Fields,
) -> Result<Result<Redirect, Page<OwnPlacePage>>, Failure> {
    let opened = opened(desk, &token).await?;
    let known = opened.place.attendee.clone().ok_or(Failure::NotFound)?;
    let mut form = FormState::sent_for(&fields, NEEDS);
    let needs = form.needs(|field| field, known.name.as_str());
    if !form.is_valid() {
        let mut page = page(desk, opened, &token, form, None, None);
        page.drawn = fields.get(DRAWN).to_owned();
        return Ok(Err(Page::unprocessable(page)));
    }
    let place = (opened.registration.id, opened.place.id);
    let (actor, drawn) = (Actor::Attendee, edited::drawn(&fields));
    match keep_needs(&desk.ctx, &actor, place, needs, drawn).await {
        Ok(()) => {}
        Err(ChangeError::Conflicts(conflicts)) => {
            let mut form = FormState::default();
            form.fill_person(|field| field, &conflicts.hers);
            let mut conn = desk.ctx.store.read().await?;
            let about = (&actor, opened.session.zone());
            edited::tell_person(&mut conn, &mut form, &conflicts, about).await?;
            drop(conn);
            let mut page = page(desk, opened, &token, form, None, None);
            page.drawn = conflicts.drawn.to_string();
            return Ok(Err(Page::conflict(page)));
        }
        Err(error) => {
            let failure = Failure::from(error);
            return Err(failure.leads(paths::attendee::place(&token), "Back to your place"));
        }
    }
    Ok(Ok(Redirect::to(paths::attendee::place(&token).done("saved"))))
}

#[post("/p/<token>/keep")]
async fn keep(desk: &State<Desk>, _origin: SameOrigin, token: Token) -> Result<Redirect, Failure> {
    let Opened { place, .. } = opened(desk, &token).await?;
    let kept = keep_place(&desk.ctx, place.id).await?;
    let own = paths::attendee::place(&token);
    Ok(Redirect::to(if kept { own.done("kept") } else { own }))
}

#[get("/p/<token>/calendar.ics", rank = 1)]
async fn calendar_file(desk: &State<Desk>, token: Token) -> Result<Kept, Failure> {
    let Opened { session, place, .. } = opened(desk, &token).await?;
    Ok(own_days(desk, &session, Some(&place)).await?)
}

pub fn routes() -> Vec<Route> {
    routes![show, needs, keep, calendar_file]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::place::PlaceState;
    use crate::web::samples::*;

    #[test]
    fn an_attendee_sees_her_place_and_nobody_elses() {
        let place = registration().places[1].clone();
        let mut page = OwnPlacePage {
            attended: None,
            is_ready: false,
            asks: Asks::default(),
            decides_by: None,
            on_paths: Vec::new(),
            handouts: vec![],
            helps: false,
            chrome: chrome(Area::Booking),
            session: session(),
            form: filled(&place),
            drawn: String::new(),
            place,
            leader_name: "Ruth Okafor".to_owned(),
            token: token(),
            release_at: None,
            last_change: None,
            notice: None,
            now: before(),
        };
        page.session.location = online();
        let html = rendered("own-place", &page);
        contains_all(
            &html,
            &[
                "You have a place",
                "meet.example",
                "Halal",
                "action=\"/p/0123456789abcdefghjkmnpqrs/needs\"",
                "Day 2",
            ],
        );
        assert!(!html.contains("alert(1)") && !html.contains("Sister Mary"));
        page.place.state = PlaceState::Cancelled;
        let html = rendered("own-place-cancelled", &page);
        contains_all(&html, &["Your place is cancelled"]);
        assert!(
            !html.contains("meet.example") && !html.contains("/p/0123456789abcdefghjkmnpqrs/needs")
        );
    }
}
