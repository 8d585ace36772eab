import type { MessageId } from '../../../i18n/index.ts';

/** The channels that can be opened here; more come with their adapters. */
export const offeredChannels = ['whatsapp', 'webchat', 'form', 'email', 'sms'] as const;
export type OfferedChannel = (typeof offeredChannels)[number];

interface ChannelField {
  name: string;
  isRequired: boolean;
  isSecret?: boolean;
  isLong?: boolean;
  hint?: MessageId;
  pattern?: RegExp;
  /** What to do when the pattern does not fit. */
  bad?: MessageId;
}

/** What each channel must be told when its inbox is opened. */
export const fieldsOf: Record<OfferedChannel, ChannelField[]> = {
  whatsapp: [
    { name: 'phoneNumberId', isRequired: true, hint: 'setting.phoneNumberIdHint', pattern: /^\d+$/, bad: 'setting.phoneNumberIdBad' },
    { name: 'accessToken', isRequired: true, isSecret: true, hint: 'setting.accessTokenHint' },
    { name: 'appSecret', isRequired: true, isSecret: true, hint: 'setting.appSecretHint' },
  ],
  webchat: [
    { name: 'title', isRequired: false },
    { name: 'greeting', isRequired: false, isLong: true },
  ],
  form: [
    { name: 'title', isRequired: false },
    { name: 'intro', isRequired: false, isLong: true },
    { name: 'consentText', isRequired: false, isLong: true },
  ],
  email: [{ name: 'address', isRequired: false }],
  sms: [{ name: 'from', isRequired: false }],
};
