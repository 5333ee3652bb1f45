/**
 * The server's time of day, from the Date header of its answers, so that "silent since" does not depend on the clock
 * of the user's machine. Times that are less than 2 s apart count as equal: the header has whole seconds only.
 */
export class ServerClock {
  private offset = 0;
  private bestRoundTrip = Infinity;

  constructor(private readonly now: () => number = Date.now) {}

  /** ms since the epoch as the server counts them. */
  read(): number {
    return this.now() + this.offset;
  }

  /** `sent` and the answer's arrival (now) in this machine's time. The quickest answer is believed. */
  learn(dateHeader: string | null, sent: number): void {
    const told = dateHeader === null ? NaN : Date.parse(dateHeader);
    if (Number.isNaN(told)) return;
    const arrived = this.now();
    const roundTrip = arrived - sent;
    if (roundTrip > this.bestRoundTrip) return;
    this.bestRoundTrip = roundTrip;
    const offset = told + 500 - (sent + roundTrip / 2);
    this.offset = Math.abs(offset) < 2_000 ? 0 : offset;
  }
}
