//! From a request to an answer.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use bytes::Bytes;
use http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ETAG,
    LOCATION, RANGE, VARY,
};
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Response, StatusCode};
use lyceum_archive::{
    CacheKey, CourseObject, EntryId, Form, GzipParts, Inflated, Method as Compression, ReadError, Request,
    SmallFiles, Source,
};
use tokio::sync::{Semaphore, oneshot};
use tokio::task::spawn_blocking;

use super::body::{ContentBody, Feed};
use super::buffers::Buffers;
use super::conditions::{self, Verdict};
use super::headers::{BadOrigin, ContentHeaders};
use super::range::{self, Asked};
use super::refusal::Refusal;
use super::{encoding, media_type};

/// Files up to this many bytes, in the form in which they are sent, are kept in memory.
pub const SMALL_LEN: u64 = 64 * 1024;
/// Large files are read and sent in pieces of this many bytes.
const PIECE_LEN: usize = 128 * 1024;
/// Buffers for pieces that are kept when no large file is being sent.
const KEPT_BUFFERS: usize = 32;
/// Files that are inflated at the same time. More wait, so that they cannot take all threads.
const INFLATING: usize = 4;
/// What a folder's address stands for, in this order.
const FOLDER_PAGES: [&str; 4] = ["index.html", "index.htm", "default.html", "default.htm"];

const SERVICE_WORKER: HeaderName = HeaderName::from_static("service-worker");
/// The address names one version of one course for one registration: the file behind it never changes, and no shared
/// cache may keep it.
const FOR_A_YEAR: HeaderValue = HeaderValue::from_static("private, max-age=31536000, immutable");
const BY_ENCODING: HeaderValue = HeaderValue::from_static("accept-encoding");

/// What delivery needs to begin.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Bytes of small files kept in memory.
    pub memory: u64,
    /// Folder for inflated files. It belongs to this delivery alone.
    pub inflated_folder: PathBuf,
    /// Bytes of inflated files kept on disk.
    pub inflated: u64,
    /// Headers of every answer.
    pub headers: ContentHeaders,
}

/// Why delivery cannot begin.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The folder for inflated files cannot be used.
    #[error("the folder for inflated course files cannot be used: {0}")]
    Folder(#[from] io::Error),
    /// A header setting is wrong.
    #[error(transparent)]
    Headers(#[from] BadOrigin),
}

/// Delivers the files of all courses. One for the whole server.
#[derive(Debug)]
pub struct Delivery {
    small: Arc<SmallFiles>,
    inflated: Arc<Inflated>,
    inflating: Arc<Semaphore>,
    buffers: Arc<Buffers>,
    standing: HeaderMap,
}

/// Where the bytes of a file, in the form that was chosen, come from.
enum Origin {
    Memory(Bytes),
    /// From this position of a file on.
    File(Arc<Source>, u64),
    Gzip(GzipParts),
    /// Inflated on the way; only from the beginning.
    Stream,
}

/// A file and the form in which it is sent.
struct Chosen<'a> {
    course: &'a Arc<CourseObject>,
    id: EntryId,
    form: Form,
    /// Length in that form.
    len: u64,
}

impl Delivery {
    /// Begins delivery with what an earlier run left in the folder for inflated files.
    pub fn new(settings: &Settings) -> Result<Self, StartError> {
        Ok(Self {
            small: Arc::new(SmallFiles::new(settings.memory)),
            inflated: Inflated::open(&settings.inflated_folder, settings.inflated)?,
            inflating: Arc::new(Semaphore::new(INFLATING)),
            buffers: Buffers::new(PIECE_LEN, KEPT_BUFFERS),
            standing: settings.headers.standing()?,
        })
    }

    /// The cache of inflated files, for removing a course and for metrics.
    pub fn inflated(&self) -> &Arc<Inflated> {
        &self.inflated
    }

    /// The cache of small files, for metrics.
    pub fn small(&self) -> &SmallFiles {
        &self.small
    }

    /// Answers a request for `path` of `course`: the part of the request's path after the content key and its `/`,
    /// percent-encoded as it came. Of `request` its method, headers and query count. Whether the client may have the course
    /// was checked before.
    pub async fn respond(
        &self,
        course: &Arc<CourseObject>,
        path: &str,
        request: &Parts,
    ) -> Response<ContentBody> {
        let answer = self.answer(course, path, request).await;
        let mut response = answer.unwrap_or_else(|refusal| refusal.response(&request.method));
        let headers = response.headers_mut();
        self.standing.iter().for_each(|(name, value)| drop(headers.insert(name, value.clone())));
        response
    }

    async fn answer(
        &self,
        course: &Arc<CourseObject>,
        path: &str,
        request: &Parts,
    ) -> Result<Response<ContentBody>, Refusal> {
        if request.headers.contains_key(SERVICE_WORKER) {
            return Err(Refusal::ServiceWorker);
        }
        if request.method != Method::GET && request.method != Method::HEAD {
            return Err(Refusal::Method);
        }
        match find(course, path) {
            Some(id) => self.file(course, id, request).await,
            None if !path.ends_with('/') && course.folder(path).is_some() => {
                Ok(to_folder(path, request.uri.query()))
            }
            None => Err(Refusal::NotFound(path.to_owned())),
        }
    }

