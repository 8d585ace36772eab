import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { ChannelInbox } from '../channel.ts';
import { answerChallenge, verifySignature } from './signature.ts';

const inbox = (secrets: Record<string, string>): ChannelInbox => ({
  accountId: 'a',
  id: 'i',
  channel: 'whatsapp',
  name: '',
  routeKey: '1',
  settings: {},
  secrets,
});
const inboxes = [
  inbox({ appSecret: 'old-secret', verifyToken: 'first' }),
  inbox({ appSecret: 'other', appSecretNext: 'new-secret', verifyToken: 'second' }),
];
const raw = Buffer.from('{"text":"\\u00e9t\\u00e9 😀"}');
const sign = (secret: string, body: Buffer = raw) => `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
const verify = (header: string | string[] | undefined, body = raw) =>
  verifySignature(
    {
      method: 'POST',
      url: '',
      raw: body,
      headers: { ...(header === undefined ? {} : { 'x-hub-signature-256': header }), 'x-hub-signature': 'sha1=00' },
    },
    inboxes,
  ).ok;

describe('verifySignature', () => {
  it('accepts any active secret of the endpoint', () => {
    expect(['old-secret', 'other', 'new-secret'].map((secret) => verify(sign(secret)))).toEqual([true, true, true]);
  });
  it('refuses a missing, short, doubled, foreign or edited signature', () => {
    const good = sign('other');
    for (const header of [
      undefined,
      '',
      'sha256=',
      good.slice(0, -2),
      `${good}, ${good}`,
      [good],
      sign('stranger'),
      good.replace('sha256', 'sha1'),
    ])
      expect(verify(header)).toBe(false);
    expect(verify(good, Buffer.concat([raw, Buffer.from(' ')]))).toBe(false);
  });
  it('refuses everything when no secret is set', () => {
    expect(
      verifySignature({ method: 'POST', url: '', raw, headers: { 'x-hub-signature-256': sign('') } }, [inbox({ appSecret: '' })]).ok,
    ).toBe(false);
  });
});

describe('answerChallenge', () => {
  const query = { 'hub.mode': 'subscribe', 'hub.verify_token': 'second', 'hub.challenge': '4711' };
  it('gives the challenge back for a token of any inbox', () => {
    expect(answerChallenge(query, inboxes)).toBe('4711');
  });
  it('refuses a wrong token, another mode and repeated parameters', () => {
    for (const change of [
      { 'hub.verify_token': 'nope' },
      { 'hub.mode': 'x' },
      { 'hub.challenge': ['1', '2'] },
      { 'hub.verify_token': ['second', 'second'] },
      { 'hub.challenge': '' },
    ]) {
      expect(answerChallenge({ ...query, ...change }, inboxes)).toBeNull();
    }
  });
});
