//! Which letters somebody on the staff wants.

use rocket::{Route, State, post, response::Redirect, routes};

use crate::{
    actions::letters::list_withdrawals::want_withdrawals,
    domain::{
        permission::{Permission, allows_somewhere},
        staff::StaffMember,
    },
    web::{
        Desk,
        failure::Failure,
        forms::{Fields, form_fields},
        guard::{SameOrigin, SignedIn},
        paths,
    },
};

form_fields! {
    pub enum Field {
        Withdrawals = "withdrawals",
    }
}

/// Whether somebody looks after bookings anywhere, so that it concerns her when a place is given up.
pub fn may_hear(member: &StaffMember) -> bool {
    allows_somewhere(member, Permission::ManageBookings)
}

#[post("/account/letters", data = "<fields>")]
async fn save(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: SignedIn,
    fields: Fields,
) -> Result<Redirect, Failure> {
    let wants = fields.has(Field::Withdrawals, "1") && may_hear(&who.member);
    want_withdrawals(&desk.ctx, &who.member.login, wants).await?;
    let done = if wants { "letters" } else { "no-letters" };
    Ok(Redirect::to(paths::account::account().done(done)))
}

pub fn routes() -> Vec<Route> {
    routes![save]
}
