-- Conventions: every table has its tenant, first in every key, and every reference carries it, so no row can point across the
-- wall. Ids are UUIDv7 as 16 bytes (half of the text's size in every index; shown hyphenated outside). Times are
-- milliseconds since 1970, durations hundredths of a second, truth 0 or 1, scores decimals in text. JSON is opaque text.

CREATE TABLE tenant (
    id INTEGER NOT NULL PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

INSERT INTO tenant (id, slug, title, created_at) VALUES (1, 'default', 'Default', 0);

CREATE TABLE course (
    tenant INTEGER NOT NULL REFERENCES tenant (id),
    id BLOB NOT NULL,
    title TEXT NOT NULL,
    -- The newest version's number.
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (tenant, id)
) STRICT;

-- One immutable package. The same bytes are the same version, within a tenant.
CREATE TABLE course_version (
    tenant INTEGER NOT NULL,
    course_id BLOB NOT NULL,
    version INTEGER NOT NULL,
    -- SHA-256 of the zip.
    digest BLOB NOT NULL,
    object_key TEXT NOT NULL,
    size INTEGER NOT NULL,
    standard TEXT NOT NULL,
    -- The manifest as read, JSON.
    model TEXT NOT NULL,
    -- What the check reported, JSON.
    report TEXT NOT NULL,
    imported_at INTEGER NOT NULL,
    -- Checksums of all entries: pending, sound or damaged.
    verified TEXT NOT NULL,
    verified_at INTEGER,
    -- The damaged entries, JSON; null where none is known.
    damage TEXT,
    PRIMARY KEY (tenant, course_id, version),
    UNIQUE (tenant, digest),
    FOREIGN KEY (tenant, course_id) REFERENCES course (tenant, id)
) STRICT;

CREATE TABLE learner (
    tenant INTEGER NOT NULL REFERENCES tenant (id),
    id BLOB NOT NULL,
    -- The name callers know the learner by.
    external_id TEXT NOT NULL,
    -- The name for people.
    name TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (tenant, id),
    UNIQUE (tenant, external_id)
) STRICT;

-- One learner on one course. The summary is rolled up from the attempts in the transaction of each commit.
CREATE TABLE registration (
    tenant INTEGER NOT NULL,
    id BLOB NOT NULL,
    course_id BLOB NOT NULL,
    learner_id BLOB NOT NULL,
    -- The course version of the current attempt, or of the first one to come.
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    -- Number of attempts begun.
    attempts INTEGER NOT NULL,
    -- Rises with every change to anything below this row: the optimistic lock.
    revision INTEGER NOT NULL,
    -- The journal's hash chain: rows in it, and the last row's hash.
    chain_length INTEGER NOT NULL,
    chain_head BLOB NOT NULL,
    completion TEXT NOT NULL,
    success TEXT NOT NULL,
    score_scaled TEXT,
    score_raw TEXT,
    score_min TEXT,
    score_max TEXT,
    progress INTEGER,
    total_time INTEGER NOT NULL,
    measured_time INTEGER NOT NULL,
    first_access INTEGER,
    last_access INTEGER,
    PRIMARY KEY (tenant, id),
    UNIQUE (tenant, course_id, learner_id),
    FOREIGN KEY (tenant, course_id, version) REFERENCES course_version (tenant, course_id, version),
    FOREIGN KEY (tenant, learner_id) REFERENCES learner (tenant, id)
) STRICT;

CREATE TABLE attempt (
    tenant INTEGER NOT NULL,
    id BLOB NOT NULL,
    registration_id BLOB NOT NULL,
    number INTEGER NOT NULL,
    -- The course version it runs on.
    version INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    ended_at INTEGER,
    -- Rows in the commit log: the state's version.
    commits INTEGER NOT NULL,
    sessions INTEGER NOT NULL,
    -- Bytes of its journal, for the quota; those since the newest snapshot, and that one's size, for when the next is due.
    journal_bytes INTEGER NOT NULL,
    unsnapped_bytes INTEGER NOT NULL,
    snapshot_bytes INTEGER NOT NULL,
    completion TEXT NOT NULL,
    success TEXT NOT NULL,
    score_scaled TEXT,
    score_raw TEXT,
    score_min TEXT,
    score_max TEXT,
    progress INTEGER,
    total_time INTEGER NOT NULL,
    measured_time INTEGER NOT NULL,
    first_access INTEGER,
    last_access INTEGER,
    PRIMARY KEY (tenant, id),
    UNIQUE (tenant, registration_id, number),
    FOREIGN KEY (tenant, registration_id) REFERENCES registration (tenant, id)
) STRICT;

-- One load of the player page.
CREATE TABLE session (
    tenant INTEGER NOT NULL,
    id BLOB NOT NULL,
    attempt_id BLOB NOT NULL,
    -- n-th of the attempt, from 1: which of two is the newer one.
    ordinal INTEGER NOT NULL,
    -- The inputs entry, JSON.
    opening TEXT NOT NULL,
    -- The page's own random id: a repeated request to open is the same session.
    page TEXT NOT NULL,
    opened_at INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL,
    ended_at INTEGER,
    -- exit, suspend, or lease for a tab that vanished.
    ended_by TEXT,
    -- All entries up to here are on disk, without a gap.
    durable_to INTEGER NOT NULL,
    -- All entries up to here are part of the state, gaps that never closed included.
    executed_to INTEGER NOT NULL,
    PRIMARY KEY (tenant, id),
    UNIQUE (tenant, attempt_id, ordinal),
    FOREIGN KEY (tenant, attempt_id) REFERENCES attempt (tenant, id)
) STRICT;

CREATE INDEX session_open ON session (tenant, opened_at) WHERE ended_at IS NULL;

-- The journal. Rows are only ever added.
CREATE TABLE commit_log (
    tenant INTEGER NOT NULL,
    attempt_id BLOB NOT NULL,
    -- n-th of the attempt, from 1.
    n INTEGER NOT NULL,
    session_id BLOB NOT NULL,
    -- Place in the registration's chain, from 1.
    link INTEGER NOT NULL,
    from_seq INTEGER NOT NULL,
    to_seq INTEGER NOT NULL,
    -- Entries, and those whose outcome here differs from the browser's.
    entry_count INTEGER NOT NULL,
    differences INTEGER NOT NULL,
    arrived_at INTEGER NOT NULL,
    client_clock INTEGER,
    ip TEXT,
    user_agent TEXT,
    -- The entries with their recorded outcomes, packed; the first byte names the form.
    entries BLOB NOT NULL,
    -- Hash of the state after this commit, and what the browser thought it was.
    state_hash BLOB NOT NULL,
    client_state_hash BLOB,
    -- Secret of this row's digests. Erasing salt and values leaves the digests, and the chain verifies on.
    salt BLOB,
    entries_digest BLOB NOT NULL,
    origin_digest BLOB NOT NULL,
    previous_hash BLOB NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (tenant, attempt_id, n),
    FOREIGN KEY (tenant, attempt_id) REFERENCES attempt (tenant, id)
) STRICT;

-- Entries that arrived past a gap: on disk, not yet part of the state.
CREATE TABLE pending_entry (
    tenant INTEGER NOT NULL,
    session_id BLOB NOT NULL,
    seq INTEGER NOT NULL,
    arrived_at INTEGER NOT NULL,
    entry BLOB NOT NULL,
    PRIMARY KEY (tenant, session_id, seq),
    FOREIGN KEY (tenant, session_id) REFERENCES session (tenant, id)
) STRICT;

-- Entries that came under a number that was taken by another one. The first counts; the others are kept for people.
CREATE TABLE disputed_entry (
    tenant INTEGER NOT NULL,
    session_id BLOB NOT NULL,
    seq INTEGER NOT NULL,
    -- n-th dispute about this number.
    n INTEGER NOT NULL,
    arrived_at INTEGER NOT NULL,
    entry BLOB NOT NULL,
    PRIMARY KEY (tenant, session_id, seq, n),
    FOREIGN KEY (tenant, session_id) REFERENCES session (tenant, id)
) STRICT;

-- The state after commit n, so that a restart need not fold the whole journal.
CREATE TABLE snapshot (
    tenant INTEGER NOT NULL,
    attempt_id BLOB NOT NULL,
    n INTEGER NOT NULL,
    written_at INTEGER NOT NULL,
    state BLOB NOT NULL,
    PRIMARY KEY (tenant, attempt_id, n),
    FOREIGN KEY (tenant, attempt_id) REFERENCES attempt (tenant, id)
) STRICT;

-- Operators' keys: SHA-256 of a secret that only its owner has.
CREATE TABLE api_key (
    tenant INTEGER NOT NULL REFERENCES tenant (id),
    id BLOB NOT NULL,
    name TEXT NOT NULL,
    digest BLOB NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    last_used_at INTEGER,
    revoked_at INTEGER,
    PRIMARY KEY (tenant, id)
) STRICT;

CREATE TABLE setting (
    tenant INTEGER NOT NULL REFERENCES tenant (id),
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (tenant, name)
) STRICT;
