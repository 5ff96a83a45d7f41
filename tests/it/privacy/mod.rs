//! What is kept of people, how long, and what becomes of it.

mod bytes;
mod links;
mod notice;
mod over_the_years;
mod own_data;
mod staff;

use crate::support::{TestTurnout, everything};

/// Where in the whole database one of these stands, in any column of any table, as text or as bytes.
async fn found(turnout: &TestTurnout, words: &[&str]) -> Vec<String> {
    let hex = |text: &str| text.bytes().map(|byte| format!("{byte:02X}")).collect::<String>();
    let all = everything(turnout).await;
    let mut found = Vec::new();
    for (table, rows) in all.iter().filter(|(table, _)| !table.starts_with("_sqlx")) {
        for word in words {
            let (lower, bytes) = (word.to_lowercase(), hex(word));
            let holds = |row: &&String| {
                row.to_lowercase().contains(&lower) || row.to_uppercase().contains(&bytes)
            };
            let rows = rows.iter().filter(holds).count();
            if rows > 0 {
                found.push(format!("{table}: {word} in {rows} rows"));
            }
        }
    }
    found
}
