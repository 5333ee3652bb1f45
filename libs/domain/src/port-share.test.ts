import { describe, expect, it } from 'vitest';
import { CLOSED_PORTS, portShare, type PortSharing } from './port-share.js';

const SPACE: PortSharing = {
  ...{ location: 'lon', platform: 'nomad', policy: CLOSED_PORTS },
  portShares: [{ port: 80, share: 'group' }],
  templatePorts: [
    { port: 80, share: 'public' },
    { port: 81, share: 'public' },
  ],
};

describe('with whom a port is shared', () => {
  it("is the owner's word before the template's before the location's", () => {
    expect(portShare(80, SPACE)).toEqual({ share: 'group', by: 'owner' });
    expect(portShare(81, SPACE)).toEqual({ share: 'users', by: 'template' });
    expect(portShare(82, SPACE)).toEqual({ share: 'owner', by: 'location' });
    expect(portShare(82, { ...SPACE, policy: { share: 'users', public: false } }).share).toBe('users');
  });

  it('is everybody only where the location lets ports be public', () => {
    const open = { ...SPACE, policy: { share: 'public', public: true } } as const;
    expect([81, 82].map((port) => portShare(port, open).share)).toEqual(['public', 'public']);
    expect(portShare(82, { ...open, policy: { share: 'public', public: false } }).share).toBe('users');
  });

  it("is nobody else on the leaf's own machine, and on a user's", () => {
    expect(portShare(80, { ...SPACE, platform: 'local' }).share).toBe('owner');
    expect(portShare(80, { ...SPACE, location: '~ann/laptop' }).share).toBe('owner');
  });
});
