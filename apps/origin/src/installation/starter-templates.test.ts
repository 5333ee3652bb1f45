import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TestOrigin, type Ask } from '../testing/test-origin.js';

let test: TestOrigin;
let admin: Ask;

beforeEach(async () => {
  test = await TestOrigin.open();
  admin = await test.admin();
});

afterEach(() => test.close());

async function templates(): Promise<{ id: string; name: string; platform: string; description: string }[]> {
  return (await admin('GET', '/api/v1/templates')).body.items;
}

describe('the templates that a new installation has', () => {
  it('are one for each platform, by knot, render for a user and say what they need', async () => {
    const made = await templates();
    expect(made.map(({ name, platform }) => [name, platform])).toEqual([
      ['hello', 'local'],
      ['hello-nomad', 'nomad'],
    ]);
    for (const { id, description } of made) {
      expect(description).toMatch(/Needs/);
      const { body } = await admin('GET', `/api/v1/templates/${id}/versions`);
      expect(body.items).toMatchObject([{ number: 1, author: 'knot', exceptions: [] }]);
      const rendered = await admin('POST', `/api/v1/templates/${id}/render-test`, { body: {} });
      expect(rendered.body).toMatchObject({ ok: true, job: expect.stringMatching(/NAME *[:=] "ann"/) });
    }
  });

  it('start a space', async () => {
    await test.liveLocation('home', ['local']);
    const [hello] = await templates();
    const { body } = await admin('POST', '/api/v1/spaces', { body: { name: 'first', templateId: hello?.id } });
    expect((await admin('POST', `/api/v1/spaces/${body.id}/start`)).status).toBe(202);
  });

  it('hold their names, may be deleted and do not come back', async () => {
    const again = { name: 'Hello', platform: 'local', job: 'command: ls' };
    expect((await admin('POST', '/api/v1/templates', { body: again })).body.code).toBe('resource.exists');
    for (const { id, name } of await templates()) {
      expect((await admin('DELETE', `/api/v1/templates/${id}?confirm=${name}`)).status).toBe(204);
    }
    expect((await admin('POST', '/api/v1/templates', { body: again })).status).toBe(201);
    await test.origin.close();
    await test.start();
    admin = await test.signIn('ann');
    expect((await templates()).map(({ name }) => name)).toEqual(['Hello']);
  });
});