    async fn file(
        &self,
        course: &Arc<CourseObject>,
        id: EntryId,
        request: &Parts,
    ) -> Result<Response<ContentBody>, Refusal> {
        let entry = course.entry(id);
        // A range is defined for GET only (RFC 9110, 14.2).
        let range = request.headers.get(RANGE).filter(|_| request.method == Method::GET);
        let gzip = entry.method() == Compression::Deflated
            && range.is_none()
            && encoding::prefers_gzip(&request.headers);
        let (form, len) = match gzip {
            true => (Form::Gzip, entry.compressed_size() + GzipParts::FRAME_LEN),
            false => (Form::Identity, entry.size()),
        };
        let tag = conditions::entity_tag(entry, form);
        match conditions::judge(&request.headers, &tag) {
            Verdict::Send => {}
            Verdict::NotModified => return Ok(not_modified(tag)),
            Verdict::Failed => return Err(Refusal::Precondition),
        }
        let range = range.filter(|_| conditions::range_holds(&request.headers, &tag));
        let mut asked =
            range.map_or(Asked::Whole, |value| range::asked(value.to_str().unwrap_or_default(), len));
        if asked == Asked::Unsatisfiable {
            return Ok(unsatisfiable(len));
        }
        let mut body = ContentBody::empty();
        if request.method == Method::GET {
            let chosen = Chosen { course, id, form, len };
            let origin = self.origin(&chosen).await.map_err(|error| refuse(course, &error))?;
            if matches!(origin, Origin::Stream) {
                asked = Asked::Whole;
            }
            body = self.body(&chosen, origin, asked).map_err(|error| refuse(course, &error))?;
        }
        let mut response = file_response(form, len, asked, tag, body);
        if let Some(media_type) = media_type(entry.name()) {
            response.headers_mut().insert(CONTENT_TYPE, media_type);
        }
        Ok(response)
    }

    /// Gets the bytes ready to be sent.
    async fn origin(&self, chosen: &Chosen<'_>) -> Result<Origin, ReadError> {
        let Chosen { course, id, form, len } = *chosen;
        if len <= SMALL_LEN {
            let key = course.key(id, form);
            return match self.small.get(&key) {
                Some(bytes) => Ok(Origin::Memory(bytes)),
                None => self.load(course, key).await.map(Origin::Memory),
            };
        }
        if !course.is_located(id) {
            let course = Arc::clone(course);
            blocking(move || course.stored(id).and(course.gzip(id))).await?;
        }
        if let Some(span) = course.stored(id)? {
            return Ok(Origin::File(Arc::clone(course.source()), span.offset));
        }
        match (form, course.gzip(id)?) {
            (Form::Gzip, Some(parts)) => Ok(Origin::Gzip(parts)),
            _ => self.inflate(course, id).await,
        }
    }

    /// Reads a small file into memory.
    async fn load(&self, course: &Arc<CourseObject>, key: CacheKey) -> Result<Bytes, ReadError> {
        let (course, small) = (Arc::clone(course), Arc::clone(&self.small));
        blocking(move || small.get_or_load(&key, || read_small(&course, key))).await
    }

    /// The inflated file in the cache on disk. When it cannot be there (too large, disk full), the entry is inflated on the
    /// way to the client instead.
    async fn inflate(&self, course: &Arc<CourseObject>, id: EntryId) -> Result<Origin, ReadError> {
        let (tell, told) = oneshot::channel();
        let notify = move |result| drop(tell.send(result));
        match self.inflated.request(course, id, notify) {
            Request::Ready(file) => return Ok(Origin::File(file, 0)),
            Request::TooLarge => return Ok(Origin::Stream),
            Request::Waiting => {}
            Request::Fill(job) => {
                // Not part of this request: others may wait for it when this client is gone.
                let inflating = Arc::clone(&self.inflating);
                tokio::spawn(async move {
                    let _permit = inflating.acquire().await;
                    let _ = spawn_blocking(move || job.run()).await;
                });
            }
        }
        match told.await {
            Ok(Ok(file)) => Ok(Origin::File(file, 0)),
            Ok(Err(error)) if error.is_damage() => Err(error),
            Ok(Err(error)) => {
                tracing::warn!(course = %course.digest(), %error, "a course file cannot be kept inflated; inflating it on the way");
                Ok(Origin::Stream)
            }
            Err(_) => Ok(Origin::Stream),
        }
    }

