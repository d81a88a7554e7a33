-- What the courses of a learner share: global objectives (values as JSON) and data stores (their text), newest value only.
CREATE TABLE learner_shared (
    tenant INTEGER NOT NULL,
    learner_id BLOB NOT NULL,
    -- objective or data.
    kind TEXT NOT NULL,
    -- The author's id of the objective or the store.
    id TEXT NOT NULL,
    value TEXT NOT NULL,
    changed_at INTEGER NOT NULL,
    PRIMARY KEY (tenant, learner_id, kind, id),
    FOREIGN KEY (tenant, learner_id) REFERENCES learner (tenant, id)
) STRICT;
