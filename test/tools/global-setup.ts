import { randomUUID } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import type { TestProject } from 'vitest/node';
import { removeStaleCgroups } from './kubernetes.js';
import { isSharedServerName, sharedServers, type SharedServer, type SharedServerName } from './shared-servers.js';
import { isStaleName, removeStaleFolders } from './test-folder.js';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Where the run's process answers for its shared servers; see `sharedServer()`. */
    sharedServers: string;
  }
}

/**
 * Lives as long as the test run, in its main process, and starts a shared server when a test file asks for it.
 * @public vitest calls it by its name
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  removeStaleFolders();
  removeStaleCgroups(isStaleName);
  const started = new Map<SharedServerName, Promise<SharedServer>>();
  const start = (name: SharedServerName) => {
    const running = started.get(name) ?? sharedServers[name]();
    started.set(name, running);
    // one that did not start may do so for the next file that asks
    running.catch(() => started.delete(name));
    return running;
  };

  // Only who was told the path may ask: the answer holds tokens.
  const path = `/${randomUUID()}/`;
  const desk = createServer((request, response) => {
    const name = request.url?.startsWith(path) ? request.url.slice(path.length) : '';
    if (!isSharedServerName(name)) return answer(response, 404, `There is no shared server "${name}".`);
    start(name).then(
      ({ access }) => answer(response, 200, JSON.stringify(access)),
      (error: unknown) => answer(response, 500, `The shared ${name} did not start: ${inspect(error)}`),
    );
  });
  desk.requestTimeout = 0;
  await new Promise<void>((resolve) => desk.listen(0, '127.0.0.1', resolve));
  const { port } = desk.address() as AddressInfo;
  project.provide('sharedServers', `http://127.0.0.1:${port}${path.slice(0, -1)}`);

  return async () => {
    desk.close();
    desk.closeAllConnections();
    const servers = await Promise.allSettled(started.values());
    const running = servers.filter((server) => server.status === 'fulfilled');
    await Promise.all(running.map(({ value }) => value.stop()));
  };
}

function answer(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status).end(text);
}
