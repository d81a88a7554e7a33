// The page's coming and going. Browsers promise little at the end: `visibilitychange` to hidden is the last event that is
// sure on a phone, `pagehide` comes when the page really goes, and `unload` is not used at all. In Chromium the page's own
// `pagehide` comes before that of the course in the frame, so the course's last calls arrive after it.

export function watchLifecycle({ session, sync, outbox, mayLose }) {
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') sync.hurry(false);
    else sync.stay();
  });
  addEventListener('pagehide', () => session.leaving());
  addEventListener('pageshow', (event) => event.persisted && session.staying());
  addEventListener('beforeunload', (event) => {
    // Nothing is lost by leaving while this device keeps what is unsent. Nag only where it does not.
    if (mayLose() && !outbox.isKept) event.preventDefault();
  });
}
