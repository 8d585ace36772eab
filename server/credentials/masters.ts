import { OperatorError } from '../operator-error.ts';
import { decrypt, encrypt, fingerprint } from './envelope.ts';
import { deriveKey } from './seal.ts';

/** A key under the master key, as it is in the database. */
export interface WrappedKey {
  id: string;
  kind: 'secrets' | 'audit';
  wrapped: Buffer;
  /** Which master key wrapped it. */
  master: Buffer;
}

/** The master key, and during a change the one before it. */
export interface Masters {
  wrap(key: { id: string; kind: WrappedKey['kind']; key: Buffer }): WrappedKey;
  /** Throws an OperatorError when neither master key is the right one. */
  unwrap(wrapped: WrappedKey): Buffer;
  /** Whether a master key at hand wrapped it. */
  isKnown(wrapped: WrappedKey): boolean;
  /** Whether the present master key wrapped it, not the one before. */
  isCurrent(wrapped: WrappedKey): boolean;
  /** The key that sealed values before there were data keys, by its mark. */
  findSealKey(mark: Buffer): Buffer | undefined;
  /** The keys of the audit chain that follow from the master keys, the present one first. */
  chainKeys: Buffer[];
}

const markBytes = 8;
const sealMarkBytes = 4;

export function createMasters(secretKey: string, previousSecretKey?: string): Masters {
  const known = [secretKey, ...(previousSecretKey === undefined ? [] : [previousSecretKey])].map((master) => {
    const [wrapping, sealing] = [deriveKey(master, 'wrap data keys'), deriveKey(master, 'seal')];
    return { wrapping, mark: fingerprint(wrapping, markBytes), sealing, sealMark: fingerprint(sealing, sealMarkBytes), master };
  });
  const [current] = known;
  if (!current) throw new Error('there is no master key');
  const boundTo = ({ id, kind }: { id: string; kind: string }) => `data key ${kind} ${id}`;
  return {
    wrap: ({ id, kind, key }) => ({ id, kind, wrapped: encrypt(current.wrapping, key, boundTo({ id, kind })), master: current.mark }),
    unwrap(wrapped) {
      const master = known.find(({ mark }) => mark.equals(wrapped.master));
      if (!master) throw new OperatorError(wrongMaster);
      return decrypt(master.wrapping, wrapped.wrapped, boundTo(wrapped));
    },
    isKnown: (wrapped) => known.some(({ mark }) => mark.equals(wrapped.master)),
    isCurrent: (wrapped) => current.mark.equals(wrapped.master),
    findSealKey: (mark) => known.find(({ sealMark }) => sealMark.equals(mark))?.sealing,
    chainKeys: known.map(({ master }) => deriveKey(master, 'audit chain')),
  };
}

const wrongMaster = [
  'GUICHET_SECRET_KEY is not the one under which the secrets of this database were sealed.',
  'Give the right one (without it: the file secret-key in the data directory). If you are changing it, put the old one into',
  'GUICHET_SECRET_KEY_PREVIOUS and run `guichet secrets rotate-master`.',
].join('\n');
