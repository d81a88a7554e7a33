// Where this page talks to: /play/{token}/... The token is the right to do so, and it is renewed while the page is open.

export class PlayAddress {
  #prefix;
  #token;

  constructor(pathname = location.pathname) {
    const parts = /^(.*\/play\/)([^/]+)\//.exec(pathname);
    if (!parts) throw new Error(`${pathname} is no address of a player page`);
    [, this.#prefix, this.#token] = parts;
  }

  /** Address of an endpoint: `sessions`, `commits`, `renew`, `attempts`. */
  url(endpoint) {
    return `${this.#prefix}${this.#token}/${endpoint}`;
  }

  /** Address of the page of another token of this learner's. */
  pageOf(token) {
    return `${this.#prefix}${token}/`;
  }

  /** Takes over a renewed token, so that a reload of the page uses it too. */
  renewed(token) {
    if (!token || token === this.#token) return;
    this.#token = token;
    history.replaceState(history.state, '', this.url(''));
  }
}
