//! A booking with its session, locked: how every verb on a booking that exists begins.

use super::settle::settled;
use crate::{
    actions::ActionContext,
    domain::{id::RegistrationId, registration::Registration, session::Session},
    store::{
        StoreError, Tx, registrations,
        session_lock::{self, Locked},
        sessions,
    },
};

/// A booking and its session as they stand while the session is locked.
pub(in crate::actions) struct Opened<'a> {
    pub(in crate::actions) locked: Locked<'a>,
    pub(in crate::actions) session: Session,
    pub(in crate::actions) registration: Registration,
}

impl<'a> Opened<'a> {
    /// Locks a booking's session and reads both; `None` if there is no such booking.
    pub(in crate::actions) async fn lock(
        tx: &'a mut Tx,
        id: RegistrationId,
    ) -> Result<Option<Self>, StoreError> {
        let Some(mut locked) = session_lock::lock_of_registration(tx, id).await? else {
            return Ok(None);
        };
        let code = locked.session().clone();
        let session = sessions::find(&mut locked, &code).await?;
        Self::read(locked, session, id).await
    }

    /// The same, with what has run out on the session settled first.
    pub(in crate::actions) async fn lock_settled(
        ctx: &ActionContext,
        tx: &'a mut Tx,
        id: RegistrationId,
    ) -> Result<Option<Self>, StoreError> {
        let Some(mut locked) = session_lock::lock_of_registration(tx, id).await? else {
            return Ok(None);
        };
        let (_, session) = settled(ctx, &mut locked).await?;
        Self::read(locked, session, id).await
    }

    async fn read(
        mut locked: Locked<'a>,
        session: Option<Session>,
        id: RegistrationId,
    ) -> Result<Option<Self>, StoreError> {
        let registration = registrations::find(&mut locked, id).await?;
        let (Some(session), Some(registration)) = (session, registration) else { return Ok(None) };
        Ok(Some(Self { locked, session, registration }))
    }
}
