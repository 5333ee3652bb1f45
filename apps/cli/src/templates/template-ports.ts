import { parseTemplatePort, PORT_SHARES, type PortShare, type TemplatePort } from '@knot/domain';
import { KnotError } from '@knot/shared/errors';

export interface PortOptions {
  /** Each as `8080=Shop`. */
  readonly port?: readonly string[];
  /** Each as `80=users`. */
  readonly sharePort?: readonly string[];
}

/**
 * What a template is to say of ports: each option replaces its own half of what is saved, names or shares. Undefined
 * where neither is given.
 */
export function portsOf({ port, sharePort }: PortOptions, saved: readonly TemplatePort[]): TemplatePort[] | undefined {
  if (port === undefined && sharePort === undefined) return undefined;
  const names = port?.map(namedPort) ?? saved.map(({ share: _kept, ...name }) => name);
  const shares = sharePort?.map(sharedPort) ?? saved.filter(({ share }) => share !== undefined);
  const numbers = new Set([...names, ...shares].map((one) => one.port));
  return [...numbers].map((number) => {
    const share = shares.find((one) => one.port === number)?.share;
    return { port: number, ...names.find((one) => one.port === number), ...(share && { share }) };
  });
}

function namedPort(text: string): TemplatePort {
  const port = parseTemplatePort(text);
  if (port) return port;
  throw new KnotError('input.invalid', `${text} names no port`, 'Write 8080=Shop, or 8443/https=Admin.');
}

function sharedPort(text: string): { readonly port: number; readonly share: PortShare } {
  const [, digits = '', word] = /^(\d{1,5})=(\w+)$/.exec(text) ?? [];
  const share = PORT_SHARES.find((one) => one === word);
  if (share && digits !== '') return { port: Number(digits), share };
  throw new KnotError('input.invalid', `${text} shares no port`, `Write 80=users; with: ${PORT_SHARES.join(', ')}.`);
}
