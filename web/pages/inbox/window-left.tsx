import { useFormat } from '../../i18n/use-format.ts';
import { useT } from '../../i18n/use-t.ts';
import { Icon } from '../../ui/icon.tsx';

const lowMs = 4 * 3_600_000;

/** How long the channel still takes free text. */
export function WindowLeft({ until, now }: { until: string | null; now: number }) {
  const t = useT();
  const format = useFormat();
  if (!until) return null;
  const left = new Date(until).getTime() - now;
  if (left <= 0) return null;
  return (
    <span className={`window${left < lowMs ? ' low' : ''}`} title={format.exact(until)}>
      <Icon name="hour" size="s" />
      {t('composer.window', { left: format.span(left) })}
    </span>
  );
}
