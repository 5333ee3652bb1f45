import { describe, expect, it } from 'vitest';
import { helmCommands, nomadCommands } from './leaf-commands.js';

const files = import.meta.glob<string>('../../../../../deploy/{helm/knot/values.yaml,nomad/leaf.nomad.hcl}', {
  query: '?raw',
  import: 'default',
  eager: true,
});
const fileOf = (name: string) => Object.entries(files).find(([path]) => path.endsWith(name))?.[1] ?? '';
const leaf = { location: 'Lon', origin: 'https://knot.example.com', token: 'a-token' };

describe('what adds a location', () => {
  it('is a release of the chart with values that it knows', () => {
    const set = [...helmCommands({ ...leaf, origin: 'http://knot' }).matchAll(/--set ([\w.]+)=/g)];
    const last = set.map(([, key = '']) => key.split('.').at(-1));
    expect(last).toEqual(['mode', 'location', 'url', 'existingSecret', 'allowPlaintext']);
    for (const key of last) expect(fileOf('values.yaml')).toMatch(new RegExp(`^ *${key}:`, 'm'));
    expect(helmCommands(leaf)).not.toContain('allowPlaintext');
    expect(helmCommands(leaf)).toContain('helm install lon deploy/helm/knot');
  });

  it('is a job of Nomad with every variable that has no value of its own', () => {
    const job = fileOf('leaf.nomad.hcl');
    const wanted = [...job.matchAll(/^variable "(\w+)" \{([\s\S]*?)^\}/gm)]
      .filter(([, , body = '']) => !body.includes('default'))
      .map(([, name]) => name);
    const given = [...nomadCommands(leaf).matchAll(/-var (\w+)=/g)].map(([, name]) => name);
    expect(given.sort()).toEqual(wanted.sort());
  });
});
