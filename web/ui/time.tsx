import { useFormat } from '../i18n/use-format.ts';

/** A short time; the exact one on hover. */
export function Time({ at, style = 'short' }: { at: string; style?: 'short' | 'clock' }) {
  const format = useFormat();
  return (
    <time dateTime={at} title={format.exact(at)}>
      {style === 'clock' ? format.clock(at) : format.short(at)}
    </time>
  );
}
