//! What the templates show. Plain texts and numbers: how a value is worded is decided here and in [`words`], where it is
//! placed in `templates/`.

pub(crate) mod words;

use askama::Template;

use self::words::{Badge, Moment};

/// Which part of the application a page belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Courses,
    Registrations,
    Elsewhere,
}

/// What stands around every page.
#[derive(Clone, Debug)]
pub(crate) struct Frame {
    pub(crate) place: Place,
    /// Address of the front-end files.
    pub(crate) assets: &'static str,
    /// Whether the caller may use the pages, so that links to them make sense.
    pub(crate) inside: bool,
    /// Whether there is a sign-in to end.
    pub(crate) signed_in: bool,
    /// Who can see these pages, in a sentence.
    pub(crate) access: String,
}

/// One finding about a package.
#[derive(Clone, Debug)]
pub(crate) struct Finding {
    pub(crate) severity: &'static str,
    pub(crate) tone: &'static str,
    pub(crate) code: String,
    /// What the code stands for.
    pub(crate) meaning: &'static str,
    pub(crate) message: String,
    pub(crate) place: Option<String>,
}

#[derive(Clone, Debug)]
pub(crate) struct CourseRow {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) standard: &'static str,
    pub(crate) version: u32,
    pub(crate) learners: u64,
    /// The newest version's import, or another change.
    pub(crate) changed: Moment,
}

#[derive(Template)]
#[template(path = "courses.html")]
pub(crate) struct CoursesPage {
    pub(crate) frame: Frame,
    pub(crate) courses: Vec<CourseRow>,
    pub(crate) max_bytes: u64,
    pub(crate) max_size: String,
}

/// What came of one upload.
#[derive(Clone, Debug)]
pub(crate) struct Report {
    pub(crate) tone: &'static str,
    pub(crate) headline: String,
    pub(crate) detail: Option<String>,
    /// The course, where there is one now.
    pub(crate) course: Option<String>,
    pub(crate) findings: Vec<Finding>,
}

/// The report alone, for the upload script.
#[derive(Template)]
#[template(path = "parts/report.html")]
pub(crate) struct ReportPart {
    pub(crate) report: Report,
}

#[derive(Template)]
#[template(path = "import.html")]
pub(crate) struct ImportPage {
    pub(crate) frame: Frame,
    pub(crate) reports: Vec<Report>,
}

#[derive(Clone, Debug)]
pub(crate) struct ItemRow {
    pub(crate) depth: usize,
    pub(crate) title: String,
    pub(crate) kind: Option<&'static str>,
    pub(crate) visible: bool,
}

/// Settings that belong to one question.
#[derive(Clone, Debug)]
pub(crate) struct SettingGroup {
    pub(crate) title: &'static str,
    /// Settings that were set for the course.
    pub(crate) changed: usize,
    pub(crate) fields: Vec<SettingField>,
}

/// One setting in the form.
#[derive(Clone, Debug)]
pub(crate) struct SettingField {
    pub(crate) name: &'static str,
    pub(crate) label: String,
    /// Empty: the default.
    pub(crate) value: String,
    pub(crate) default: String,
    pub(crate) words: &'static [&'static str],
    /// A number can be written too.
    pub(crate) is_open: bool,
    pub(crate) allowed: String,
    pub(crate) what: String,
}

#[derive(Clone, Debug)]
pub(crate) struct VersionRow {
    pub(crate) number: u32,
    pub(crate) imported: Moment,
    pub(crate) size: String,
    pub(crate) verified: Badge,
    pub(crate) digest: String,
    pub(crate) short_digest: String,
}

#[derive(Template)]
#[template(path = "course.html")]
pub(crate) struct CoursePage {
    pub(crate) frame: Frame,
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) standard: &'static str,
    pub(crate) also: Vec<&'static str>,
    pub(crate) authoring_tool: Option<String>,
    pub(crate) verdict: Vec<Badge>,
    pub(crate) findings: Vec<Finding>,
    /// Files whose checksum is wrong.
    pub(crate) damaged: Vec<String>,
    pub(crate) item_count: String,
    pub(crate) items: Vec<ItemRow>,
    pub(crate) versions: Vec<VersionRow>,
    pub(crate) settings: Vec<SettingGroup>,
    pub(crate) registrations: Vec<RegistrationRow>,
    pub(crate) with_course: bool,
    pub(crate) max_name: usize,
    pub(crate) max_bytes: u64,
    pub(crate) max_size: String,
}

#[derive(Clone, Debug)]
pub(crate) struct RegistrationRow {
    pub(crate) id: String,
    pub(crate) learner: String,
    pub(crate) course_id: String,
    pub(crate) course: String,
    pub(crate) standing: Vec<Badge>,
    pub(crate) score: String,
    pub(crate) time: String,
    pub(crate) last_access: Option<Moment>,
}

