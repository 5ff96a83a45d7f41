use rocket::{
    Route,
    http::{
        Method::{self, Get, Post},
        uri::Origin,
    },
};
use uuid::Uuid;

use super::*;
use crate::{
    domain::id::{
        FeedbackQuestionId, HandoutId, HelpRequestId, HelperLinkId, LetterId, MailingId,
        NominationId, NoteId, PasskeyId, PersonId, PersonalInvitationId, PlaceId, RoomId,
        SittingId,
    },
    domain::letter_wording::WordedLetter,
    store::letter_search::Progress,
    token::Token,
    web,
};

const ID: Uuid = Uuid::from_u128(7);
const TOKEN: &str = "0123456789abcdefghjkmnpqrs";
const KEY: &str = "sample.key";
const REFERENCE: &str = "RM7K-4TQ2";
const NUMBER: u32 = 3;
const THING: &str = "requests%3AS1";
const CHECKED: &str = "3F2A-91BC-0D4E-77A0-B1C2";

/// Each function of this module with the methods that answer there, and what it gives for samples.
macro_rules! walk {
    ($($area:ident { $($name:ident($($given:expr),*): $($method:ident)+;)+ })+) => {
        vec![$($((
            concat!(stringify!($area), "::", stringify!($name)),
            vec![$($method),+],
            $area::$name($($given),*),
        )),+),+]
    };
}

mod left_out;
mod path;

