//! Telling the people of a booking: a message to each by whatever the leader uses, or a slip of paper, so that
//! nobody needs an email address.
//!
//! Opening the page makes no links; its button does, and shows them in the answer itself, since an address must not
//! hold another's secret.

use askama::Template;
use rocket::{Either, Route, State, get, post, response::Redirect, routes};

use crate::{
    actions::letters::hand_over_links::hand_over_links,
    domain::{
        audit::Actor,
        place::{Place, PlaceStatus},
        registration::Registration,
        session::Session,
        wording,
    },
    token::Token,
    web::{
        Desk,
        failure::Failure,
        forms::{Fields, FormState, form_fields},
        guard::SameOrigin,
        leader::{opened::booked, words::called},
        page::{Area, Chrome, Page},
        paths, qr,
    },
};

form_fields! {
    enum Field { Place = "place" }
}

/// Whom to tell.
#[derive(Template)]
#[template(path = "leader/share.html")]
struct SharePage {
    chrome: Chrome,
    session: Session,
    registration: Registration,
    /// Whose boxes are ticked, by number.
    ticked: Vec<u32>,
    form: FormState<Field>,
    /// Their private link.
    token: Token,
}

impl SharePage {
    fn when(&self) -> String {
        when(&self.session)
    }

    fn people(&self) -> Vec<(u32, String)> {
        shared(&self.registration).map(|place| (place.number, called(place))).collect()
    }

    fn is_ticked(&self, number: &u32) -> bool {
        self.ticked.contains(number)
    }

    /// Places that still have no name.
    fn unnamed(&self) -> Vec<u32> {
        let bare = self.registration.confirmed().filter(|place| place.attendee.is_none());
        bare.map(|place| place.number).collect()
    }

    /// Those who have no place yet.
    fn waiting(&self) -> Option<String> {
        let open = |place: &&Place| {
            let status = place.state.status();
            status.is_open() && status != PlaceStatus::Confirmed
        };
        let names: Vec<_> = self.registration.places.iter().filter(open).map(called).collect();
        (!names.is_empty()).then(|| wording::list(&names))
    }
}

/// Their links, each with a message and a slip.
#[derive(Template)]
#[template(path = "leader/shared.html")]
struct SharedPage {
    chrome: Chrome,
    session: Session,
    people: Vec<Shared>,
    /// Their private link.
    token: Token,
}

impl SharedPage {
    fn when(&self) -> String {
        when(&self.session)
    }
}

/// One person, and what to send or to give her.
struct Shared {
    number: u32,
    name: String,
    link: String,
    /// What a message says, link and all.
    message: String,
    /// For the door, in SVG; none for a call.
    door: Option<String>,
    /// Her own page, in SVG.
    page: Option<String>,
}

impl Shared {
    fn new(desk: &Desk, session: &Session, (place, link): &(Place, Token)) -> Self {
        let (name, link) = (called(place), desk.ctx.place_url(link));
        let venue = session.location.public_line();
        let message = format!(
            "Hello {name}. You have a place on {}: {}, {venue}. Your own page, for you alone: {link}",
            session.course.title,
            when(session)
        );
        let door = format!("{}/door/{}", desk.ctx.letterhead.base_url, place.id);
        let door = if session.location.is_online() { None } else { qr::svg(&door) };
        Self { number: place.number, name, message, door, page: qr::svg(&link), link }
    }

    fn whatsapp(&self) -> String {
        format!("https://wa.me/?text={}", encoded(&self.message))
    }

    fn sms(&self) -> String {
        format!("sms:?&body={}", encoded(&self.message))
    }
}

/// As a value in an address, with a space as every phone reads it.
fn encoded(text: &str) -> String {
    let words: String = form_urlencoded::byte_serialize(text.as_bytes()).collect();
    words.replace('+', "%20")
}

/// Each day with its own hours, and the zone: a message is read anywhere.
fn when(session: &Session) -> String {
    let days: Vec<_> = session.sittings.iter().map(wording::sitting).collect();
    format!("{} ({})", days.join("; "), wording::zone(session.zone()))
}

/// Those who can be told: they have a place, a name, and are not the leader, who has this link.
fn shared(registration: &Registration) -> impl Iterator<Item = &Place> {
    registration.confirmed().filter(|place| place.attendee.is_some())
}

fn page(
    desk: &Desk,
    (session, registration): (Session, Registration),
    token: Token,
    (form, ticked): (FormState<Field>, Vec<u32>),
) -> SharePage {
    let chrome = desk.private_chrome(Area::Booking);
    SharePage { chrome, session, registration, ticked, form, token }
}

#[get("/r/<token>/share?<place>")]
async fn ask(
    desk: &State<Desk>,
    token: Token,
    place: Option<u32>,
) -> Result<Either<Page<SharePage>, Redirect>, Failure> {
    let about = booked(desk, &token).await?;
    if about.1.confirmed().next().is_none() || about.0.is_over(desk.ctx.now()) {
        return Ok(Either::Right(Redirect::to(paths::leader::booking(&token).done("nobody"))));
    }
    let others = |one: &&Place| called(one) != about.1.leader.name.as_str();
    let ticked = match place {
        Some(number) => vec![number],
        None => shared(&about.1).filter(others).map(|one| one.number).collect(),
    };
    Ok(Either::Left(Page::ok(page(desk, about, token, (FormState::default(), ticked)))))
}

#[post("/r/<token>/share", data = "<fields>")]
async fn share(
    desk: &State<Desk>,
    _origin: SameOrigin,
    token: Token,
    fields: Fields,
) -> Result<Either<Page<SharePage>, Page<SharedPage>>, Failure> {
    let about = booked(desk, &token).await?;
    let ticked: Vec<u32> =
        fields.all("place").iter().filter_map(|number| number.parse().ok()).collect();
    let chosen = shared(&about.1).filter(|one| ticked.contains(&one.number));
    let places: Vec<_> = chosen.map(|one| one.id).collect();
    let made = match about.0.is_over(desk.ctx.now()) {
        true => Vec::new(),
        false => hand_over_links(&desk.ctx, &Actor::Leader, about.1.id, &places).await?,
    };
    if made.is_empty() {
        let mut form = FormState::default();
        form.fault(Field::Place, "Choose who should be told");
        let page = page(desk, about, token, (form, ticked));
        return Ok(Either::Left(Page::unprocessable(page)));
    }
    let session = about.0;
    let people = made.iter().map(|one| Shared::new(desk, &session, one)).collect();
    let chrome = desk.private_chrome(Area::Booking);
    Ok(Either::Right(Page::ok(SharedPage { chrome, session, people, token })))
}

pub fn routes() -> Vec<Route> {
    routes![ask, share]
}
