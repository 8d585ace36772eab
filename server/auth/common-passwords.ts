import { commonPhrases, commonWords } from './common-words.ts';

/** Whom a password is for: what is known of them is tried first. */
export interface Person {
  email: string;
  name: string;
  accountName?: string;
}

/** What keys of a keyboard give when a finger walks along them, forwards or back. */
const walks = [
  '01234567890',
  'abcdefghijklmnopqrstuvwxyz',
  'qwertyuiop',
  'asdfghjkl',
  'zxcvbnm',
  'azertyuiop',
  'qsdfghjklm',
  'wxcvbn',
  'qwertzuiop',
  'yxcvbnm',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p',
  'qazwsxedcrfvtgbyhnujmikolp',
  '1q2w3e4r5t6y7u8i9o0p',
  'q1w2e3r4t5y6u7i8o9p0',
  '1a2z3e4r5t6y7u8i9o0p',
  'a1z2e3r4t5y6u7i8o9p0',
  '1a2b3c4d5e6f7g8h9i0j',
  'a1b2c3d4e5f6g7h8i9j0',
  'aqwzsxedcrfvtgbyhn',
  '13579',
  '02468',
  '147258369',
  '159753',
].flatMap((walk) => [walk, [...walk].reverse().join('')]);
const walkLettersMin = 3;
const walksMax = 4;

/** Fewer letters than this beside what is known of a person add nothing. */
const ownLettersMin = 4;
const digitsMin = 16;

/** True for what leaks hold most often: a word or phrase with digits and marks around it, also in disguise, a walk on the keyboard, a repetition. */
export function isCommonPassword(password: string): boolean {
  const plain = foldText(password);
  const bare = plain.replace(/[^\p{L}\p{N}]/gu, '');
  if (/^\d*$/.test(bare)) return bare.length < digitsMin || isRepeated(bare) || isWalked(bare);
  if (isRepeated(plain) || isRepeated(bare) || isWalked(bare)) return true;
  return coresOf(plain).some((core) => commonWords.has(core) || commonPhrases.has(core) || isRepeated(core));
}

/** True when a password is made of a person's name, address or account, or of ours, with little else. */
export function isMadeOf(password: string, { email, name, accountName = '' }: Person): boolean {
  const [local = '', domain = ''] = email.split('@');
  const known = [email, local, domain.replace(/\.[^.]*$/, ''), name, accountName, 'guichet'].flatMap((text) => {
    const folded = foldText(text);
    return [folded.replace(/[^\p{L}\p{N}]/gu, ''), ...folded.split(/[^\p{L}\p{N}]+/u)];
  });
  const words = [...new Set(known)].filter((word) => word.length >= 3).sort((a, b) => b.length - a.length);
  return [foldText(password), undisguise(foldText(password), 'i'), undisguise(foldText(password), 'l')].some((plain) => {
    const rest = words.reduce((text, word) => text.replaceAll(word, ' '), plain.replace(/[^\p{L}\p{N}]/gu, ''));
    return rest.includes(' ') && rest.replace(/[^\p{L}]/gu, '').length < ownLettersMin;
  });
}

/** One spelling of what looks or sounds the same: no width, no case, no accents. */
function foldText(text: string): string {
  return text.normalize('NFKC').toLowerCase().normalize('NFKD').replace(/\p{M}/gu, '');
}

/** What is left of a password without digits and marks at its ends and with its disguises off. */
function coresOf(plain: string): string[] {
  const trimmed = plain.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '');
  const marked = plain.replace(/^[^\p{L}\d@$]+|[\d\W_]+$/gu, '');
  const forms = [plain, trimmed, marked, ...[trimmed, marked, plain].flatMap((text) => [undisguise(text, 'i'), undisguise(text, 'l')])];
  return [...new Set(forms.flatMap((form) => [form, form.replace(/[^\p{L}\p{N}]/gu, '')]))].filter((core) => core.length >= 3);
}

/** Turns digits and marks back into the letters that they stand for; a one is either of two. */
function undisguise(text: string, one: 'i' | 'l'): string {
  const letters: Record<string, string> = {
    '0': 'o',
    '1': one,
    '!': 'i',
    '3': 'e',
    '4': 'a',
    '@': 'a',
    '5': 's',
    $: 's',
    '7': 't',
    '8': 'b',
  };
  return text.replace(/[01!34@5$78]/g, (sign) => letters[sign] ?? sign);
}

function isRepeated(text: string): boolean {
  return /^(.{1,8}?)\1+.{0,2}$/u.test(text) && text.length >= 6;
}

/** True for a few walks in a row, and digits. */
function isWalked(text: string): boolean {
  let at = 0;
  for (let steps = 0; at < text.length; steps += 1) {
    const length = walkAt(text, at);
    if (length < walkLettersMin || steps === walksMax) return false;
    at += length;
    if (text.length - at < walkLettersMin) return true;
  }
  return true;
}

function walkAt(text: string, at: number): number {
  let length = 0;
  while (at + length < text.length && walks.some((walk) => walk.includes(text.slice(at, at + length + 1)))) length += 1;
  return length;
}
