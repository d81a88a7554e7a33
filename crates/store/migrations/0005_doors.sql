-- Players and pages that are not ours.

-- The names under which old pages know a course: a topic is an id or a slug of another system.
CREATE TABLE course_topic (
    tenant INTEGER NOT NULL,
    topic TEXT NOT NULL,
    course_id BLOB NOT NULL,
    PRIMARY KEY (tenant, topic),
    FOREIGN KEY (tenant, course_id) REFERENCES course (tenant, id)
) STRICT;

-- Their commits by their own numbers: what came once is not done again, and what comes late is known to be late.
CREATE TABLE door_commit (
    tenant INTEGER NOT NULL,
    session_id BLOB NOT NULL,
    sequence INTEGER NOT NULL,
    -- SHA-256 of what it said.
    digest BLOB NOT NULL,
    -- The session's entries that it became; none where the second is the smaller one.
    from_seq INTEGER NOT NULL,
    to_seq INTEGER NOT NULL,
    PRIMARY KEY (tenant, session_id, sequence),
    FOREIGN KEY (tenant, session_id) REFERENCES session (tenant, id)
) STRICT;
