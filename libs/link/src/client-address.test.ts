import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { clientAddress } from './client-address.js';

function requestFrom(remoteAddress: string | undefined, forwarded?: string): IncomingMessage {
  const request = new IncomingMessage(Object.defineProperty(new Socket(), 'remoteAddress', { value: remoteAddress }));
  if (forwarded !== undefined) request.headers['x-forwarded-for'] = forwarded;
  return request;
}

describe('the address of whoever sent a request', () => {
  const ours = clientAddress(['10.0.0.0/8', '::1']);

  it('is what a trusted proxy says, beyond all of them that it went through', () => {
    expect(ours(requestFrom('10.0.0.1', '203.0.113.9'))).toBe('203.0.113.9');
    expect(ours(requestFrom('::1', '203.0.113.9, 10.4.4.4'))).toBe('203.0.113.9');
  });

  it('is never what somebody else says, before a proxy or without one', () => {
    expect(ours(requestFrom('198.51.100.7', '203.0.113.9'))).toBe('198.51.100.7');
    expect(ours(requestFrom('10.0.0.1', '127.0.0.1, 198.51.100.7'))).toBe('198.51.100.7');
    expect(clientAddress([])(requestFrom('10.0.0.1', '203.0.113.9'))).toBe('10.0.0.1');
  });

  it('is empty where there is none', () => {
    expect(ours(requestFrom(undefined, '203.0.113.9'))).toBe('');
    expect(clientAddress([])(requestFrom(undefined))).toBe('');
  });
});
