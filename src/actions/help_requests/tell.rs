//! Whoever asked for help is told what was decided: one letter to each person for whatever was decided about her within
//! a little while (T3), and one to the leader for those who have no address.

use crate::{
    actions::{ActionContext, places::opened::Opened, tell::Outgoing},
    domain::{
        help_request::{HelpRequest, HelpState},
        id::RegistrationId,
        letter::LetterKind,
        place::Place,
        session::Publication,
    },
    mail::letters::{self, HelpAnswer, HelpDecided},
    store::{
        StoreError,
        help_requests::{self, HelpSeen},
        links::LinkTarget,
        outbox::About,
        places,
    },
};

/// Tells everybody who is to be told by now; how many bookings that were.
///
/// # Errors
/// [`StoreError`]; who was told before is told.
pub async fn tell_decided(ctx: &ActionContext) -> Result<usize, StoreError> {
    let mut conn = ctx.store.read().await?;
    let due = help_requests::to_tell(&mut conn, ctx.now()).await?;
    let mut bookings: Vec<RegistrationId> = Vec::new();
    for place in due {
        let booking = places::registration_of(&mut conn, place).await?;
        bookings.extend(booking.filter(|id| !bookings.contains(id)));
    }
    drop(conn);
    let mut told = 0;
    for id in bookings {
        told += usize::from(tell_booking(ctx, id).await?);
    }
    Ok(told)
}

async fn tell_booking(ctx: &ActionContext, id: RegistrationId) -> Result<bool, StoreError> {
    let mut tx = ctx.store.begin().await?;
    let Some(mut opened) = Opened::lock(&mut tx, id).await? else { return Ok(false) };
    let untold = help_requests::untold(&mut opened.locked, id).await?;
    // Somebody else may have told them meanwhile.
    if untold.iter().all(|one| one.request.tell_at.is_none_or(|at| at > ctx.now())) {
        return Ok(false);
    }
    let out = letters(ctx, &opened, &untold);
    for seen in untold {
        let told = Some(seen.request.told_as());
        let request = HelpRequest { tell_at: None, told, ..seen.request };
        help_requests::set(&mut opened.locked, &request).await?;
    }
    out.write(ctx, &mut opened.locked).await?;
    tx.commit().await?;
    Ok(true)
}

/// What is said of a request.
fn answer(seen: &HelpSeen, whose: Option<&str>) -> HelpAnswer {
    let request = &seen.request;
    HelpAnswer {
        what: request.wanted.kind,
        whose: whose.map(str::to_owned),
        state: request.state,
        amount: request.granted.amount,
        reason: request.reason.clone(),
    }
}

/// Whether she said that she comes only if it is granted, and it is not.
fn is_in_doubt(seen: &HelpSeen) -> bool {
    seen.request.wanted.depends && seen.request.state == HelpState::Refused
}

/// Whether somebody is written to by way of the leader, who then reads of her own in the same letter.
fn has_no_address(place: &Place) -> bool {
    place.attendee.as_ref().is_some_and(|one| one.email.is_none())
}

/// One letter to each person with an address, and one to the leader for all the others. Whoever gave up her place was
/// told so, and nobody writes to people of a session that is called off.
fn letters(ctx: &ActionContext, opened: &Opened<'_>, untold: &[HelpSeen]) -> Outgoing {
    let mut out = Outgoing::default();
    let Opened { session, registration, .. } = opened;
    if session.publication != Publication::Published {
        return out;
    }
    let hers = |place: &Place| -> Vec<&HelpSeen> {
        untold.iter().filter(|one| one.request.place == place.id).collect()
    };
    let coming = registration.places.iter().filter(|place| place.state.status().is_open());
    let told: Vec<&Place> = coming.filter(|place| !hers(place).is_empty()).collect();
    let passes_on = told.iter().any(|place| has_no_address(place));
    let is_by_leader =
        |place: &Place| has_no_address(place) || (passes_on && registration.is_leaders(place));
    for place in told.iter().filter(|place| !is_by_leader(place)) {
        tell_one(ctx, &mut out, opened, (place, &hers(place)));
    }
    let of_leader: Vec<(&Place, &HelpSeen)> = told
        .iter()
        .filter(|place| is_by_leader(place))
        .flat_map(|place| hers(place).into_iter().map(|one| (*place, one)))
        .collect();
    if !of_leader.is_empty() {
        out.tell_leader(ctx, (session, registration), LetterKind::HelpDecided, |about, url| {
            let doubts = of_leader.iter().any(|(_, one)| is_in_doubt(one));
            // An inbox may be shared: whoever is not the leader is named.
            let name = |place: &Place| {
                let name = place.attendee.as_ref().map(|one| &one.name);
                name.filter(|name| **name != about.1.leader.name).map(ToString::to_string)
            };
            let answers = of_leader.iter().map(|(place, one)| answer(one, name(place).as_deref()));
            let told = HelpDecided {
                name: about.1.leader.name.as_str(),
                answers: answers.collect(),
                url: url.to_owned(),
                give_up: doubts.then(|| format!("{url}/cancel")),
            };
            letters::help_decided(&ctx.letterhead, about.0, told).of(&about.1.reference)
        });
    }
    out
}

/// A letter to somebody at her own address, with a link of her own.
fn tell_one(
    ctx: &ActionContext,
    out: &mut Outgoing,
    Opened { session, registration, .. }: &Opened<'_>,
    (place, hers): (&Place, &[&HelpSeen]),
) {
    let Some(attendee) = &place.attendee else { return };
    let Some(email) = &attendee.email else { return };
    let link = out.link(ctx, LinkTarget::Attendee(place.id));
    let url = ctx.place_url(&link);
    let told = HelpDecided {
        name: attendee.name.as_str(),
        answers: hers.iter().map(|one| answer(one, None)).collect(),
        url: format!("{url}/help"),
        give_up: hers.iter().any(|one| is_in_doubt(one)).then(|| format!("{url}/cancel")),
    };
    let content = letters::help_decided(&ctx.letterhead, session, told).of(&registration.reference);
    let to = (Some(attendee.name.to_string()), email.clone());
    let letter = ctx.letter(LetterKind::HelpDecided, to, content, None);
    out.letter(letter, About { registration: Some(registration.id), place: Some(place.id) });
}
