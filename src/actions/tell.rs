//! Telling people of a change: their links, invitations and letters, collected while the verb
//! decides and written with the change, in a few statements however many people it concerns.

use chrono::{DateTime, Utc};

use super::ActionContext;
use crate::{
    domain::{
        id::{LetterId, PlaceId, RegistrationId},
        invitation::Invitation,
        letter::{Letter, LetterKind},
        registration::Registration,
        session::Session,
    },
    mail::letters::{self, Content},
    store::{
        StoreError, Tx, enqueue, invitations,
        links::{self, LinkTarget},
        outbox::About,
        replies,
    },
    token::{StandIn, Token, TokenHash},
};

/// What is still to be written of what a change tells.
#[derive(Default)]
#[must_use = "what is not written is told to nobody"]
pub(super) struct Outgoing {
    links: Vec<(TokenHash, LinkTarget)>,
    /// Attendees' own links, which open no more than their place.
    own: Vec<(PlaceId, String)>,
    invitations: Vec<Invitation>,
    /// Invitations that calendars know, as they were told last.
    told_again: Vec<Invitation>,
    /// Places whose links open nothing any more.
    lost: Vec<PlaceId>,
    /// Places that were declined and do not come free for it.
    kept: Vec<PlaceId>,
    letters: Vec<(Letter, About)>,
    /// Which of the letters go to a leader, and the places of her booking.
    to_leaders: Vec<(LetterId, Vec<PlaceId>)>,
}

impl Outgoing {
    /// A letter to a registration's leader and nothing else; nothing at all if she has no address.
    pub(super) fn for_leader(
        ctx: &ActionContext,
        about: (&Session, &Registration),
        kind: LetterKind,
        words: impl FnOnce((&Session, &Registration), &str) -> Content,
    ) -> Self {
        let mut out = Self::default();
        out.tell_leader(ctx, about, kind, words);
        out
    }

    /// A new private link for a letter, which gets its secret when it is delivered.
    pub(super) fn link(&mut self, ctx: &ActionContext, target: LinkTarget) -> StandIn {
        let stand_in = ctx.stand_in();
        if let LinkTarget::Attendee(place) = &target {
            self.own.push((*place, ctx.place_url(&stand_in)));
        }
        self.links.push((stand_in.hash(), target));
        stand_in
    }

    /// A new private link to answer with at once.
    pub(super) fn link_now(&mut self, ctx: &ActionContext, target: LinkTarget) -> Token {
        let token = ctx.token();
        self.links.push((token.hash(), target));
        token
    }

    /// An invitation, which one of the letters carries.
    pub(super) fn invitation(&mut self, invitation: Invitation) {
        self.invitations.push(invitation);
    }

    /// An invitation that is known, with what one of the letters says of it now.
    pub(super) fn told_again(&mut self, invitation: Invitation) {
        self.told_again.push(invitation);
    }

    /// A place whose attendee comes no more: the links she has open nothing from now on.
    pub(super) fn lose(&mut self, place: PlaceId) {
        self.lost.push(place);
        self.kept.push(place);
    }

    /// A place that does not come free, whatever was answered for it.
    pub(super) fn keep(&mut self, place: PlaceId) {
        self.kept.push(place);
    }

    /// A letter; letters leave in the order in which they were added.
    pub(super) fn letter(&mut self, letter: Letter, about: About) {
        self.letters.push((letter, about));
    }

    /// Leaves out letters to an address at which none arrive.
    pub(super) fn spare(&mut self, address: &crate::domain::contact::EmailAddress) {
        self.letters.retain(|(letter, _)| letter.to != *address);
    }

    /// A letter to a registration's leader, if she has an address, with a link of her own.
    pub(super) fn tell_leader(
        &mut self,
        ctx: &ActionContext,
        (session, registration): (&Session, &Registration),
        kind: LetterKind,
        words: impl FnOnce((&Session, &Registration), &str) -> Content,
    ) {
        if registration.leader.email.is_none() {
            return;
        }
        let token = self.link(ctx, LinkTarget::Leader(registration.id));
        let content = words((session, registration), &ctx.manage_url(&token));
        self.write_leader(ctx, registration, kind, content);
    }

    /// The same with words that have a link already.
    pub(super) fn write_leader(
        &mut self,
        ctx: &ActionContext,
        registration: &Registration,
        kind: LetterKind,
        content: Content,
    ) {
        let Some(email) = &registration.leader.email else { return };
        let to = (Some(registration.leader.name.to_string()), email.clone());
        let letter = ctx.letter(kind, to, content, None);
        let places = registration.places.iter().map(|place| place.id).collect();
        self.to_leaders.push((letter.id, places));
        self.letter(letter, About { registration: Some(registration.id), place: None });
    }

