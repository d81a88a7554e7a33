//! Learners on courses, and one of them with every value.

use lyceum_testkit::{Tab, scorm12, scorm2004};

use crate::site::Site;

#[tokio::test]
async fn registrations_are_listed_searched_and_paged() {
    let site = Site::default();
    site.get("/registrations").await.shows(&["Nobody is enrolled yet"]);
    let (tea, sky) =
        (site.test.import(&scorm12("Tea", &["a"])).await, site.test.import(&scorm12("Sky", &["a"])).await);
    site.test.register(sky, "Ada").await;
    for number in 0..101 {
        site.test.clock.advance(1); // the newest comes first
        site.test.register(tea, &format!("Learner {number}")).await;
    }
    let first = site.get("/registrations").await;
    first.shows(&["Learner 100<", "Learner 1<", "Older"]).hides(&[">Ada<", "Learner 0<", "Newest"]);
    let older = first
        .text
        .split("before=")
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .expect("a link to older ones");
    let second = site.get(&format!("/registrations?q=&before={older}")).await;
    second.shows(&["Learner 0<", ">Ada<", "Newest"]).hides(&["Learner 1<", "Older"]);
    site.get("/registrations?q=SKY+ada").await.shows(&[">Ada<"]).hides(&["Learner 1"]);
    site.get("/registrations?q=%3Cb%3E").await.shows(&["Nothing matches “&#60;b&#62;”"]).hides(&["<b>"]);
}

#[tokio::test]
async fn a_registration_shows_what_the_course_reported() {
    let site = Site::default();
    let course = site.test.import(&scorm12("Tea", &["a"])).await;
    let registration = site.test.register(course, "Ada").await;
    let mut tab: Tab = site.test.tab(registration).await;
    tab.start();
    tab.set("cmi.core.lesson_status", "completed");
    tab.set("cmi.core.score.raw", "85");
    tab.set("cmi.core.score.max", "100");
    tab.set("cmi.suspend_data", "<b>page 7</b>");
    tab.send(&site.test.app).await;
    let page = format!("/registrations/{registration}");
    site.get(&page).await.shows(&[
        "Completed",
        "85 of 100",
        "Attempt 1",
        "cmi.core.lesson_status",
        "&#60;b&#62;page 7&#60;/b&#62;",
        "Sessions",
    ]);
    // Without scripts the form asks the server.
    site.get(&format!("{page}?q=suspend")).await.shows(&["cmi.suspend_data"]).hides(&["cmi.core.score.raw"]);
}

#[tokio::test]
async fn an_operator_looks_back_and_corrects() {
    let site = Site::default();
    let course = site.test.import(&scorm12("Tea", &["a"])).await;
    let registration = site.test.register(course, "Ada").await;
    let page = format!("/registrations/{registration}");
    site.get(&page).await.hides(&["Correct"]);
    let mut tab: Tab = site.test.tab(registration).await;
    tab.start();
    tab.set("cmi.core.lesson_location", "<b>one</b>");
    tab.send(&site.test.app).await;
    tab.set("cmi.core.lesson_location", "two");
    tab.send(&site.test.app).await;
    let history = format!("{page}/history");
    site.get(&history).await.shows(&["deliver", "&#60;b&#62;one", "two", "1#2", "accepted"]);
    site.get(&format!("{history}?element=*location")).await.shows(&["two"]).hides(&["deliver"]);
    site.get(&format!("{history}?refused=1")).await.shows(&["Nothing of the kind"]);
    site.get(&format!("{page}?attempt=1&to=%231")).await.shows(&["value=\"#1\""]);

    let post = async |deed: &str, form: &str| site.post(&format!("{page}/{deed}"), form).await.status;
    assert_eq!(post("rollback", "attempt=1&to=%231&reason=mistake").await, 303);
    site.get(&page).await.shows(&["&#60;b&#62;one"]).hides(&[">two<"]);
    assert_eq!(post("override", "completion=completed&success=passed&raw=90&max=100&reason=seen").await, 303);
    site.get(&page).await.shows(&["Set by hand", "90 of 100", "seen", "Withdraw the override"]);
    site.get("/registrations").await.shows(&["Set by hand", "Passed"]);
    assert_eq!(post("withdraw", "reason=wrong+one").await, 303);
    site.get(&page).await.hides(&["Set by hand"]);
    assert_eq!(post("reset", "reason=again").await, 303);
    site.get(&page).await.shows(&["Attempt 2"]);
    site.get(&history).await.shows(&["rollback", "override", "withdraw", "begin", "operator at the server"]);
    assert_eq!(post("rollback", "attempt=1&to=soon&reason=x").await, 400);
    assert_eq!(post("reset", "reason=+").await, 400);
}

#[tokio::test]
async fn a_long_history_is_paged_from_both_ends() {
    let site = Site::default();
    let course = site.test.import(&scorm12("Tea", &["a"])).await;
    let registration = site.test.register(course, "Ada").await;
    let mut tab: Tab = site.test.tab(registration).await;
    tab.start();
    for commit in 1..=100 {
        for value in 1..=5 {
            tab.set("cmi.core.lesson_location", &format!("{commit}/{value}"));
        }
        tab.send(&site.test.app).await;
    }
    let history = format!("/registrations/{registration}/history");
    let oldest = site.get(&format!("{history}?element=*.lesson_location")).await;
    oldest.shows(&[">1/1<", ">Later<", ">Newest<", "after=1.51.0"]).hides(&[">Oldest<", ">100/5<"]);
    let newest = site.get(&format!("{history}?element=*.lesson_location&after=1.80.0")).await;
    newest
        .shows(&[">100/5<", "?element=%2A.lesson_location", ">Oldest<"])
        .hides(&[">1/1<", ">Later<", ">Newest<"]);
}

#[tokio::test]
async fn a_navigation_shows_what_was_decided_on_its_way() {
    let site = Site::default();
    let course = site.test.import(&scorm2004("Sky", &["a", "b"])).await;
    let registration = site.test.register(course, "Ada").await;
    let mut tab: Tab = site.test.tab(registration).await;
    tab.start();
    tab.terminate();
    tab.navigate("continue");
    tab.navigate("jump nowhere");
    tab.send(&site.test.app).await;
    let page = format!("/registrations/{registration}");
    site.get(&page).await.shows(&["/history?navigation=1"]);
    site.get(&format!("{page}/history")).await.shows(&[
        "<summary>Why: ",
        "<code>DB.",
        "<b>Part b:</b>",
        "deliver",
    ]);
    let navigations = site.get(&format!("{page}/history?navigation=1")).await;
    navigations
        .shows(&["<summary>Why: ", "jump nowhere", "not possible", "Navigation only"])
        .hides(&[">deliver<"]);
}
