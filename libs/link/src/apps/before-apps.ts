import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';

/** As far as an `AppDoor` is one. */
interface Door {
  takes(request: IncomingMessage): boolean;
  serve(request: IncomingMessage, response: ServerResponse): Promise<void>;
}

/** A request of knot's own has this long, from its first line to the end of its body. ms */
const REQUEST_MS = 60_000;

/**
 * Puts the door to apps before what else answers at the port. Node's own limit on whole requests would end long uploads
 * to apps, so it is off, and kept here for all others.
 */
export function beforeApps(server: Server, door: Door | null, own: RequestListener): Server {
  return server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    if (door?.takes(request)) return void door.serve(request, response);
    // one that is there as a whole may never be read to its end: events and logs are followed by such
    const timer = setTimeout(() => !request.complete && request.destroy(), REQUEST_MS);
    request.once('end', () => clearTimeout(timer));
    request.once('close', () => clearTimeout(timer));
    own(request, response);
  });
}
