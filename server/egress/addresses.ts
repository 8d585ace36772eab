import { BlockList, isIP } from 'node:net';

/**
 * What is not the internet: this machine, private networks, what a cloud tells its machines, and every way of writing an
 * IPv4 address inside an IPv6 one. Of IPv6 only 2000::/3 is given out; the rest is refused as a whole.
 */
const special = new BlockList();
for (const [network, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10], // carrier NAT
  ['127.0.0.0', 8],
  ['169.254.0.0', 16], // link-local, metadata of clouds
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24], // 6to4 relays
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const)
  special.addSubnet(network, bits, 'ipv4');
for (const [network, bits] of [
  ['::', 3], // loopback, IPv4-mapped, NAT64 64:ff9b::/96, discard 100::/64
  ['2001::', 23], // Teredo and other protocols
  ['2001:db8::', 32],
  ['2002::', 16], // 6to4
  ['3fff::', 20],
  ['4000::', 2],
  ['8000::', 1], // unique local, link-local, multicast
] as const)
  special.addSubnet(network, bits, 'ipv6');

/** An address on the internet that anybody could reach. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  // A zone belongs to this machine's links.
  if (family === 0 || address.includes('%')) return false;
  return !special.check(address, family === 4 ? 'ipv4' : 'ipv6');
}
