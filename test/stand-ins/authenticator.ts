import { createHash, createSign, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';

/** What a ceremony says; tests bend one thing at a time. */
export interface Ceremony {
  origin: string;
  rpId: string;
  challenge: string;
  crossOrigin?: boolean;
  /** Bits of the authenticator's data: 1 somebody is there, 4 verified, 8 may be backed up, 16 is backed up. */
  flags?: number;
  counter?: number;
  type?: string;
}

export interface Credential {
  id: Buffer;
  privateKey: KeyObject;
  userHandle: string;
  counter: number;
}

/** What few devices do: attest, or show a credential that there is already. */
export interface Unusual {
  fmt?: string;
  chain?: Buffer[] | undefined;
  credential?: Credential;
}

const present = 1;
const verified = 4;
const hasKey = 64;

/** A device with passkeys (ES256, no attestation), in so many bytes as the standard asks for. */
export function softAuthenticator() {
  const make = (userHandle: string): Credential & { coseKey: Buffer } => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
    const coseKey = cbor(
      new Map<number, CborValue>([
        [1, 2],
        [3, -7],
        [-1, 1],
        [-2, Buffer.from(x, 'base64url')],
        [-3, Buffer.from(y, 'base64url')],
      ]),
    );
    return { id: randomBytes(32), privateKey, userHandle, counter: 0, coseKey };
  };

  return {
    /** What navigator.credentials.create would give. */
    register(userHandle: string, ceremony: Ceremony, unusual: Unusual = {}) {
      const made = make(userHandle);
      const credential: Credential = unusual.credential ? { ...made, id: unusual.credential.id } : made;
      const length = Buffer.alloc(2);
      length.writeUInt16BE(credential.id.length);
      const authData = Buffer.concat([
        dataOf({ ...ceremony, flags: (ceremony.flags ?? present | verified) | hasKey }),
        ...[Buffer.alloc(16), length, credential.id, made.coseKey],
      ]);
      const client = clientData(ceremony, 'webauthn.create');
      const attestation = new Map<string, CborValue>([
        ['fmt', unusual.fmt ?? 'none'],
        ['attStmt', statementOf(credential, authData, client, unusual)],
        ['authData', authData],
      ]);
      const response = {
        clientDataJSON: client.toString('base64url'),
        attestationObject: cbor(attestation).toString('base64url'),
        transports: ['internal', 'hybrid', 'telepathy'],
        authenticatorData: authData.toString('base64url'),
        publicKeyAlgorithm: -7,
      };
      return { credential, answer: answerOf(credential, response) };
    },

    /** What navigator.credentials.get would give. */
    sign(credential: Credential, ceremony: Ceremony) {
      credential.counter = ceremony.counter ?? credential.counter;
      const authData = dataOf({ ...ceremony, counter: credential.counter });
      const client = clientData(ceremony, 'webauthn.get');
      return answerOf(credential, {
        clientDataJSON: client.toString('base64url'),
        authenticatorData: authData.toString('base64url'),
        signature: signatureOf(credential, authData, client).toString('base64url'),
        userHandle: credential.userHandle,
      });
    },
  };
}

/** Nothing, or what the key itself signs, with certificates or without. */
function statementOf(credential: Credential, authData: Buffer, client: Buffer, { fmt, chain }: Unusual): Map<string, CborValue> {
  if (fmt === undefined) return new Map();
  const statement = new Map<string, CborValue>([
    ['alg', -7],
    ['sig', signatureOf(credential, authData, client)],
  ]);
  return chain ? statement.set('x5c', chain) : statement;
}

function signatureOf({ privateKey }: Credential, authData: Buffer, client: Buffer): Buffer {
  const hash = createHash('sha256').update(client).digest();
  return createSign('sha256').update(authData).update(hash).sign(privateKey);
}

function answerOf<Response extends object>(credential: Credential, response: Response) {
  const id = credential.id.toString('base64url');
  return { id, rawId: id, type: 'public-key', authenticatorAttachment: 'platform', clientExtensionResults: {}, response };
}

function dataOf({ rpId, flags = present | verified, counter = 0 }: Ceremony): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt8(flags);
  head.writeUInt32BE(counter, 1);
  return Buffer.concat([createHash('sha256').update(rpId).digest(), head]);
}

function clientData({ type, challenge, origin, crossOrigin = false }: Ceremony, usual: string): Buffer {
  return Buffer.from(JSON.stringify({ type: type ?? usual, challenge, origin, crossOrigin }));
}

type CborValue = number | string | Buffer | CborValue[] | Map<string | number, CborValue>;

/** As much of RFC 8949 as attestations need. */
function cbor(value: CborValue): Buffer {
  if (typeof value === 'number') return value < 0 ? head(1, -1 - value) : head(0, value);
  if (typeof value === 'string') return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (Buffer.isBuffer(value)) return Buffer.concat([head(2, value.length), value]);
  if (Array.isArray(value)) return Buffer.concat([head(4, value.length), ...value.map(cbor)]);
  return Buffer.concat([head(5, value.size), ...[...value].flatMap(([key, item]) => [cbor(key), cbor(item)])]);
}

function head(kind: number, length: number): Buffer {
  if (length < 24) return Buffer.from([(kind << 5) | length]);
  if (length < 256) return Buffer.from([(kind << 5) | 24, length]);
  return Buffer.from([(kind << 5) | 25, length >> 8, length & 255]);
}
