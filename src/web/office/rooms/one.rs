//! One room: what is said of it, and taking it away.

use askama::Template;
use rocket::{Either, Route, State, get, post, response::Redirect, routes};

use crate::{
    actions::stay::{
        house::{House, house},
        rooms::{RoomsError, change_room, remove_room},
    },
    domain::{
        id::{RoomId, SessionCode},
        session::Session,
        stay::rooming::Room,
        wording,
    },
    web::{
        Desk,
        failure::Failure,
        forms::{Fields, FormState, form_fields},
        guard::{Granted, PlanSessions, SameOrigin},
        office::addressed::session_for,
        page::{Area, Chrome, Page},
        paths,
        words::in_words,
    },
};

pub fn routes() -> Vec<Route> {
    routes![show, save]
}

type Who = Granted<PlanSessions>;

form_fields! {
    enum Field {
        Line = "line",
    }
}

#[derive(Template)]
#[template(path = "office/rooms/one.html")]
struct RoomPage {
    chrome: Chrome,
    session: Session,
    house: House,
    room: Room,
    form: FormState<Field>,
}

impl RoomPage {
    /// Who sleeps there.
    fn who(&self) -> String {
        let there = self.house.rooming.in_room(self.room.id, &self.house.guests);
        wording::list(&there.iter().map(|one| one.name.as_str()).collect::<Vec<_>>())
    }
}

async fn page(desk: &Desk, who: &Who, code: &SessionCode, id: RoomId) -> Result<RoomPage, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let session = session_for(&mut conn, who, code).await?;
    let house = house(&mut conn, &session).await?;
    let room = house.rooms.iter().find(|one| one.id == id).cloned().ok_or(Failure::NotFound)?;
    let mut form = FormState::default();
    form.fill(Field::Line, room.line());
    form.draw_from(room.line());
    let chrome = desk.signed_in_chrome(Area::Sessions, &who.member);
    Ok(RoomPage { chrome, session, house, room, form })
}

#[get("/office/sessions/<code>/rooms/<id>")]
async fn show(
    desk: &State<Desk>,
    who: Who,
    code: SessionCode,
    id: RoomId,
) -> Result<Page<RoomPage>, Failure> {
    Ok(Page::ok(page(desk, &who, &code, id).await?))
}

#[post("/office/sessions/<code>/rooms/<id>", data = "<fields>")]
async fn save(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    code: SessionCode,
    id: RoomId,
    fields: Fields,
) -> Result<Either<Redirect, Page<RoomPage>>, Failure> {
    let mut page = page(desk, &who, &code, id).await?;
    let back = paths::stay::rooms(&code);
    if fields.is("act", "remove") {
        remove_room(&desk.ctx, &who.actor(), (&code, id)).await?;
        return Ok(Either::Left(Redirect::to(back.done("removed-1"))));
    }
    page.form = FormState::sent(&fields);
    let drawn = Some(page.form.drawn()).filter(|drawn| !drawn.is_empty());
    let typed = (page.form.value(Field::Line), drawn);
    match change_room(&desk.ctx, &who.actor(), (&code, id), typed).await {
        Ok(Ok(())) => Ok(Either::Left(Redirect::to(back.done("room-1")))),
        Ok(Err(now)) => {
            let told = format!(
                "Somebody else changed this to \u{201c}{}\u{201d} while this page was open. Send it again to save yours",
                now.line()
            );
            page.form.fault(Field::Line, told);
            page.form.draw_from(now.line());
            Ok(Either::Right(Page::conflict(page)))
        }
        Err(RoomsError::Line(_, fault)) => {
            page.form.fault(Field::Line, in_words(&fault.to_string()));
            Ok(Either::Right(Page::unprocessable(page)))
        }
        Err(error) => Err(Failure::from(error).leads(back, "Back to the rooms")),
    }
}
