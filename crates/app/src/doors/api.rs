//! `POST /scorm/api/{registration}`: the API's functions one by one, as a page calls them that has no engine of its own.

use lyceum_attempt::Millis;
use lyceum_attempt::engine::{Engine, Reply};
use lyceum_cmi::{Family, Reason, codes};
use lyceum_store::{DbError, RegistrationId};

use super::Holder;
use super::session::{Name, deliver, goes_on, leave};
use crate::app::App;
use crate::commit::{Caller, Driving};
use crate::error::AppError;
use crate::limits::{CONFLICT_TRIES, MAX_NAME_BYTES, MAX_VALUE_BYTES};
use crate::token::Owner;

/// One call.
#[derive(Clone, Debug, Default)]
pub struct ApiCall {
    /// Name of the function: of SCORM 2004 (`SetValue`) or of SCORM 1.2 (`LMSSetValue`); both are understood for every course.
    pub action: String,
    /// Element of `GetValue` and `SetValue`; code of `GetErrorString` and `GetDiagnostic`.
    pub element: String,
    /// Value of `SetValue`.
    pub value: String,
    /// The caller's own name for the session, for callers that have several at a time.
    pub session: Option<String>,
}

/// What a function answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiReply {
    /// Its result.
    pub result: String,
    /// The standard's error code, 0 for none, and its text.
    pub error: (u16, String),
}

/// The functions, whatever they are called.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Function {
    Initialize,
    Terminate,
    GetValue,
    SetValue,
    Commit,
    GetLastError,
    GetErrorString,
    GetDiagnostic,
}

impl Function {
    fn parse(name: &str) -> Option<Self> {
        let name = name.strip_prefix("LMS").unwrap_or(name);
        Some(match name.to_ascii_lowercase().as_str() {
            "initialize" => Self::Initialize,
            "terminate" | "finish" => Self::Terminate,
            "getvalue" => Self::GetValue,
            "setvalue" => Self::SetValue,
            "commit" => Self::Commit,
            "getlasterror" => Self::GetLastError,
            "geterrorstring" => Self::GetErrorString,
            "getdiagnostic" => Self::GetDiagnostic,
            _ => return None,
        })
    }

    /// The answer of an API that nobody has initialised.
    fn before_initialize(self, family: Family, code: &str) -> ApiReply {
        let reason = match self {
            Self::Terminate => Reason::TerminateBeforeInitialize,
            Self::GetValue => Reason::GetBeforeInitialize,
            Self::SetValue => Reason::SetBeforeInitialize,
            Self::Commit => Reason::CommitBeforeInitialize,
            Self::GetErrorString | Self::GetDiagnostic => {
                let result = code.parse().map_or_else(|_| String::new(), |code| text(family, code));
                return ApiReply { result, error: (0, String::new()) };
            }
            Self::Initialize | Self::GetLastError => {
                return ApiReply { result: "0".to_owned(), error: (0, String::new()) };
            }
        };
        let code = reason.code(family).0;
        let result = if self == Self::GetValue { "" } else { "false" };
        let message = format!("{}: send the action Initialize first", text(family, code));
        ApiReply { result: result.to_owned(), error: (code, message) }
    }
}

fn text(family: Family, code: u16) -> String {
    codes(family)
        .iter()
        .find(|(known, ..)| *known == code)
        .map_or_else(String::new, |(_, text, _)| (*text).to_owned())
}

