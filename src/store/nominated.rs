//! What somebody was nominated for, by who she is: to hand it out, to forget it, and when two people are made one.

use super::{
    Conn, StoreError, Tx,
    own_data::{Moment, at},
};
use crate::domain::{
    id::PersonId,
    own_data::{Record, record},
};

row! {
    struct HersRow {
        course: String,
        session: Option<String>,
        name: String,
        email: Option<String>,
        phone: Option<String>,
        reason: String,
        nominated_at: Moment,
        decision: Option<String>,
        before_words: Option<String>,
        after_words: Option<String>,
    }
}

/// Whether a nomination is somebody's.
macro_rules! of_person {
    () => {
        "id in (select a.id from nominations a where a.person = $1
                union select b.id from person_keys k join nominations b on b.key = k.key where k.person = $1)"
    };
}

statements! {
    HERS: HersRow = concat!(
        "select course, session, name, email, phone, reason, nominated_at, decision, before_words, after_words
         from nominations where ", of_person!(), " order by nominated_at, id"
    );

    FORGET = concat!("delete from nominations where ", of_person!());
}

/// What somebody was nominated for, for her to see.
pub(super) async fn hers(conn: &mut Conn, id: PersonId) -> Result<Vec<Record>, StoreError> {
    let rows = HERS.all(conn, [id.uuid()]).await?;
    let told = |row: HersRow| {
        record(vec![
            ("course", Some(row.course)),
            ("session", row.session),
            ("name", Some(row.name)),
            ("email", row.email),
            ("phone", row.phone),
            ("reason", Some(row.reason)),
            ("nominated_at", at(row.nominated_at)),
            ("decision", row.decision),
            ("one_to_one", row.before_words),
            ("review", row.after_words),
        ])
    };
    Ok(rows.into_iter().map(told).collect())
}

/// Forgets what somebody was nominated for.
pub async fn forget_person(tx: &mut Tx, id: PersonId) -> Result<(), StoreError> {
    FORGET.run(tx, [id.uuid()]).await?;
    Ok(())
}
