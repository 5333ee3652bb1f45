import { BlockList, isIP } from 'node:net';

/** Where machines of a cloud tell their secrets, and what is no single machine. */
const NEVER = new BlockList();
NEVER.addSubnet('0.0.0.0', 8, 'ipv4');
NEVER.addSubnet('169.254.0.0', 16, 'ipv4');
NEVER.addSubnet('224.0.0.0', 3, 'ipv4');
NEVER.addAddress('100.100.100.200', 'ipv4');
NEVER.addAddress('::', 'ipv6');
NEVER.addSubnet('fe80::', 10, 'ipv6');
NEVER.addSubnet('ff00::', 8, 'ipv6');
NEVER.addAddress('fd00:ec2::254', 'ipv6');

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/** Whether it is this machine itself. */
export function isLoopback(address: string): boolean {
  const plain = plainAddress(address);
  return LOOPBACK.check(plain, isIP(plain) === 4 ? 'ipv4' : 'ipv6');
}

/** Whether this server asks an address that somebody else names. `loopback`: whether this machine itself may be asked. */
export function isAsked(address: string, loopback: boolean): boolean {
  const plain = plainAddress(address);
  const family = isIP(plain) === 4 ? 'ipv4' : 'ipv6';
  const mapped = family === 'ipv6' && plain.startsWith('::ffff:');
  return !mapped && !NEVER.check(plain, family) && (loopback || !isLoopback(plain));
}

/** One of IPv4 that is written as one of IPv6, as what it is. */
export function plainAddress(address: string): string {
  return address.toLowerCase().replace(/^::ffff:(?=\d+\.)/, '');
}