impl App {
    /// Makes one call. What it changes is on disk when this answers.
    ///
    /// # Errors
    /// When there is no such function, the registration is out of the holder's reach, something is over a limit, or the database is in trouble. What the
    /// standard calls an error is in the reply.
    pub async fn call_at_door(
        &self,
        holder: &Holder,
        registration: RegistrationId,
        call: &ApiCall,
        from: &Caller,
    ) -> Result<ApiReply, AppError> {
        let function = Function::parse(call.action.trim()).ok_or_else(|| {
            AppError::Malformed(
                "`action` is one of Initialize, Terminate, GetValue, SetValue, Commit, GetLastError, GetErrorString, \
                 GetDiagnostic, or these with LMS in front"
                    .to_owned(),
            )
        })?;
        for (what, found, limit) in [
            ("the element's name", call.element.len(), MAX_NAME_BYTES),
            ("the value", call.value.len(), MAX_VALUE_BYTES),
        ] {
            if found > limit {
                let (found, limit) = (found as u64, limit as u64);
                return Err(AppError::TooLarge { what, found, limit, unit: "bytes" });
            }
        }
        let now = self.now();
        self.registration_within_reach(holder, registration).await?;
        self.0.flood.take(registration, call.element.len() + call.value.len(), now)?;
        let name = Name::new(call.session.as_deref())?;
        let owner = Owner { tenant: holder.tenant(), registration };
        let mut retries = self.retries();
        loop {
            match self.call_once(owner, &name, function, call, (from, now)).await {
                Err(e) if retries.again(&e).await => {}
                done => return done,
            }
        }
    }

    async fn call_once(
        &self,
        owner: Owner,
        name: &Name,
        function: Function,
        call: &ApiCall,
        at: (&Caller, Millis),
    ) -> Result<ApiReply, AppError> {
        // What pages sent while the database was away came before this.
        self.drain(owner).await?;
        let slot = self.0.live.slot(owner.registration, at.1);
        let mut place = slot.lock().await;
        for _ in 0..CONFLICT_TRIES {
            let stands = self.find_door(owner, name).await?;
            let found = stands.found;
            if found.is_none() && function != Function::Initialize {
                let row = self.registration_row(owner.tenant, owner.registration).await?;
                let plan = self.plan(owner.tenant, row.course, row.version).await?;
                return Ok(function.before_initialize(plan.edition.family(), &call.element));
            }
            let Some(mut live) = self.live_at_door(owner, place.take(), stands, at.1).await? else {
                continue;
            };
            let open = found.map(|(_, session)| session).filter(|session| {
                function != Function::Initialize
                    || live.sessions.get(session).is_some_and(|of| {
                        of.row.ended.is_none() && live.is_newest && goes_on(&live, of, name, at.1)
                    })
            });
            let session = match open {
                Some(session) => session,
                None => match self.open_door(live, name, false, at.1).await {
                    Ok((opened, session)) => {
                        live = opened;
                        session
                    }
                    Err(AppError::Database(DbError::Conflict)) => continue,
                    Err(e) => return Err(e),
                },
            };
            let driving = Driving { session, from: at.0, now: at.1, seen: at.1 };
            match self.drive(&mut live, driving, None, |engine| carry_out(engine, function, call, at.1)).await
            {
                Ok(reply) => {
                    slot.weigh(&live);
                    *place = live.is_newest.then_some(live);
                    return Ok(reply);
                }
                Err(AppError::Database(DbError::Conflict)) => {}
                Err(e) => return Err(e),
            }
        }
        Err(DbError::Conflict.into())
    }
}

fn carry_out(
    engine: &mut Engine,
    function: Function,
    call: &ApiCall,
    now: Millis,
) -> Result<ApiReply, AppError> {
    let Reply { value, error } = match function {
        Function::Initialize => {
            deliver(engine, None, now)?;
            engine.initialize("", now)
        }
        Function::SetValue => engine.set_value(&call.element, &call.value, now),
        Function::GetValue => engine.get_value(&call.element, now),
        Function::Commit => engine.commit("", now),
        Function::Terminate => engine.terminate("", now),
        Function::GetLastError => Reply { value: engine.last_error().to_string(), error: 0 },
        Function::GetErrorString => Reply { value: engine.error_string(&call.element), error: 0 },
        Function::GetDiagnostic => Reply { value: engine.diagnostic(&call.element), error: 0 },
    };
    let message = if error == 0 { String::new() } else { engine.diagnostic("") };
    if function == Function::Terminate && error == 0 {
        leave(engine, now);
    }
    Ok(ApiReply { result: value, error: (error, message) })
}
