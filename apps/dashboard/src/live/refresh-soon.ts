import type { QueryClient, QueryKey } from '@tanstack/react-query';

/** ms in which further wishes for the same refresh are one. */
const GATHER = 200;

/** Reads again what an event told too little of; many events in a row cost one request. */
export class RefreshSoon {
  private readonly waiting = new Map<string, ReturnType<typeof setTimeout>>();

  constructor(private readonly client: QueryClient) {}

  ask(queryKey: QueryKey): void {
    const id = JSON.stringify(queryKey);
    if (this.waiting.has(id)) return;
    const refresh = () => {
      this.waiting.delete(id);
      void this.client.invalidateQueries({ queryKey });
    };
    this.waiting.set(id, setTimeout(refresh, GATHER));
  }

  stop(): void {
    for (const timer of this.waiting.values()) clearTimeout(timer);
    this.waiting.clear();
  }
}
