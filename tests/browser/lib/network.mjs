// Notes what a course loads: which of its files came, and which did not.

/** Follows all requests of a context. `root` is known once the course's frame has its address. */
export class Traffic {
  #answers = [];

  constructor(context) {
    context.on('response', (response) => this.#answers.push({ url: response.url(), status: response.status() }));
    context.on('requestfailed', (request) => {
      // Leaving a page cancels what it was still loading; that is no fault of anybody.
      const reason = request.failure()?.errorText ?? '';
      if (!/ERR_ABORTED|ERR_FAILED|ERR_BLOCKED/.test(reason)) this.#answers.push({ url: request.url(), status: 0, reason });
    });
  }

  /** The status of the newest answer for an address, without its fragment. */
  statusOf(url) {
    const wanted = url.split('#')[0];
    return this.#answers.findLast((answer) => answer.url.split('#')[0] === wanted)?.status;
  }

  /** Paths below `root` that came. */
  loaded(root) {
    return this.#below(root, ({ status }) => status >= 200 && status < 400);
  }

  /** Paths below `root` that did not come, as the package would name them. */
  missing(root) {
    return this.#below(root, ({ status }) => status === 0 || status >= 400);
  }

  #below(root, wanted) {
    const found = this.#answers.filter((answer) => answer.url.startsWith(root) && wanted(answer));
    return [...new Set(found.map(({ url }) => decodeLoosely(url.slice(root.length).split(/[?#]/)[0])))].sort();
  }
}

/** Percent-decoding that leaves alone what is not valid UTF-8. */
export function decodeLoosely(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The address of the course's folder: the frame's address without the launch file that the manifest names. */
export function contentRoot(frameUrl, launch) {
  const url = frameUrl.split(/[?#]/)[0];
  const file = decodeLoosely(launch.split(/[?#]/)[0]).replace(/\\/g, '/').replace(/^(\.?\/)+/, '');
  for (let cut = url.lastIndexOf('/') + 1; cut > 0; cut = url.lastIndexOf('/', cut - 2) + 1) {
    if (decodeLoosely(url.slice(cut)) === file) return url.slice(0, cut);
  }
  return null;
}
