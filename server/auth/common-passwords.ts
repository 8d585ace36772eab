/** Beginnings of the passwords of ten characters and more that leaks hold most often, in our four languages. */
const common = [
  '123456789',
  '1234567890',
  '12345678910',
  '0123456789',
  '9876543210',
  '0987654321',
  '1q2w3e4r5t',
  '1qaz2wsx3edc',
  'q1w2e3r4t5',
  'qwertyuiop',
  'qwerty1234',
  'qwerty123456',
  'azertyuiop',
  'azerty1234',
  'azerty123456',
  'abcdefghij',
  'abcd123456',
  'password',
  'passw0rd',
  'motdepasse',
  'contrasena',
  'contraseña',
  'palavrapasse',
  'senha12345',
  'administrator',
  'administrateur',
  'administrador',
  'admin12345',
  'welcome123',
  'bienvenue1',
  'bienvenido',
  'iloveyou12',
  'jetaime123',
  'teamo12345',
  'letmein123',
  'changeme12',
  'changeme123',
  'football12',
  'basketball',
  'superman12',
  'princess12',
  'sunshine12',
  'michael123',
  'baseball12',
  'trustno1234',
  'marseille13',
  'portugal12',
  'barcelona1',
  'realmadrid',
];

/** True for a common password, also with digits or marks after it, and for one character or a short pattern repeated. */
export function isCommonPassword(lower: string): boolean {
  const bare = lower.replace(/[\d\W_]+$/u, '');
  if (common.includes(lower) || (bare.length >= 6 && common.some((word) => word.replace(/\d+$/, '') === bare))) return true;
  return /^(.{1,3})\1+.{0,2}$/u.test(lower) || isSequence(lower);
}

function isSequence(text: string): boolean {
  const codes = [...text].map((letter) => letter.codePointAt(0) ?? 0);
  const step = (codes[1] ?? 0) - (codes[0] ?? 0);
  return Math.abs(step) <= 1 && codes.every((code, at) => at === 0 || code - (codes[at - 1] ?? 0) === step);
}
