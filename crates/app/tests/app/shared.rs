//! Global objectives and shared data: what one course of a learner has left, the next one finds.

use lyceum_app::{Actor, App, Clock as _, Point, RegistrationId, Scope, Target, Trouble};
use lyceum_testkit::Zip;

use super::TestApp;

/// A course of one SCO, with an objective that is mapped to the global objective `skill`, and the data store `notes`.
fn course(title: &str, writes: bool, is_global: bool) -> Vec<u8> {
    let (read, write) = (!writes, writes);
    let manifest = format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<manifest identifier="m" version="1" xmlns="http://www.imsglobal.org/xsd/imscp_v1p1"
    xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_v1p3" xmlns:adlseq="http://www.adlnet.org/xsd/adlseq_v1p3"
    xmlns:imsss="http://www.imsglobal.org/xsd/imsss">
  <metadata><schema>ADL SCORM</schema><schemaversion>2004 4th Edition</schemaversion></metadata>
  <organizations default="o">
    <organization identifier="o" adlseq:objectivesGlobalToSystem="{is_global}" adlcp:sharedDataGlobalToSystem="{is_global}">
      <title>{title}</title>
      <item identifier="a" identifierref="r"><title>Part</title>
        <imsss:sequencing><imsss:objectives>
          <imsss:primaryObjective objectiveID="own"/>
          <imsss:objective objectiveID="skill-here">
            <imsss:mapInfo targetObjectiveID="skill" readSatisfiedStatus="{read}" readNormalizedMeasure="{read}"
                writeSatisfiedStatus="{write}" writeNormalizedMeasure="{write}"/>
          </imsss:objective>
        </imsss:objectives></imsss:sequencing>
        <adlcp:data><adlcp:map targetID="notes"/></adlcp:data>
      </item>
      <imsss:sequencing><imsss:controlMode choice="true" flow="true"/></imsss:sequencing>
    </organization>
  </organizations>
  <resources><resource identifier="r" type="webcontent" adlcp:scormType="sco" href="a.html"><file href="a.html"/></resource></resources>
</manifest>"#
    );
    Zip::default().file("imsmanifest.xml", manifest).file("a.html", title).build()
}

/// What an objective and a store hold for the learner who opens a course now.
async fn found(on: &TestApp, id: RegistrationId) -> [String; 3] {
    let mut tab = on.tab(id).await;
    tab.start();
    assert_eq!(tab.get("cmi.objectives.1.id"), "skill-here");
    let found = [
        tab.get("cmi.objectives.1.success_status"),
        tab.get("cmi.objectives.1.score.scaled"),
        tab.get("adl.data.0.store"),
    ];
    tab.terminate();
    tab.navigate("exitAll");
    let answer = tab.send(&on.app).await;
    assert_eq!(answer.state_hash, Some(tab.hash()), "both sides know the same");
    found
}

/// The learner shows a skill and leaves a note.
async fn leave(on: &TestApp, id: RegistrationId, status: &str, score: &str, note: &str) {
    let mut tab = on.tab(id).await;
    tab.start();
    tab.set("cmi.objectives.1.success_status", status);
    tab.set("cmi.objectives.1.score.scaled", score);
    tab.set("adl.data.0.store", note);
    tab.terminate();
    tab.navigate("exitAll");
    let answer = tab.send(&on.app).await;
    assert_eq!(answer.state_hash, Some(tab.hash()), "both sides know the same");
}

#[tokio::test]
async fn what_one_course_leaves_the_others_of_the_learner_find() {
    let on = TestApp::default();
    let writer = on.import(&course("Writes", true, true)).await;
    let reader = on.import(&course("Reads", false, true)).await;
    let loner = on.import(&course("Keeps to itself", false, false)).await;
    let ada = on.register(writer, "ada").await;
    let read_by_ada = on.register(reader, "ada").await;
    let nothing = ["unknown", "", ""].map(str::to_owned);
    assert_eq!(found(&on, read_by_ada).await, nothing);

    leave(&on, ada, "passed", "0.8", "read chapter 2").await;
    assert_eq!(found(&on, read_by_ada).await, ["passed", "0.8", "read chapter 2"]);
    let (other_learner, other_course) = (on.register(reader, "grace").await, on.register(loner, "ada").await);
    assert_eq!(found(&on, other_learner).await, nothing);
    assert_eq!(found(&on, other_course).await, nothing);

    // From disk as well, and by the attempt that was opened before.
    let on = on.again(2);
    leave(&on, ada, "failed", "0.1", "start again").await;
    assert_eq!(found(&on, read_by_ada).await, ["failed", "0.1", "start again"]);
}

#[tokio::test]
async fn an_opened_session_keeps_to_what_it_was_opened_with() {
    let on = TestApp::default();
    let writer = on.import(&course("Writes", true, true)).await;
    let reader = on.import(&course("Reads", false, true)).await;
    let (ada, read_by_ada) = (on.register(writer, "ada").await, on.register(reader, "ada").await);
    leave(&on, ada, "passed", "0.8", "first").await;
    let mut tab = on.tab(read_by_ada).await;
    leave(&on, ada, "failed", "0.1", "second").await;
    tab.start();
    assert_eq!(tab.get("adl.data.0.store"), "first");
    tab.terminate();
    assert_eq!(tab.send(&on.app).await.state_hash, Some(tab.hash()));
    // What it has only read it has not written over.
    let again = on.register(writer, "ada").await;
    let mut writing = on.tab(again).await;
    writing.start();
    assert_eq!(writing.get("adl.data.0.store"), "second");
}

