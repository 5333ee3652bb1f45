import { spawn } from 'node:child_process';
import { expect, it } from 'vitest';
import { startOrigin } from '../tools/cluster.js';
import { freshFolder } from '../tools/processes.js';
import { pythonOf } from '../tools/python-part.js';

/** Until then it makes up new requests; on a quiet machine it is through before. */
const SECONDS = 600;
/** Whatever the document does not tell. */
const CHECKS = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
  'use_after_free',
];
/** Streams that do not end, and what would end the token or the user of the run itself. */
const LEFT_OUT = ['/api/v1/events', '/api/v1/tokens/{id}', '/api/v1/users/{id}'];

it('whatever is sent to the API is answered as its document says', { timeout: (SECONDS + 300) * 1_000 }, async () => {
  const python = await pythonOf('schemathesis');
  const { url, api } = await startOrigin();
  await furnish(api);
  const args = [
    ...['-m', 'schemathesis.cli', 'run', `${url}/api/openapi.json`, '--url', url, '--no-color', '--seed', '7'],
    ...['--header', `Authorization: Bearer ${api.token}`, '--max-time', String(SECONDS), '--checks', CHECKS.join()],
    ...['--phases', 'coverage,fuzzing', '--request-timeout', '30', '--warnings', 'off', '--continue-on-failure'],
    ...LEFT_OUT.flatMap((path) => ['--exclude-path', path]),
  ];
  const child = spawn(python, args, { cwd: freshFolder('schemathesis'), stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const code = await new Promise((resolve) => child.on('close', resolve));
  const [, cases = '0'] = /Test cases:\s+(\d+) generated/.exec(said) ?? [];
  console.log(`schemathesis asked ${cases} times`);
  expect(Number(cases)).toBeGreaterThan(500);
  expect(code, said).toBe(0);
  // and it is whole after all that
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
  expect(await api.spaces()).not.toEqual([]);
});

/** Something of each kind, so that answers with content are looked at too. */
async function furnish(api: Awaited<ReturnType<typeof startOrigin>>['api']): Promise<void> {
  const template = await api.createTemplate({ name: 'sleeper', platform: 'local', job: 'command: [sleep, "1000"]' });
  await api.createSpace('one', template.id, 'home');
  await api.request('POST', '/variables', { name: 'greeting', value: 'hello' });
  await api.request('POST', '/groups', { name: 'compilers' });
  await api.request('POST', '/roles', { name: 'auditor', permissions: ['audit.see'] });
  const password = 'correct horse battery staple';
  await api.request('POST', '/users', { username: 'joe', email: 'joe@example.com', password });
}
