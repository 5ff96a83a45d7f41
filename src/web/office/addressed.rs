//! What an address names, for somebody who has the right to do something about it.

use crate::{
    domain::{
        id::{InstitutionCode, PersonId, SessionCode, StaffLogin},
        institution::Institution,
        person::Person,
        reference::Reference,
        registration::Registration,
        session::Session,
        staff::Account,
    },
    store::{Conn, institutions, people, registrations, sessions, staff},
    web::{
        failure::Failure,
        guard::{Granted, ManageBookings, ManageInstitutions, ManagePeople, Right},
    },
};

/// The session in an address, for somebody who has the right to do something about it.
pub async fn session_for<R: Right>(
    conn: &mut Conn,
    who: &Granted<R>,
    code: &SessionCode,
) -> Result<Session, Failure> {
    let session = sessions::find(conn, code).await?.ok_or(Failure::NotFound)?;
    who.on(&session)?;
    Ok(session)
}

/// A booking and its session, for somebody who may look after it.
pub async fn booking_for(
    conn: &mut Conn,
    who: &Granted<ManageBookings>,
    reference: &Reference,
) -> Result<(Session, Registration), Failure> {
    let id = registrations::find_by_reference(conn, reference).await?.ok_or(Failure::NotFound)?;
    let booking = registrations::find(conn, id).await?.ok_or(Failure::NotFound)?;
    let session = sessions::find(conn, &booking.session).await?.ok_or(Failure::NotFound)?;
    who.on(&session)?;
    Ok((session, booking))
}

/// The institution in an address, for somebody who may change it.
pub async fn institution_for(
    conn: &mut Conn,
    who: &Granted<ManageInstitutions>,
    code: &InstitutionCode,
) -> Result<Institution, Failure> {
    let one = institutions::find(conn, code).await?.ok_or(Failure::NotFound)?;
    who.within(&one.alliance)?;
    Ok(one)
}

/// Somebody whom an organiser may see.
pub async fn person_for(
    conn: &mut Conn,
    who: &Granted<ManagePeople>,
    id: PersonId,
) -> Result<Person, Failure> {
    let person = people::find(conn, id).await?;
    let may = who.reaches_everything() || people::is_within(conn, id, &who.member.login).await?;
    // Whether there is anybody is not told to whoever may not see her.
    if may { person.ok_or(Failure::NotFound) } else { Err(Failure::Forbidden) }
}

pub async fn account_for(conn: &mut Conn, login: &StaffLogin) -> Result<Account, Failure> {
    staff::find_account(conn, login).await?.ok_or(Failure::NotFound)
}
