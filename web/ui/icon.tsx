import { type IconName, icons } from './icons.ts';

/** An icon beside words; it says nothing of its own. */
export function Icon({ name, size = '' }: { name: IconName; size?: string }) {
  return (
    <svg
      className={`i ${size}`}
      viewBox={name === 'logo' ? '0 0 24 24' : '0 0 16 16'}
      aria-hidden="true"
      // The markup is the constant above, never anybody's input.
      dangerouslySetInnerHTML={{ __html: icons[name] }}
    />
  );
}
