import type { z } from 'zod';
import type { Channel } from '../../contract/common.ts';
import { apiSettings, emptySettings, formSettings, type NewInbox, webchatSettings, whatsappSettings } from '../../contract/inbox.ts';
import { ApiError } from '../http/errors.ts';
import { fieldErrorsOf } from '../http/field-errors.ts';

export interface SplitSettings {
  /** What may be read back. */
  settings: Record<string, unknown>;
  /** What is sealed and never read back. */
  secrets: Record<string, string>;
  /** What names this inbox among the items of its endpoint. */
  routeKey: string | null;
}

type KnownChannel = NewInbox['channel'];

/** By channel: the schema of its settings, which of them are secrets, and which one items are routed by. */
const rules: Record<KnownChannel, { schema: z.ZodType<Record<string, unknown>>; secrets: string[]; routeKey?: string }> = {
  whatsapp: { schema: whatsappSettings, secrets: ['accessToken', 'appSecret', 'verifyToken'], routeKey: 'phoneNumberId' },
  form: { schema: formSettings, secrets: [] },
  webchat: { schema: webchatSettings, secrets: [] },
  api: { schema: apiSettings, secrets: ['secret'] },
  email: { schema: emptySettings, secrets: [] },
  sms: { schema: emptySettings, secrets: [] },
};

/** Parts checked settings into what is kept in the open, what is sealed, and what routes. */
export function splitSettings(channel: KnownChannel, given: Record<string, unknown>): SplitSettings {
  const rule = rules[channel];
  const split: SplitSettings = { settings: {}, secrets: {}, routeKey: null };
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined) continue;
    if (rule.secrets.includes(name)) split.secrets[name] = String(value);
    else split.settings[name] = value;
  }
  if (rule.routeKey !== undefined) split.routeKey = String(given[rule.routeKey]);
  return split;
}

/** The settings after a change: what is left out stays, null takes away; the whole must fit the channel's schema. */
export function changeSettings(channel: Channel, current: Omit<SplitSettings, 'routeKey'>, change: Record<string, unknown>): SplitSettings {
  if (!isKnown(channel))
    throw new ApiError('validation_error', 'settings: this channel has none.', {
      errors: [{ path: 'settings', message: 'this channel has none' }],
    });
  const { apiUrl, ...known } = current.settings;
  const merged = Object.fromEntries(Object.entries({ ...known, ...current.secrets, ...change }).filter(([, value]) => value !== null));
  const parsed = rules[channel].schema.safeParse(merged);
  if (!parsed.success) {
    const errors = fieldErrorsOf(parsed.error).map((error) => ({ ...error, path: `settings.${error.path}` }));
    throw new ApiError('validation_error', 'The settings do not fit the channel.', { errors });
  }
  const split = splitSettings(channel, parsed.data);
  // The demo's stand-in provider stays until credentials of a real one are given; nobody can name an address here.
  if (apiUrl !== undefined && change.accessToken === undefined) split.settings.apiUrl = apiUrl;
  return split;
}

const isKnown = (channel: Channel): channel is KnownChannel => Object.hasOwn(rules, channel);
