//! The leader's private link: see the booking, change or cancel it.

use rocket::{FromForm, Route, State, get, post, response::Redirect, routes};

use crate::{
    actions::{
        booking::{
            book_places::standing,
            cancel_places::{Which, cancel_places},
            change_attendee::{ChangeError, Changed, change_attendee},
        },
        letters::recover_links::recover_links,
    },
    calendar,
    domain::{
        audit::Actor, place::Place, registration::Registration, session::Session, text::Paragraph,
    },
    store::audit,
    token::Token,
    web::{
        Desk,
        failure::Failure,
        fields::Fields,
        form::FormState,
        guard::SameOrigin,
        kept::Kept,
        leader::{
            booking::{ChangePlacePage, ManagePage},
            cancelling::{CancelAllPage, CancelPlacePage},
            history::history,
        },
        limits::LinkPace,
        page::{Area, Page},
        routes::{
            booking::opened_by,
            feeds::download,
            offer::can_wait_again,
            people_form::{Person, prefill_person},
        },
    },
};

/// What just happened, for the notice on top of the page. Part of the address after a redirect;
/// holds a number or a word, never a name.
#[derive(Debug, FromForm)]
struct Done<'r> {
    done: Option<&'r str>,
}

pub(super) fn base(token: &Token) -> String {
    format!("/r/{}", token.secret())
}

/// The booking a link opens, once it was sent off.
pub(super) async fn booking(
    desk: &Desk,
    token: &Token,
) -> Result<(Session, Registration), Failure> {
    let (session, registration) = opened_by(desk, token).await?;
    if registration.booked_at.is_some() {
        Ok((session, registration))
    } else {
        Err(Failure::NotFound)
    }
}

fn place(registration: &Registration, number: u32) -> Result<Place, Failure> {
    let open = |place: &&Place| place.number == number && place.state.status().is_open();
    registration.places.iter().find(open).cloned().ok_or(Failure::NotFound)
}

#[get("/r/<token>?<done..>")]
async fn manage(
    desk: &State<Desk>,
    token: Token,
    done: Done<'_>,
) -> Result<Page<ManagePage>, Failure> {
    let (session, registration) = booking(desk, &token).await?;
    let notice = done.done.and_then(|done| match done {
        "saved" => Some("Saved.".to_owned()),
        "cancelled" => {
            Some("That place is cancelled. Everyone concerned has been told.".to_owned())
        }
        "all-cancelled" => Some("Your booking is cancelled.".to_owned()),
        "sent" => Some("We have emailed you your link again.".to_owned()),
        "passed" => Some(
            "Thank you. We offered the place to the next person. You keep your number.".to_owned(),
        ),
        "waiting" => Some("You are on the waiting list again, at its end.".to_owned()),
        "left" => Some("You are off the waiting list.".to_owned()),
        "late" => Some("This session takes no more changes.".to_owned()),
        number => number.strip_prefix("swapped-").and_then(|number| {
            let number: u32 = number.parse().ok()?;
            let place = registration.places.iter().find(|place| place.number == number)?;
            let name = &place.attendee.as_ref()?.name;
            Some(format!("Saved. {name} is coming. We have emailed everyone concerned."))
        }),
    });
    let mut conn = desk.ctx.store.read().await?;
    let events = audit::of_registration(&mut conn, registration.id).await?;
    Ok(Page::ok(ManagePage {
        position: standing(&mut conn, &registration).await?,
        can_wait_again: can_wait_again(desk, &session, &registration),
        history: history(&events, session.zone()),
        chrome: desk.private_chrome(Area::Booking),
        session,
        registration,
        notice,
        base: base(&token),
        now: desk.ctx.now(),
    }))
}

#[get("/r/<token>/calendar.ics", rank = 1)]
async fn calendar_file(desk: &State<Desk>, token: Token) -> Result<Kept, Failure> {
    let (session, _) = booking(desk, &token).await?;
    let body = calendar::feed::session_file(&desk.ctx.publisher, &session);
    Ok(download(body))
}

#[get("/r/<token>/places/<number>")]
async fn change(
    desk: &State<Desk>,
    token: Token,
    number: u32,
) -> Result<Page<ChangePlacePage>, Failure> {
    let (session, registration) = booking(desk, &token).await?;
    let place = place(&registration, number)?;
    let mut form = FormState::default();
    if let Some(attendee) = &place.attendee {
        prefill_person(&mut form, "", attendee);
    }
    let chrome = desk.private_chrome(Area::Booking);
    Ok(Page::ok(ChangePlacePage { chrome, session, place, form, base: base(&token) }))
}

