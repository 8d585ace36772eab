/** An address as people read it: French numbers in pairs, everything else as it is. */
export function showLabel(label: string): string {
  const french = /^\+33(\d)(\d{2})(\d{2})(\d{2})(\d{2})$/.exec(label);
  return french ? `+33\u00a0${french.slice(1).join('\u00a0')}` : label;
}
