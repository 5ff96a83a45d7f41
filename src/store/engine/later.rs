//! Writes whose answer nobody reads. They wait in their transaction and go to the database together, before
//! whatever is asked there next, or with the commit: one way there and back for all of them. That way is most of
//! what a short statement costs: on SQLite two threads wake each other for it, on PostgreSQL two processes.

use sqlx::{AssertSqlSafe, SqlSafeStr};

use super::{
    Conn, StoreError,
    answer::{self, Bound},
    arguments::Arguments,
    statement::parameters,
};

/// What waits, in order.
pub(super) struct Queued {
    texts: Vec<&'static str>,
    /// What all of them were given, one after the other. A value that could not be bound fails whatever is next.
    bound: Result<Bound, StoreError>,
}

impl Conn {
    /// Whether this text waits already. PostgreSQL runs what goes together on what was there before, so that a text
    /// which counts what it writes itself must not go twice.
    pub(super) fn is_queued(&self, text: &str) -> bool {
        self.queued.as_ref().is_some_and(|queued| queued.texts.contains(&text))
    }

    /// Lets a write wait. It must read nothing that another one writes which waits.
    pub(super) fn queue<'q, Takes>(
        &mut self,
        text: &'static str,
        arguments: impl Arguments<'q, Takes>,
    ) {
        let queued = match self.queued.take() {
            None => Queued { texts: vec![text], bound: Bound::of(self, arguments) },
            Some(Queued { mut texts, bound }) => {
                texts.push(text);
                let bound = bound.and_then(|mut all| all.add(arguments).map(|()| all));
                Queued { texts, bound }
            }
        };
        self.queued = Some(queued);
    }

    /// Runs what waits.
    pub(super) async fn send_queued(&mut self) -> Result<(), StoreError> {
        let Some(Queued { texts, bound }) = self.queued.take() else { return Ok(()) };
        let bound = bound?;
        texts.iter().for_each(|text| self.remember(text));
        let text = joined(&texts, self.is_postgres());
        answer::write(self, AssertSqlSafe(text).into_sql_str(), bound).await?;
        Ok(())
    }
}

/// Several texts as one, which takes the values of all. PostgreSQL prepares one statement at a time, so there they
/// stand in one `with`; their triggers and the checks of their keys run when all are through.
fn joined(texts: &[&str], is_postgres: bool) -> String {
    let [first, rest @ ..] = texts else { return String::new() };
    if rest.is_empty() {
        return (*first).to_owned();
    }
    let (mut all, mut taken) = (String::new(), 0);
    for (number, text) in texts.iter().enumerate() {
        match (is_postgres, number) {
            (true, 0) => all.push_str("with w0 as ("),
            (true, _) => all.push_str(&format!("), w{number} as (")),
            (false, 0) => {}
            (false, _) => all.push_str(";\n"),
        }
        renumber(text, taken, &mut all);
        taken += parameters(text);
    }
    if is_postgres {
        all.push_str(") select 1");
    }
    all
}

/// Adds a text whose parameters begin after so many others.
fn renumber(text: &str, taken: usize, to: &mut String) {
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('$') {
        let digits = after.find(|c: char| !c.is_ascii_digit()).unwrap_or(after.len());
        to.push_str(before);
        to.push('$');
        match after[..digits].parse::<usize>() {
            Ok(number) => to.push_str(&(number + taken).to_string()),
            Err(_) => to.push_str(&after[..digits]),
        }
        rest = &after[digits..];
    }
    to.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::joined;

    #[test]
    fn each_text_keeps_its_own_values() {
        let one = "insert into a (x, y) values ($1, $2)";
        let other = "insert into b (z) select $1 from c where d = $1 and e = '$'";
        assert_eq!(joined(&[other], true), other);
        assert_eq!(
            joined(&[one, other, one], false),
            "insert into a (x, y) values ($1, $2);\n\
             insert into b (z) select $3 from c where d = $3 and e = '$';\n\
             insert into a (x, y) values ($4, $5)"
        );
        assert_eq!(
            joined(&[other, one], true),
            "with w0 as (insert into b (z) select $1 from c where d = $1 and e = '$'), \
             w1 as (insert into a (x, y) values ($2, $3)) select 1"
        );
    }
}
