//! What a leader's private link opens.

use chrono::{DateTime, Utc};

use crate::{
    actions::booking::{change_attendee::ChangeError, refusals::BookError},
    domain::{place::Place, registration::Registration, session::Session},
    store::{
        Conn, StoreError,
        links::{self, LinkTarget},
        registrations, sessions,
    },
    token::Token,
    web::{
        Desk,
        failure::Failure,
        paths,
        refusal::{LinkEnded, OtherLink},
    },
};

/// The registration a leader's token opens.
pub async fn opened_by(desk: &Desk, token: &Token) -> Result<(Session, Registration), Failure> {
    let target = desk.link(token).await?;
    let mut conn = desk.ctx.store.read().await?;
    let id = match target {
        Some(LinkTarget::Leader(id)) => id,
        Some(LinkTarget::Attendee(_)) => {
            let own = paths::attendee::place(token);
            return Err(Failure::from(OtherLink::Place).leads(own, "Open your place"));
        }
        _ => return Err(ended(&mut conn, token, desk.ctx.now()).await?),
    };
    let registration = registrations::find(&mut conn, id).await?.ok_or(Failure::NotFound)?;
    let session =
        sessions::find(&mut conn, &registration.session).await?.ok_or(Failure::NotFound)?;
    Ok((session, registration))
}

/// The booking a link opens, once it was sent off.
pub async fn booked(desk: &Desk, token: &Token) -> Result<(Session, Registration), Failure> {
    let (session, registration) = opened_by(desk, token).await?;
    if registration.booked_at.is_some() {
        return Ok((session, registration));
    }
    let people = paths::booking::people(&session.code, token);
    let failure = Failure::from(BookError::NotSentOff).leads(people, "Go on with it");
    Err(match session.has_page() {
        true => failure.leads(paths::public::session(&session.code), "The session"),
        false => failure,
    })
}

/// What is said of a link that opens nothing: that it has ended, if it ever opened anything.
pub async fn ended(
    conn: &mut Conn,
    token: &Token,
    now: DateTime<Utc>,
) -> Result<Failure, StoreError> {
    let was = links::ended(conn, token.hash(), now).await?;
    Ok(match was {
        Some(LinkTarget::Leader(_) | LinkTarget::Attendee(_) | LinkTarget::Event(_)) => {
            Failure::from(LinkEnded).leads(paths::public::lost_link(), "Get a new link by email")
        }
        Some(LinkTarget::SignIn(_) | LinkTarget::SignedIn(_)) | None => Failure::NotFound,
    })
}

/// An open place of a booking, by its number. One that was given up is said to be so; one that never was is
/// not found.
pub fn place(registration: &Registration, number: u32) -> Result<Place, Failure> {
    let mut numbered = registration.places.iter().filter(|place| place.number == number).peekable();
    if numbered.peek().is_none() {
        return Err(Failure::NotFound);
    }
    let open = numbered.find(|place| place.state.status().is_open());
    open.cloned().ok_or_else(|| ChangeError::NoSuchPlace.into())
}
