import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startLeaf, startOrigin } from '../tools/cluster.js';
import { CHART } from './helm.js';

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
