//! From a draft to the catalogue.

use super::{
    plan_session::{PlanError, locked_draft},
    tell_trainers::tell_who_leads,
};
use crate::{
    actions::{
        ActionContext,
        asking::tell_interested::tell_of_new,
        calendars::stamp::stamp,
        edit::{States, unchanged},
        record::{Subject, record},
    },
    domain::{
        audit::{Actor, AuditAction},
        edit::Drawn,
        id::SessionCode,
        plan::{DayFault, NumberedFault, SessionPlan},
        session::{Publication, Session},
    },
    store::{audit::Edited, session_plans},
};

/// Puts a draft into the catalogue, as whoever publishes it saw it: it can be booked from then on, as
/// its rules say, and its trainers are told that they lead it.
///
/// # Errors
/// [`PlanError`], in which case nothing changed.
pub async fn publish_session(
    ctx: &ActionContext,
    actor: &Actor,
    code: &SessionCode,
    drawn: Option<&Drawn>,
) -> Result<(), PlanError> {
    let mut tx = ctx.store.begin().await?;
    let session = locked_draft(&mut tx, code).await?;
    let (plan, edited) = (SessionPlan::of(&session), Edited::Session(code.clone()));
    let states = States { drawn, present: &plan, sent: &plan };
    unchanged::<_, PlanError>(&mut tx, &edited, states, (&[], session.zone())).await?;
    let past = session.sittings.iter().filter(|sitting| sitting.starts_at <= ctx.now());
    let past: Vec<_> = past
        .map(|sitting| NumberedFault { number: sitting.number, fault: DayFault::InThePast })
        .collect();
    if !past.is_empty() {
        return Err(PlanError::Days(past));
    }
    session_plans::publish(&mut tx, code, ctx.now()).await?;
    let published = Session { publication: Publication::Published, ..session };
    tell_who_leads(ctx, &mut tx, &[], &published).await?;
    stamp(ctx, &mut tx, code).await?;
    let subject = Subject { session: Some(code.clone()), ..Subject::default() };
    record(ctx, &mut tx, actor, AuditAction::SessionPublished, subject, None).await?;
    tx.commit().await?;
    tell_of_new(ctx, code).await;
    Ok(())
}
