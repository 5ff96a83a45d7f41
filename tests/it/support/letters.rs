//! Reading the letters a test's Turnout sent, as their readers would.

use std::sync::Arc;

use turnout::{
    actions::letters::deliver_letters::deliver_due,
    mail::{Memory, Transport, reading::ReadLetter},
    store::{
        Window,
        letter_search::{self, Progress},
    },
};

use super::TestTurnout;

impl TestTurnout {
    /// Delivers everything that waits, and gives what was sent this time, in order.
    pub async fn letters(&self) -> Vec<ReadLetter> {
        let memory = Memory::default();
        let transport = Arc::new(Transport::Memory(memory.clone()));
        deliver_due(&self.ctx, transport).await.expect("a delivery");
        let sent = memory.sent();
        let read = sent.iter().map(|letter| {
            let mut letter = ReadLetter::parse(&letter.message).expect("a letter");
            // On the way lines end as RFC 5322 has it.
            letter.text = letter.text.replace("\r\n", "\n");
            letter
        });
        read.collect()
    }

    /// The subjects of what was sent since the last look, each with its reader, in order.
    pub async fn subjects(&self) -> Vec<String> {
        let letters = self.letters().await;
        letters.iter().map(|letter| format!("{}: {}", letter.to, letter.subject)).collect()
    }

    /// The id of a letter that was delivered to this address.
    pub async fn letter_to(&self, address: &str) -> String {
        let mut conn = self.ctx.store.read().await.expect("a connection");
        let window = Window { limit: 50, offset: 0 };
        let sent = letter_search::search(&mut conn, Progress::Sent, None, window).await;
        let sent = sent.expect("letters");
        let letter = sent.iter().find(|letter| letter.to == address).expect("a letter");
        letter.id.to_string()
    }
}