#[expect(clippy::too_many_lines, reason = "a table with a line for each address")]
fn every_path() -> Vec<(&'static str, Vec<Method>, Href)> {
    let token = &TOKEN.parse::<Token>().unwrap();
    let reference = &REFERENCE.parse().unwrap();
    let (code, course, alliance) =
        (&KEY.parse().unwrap(), &KEY.parse().unwrap(), &KEY.parse().unwrap());
    let (login, institution) = (&KEY.parse().unwrap(), &KEY.parse().unwrap());
    let (person, place, key) = (&PersonId::new(ID), &PlaceId::new(ID), &PasskeyId::new(ID));
    let mut all = walk! {
        public {
            catalogue(): Get;
            catalogue_of_alliance(alliance): Get;
            catalogue_of_course(course): Get;
            session(code): Get;
            series(&KEY.parse().unwrap()): Get;
            alliance(alliance): Get; course(course): Get;
            session_ics(code): Get; session_preview(code): Get;
            certificate(&CHECKED.parse().unwrap()): Get;
            embed_alliance(alliance): Get; embed_next(alliance): Get;
            embed_session(code): Get;
            oembed("https://turnout.example/sessions/S001"): Get;
            calendars(): Get;
            calendars_of_alliance(alliance): Get; calendars_of_course(course): Get;
            calendars_qr(): Get;
            feed(): Get;
            feed_of_alliance(alliance): Get; feed_of_course(course): Get;
            private_feed(token): Get;
            new_sessions_atom(): Get;
            help(): Get; api(): Get;
            accessibility(): Get; privacy(): Get;
            lost_link(): Get Post; tell_me(course): Get Post; interest(token): Get Post;
            stop(token): Get Post;
            place_given_up(): Get; waiting_list_left(): Get;
        }
        booking {
            start(code): Get Post;
            start_series(&KEY.parse().unwrap()): Get Post;
            start_again(code): Get;
            people(code, token): Get Post;
            check(code, token): Get Post;
            questions(code, token): Get Post;
            hold(code, token): Post;
            waiting_list(code): Get Post;
        }
        handouts {
            of_session(code): Get Post; of_course(course): Get Post;
            one(&HandoutId::new(ID)): Get Post; file(&HandoutId::new(ID)): Get;
            for_trainer(code): Get; file_for_trainer(code, &HandoutId::new(ID)): Get;
            file_for_attendee(token, &HandoutId::new(ID)): Get;
            file_for_leader(token, &HandoutId::new(ID)): Get;
        }
        stay {
            own(token): Get Post; of_booking(token): Get; of_person(token, &NUMBER): Get Post;
            by_office(reference, &NUMBER): Get Post; rooms(code): Get Post; suggested(code): Get;
            room(code, &RoomId::new(ID)): Get Post; rooming_list(code): Get; rooming_csv(code): Get;
            rooming_xlsx(code): Get;
        }
        help_requests {
            own(token): Get Post; for_person(token, &NUMBER): Get Post; of_session(code): Get;
            offer(code): Get Post; one(&HelpRequestId::new(ID)): Get Post; list(): Get; csv(): Get; many(code): Post;
        }
        feedback {
            of_session(code): Get Post; of_course(course): Get Post;
            end(&FeedbackQuestionId::new(ID)): Get Post; over_time(): Get; over_time_csv(): Get;
        }
        files {
            people_csv("Ada"): Get; people_xlsx(""): Get; bookings_csv(""): Get;
            bookings_xlsx("Ada"): Get; import(): Get Post; import_to(code): Get;
            import_file(&ID): Get; import_columns(&ID): Post; import_make(&ID): Post;
            import_take_back(&ID): Get Post; import_discard(&ID): Post; sheets(): Get Post;
            sheet_end(&ID): Get Post; sheet(token): Get;
        }
        leader {
            booking(token): Get;
            questions(token): Get Post;
            booked(token): Get;
            evenings_cancel(token): Get Post; evening(token, reference): Post;
            add(token): Get Post;
            move_date(token): Get Post;
            calendar_ics(token): Get;
            resend(token): Post;
            new_link(token): Get Post;
            ask_my_data(token): Post;
            contact(token): Get Post;
            place(token, &NUMBER): Get Post;
            place_split(token, &NUMBER): Get Post;
            all(token): Get Post;
            all_open(token, reference): Post;
            again(token): Get Post;
            share(token): Get Post; share_one(token, &NUMBER): Get;
            place_cancel(token, &NUMBER): Get Post;
            cancel(token): Get Post;
            leave(token): Get Post;
            wait_again(token): Post;
            pledge(token): Get Post;
            nominate(token): Get Post;
            offer(token): Get Post;
        }
        attendee {
            place(token): Get;
            questions(token): Get Post;
            event(token): Get Post;
            invited(token): Get Post;
            needs(token): Post;
            ask_my_data(token): Post;
            my_data(token): Get Post;
            my_data_erase(token): Post;
            keep(token): Post;
            cancel(token): Get Post;
            ticket(token): Get;
            code_svg(token): Get;
            code(place): Get;
            calendar(token): Get Post;
            calendar_ics(token): Get;
            calendar_stop(token): Post;
            feedback(token): Get Post;
            certificate(token): Get;
            certificate_pdf(token): Get;
        }
        helper {
            door(token): Get Post; sync(token): Post; worker(): Get;
        }
        trainer {
            helpers(code): Post;
            helper_end(code, &HelperLinkId::new(ID)): Post;
            sessions(): Get;
            calendar(): Get Post;
            calendar_stop(): Post;
            roster(code): Get;
            roster_csv(code): Get;
            roster_xlsx(code): Get;
            roster_csv_by_institution(code): Get; roster_xlsx_by_institution(code): Get;
            badges(code): Get;
            kitchen(code): Get;
            certificates_pdf(code): Get;
            check_in(code): Get;
            door(code, &NUMBER): Get Post;
            door_at(code, &NUMBER, place): Get;
            door_close(code, &NUMBER): Get Post;
            door_sync(code, &NUMBER): Post;
        }
        account {
            sign_in(): Get Post;
            sign_in_link(token): Get Post;
            sign_in_passkey(): Get Post;
            sign_in_passkey_start(): Post;
            sign_out(): Get Post;
            account(): Get;
            letters(): Post;
            about(): Get Post;
            sign_out_everywhere(): Get Post;
            passkeys(): Get Post;
            passkeys_start(): Post;
            passkey(key): Get Post;
            passkey_remove(key): Get Post;
        }
        venues {
            day_place(code, &NUMBER): Get Post;
            season_calendar(): Get Post;
            season_calendar_stop(): Post;
            list(): Get;
            new(): Get Post;
            show(&KEY.parse().unwrap()): Get Post;
            adopt(&KEY.parse().unwrap()): Post;
        }
        desk {
            things("mine"): Get; thing(&"requests:S1".parse().unwrap()): Get Post;
            supports(): Get; session_supports(code): Get Post;
            session_support(code, KEY): Get Post; session_could_come(code): Get;
            session_reserves(code): Get Post; session_evenings(code): Get Post; session_go_ahead(code): Post;
            session_invited(code): Get Post;
            session_invited_one(code, &PersonalInvitationId::new(ID)): Get Post;
            session_invite(code): Get Post; demand(): Get;
            course_questions(course): Get Post;
            course_question(course, &KEY.parse().unwrap()): Get Post;
            session_questions(code): Get Post;
            session_unanswered(code): Get Post;
            session_question(code, &KEY.parse().unwrap()): Get Post;
            booking_questions(reference): Get Post;
            decision_day(code): Get Post;
            compare_requests(code): Get;
            request_scores(code): Post;
        }
        mailbox {
            letters(): Get; letter(KEY): Get; letter_html(KEY): Get; letter_eml(KEY): Get;
            invite_ics(KEY): Get;
        }
        records {
            people_questions(): Get Post; person_contacts(person): Post; person_unmerge(person): Get Post; person_unmerge_from(person, person): Get;
            nominations(): Get; nominations_of_session(code): Get;
            new_nomination(): Get Post; new_nomination_of(person): Get;
            new_nomination_for(code): Get;
            nomination(&NominationId::new(ID)): Get Post;
            person_notes(person): Post; institution_notes(institution): Post;
            alliance_merge(alliance): Get Post; course_merge(course): Get Post;
            place_needs(reference, &NUMBER): Get Post; place_split(reference, &NUMBER): Get Post;
            booking_add(reference): Get Post; booking_address(reference, &NUMBER): Get Post;
            booking_notes(reference): Post;
            note_take_back(&NoteId::new(ID)): Get Post;
            note_done(&NoteId::new(ID)): Post;
        }
        office {
            overview(): Get; other_pages(): Get;
            sessions(): Get; all_sessions(): Get;
            drafts(): Get; several_drafts(): Post;
            session(code): Get; new_session(): Get Post;
            new_session_like(code): Get; session_edit(code): Get Post;
            session_publish(code): Get Post; session_discard(code): Get Post;
            session_repeat(code): Get Post; session_places(code): Get Post;
            session_times(code): Get Post; session_days(code): Get Post;
            session_remove_day(code): Post;
            session_day_to_remove(code, &SittingId::new(ID)): Get;
            session_venue(code): Get Post; session_cancel(code): Get Post;
            session_decline(code): Get Post; session_feedback(code): Get;
            session_feedback_csv(code): Get; session_message(code): Get Post;
            session_mailing(code, &MailingId::new(ID)): Get; messages(): Get Post;
            circular(&ID): Get; session_pledges(code): Get Post;
            session_chase(code): Get Post; session_requests(code): Get Post;
            session_requests_many(code): Post; session_requests_undo(code): Post;
            session_move_everybody(code): Get Post; session_series(code): Get Post;
            wording(): Get; wording_of(alliance): Get Post;
            letter_wording(alliance, &WordedLetter::Invite): Get Post; bookings(): Get;
            season(): Get; requests(): Get;
            session_bookings(code): Get; session_waiting_list(code): Get;
            session_book(code): Get Post; booking(reference): Get;
            booking_cancel(reference): Get Post; place(reference, &NUMBER): Get Post;
            place_cancel(reference, &NUMBER): Get Post;
            booking_leader(reference): Get Post; booking_move(reference): Get Post;
            booking_confirm(reference): Get Post;
            booking_move_up(reference): Get Post; booking_withdraw_offer(reference): Get Post;
            booking_links(reference): Get Post; booking_links_end(reference): Post;
            booking_resend(reference): Post; turnout(): Get;
            turnout_csv(): Get; turnout_xlsx(): Get;
            letters(): Get; letters_retry_all(): Get Post;
            letters_in(&Progress::Failed): Get; letter(&LetterId::new(ID)): Get;
            letters_to_come(&ID): Get; letter_retry(&LetterId::new(ID)): Post;
            replies(): Get; reply(&ID): Get;
            reply_done(&ID): Post; people(): Get;
            person(person): Get Post; people_called("Ann Baker"): Get;
            person_data(person): Get Post; person_erase(person): Post;
            person_merge(person): Get Post; person_merge_with(person, person): Get;
            institutions(): Get; new_institution(): Get Post;
            institution(institution): Get Post; institution_merge(institution): Get Post;
            institution_merge_with(institution, institution): Get;
            typed_institutions(): Get; recognise(): Get Post;
            recognise_name("St Mary & All Saints"): Get;
            recognise_name_as("St Mary & All Saints", institution): Get; courses(): Get;
            new_course(): Get Post; course(course): Get Post;
            alliances(): Get; new_alliance(): Get Post;
            alliance(alliance): Get Post; audit(): Get;
            audit_of_session(code): Get; accounts(): Get;
            new_account(): Get Post; account(login): Get Post;
            account_sign_out(login): Post; account_passkeys(login): Get Post;
            account_disable(login): Get Post; account_enable(login): Post;
        }
    };
    all.extend(path::every_path(token, code, person));
    all
}

