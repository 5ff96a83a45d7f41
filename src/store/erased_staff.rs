//! Making a closed account anonymous. A login is made of a name, so it becomes another, wherever it stands.

use chrono::{DateTime, Utc};

use super::{StoreError, Tx};

#[cfg(test)]
const ONCE: &str = "an account is forgotten once, years after it was closed";

statements! {
    AGAIN =
        "insert into staff (login, name, email, role, disabled_at, erased_at)
         select $2, 'Name removed', $2 || '@erased.invalid', role, disabled_at, $3 from staff
         where login = $1";

    ALLIANCES = "update staff_alliances set login = $2 where login = $1";
    TRAINERS = "update session_trainers set login = $2 where login = $1";
    MESSAGES = "update mailings set author = $2 where author = $1", reads_all: ONCE;
    NOTES = "update office_notes set author = $2 where author = $1", reads_all: ONCE;
    STEPS = "update office_notes set step_for = $2 where step_for = $1", reads_all: ONCE;
    DONE = "update office_notes set done_by = $2 where done_by = $1", reads_all: ONCE;
    IMPORTS = "update imports set made_by = $2 where made_by = $1";
    SHEETS = "delete from sheet_links where made_by = $1";
    HELPERS = "update helper_links set made_by = $2 where made_by = $1";
    ENDED = "update helper_links set ended_by = $2 where ended_by = $1";
    LINKS = "delete from links where staff = $1";
    FEEDS = "delete from private_feeds where staff = $1", reads_all: ONCE;
    PASSKEYS = "delete from passkeys where staff = $1";
    CEREMONIES = "delete from passkey_ceremonies where staff = $1";
    LOG = "update audit_events set actor = $2 where actor = $1";
    PLACES = "update places set changed_by = $2 where changed_by = $1", reads_all: ONCE;
    WALK_INS = "update walk_ins set added_by = $2 where added_by = $1", reads_all: ONCE;
    PLEDGES = "update pledges set pledged_by = $2 where pledged_by = $1", reads_all: ONCE;
    ASSIGNED = "update overview_marks set assignee = $2 where assignee = $1", reads_all: ONCE;
    SAID = "update overview_marks set marked_by = $2 where marked_by = $1", reads_all: ONCE;
    RESERVED = "update reserves set made_by = $2 where made_by = $1", reads_all: ONCE;
    SCORED = "update application_scores set reader = $2 where reader = $1", reads_all: ONCE;
    TOLD = "update decision_days set set_by = $2 where set_by = $1";
    DECIDED = "update application_decisions set decided_by = $2 where decided_by = $1";
    ARRANGED = "update supports set changed_by = $2 where changed_by = $1", reads_all: ONCE;
    ASKED = "update personal_invitations set asked_by = $2 where asked_by = $1", reads_all: ONCE;
    NOMINATED = "update nominations set nominated_by = $2 where nominated_by = $1", reads_all: ONCE;
    APPROVED = "update nominations set decided_by = $2 where decided_by = $1", reads_all: ONCE;
    CLAIMS = "update path_records set decided_by = $2 where decided_by = $1", reads_all: ONCE;
    MARKED = "update attendances set marked_by = $2 where marked_by = $1", reads_all: ONCE;
    SEEN = "update attendances set observed_by = $2 where observed_by = $1", reads_all: ONCE;
    ABOUT = "update audit_events set about = $2, detail = null, changes = null where about = $1";
    GONE = "delete from staff where login = $1";
}

/// Makes an account anonymous, known by `other` from now on.
pub async fn account(
    tx: &mut Tx,
    login: &str,
    other: &str,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    AGAIN.run(tx, (login, other, now)).await?;
    let named = [
        ALLIANCES, TRAINERS, MESSAGES, NOTES, STEPS, DONE, HELPERS, ENDED, IMPORTS, ASSIGNED, SAID,
        ARRANGED, RESERVED, SCORED, TOLD, ASKED, CLAIMS,
    ];
    for statement in named {
        statement.run(tx, (login, other)).await?;
    }
    for role in ["staff", "helper"] {
        let (before, after) = (format!("{role}:{login}"), format!("{role}:{other}"));
        for statement in
            [LOG, PLACES, WALK_INS, PLEDGES, MARKED, SEEN, DECIDED, NOMINATED, APPROVED]
        {
            statement.run(tx, (&*before, &*after)).await?;
        }
    }
    ABOUT.run(tx, (format!("account:{login}"), format!("account:{other}"))).await?;
    for statement in [LINKS, SHEETS, FEEDS, PASSKEYS, CEREMONIES, GONE] {
        statement.run(tx, [login]).await?;
    }
    Ok(())
}
