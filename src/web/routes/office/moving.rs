//! Moving places to another session, and giving them out of turn.

use rocket::{Either, Route, State, get, post, response::Redirect, routes};

use crate::{
    actions::{
        booking::move_places::{Move, MoveError, move_places},
        waiting::confirm_out_of_turn::{OutOfTurnError, confirm_out_of_turn},
    },
    domain::{
        id::SessionCode,
        reference::Reference,
        registration::Registration,
        session::{Publication, Session},
        text::Paragraph,
        waiting_list::position,
        wording,
    },
    store::{queue, sessions},
    web::{
        Desk,
        failure::Failure,
        fields::Fields,
        form::FormState,
        guard::SameOrigin,
        office::bookings::{BookingMovePage, OutOfTurnPage, Target},
        page::{Area, Page},
        routes::office::bookings::{Who, found},
    },
};

async fn move_page(
    desk: &Desk,
    who: &Who,
    (session, booking): (Session, Registration),
    form: FormState,
) -> Result<BookingMovePage, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let mut coming = sessions::ending_after(&mut conn, desk.ctx.now()).await?;
    coming.retain(|one| {
        let is_other = one.code != session.code && who.on(one).is_ok();
        is_other && one.publication == Publication::Published
    });
    coming.sort_by_key(Session::starts_at);
    let target = |one: Session| Target {
        is_same_course: one.course.slug == session.course.slug,
        session: one,
    };
    let targets = coming.into_iter().map(target).collect();
    let chrome = desk.signed_in_chrome(Area::Sessions, &who.member);
    Ok(BookingMovePage { chrome, session, booking, targets, form })
}

#[get("/office/bookings/<reference>/move")]
async fn ask_move(
    desk: &State<Desk>,
    who: Who,
    reference: Reference,
) -> Result<Page<BookingMovePage>, Failure> {
    let about = found(&mut desk.ctx.store.read().await?, &who, &reference).await?;
    let mut form = FormState::default();
    about.1.places.iter().for_each(|place| form.keep(&format!("place-{}", place.number), "1"));
    Ok(Page::ok(move_page(desk, &who, about, form).await?))
}

#[post("/office/bookings/<reference>/move", data = "<fields>")]
async fn move_them(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    reference: Reference,
    fields: Fields,
) -> Result<Either<Redirect, Page<BookingMovePage>>, Failure> {
    let about = found(&mut desk.ctx.store.read().await?, &who, &reference).await?;
    let mut form = FormState::default();
    form.keep("to", fields.get("to"));
    form.keep("may_wait", fields.get("may_wait"));
    let ticked = |number: u32| fields.all("place").contains(&number.to_string());
    let chosen: Vec<_> = about.1.places.iter().filter(|place| ticked(place.number)).collect();
    chosen.iter().for_each(|place| form.keep(&format!("place-{}", place.number), "1"));
    let places: Vec<_> = chosen.iter().map(|place| place.id).collect();
    if places.is_empty() {
        form.fault("place", "Choose who moves");
    }
    let to = fields.get("to").parse::<SessionCode>().ok();
    let target = match &to {
        Some(code) => sessions::find(&mut desk.ctx.store.read().await?, code).await?,
        None => None,
    };
    let Some(target) = target.filter(|_| form.is_valid()) else {
        if to.is_none() {
            form.fault("to", "Choose where they move to");
        }
        let page = move_page(desk, &who, about, form).await?;
        return Ok(Either::Right(Page::unprocessable(page)));
    };
    who.on(&target)?;
    let registration = about.1.id;
    let may_wait = fields.is("may_wait", "1");
    let request = Move { registration, places, to: target.code, may_wait };
    match move_places(&desk.ctx, &who.actor(), &request).await {
        Ok(moved) => {
            let (there, now, waiting) =
                (moved.registration.reference, moved.confirmed, moved.waiting);
            let done = format!("/office/bookings/{there}?done=moved-{now}-{waiting}");
            return Ok(Either::Left(Redirect::to(done)));
        }
        Err(MoveError::Store(error)) => return Err(error.into()),
        Err(MoveError::Full { free }) => {
            let free = wording::count(free as usize, "place is", "places are");
            let way_out = "Choose fewer people, or let them wait there";
            form.fault("to", format!("Only {free} free there. Nobody was moved. {way_out}"));
        }
        Err(MoveError::NotThere) => form.fault("to", "Choose a session that takes bookings"),
        Err(MoveError::NothingToMove) => form.fault("place", "These places are not open any more"),
    }
    Ok(Either::Right(Page::unprocessable(move_page(desk, &who, about, form).await?)))
}

async fn confirm_page(
    desk: &Desk,
    who: &Who,
    (session, booking): (Session, Registration),
    form: FormState,
) -> Result<OutOfTurnPage, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let waiters = queue::waiters(&mut conn, &session.code).await?;
    let ahead = booking.queue().map_or(0, |number| position(number, &waiters).saturating_sub(1));
    let chrome = desk.signed_in_chrome(Area::Sessions, &who.member);
    Ok(OutOfTurnPage { chrome, session, booking, ahead, form })
}

#[get("/office/bookings/<reference>/confirm")]
async fn ask_confirm(
    desk: &State<Desk>,
    who: Who,
    reference: Reference,
) -> Result<Page<OutOfTurnPage>, Failure> {
    let about = found(&mut desk.ctx.store.read().await?, &who, &reference).await?;
    Ok(Page::ok(confirm_page(desk, &who, about, FormState::default()).await?))
}

#[post("/office/bookings/<reference>/confirm", data = "<fields>")]
async fn confirm(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    reference: Reference,
    fields: Fields,
) -> Result<Either<Redirect, Page<OutOfTurnPage>>, Failure> {
    let about = found(&mut desk.ctx.store.read().await?, &who, &reference).await?;
    let mut form = FormState::default();
    form.keep("why", fields.get("why"));
    form.keep("room", fields.get("room"));
    let Ok(Some(why)) = Paragraph::parse_optional(fields.get("why")) else {
        form.fault("why", "Say why they go first, in up to 1,000 letters");
        let page = confirm_page(desk, &who, about, form).await?;
        return Ok(Either::Right(Page::unprocessable(page)));
    };
    let (actor, room) = (who.actor(), fields.is("room", "1"));
    match confirm_out_of_turn(&desk.ctx, &actor, about.1.id, &why, room).await {
        Ok(count) => {
            let done = format!("/office/bookings/{reference}?done=confirmed-{count}");
            return Ok(Either::Left(Redirect::to(done)));
        }
        Err(OutOfTurnError::Store(error)) => return Err(error.into()),
        Err(OutOfTurnError::NoRoom { free, needed }) => {
            let free = wording::count(free as usize, "place is", "places are");
            form.fault(
                "room",
                format!("Only {free} free and they need {needed}. Tick this to add places"),
            );
        }
        Err(error) => form.fault("why", super::super::super::office::in_words(&error.to_string())),
    }
    Ok(Either::Right(Page::unprocessable(confirm_page(desk, &who, about, form).await?)))
}

pub fn routes() -> Vec<Route> {
    routes![ask_move, move_them, ask_confirm, confirm]
}
