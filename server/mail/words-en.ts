import type { Words } from './words.ts';

export const english: Words = {
  hello: (name) => (name === '' ? 'Hello,' : `Hello ${name},`),
  colon: ':',
  ignore: 'If you did not expect this, do nothing: without the link nothing happens. Do not pass it on.',
  signature: 'Guichet wrote this by itself; nobody reads answers to it.',
  magic_link: () => ({
    subject: 'Your link to sign in',
    lines: ['This link signs you in. It works once, for 15 minutes.'],
    button: 'Sign in',
  }),
  password_reset: () => ({
    subject: 'Set a new password',
    lines: ['Somebody, most likely you, asked for a new password. The link works once, for an hour.'],
    button: 'Set a new password',
  }),
  email_verification: () => ({
    subject: 'Confirm your e-mail address',
    lines: ['Confirm that this address is yours. The link works once, for a day.'],
    button: 'Confirm the address',
  }),
  email_change: () => ({
    subject: 'Confirm your new e-mail address',
    lines: ['You asked to sign in with this address from now on. The link works once, for an hour. Until then the old one stays.'],
    button: 'Use this address',
  }),
  email_changed_notice: ({ address = '' }) => ({
    subject: 'Your e-mail address was changed',
    lines: [
      `You now sign in with ${address}, and no longer with this address.`,
      'If that was not you, somebody else is in your account: tell the person who runs your desk at once.',
    ],
  }),
  password_changed_notice: () => ({
    subject: 'Your password was changed',
    lines: [
      'Your password was changed, and other devices were signed out.',
      'If that was not you, ask for a new password on the sign-in page at once, and tell the person who runs your desk.',
    ],
  }),
  password_removed_notice: () => ({
    subject: 'Your address is confirmed; your old password is gone',
    lines: [
      'You confirmed this address for the first time. What was set up before, password and other ways to sign in, was removed, since it might have been somebody else’s. Older devices were signed out.',
      'Sign in with a link from the sign-in page, or ask for a new password there.',
    ],
  }),
  second_factor_removed_notice: () => ({
    subject: 'Your second factor was removed',
    lines: [
      'The authenticator app and the recovery codes were removed from your account: a password or a link is enough to sign in now.',
      'If that was not you, change your password at once, and tell the person who runs your desk.',
    ],
  }),
  recovery_code_used_notice: () => ({
    subject: 'A recovery code was used',
    lines: [
      'Somebody proved to be you with one of your recovery codes; it works no more.',
      'If that was not you, change your password at once, and make new codes in your security settings.',
    ],
  }),
  passkey_added_notice: () => ({
    subject: 'A passkey was added',
    lines: [
      'A new passkey signs in to your account.',
      'If that was not you, remove it at once in your security settings, and tell the person who runs your desk.',
    ],
  }),
  invitation: ({ account = '', inviter }) => ({
    subject: `Invitation to ${account}`,
    lines: [
      inviter ? `${inviter} invites you to work together at the desk of ${account}.` : `You are invited to the desk of ${account}.`,
      'The link works once, for seven days.',
    ],
    button: 'See the invitation',
  }),
  new_sign_in: ({ device = '', when = '' }) => ({
    subject: 'New sign-in to your desk',
    lines: [
      `Somebody signed in with your account on ${when}, from a device that was not used before: ${device}`,
      'If that was you, all is well. If not, change your password and sign out the device in your profile.',
    ],
  }),
};
