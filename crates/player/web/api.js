// The API objects that courses look for. A course walks up its parents and then its opener until a window has one; the
// course frame is a child of this window, so it finds it in the first step.
//
// Exactly one is offered. Content made for both editions takes API_1484_11 where it finds one, and would then speak 2004
// to an enrolment in 1.2.

/** Error codes for calls after the content has left: SCORM 2004 RTE 3.1.7, SCORM 1.2 RTE 3.3.2. */
const LATE_2004 = { initialize: 104, terminate: 113, get: 123, set: 133, commit: 143, setFailed: 351 };
const LATE_12 = { initialize: 101, terminate: 301, get: 301, set: 301, commit: 301, setFailed: 101 };

const is2004 = (edition) => edition.startsWith('SCORM_2004');

/** See `Visit`. */
export const lateCodes = (edition) => (is2004(edition) ? LATE_2004 : LATE_12);

/** Puts the API for a visit where the course looks for it, in the place of the one before. */
export function offerApi(edition, visit, place = window) {
  if (is2004(edition)) place.API_1484_11 = api2004(visit);
  else place.API = api12(visit);
}

function api2004(visit) {
  return {
    version: '1.0',
    Initialize: (argument) => word(visit.initialize(text(argument))),
    Terminate: (argument) => word(visit.terminate(text(argument))),
    GetValue: (element) => visit.getValue(text(element)),
    SetValue: (element, value) => word(visit.setValue(text(element), text(value))),
    Commit: (argument) => word(visit.commit(text(argument))),
    GetLastError: () => String(visit.lastError()),
    GetErrorString: (code) => visit.errorString(text(code)),
    GetDiagnostic: (code) => visit.diagnostic(text(code)),
  };
}

function api12(visit) {
  return {
    LMSInitialize: (argument) => word(visit.initialize(text(argument))),
    LMSFinish: (argument) => word(visit.terminate(text(argument))),
    LMSGetValue: (element) => visit.getValue(text(element)),
    LMSSetValue: (element, value) => word(visit.setValue(text(element), text(value))),
    LMSCommit: (argument) => word(visit.commit(text(argument))),
    LMSGetLastError: () => String(visit.lastError()),
    LMSGetErrorString: (code) => visit.errorString(text(code)),
    LMSGetDiagnostic: (code) => visit.diagnostic(text(code)),
  };
}

/** The standards know strings only; courses send numbers, booleans, nothing at all. */
function text(value) {
  if (typeof value === 'string') return value;
  if (value === undefined || value === null) return '';
  try {
    return String(value);
  } catch {
    return '';
  }
}

const word = (done) => (done ? 'true' : 'false');
