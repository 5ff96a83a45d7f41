//! Accounts, and how staff sign in.

pub mod add_account;
pub mod change_account;
pub mod disable_account;
pub mod passkeys;
pub mod sign_in;
