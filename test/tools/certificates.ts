import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freshFolder } from './processes.js';

export interface Certificate {
  /** The authority that has signed it. */
  readonly caFile: string;
  readonly certFile: string;
  readonly keyFile: string;
}

const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

/** A certificate for these names and addresses (`DNS:localhost`, `IP:127.0.0.1`) by an authority of its own. */
export function makeCertificate(...names: readonly string[]): Certificate {
  const folder = freshFolder('certificate');
  const run = (...args: string[]) => execFileSync('/usr/bin/openssl', args, { cwd: folder, stdio: 'pipe' });
  run('req', '-x509', ...KEY, '-days', '30', '-keyout', 'ca.key', '-out', 'ca.crt', '-subj', '/CN=knot tests');
  run('req', ...KEY, '-keyout', 'server.key', '-out', 'server.csr', '-subj', '/CN=server');
  writeFileSync(join(folder, 'server.ext'), `subjectAltName=${names.join(',')}\n`);
  const signing = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '30', '-extfile', 'server.ext'];
  run('x509', '-req', '-in', 'server.csr', '-out', 'server.crt', ...signing);
  return {
    caFile: join(folder, 'ca.crt'),
    certFile: join(folder, 'server.crt'),
    keyFile: join(folder, 'server.key'),
  };
}
