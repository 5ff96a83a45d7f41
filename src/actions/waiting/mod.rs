//! Who is asked next: the waiting list, offers, and what an organiser decides.

pub mod answer_offer;
pub mod confirm_out_of_turn;
pub mod decide_request;
pub mod decision_day;
pub mod move_up;
pub mod release_declined;
pub mod score_application;
pub mod take_back_answers;
pub mod withdraw_offer;