#[derive(Template)]
#[template(path = "registrations.html")]
pub(crate) struct RegistrationsPage {
    pub(crate) frame: Frame,
    pub(crate) registrations: Vec<RegistrationRow>,
    pub(crate) with_course: bool,
    pub(crate) query: String,
    /// Where the next page begins.
    pub(crate) next: Option<String>,
    pub(crate) is_first: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct ValueRow {
    pub(crate) element: String,
    pub(crate) value: String,
}

impl ValueRow {
    /// Characters from which a value gets a scrolling box.
    const LONG: usize = 600;

    fn is_long(&self) -> bool {
        self.value.len() > Self::LONG
    }
}

#[derive(Clone, Debug)]
pub(crate) struct ActivityPart {
    pub(crate) title: String,
    pub(crate) standing: Vec<Badge>,
    pub(crate) score: String,
    pub(crate) time: String,
    pub(crate) values: Vec<ValueRow>,
    pub(crate) open: bool,
}

/// Who has set status or score, when and why.
#[derive(Clone, Debug)]
pub(crate) struct SetByHand {
    pub(crate) by: String,
    pub(crate) at: Moment,
    pub(crate) reason: String,
}

#[derive(Clone, Debug)]
pub(crate) struct SessionRow {
    pub(crate) opened: Moment,
    pub(crate) last_seen: Moment,
    pub(crate) ended: String,
    pub(crate) entries: u64,
}

#[derive(Clone, Debug)]
pub(crate) struct AttemptPart {
    pub(crate) number: u32,
    pub(crate) started: Moment,
    pub(crate) note: String,
    pub(crate) overridden: Option<SetByHand>,
    pub(crate) activities: Vec<ActivityPart>,
    pub(crate) sessions: Vec<SessionRow>,
}

#[derive(Template)]
#[template(path = "registration.html")]
pub(crate) struct RegistrationPage {
    pub(crate) frame: Frame,
    pub(crate) id: String,
    pub(crate) learner: String,
    pub(crate) course_id: String,
    pub(crate) course: String,
    pub(crate) standing: Vec<Badge>,
    pub(crate) score: String,
    pub(crate) time: String,
    pub(crate) first_access: Option<Moment>,
    pub(crate) last_access: Option<Moment>,
    pub(crate) launch_link: String,
    /// Whether a launch may ask for a new attempt.
    pub(crate) may_ask: bool,
    pub(crate) launch_note: String,
    pub(crate) attempts: Vec<AttemptPart>,
    pub(crate) query: String,
    pub(crate) value_count: usize,
    /// Whether a person has set status or score of the newest attempt.
    pub(crate) overridden: bool,
    /// What the form for a rollback begins with.
    pub(crate) rollback_to: String,
    pub(crate) rollback_attempt: u32,
}

/// What was decided on the way of a navigation request.
#[derive(Clone, Debug)]
pub(crate) struct Why {
    /// How many decisions there are.
    pub(crate) told: String,
    /// Exception code of the pseudo-code.
    pub(crate) exception: Option<String>,
    /// The last decision in words.
    pub(crate) last: String,
    pub(crate) steps: Vec<lyceum_app::Step>,
}

/// One line of history.
#[derive(Clone, Debug)]
pub(crate) struct HistoryRow {
    /// To the millisecond, in UTC.
    pub(crate) at: String,
    pub(crate) attempt: u32,
    pub(crate) commit: u64,
    pub(crate) user: String,
    pub(crate) call: String,
    pub(crate) element: String,
    pub(crate) old: String,
    pub(crate) new: String,
    /// There was a value before, and there is none any more.
    pub(crate) is_gone: bool,
    pub(crate) reason: Option<String>,
    pub(crate) outcome: Badge,
    pub(crate) why: Option<Why>,
}

#[derive(Template)]
#[template(path = "history.html")]
pub(crate) struct HistoryPage {
    pub(crate) frame: Frame,
    pub(crate) id: String,
    pub(crate) learner: String,
    pub(crate) course: String,
    pub(crate) element: String,
    pub(crate) refused: bool,
    pub(crate) navigation: bool,
    pub(crate) rows: Vec<HistoryRow>,
    /// Where the next page begins.
    pub(crate) next: Option<String>,
    /// Where the page with the newest entries begins, unless it is the next one.
    pub(crate) newest: Option<String>,
    /// Nothing stands before this page.
    pub(crate) is_first: bool,
}

#[derive(Template)]
#[template(path = "sign_in.html")]
pub(crate) struct SignInPage {
    pub(crate) frame: Frame,
    pub(crate) problem: Option<String>,
    /// The page that was asked for.
    pub(crate) to: String,
}

/// Something to do from a message.
#[derive(Clone, Debug)]
pub(crate) struct PostAction {
    pub(crate) path: String,
    pub(crate) label: &'static str,
}

#[derive(Template)]
#[template(path = "message.html")]
pub(crate) struct MessagePage {
    pub(crate) frame: Frame,
    pub(crate) headline: String,
    pub(crate) text: String,
    pub(crate) post: Option<PostAction>,
}