#[tokio::test]
async fn erasing_a_learner_erases_what_her_courses_share() {
    let on = TestApp::default();
    let writer = on.import(&course("Writes", true, true)).await;
    let reader = on.import(&course("Reads", false, true)).await;
    let ada = on.register(writer, "ada").await;
    leave(&on, ada, "passed", "0.8", "secret").await;
    let rows =
        on.db().read(move |tx| lyceum_store::shared::of_learner(TestApp::TENANT, tx, ada)).await.unwrap();
    assert_eq!(rows.len(), 2, "{rows:?}");
    let actor = Actor { by: "Grace".to_owned(), reason: "asked to".to_owned() };
    on.app.erase_learner(TestApp::TENANT, "ada", &actor).await.unwrap();
    let rows =
        on.db().read(move |tx| lyceum_store::shared::of_learner(TestApp::TENANT, tx, ada)).await.unwrap();
    assert_eq!(rows, []);
    let new = on.register(reader, "ada").await;
    assert_eq!(found(&on, new).await, ["unknown", "", ""]);
}

fn grace() -> Actor {
    Actor { by: "Grace".to_owned(), reason: "because".to_owned() }
}

/// A rollback takes back what the attempt has left since, for all courses of the learner; and it can itself be rolled back.
#[tokio::test]
async fn a_rollback_takes_back_what_the_attempt_has_left_since() {
    let on = TestApp::default();
    let writer = on.import(&course("Writes", true, true)).await;
    let reader = on.import(&course("Reads", false, true)).await;
    let (ada, read_by_ada) = (on.register(writer, "ada").await, on.register(reader, "ada").await);
    leave(&on, ada, "passed", "0.8", "first").await;
    leave(&on, ada, "failed", "0.1", "second").await;
    assert_eq!(found(&on, read_by_ada).await, ["failed", "0.1", "second"]);
    let target = Target { registration: ada, attempt: None };
    on.app.rollback(TestApp::TENANT, target, Point::Commit(1), &grace()).await.unwrap();
    assert_eq!(found(&on, read_by_ada).await, ["passed", "0.8", "first"]);
    on.app.rollback(TestApp::TENANT, target, Point::Commit(2), &grace()).await.unwrap();
    assert_eq!(found(&on, read_by_ada).await, ["failed", "0.1", "second"], "undone");
    assert!(on.app.verify_chains().await.unwrap().sound);
}

/// An export tells what is shared as far as the journals do; on another server the attempts are the same, and go on with it.
#[tokio::test]
async fn an_export_carries_what_its_journals_tell() {
    let on = TestApp::default();
    let packages = [course("Writes", true, true), course("Reads", false, true)];
    let writer = on.import(&packages[0]).await;
    let ada = on.register(writer, "ada").await;
    leave(&on, ada, "passed", "0.8", "first").await;
    let path = on.scratch("export.json");
    let mut file = std::fs::File::create(&path).unwrap();
    on.app.export(TestApp::TENANT, &Scope::Registration(ada), &mut file).await.unwrap();
    assert!(App::verify_export(&path).unwrap().sound);

    let other = TestApp::default();
    let reader = other.import(&packages[1]).await;
    other.import(&packages[0]).await;
    other.app.take_over(TestApp::TENANT, &path).await.unwrap();
    let verified = other.app.verify_chains().await.unwrap();
    assert!(verified.sound, "{:?}", verified.findings);
    // Her other courses there know nothing of it before she opens the one that has left it.
    let read_by_ada = other.register(reader, "ada").await;
    assert_eq!(found(&other, read_by_ada).await, ["unknown", "", ""]);
    let mut tab = other.tab(ada).await;
    tab.start();
    assert_eq!(tab.get("adl.data.0.store"), "first");
}

/// Nobody changes unseen what courses share: each value must be one that an attempt of the learner has left.
#[tokio::test]
async fn what_is_shared_is_verified() {
    let on = TestApp::default();
    let writer = on.import(&course("Writes", true, true)).await;
    let ada = on.register(writer, "ada").await;
    leave(&on, ada, "failed", "0.1", "first").await;
    on.clock.advance(1_000);
    assert!(on.app.verify_chains().await.unwrap().sound);
    let forged = lyceum_store::shared::Shared {
        kind: lyceum_store::shared::Kind::Data,
        id: "notes".to_owned(),
        value: "forged".to_owned(),
    };
    let now = on.clock.now();
    on.db().write(move |tx| lyceum_store::shared::put(TestApp::TENANT, tx, ada, &forged, now)).await.unwrap();
    on.clock.advance(1_000);
    let found = on.app.verify_chains().await.unwrap();
    let troubles: Vec<_> = found.findings.iter().map(|finding| finding.trouble).collect();
    assert_eq!(troubles, [Trouble::Shared], "{:?}", found.findings);
}