/// Whether a route answers at a path. Where the route takes anything, the path must have one of
/// the samples, so that a misspelt word is not taken for a code.
fn answers(route: &Route, method: Method, path: &str) -> bool {
    let id = ID.to_string();
    let number = NUMBER.to_string();
    let letter = WordedLetter::Invite.to_string();
    let samples =
        [id.as_str(), TOKEN, KEY, REFERENCE, CHECKED, THING, number.as_str(), letter.as_str()];
    let pattern = route.uri.path();
    let (wanted, given): (Vec<_>, Vec<_>) =
        (pattern.split('/').collect(), path.split('/').collect());
    let fits = |(wanted, given): (&&str, &&str)| {
        let bare = given.strip_suffix(".ics").or(given.strip_suffix(".csv"));
        let given = bare.filter(|_| wanted.starts_with('<')).unwrap_or(given);
        if wanted.starts_with('<') { samples.contains(&given) } else { *wanted == given }
    };
    route.method == method && wanted.len() == given.len() && wanted.iter().zip(&given).all(fits)
}

fn is_routed(routes: &[Route], method: Method, href: &Href) -> bool {
    let origin = Origin::parse(href.as_str()).unwrap();
    routes.iter().any(|route| answers(route, method, origin.path().as_str()))
}

#[test]
fn every_path_is_routed() {
    let routes = web::routes();
    for (name, methods, href) in every_path() {
        for method in methods {
            assert!(is_routed(&routes, method, &href), "{name} is {method} {href}: no route");
        }
    }
    let misspelt = Href::of("/office/session").join(KEY);
    assert!(!is_routed(&routes, Get, &misspelt));
    assert!(!is_routed(&routes, Post, &public::help()));
    assert!(!is_routed(&routes, Get, &office::sessions().join("drafts")));
}
