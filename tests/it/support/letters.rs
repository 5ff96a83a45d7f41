//! Reading the letters a test's Turnout sent, as their readers would.

use turnout::{
    actions::deliver_letters::deliver_next,
    mail::{Memory, Transport, reading::ReadLetter},
};

use super::TestTurnout;

impl TestTurnout {
    /// Delivers everything that waits, and gives what was sent this time, in order.
    pub async fn letters(&self) -> Vec<ReadLetter> {
        let memory = Memory::default();
        let transport = Transport::Memory(memory.clone());
        while deliver_next(&self.ctx, &transport).await.expect("a delivery") {}
        let sent = memory.sent();
        sent.iter().map(|letter| ReadLetter::parse(&letter.message).expect("a letter")).collect()
    }

    /// The subjects of what was sent since the last look, each with its reader, in order.
    pub async fn subjects(&self) -> Vec<String> {
        let letters = self.letters().await;
        letters.iter().map(|letter| format!("{}: {}", letter.to, letter.subject)).collect()
    }
}
