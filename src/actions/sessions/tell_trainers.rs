//! Telling trainers what concerns them (T5): that they lead a session or do not any more, and what
//! changes about it.

use crate::{
    actions::{ActionContext, tell::Outgoing},
    domain::{
        announcement::News,
        id::StaffLogin,
        letter::LetterKind,
        session::{Publication, Session, Trainer},
        staff::StaffMember,
        text::Paragraph,
    },
    mail::letters::{self, TrainerNews},
    store::{Conn, StoreError, Tx, outbox::About, staff},
};

/// Tells whoever leads a session since it was like `before`, and whoever does not any more. Of a
/// draft nobody is told: it may never be.
pub(in crate::actions) async fn tell_who_leads(
    ctx: &ActionContext,
    tx: &mut Tx,
    before: &[Trainer],
    session: &Session,
) -> Result<(), StoreError> {
    if session.publication != Publication::Published || has_ended(ctx, session) {
        return Ok(());
    }
    let now = &session.trainers;
    let without = |some: &[Trainer], others: &[Trainer]| -> Vec<StaffLogin> {
        let logins = some.iter().map(|one| &one.login);
        logins.filter(|login| !others.iter().any(|one| one.login == **login)).cloned().collect()
    };
    let mut out = Outgoing::default();
    for (logins, news) in [
        (without(now, before), TrainerNews::Leads),
        (without(before, now), TrainerNews::LeadsNoMore),
    ] {
        for member in staff::find_all(tx, &logins).await? {
            write(ctx, &mut out, session, &member, news.clone());
        }
    }
    out.write(ctx, tx).await
}

fn has_ended(ctx: &ActionContext, session: &Session) -> bool {
    session.ends_at().is_none_or(|end| end <= ctx.now())
}

/// Tells a session's trainers what changed about it.
pub(in crate::actions) async fn tell_change(
    ctx: &ActionContext,
    tx: &mut Tx,
    session: &Session,
    news: &News,
) -> Result<(), StoreError> {
    change(ctx, tx, session, news).await?.write(ctx, tx).await
}

/// What trainers are told of a change.
pub(super) async fn change(
    ctx: &ActionContext,
    conn: &mut Conn,
    session: &Session,
    news: &News,
) -> Result<Outgoing, StoreError> {
    let news = match news {
        News::Cancelled { reason } => {
            let reason = reason.as_ref().map(Paragraph::as_str).unwrap_or_default();
            TrainerNews::Cancelled(reason.to_owned())
        }
        News::Changed { words, .. } => TrainerNews::Changed(words.clone()),
    };
    let logins: Vec<_> = session.trainers.iter().map(|one| one.login.clone()).collect();
    let mut out = Outgoing::default();
    for member in staff::find_all(conn, &logins).await? {
        write(ctx, &mut out, session, &member, news.clone());
    }
    Ok(out)
}

fn write(
    ctx: &ActionContext,
    out: &mut Outgoing,
    session: &Session,
    member: &StaffMember,
    news: TrainerNews,
) {
    let content = letters::trainer_told(&ctx.letterhead, session, &member.name, news);
    let to = (Some(member.name.clone()), member.email.clone());
    let mut letter = ctx.letter(LetterKind::TrainerTold, to, content, None);
    letter.session = Some(session.code.clone());
    out.letter(letter, About::default());
}
