import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { quickFormProblem, quickKubernetes, type QuickForm } from './quick-kubernetes.js';

const BARE: QuickForm = {
  image: 'debian:bookworm',
  command: [],
  env: {},
  cpu: '',
  memory: '',
  home: '',
  homePath: '/home',
  ports: [],
};
const FULL: QuickForm = {
  image: 'ghcr.io/acme/tools:3',
  command: ['sh', '-c', 'echo "hi: {there}" # not a comment\nsleep 1000'],
  env: { EDITOR: 'vi', GREETING: "it's: 5" },
  cpu: '500m',
  memory: '4Gi',
  home: '10Gi',
  homePath: '/home/dev',
  ports: ['8080=Shop', '8443/https=Admin'],
};

describe('a template from a few words', () => {
  it('is a Deployment of the image, and nothing that was not said', () => {
    const { job, volumes, ports } = quickKubernetes(BARE);
    expect([volumes, ports]).toEqual(['', []]);
    const { kind, spec } = parse(job);
    expect(kind).toBe('Deployment');
    expect(spec.template.spec).toEqual({ containers: [{ name: 'main', image: 'debian:bookworm' }] });
    expect(spec.template.metadata.labels).toEqual(spec.selector.matchLabels);
  });

  it('has every word that was said, whatever letters it is of', () => {
    const { job, volumes, ports } = quickKubernetes(FULL);
    expect(ports).toEqual([
      { port: 8080, label: 'Shop' },
      { port: 8443, label: 'Admin', protocol: 'https' },
    ]);
    expect(parse(volumes)).toEqual({ volumes: [{ name: 'home', size: '10Gi' }] });
    expect(parse(job).spec.template.spec).toEqual({
      containers: [
        {
          name: 'main',
          image: FULL.image,
          command: FULL.command,
          env: [
            { name: 'EDITOR', value: 'vi' },
            { name: 'GREETING', value: "it's: 5" },
          ],
          resources: { limits: { cpu: '500m', memory: '4Gi' } },
          volumeMounts: [{ name: 'home', mountPath: '/home/dev' }],
        },
      ],
      volumes: [{ name: 'home', persistentVolumeClaim: { claimName: 'home' } }],
    });
  });

  it('may hold expressions of the template language', () => {
    const image = 'debian:${{ .var.release }}';
    expect(quickFormProblem({ ...FULL, image, memory: '${{ .var.memory }}' })).toBeNull();
    expect(parse(quickKubernetes({ ...BARE, image }).job).spec.template.spec.containers[0].image).toBe(image);
  });

  it.each([
    [{ image: ' ' }, 'An image is needed'],
    [{ image: 'debian bookworm' }, 'no blanks'],
    [{ env: { 'a-b': '1' } }, 'a-b is no name'],
    [{ cpu: 'half' }, 'half is no amount of processors'],
    [{ cpu: '0' }, '0 is no amount'],
    [{ memory: 'lots' }, 'lots is no amount of memory'],
    [{ home: '10 GB' }, '10 GB is no size'],
    [{ homePath: 'home' }, 'begins with a slash'],
    [{ ports: ['80', 'Shop'] }, 'Shop names no port'],
  ] satisfies [Partial<QuickForm>, string][])('says what is wrong with %j', (wrong, sentence) => {
    expect(quickFormProblem({ ...FULL, ...wrong })).toContain(sentence);
    expect(quickFormProblem(FULL)).toBeNull();
  });
});
