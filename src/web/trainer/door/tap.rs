//! One tap at a time: somebody is here, is not, or came without being on the list.

use rocket::{Route, State, post, response::Redirect, routes};

use crate::{
    actions::door::{
        check_in::{Taps, check_in, walk_in_id},
        keeper::Keeper,
        open::open_door,
    },
    domain::{
        attendance::{Mark, Presence, WalkIn},
        id::{PlaceId, SessionCode, WalkInId},
        text::Name,
    },
    web::{
        Desk,
        asked::{self, Unusable},
        failure::Failure,
        forms::{Fields, FormState, form_fields},
        guard::{CheckIn, Granted, SameOrigin},
        page::Page,
        trainer::door::list::{AtDoor, DoorAnswer, Field, page},
    },
};

form_fields! {
    /// The buttons of the list.
    enum Button {
        In = "in",
        Undo = "undo",
        Remove = "remove",
        Add = "add",
        Correction = "correction",
        Again = "again",
        Sure = "sure",
        Same = "same",
    }
}

/// Reads somebody who is not on the list; what must be put right stands in `form`.
fn walk_in(desk: &Desk, form: &mut FormState<Field>, fields: &Fields) -> Option<WalkIn> {
    // Sent twice, it is the same line (V3).
    let attempt = fields.attempt().map(|attempt| WalkInId::new(attempt.row_id()));
    let name = Name::parse(form.value(Field::Name));
    let name = form.take(Field::Name, name, |_| "Enter their name".to_owned());
    let institution = Name::parse_optional(form.value(Field::Institution));
    let institution = form.take(Field::Institution, institution, |_| {
        "Use ordinary letters and signs, up to 120 of them".to_owned()
    });
    let email = form.optional_email(Field::Email, "the email address");
    form.is_valid().then_some(WalkIn {
        id: attempt.unwrap_or_else(|| walk_in_id(&desk.ctx)),
        name: name?,
        institution: institution?,
        email,
        at: desk.ctx.now(),
        unread: None,
    })
}

const A_PLACE: &str = "it is a place on the list";
const A_LINE: &str = "it is a line of somebody without a booking";

#[post("/trainer/sessions/<code>/check-in/<number>", data = "<fields>")]
async fn tap(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Granted<CheckIn>,
    code: SessionCode,
    number: u32,
    fields: Fields,
) -> Result<Result<Redirect, DoorAnswer>, Failure> {
    let at = AtDoor::of_staff(desk, &who, &code, number);
    take(desk, Keeper::Staff(&who.member), (&code, number), at, &fields).await
}

/// Takes one tap; what must be put right, or was not taken, is shown at the door again.
pub async fn take(
    desk: &Desk,
    keeper: Keeper<'_>,
    (code, number): (&SessionCode, u32),
    at: AtDoor,
    fields: &Fields,
) -> Result<Result<Redirect, DoorAnswer>, Failure> {
    let mut taps = Taps::default();
    let corrects = fields.has(Button::Correction, "1");
    let mark = |name: &'static str, typed: &str, presence| {
        let place: Option<PlaceId> = asked::one(name, Some(typed), A_PLACE)?;
        Ok::<_, Unusable>(place.map(|place| Mark { place, presence, at: desk.ctx.now() }))
    };
    let done = if fields.has(Button::Add, "1") {
        let mut form = FormState::sent(fields);
        let Some(walk_in) = walk_in(desk, &mut form, fields) else {
            let open = open_door(&desk.ctx, keeper, code, number, false).await?;
            let page = page(desk, at, open, form, "", None);
            return Ok(Err(Page::unprocessable(page).into()));
        };
        let done = format!("added.{}", walk_in.id);
        taps.sure.extend(fields.has(Button::Again, "1").then_some(walk_in.id));
        taps.walk_ins.push(walk_in);
        taps.adds_afterwards = corrects;
        done
    } else if let Some(mark) = mark("in", fields.of(Button::In), Presence::Attended)? {
        if corrects { &mut taps.corrections } else { &mut taps.marks }.push(mark);
        format!("in.{}", mark.place)
    } else if let Some(mark) = mark("undo", fields.of(Button::Undo), Presence::Unknown)? {
        if corrects { &mut taps.corrections } else { &mut taps.marks }.push(mark);
        format!("out.{}", mark.place)
    } else if let Some(id) = asked::one("sure", Some(fields.of(Button::Sure)), A_LINE)? {
        taps.answers.push((id, true));
        format!("added.{id}")
    } else if let Some(id) = asked::one("same", Some(fields.of(Button::Same)), A_LINE)? {
        taps.answers.push((id, false));
        "removed".to_owned()
    } else {
        let line = asked::one("remove", Some(fields.of(Button::Remove)), A_LINE)?;
        let Some(line) = line else {
            // Nothing was pressed; the door opens to whoever may see it all the same, and to nobody else.
            open_door(&desk.ctx, keeper, code, number, false).await?;
            return Ok(Ok(Redirect::to(at.path)));
        };
        taps.removed.push(line);
        "removed".to_owned()
    };
    let taken = check_in(&desk.ctx, keeper, code, number, &taps).await?;
    if !taken.refused.is_empty() {
        let open = open_door(&desk.ctx, keeper, code, number, false).await?;
        let form =
            if taps.walk_ins.is_empty() { FormState::default() } else { FormState::sent(fields) };
        let page = page(desk, at, open, form, "", None).refusing(taken.refused);
        return Ok(Err(Page::unprocessable(page).into()));
    }
    Ok(Ok(Redirect::to(at.path.done(done))))
}

pub fn routes() -> Vec<Route> {
    routes![tap]
}
