import { BlockList, isIP } from 'node:net';

/** What the operator opened: a host or a network at one port or at all, or a port of the whole internet. */
export interface AllowedPlace {
  host?: string;
  network?: { address: string; bits: number };
  port?: number;
}

/** "intranet.example", "intranet.example:8080", "10.1.0.0/16", "[fd00::/8]:443", "*:8443"; undefined when it is none of them. */
export function parseAllowedPlace(text: string): AllowedPlace | undefined {
  const parts = /^(?:\[([0-9a-f:.]+(?:\/\d{1,3})?)\]|([^:[\]]+)|([0-9a-f:.]+(?:\/\d{1,3})?))(?::(\d{1,5}))?$/i.exec(text.trim());
  const subject = parts?.[1] ?? parts?.[2] ?? parts?.[3];
  const port = parts?.[4] === undefined ? undefined : Number(parts[4]);
  if (subject === undefined || (port !== undefined && (port < 1 || port > 65_535))) return undefined;
  const at = port === undefined ? {} : { port };
  if (subject === '*') return port === undefined ? undefined : { port };
  const [address = '', bits] = subject.split('/');
  const family = isIP(address);
  if (family !== 0) {
    const most = family === 4 ? 32 : 128;
    const size = bits === undefined ? most : Number(bits);
    return Number.isInteger(size) && size <= most ? { network: { address, bits: size }, ...at } : undefined;
  }
  return bits === undefined && /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?\.?$/i.test(address) ? { host: hostKey(address), ...at } : undefined;
}

/** What the operator opened, to be asked by name and by address. */
export interface Allowed {
  host(host: string, port: number): boolean;
  address(address: string, port: number): boolean;
  /** Of any address on the internet. */
  port(port: number): boolean;
}

export function createAllowed(places: readonly AllowedPlace[]): Allowed {
  const lists = places.flatMap(({ network, port }) => {
    if (!network) return [];
    const list = new BlockList();
    list.addSubnet(network.address, network.bits, isIP(network.address) === 4 ? 'ipv4' : 'ipv6');
    return [{ list, port }];
  });
  const isAt = (wanted: number | undefined, port: number) => wanted === undefined || wanted === port;
  return {
    host: (host, port) => places.some((place) => place.host === hostKey(host) && isAt(place.port, port)),
    address: (address, port) =>
      lists.some((place) => isAt(place.port, port) && place.list.check(address, isIP(address) === 4 ? 'ipv4' : 'ipv6')),
    port: (port) => places.some((place) => place.host === undefined && place.network === undefined && place.port === port),
  };
}

/** A name with or without the dot of the root is one host. */
const hostKey = (host: string) => host.toLowerCase().replace(/\.$/, '');
