import type { SpaceDetail } from '../../api/schemas.js';
import { texts } from '../../texts/texts.js';

type Port = SpaceDetail['ports'][number];

/** What a port is called, for people. */
export function portName({ label, kind, port }: Port): string {
  if (label !== '') return `${label} (${port})`;
  return kind === '' ? texts.ports.port(port) : texts.ports.kinds[kind];
}

/** Where a browser opens it: by this server, else straight at its leaf; '' where it is no web page. */
export function portAddress({ address, directAddress }: Port): string {
  return address === '' ? directAddress : address;
}
