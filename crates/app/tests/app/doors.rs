//! Callers without our player, where that is no matter of how they ask: other attempts, other servers.

use lyceum_app::{Actor, ApiCall, Caller, ForeignCommit, Holder, RegistrationId};
use lyceum_testkit::scorm12;

use super::TestApp;

async fn started() -> (TestApp, RegistrationId) {
    let on = TestApp::default();
    let course = on.import(&scorm12("Course", &["a"])).await;
    let id = on.register(course, "ada").await;
    (on, id)
}

fn key() -> Holder {
    Holder::Key { tenant: TestApp::TENANT, name: "old pages".to_owned() }
}

#[tokio::test]
async fn callers_without_our_player_go_over_to_the_newest_attempt_with_their_next_session() {
    let holder = key();
    let sessions = async |on: &TestApp, id| -> Vec<usize> {
        let report = on.app.registration_report(TestApp::TENANT, id).await.unwrap();
        report.attempts.iter().map(|attempt| attempt.sessions.len()).collect()
    };
    for session in [None, Some("first".to_owned())] {
        let (on, id) = started().await;
        let store = async |session: &Option<String>, location: &str| {
            let values = vec![("cmi.core.lesson_location".to_owned(), location.to_owned())];
            let commit = ForeignCommit { session: session.clone(), values, ..ForeignCommit::default() };
            on.app.commit_at_door(&holder, id, &commit, &Caller::default()).await.unwrap()
        };
        store(&session, "1").await;
        let actor = Actor { by: "Grace".to_owned(), reason: "once more".to_owned() };
        on.app.reset(TestApp::TENANT, id, &actor).await.unwrap();
        // A session that the caller names is in its attempt, as that of a page is.
        let stored = store(&session, "2").await;
        assert_eq!(stored.standings.attempt.unwrap().number, if session.is_some() { 1 } else { 2 });
        let stored = store(&session.as_ref().map(|_| "second".to_owned()), "3").await;
        assert_eq!(stored.standings.attempt.unwrap().number, 2);
        assert_eq!(sessions(&on, id).await, [1, 1]);
        // A page that calls the functions one by one begins where the newest attempt is, too.
        on.app.reset(TestApp::TENANT, id, &actor).await.unwrap();
        let call =
            ApiCall { action: "LMSInitialize".to_owned(), session: session.clone(), ..ApiCall::default() };
        let reply = on.app.call_at_door(&holder, id, &call, &Caller::default()).await.unwrap();
        assert_eq!(reply.result, "true");
        assert_eq!(sessions(&on, id).await, [1, 1, 1]);
    }
}

#[tokio::test]
async fn a_call_is_answered_with_what_another_server_has_written() {
    let (one, id) = started().await;
    let two = one.again(2);
    let call = async |on: &TestApp, action: &str, session: &str, value: &str| {
        let call = ApiCall {
            action: action.to_owned(),
            element: "cmi.core.lesson_location".to_owned(),
            value: value.to_owned(),
            session: Some(session.to_owned()),
        };
        on.app.call_at_door(&key(), id, &call, &Caller::default()).await.unwrap().result
    };
    call(&one, "LMSInitialize", "first", "").await;
    call(&one, "LMSSetValue", "first", "1").await;
    call(&two, "LMSSetValue", "first", "2").await;
    assert_eq!(call(&one, "LMSGetValue", "first", "").await, "2");
    call(&two, "LMSInitialize", "second", "").await;
    assert_eq!(
        call(&one, "LMSSetValue", "second", "3").await,
        "true",
        "in a session that the other one opened"
    );
    assert_eq!(call(&two, "LMSGetValue", "second", "").await, "3");
}
