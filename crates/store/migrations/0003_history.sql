-- What people do to attempts, and when learners were done.

-- Sessions before this ordinal ran while the attempt was rolled back: what they still send changes nothing.
ALTER TABLE attempt ADD COLUMN session_floor INTEGER NOT NULL DEFAULT 1;
-- 1 where a person has set status or score.
ALTER TABLE attempt ADD COLUMN overridden INTEGER NOT NULL DEFAULT 0;
-- Since when it is completed, and since when it is passed.
ALTER TABLE attempt ADD COLUMN completed_at INTEGER;
ALTER TABLE attempt ADD COLUMN satisfied_at INTEGER;
ALTER TABLE registration ADD COLUMN overridden INTEGER NOT NULL DEFAULT 0;
