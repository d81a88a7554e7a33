-- What a course's settings are, where they differ from the program's defaults. Names and values are the engine's.
CREATE TABLE course_setting (
    tenant INTEGER NOT NULL,
    course_id BLOB NOT NULL,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    changed_at INTEGER NOT NULL,
    PRIMARY KEY (tenant, course_id, name),
    FOREIGN KEY (tenant, course_id) REFERENCES course (tenant, id)
) STRICT;
