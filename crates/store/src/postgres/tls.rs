//! Encrypted connections, in Rust.

use std::fmt::Display;
use std::path::Path;
use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::verify_server_cert_signed_by_trust_anchor;
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::address::{Address, Identity, Trust};
use crate::error::DbError;

/// What makes TLS out of a connection.
pub(super) fn connector(address: &Address) -> Result<MakeRustlsConnect, DbError> {
    let unusable = |e: rustls::Error| DbError::Address(e.to_string());
    let provider = Arc::new(ring::default_provider());
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(unusable)?;
    let whatever_name = |authorities| Arc::new(WhateverName { authorities, provider });
    let builder = match &address.trust {
        Trust::Anybody => builder.dangerous().with_custom_certificate_verifier(whatever_name(None)),
        Trust::Authority(file) => {
            builder.dangerous().with_custom_certificate_verifier(whatever_name(Some(roots(file.as_deref())?)))
        }
        Trust::Verified(file) => builder.with_root_certificates(roots(file.as_deref())?),
    };
    let config = match &address.identity {
        None => builder.with_no_client_auth(),
        Some(Identity { certificate, key }) => {
            let owner = PrivateKeyDer::from_pem_file(key)
                .map_err(|e| DbError::Address(format!("{} holds no usable key: {e}", key.display())))?;
            builder.with_client_auth_cert(certificates(certificate)?, owner).map_err(unusable)?
        }
    };
    Ok(MakeRustlsConnect::new(config))
}

fn roots(file: Option<&Path>) -> Result<RootCertStore, DbError> {
    let mut store = RootCertStore::empty();
    let Some(file) = file else {
        store.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        return Ok(store);
    };
    for certificate in certificates(file)? {
        store.add(certificate).map_err(|e| unusable(file, &e))?;
    }
    Ok(store)
}

/// The certificates in a file, of which there is one at least.
fn certificates(file: &Path) -> Result<Vec<CertificateDer<'static>>, DbError> {
    let all = CertificateDer::pem_file_iter(file).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let all = all.map_err(|e| unusable(file, &e))?;
    if all.is_empty() { Err(unusable(file, &"it has none")) } else { Ok(all) }
}

fn unusable(file: &Path, why: &dyn Display) -> DbError {
    DbError::Address(format!("{} holds no usable certificates: {why}", file.display()))
}

/// Does not look at the name in the certificate, and without authorities not at who signed it either. The other end must have its key:
/// enough against listeners, not against impostors.
#[derive(Debug)]
struct WhateverName {
    authorities: Option<RootCertStore>,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for WhateverName {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        if let Some(authorities) = &self.authorities {
            let certificate = ParsedCertificate::try_from(certificate)?;
            let algorithms = self.provider.signature_verification_algorithms.all;
            verify_server_cert_signed_by_trust_anchor(
                &certificate,
                authorities,
                intermediates,
                now,
                algorithms,
            )?;
        }
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(
            message,
            certificate,
            signature,
            &self.provider.signature_verification_algorithms,
        )
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(
            message,
            certificate,
            signature,
            &self.provider.signature_verification_algorithms,
        )
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
