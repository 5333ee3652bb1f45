import { describe, expect, it } from 'vitest';
import { appAddress, appDomain, appPaths, parseApp, portCalled, portNamed, type AppDomain } from './app-host.js';
import type { SpacePort } from './space/observed.js';

const own = 'knot.example.com';
const domain: AppDomain = { scheme: 'https', suffix: '.apps.example.com', port: '', own };
const web: SpacePort = { port: 8080, label: 'Docs', protocol: 'http' };
const desk: SpacePort = { port: 5680, label: '', protocol: 'http', kind: 'desktop' };
const code: SpacePort = { port: 49_374, label: '', protocol: 'http', kind: 'code-server' };
const database: SpacePort = { port: 5432, label: 'db', protocol: 'tcp' };

describe('the domain of apps', () => {
  it.each([
    ['*.Apps.Example.com', 'https://knot.example.com', domain],
    ['*.apps.example.com', 'https://knot.example.com:3000', { ...domain, port: ':3000' }],
    [
      '*.apps.example.com:8443',
      'http://127.0.0.1:3000',
      { ...domain, scheme: 'http', port: ':8443', own: '127.0.0.1' },
    ],
    ['', 'https://knot.example.com', null],
  ])('%s at %s', (wildcard, url, expected) => {
    expect(appDomain(wildcard, url)).toEqual(expected);
  });
});

describe('the address of an app', () => {
  it('names user, space and port, or what stands behind the port', () => {
    const names = { user: 'Ada', space: 'work-2' };
    const ports = [web, desk, code, database];
    const addresses = ports.map((port) => appAddress(domain, { ...names, port, ports }));
    expect(addresses).toEqual([
      'https://ada--work-2--docs.apps.example.com/',
      'https://ada--work-2--vnc.apps.example.com/',
      'https://ada--work-2--code-server.apps.example.com/',
      '',
    ]);
    const long = { user: 'a'.repeat(30), port: web, ports };
    expect(appAddress(domain, { ...long, space: 'b'.repeat(30) })).toBe('');
    // a name that makes it too long gives way to the number
    const wordy = { ...web, label: 'documentation-of-everything' };
    const address = appAddress(domain, { ...long, space: 'b'.repeat(20), port: wordy, ports: [wordy] });
    expect(address).toContain('bb--8080.apps.example.com');
  });

  it.each(['My shop', '8081', 'a--b', 'vnc', '', 'twin', '-x'])('is by the number where the name is "%s"', (label) => {
    const named = { ...web, label };
    const ports = [desk, { ...web, port: 8081, label: 'twin' }, named];
    const address = appAddress(domain, { user: 'ada', space: 'work', port: named, ports });
    expect(address).toBe('https://ada--work--8080.apps.example.com/');
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
    expect(parseApp(domain, host, '/x--y--1/')).toEqual(name);
  });

  it('is not the address of the server itself, which may be under the same domain', () => {
    const together = appDomain('*.example.com', 'https://knot.example.com:3000');
    const read = (host: string) => together && parseApp(together, host, '/');
    expect([read('knot.example.com:3000'), read('KNOT.example.com'), read('other.example.com')]).toEqual([
      ...['other', 'other', null],
    ]);
  });

  it.each([
    ['apps.example.net', '/ada--work--8080/', { user: 'ada', space: 'work', port: '8080' }],
    ['Apps.example.net.:8443', '/ada--work--docs?x=/eve--work--80/', { user: 'ada', space: 'work', port: 'docs' }],
    ['apps.example.net', '/ada--work--8080', { user: 'ada', space: 'work', port: '8080' }],
    ['apps.example.net', '/Ada--work--8080/', null],
    ['apps.example.net', '//ada--work--8080/', null],
    ['apps.example.net', '/ada--work--8080%2f..%2feve--work--80/', null],
    ['apps.example.net', '/./ada--work--8080/', null],
    ['apps.example.net', '/.knot/enter', null],
    ['apps.example.net', '/', null],
    ['apps.example.net', '', null],
    ['knot.example.net', '/ada--work--8080/', 'other'],
    ['x.apps.example.net', '/ada--work--8080/', 'other'],
  ])('is read back from %s%s where paths tell apps apart', (host, path, name) => {
    const paths = appPaths('https://Apps.example.net:8443');
    expect(paths && parseApp(paths, host, path)).toEqual(name);
  });

  it('is a path where paths tell apps apart', () => {
    const paths = { scheme: 'https', host: 'apps.example.net', port: ':8443' } as const;
    const address = appAddress(paths, { user: 'Ada', space: 'work', port: desk, ports: [web, desk] });
    expect(address).toBe('https://apps.example.net:8443/ada--work--vnc/');
    expect(appPaths('')).toBeNull();
  });

  it('means one of the ports that are offered as web pages', () => {
    const ports = [database, web, desk, code];
    const found = ['8080', 'docs', 'vnc', 'code-server', '5432', 'db', '9999'].map((name) => portNamed(ports, name));
    expect(found).toEqual([web, web, desk, code, null, null, null]);
    expect(['5432', 'db', 'docs'].map((name) => portCalled(ports, name))).toEqual([database, database, web]);
  });
});
