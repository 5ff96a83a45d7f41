//! Writing down that help which was granted was paid: on which day, and how.

use crate::{
    actions::{
        ActionContext,
        help_requests::decide::DecideHelpError,
        record::{Subject, record},
    },
    domain::{
        audit::{Actor, AuditAction},
        help_request::{HelpRequest, HelpState, Paid},
        id::{HelpRequestId, StaffLogin},
    },
    store::{help_requests, session_lock},
};

/// Says that a grant was paid, or with `None` that this was a slip.
///
/// # Errors
/// [`DecideHelpError`], in which case nothing changed.
pub async fn pay_help(
    ctx: &ActionContext,
    by: &StaffLogin,
    id: HelpRequestId,
    paid: Option<Paid>,
) -> Result<(), DecideHelpError> {
    let mut tx = ctx.store.begin().await?;
    let found = help_requests::find(&mut tx, id).await?.ok_or(DecideHelpError::NoSuchRequest)?;
    let locked = session_lock::lock(&mut tx, &found.request.session).await?;
    let mut locked = locked.ok_or(DecideHelpError::NoSuchRequest)?;
    let seen = help_requests::find(&mut locked, id).await?.ok_or(DecideHelpError::NoSuchRequest)?;
    let known = &seen.request;
    let day = |one: &Option<Paid>| one.as_ref().map(|one| (one.on, one.how.clone()));
    if day(&known.paid) == day(&paid) {
        return Ok(());
    }
    if known.state != HelpState::Granted || known.granted.amount.is_none() {
        return Err(DecideHelpError::Meanwhile(Box::new(seen)));
    }
    let said = match &paid {
        Some(paid) => format!("paid on {}", paid.on),
        None => "not paid after all".to_owned(),
    };
    let subject = Subject {
        session: Some(known.session.clone()),
        registration: Some(seen.registration),
        place: Some(known.place),
        about: None,
    };
    let said = Some(format!("{}: {said}", known.wanted.kind));
    let paid = paid.map(|paid| Paid { by: Some(by.clone()), ..paid });
    let request = HelpRequest { paid, version: known.version + 1, ..known.clone() };
    help_requests::set(&mut locked, &request).await?;
    let actor = Actor::Staff(by.clone());
    record(ctx, &mut locked, &actor, AuditAction::HelpPaid, subject, said).await?;
    tx.commit().await?;
    Ok(())
}
