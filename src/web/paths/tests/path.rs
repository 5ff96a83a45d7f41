//! The addresses of paths.

use super::*;
use crate::{
    domain::id::{PathRecordId, PathSlug},
    web::paths::path,
};

pub(super) fn every_path(
    token: &Token,
    code: &crate::domain::id::SessionCode,
    person: &PersonId,
) -> Vec<(&'static str, Vec<Method>, Href)> {
    let slug: &PathSlug = &KEY.parse().unwrap();
    let record = &PathRecordId::new(ID);
    walk! {
        path {
            list(): Get; new(): Get Post;
            show(slug): Get; edit(slug): Get Post;
            publish(slug): Post;
            people(slug): Post;
            people_csv(slug): Get; people_xlsx(slug): Get;
            off(slug, person): Get Post;
            newer(slug, person): Post;
            finish(slug, person): Post;
            claims(): Get;
            person(person): Get; person_transcript(person): Get; records(person): Post;
            record(person, record): Post;
            record_out(person, record): Get Post;
            send_link(person): Post; slip(person): Post; end_links(person): Post;
            mine(token): Get; claim(token): Get Post;
            claim_back(token, record): Post;
            transcript(token): Get; my_newer(token, slug): Post;
            finished(token, slug): Get;
            finished_pdf(token, slug): Get;
            attended(token, code): Get; attended_pdf(token, code): Get;
            new_link(token): Post; ask(token): Post;
        }
    }
}
