import type { Channel } from '../../contract/common.ts';
import { useT } from '../i18n/use-t.ts';
import { channelGlyphs } from './icons.ts';

/** The small sign of a channel; `tile` sets it in an arch. */
export function ChannelGlyph({ channel, tile = false }: { channel: Channel; tile?: boolean }) {
  const t = useT();
  return (
    <span className={`ch ${channel}${tile ? ' tile' : ''}`} role="img" aria-label={t(`channel.${channel}`)} title={t(`channel.${channel}`)}>
      <svg className="i" viewBox="0 0 16 16" aria-hidden="true" dangerouslySetInnerHTML={{ __html: channelGlyphs[channel] }} />
    </span>
  );
}
