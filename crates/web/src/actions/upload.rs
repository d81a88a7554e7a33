//! `POST /courses` and `POST /courses/{id}/versions`: packages come in, streamed to the disk; an import report goes out.

use axum::extract::multipart::{Field, Multipart};
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use http::{HeaderMap, StatusCode, header};
use lyceum_app::limits::MAX_PACKAGE_BYTES;
use lyceum_app::{AppError, CourseId, ErrorKind, Finding, ImportAs, ImportError, ImportReport, ImportSource};

use crate::page;
use crate::pages::Pages;
use crate::problem::{self, sentence};
use crate::view::words::{count, size};
use crate::view::{ImportPage, Place, Report, ReportPart};
use crate::visitor::Visitor;
use crate::wording::findings;

/// What a multipart body has around the files, at most, in bytes.
const ENVELOPE: u64 = 64 << 10;

/// Tells that the upload script asks, which shows the report inside the page.
const PART: &str = "x-lyceum-part";

/// One file that came, and what became of it.
struct Outcome {
    status: StatusCode,
    report: Report,
}

type Files = Result<Multipart, axum::extract::multipart::MultipartRejection>;

/// Each package becomes a course.
pub(crate) async fn import(
    State(pages): State<Pages>,
    visitor: Visitor,
    headers: HeaderMap,
    files: Files,
) -> Response {
    all(&pages, &visitor, &headers, files, None).await
}

/// Each package becomes the newest version of a course.
pub(crate) async fn version(
    State(pages): State<Pages>,
    visitor: Visitor,
    Path(id): Path<String>,
    headers: HeaderMap,
    files: Files,
) -> Response {
    match id.parse() {
        Ok(course) => all(&pages, &visitor, &headers, files, Some(course)).await,
        Err(_) => problem::page(visitor.frame(Place::Courses), &AppError::NotFound { what: "course", id }),
    }
}

async fn all(
    pages: &Pages,
    visitor: &Visitor,
    headers: &HeaderMap,
    files: Files,
    course: Option<CourseId>,
) -> Response {
    let outcomes = match files {
        _ if announced(headers) > MAX_PACKAGE_BYTES + ENVELOPE => {
            vec![refused("The upload", &ImportError::TooLarge)]
        }
        Ok(files) => take(pages, visitor, files, course).await,
        Err(rejection) => vec![nothing(&sentence(&rejection.body_text()))],
    };
    answer(visitor, headers, outcomes)
}

/// Takes the files one after the other, as they come.
async fn take(
    pages: &Pages,
    visitor: &Visitor,
    mut multipart: Multipart,
    course: Option<CourseId>,
) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    loop {
        match multipart.next_field().await {
            Ok(Some(field)) if field.name() == Some("package") => {
                outcomes.push(take_one(pages, visitor, field, course).await);
            }
            Ok(Some(_)) => {}
            Ok(None) if outcomes.is_empty() => return vec![nothing("Choose a file first.")],
            Ok(None) => return outcomes,
            Err(error) => {
                outcomes.push(nothing(&format!("The upload broke off: {}", error.body_text())));
                return outcomes;
            }
        }
    }
}

async fn take_one(pages: &Pages, visitor: &Visitor, field: Field<'_>, course: Option<CourseId>) -> Outcome {
    let name = field.file_name().filter(|name| !name.is_empty()).unwrap_or("The file").to_owned();
    match receive(pages, visitor, field, course).await {
        Ok(report) => imported(&report),
        Err(error) => refused(&name, &error),
    }
}

/// A client that goes away drops this future, and with it the upload and what it wrote.
async fn receive(
    pages: &Pages,
    visitor: &Visitor,
    mut field: Field<'_>,
    course: Option<CourseId>,
) -> Result<ImportReport, ImportError> {
    let mut upload = pages.app.upload()?;
    let mut received = 0;
    loop {
        match field.chunk().await {
            Ok(Some(piece)) => {
                received += piece.len() as u64;
                upload.write(piece).await?;
            }
            Ok(None) => break,
            Err(_) => return Err(ImportError::Interrupted(received)),
        }
    }
    let options = ImportAs { course, ..ImportAs::default() };
    pages.app.import(visitor.tenant(), ImportSource::Upload(upload), options).await
}

fn imported(report: &ImportReport) -> Outcome {
    let title = report.summary.title.as_deref().unwrap_or("The course");
    let standard = report.summary.standard.map_or("", lyceum_package::Standard::title);
    let detail = format!(
        "version {}, {standard}, {}, {}",
        report.version,
        count(report.summary.items, "item"),
        size(report.size)
    );
    let headline = if report.new_version {
        format!("“{title}” was imported.")
    } else {
        format!("“{title}” is here already.")
    };
    let course = Some(report.course_id.to_string());
    let report = Report {
        tone: "good",
        headline,
        detail: Some(detail),
        course,
        findings: findings(&report.summary.diagnostics),
    };
    Outcome { status: StatusCode::OK, report }
}

fn refused(name: &str, error: &ImportError) -> Outcome {
    let text = error.to_string();
    let found = error.summary().map(|summary| summary.diagnostics.as_slice()).unwrap_or_default();
    // A finding that is the error itself would only be told twice.
    let more: Vec<Finding> = found.iter().filter(|finding| finding.message != text).cloned().collect();
    // An error that lists its findings says in the first line what it is about.
    let detail = sentence(text.lines().next().unwrap_or_default());
    Outcome {
        status: problem::status(error.kind()),
        report: Report {
            tone: "bad",
            headline: format!("{name} was not imported."),
            detail: Some(detail),
            course: None,
            findings: findings(&more),
        },
    }
}

fn nothing(why: &str) -> Outcome {
    let report = Report {
        tone: "bad",
        headline: "Nothing was imported.".into(),
        detail: Some(why.to_owned()),
        course: None,
        findings: vec![],
    };
    Outcome { status: problem::status(ErrorKind::Malformed), report }
}

fn answer(visitor: &Visitor, headers: &HeaderMap, mut outcomes: Vec<Outcome>) -> Response {
    let status = outcomes.iter().map(|outcome| outcome.status).max().unwrap_or(StatusCode::OK);
    if headers.contains_key(PART) && outcomes.len() == 1 {
        let report = outcomes.remove(0).report;
        return (status, page::html(&ReportPart { report })).into_response();
    }
    if let [Outcome { report: Report { course: Some(course), .. }, .. }] = outcomes.as_slice() {
        return Redirect::to(&format!("/courses/{course}")).into_response();
    }
    let reports = outcomes.into_iter().map(|outcome| outcome.report).collect();
    (status, page::html(&ImportPage { frame: visitor.frame(Place::Courses), reports })).into_response()
}

/// Bytes of the whole body, as far as the client says.
fn announced(headers: &HeaderMap) -> u64 {
    headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok()).unwrap_or(0)
}
