import { describe, expect, it } from 'vitest';
import { parseJobText } from './job-text.js';
import { NomadClient } from './nomad-client.js';

/** JSON is read here; nobody listens at this address. */
const client = new NomadClient({
  scope: { installation: 'i', location: 'l' },
  addr: 'http://127.0.0.1:9',
  token: { reveal: () => '' },
  clock: { now: () => 0, monotonic: () => 0, setTimeout: () => 0, clearTimeout: () => undefined },
});
const parse = (text: string) => parseJobText(client, text, new AbortController().signal);

describe('a job in JSON', () => {
  it('is taken with and without its envelope', async () => {
    const job = { ID: 'x', TaskGroups: [{ Name: 'g' }] };
    expect(await parse(JSON.stringify(job))).toEqual(job);
    expect(await parse(JSON.stringify({ Job: job }))).toEqual(job);
  });

  it('has its fields under the names that the policy reads, and the user’s own words as they are', async () => {
    const text =
      '{"taskGroups":[{"TASKS":[{"dRIVER":"raw_exec","config":{"Image":"x","image":"y"},"env":{"id":"1","ID":"2"}}]}]}';
    expect(await parse(text)).toEqual({
      TaskGroups: [{ Tasks: [{ Driver: 'raw_exec', Config: { Image: 'x', image: 'y' }, Env: { id: '1', ID: '2' } }] }],
    });
  });

  it('keeps the names of volumes and reads what they ask for', async () => {
    const text = '{"TaskGroups":[{"Volumes":{"source":{"source":"x","peralloc":true}}}]}';
    expect(await parse(text)).toEqual({ TaskGroups: [{ Volumes: { source: { Source: 'x', PerAlloc: true } } }] });
  });

  it.each([
    ['a field twice', '{"TaskGroups":[],"taskgroups":[]}', 'twice'],
    ['letters that Go folds', '{"TaskGroups":[{"Ta\u017fks":[]}]}', 'letters'],
    ['HCL’s JSON', '{"job":{"x":{"group":{}}}}', 'form of Nomad'],
    ['a mistake', '{"TaskGroups":\n[}', 'line 2, column 2'],
    ['more than any job has', `{"TaskGroups":[],"x":"${'x'.repeat(2 ** 21)}"}`, 'at most'],
    ['brackets without end', `{"TaskGroups":[],"x":${'['.repeat(100_000)}`, 'nested too deeply'],
    ['nothing', '  ', 'empty'],
  ])('with %s is refused', async (_what, text, words) => {
    await expect(parse(text)).rejects.toMatchObject({ code: 'template.rejected' });
    await expect(parse(text)).rejects.toThrow(words);
  });
});
