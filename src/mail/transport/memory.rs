//! Mail into memory, for tests.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use lettre::Message;

use super::DeliveryError;
use crate::domain::id::LetterId;

/// A message as it left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentLetter {
    /// The letter it was.
    pub id: LetterId,
    /// Whom the envelope named.
    pub to: Vec<String>,
    /// The message, byte for byte.
    pub message: Vec<u8>,
}

#[derive(Debug, Default)]
struct State {
    sent: Vec<SentLetter>,
    failure: Option<DeliveryError>,
}

/// Keeps what was sent, in order, doubles included; can be made to fail. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct Memory {
    state: Arc<Mutex<State>>,
}

impl Memory {
    /// What was sent, in order.
    pub fn sent(&self) -> Vec<SentLetter> {
        self.lock().sent.clone()
    }

    /// From now on every delivery fails like this, until [`Memory::recover`].
    pub fn fail_with(&self, failure: DeliveryError) {
        self.lock().failure = Some(failure);
    }

    /// Deliveries work again.
    pub fn recover(&self) {
        self.lock().failure = None;
    }

    pub(super) fn deliver(&self, message: &Message, id: LetterId) -> Result<(), DeliveryError> {
        let mut state = self.lock();
        if let Some(failure) = &state.failure {
            return Err(failure.clone());
        }
        let to = message.envelope().to().iter().map(ToString::to_string).collect();
        state.sent.push(SentLetter { id, to, message: message.formatted() });
        Ok(())
    }

    /// A test that panicked elsewhere does not make the list wrong.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::samples;

    #[test]
    fn memory_keeps_what_was_sent_and_fails_when_told_to() {
        let memory = Memory::default();
        let letter = samples::letter();
        let message = samples::message(&letter);
        let down = DeliveryError::Temporary("down".to_owned());
        memory.fail_with(down.clone());
        assert_eq!(memory.deliver(&message, letter.id), Err(down));
        memory.recover();
        assert_eq!(memory.deliver(&message, letter.id), Ok(()));
        let sent = memory.clone().sent();
        assert_eq!(sent.len(), 1);
        assert_eq!(sent[0].to, [letter.to.to_string()]);
    }
}
