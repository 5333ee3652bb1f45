import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CliOrigin, type RunCli } from '../testing/cli-origin.js';

let origin: CliOrigin;
let ann: RunCli;

const ALL = `
kind: Space
name: web
spec: { template: ubuntu, location: home, want: running, description: mine }
---
kind: Template
name: ubuntu
spec:
  platform: nomad
  job: |
    job "x" {
      group "g" { task "t" { driver = "docker" } }
    }
  volumes: |
    volumes:
      - name: home
---
kind: Variable
name: registry
spec: { value: ghcr.io/acme }
---
kind: Variable
name: registry
spec: { value: local.example, location: home }
---
kind: Variable
name: password
spec: { value: hunter2-hunter2, protected: true }
---
kind: Volume
name: cache
spec:
  platform: nomad
  location: home
  definition: |
    volumes:
      - name: cache
`;

beforeAll(async () => {
  origin = await CliOrigin.open();
  ann = await origin.administrator();
  await origin.test.liveLocation('home');
}, 60_000);
afterAll(() => origin.close());

const change = { listFolder: (path: string) => (path.endsWith('manifests') ? readdirSync(path) : []) };
const apply = (text: string, ...more: string[]) => ann(['apply', '-f', '-', ...more], { input: text, change });
const outcomes = (stdout: string): string[] => stdout.trimEnd().split('\n');

describe('knot apply', () => {
  it('says in a dry run what it then does, what others stand on first, and leaves all alone the second time', async () => {
    const dry = await apply(ALL, '--dry-run');
    expect(dry).toMatchObject({ code: 0, stderr: expect.stringContaining('nothing is done') });
    expect((await ann(['templates', 'list', '--json'])).stdout).not.toContain('ubuntu');
    const done = await apply(ALL);
    expect(done).toMatchObject({ code: 0, stdout: dry.stdout });
    expect(done.stderr).toMatch(/^warning: No backend has checked the texts: no location .* nomad ready .*\.\n$/);
    expect(outcomes(done.stdout)).toEqual([
      'created    Variable/registry',
      'created    Variable/registry',
      'created    Variable/password',
      'created    Template/ubuntu',
      'created    Volume/cache',
      'created    Space/web',
    ]);
    const space = JSON.parse((await ann(['spaces', 'show', 'web', '--json'])).stdout);
    expect(space).toMatchObject({ want: 'running', description: 'mine', template: { name: 'ubuntu', version: 1 } });
    const volume = JSON.parse((await ann(['volumes', 'show', 'cache', '--json'])).stdout);
    expect(volume).toMatchObject({ want: 'present' });

    const again = await apply(ALL);
    expect(outcomes(again.stdout).filter((line) => !line.startsWith('unchanged'))).toEqual([
      // what cannot be read cannot be compared
      'updated    Variable/password (value)',
    ]);
    const same = JSON.parse((await ann(['spaces', 'show', 'web', '--json'])).stdout);
    expect(same.generation).toBe(space.generation);
  });

  it('names the fields that change', async () => {
    const text = ALL.replace('ghcr.io/acme', 'quay.io')
      .replace('"docker"', '"exec"')
      .replace('want: running', 'want: stopped');
    const { stdout } = await apply(text, '--json');
    expect(JSON.parse(stdout).filter(({ outcome }: { outcome: string }) => outcome === 'updated')).toEqual([
      { kind: 'Variable', name: 'registry', outcome: 'updated', changes: ['value'] },
      { kind: 'Variable', name: 'password', outcome: 'updated', changes: ['value'] },
      { kind: 'Template', name: 'ubuntu', outcome: 'updated', changes: ['job'] },
      { kind: 'Space', name: 'web', outcome: 'updated', changes: ['want'] },
    ]);
    expect(JSON.parse((await ann(['templates', 'show', 'ubuntu', '--json'])).stdout).present).toBe(2);
  });

  it('takes what get prints and changes nothing by it', async () => {
    for (const kind of ['variables', 'Template', 'volume', 'spaces']) {
      const yaml = await ann(['get', kind, '-o', 'yaml']);
      expect(yaml.code).toBe(0);
      expect(yaml.stdout).not.toContain('hunter2');
      const json = await ann(['get', kind, '--json']);
      for (const text of [yaml.stdout, json.stdout]) {
        const { code, stdout, stderr } = await apply(text);
        expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
        expect(outcomes(stdout).every((line) => line.startsWith('unchanged'))).toBe(true);
      }
    }
    const one = await ann(['get', 'template', 'ubuntu']);
    expect(one.stdout).toMatch(
      /^kind: Template\nname: ubuntu\nspec:\n {2}platform: nomad\n {2}job: \|\n {4}job "x" \{\n/,
    );
    expect(await ann(['get', 'template', 'nope'])).toMatchObject({ code: 4 });
    expect(await ann(['get', 'planet'])).toMatchObject({ code: 2, stderr: expect.stringContaining('one of Role') });
  });

  it('reads the YAML files of a folder', async () => {
    const folder = join(origin.homeOf('ann'), 'manifests');
    mkdirSync(folder);
    writeFileSync(join(folder, 'b.yaml'), 'kind: Variable\nname: beta\nspec: { value: b }\n');
    writeFileSync(join(folder, 'a.yml'), 'kind: Variable\nname: alpha\nspec: { value: a }\n');
    writeFileSync(join(folder, 'notes.txt'), 'not this');
    expect(outcomes((await ann(['apply', '-f', 'manifests'], { change })).stdout)).toEqual([
      'created    Variable/alpha',
      'created    Variable/beta',
    ]);
    expect(readFileSync(join(folder, 'a.yml'), 'utf8')).toContain('alpha');
  });

  it('does nothing at all when any of it is wrong', async () => {
    const wrong: [string, number, string][] = [
      [
        'kind: Variable\nname: gamma\nspec: { value: c }\n---\nkind: Space\nname: x\nspec: { tmeplate: y }',
        2,
        ':7:9: spec.tmeplate',
      ],
      [
        'kind: Variable\nname: gamma\nspec: { value: c }\n---\nkind: Space\nname: xx\nspec: { template: y }',
        4,
        'no template y',
      ],
      [`${ALL}---${ALL}`, 2, 'is there twice, first at standard input:2:1'],
      ['kind: Variable\nname: gamma\nspec: {}', 5, 'needs a value'],
      [ALL.replace('platform: nomad\n  job', 'platform: local\n  job'), 5, 'is for nomad, and that cannot change'],
      [ALL.replace('- name: cache', '- name: other'), 5, 'can be redefined only while it is absent'],
      ['', 2, 'there is no manifest'],
    ];
    for (const [text, code, sentence] of wrong) {
      const outcome = await apply(text);
      expect({ text, ...outcome }).toMatchObject({ code, stdout: '', stderr: expect.stringContaining(sentence) });
    }
    expect((await ann(['get', 'variables'])).stdout).not.toContain('gamma');
  });
});
