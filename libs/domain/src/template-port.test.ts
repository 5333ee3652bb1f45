import { describe, expect, it } from 'vitest';
import { parseTemplatePort, templatePortOf, templatePortText } from './template-port.js';

describe('a port that a template names', () => {
  it.each([
    ['8080', { port: 8080 }],
    ['8080=Shop', { port: 8080, label: 'Shop' }],
    ['8080=My shop = here', { port: 8080, label: 'My shop = here' }],
    ['8443/https=Admin', { port: 8443, label: 'Admin', protocol: 'https' }],
    ['5432/tcp', { port: 5432, protocol: 'tcp' }],
  ])('is read from %s, and written so again', (text, port) => {
    const read = parseTemplatePort(text);
    expect(read).toEqual(port);
    expect(read && templatePortText(read)).toBe(text);
  });

  it.each(['', 'Shop=8080', '0', '70000', '80/ftp', '80=\u0007', `80=${'x'.repeat(65)}`, '80 =x', '-1'])(
    'is none where it says %j',
    (text) => expect(parseTemplatePort(text)).toBeNull(),
  );

  it('says with whom it is shared, in known words alone', () => {
    expect(templatePortOf({ port: 80, label: '', protocol: '', share: 'users' })).toEqual({ port: 80, share: 'users' });
    expect(templatePortOf({ port: 80, share: 'everybody' })).toBeNull();
    expect(templatePortOf({ port: '80' })).toBeNull();
  });
});
