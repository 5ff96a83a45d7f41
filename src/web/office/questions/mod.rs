//! What a course or a session asks, for whoever plans it: the list in its order, and one question.

mod form;
mod list;
mod one;
mod unanswered;

use rocket::Route;

use crate::{
    domain::{
        course::Course,
        id::{CourseSlug, SessionCode},
        question::{Question, QuestionOf},
        session::Session,
        wording,
    },
    store::{Conn, catalogue, questions, sessions},
    web::{
        failure::Failure,
        guard::{Granted, ManageCourses, PlanSessions},
        paths::{self, Href},
    },
};

pub fn routes() -> Vec<Route> {
    [list::routes(), one::routes(), unanswered::routes()].concat()
}

/// Whose questions they are, for somebody who may change them.
pub struct Owner {
    pub of: QuestionOf,
    /// What it is called.
    pub title: String,
    /// Where it stands.
    pub page: Href,
    /// The questions of the course, which a session asks before its own.
    pub before: Vec<Question>,
    /// Whether an organiser decides of everybody who asks: then it is an application.
    pub decides: bool,
}

impl Owner {
    /// A course, for whoever may change courses.
    async fn course(
        conn: &mut Conn,
        _who: &Granted<ManageCourses>,
        slug: &CourseSlug,
    ) -> Result<Self, Failure> {
        let all = catalogue::courses(conn).await?;
        let course: Option<Course> = all.into_iter().find(|course| course.slug == *slug);
        let course = course.ok_or(Failure::NotFound)?;
        Ok(Self {
            title: course.title,
            page: paths::office::course(slug),
            of: QuestionOf::Course(slug.clone()),
            before: Vec::new(),
            decides: true,
        })
    }

    /// A session, for whoever may plan it.
    async fn session(
        conn: &mut Conn,
        who: &Granted<PlanSessions>,
        code: &SessionCode,
    ) -> Result<Self, Failure> {
        let session = sessions::find(conn, code).await?.ok_or(Failure::NotFound)?;
        who.on(&session)?;
        let course = QuestionOf::Course(session.course.slug.clone());
        let days = wording::days(&session);
        let Session { mode, .. } = session;
        Ok(Self {
            title: format!("{}, {days}", session.course.title),
            page: paths::office::session(code),
            of: QuestionOf::Session(code.clone()),
            before: questions::of(conn, &course).await?,
            decides: mode == crate::domain::session::BookingMode::Approval,
        })
    }

    /// The list.
    pub fn list(&self) -> Href {
        match &self.of {
            QuestionOf::Course(slug) => paths::desk::course_questions(slug),
            QuestionOf::Session(code) => paths::desk::session_questions(code),
        }
    }

    /// One of them.
    pub fn question(&self, question: &Question) -> Href {
        match &self.of {
            QuestionOf::Course(slug) => paths::desk::course_question(slug, &question.code),
            QuestionOf::Session(code) => paths::desk::session_question(code, &question.code),
        }
    }

    pub fn is_course(&self) -> bool {
        matches!(self.of, QuestionOf::Course(_))
    }
}
