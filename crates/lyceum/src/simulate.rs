//! The engine on a stage without a browser: a line of text is a call of the content, the answer is a JSON object.

mod answer;
mod command;
mod place;
mod sequence;
mod stage;
mod standing;

pub(crate) use self::stage::Stage;

/// The notation, for `lyceum simulate --help`.
pub(crate) const HELP: &str = "\
Commands, one a line, as plain words or as a JSON list of texts (for values with spaces at their ends, line breaks, ...):
  init                 Initialize(\"\") / LMSInitialize(\"\"); an argument follows the word, as in `init x`
  get E                GetValue(E)
  set E V              SetValue(E, V); V is the rest of the line
  commit, term         Commit(\"\"), Terminate(\"\")
  lasterror            GetLastError()
  errorstring N        GetErrorString(N)
  diagnostic N         GetDiagnostic(N); without N what was wrong with the last call
  start                opens the course: goes on where it was suspended, else begins
  continue, previous, exit, exitAll, suspendAll, abandon, abandonAll, retry
  choice ID, jump ID   navigation requests of the learner; answered with `seq`, complete each time: what is delivered, why
                       nothing is, what may be requested now, what is tracked of every activity, global objectives
  launch ITEM          opens an item in place of the one that is open, past all rules
  state                where the course stands, with every value that is stored
  # ...                a remark, without an answer

The first call opens the course as `start` does. `term` carries out what the content has asked for by adl.nav.request, and tells it
in `nav`. In E, `cmi.objectives.{ID}.score.raw` means the record whose id is ID.
An answer has `ret`, what the call returned, and `err`, the error code after it; a command that makes no sense is answered
with `error`, a sentence. What tolerant judging made of a value is told in `flags`.

  echo 'set cmi.score.scaled 85' | lyceum simulate imsmanifest.xml
";
