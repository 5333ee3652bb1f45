import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TestOrigin, type Ask } from '../testing/test-origin.js';

const JOB = 'job "x" { meta { a = "${{ .var.secret }}" } }';

let test: TestOrigin;
let admin: Ask;
let templateId: string;
let variableId: string;
let spaceId: string;

beforeEach(async () => {
  test = await TestOrigin.open();
  admin = await test.admin();
  await test.liveLocation();
  templateId = await template('dev', JOB);
  const secret = { name: 'secret', value: 'tell-nobody', protected: true };
  variableId = (await admin('POST', '/api/v1/variables', { body: secret })).body.id;
  spaceId = (await admin('POST', '/api/v1/spaces', { body: { name: 'mine', templateId } })).body.id;
});

afterEach(() => test.close());

async function template(name: string, job: string): Promise<string> {
  return (await admin('POST', '/api/v1/templates', { body: { name, platform: 'nomad', job } })).body.id;
}

const change = (body: object) => admin('PUT', `/api/v1/variables/${variableId}`, { body });
const wish = (deed: string, id = spaceId) => admin('POST', `/api/v1/spaces/${id}/${deed}`);

async function frozen(id = spaceId): Promise<Record<string, string>> {
  const { store, vault } = test.origin;
  const row = await store.get('snapshot', (await store.get('space', id))?.snapshotHash ?? '');
  return row ? vault.open(row).data.var : {};
}

describe('a protected variable', () => {
  it('is for no template until an administrator names it, and the refusal says so', async () => {
    expect(await wish('start')).toMatchObject({
      status: 403,
      body: {
        code: 'access.denied',
        detail: 'The protected variable secret is not for the template dev.',
        hint: 'An administrator can let it: knot variables allow secret dev.',
      },
    });
    expect((await change({ templates: [templateId] })).body.templates).toEqual([templateId]);
    expect((await wish('start')).status).toBe(202);
    expect(await frozen()).toEqual({ secret: 'tell-nobody' });
  });

  it('stays with what runs when it is taken from the template, which shows that an update is there', async () => {
    await change({ templates: [templateId] });
    await wish('start');
    expect((await change({ templates: [] })).status).toBe(200);
    const { body } = await admin('GET', `/api/v1/spaces/${spaceId}`);
    expect(body).toMatchObject({ want: 'running', updateAvailable: true });
    expect((await wish('restart')).status).toBe(202);
    expect((await wish('update')).body.code).toBe('access.denied');
    expect(await frozen()).toEqual({ secret: 'tell-nobody' });
  });

  it('names templates that are there, keeps them over a new value, and forgets them with the protection', async () => {
    const nobody = '00000000-0000-7000-8000-00000000dead';
    expect(await change({ templates: [nobody] })).toMatchObject({
      status: 400,
      body: { code: 'input.invalid', fields: { templates: `There is no template ${nobody}.` } },
    });
    await change({ templates: [templateId] });
    expect((await change({ value: 'another' })).body.templates).toEqual([templateId]);
    const open = await change({ protected: false, value: 'seen by all' });
    expect(open.body).toMatchObject({ protected: false, templates: [] });
    expect((await wish('start')).status).toBe(202);
  });

  it('survives the deletion of a template that it names', async () => {
    const other = await template('other', 'job "y" {}');
    await change({ templates: [templateId, other] });
    await admin('DELETE', `/api/v1/templates/${other}?confirm=other`);
    expect((await change({ restricted: true })).body.templates).toEqual([templateId]);
  });

  it('is left out where a text reads all variables without naming one', async () => {
    await admin('POST', '/api/v1/variables', { body: { name: 'plain', value: 'seen' } });
    const all = await template('all', '${{ range $name, $value := .var }}${{ $name }} ${{ end }}');
    const { body } = await admin('POST', '/api/v1/spaces', { body: { name: 'two', templateId: all } });
    expect((await wish('start', body.id)).status).toBe(202);
    expect(await frozen(body.id)).toEqual({ plain: 'seen' });
  });
});

describe('a version that somebody wrote who may not approve', () => {
  beforeEach(async () => {
    await change({ templates: [templateId] });
    const { store } = test.origin;
    const row = await store.get('templateVersion', `${templateId}:1`);
    if (!row) throw new Error('there is no version');
    const { version: _, ...rest } = row;
    await store.commit({
      expect: [],
      writes: [{ put: 'templateVersion', row: { ...rest, author: 'bob', approvedBy: '' } }],
    });
  });

  it('gets no protected value until an administrator approves it', async () => {
    expect((await wish('start')).body).toMatchObject({
      code: 'access.denied',
      detail: 'Version 1 of the template dev uses the protected variable secret and was not approved.',
      hint: expect.stringContaining('administrator'),
    });
    const approved = await admin('POST', `/api/v1/templates/${templateId}/versions/1/approve`);
    expect(approved).toMatchObject({ status: 200, body: { author: 'bob', approvedBy: 'ann', number: 1 } });
    expect((await wish('start')).status).toBe(202);
    const { items } = (await admin('GET', '/api/v1/audit?action=template.approve')).body;
    expect(items).toMatchObject([{ actor: 'ann', subjectId: templateId, details: { number: 1, author: 'bob' } }]);
  });

  it('is followed by one that an administrator saves and so approves', async () => {
    const body = { name: 'dev', job: `${JOB}\n` };
    expect((await admin('PUT', `/api/v1/templates/${templateId}`, { body })).body.present).toBe(2);
    expect((await admin('GET', `/api/v1/templates/${templateId}/versions/2`)).body.approvedBy).toBe('ann');
    expect((await wish('start')).status).toBe(202);
  });
});