#[post("/r/<token>/places/<number>", data = "<fields>")]
async fn save(
    desk: &State<Desk>,
    _origin: SameOrigin,
    token: Token,
    number: u32,
    fields: Fields,
) -> Result<Result<Redirect, Page<ChangePlacePage>>, Failure> {
    let (session, registration) = booking(desk, &token).await?;
    let place = place(&registration, number)?;
    let mut form = FormState::default();
    for field in ["name", "email", "diet", "access"] {
        form.keep(field, fields.get(field));
    }
    let person = Person {
        name: fields.get("name"),
        email: fields.get("email"),
        diet: fields.get("diet"),
        access: fields.get("access"),
        guardian: None,
    };
    let hint = "the name of the person who is coming";
    let Some(mut attendee) = person.parse("", hint, &mut form) else {
        let chrome = desk.private_chrome(Area::Booking);
        let page = ChangePlacePage { chrome, session, place, form, base: base(&token) };
        return Ok(Err(Page::unprocessable(page)));
    };
    attendee.guardian = place.attendee.as_ref().and_then(|known| known.guardian.clone());
    let actor = Actor::Leader;
    let done = match change_attendee(&desk.ctx, &actor, registration.id, place.id, attendee).await {
        Ok(Changed::Replaced { .. }) => format!("swapped-{number}"),
        Ok(Changed::Edited { .. }) => "saved".to_owned(),
        Err(ChangeError::TooLate) => "late".to_owned(),
        Err(ChangeError::NoSuchPlace) => return Err(Failure::NotFound),
        Err(ChangeError::Store(error)) => return Err(error.into()),
    };
    Ok(Ok(Redirect::to(format!("{}?done={done}", base(&token)))))
}

#[get("/r/<token>/places/<number>/cancel")]
async fn ask_cancel(
    desk: &State<Desk>,
    token: Token,
    number: u32,
) -> Result<Page<CancelPlacePage>, Failure> {
    let (session, registration) = booking(desk, &token).await?;
    let place = place(&registration, number)?;
    let chrome = desk.private_chrome(Area::Booking);
    Ok(Page::ok(CancelPlacePage { chrome, session, registration, place, base: base(&token) }))
}

/// Why somebody cancels is a kindness, never a condition: what cannot be kept is left out.
pub(super) fn reason(fields: &Fields) -> Option<Paragraph> {
    Paragraph::parse_optional(fields.get("why")).ok().flatten()
}

#[post("/r/<token>/places/<number>/cancel", data = "<fields>")]
async fn cancel(
    desk: &State<Desk>,
    _origin: SameOrigin,
    token: Token,
    number: u32,
    fields: Fields,
) -> Result<Redirect, Failure> {
    let (_, registration) = booking(desk, &token).await?;
    let place = place(&registration, number)?;
    let (why, which) = (reason(&fields), Which::One(place.id));
    cancel_places(&desk.ctx, &Actor::Leader, registration.id, which, why.as_ref()).await?;
    Ok(Redirect::to(format!("{}?done=cancelled", base(&token))))
}

#[get("/r/<token>/cancel")]
async fn ask_cancel_all(desk: &State<Desk>, token: Token) -> Result<Page<CancelAllPage>, Failure> {
    let (session, registration) = booking(desk, &token).await?;
    let chrome = desk.private_chrome(Area::Booking);
    Ok(Page::ok(CancelAllPage { chrome, session, registration, base: base(&token) }))
}

#[post("/r/<token>/cancel", data = "<fields>")]
async fn cancel_all(
    desk: &State<Desk>,
    _origin: SameOrigin,
    token: Token,
    fields: Fields,
) -> Result<Redirect, Failure> {
    let (_, registration) = booking(desk, &token).await?;
    let why = reason(&fields);
    cancel_places(&desk.ctx, &Actor::Leader, registration.id, Which::All, why.as_ref()).await?;
    Ok(Redirect::to(format!("{}?done=all-cancelled", base(&token))))
}

#[post("/r/<token>/resend")]
async fn resend(
    desk: &State<Desk>,
    _origin: SameOrigin,
    _pace: LinkPace,
    token: Token,
) -> Result<Redirect, Failure> {
    let (_, registration) = booking(desk, &token).await?;
    if let Some(email) = &registration.leader.email {
        recover_links(&desk.ctx, email).await?;
    }
    Ok(Redirect::to(format!("{}?done=sent", base(&token))))
}

pub fn routes() -> Vec<Route> {
    routes![
        manage,
        calendar_file,
        change,
        save,
        ask_cancel,
        cancel,
        ask_cancel_all,
        cancel_all,
        resend
    ]
}
