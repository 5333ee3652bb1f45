import { PORT_PROTOCOLS, PORT_SHARES, templatePortOf, type TemplatePort } from '@knot/domain';
import { texts } from '../../texts/texts.js';

/** A port that a template names, as its fields hold it; '' is not said. */
export interface PortDraft {
  readonly port: string;
  readonly label: string;
  readonly protocol: string;
  readonly share: string;
}

export const EMPTY_PORT: PortDraft = { port: '', label: '', protocol: '', share: '' };

export function portDraftsOf(ports: readonly TemplatePort[]): readonly PortDraft[] {
  return ports.map(({ port, label = '', protocol = '', share = '' }) => ({ port: `${port}`, label, protocol, share }));
}

/** Rows that nothing is written in count for nothing. */
export function portsOf(drafts: readonly PortDraft[]): TemplatePort[] {
  return drafts.flatMap((draft) => portOf(draft) ?? []);
}

export function portsProblem(drafts: readonly PortDraft[]): string | null {
  const written = drafts.filter((draft) => !isEmpty(draft));
  const bad = written.find((draft) => portOf(draft) === null);
  if (bad) return texts.ports.bad(bad.port === '' ? bad.label : bad.port);
  const numbers = portsOf(written).map(({ port }) => port);
  const twice = numbers.find((port, at) => numbers.indexOf(port) !== at);
  return twice === undefined ? null : texts.ports.twice(twice);
}

/** What may be chosen for a port, with what is not said first. */
export function portChoices(name: 'protocol' | 'share'): { readonly value: string; readonly label: string }[] {
  if (name === 'protocol') {
    const spoken = PORT_PROTOCOLS.map((value) => ({ value, label: texts.ports.protocols[value] }));
    return [{ value: '', label: texts.ports.asSpace }, ...spoken];
  }
  const levels = PORT_SHARES.map((value) => ({ value, label: texts.ports.shares[value] }));
  return [{ value: '', label: texts.ports.asLocation }, ...levels];
}

/** A port in a line to be read. */
export function portLine({ port, label, protocol, share }: TemplatePort): string {
  const name = label === undefined ? texts.ports.port(port) : `${label} (${port})`;
  const said = [protocol && texts.ports.protocols[protocol], share && texts.ports.shares[share]];
  return [name, ...said.flatMap((one) => one ?? [])].join(', ');
}

function portOf({ port, label, protocol, share }: PortDraft): TemplatePort | null {
  return /^\d+$/.test(port.trim())
    ? templatePortOf({ port: Number(port), label: label.trim(), protocol, share })
    : null;
}

function isEmpty({ port, label }: PortDraft): boolean {
  return port.trim() === '' && label.trim() === '';
}
