import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { startLeaf, startOrigin } from '../tools/cluster.js';
import { goProgram } from '../tools/go-part.js';
import { freshFolder } from '../tools/processes.js';
import { CHART, rendered, valuesFile } from './helm.js';

/** The metrics that a text of the chart asks for, without what Prometheus adds to a histogram's name. */
function askedFor(file: string): string[] {
  const text = readFileSync(join(CHART, 'metrics', file), 'utf8');
  const names = text.match(/\bknot_[a-z0-9_]+/g) ?? [];
  return [...new Set(names.map((name) => name.replace(/_(bucket|count|sum)$/, '')))].sort();
}

async function shownBy(url: string): Promise<Set<string>> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return new Set(text.match(/(?<=^# TYPE )\S+/gm));
}

it('alerts and dashboards ask for metrics that there are', async () => {
  const origin = await startOrigin();
  const leaf = await startLeaf(origin, { location: 'lon' });
  for (const [mode, { url }] of Object.entries({ origin, leaf })) {
    const there = await shownBy(url);
    for (const file of [`${mode}-rules.yaml`, `${mode}-dashboard.json`]) {
      const asked = askedFor(file);
      expect(asked.length).toBeGreaterThan(4);
      expect({ file, missing: asked.filter((name) => !there.has(name)) }).toEqual({ file, missing: [] });
    }
  }
});

interface Panel {
  readonly targets?: readonly { readonly expr: string }[];
}

describe.each(['origin', 'leaf'] as const)('to Prometheus itself, of %s,', (mode) => {
  /** What its own parser says. */
  async function checked(what: 'rules' | 'queries', content: unknown): Promise<string> {
    const file = join(freshFolder('promql'), what);
    writeFileSync(file, JSON.stringify(content));
    return (await promisify(execFile)(goProgram('promql', 'promql-check'), [what, file])).stdout;
  }

  it('the rules are rules', async () => {
    const text = await rendered('one', '--values', valuesFile(`${mode}-everything`));
    const rule = parseAllDocuments(text).find((document) => document.get('kind') === 'PrometheusRule');
    expect(await checked('rules', rule?.toJS().spec)).toMatch(/^[1-9]\d* rules$/m);
    await expect(
      checked('rules', { groups: [{ name: 'one', rules: [{ alert: 'One', expr: 'max(' }] }] }),
    ).rejects.toThrow('parse error');
  });

  it("the dashboard's queries are queries", async () => {
    const { panels } = JSON.parse(readFileSync(join(CHART, 'metrics', `${mode}-dashboard.json`), 'utf8')) as {
      readonly panels: readonly Panel[];
    };
    const queries = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
    expect(await checked('queries', queries)).toBe(`${queries.length} queries\n`);
  });
});
