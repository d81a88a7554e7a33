//! `GET /courses/{id}`: what is in a course, what its check found, and who takes it.

use axum::extract::{Path, State};
use axum::response::Response;
use lyceum_app::limits::{MAX_PACKAGE_BYTES, MAX_TEXT_CHARS};
use lyceum_app::{AppError, CheckSummary, CourseId, CourseReport, Standard, VersionView};
use lyceum_attempt::plan::{Kind, Plan};

use crate::actions::settings;
use crate::pages::Pages;
use crate::view::words::{Badge, Moment, count, size};
use crate::view::{CoursePage, ItemRow, Place, VersionRow};
use crate::visitor::Visitor;
use crate::wording::{findings, registration_row};
use crate::{page, problem};

/// Items shown; a manifest may have a hundred thousand.
const MAX_ITEMS: usize = 500;

/// Steps of indentation that the style sheet knows.
const MAX_DEPTH: usize = 6;

/// Digits of a digest that tell one version from another at a glance.
const SHORT_DIGEST: usize = 12;

pub(crate) async fn page(State(pages): State<Pages>, visitor: Visitor, Path(id): Path<String>) -> Response {
    match make(&pages, &visitor, &id).await {
        Ok(page) => page::html(&page),
        Err(error) => problem::page(visitor.frame(Place::Courses), &error),
    }
}

async fn make(pages: &Pages, visitor: &Visitor, id: &str) -> Result<CoursePage, AppError> {
    let (app, tenant) = (&pages.app, visitor.tenant());
    let id: CourseId = id.parse().map_err(|_| AppError::NotFound { what: "course", id: id.to_owned() })?;
    let report = app.course(tenant, id).await?;
    let outline = app.outline(tenant, id, report.course.version).await?;
    let versions = app.versions(tenant, id).await?;
    let settings = app.course_settings(tenant, id).await?;
    let registrations = app.registrations(tenant, Some(id), None).await?;
    let CourseReport { course, summary, damaged, .. } = report;
    Ok(CoursePage {
        frame: visitor.frame(Place::Courses),
        id: id.to_string(),
        title: course.title,
        standard: Standard::from_name(&course.standard).map_or("", Standard::title),
        also: summary.iter().flat_map(|summary| &summary.also).map(|standard| standard.title()).collect(),
        authoring_tool: summary.as_ref().and_then(|summary| summary.authoring_tool.clone()),
        verdict: verdict(summary.as_ref()),
        findings: summary.as_ref().map(|summary| findings(&summary.diagnostics)).unwrap_or_default(),
        damaged,
        item_count: item_count(&outline),
        items: items(&outline),
        settings: settings::groups(settings),
        versions: versions.into_iter().map(version).collect(),
        registrations: registrations.into_iter().map(registration_row).collect(),
        with_course: false,
        max_name: MAX_TEXT_CHARS,
        max_bytes: MAX_PACKAGE_BYTES,
        max_size: size(MAX_PACKAGE_BYTES),
    })
}

fn verdict(summary: Option<&CheckSummary>) -> Vec<Badge> {
    use lyceum_app::Severity::{Error, Warning};
    let Some(summary) = summary else { return vec![] };
    let number = |severity| summary.diagnostics.iter().filter(|finding| finding.severity == severity).count();
    let playable = if summary.launchable {
        Badge::new("Can be played", "good")
    } else {
        Badge::new("Cannot be played", "bad")
    };
    let errors = (number(Error) > 0).then(|| Badge::new(count(number(Error), "error"), "bad"));
    let warnings = (number(Warning) > 0).then(|| Badge::new(count(number(Warning), "warning"), "warn"));
    [Some(playable), errors, warnings].into_iter().flatten().collect()
}

/// The organization itself stands on top of the page already.
fn items(plan: &Plan) -> Vec<ItemRow> {
    let mut depths = vec![0; plan.activities.len()];
    let rows = plan.activities.iter().enumerate().skip(1).map(|(at, activity)| {
        let parent = activity
            .parent
            .and_then(|parent| usize::try_from(parent).ok())
            .filter(|&parent| parent > 0 && parent < at);
        depths[at] = parent.map_or(0, |parent| depths[parent] + 1);
        let kind = match activity.kind {
            Kind::Cluster => None,
            Kind::Sco => Some("SCO"),
            Kind::Asset => Some("Asset"),
        };
        ItemRow {
            depth: depths[at].min(MAX_DEPTH),
            title: activity.title.clone(),
            kind,
            visible: activity.visible,
        }
    });
    rows.take(MAX_ITEMS).collect()
}

fn item_count(plan: &Plan) -> String {
    let (all, launchable) = (plan.activities.len().saturating_sub(1), plan.launchable().count());
    let cut = if all > MAX_ITEMS { format!(", the first {MAX_ITEMS} shown") } else { String::new() };
    format!("{}, {launchable} to launch{cut}", count(all, "item"))
}

fn version(of: VersionView) -> VersionRow {
    let verified = match of.verified {
        "sound" => Badge::new("Sound", "good"),
        "damaged" => Badge::new("Damaged", "bad"),
        _ => Badge::new("Being checked", ""),
    };
    VersionRow {
        number: of.version,
        imported: Moment::parse(&of.imported),
        size: size(of.size),
        verified,
        short_digest: of.digest.chars().take(SHORT_DIGEST).chain(['…']).collect(),
        digest: of.digest,
    }
}

#[cfg(test)]
mod tests {
    use lyceum_attempt::plan::{Activity, Kind, Plan};

    use super::{item_count, items};

    fn plan(parents: &[Option<u32>]) -> Plan {
        let activity = |(at, parent): (usize, &Option<u32>)| Activity {
            id: format!("a{at}"),
            parent: *parent,
            kind: if at == 3 { Kind::Sco } else { Kind::Cluster },
            launch: (at == 3).then(|| "index.html".to_owned()),
            visible: true,
            ..Activity::default()
        };
        let activities = parents.iter().enumerate().map(activity).collect();
        Plan { edition: lyceum_cmi::Edition::Scorm12, title: "Course".into(), activities, sequencing: None }
    }

    #[test]
    fn items_are_as_deep_as_their_parents_say() {
        let plan = plan(&[None, Some(0), Some(1), Some(2), Some(0)]);
        let depths: Vec<usize> = items(&plan).iter().map(|item| item.depth).collect();
        assert_eq!(depths, [0, 1, 2, 0]);
        assert_eq!(item_count(&plan), "4 items, 1 to launch");
    }

    #[test]
    fn a_parent_that_comes_later_does_no_harm() {
        let depths: Vec<usize> =
            items(&plan(&[None, Some(2), Some(1), Some(9)])).iter().map(|item| item.depth).collect();
        assert_eq!(depths, [0, 1, 0]);
    }
}
