//! The history of a scope as a table for people: RFC 4180, one line a change.

use std::io::Write;

use lyceum_store::Tenant;

use super::export::{Exported, Registrations, Scope, unwritten};
use crate::app::App;
use crate::error::AppError;
use crate::history::{HistoryItem, HistoryQuery};

/// The columns.
const HEAD: &str = "registration,learner,learner_name,course,attempt,commit,session,seq,server_time,client_time,user,activity,\
                    call,element,old,new,effect,error,reason\r\n";

/// Lines read at once.
const LINES: usize = 1_000;

impl App {
    /// Writes the history of everything in a scope as CSV. One page is in memory at a time.
    ///
    /// # Errors
    /// When there is no such thing, or it cannot be read or written.
    pub async fn export_csv(
        &self,
        tenant: Tenant,
        scope: &Scope,
        out: &mut (dyn Write + Send),
    ) -> Result<Exported, AppError> {
        let mut pages = Registrations::of(self, tenant, scope).await?;
        let mut done = Exported::default();
        out.write_all(HEAD.as_bytes()).map_err(|e| unwritten(&e))?;
        loop {
            let page = pages.next(self).await?;
            if page.is_empty() {
                break;
            }
            for id in page {
                let (row, rows) = self.rows_of(tenant, id).await?;
                let attempt = match scope {
                    Scope::Attempt(_, number) => Some(*number),
                    _ => None,
                };
                done.registrations += 1;
                done.attempts += rows.iter().filter(|attempt| scope.has(attempt)).count() as u64;
                done.commits += rows.iter().filter(|of| scope.has(of)).map(|of| of.commits).sum::<u64>();
                let of = [&id.to_string(), &row.learner.external_id, &row.learner.name, &row.course_title];
                let before: String = of.iter().map(|text| field(text) + ",").collect();
                let mut query = HistoryQuery { attempt, limit: LINES, ..HistoryQuery::default() };
                loop {
                    let history = self.history(tenant, id, &query).await?;
                    let text: String =
                        history.items.iter().map(|item| before.clone() + &line(item)).collect();
                    out.write_all(text.as_bytes()).map_err(|e| unwritten(&e))?;
                    let Some(next) = history.next else { break };
                    query.after = Some(next.parse()?);
                }
            }
        }
        out.flush().map_err(|e| unwritten(&e))?;
        Ok(done)
    }
}

fn line(of: &HistoryItem) -> String {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let effect = match of.effect {
        crate::Effect::Accepted => "accepted",
        crate::Effect::Refused => "refused",
        crate::Effect::Uncounted => "uncounted",
        crate::Effect::Overtaken => "overtaken",
    };
    let fields = [
        of.attempt.to_string(),
        of.commit.to_string(),
        text(&of.session),
        of.seq.to_string(),
        of.server_time.clone(),
        of.client_time.clone(),
        of.user.clone(),
        of.activity.clone(),
        of.call.clone(),
        of.element.clone(),
        text(&of.old),
        text(&of.new),
        effect.to_owned(),
        of.error.to_string(),
        text(&of.reason),
    ];
    fields.iter().map(|text| field(text)).collect::<Vec<_>>().join(",") + "\r\n"
}

/// Quoted where it must be. What a spreadsheet would take for a formula is given an apostrophe: values come from courses.
fn field(text: &str) -> String {
    let is_number = text.parse::<f64>().is_ok();
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']) && !is_number;
    let safe = if is_formula { format!("'{text}") } else { text.to_owned() };
    if safe.contains([',', '"', '\n', '\r']) { format!("\"{}\"", safe.replace('"', "\"\"")) } else { safe }
}

#[cfg(test)]
mod tests {
    use super::field;

    #[test]
    fn fields_are_quoted_and_never_formulas() {
        let table = [
            ("plain", "plain"),
            ("a,b", "\"a,b\""),
            ("say \"x\"", "\"say \"\"x\"\"\""),
            ("two\nlines", "\"two\nlines\""),
            ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
            ("-0.5", "-0.5"),
            ("-x", "'-x"),
            ("", ""),
        ];
        for (text, expected) in table {
            assert_eq!(field(text), expected, "{text}");
        }
    }
}
