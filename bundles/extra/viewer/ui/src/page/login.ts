// Copyright the daqstream authors.
// SPDX-License-Identifier: Apache-2.0

const UNAUTHORIZED = 401;

/**
 * Finds out whether it is a login that is missing while there is no connection. A browser tells no
 * page why a server refused a WebSocket, so the page itself is asked for, once for each try.
 */
export class LoginWatch {
  isMissing = false;
  private retryAt = 0;

  /** @param status asks for the page; the status of the answer */
  constructor(private readonly status: () => Promise<number>) {}

  /** Takes the state of the connection, of each frame. */
  look(state: string, retryAt: number): void {
    if (state === 'connected') this.isMissing = false;
    if (state !== 'waiting' || retryAt === this.retryAt) return;
    this.retryAt = retryAt;
    this.status().then(
      (status) => this.take(retryAt, status === UNAUTHORIZED),
      () => this.take(retryAt, false), // nobody there
    );
  }

  private take(retryAt: number, isMissing: boolean): void {
    if (retryAt === this.retryAt) this.isMissing = isMissing;
  }
}

/** The status of the answer to a request for this page. */
export async function statusOfPage(): Promise<number> {
  const answer = await fetch(location.pathname, { method: 'HEAD', cache: 'no-store', redirect: 'manual' });
  return answer.status;
}
