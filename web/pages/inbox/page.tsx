import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import type { Conversation } from '../../../contract/conversation.ts';
import { findConversation } from '../../cache.ts';
import { showLabel } from '../../i18n/label.ts';
import { useT } from '../../i18n/use-t.ts';
import { useKeys } from '../../keyboard.ts';
import { changeLook, useLook } from '../../preferences.ts';
import { countsQuery, listQuery, type Pages, prefetchConversation, queryClient } from '../../queries.ts';
import { AccountBanner } from '../../shell/account-banner.tsx';
import { Closed } from '../../shell/closed.tsx';
import { OfflineBanner } from '../../shell/offline-banner.tsx';
import { useMay } from '../../session.ts';
import { Boundary } from '../../ui/boundary.tsx';
import { Sheet } from '../../ui/dialog.tsx';
import { Empty } from '../../ui/empty.tsx';
import { phone, roomForContext, useMedia, wide } from '../../use-media.ts';
import { useTitle } from '../../use-title.ts';
import { Context } from './context.tsx';
import { List } from './list.tsx';
import { Thread } from './thread.tsx';
import { countOf, useView } from './view.ts';
import { Views } from './views.tsx';

const to = '/inbox/{-$view}/{-$conversationId}';

/** The shared inbox, for whoever it is open to. */
export function InboxPage() {
  if (useMay('conversation.read')) return <Inbox />;
  return (
    <div className="work">
      <main className="counter">
        <AccountBanner />
        <OfflineBanner />
        <Closed permission="conversation.read" />
      </main>
    </div>
  );
}

/** Views, list, thread, context; one pane at a time on a phone. */
function Inbox() {
  const t = useT();
  const { conversationId } = useParams({ strict: false });
  const view = useView();
  const navigate = useNavigate();
  const look = useLook();
  const isWide = useMedia(wide);
  const hasRoom = useMedia(roomForContext);
  const isPhone = useMedia(phone);
  const [isUnreadOnly, setUnreadOnly] = useState(false);
  const [isSheetOpen, setSheetOpen] = useState(false);
  const hasViewsColumn = hasRoom && (look.views ?? isWide);
  const hasContext = hasRoom && (look.context ?? true);
  const filter = isUnreadOnly ? { ...view.filter, unread: true as const } : view.filter;

  const counts = useQuery(countsQuery).data;
  const known = conversationId ? findConversation(conversationId) : undefined;
  useTitle(known ? showLabel(known.contact.label, t) : t('nav.inbox'), counts?.unread.all);

  const open = (id: string | undefined) => void navigate({ to, params: { view: view.slug, conversationId: id } });
  /** Opens the neighbour in the list; the one after it is loaded ahead. */
  const step = (by: 1 | -1) => {
    const ids = shownIds(filter);
    const at = conversationId ? ids.indexOf(conversationId) : -1;
    const next = ids[at < 0 ? 0 : at + by];
    if (!next) return false;
    open(next);
    document.querySelector(`[data-conversation="${next}"]`)?.scrollIntoView({ block: 'nearest' });
    for (const distance of [1, 2]) {
      const ahead = ids[ids.indexOf(next) + by * distance];
      if (ahead) prefetchConversation(ahead, findConversation(ahead)?.contact.id);
    }
    return true;
  };
  const toggleContext = () => (hasRoom ? changeLook({ context: !hasContext }) : setSheetOpen(!isSheetOpen));
  useKeys({
    j: () => step(1),
    k: () => step(-1),
    Enter: () => conversationId || step(1),
    '.': toggleContext,
    Escape: () => conversationId && open(undefined),
  });

  return (
    <div className="work">
      {hasViewsColumn ? <Views /> : null}
      <main className="counter">
        <AccountBanner />
        <OfflineBanner />
        <div className="panes">
          {isPhone && conversationId ? null : (
            <Boundary title={t('list.error')}>
              <List filter={filter} onFilter={setUnreadOnly} selectedId={conversationId} hasViewsColumn={hasViewsColumn} />
            </Boundary>
          )}
          {conversationId ? (
            <Boundary title={t('thread.error')} resetKey={conversationId}>
              <Thread
                key={conversationId}
                conversationId={conversationId}
                isContextOpen={hasContext}
                onContext={toggleContext}
                onBack={() => open(undefined)}
                onDone={() => {
                  // The closed one has left the list: what stood below it is next, else above, else nothing.
                  if (!step(1) && !step(-1)) open(undefined);
                }}
              />
            </Boundary>
          ) : isPhone ? null : (
            <section className="thread" aria-label={t('thread.none')}>
              {countOf(counts, view) === 0 ? null : <Empty isQuiet title={t('thread.none')} text={t('thread.noneText')} />}
            </section>
          )}
          {conversationId && hasContext ? (
            <Boundary title={t('context.error')} resetKey={conversationId}>
              <Context conversationId={conversationId} onClose={toggleContext} />
            </Boundary>
          ) : null}
        </div>
      </main>
      {conversationId && !hasRoom ? (
        <Sheet open={isSheetOpen} onOpenChange={setSheetOpen} title={t('context.label')}>
          <Context conversationId={conversationId} onClose={() => setSheetOpen(false)} isSheet />
        </Sheet>
      ) : null}
    </div>
  );
}

function shownIds(filter: Parameters<typeof listQuery>[0]): string[] {
  const pages = queryClient.getQueryData<Pages<Conversation>>(listQuery(filter).queryKey);
  return pages?.pages.flatMap((page) => page.items.map((item) => item.id)) ?? [];
}
