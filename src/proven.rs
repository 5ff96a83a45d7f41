//! Values that are proven to be `Send` and `Sync` once, where they are made.
//!
//! The compiler proves both for each async function that keeps a value while it waits, and remembers
//! nothing of it for the next. For a connection that is hundreds of steps, down to the locks of a
//! driver, and two thousand functions keep one: nine of ten proofs of the two in this crate. Behind a
//! trait object that promises both it is one step (docs/performance.md, "How long it takes to build").

use std::ops::{Deref, DerefMut};

/// A value in a box that hides what it is made of, and nothing else.
pub struct Proven<T>(Box<dyn Hold<T> + Send + Sync>);

trait Hold<T> {
    fn held(&self) -> &T;
    fn held_mut(&mut self) -> &mut T;
    fn released(self: Box<Self>) -> T;
}

impl<T> Hold<T> for T {
    fn held(&self) -> &T {
        self
    }

    fn held_mut(&mut self) -> &mut T {
        self
    }

    fn released(self: Box<Self>) -> T {
        *self
    }
}

impl<T: Send + Sync + 'static> Proven<T> {
    /// A value that both are proven of here.
    pub fn new(value: T) -> Self {
        Self(Box::new(value))
    }
}

impl<T> Proven<T> {
    /// The value itself.
    pub fn into_inner(self) -> T {
        self.0.released()
    }
}

impl<T: Default + Send + Sync + 'static> Default for Proven<T> {
    fn default() -> Self {
        Self::new(T::default())
    }
}

impl<T> Deref for Proven<T> {
    type Target = T;

    fn deref(&self) -> &T {
        (*self.0).held()
    }
}

impl<T> DerefMut for Proven<T> {
    fn deref_mut(&mut self) -> &mut T {
        (*self.0).held_mut()
    }
}
