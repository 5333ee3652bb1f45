import { quickFormProblem, quickKubernetes, type QuickForm } from '@knot/domain';
import { KnotError } from '@knot/shared/errors';
import { answer } from '../api/api.js';
import type { Client } from '../client/open-client.js';
import type { CommandContext } from '../command-context.js';
import { manifestsAsYaml } from '../manifests/export-manifests.js';
import { printJson } from '../output.js';
import { printWarnings } from './print-warnings.js';

export interface QuickOptions {
  readonly image: string;
  readonly command?: readonly string[];
  readonly env?: readonly string[];
  readonly cpu?: string;
  readonly memory?: string;
  readonly home?: string;
  readonly homePath: string;
  readonly port?: readonly string[];
  readonly save?: boolean;
  readonly json?: boolean;
}

/** Prints the template as `knot apply` takes it; nothing is asked of a server, unless it is to be saved. */
export async function runTemplatesQuick(
  context: CommandContext,
  open: () => Client,
  name: string,
  options: QuickOptions,
): Promise<void> {
  const spec = { platform: 'kubernetes' as const, ...quickKubernetes(formOf(options)) };
  if (options.save !== true) {
    const { volumes, ports } = spec;
    const given = { ...spec, volumes: volumes || undefined, ports: ports.length > 0 ? ports : undefined };
    const manifest = { kind: 'Template' as const, name, spec: given };
    if (options.json) printJson(context.stdout, manifest);
    else context.stdout.write(manifestsAsYaml([manifest]));
    return;
  }
  const template = await answer(
    open().api.POST('/api/v1/templates', { body: { name, ...spec, ports: [...spec.ports] } }),
  );
  printWarnings(context, template.warnings);
  if (options.json) printJson(context.stdout, template);
  else context.stdout.write(`${template.name} created, version ${template.present}\n`);
}

function formOf({
  image,
  command = [],
  env = [],
  cpu = '',
  memory = '',
  home = '',
  homePath,
  port = [],
}: QuickOptions): QuickForm {
  const form = { image, command, env: Object.fromEntries(env.map(variable)), cpu, memory, home, homePath, ports: port };
  const problem = quickFormProblem(form);
  if (problem !== null) throw new KnotError('input.invalid', problem);
  return form;
}

function variable(text: string): [string, string] {
  const at = text.indexOf('=');
  if (at > 0) return [text.slice(0, at), text.slice(at + 1)];
  throw new KnotError('input.invalid', `--env ${text} says no value`, 'Write it as NAME=value.');
}
