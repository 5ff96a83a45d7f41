//! Whoever leads a session, as its page introduces them.

use super::{Conn, StoreError};
use crate::domain::id::SessionCode;

row! {
    struct IntroductionRow {
        login: String,
        name: String,
        about: Option<String>,
        alliance: Option<String>,
    }
}

statements! {
    OF_SESSION: IntroductionRow =
        "select t.login, s.name, s.about, a.name as alliance from session_trainers t
         join staff s on s.login = t.login
         left join staff_alliances m on m.login = t.login
         left join alliances a on a.slug = m.alliance
         where t.session = $1 order by t.position, a.sort_key, a.slug";
}

/// Somebody who leads a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Introduction {
    login: String,
    /// Their name.
    pub name: String,
    /// A line about them, in their own words.
    pub about: Option<String>,
    /// The names of the alliances they belong to, in order.
    pub alliances: Vec<String>,
}

/// Whoever leads a session, in order.
pub async fn of_session(
    conn: &mut Conn,
    code: &SessionCode,
) -> Result<Vec<Introduction>, StoreError> {
    let mut people: Vec<Introduction> = Vec::new();
    for row in OF_SESSION.all(conn, [code.as_str()]).await? {
        let IntroductionRow { login, name, about, alliance } = row;
        match people.last_mut().filter(|last| last.login == login) {
            Some(last) => last.alliances.extend(alliance),
            None => {
                people.push(Introduction {
                    login,
                    name,
                    about,
                    alliances: Vec::from_iter(alliance),
                });
            }
        }
    }
    Ok(people)
}
