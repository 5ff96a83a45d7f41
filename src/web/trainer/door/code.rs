//! What a trainer's phone opens when it reads somebody's code at the door.

use askama::Template;
use rocket::{Either, Route, State, get, response::Redirect, routes};

use crate::{
    domain::{
        id::PlaceId,
        permission::{Permission, allows},
    },
    store::{places, registrations, sessions},
    web::{
        Desk,
        failure::Failure,
        guard::SignedIn,
        page::{Area, Chrome, Page},
        paths,
    },
};

/// What a code for the door is, for anybody but the trainer.
#[derive(Template)]
#[template(path = "trainer/door/code.html")]
struct DoorCodePage {
    chrome: Chrome,
}

/// For whoever checks people in there: her line at the door. For anybody else: what this is. It
/// never says whose code it is, or whether there is such a place.
#[get("/door/<place>")]
async fn read(
    desk: &State<Desk>,
    who: Option<SignedIn>,
    place: &str,
) -> Result<Either<Redirect, Page<DoorCodePage>>, Failure> {
    if let (Some(who), Ok(place)) = (who, place.parse::<PlaceId>()) {
        let mut conn = desk.ctx.store.read().await?;
        let owner = places::registration_of(&mut conn, place).await?;
        let booking = match owner {
            Some(owner) => registrations::find(&mut conn, owner).await?,
            None => None,
        };
        let session = match booking {
            Some(booking) => sessions::find(&mut conn, &booking.session).await?,
            None => None,
        };
        let mine = session.filter(|one| allows(&who.member, Permission::CheckIn, one));
        if let Some(session) = mine {
            let number = session.sitting_at_the_door(desk.ctx.now()).map_or(1, |one| one.number);
            let line = paths::trainer::door_at(&session.code, &number, &place);
            return Ok(Either::Left(Redirect::to(line)));
        }
    }
    Ok(Either::Right(Page::ok(DoorCodePage { chrome: desk.chrome(Area::Elsewhere) })))
}

pub fn routes() -> Vec<Route> {
    routes![read]
}
