import { PORT_SHARES, type PortShare } from './port-share.js';
import { PORT_PROTOCOLS, type SpacePort } from './space/observed.js';

const LONGEST_LABEL = 64;

/**
 * A port that a template names: its spaces offer it once something listens there. What is absent is as the space's own
 * environment says, and a port that this says nothing of speaks HTTP; with whom it is shared is as its location says.
 */
export interface TemplatePort {
  readonly port: number;
  /** What it is called, in its address too where that can be. */
  readonly label?: string;
  readonly protocol?: SpacePort['protocol'];
  readonly share?: PortShare;
}

/** From `8080`, `8080=Shop`, `8443/https=Admin`; null for anything else. */
export function parseTemplatePort(text: string): TemplatePort | null {
  const [, digits = '', word, label] = /^(\d{1,5})(?:\/(\w+))?(?:=(.*))?$/.exec(text.trim()) ?? [];
  return templatePortOf({ port: Number(digits), protocol: word, label });
}

/** Fields that somebody wrote, '' and undefined being the same; null where they name no port. */
export function templatePortOf(fields: {
  readonly port: unknown;
  readonly label?: unknown;
  readonly protocol?: unknown;
  readonly share?: unknown;
}): TemplatePort | null {
  const { port, label = '', protocol = '', share = '' } = fields;
  if (typeof port !== 'number' || !Number.isInteger(port) || port < 1 || port > 65_535) return null;
  const known = PORT_PROTOCOLS.find((one) => one === protocol);
  const level = PORT_SHARES.find((one) => one === share);
  if (typeof label !== 'string' || portLabelProblem(label) !== null) return null;
  if ((protocol !== '' && !known) || (share !== '' && !level)) return null;
  return { port, ...(label !== '' && { label }), ...(known && { protocol: known }), ...(level && { share: level }) };
}

/** Null for one line that people can read; '' is none. */
export function portLabelProblem(label: string): string | null {
  if (label.length > LONGEST_LABEL) return `What a port is called has ${LONGEST_LABEL} letters at most.`;
  if (label === label.trim() && !/\p{C}/u.test(label)) return null;
  return 'What a port is called is one line, without blanks at its ends.';
}

/** As `parseTemplatePort` reads it; its share is not in it. */
export function templatePortText({ port, label, protocol }: TemplatePort): string {
  return `${port}${protocol === undefined ? '' : `/${protocol}`}${label === undefined ? '' : `=${label}`}`;
}
