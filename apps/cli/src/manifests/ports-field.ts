import { templatePortOf, type PortShare, type TemplatePort } from '@knot/domain';

/** With whom the owner of a space shares a web port. */
export interface PortSpec {
  readonly port: number;
  readonly share: PortShare;
}

/** What stands in the manifest of a space, each port once; undefined where it is no list of shared ports. */
export function parsePorts(value: unknown): readonly PortSpec[] | undefined {
  return listOf(value, (one) => {
    const { port, label, protocol, share } = templatePort(one) ?? {};
    const isShared = port !== undefined && share !== undefined && label === undefined && protocol === undefined;
    return isShared ? { port, share } : undefined;
  });
}

/** The same of a template, which may name what it does not share. */
export function parseTemplatePorts(value: unknown): readonly TemplatePort[] | undefined {
  return listOf(value, templatePort);
}

/** In one form, so that two can be compared. */
export function sortedPorts<Port extends TemplatePort>(ports: readonly Port[]): Port[] {
  return ports.toSorted((a, b) => a.port - b.port);
}

function listOf<Port extends TemplatePort>(
  value: unknown,
  parse: (one: unknown) => Port | undefined,
): readonly Port[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const ports = value.flatMap((one: unknown) => parse(one) ?? []);
  const isWhole = ports.length === value.length && new Set(ports.map(({ port }) => port)).size === ports.length;
  return isWhole ? sortedPorts(ports) : undefined;
}

function templatePort(value: unknown): TemplatePort | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { port, label, protocol, share, ...more }: { readonly [name in keyof TemplatePort]?: unknown } = value;
  if (Object.keys(more).length > 0) return undefined;
  return templatePortOf({ port, label, protocol, share }) ?? undefined;
}
