//! Every bound of the application in one place. Generous for people and courses, finite for machines.

use lyceum_attempt::Millis;

/// One second, minute, hour and day in milliseconds.
const SECOND: Millis = 1_000;
const MINUTE: Millis = 60 * SECOND;
const HOUR: Millis = 60 * MINUTE;
const DAY: Millis = 24 * HOUR;

/// A launch link can be opened for this long.
pub const LAUNCH_LIFE: Millis = 30 * MINUTE;
/// The launch link of `lyceum play` can be opened for this long, as often as wanted.
pub const LASTING_LAUNCH_LIFE: Millis = 3_650 * DAY;
/// A session token opens pages and sessions for this long; the player renews it meanwhile.
pub const SESSION_LIFE: Millis = DAY;
/// A session token whose remaining life is shorter than this is renewed with the next commit.
pub const RENEW_WITHIN: Millis = SESSION_LIFE / 2;
/// Commits are taken for this long after the session token expired, so that a closed laptop loses nothing.
pub const COMMIT_GRACE: Millis = 30 * DAY;

/// A page without entries to send gives a sign of life this often.
pub const HEARTBEAT: Millis = 30 * SECOND;
/// A session without a sign of life for this long has ended. A laptop that wakes up later goes on with it all the same.
pub const SESSION_LEASE: Millis = 20 * MINUTE;
/// How often background jobs look for work.
pub const JOB_PERIOD: Millis = MINUTE;
/// Chain heads are signed with every so many rounds of background jobs, and when the program ends.
pub const SIGN_ROUNDS: u32 = 10;
/// Chain heads signed in one transaction.
pub const SIGN_BATCH: usize = 500;
/// Findings that a verification tells.
pub const MAX_FINDINGS: usize = 1_000;
/// Silent sessions ended in one go.
pub const STALE_BATCH: u32 = 200;

/// Bytes of one commit's body, as sent. An edge refuses more before reading it.
pub const MAX_COMMIT_BODY: usize = 16 << 20;
/// Bytes of one commit's body after it was inflated.
pub const MAX_COMMIT_INFLATED: usize = 24 << 20;
/// Entries in one commit.
pub const MAX_COMMIT_ENTRIES: usize = 50_000;
/// Bytes of one value. Far above what any standard asks for (64,000 characters); more is no course data.
pub const MAX_VALUE_BYTES: usize = 8 << 20;
/// Bytes of one element's name or an activity's identifier. Above what the data model looks at (20,000).
pub const MAX_NAME_BYTES: usize = 64 << 10;
/// Bytes of the id that a page gives itself.
pub const MAX_PAGE_ID_BYTES: usize = 200;
/// Entries that may wait past a gap in one session.
pub const MAX_PENDING_ENTRIES: usize = 100_000;
/// Bytes of entries that may wait past a gap in one session.
pub const MAX_PENDING_BYTES: u64 = 64 << 20;
/// Ranges of missing entries named in one answer; the next answer names the next ones.
pub const MAX_MISSING_RANGES: usize = 64;
/// Bytes of journal that one attempt may fill. A thousand hours of a chatty course take a tenth of it.
pub const MAX_ATTEMPT_BYTES: u64 = 1 << 30;
/// Characters of a browser's name that are kept.
pub const MAX_USER_AGENT_CHARS: usize = 512;
/// Characters of a learner's name or of a title given by a caller.
pub const MAX_TEXT_CHARS: usize = 1_000;

/// Flood budget of one registration: requests at once, and how many come back each second. A player sends one or two a
/// second at its busiest.
pub const FLOOD_REQUESTS: f64 = 600.0;
/// Requests that come back each second.
pub const FLOOD_REQUESTS_PER_SECOND: f64 = 30.0;
/// Flood budget of one registration: bytes of entries at once.
pub const FLOOD_BYTES: f64 = 96e6;
/// Bytes that come back each second.
pub const FLOOD_BYTES_PER_SECOND: f64 = 1e6;
/// Registrations whose budgets are remembered; the fullest budgets are forgotten first.
pub const FLOOD_REGISTRATIONS: usize = 50_000;

/// A snapshot is written when the journal since the last one exceeds that one's size, and at least this many bytes.
pub const SNAPSHOT_AFTER: u64 = 64 << 10;
/// Commits read at once while an attempt is rebuilt.
pub const FOLD_BATCH: u32 = 256;
/// Attempts kept in memory between commits.
pub const LIVE_ATTEMPTS: usize = 2_000;
/// Bytes of stored state and journal behind them, as a measure of their memory.
pub const LIVE_BYTES: u64 = 256 << 20;
/// Engines of one attempt kept in memory: two tabs, and some that linger.
pub const LIVE_ENGINES: usize = 4;
/// How often a commit is computed again because another server changed the same registration meanwhile.
pub const CONFLICT_TRIES: u32 = 8;
/// How often a request is tried again when the database fails.
pub const DATABASE_RETRIES: u32 = 3;
/// A commit that the database has not stored by then, and one more millisecond for each entry, goes into the spool.
pub const COMMIT_PATIENCE: Millis = 5 * SECOND;
/// Bytes of commits that may wait for a database that is away.
pub const SPOOL_BYTES: u64 = 1 << 30;
/// Waiting commits, of as many registrations, that are replayed at the same time.
pub const REPLAY_AT_ONCE: usize = 64;
/// How often it is looked whether the database is back.
pub const REPLAY_PERIOD: Millis = SECOND;
/// Sessions whose last answer is remembered.
pub const ANSWERED_SESSIONS: usize = 50_000;
/// Above this many entries a commit is computed on a thread of its own.
pub const INLINE_ENTRIES: usize = 512;

/// Bytes of an uploaded or imported package.
pub const MAX_PACKAGE_BYTES: u64 = 16 << 30;
/// Course archives kept open.
pub const OPEN_ARCHIVES: usize = 256;
/// Bytes of their indexes.
pub const OPEN_ARCHIVE_BYTES: u64 = 64 << 20;
/// Content keys remembered with what they open.
pub const CONTENT_KEYS: usize = 20_000;
/// An object that no course uses is removed when it is older than this: an import names it only after it is there.
pub const ORPHAN_AGE: Millis = DAY;

/// Course plans remembered; one of a usual course takes some kilobytes.
pub const PLANS: usize = 512;

/// Bytes of values after which a page of history ends.
pub const HISTORY_PAGE_BYTES: usize = 4 << 20;
/// Entries of the journal after which a page of history ends, found or not; what is looked for may be rare.
pub const HISTORY_PAGE_ENTRIES: usize = 50_000;
/// Commits on the page of history with the newest entries.
pub const HISTORY_NEWEST_COMMITS: u64 = 50;
/// Characters of the reason for a rollback, an override or a reset.
pub const MAX_REASON_CHARS: usize = 2_000;

/// Registrations listed in one page.
pub const PAGE: u32 = 100;
