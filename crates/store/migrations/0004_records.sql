-- Signed heads of the registrations' hash chains: a cut tail or a chain that was written anew shows against them. The key is kept
-- outside the database.
CREATE TABLE chain_head (
    tenant INTEGER NOT NULL,
    registration_id BLOB NOT NULL,
    -- Rows that the chain had, and the last one's hash.
    link INTEGER NOT NULL,
    hash BLOB NOT NULL,
    signed_at INTEGER NOT NULL,
    -- The public key, and the signature (Ed25519).
    public_key BLOB NOT NULL,
    signature BLOB NOT NULL,
    PRIMARY KEY (tenant, registration_id, link),
    FOREIGN KEY (tenant, registration_id) REFERENCES registration (tenant, id)
) STRICT;

-- When everything that tells who the learner was has been destroyed.
ALTER TABLE learner ADD COLUMN erased_at INTEGER;
