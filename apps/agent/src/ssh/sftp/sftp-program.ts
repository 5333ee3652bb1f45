import { isProgram } from '../../is-program.js';

const PROGRAMS = [
  '/usr/lib/openssh/sftp-server',
  '/usr/libexec/openssh/sftp-server',
  '/usr/lib/ssh/sftp-server',
  '/usr/libexec/sftp-server',
];

/** The image's own server of files; null where it has none. */
export function sftpProgram(): string | null {
  return PROGRAMS.find(isProgram) ?? null;
}
