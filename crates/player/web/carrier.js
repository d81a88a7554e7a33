// Carries one commit to the server and reads the answer. Knows the address, the token's renewal and the two ways of sending;
// knows nothing of when and what.

import { commitBody, utf8Length } from './batch.js';
import { post, Refused } from './http.js';

/** Bodies from this size on are compressed on the way. */
const COMPRESS_FROM_BYTES = 4 * 1024;

/** What all keepalive requests of a page together may have on the way (Fetch standard), less what headers may take. */
export const KEEPALIVE_BYTES = 60 * 1024;

export class Carrier {
  #address;
  #deflate;
  #clock;

  /**
   * @param {{now: () => number}} clock
   * @param {((text: string) => Uint8Array)|null} deflate raw deflate, synchronous: `CompressionStream` is too late in
   *   pagehide. Without it bodies go as they are.
   */
  constructor(address, clock, deflate = null) {
    this.#address = address;
    this.#clock = clock;
    this.#deflate = deflate;
  }

  /** The request for some entries: `{endpoint, body, bytes}`. `confirmed`: up to where the server has said that it has all. */
  pack(session, fromSeq, entries, stateHash, confirmed) {
    const text = commitBody({ session, fromSeq, confirmed, entries, clientClock: this.#clock.now(), stateHash });
    const bytes = utf8Length(text);
    if (!this.#deflate || bytes < COMPRESS_FROM_BYTES) return { endpoint: 'commits', body: text, bytes };
    const body = this.#deflate(text);
    return { endpoint: 'commits?z=1', body, bytes: body.length };
  }

  /** Sends it and answers `{durable_to, missing, state_hash, superseded}`. Renews the token once where it has expired. */
  async send(parcel) {
    try {
      return await this.#post(parcel);
    } catch (error) {
      if (!(error instanceof Refused) || error.status !== 401) throw error;
      await this.renew();
      return this.#post(parcel);
    }
  }

  /** Sends it in a way that outlives the page. The answer comes only if the page stays. */
  sendLast(parcel) {
    const url = this.#address.url(parcel.endpoint);
    if ('keepalive' in Request.prototype) return post(url, parcel.body, { keepalive: true }).then((text) => this.#read(text));
    if (navigator.sendBeacon(url, parcel.body)) return Promise.resolve(null);
    return Promise.reject(new Error('the browser does not take the beacon'));
  }

  async renew() {
    this.#address.renewed(JSON.parse(await post(this.#address.url('renew'), '')).token);
  }

  async #post(parcel) {
    return this.#read(await post(this.#address.url(parcel.endpoint), parcel.body));
  }

  #read(text) {
    const answer = JSON.parse(text);
    this.#address.renewed(answer.token);
    return answer;
  }
}
