import { describe, expect, it } from 'vitest';
import { leafNaming } from './app-domains.js';

const URL_OF_ORIGIN = 'https://knot.example.com:3000';
const LEAF = { directUrl: 'https://lon.example.net:3000', wildcardDomain: '', appsUrl: '' };

describe('how apps are named behind a leaf', () => {
  it.each([
    ['nothing', {}, null],
    [
      'a domain',
      { wildcardDomain: '.lon.example.net' },
      { scheme: 'https', suffix: '.lon.example.net', port: ':3000', own: 'lon.example.net' },
    ],
    ['one host', { appsUrl: 'http://apps.lon.net:8080' }, { scheme: 'http', host: 'apps.lon.net', port: ':8080' }],
    ['a domain, but no address', { wildcardDomain: '.lon.example.net', directUrl: '' }, null],
    ['the host of the dashboard at another port', { appsUrl: 'https://knot.example.com:4000' }, null],
    ['what is no host', { appsUrl: 'data:x' }, null],
  ])('that says %s', (_what, said, naming) => {
    expect(leafNaming({ ...LEAF, ...said }, URL_OF_ORIGIN)).toEqual(naming);
  });
});
