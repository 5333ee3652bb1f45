/** A space as an entry of an ssh configuration. */
export interface HostEntry {
  readonly space: string;
  readonly name: string;
  readonly hostKey: string;
}

export interface ConfigParts {
  /** The command line that reaches a space, to which its id is added. */
  readonly command: readonly string[];
  readonly identityFile: string | null;
  readonly knownHostsFile: string;
}

const BEGIN = '# --- knot: begin (written by `knot ssh-config update`) ---';
const END = '# --- knot: end ---';
const SAFE = /^[A-Za-z0-9._-]+$/;

/** The host that stands for a space; null where its name has something that a configuration may not. */
export function hostOf({ name, space }: Pick<HostEntry, 'name' | 'space'>): string | null {
  return SAFE.test(name) && SAFE.test(space) ? `knot.${name}` : null;
}

/** The file with the entries of all spaces. */
export function renderConfig(entries: readonly HostEntry[], parts: ConfigParts): string {
  const blocks = entries.flatMap((entry) => {
    const host = hostOf(entry);
    return host === null ? [] : [blockOf(host, entry.space, parts)];
  });
  return [`# Written by \`knot ssh-config update\`: changes are lost.\n`, ...blocks].join('\n');
}

/** The host keys of all spaces. Each stands under the id of its space, which no other ever has. */
export function renderKnownHosts(entries: readonly HostEntry[]): string {
  const lines = entries.flatMap(({ space, hostKey }) =>
    SAFE.test(space) && /^[a-z0-9-]+ [A-Za-z0-9+/=]+$/.test(hostKey) ? [`knot-${space} ${hostKey}\n`] : [],
  );
  return lines.join('');
}

/** The text of a user's own configuration with a marked block that includes `file`, before everything else. */
export function withInclude(text: string, file: string): string {
  return `${BEGIN}\nInclude ${quoted(file)}\n${END}\n${withoutInclude(text)}`;
}

/** The same text without the marked block; all else stays as it is. */
export function withoutInclude(text: string): string {
  const lines = text.split('\n');
  const begin = lines.indexOf(BEGIN);
  const end = lines.indexOf(END, begin);
  if (begin === -1 || end === -1) return text;
  return [...lines.slice(0, begin), ...lines.slice(end + 1)].join('\n');
}

function blockOf(host: string, space: string, { command, identityFile, knownHostsFile }: ConfigParts): string {
  // the first line that says something of a matter counts, so that none of the user's own for all hosts comes between
  const lines = [
    `HostName ${host}`,
    `ProxyCommand ${[...command.map(isOfWindows(command) ? onWindows : inShell), space].join(' ')}`,
    `HostKeyAlias knot-${space}`,
    `UserKnownHostsFile ${quoted(knownHostsFile)}`,
    'StrictHostKeyChecking yes',
    'CheckHostIP no',
    'HashKnownHosts no',
    'UpdateHostKeys no',
    'ForwardAgent no',
    'ServerAliveInterval 0',
    ...(identityFile === null ? [] : [`IdentityFile ${quoted(identityFile)}`]),
  ];
  return `Host ${host}\n${lines.map((line) => `  ${line}\n`).join('')}`;
}

/** A word of a command line that a shell reads, where ssh puts something else in place of each `%`. */
function inShell(word: string): string {
  const doubled = word.replaceAll('%', '%%');
  return /^[A-Za-z0-9_./:=@%-]+$/.test(word) ? doubled : `'${doubled.replaceAll("'", String.raw`'\''`)}'`;
}

function isOfWindows([program = '']: readonly string[]): boolean {
  return /^[A-Za-z]:[\\/]/.test(program);
}

/** No shell there knows single quotes, and double ones where none are needed are taken for a part of the name. */
function onWindows(word: string): string {
  const doubled = word.replaceAll('%', '%%');
  return /\s/.test(word) ? `"${doubled}"` : doubled;
}

function quoted(path: string): string {
  return /[\s"]/.test(path) ? `"${path.replaceAll('"', String.raw`\"`)}"` : path;
}
