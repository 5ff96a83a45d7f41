//! Letters: writing to many, reminding, delivering, sending again.

pub mod ask_feedback;
pub mod ask_for_link;
pub mod deliver_letters;
mod give_secrets;
pub mod hand_over_links;
pub mod list_withdrawals;
pub mod mend_address;
pub mod message_across;
pub mod message_people;
pub mod read_letter;
pub mod recover_links;
pub mod remind;
pub mod renew_links;
pub mod resend_letters;
pub mod retry_letter;
pub mod spare_strangers;
pub mod specimens;
pub mod stop_letters;
