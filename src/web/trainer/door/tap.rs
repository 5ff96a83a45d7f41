//! One tap at a time: somebody is here, is not, or came without being on the list.

use rocket::{Route, State, post, response::Redirect, routes};

use crate::{
    actions::door::check_in::{Taps, check_in, open_door, walk_in_id},
    domain::{
        attendance::{Mark, Presence, WalkIn},
        id::{PlaceId, SessionCode},
        text::Name,
    },
    web::{
        Desk,
        failure::Failure,
        fields::Fields,
        form::FormState,
        guard::{CheckIn, Granted, SameOrigin},
        page::Page,
        trainer::door::list::{DoorAnswer, page},
    },
};

/// Reads somebody who is not on the list; what must be put right stands in `form`.
pub fn walk_in(desk: &Desk, fields: &Fields, form: &mut FormState) -> Option<WalkIn> {
    for field in ["name", "institution", "email"] {
        form.keep(field, fields.get(field));
    }
    let name = Name::parse(fields.get("name"));
    if name.is_err() {
        form.fault("name", "Enter their name");
    }
    let institution = Name::parse_optional(fields.get("institution"));
    if institution.is_err() {
        form.fault("institution", "Use ordinary letters and signs, up to 120 of them");
    }
    let typed = fields.get("email").trim();
    let email = if typed.is_empty() { Ok(None) } else { typed.parse().map(Some) };
    if email.is_err() {
        form.fault("email", "Check the email address. It should look like name@example.org");
    }
    Some(WalkIn {
        id: walk_in_id(&desk.ctx),
        name: name.ok()?,
        institution: institution.ok()?,
        email: email.ok()?,
        at: desk.ctx.now(),
    })
}

#[post("/trainer/sessions/<code>/check-in/<number>", data = "<fields>")]
async fn tap(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Granted<CheckIn>,
    code: SessionCode,
    number: u32,
    fields: Fields,
) -> Result<Result<Redirect, DoorAnswer>, Failure> {
    let mut taps = Taps::default();
    let mark = |typed: &str, presence| {
        let place: Option<PlaceId> = typed.parse().ok();
        place.map(|place| Mark { place, presence, at: desk.ctx.now() })
    };
    let done = if fields.is("add", "1") {
        let mut form = FormState::default();
        let Some(walk_in) = walk_in(desk, &fields, &mut form) else {
            let open = open_door(&desk.ctx, &who.member, &code, number, false).await?;
            let page = page(desk, &who, open, form, "", None);
            return Ok(Err(Page::unprocessable(page).into()));
        };
        let done = format!("added.{}", walk_in.id);
        taps.walk_ins.push(walk_in);
        done
    } else if let Some(mark) = mark(fields.get("in"), Presence::Attended) {
        taps.marks.push(mark);
        format!("in.{}", mark.place)
    } else if let Some(mark) = mark(fields.get("undo"), Presence::Unknown) {
        taps.marks.push(mark);
        format!("out.{}", mark.place)
    } else {
        taps.removed.extend(fields.get("remove").parse::<crate::domain::id::WalkInId>());
        "removed".to_owned()
    };
    check_in(&desk.ctx, &who.member, &code, number, &taps).await?;
    Ok(Ok(Redirect::to(format!("/trainer/sessions/{code}/check-in/{number}?done={done}"))))
}

pub fn routes() -> Vec<Route> {
    routes![tap]
}
