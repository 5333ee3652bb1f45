import { describe, expect, it } from 'vitest';
import { KINDS, SAMPLE_ROWS } from '../stores/conformance/sample-rows.js';
import { fieldsOf } from './kind-fields.js';

describe('fieldsOf', () => {
  it.each(KINDS)('names each field of a %s, with a value for rows that lack it', (kind) => {
    const { id: _, ...row } = SAMPLE_ROWS[kind]('x');
    const fields = fieldsOf(kind);
    expect(fields.map(({ name }) => name).sort()).toEqual(Object.keys(row).sort());
    const forms: Record<string, string> = { text: 'string', integer: 'number', flag: 'boolean', json: 'object' };
    for (const { form, missing } of fields) expect(typeof missing).toBe(forms[form]);
  });

  it('gives what a later column was declared to have had before', () => {
    const missing = (name: string) => fieldsOf('audit').find((field) => field.name === name)?.missing;
    expect(missing('seal')).toBe(0);
  });
});