    fn body(&self, chosen: &Chosen<'_>, origin: Origin, asked: Asked) -> Result<ContentBody, ReadError> {
        let (start, end) = match asked {
            Asked::Part { start, end } => (start, end),
            _ => (0, chosen.len),
        };
        Ok(match origin {
            Origin::Memory(bytes) => bytes.slice(start as usize..end as usize).into(),
            Origin::File(source, offset) => {
                let feed = Feed::File { source, position: offset + start };
                ContentBody::feed(feed, end - start, &self.buffers)
            }
            Origin::Gzip(parts) => {
                let feed = Feed::File {
                    source: Arc::clone(chosen.course.source()),
                    position: parts.deflated.offset,
                };
                let (head, tail) = (Bytes::copy_from_slice(&parts.head), Bytes::copy_from_slice(&parts.tail));
                ContentBody::around(head, feed, parts.deflated.len, tail, &self.buffers)
            }
            Origin::Stream => {
                let feed = Feed::Entry(Box::new(chosen.course.reader(chosen.id)?));
                ContentBody::feed(feed, chosen.len, &self.buffers)
            }
        })
    }
}

/// The file that a path stands for; that of a folder is its page.
fn find(course: &CourseObject, path: &str) -> Option<EntryId> {
    if !path.is_empty() && !path.ends_with('/') {
        return course.lookup(path);
    }
    let folder = course.folder(path)?;
    let separator = if folder.is_empty() { "" } else { "/" };
    FOLDER_PAGES.iter().find_map(|page| course.lookup(&format!("{folder}{separator}{page}")))
}

/// A small file in the form that `key` says, whole and verified.
fn read_small(course: &CourseObject, key: CacheKey) -> Result<Bytes, ReadError> {
    let parts = match key.form {
        Form::Gzip => course.gzip(key.entry)?,
        Form::Identity => None,
    };
    let Some(parts) = parts else { return course.read(key.entry, SMALL_LEN).map(Bytes::from) };
    course.check(key.entry)?;
    let mut file = vec![0; parts.total_len() as usize];
    let (head, rest) = file.split_at_mut(parts.head.len());
    let (deflated, tail) = rest.split_at_mut(parts.deflated.len as usize);
    head.copy_from_slice(&parts.head);
    course.source().read_exact_at(deflated, parts.deflated.offset)?;
    tail.copy_from_slice(&parts.tail);
    Ok(file.into())
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, ReadError> + Send + 'static,
) -> Result<T, ReadError> {
    spawn_blocking(work).await.unwrap_or_else(|error| Err(io::Error::other(error).into()))
}

fn refuse(course: &CourseObject, error: &ReadError) -> Refusal {
    tracing::warn!(course = %course.digest(), %error, "a course file cannot be sent");
    match error {
        ReadError::Damaged { .. } => Refusal::Damaged(error.to_string()),
        _ => Refusal::Unreadable,
    }
}

fn file_response(
    form: Form,
    len: u64,
    asked: Asked,
    tag: HeaderValue,
    body: ContentBody,
) -> Response<ContentBody> {
    let mut response = Response::new(body);
    let mut sent = len;
    *response.headers_mut() = HeaderMap::with_capacity(16);
    if let Asked::Part { start, end } = asked {
        sent = end - start;
        *response.status_mut() = StatusCode::PARTIAL_CONTENT;
        response.headers_mut().insert(CONTENT_RANGE, content_range(&format!("{start}-{}", end - 1), len));
    }
    let headers = response.headers_mut();
    headers.insert(CONTENT_LENGTH, sent.into());
    headers.insert(ETAG, tag);
    headers.insert(CACHE_CONTROL, FOR_A_YEAR);
    headers.insert(VARY, BY_ENCODING);
    match form {
        Form::Gzip => headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip")),
        Form::Identity => headers.insert(ACCEPT_RANGES, HeaderValue::from_static("bytes")),
    };
    response
}

fn content_range(part: &str, len: u64) -> HeaderValue {
    HeaderValue::try_from(format!("bytes {part}/{len}"))
        .unwrap_or_else(|_| HeaderValue::from_static("bytes */*"))
}

fn not_modified(tag: HeaderValue) -> Response<ContentBody> {
    let mut response = Response::new(ContentBody::empty());
    *response.status_mut() = StatusCode::NOT_MODIFIED;
    let headers = response.headers_mut();
    headers.insert(ETAG, tag);
    headers.insert(CACHE_CONTROL, FOR_A_YEAR);
    headers.insert(VARY, BY_ENCODING);
    response
}

fn unsatisfiable(len: u64) -> Response<ContentBody> {
    let mut response = Response::new(ContentBody::empty());
    *response.status_mut() = StatusCode::RANGE_NOT_SATISFIABLE;
    let headers = response.headers_mut();
    headers.insert(CONTENT_RANGE, content_range("*", len));
    headers.insert(CONTENT_LENGTH, 0.into());
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// Sends the client to the folder's own address, so that relative links of its page lead into it. The location is
/// relative, since only the caller knows the path before this one.
fn to_folder(path: &str, query: Option<&str>) -> Response<ContentBody> {
    let name = path.rsplit('/').next().unwrap_or_default();
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    let mut response = Response::new(ContentBody::empty());
    *response.status_mut() = StatusCode::MOVED_PERMANENTLY;
    let headers = response.headers_mut();
    if let Ok(location) = HeaderValue::try_from(format!("./{name}/{query}")) {
        headers.insert(LOCATION, location);
    }
    headers.insert(CONTENT_LENGTH, 0.into());
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
