/**
 * The one spelling under which an e-mail address is kept and looked up. Only ASCII letters change case: other
 * alphabets hold twins (the Kelvin sign becomes "k") that would make one person's address out of another's.
 */
export function canonicalEmail(email: string): string {
  return email.trim().replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
