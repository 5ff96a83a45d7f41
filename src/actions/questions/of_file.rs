//! An answer that stands in a file, beside the booking it came with.

use crate::{
    actions::{ActionContext, places::opened::Opened},
    domain::{
        id::QuestionCode,
        question::{Asked, Given, QuestionKind},
        reference::Reference,
    },
    store::{Conn, StoreError, answers, questions, registrations},
    token::row_id,
};

/// The booking that a file calls so: by the key it was loaded under, or by its reference.
///
/// # Errors
/// [`StoreError`].
pub async fn booking_of_file(
    conn: &mut Conn,
    key: &str,
) -> Result<Option<crate::domain::id::RegistrationId>, StoreError> {
    if let Some((id, _)) = registrations::find_attempt(conn, &format!("import:{key}")).await? {
        return Ok(Some(id));
    }
    match key.parse::<Reference>() {
        Ok(reference) => registrations::find_by_reference(conn, &reference).await,
        Err(_) => Ok(None),
    }
}

/// Keeps an answer where nothing was answered to its question before; whether it was new, or why it cannot be
/// kept.
///
/// # Errors
/// [`StoreError`], in which case it was not kept.
pub async fn answer_of_file(
    ctx: &ActionContext,
    key: &str,
    place: Option<u32>,
    (code, value): (&QuestionCode, &str),
) -> Result<Result<bool, String>, StoreError> {
    let mut tx = ctx.store.begin().await?;
    let Some(id) = booking_of_file(&mut tx, key).await? else {
        return Ok(Err("there is no such booking".to_owned()));
    };
    let Some(opened) = Opened::lock(&mut tx, id).await? else {
        return Ok(Err("there is no such booking".to_owned()));
    };
    let Opened { mut locked, session, registration } = opened;
    let asked = questions::asked(&mut locked, &session).await?;
    let Some(question) = asked.into_iter().find(|one| one.code == *code) else {
        return Ok(Err(format!("{} does not ask it", session.code)));
    };
    if place.is_some() != (question.asked == Asked::Person) {
        let words = "a question of each person needs a place, one of the booking none";
        return Ok(Err(words.to_owned()));
    }
    let found = registration.places.iter().find(|one| Some(one.number) == place);
    let place = match (place, found) {
        (None, _) => None,
        (Some(_), Some(found)) => Some(found.id),
        (Some(number), None) => return Ok(Err(format!("it has no place {number}"))),
    };
    let sheet = answers::given(&mut locked, id).await?;
    if sheet.of(place).iter().any(|given| given.question == *code) {
        return Ok(Ok(false));
    }
    // A list in a cell has semicolons between, as everywhere in these files.
    let is_one = question.options.iter().any(|option| option == value.trim());
    let value = match question.kind {
        QuestionKind::Several if !is_one && !value.contains('\n') => value.replace(';', "\n"),
        _ => value.to_owned(),
    };
    let value = match question.parse(&value) {
        Ok(Some(value)) => value,
        Ok(None) => return Ok(Err("the answer is empty".to_owned())),
        Err(fault) => return Ok(Err(fault.to_string())),
    };
    let given = [Given { question: code.clone(), revision: question.revision, value }];
    let new = || row_id(&*ctx.random, &*ctx.clock);
    let only = std::slice::from_ref(&question);
    answers::save(&mut locked, (id, place), (only, &given), ctx.now(), new).await?;
    tx.commit().await?;
    Ok(Ok(true))
}