    /// The place that somebody of the leader's had until now: what her calendar is told of it belongs into
    /// the letter that was written to the leader last.
    pub(super) fn had_place(&mut self, place: PlaceId) {
        if let Some((_, places)) = self.to_leaders.last_mut() {
            places.push(place);
        }
    }

    /// The letters that would be written.
    pub(super) fn into_letters(mut self) -> Vec<Letter> {
        self.unite();
        self.letters.into_iter().map(|(letter, _)| letter).collect()
    }

    /// How many letters there are to write.
    pub(super) fn count(&mut self) -> usize {
        self.unite();
        self.letters.len()
    }

    /// Which letters there are to write.
    pub(super) fn letter_ids(&mut self) -> Vec<LetterId> {
        self.unite();
        self.letters.iter().map(|(letter, _)| letter.id).collect()
    }

    /// Makes one letter of two that would tell one person of one change: a leader's letter carries
    /// what her own calendar is told, where she comes herself (T3). A day more has a letter of its own,
    /// since a letter can carry only one event (RFC 5546 3.2.2).
    fn unite(&mut self) {
        for (id, places) in std::mem::take(&mut self.to_leaders) {
            let Some(leaders) = self.letters.iter().position(|(one, _)| one.id == id) else {
                continue;
            };
            let (leader, _) = &self.letters[leaders];
            let is_own = |(one, about): &(Letter, About)| {
                one.to == leader.to
                    && one.calendar.is_some()
                    && about.place.is_some_and(|place| places.contains(&place))
            };
            let named = |one: &(Letter, About)| is_own(one) && one.0.to_name == leader.to_name;
            let own = self.letters.iter().position(named);
            let own = own.or_else(|| self.letters.iter().position(is_own));
            let Some(own) = own else { continue };
            let (letter, mut about) = self.letters[leaders].clone();
            let (attendees, of) = self.letters[own].clone();
            about.place = of.place;
            let more = self.letters.iter().filter(|one| is_own(one)).count() > 1;
            // Days stay in their order, whichever of the two was written first.
            let url = self.own.iter().rfind(|(place, _)| Some(*place) == about.place);
            let url = url.map(|(_, url)| url.as_str());
            let united = letters::with_own_calendar(letter, attendees, url, more);
            self.letters.remove(leaders.max(own));
            self.letters[leaders.min(own)] = (united, about);
        }
    }

    /// Writes all of it.
    pub(super) async fn write(
        mut self,
        ctx: &ActionContext,
        tx: &mut Tx,
    ) -> Result<(), StoreError> {
        self.unite();
        // What ends comes first: a newcomer's link is to the place of whoever was there before, and
        // nobody has two invites to one day.
        links::revoke_places(tx, &self.lost, ctx.now()).await?;
        replies::stop_releases(tx, &self.kept).await?;
        invitations::update_all(tx, &self.told_again).await?;
        links::insert_all(tx, &self.links, ctx.now(), None).await?;
        invitations::insert_all(tx, &self.invitations).await?;
        tell_all(ctx, tx, &self.letters).await
    }
}

/// A new private link for a letter, which gets its secret when it is delivered.
pub(super) async fn letter_link(
    ctx: &ActionContext,
    tx: &mut Tx,
    target: &LinkTarget,
    until: Option<DateTime<Utc>>,
) -> Result<StandIn, StoreError> {
    let stand_in = ctx.stand_in();
    links::insert(tx, stand_in.hash(), target, ctx.now(), until).await?;
    Ok(stand_in)
}

/// A new leader's link for a registration, to answer with at once.
pub(super) async fn leader_link(
    ctx: &ActionContext,
    tx: &mut Tx,
    id: RegistrationId,
) -> Result<Token, StoreError> {
    let token = ctx.token();
    links::insert(tx, token.hash(), &LinkTarget::Leader(id), ctx.now(), None).await?;
    Ok(token)
}

/// Writes a letter to somebody, so that it leaves with the change it tells of; its id.
pub(super) async fn tell(
    ctx: &ActionContext,
    tx: &mut Tx,
    kind: LetterKind,
    to: (Option<String>, crate::domain::contact::EmailAddress),
    content: Content,
    about: About,
) -> Result<crate::domain::id::LetterId, StoreError> {
    let letter = ctx.letter(kind, to, content, None);
    enqueue::letter(tx, &letter, about, ctx.now()).await?;
    Ok(letter.id)
}

/// The same of letters that a verb has made itself, since they say more than their content; they leave in this
/// order.
pub(super) async fn tell_all(
    ctx: &ActionContext,
    tx: &mut Tx,
    letters: &[(Letter, About)],
) -> Result<(), StoreError> {
    enqueue::letters(tx, letters, ctx.now()).await
}
