//! What somebody was nominated for and asked to, for the page about her.

use crate::{
    domain::{
        id::PersonId,
        nomination::{Nomination, NominationState},
        personal_invitation::{InvitationState, PersonalInvitation},
    },
    store::{Conn, StoreError, nominations, personal_invitations},
    web::guard::{Granted, Right},
};

/// What she was nominated for and asked to, the latest first.
#[derive(Debug, Clone, Default)]
pub struct OfPerson {
    pub nominations: Vec<(Nomination, NominationState)>,
    pub invitations: Vec<(PersonalInvitation, InvitationState)>,
}

impl OfPerson {
    /// Nominations of whoever asks' alliances, and what she was asked to by anybody.
    pub async fn read<R: Right>(
        conn: &mut Conn,
        who: &Granted<R>,
        id: PersonId,
    ) -> Result<Self, StoreError> {
        let mut nominated = nominations::of_person(conn, id).await?;
        nominated.retain(|(one, _)| who.reaches(&one.alliance));
        let nominated = nominated.into_iter().map(|(one, facts)| {
            let state = one.state(facts);
            (one, state)
        });
        let asked = personal_invitations::of_person(conn, id).await?.into_iter();
        let asked = asked.map(|(one, seat)| {
            let state = one.state(seat);
            (one, state)
        });
        Ok(Self { nominations: nominated.collect(), invitations: asked.collect() })
    }
}
