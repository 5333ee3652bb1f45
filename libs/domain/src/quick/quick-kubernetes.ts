import { parseTemplatePort, type TemplatePort } from '../template-port.js';

/** What somebody says who writes no manifests. Texts may hold expressions of the template language. */
export interface QuickForm {
  readonly image: string;
  /** Program and arguments; the image's own when empty. */
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Most that it may use, as Kubernetes writes them: `500m`, `2`; `1Gi`. '' for no limit. */
  readonly cpu: string;
  readonly memory: string;
  /** Size of what stays when it is stopped; '' for nothing. */
  readonly home: string;
  readonly homePath: string;
  /** What it offers, each as `8080=Shop`. */
  readonly ports: readonly string[];
}

/** The two texts of a template for Kubernetes, and the ports that it names. */
export interface QuickTemplate {
  readonly job: string;
  readonly volumes: string;
  readonly ports: readonly TemplatePort[];
}

const QUANTITY = /^[1-9][0-9]*(\.[0-9]+)?(Ki|Mi|Gi|Ti|k|M|G|T)?$/;
const CPU = /^([1-9][0-9]*m|[0-9]+(\.[0-9]{1,3})?)$/;

/** Null for a form that `quickKubernetes` makes a template of, else a sentence that says what is wrong. */
export function quickFormProblem({ image, env, cpu, memory, home, homePath, ports }: QuickForm): string | null {
  if (image.trim() === '') return 'An image is needed, as debian:bookworm or ghcr.io/acme/tools:3.';
  if (!holdsExpression(image) && /\s/.test(image)) return 'The name of an image has no blanks.';
  const wrong = Object.keys(env).find((name) => !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name));
  if (wrong !== undefined) return `${wrong} is no name of an environment variable.`;
  if (cpu !== '' && !holdsExpression(cpu) && (!CPU.test(cpu) || Number(cpu) === 0)) {
    return `${cpu} is no amount of processors: write 500m for half of one, or 2.`;
  }
  if (!isSize(memory)) return `${memory} is no amount of memory: write 512Mi or 4Gi.`;
  if (!isSize(home)) return `${home} is no size of a home: write 10Gi.`;
  if (!/^\/[^\s:]+$/.test(homePath)) return 'The home is mounted at a path that begins with a slash, as /home.';
  const noPort = ports.find((text) => parseTemplatePort(text) === null);
  if (noPort !== undefined) return `${noPort} names no port: write 8080=Shop, or 8443/https=Admin.`;
  return null;
}

/** YAML that anybody can go on writing from there. */
export function quickKubernetes({ image, command, env, cpu, memory, home, homePath, ports }: QuickForm): QuickTemplate {
  const limits = [
    ...(cpu === '' ? [] : [`cpu: ${quoted(cpu)}`]),
    ...(memory === '' ? [] : [`memory: ${quoted(memory)}`]),
  ];
  const variables = Object.entries(env).map(
    ([name, value]) => `            - { name: ${name}, value: ${quoted(value)} }`,
  );
  const lines = [
    'apiVersion: apps/v1',
    'kind: Deployment',
    'metadata: { name: main }',
    'spec:',
    '  selector: { matchLabels: { app: main } }',
    '  template:',
    '    metadata: { labels: { app: main } }',
    '    spec:',
    '      containers:',
    '        - name: main',
    `          image: ${quoted(image)}`,
    ...(command.length === 0 ? [] : [`          command: [${command.map(quoted).join(', ')}]`]),
    ...(variables.length === 0 ? [] : ['          env:', ...variables]),
    ...(limits.length === 0 ? [] : [`          resources: { limits: { ${limits.join(', ')} } }`]),
    ...(home === '' ? [] : [`          volumeMounts: [{ name: home, mountPath: ${quoted(homePath)} }]`]),
    ...(home === '' ? [] : ['      volumes: [{ name: home, persistentVolumeClaim: { claimName: home } }]']),
  ];
  const volumes = home === '' ? '' : `volumes:\n  - { name: home, size: ${quoted(home)} }\n`;
  return { job: `${lines.join('\n')}\n`, volumes, ports: ports.flatMap((text) => parseTemplatePort(text) ?? []) };
}

function holdsExpression(text: string): boolean {
  return text.includes('${{');
}

function isSize(text: string): boolean {
  return text === '' || holdsExpression(text) || QUANTITY.test(text);
}

/** What JSON quotes YAML reads as the same text. */
function quoted(text: string): string {
  return JSON.stringify(text);
}
