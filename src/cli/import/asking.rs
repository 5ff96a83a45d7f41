//! Who is nominated, who was asked by name, and who wants to be told of a date, as the files say.

use super::{
    ImportError,
    asking_read::{By, InterestLine, InvitationLine, Loaded, NominationLine},
    report::ImportReport,
};
use crate::{
    actions::{ActionContext, questions::of_file::booking_of_file},
    domain::{
        id::{InterestId, NominationId, PersonalInvitationId},
        interest::Interest,
        nomination::{Facts, Nomination, Nominator, Which},
        person::recognition_key,
        personal_invitation::PersonalInvitation,
    },
    store::{StoreError, Tx, interests, nominations, people, personal_invitations, sessions},
    token::row_id,
};

/// Writes what is new; what is there stays as it is. It comes after the bookings, which leaders nominate from.
pub(super) async fn write(
    ctx: &ActionContext,
    loaded: Loaded,
    report: &mut ImportReport,
) -> Result<(), ImportError> {
    let mut tx = ctx.store.begin().await?;
    let mut known = nominations::every(&mut tx).await?;
    for (line, one) in loaded.nominations {
        let name = one.who.name.to_string();
        match nominate(ctx, &mut tx, one, &known).await? {
            Some(Ok(new)) => {
                known.push(new);
                report.nominations.add(true, line, &name, None);
            }
            Some(Err(why)) => report.refused.push(format!("nominations.csv, line {line}: {why}")),
            None => report.nominations.add(false, line, &name, None),
        }
    }
    for (line, one) in loaded.invitations {
        let key = format!("{}: {}", one.session, one.who.name);
        let is_new = invite(ctx, &mut tx, one, &known).await?;
        report.invitations.add(is_new, line, key, None);
    }
    for (line, one) in loaded.interests {
        let key = format!("{}: {}", one.course, one.name);
        let is_new = wish(ctx, &mut tx, one).await?;
        report.interests.add(is_new, line, key, None);
    }
    tx.commit().await?;
    Ok(())
}

/// Who nominations are of, and for what.
fn key_of(one: &Nomination) -> String {
    recognition_key(&one.name, one.email.as_ref(), one.institution.as_ref())
}

type Nominated = (Nomination, Facts);

/// The nomination, if it is new; or why it cannot be kept.
async fn nominate(
    ctx: &ActionContext,
    tx: &mut Tx,
    line: NominationLine,
    known: &[Nominated],
) -> Result<Option<Result<Nominated, String>>, StoreError> {
    let key = line.who.key();
    let is_it = |(one, _): &Nominated| {
        (&one.course, &one.session) == (&line.course, &line.session) && key_of(one) == key
    };
    if known.iter().any(is_it) {
        return Ok(None);
    }
    let by = match line.by {
        By::Staff(login) => Nominator::Staff(login),
        By::Booking(booking) => match booking_of_file(tx, &booking).await? {
            Some(id) => Nominator::Leader(id),
            None => return Ok(Some(Err(format!("there is no booking \"{booking}\"")))),
        },
    };
    let [before, after] = line.talks;
    let one = Nomination {
        id: NominationId::new(row_id(&*ctx.random, &*ctx.clock)),
        course: line.course,
        session: line.session,
        alliance: line.alliance,
        person: people::recognised(tx, &key).await?,
        name: line.who.name,
        email: line.who.email,
        phone: line.phone,
        institution: line.who.institution,
        reason: line.reason,
        by,
        at: line.at.unwrap_or(ctx.now()),
        decision: line.decision,
        withdrawn_at: line.withdrawn_at,
        before,
        after,
    };
    nominations::insert(tx, &one, key).await?;
    for (which, talk) in [(Which::Before, &one.before), (Which::After, &one.after)] {
        nominations::set_talk(tx, one.id, (which, talk)).await?;
    }
    if let Some(at) = one.withdrawn_at {
        nominations::withdraw(tx, one.id, at).await?;
    }
    Ok(Some(Ok((one, Facts::default()))))
}

/// Asks somebody as the file says, without a letter; whether she was not asked before.
async fn invite(
    ctx: &ActionContext,
    tx: &mut Tx,
    line: InvitationLine,
    nominated: &[Nominated],
) -> Result<bool, StoreError> {
    let key = line.who.key();
    let is_hers = |one: &PersonalInvitation| {
        recognition_key(&one.name, one.email.as_ref(), one.institution.as_ref()) == key
            && one.withdrawn_at.is_some() == line.withdrawn_at.is_some()
    };
    let asked = personal_invitations::of_session(tx, &line.session).await?;
    if asked.iter().any(|(one, _)| is_hers(one)) {
        return Ok(false);
    }
    let course = sessions::find(tx, &line.session).await?;
    let course = course.map(|session| session.course.slug.clone());
    let follows = |(one, _): &&Nominated| {
        line.is_nominated && Some(&one.course) == course.as_ref() && key_of(one) == key
    };
    let nomination = nominated.iter().find(follows).map(|(one, _)| one.id);
    let one = PersonalInvitation {
        id: PersonalInvitationId::new(row_id(&*ctx.random, &*ctx.clock)),
        session: line.session,
        person: people::recognised(tx, &key).await?,
        name: line.who.name,
        email: line.who.email,
        institution: line.who.institution,
        nomination,
        vouched: line.vouched,
        words: line.words,
        said: line.said,
        answer_by: line.answer_by,
        asked_by: line.by,
        asked_at: line.at.unwrap_or(ctx.now()),
        reminded_at: None,
        withdrawn_at: None,
        answer: None,
        answer_words: None,
        registration: None,
    };
    personal_invitations::insert(tx, &one, key).await?;
    if let Some(at) = line.reminded_at {
        personal_invitations::reminded(tx, one.id, at).await?;
    }
    if let Some((answer, at)) = line.answer {
        let said = (answer, line.answer_words.as_ref());
        let at = at.unwrap_or(ctx.now());
        personal_invitations::answer(tx, one.id, said, None, at).await?;
    }
    if let Some(at) = line.withdrawn_at {
        personal_invitations::withdraw(tx, one.id, at).await?;
    }
    Ok(true)
}

/// Notes a wish that was confirmed where the file comes from; whether it is new.
async fn wish(ctx: &ActionContext, tx: &mut Tx, line: InterestLine) -> Result<bool, StoreError> {
    if interests::live(tx, &line.email, &line.course).await?.is_some() {
        return Ok(false);
    }
    let at = line.at.unwrap_or(ctx.now());
    let one = Interest {
        id: InterestId::new(row_id(&*ctx.random, &*ctx.clock)),
        course: line.course,
        alliance: line.alliance,
        place: line.place,
        reach: line.reach,
        name: line.name,
        email: line.email,
        asked_at: at,
        confirmed_at: None,
        ended_at: None,
    };
    let key = recognition_key(&one.name, Some(&one.email), None);
    let person = people::recognised(tx, &key).await?;
    interests::insert(tx, &one, person).await?;
    interests::confirm(tx, one.id, at).await?;
    Ok(true)
}
