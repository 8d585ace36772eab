import type { PresenceStatus } from '../../contract/socket.ts';
import { useT } from '../i18n/use-t.ts';

interface AvatarProps {
  id: string;
  name: string;
  size?: 'xs' | 's' | 'b' | 'm' | 'l';
  presence?: PresenceStatus | undefined;
  title?: string;
}

/** A person as initials on a quiet ground; the ground is chosen by the id. */
export function Avatar({ id, name, size, presence, title }: AvatarProps) {
  const t = useT();
  return (
    <span
      className={`av p${groundOf(id)} ${size ?? ''}`}
      data-presence={presence}
      aria-hidden={title ? undefined : true}
      role={title ? 'img' : undefined}
      aria-label={title && presence ? `${title}, ${t(`presence.${presence}`)}` : title}
      title={title}
    >
      {initialsOf(name)}
    </span>
  );
}

/** One of six grounds; v7 ids differ at their end. */
function groundOf(id: string): number {
  let sum = 0;
  for (const letter of id.slice(-12)) sum = (sum * 31 + letter.charCodeAt(0)) % 997;
  return (sum % 6) + 1;
}

/** "Marie-Hélène Dubois" is MD; a number shows its country. */
export function initialsOf(name: string): string {
  const trimmed = name.trim();
  if (/^\+?\d/.test(trimmed)) return trimmed.startsWith('+') ? trimmed.slice(0, 3) : '#';
  const words = trimmed.split(/[\s@._]+/).filter((word) => /^\p{L}/u.test(word));
  const first = words[0];
  if (!first) return trimmed.slice(0, 1).toUpperCase() || '?';
  const last = words.length > 1 && !trimmed.includes('@') ? words[words.length - 1] : undefined;
  const letters = Array.from(first)[0] + (last ? (Array.from(last)[0] ?? '') : (Array.from(first)[1] ?? ''));
  return letters.toLocaleUpperCase();
}
