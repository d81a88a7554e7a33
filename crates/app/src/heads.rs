//! Signed heads of the hash chains. The chain shows what was altered; who cuts its tail, or writes all of it anew, would leave a
//! sound chain behind, but not the heads that were signed before. Their key is derived from the data folder's secret and is in no
//! database; each head is kept in the database and, a line each, in a file beside it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::OpenOptions;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};

use ed25519_compact::{KeyPair, PublicKey, Seed, Signature};
use lyceum_attempt::Millis;
use lyceum_store::heads::Head;
use lyceum_store::{RegistrationId, Tenant, heads, registrations, tenants};
use parking_lot::Mutex;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::app::App;
use crate::error::AppError;
use crate::limits::SIGN_BATCH;

/// First bytes under every signature and of the key's derivation.
const DOMAIN: &[u8] = b"lyceum chain head 1\0";
/// The file beside the database.
pub(crate) const FILE: &str = "chain-heads.jsonl";

/// Signs, and remembers what is to be signed.
pub(crate) struct Heads {
    key: KeyPair,
    file: PathBuf,
    grown: Mutex<BTreeSet<(Tenant, RegistrationId)>>,
}

/// A line of the file.
#[derive(Serialize, Deserialize)]
struct Line {
    tenant: i64,
    registration: String,
    link: u64,
    hash: String,
    signed_at: Millis,
    public_key: String,
    signature: String,
}

impl Heads {
    pub(crate) fn new(secret: &[u8; 32], folder: &Path) -> Self {
        let seed = Sha256::new_with_prefix(DOMAIN).chain_update(secret).finalize();
        Self {
            key: KeyPair::from_seed(Seed::new(seed.into())),
            file: folder.join(FILE),
            grown: Mutex::default(),
        }
    }

    /// Whoever has it can check the heads.
    pub(crate) fn public_key(&self) -> [u8; 32] {
        *self.key.pk
    }

    /// A chain has a new row.
    pub(crate) fn grew(&self, tenant: Tenant, registration: RegistrationId) {
        // Such a chain will be gone, and a head in the file would accuse it for ever.
        if tenant.is_scratch() {
            return;
        }
        self.grown.lock().insert((tenant, registration));
    }

    fn sign(&self, registration: RegistrationId, link: u64, hash: [u8; 32], signed_at: Millis) -> Head {
        let signature = self.key.sk.sign(message(registration, link, &hash, signed_at), None);
        Head { link, hash, signed_at, public_key: self.public_key(), signature: *signature }
    }

    fn append(&self, signed: &[(Tenant, RegistrationId, Head)]) -> std::io::Result<()> {
        let mut text = String::new();
        for (tenant, registration, head) in signed {
            let line = Line {
                tenant: tenant.0,
                registration: registration.to_string(),
                link: head.link,
                hash: hex(&head.hash),
                signed_at: head.signed_at,
                public_key: hex(&head.public_key),
                signature: hex(&head.signature),
            };
            text.push_str(&serde_json::to_string(&line)?);
            text.push('\n');
        }
        let mut file = OpenOptions::new().create(true).append(true).open(&self.file)?;
        file.write_all(text.as_bytes())?;
        file.sync_data()
    }

    /// The heads in the file, by registration. A torn last line is none.
    pub(crate) fn in_file(&self) -> InFile {
        let mut all = InFile::new();
        let Ok(file) = std::fs::File::open(&self.file) else { return all };
        for line in BufReader::new(file).lines().map_while(Result::ok) {
            let read = || {
                let line: Line = serde_json::from_str(&line).ok()?;
                let head = Head {
                    link: line.link,
                    hash: unhex(&line.hash)?,
                    signed_at: line.signed_at,
                    public_key: unhex(&line.public_key)?,
                    signature: unhex(&line.signature)?,
                };
                Some(((Tenant(line.tenant), line.registration.parse().ok()?), head))
            };
            if let Some((of, head)) = read() {
                all.entry(of).or_default().push(head);
            }
        }
        all
    }
}

/// The heads in the file, by registration.
pub(crate) type InFile = BTreeMap<(Tenant, RegistrationId), Vec<Head>>;

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

fn unhex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let bytes: Option<Vec<u8>> =
        (0..text.len()).step_by(2).map(|at| u8::from_str_radix(text.get(at..at + 2)?, 16).ok()).collect();
    bytes?.try_into().ok()
}

fn message(registration: RegistrationId, link: u64, hash: &[u8; 32], signed_at: Millis) -> Vec<u8> {
    let mut text = DOMAIN.to_vec();
    text.extend_from_slice(registration.as_bytes());
    text.extend_from_slice(&link.to_be_bytes());
    text.extend_from_slice(hash);
    text.extend_from_slice(&signed_at.to_be_bytes());
    text
}

/// Whether a head was signed with the key that it names.
pub(crate) fn is_signed(registration: RegistrationId, head: &Head) -> bool {
    let text = message(registration, head.link, &head.hash, head.signed_at);
    PublicKey::new(head.public_key).verify(text, &Signature::new(head.signature)).is_ok()
}

impl App {
    /// Signs the heads of all chains that have grown in this process; with `all`, also of those that grew in one that died.
    /// Answers how many.
    ///
    /// # Errors
    /// When the database or the file beside it fails.
    pub async fn sign_heads(&self, all: bool) -> Result<u64, AppError> {
        let mut grown: Vec<(Tenant, RegistrationId)> =
            std::mem::take(&mut *self.0.heads.grown.lock()).into_iter().collect();
        if all {
            let all = self.0.db.read(tenants::all).await?;
            for tenant in all.into_iter().filter(|tenant| !tenant.is_scratch()) {
                let found = self.0.db.read(move |tx| heads::unsigned(tenant, tx, u32::MAX)).await?;
                grown.extend(found.into_iter().map(|id| (tenant, id)));
            }
            grown.sort_unstable();
            grown.dedup();
        }
        let mut count = 0;
        for batch in grown.chunks(SIGN_BATCH) {
            if let Err(e) = self.sign_batch(batch.to_vec()).await {
                self.0.heads.grown.lock().extend(batch.iter().copied());
                return Err(e);
            }
            count += batch.len() as u64;
        }
        Ok(count)
    }

    async fn sign_batch(&self, batch: Vec<(Tenant, RegistrationId)>) -> Result<(), AppError> {
        let read = self.0.db.read(move |tx| {
            let mut found = Vec::with_capacity(batch.len());
            for (tenant, id) in batch {
                let row = registrations::find(tenant, tx, id)?.filter(|row| row.chain_length > 0);
                found.extend(row.map(|row| (tenant, id, row.chain_length, row.chain_head)));
            }
            Ok(found)
        });
        let now = self.now();
        let signed: Vec<(Tenant, RegistrationId, Head)> = read
            .await?
            .into_iter()
            .map(|(tenant, id, link, hash)| (tenant, id, self.0.heads.sign(id, link, hash, now)))
            .collect();
        let app = self.clone();
        let kept = tokio::task::spawn_blocking(move || app.0.heads.append(&signed).map(|()| signed)).await;
        let signed = kept
            .map_err(|e| AppError::Output(e.to_string()))?
            .map_err(|e| AppError::Output(format!("{FILE}: {e}")))?;
        let stored = self.0.db.write(move |tx| {
            signed.iter().try_for_each(|(tenant, id, head)| heads::insert(*tenant, tx, *id, head))
        });
        Ok(stored.await?)
    }
}
