//! What is held about one person, handed to her or to whoever looks after it (P2).

use crate::{
    actions::{
        ActionContext,
        people::know_people::know_people,
        record::{Subject, record},
    },
    domain::{
        audit::{Actor, AuditAction, AuditedRecord},
        finding::folded,
        id::PersonId,
        own_data::OwnData,
        person::Person,
    },
    store::{StoreError, Window, own_data, people},
};

/// Everything that is held about somebody; `None` where there is nobody, or who was erased. It is written
/// down that it was handed out, and by whom.
pub async fn hand_out(
    ctx: &ActionContext,
    actor: &Actor,
    id: PersonId,
) -> Result<Option<OwnData>, StoreError> {
    while know_people(ctx).await? {}
    let mut tx = ctx.store.begin().await?;
    let Some(person) = people::known(&mut tx, id).await? else { return Ok(None) };
    let parts = own_data::parts(&mut tx, person.id).await?;
    let subject = Subject::about(AuditedRecord::Person(person.id));
    record(ctx, &mut tx, actor, AuditAction::PersonExported, subject, None).await?;
    tx.commit().await?;
    Ok(Some(OwnData { person: person.id, name: person.name.to_string(), parts }))
}

/// Whom words may mean: an id, an address, or a name. An address may be shared and a name be that of two, so
/// there may be several (H3).
pub async fn meant_by(ctx: &ActionContext, words: &str) -> Result<Vec<Person>, StoreError> {
    while know_people(ctx).await? {}
    let mut conn = ctx.store.read().await?;
    if let Ok(id) = words.trim().parse::<PersonId>() {
        return Ok(people::known(&mut conn, id).await?.into_iter().collect());
    }
    let mut found =
        people::search(&mut conn, words, None, Window { offset: 0, limit: 50 }).await?.items;
    let mut by_key = Vec::new();
    if let Ok(email) = words.trim().parse() {
        by_key = people::recognised_by_address(&mut conn, &email).await?;
    }
    let wanted = folded(words);
    let is_meant = |person: &Person| {
        folded(person.name.as_str()) == wanted
            || person
                .email
                .as_ref()
                .is_some_and(|email| email.as_str().eq_ignore_ascii_case(words.trim()))
    };
    if found.iter().any(is_meant) {
        found.retain(is_meant);
    }
    for person in by_key {
        if !found.iter().any(|one| one.id == person.id) {
            found.push(person);
        }
    }
    Ok(found)
}
