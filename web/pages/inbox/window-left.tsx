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
    <span className={`window${left < lowMs ? ' low' : ''}`} title={t('composer.window', { left: format.span(left) })}>
      <Icon name="hour" size="s" />
      <span className="hide-s">{t('composer.window', { left: format.span(left) })}</span>
      <span className="show-s" aria-hidden="true">
        {format.span(left)}
      </span>
    </span>
  );
}
