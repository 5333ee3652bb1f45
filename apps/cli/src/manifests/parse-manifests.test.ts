import { describe, expect, it } from 'vitest';
import { parseManifests } from './parse-manifests.js';

const problemsOf = (text: string): string[] => {
  try {
    parseManifests(text, 'x.yaml');
    return [];
  } catch (error) {
    return error instanceof Error
      ? error.message
          .split('\n')
          .slice(1)
          .map((line) => line.trim())
      : [];
  }
};

describe('parseManifests', () => {
  it('refuses a text that grows beyond all measure when its aliases are followed', () => {
    const layers = Array.from({ length: 30 }, (_, depth) => `l${depth + 1}: &l${depth + 1} [*l${depth}, *l${depth}]`);
    const bomb = `kind: Variable\nname: x\nspec:\n  value: &l0 [boom]\n  ${layers.join('\n  ')}\n`;
    expect(problemsOf(bomb)).not.toEqual([]);
  });

  it('refuses what is nested without end, or larger than any team has, with a sentence', () => {
    for (const deep of ['['.repeat(100_000), '- '.repeat(100_000), 'x: {a: '.repeat(2_000), '? '.repeat(500)]) {
      expect(() => parseManifests(deep, 'x.yaml')).toThrow(expect.objectContaining({ code: 'input.invalid' }));
    }
    const large = `kind: Variable\nname: a1\nspec: { value: ${'x'.repeat(33 * 1024 * 1024)} }`;
    expect(() => parseManifests(large, 'x.yaml')).toThrow(expect.objectContaining({ code: 'input.too_large' }));
  });

  it('refuses aliases that lead to themselves', () => {
    expect(problemsOf('kind: Variable\nname: x1\nspec: &a { value: *a }')).not.toEqual([]);
  });

  it('reads several documents, a list and JSON', () => {
    const text = [
      'kind: Variable\nname: port\nspec: { value: 0123 }\n---\n# nothing\n---',
      '- { kind: Space, name: web, spec: { template: ubuntu, want: stopped } }',
      '- kind: Template\n  name: t\n  spec:\n    platform: local\n    exceptions: [driver:raw_exec]\n    job: |\n      a\n      b\n',
    ].join('\n');
    expect(parseManifests(text, 'x.yaml')).toEqual([
      { kind: 'Variable', name: 'port', place: 'x.yaml:1:1', spec: { value: '0123' } },
      { kind: 'Space', name: 'web', place: 'x.yaml:7:3', spec: { template: 'ubuntu', want: 'stopped' } },
      {
        kind: 'Template',
        name: 't',
        place: 'x.yaml:8:3',
        spec: { platform: 'local', exceptions: ['driver:raw_exec'], job: 'a\nb\n' },
      },
    ]);
    expect(parseManifests('[{"kind":"Variable","name":"a1","spec":{"value":"x"}}]', 'x.json')).toHaveLength(1);
  });

  it('refuses keys that are not known with line and nearest key, all at once', () => {
    const text = 'kind: Template\nnmae: t\nname: t\nspec:\n  platfrom: local\n  platform: moon\n  exceptions: one\n';
    expect(problemsOf(text)).toEqual([
      'x.yaml:2:1: nmae: this key is not known; did you mean name? Allowed: kind, name, labels, spec',
      expect.stringContaining(
        'x.yaml:5:3: spec.platfrom: this key is not known; did you mean spec.platform? Allowed: ',
      ),
      'x.yaml:6:3: spec.platform: it is one of nomad, kubernetes, docker, local, manual',
      'x.yaml:7:3: spec.exceptions: it is a list of texts',
    ]);
  });

  it('names what is missing', () => {
    expect(problemsOf('kind: Space\nname: a\nspec: {}')).toEqual(['x.yaml:3:7: spec.template is missing']);
    expect(problemsOf('kind: Spaec\nspec: 3')).toEqual([
      'x.yaml:1:1: kind: it is one of Role, Group, User, Variable, Template, Volume, Space',
      'x.yaml:1:1: name: a text is needed',
      'x.yaml:2:1: spec: a section is needed',
    ]);
    expect(problemsOf('just text')).toEqual(['x.yaml:1:1: this is no manifest; one has kind, name and spec']);
  });

  it('never quotes a value, which may be secret', () => {
    const texts = [
      'spec: {value: [hunter2',
      'kind: Variable\nname: a1\nspec:\n  protected: hunter2\n  value: [hunter2]',
    ];
    for (const text of texts) {
      expect(problemsOf(text).length).toBeGreaterThan(0);
      expect(problemsOf(text).join()).not.toContain('hunter2');
    }
  });
});
