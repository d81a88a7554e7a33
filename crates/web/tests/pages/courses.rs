//! The list of courses and one course.

use http::StatusCode;
use lyceum_testkit::{scorm12, scorm2004};

use crate::site::{CONTENT, Site};

#[tokio::test]
async fn an_empty_server_says_what_to_do() {
    Site::default().get("/").await.shows(&["No course yet", "lyceum play course.zip"]);
}

#[tokio::test]
async fn the_address_above_a_course_leads_to_the_list() {
    assert_eq!(Site::default().get("/courses").await.location(), "/");
}

#[tokio::test]
async fn courses_are_listed_and_their_texts_are_only_texts() {
    let site = Site::default();
    let course =
        site.test.import(&scorm12("Tea &lt;script&gt;alert(1)&lt;/script&gt; &amp; more", &["a"])).await;
    let page = site.get("/").await;
    page.shows(&[&format!("/courses/{course}"), "SCORM 1.2", "&#60;script&#62;"]).hides(&["<script>alert"]);
}

#[tokio::test]
async fn a_course_shows_its_contents_versions_and_learners() {
    let site = Site::default();
    let course = site.test.import(&scorm2004("The night sky", &["moon", "stars"])).await;
    let registration = site.test.register(course, "Ada Lovelace").await;
    site.get(&format!("/courses/{course}")).await.shows(&[
        "<h1>The night sky</h1>",
        "SCORM 2004 4th Edition",
        "Part moon",
        "2 items, 2 to launch",
        "Can be played",
        "Ada Lovelace",
        &format!("/registrations/{registration}/launch"),
        "target=\"_blank\"",
    ]);
}

#[tokio::test]
async fn enrolling_leads_to_the_registration_and_on_to_the_course() {
    let site = Site::default();
    let course = site.test.import(&scorm12("Tea", &["a"])).await;
    let enrol = format!("/courses/{course}/registrations");
    let registration = site.post(&enrol, "learner=Grace+Hopper&external=").await.location().to_owned();
    site.get(&registration).await.shows(&[
        "<h1>Grace Hopper</h1>",
        "Not started",
        "Not launched yet",
        &format!("{CONTENT}/launch/"),
    ]);
    assert_eq!(
        site.post(&enrol, "learner=Grace+Hopper").await.location(),
        registration,
        "the same learner goes on"
    );
    assert_ne!(site.post(&enrol, "learner=Grace+Hopper&external=g2").await.location(), registration);

    let launch = site.get(&format!("{registration}/launch")).await;
    assert!(launch.location().starts_with(&format!("{CONTENT}/launch/")));
    let nameless = site.post(&enrol, "learner=++").await;
    assert_eq!(nameless.status, StatusCode::BAD_REQUEST);
    nameless.shows(&["the learner needs a name"]);
}

#[tokio::test]
async fn a_course_cannot_be_launched_from_another_site_without_a_person() {
    let site = Site::default();
    let course = site.test.import(&scorm12("Tea", &["a"])).await;
    let launch = format!("/registrations/{}/launch", site.test.register(course, "Ada").await);
    let foreign =
        [("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "document")];
    for headers in [&foreign[..], &[]] {
        let asked = site.get_with(&launch, headers).await;
        assert_eq!(asked.status, StatusCode::OK);
        asked.shows(&["Another page led here", &format!("action=\"{launch}\"")]).hides(&[CONTENT]);
    }
    assert!(site.post(&launch, "").await.location().starts_with(CONTENT));
}

#[tokio::test]
async fn what_is_not_there_is_said_to_be_so() {
    let site = Site::default();
    let nobody = "0192f2c4-7a10-7e3b-9c55-0123456789ab";
    for path in [
        "/nothing".to_owned(),
        "/courses/x".to_owned(),
        format!("/courses/{nobody}"),
        format!("/registrations/{nobody}"),
        format!("/registrations/{nobody}/launch"),
        "/registrations/%3Cscript%3E".to_owned(),
    ] {
        let answer = site.get(&path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        answer.shows(&["There is no such page", "To the courses"]).hides(&["<script>"]);
    }
    let answer = site.post(&format!("/courses/{nobody}/registrations"), "learner=Ada").await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn settings_are_shown_changed_and_taken_back() {
    let site = Site::default();
    let course = site.test.import(&scorm12("Tea", &["a"])).await;
    let (page, form) = (format!("/courses/{course}"), format!("/courses/{course}/settings"));
    site.get(&page)
        .await
        .shows(&["Mastery score", "Default: manifest", "Save settings"])
        .hides(&["changed</span>"]);

    let saved = site.post(&form, "mastery_score=80&credit=no&strictness=").await;
    assert_eq!(saved.location(), format!("{page}#settings"));
    site.get(&page).await.shows(&["value=\"80\"", "<option selected>no</option>", "1 changed</span>"]);

    let refused = site.post(&form, "mastery_score=&credit=perhaps").await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    refused.shows(&["Credit cannot be", "it is yes or no"]);
    site.get(&page).await.shows(&["value=\"80\""]);

    site.post(&form, "mastery_score=&credit=").await;
    site.get(&page).await.hides(&["changed</span>"]);
    assert_eq!(site.post("/courses/nothing/settings", "credit=no").await.status, StatusCode::NOT_FOUND);
}
