import { describe, expect, it } from 'vitest';
import { appAddress, appDomain, parseAppHost, portNamed, type AppDomain } from './app-host.js';
import type { SpacePort } from './space/observed.js';

const domain: AppDomain = { scheme: 'https', suffix: '.apps.example.com', port: '' };
const web: SpacePort = { port: 8080, label: 'Docs', protocol: 'http' };
const desk: SpacePort = { port: 5680, label: '', protocol: 'http', kind: 'desktop' };
const code: SpacePort = { port: 49_374, label: '', protocol: 'http', kind: 'code-server' };
const database: SpacePort = { port: 5432, label: 'db', protocol: 'tcp' };

describe('the domain of apps', () => {
  it.each([
    ['*.Apps.Example.com', 'https://knot.example.com', domain],
    ['*.apps.example.com', 'https://knot.example.com:3000', { ...domain, port: ':3000' }],
    ['*.apps.example.com:8443', 'http://127.0.0.1:3000', { ...domain, scheme: 'http', port: ':8443' }],
    ['', 'https://knot.example.com', null],
  ])('%s at %s', (wildcard, url, expected) => {
    expect(appDomain(wildcard, url)).toEqual(expected);
  });
});

describe('the address of an app', () => {
  it('names user, space and port, or what stands behind the port', () => {
    const names = { user: 'Ada', space: 'work-2' };
    const addresses = [web, desk, code, database].map((port) => appAddress(domain, { ...names, port }));
    expect(addresses).toEqual([
      'https://ada--work-2--8080.apps.example.com/',
      'https://ada--work-2--vnc.apps.example.com/',
      'https://ada--work-2--code-server.apps.example.com/',
      '',
    ]);
    expect(appAddress(domain, { user: 'a'.repeat(30), space: 'b'.repeat(30), port: web })).toBe('');
  });

  it.each([
    ['ada--work--8080.apps.example.com', { user: 'ada', space: 'work', port: '8080' }],
    ['Ada--Work--VNC.APPS.example.com.:8443', { user: 'ada', space: 'work', port: 'vnc' }],
    ['ada--work--code-server.apps.example.com', { user: 'ada', space: 'work', port: 'code-server' }],
    ['ada--work.apps.example.com', null],
    ['ada--work--8080--x.apps.example.com', null],
    ['ada---work--8080.apps.example.com', null],
    ['x.ada--work--8080.apps.example.com', null],
    ['ada--work--.apps.example.com', null],
    ['ada--w%6frk--80.apps.example.com', null],
    ['.apps.example.com', null],
    ['apps.example.com', 'other'],
    ['ada--work--8080.apps.example.com.evil.test', 'other'],
    ['ada--work--8080.notapps.example.com', 'other'],
    ['', 'other'],
  ])('is read back from the host %s', (host, name) => {
    expect(parseAppHost(domain, host)).toEqual(name);
  });

  it('means one of the ports that are offered as web pages', () => {
    const ports = [database, web, desk, code];
    const found = ['8080', 'docs', 'vnc', 'code-server', '5432', 'db', '9999'].map((name) => portNamed(ports, name));
    expect(found).toEqual([web, web, desk, code, null, null, null]);
  });
});
