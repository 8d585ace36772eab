import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useMemo, useRef, useState } from 'react';
import { Virtualizer, type VirtualizerHandle } from 'virtua';
import { useT } from '../../i18n/use-t.ts';
import { countsQuery, inboxesQuery, type ListFilter, listQuery, prefetchConversation } from '../../queries.ts';
import { useMay } from '../../session.ts';
import { Button } from '../../ui/button.tsx';
import { Empty } from '../../ui/empty.tsx';
import { ErrorPane } from '../../ui/error-pane.tsx';
import { Row, RowGhost } from './row.tsx';
import { useView } from './view.ts';
import { ViewsMenu, ViewTitle } from './views.tsx';

interface ListProps {
  filter: ListFilter;
  onFilter: (unread: boolean) => void;
  selectedId: string | undefined;
  hasViewsColumn: boolean;
}

/** The conversations of a view, newest activity first. */
export function List({ filter, onFilter, selectedId, hasViewsColumn }: ListProps) {
  const t = useT();
  const view = useView();
  return (
    <section className="list" aria-label={t('list.label')}>
      <header className="bar">{hasViewsColumn ? <ViewTitle /> : <ViewsMenu />}</header>
      <div className="flt">
        <button type="button" className="chip line" aria-pressed={Boolean(filter.unread)} onClick={() => onFilter(!filter.unread)}>
          {t('list.onlyUnread')}
        </button>
      </div>
      <Rows key={JSON.stringify(filter)} filter={filter} slug={view.slug} selectedId={selectedId} onFilter={onFilter} />
    </section>
  );
}

function Rows({
  filter,
  slug,
  selectedId,
  onFilter,
}: {
  filter: ListFilter;
  slug: string;
  selectedId: string | undefined;
  onFilter: (unread: boolean) => void;
}) {
  const t = useT();
  const query = useInfiniteQuery(listQuery(filter));
  const items = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data]);
  // What J or the first press opens is loaded before it is asked for.
  const first = items[0];
  useEffect(() => {
    if (first) prefetchConversation(first.id, first.contact.id);
  }, [first]);
  const handle = useRef<VirtualizerHandle>(null);
  const [scroller, setScroller] = useState<HTMLDivElement | null>(null);
  if (query.isPending) return <ListGhost />;
  if (query.isError && !items.length) return <ErrorPane title={t('list.error')} error={query.error} onRetry={() => void query.refetch()} />;
  if (!items.length) return <Nothing filter={filter} onFilter={onFilter} />;
  const selectedAt = items.findIndex((item) => item.id === selectedId);
  const loadMore = () => {
    const list = handle.current;
    if (!list || !query.hasNextPage || query.isFetchingNextPage) return;
    if (list.findItemIndex(list.scrollOffset + list.viewportSize) > items.length - 12) void query.fetchNextPage();
  };
  return (
    <div className="cvs scroll" ref={setScroller} data-list>
      {scroller ? (
        <Virtualizer ref={handle} scrollRef={{ current: scroller }} itemSize={72} bufferSize={400} onScroll={loadMore}>
          {items.map((conversation, index) => (
            <Row
              key={conversation.id}
              conversation={conversation}
              slug={slug}
              isSelected={conversation.id === selectedId}
              place={index === 0 ? 'first' : index === selectedAt + 1 && selectedAt >= 0 ? 'after-on' : ''}
            />
          ))}
          {query.hasNextPage ? <RowGhost width={60} /> : null}
        </Virtualizer>
      ) : null}
    </div>
  );
}

/** Nothing to show, and the one place to go from here. */
function Nothing({ filter, onFilter }: { filter: ListFilter; onFilter: (unread: boolean) => void }) {
  const t = useT();
  const mayOpen = useMay('inbox.manage');
  const inboxes = useQuery(inboxesQuery).data;
  const closed = useQuery(countsQuery).data?.views.closed ?? 0;
  if (filter.unread)
    return (
      <Empty
        title={t('list.allRead')}
        action={
          <Button size="s" onClick={() => onFilter(false)}>
            {t('list.showAll')}
          </Button>
        }
      />
    );
  if (inboxes?.length === 0 && mayOpen)
    return (
      <Empty
        title={t('list.noInboxes')}
        text={t('list.noInboxesText')}
        action={
          <Link className="btn solid s" to="/settings/{-$section}/{-$item}" params={{ section: 'inboxes', item: 'new' }}>
            {t('list.openInbox')}
          </Link>
        }
      />
    );
  const elsewhere = filter.view !== 'all' || filter.inboxId ? 'all' : closed > 0 ? 'closed' : null;
  return (
    <Empty
      title={t('list.empty')}
      text={t(filter.view === 'closed' ? 'list.emptyClosed' : 'list.emptyText')}
      action={
        elsewhere ? (
          <Link className="btn s" to="/inbox/{-$view}/{-$conversationId}" params={{ view: elsewhere, conversationId: undefined }}>
            {t(elsewhere === 'all' ? 'list.seeAll' : 'list.seeClosed')}
          </Link>
        ) : null
      }
    />
  );
}

function ListGhost() {
  const t = useT();
  return (
    <div className="cvs late" role="status" aria-label={t('loading')}>
      {[58, 74, 46, 66, 52, 70, 49, 62].map((width, index) => (
        <RowGhost key={width} width={width} isFirst={index === 0} />
      ))}
    </div>
  );
}
