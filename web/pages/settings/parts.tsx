import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useT } from '../../i18n/use-t.ts';
import { Icon } from '../../ui/icon.tsx';

/** The head of a section: what it is, what it is for, and the one thing to do. */
export function SectionHead({ title, lead, action }: { title: string; lead?: string; action?: ReactNode }) {
  const t = useT();
  return (
    <header className="head">
      <Link to="/settings/{-$section}/{-$item}" params={{}} className="btn quiet icon show-phone" aria-label={t('settings.back')}>
        <Icon name="back" />
      </Link>
      <div className="grow">
        <h1 className="h-page">{title}</h1>
        {lead ? <p className="soft">{lead}</p> : null}
      </div>
      {action}
    </header>
  );
}

/** The shape of a section while it loads. */
export function ColumnSkeleton({ rows = 4 }: { rows?: number }) {
  return (
    <div className="col late" aria-hidden="true">
      <span className="sk" style={{ width: 180, height: 20 }} />
      <span className="sk" style={{ width: '60%' }} />
      <ListSkeleton rows={rows} />
    </div>
  );
}

/** The shape of a list while it loads. */
export function ListSkeleton({ rows = 4 }: { rows?: number }) {
  return (
    <div className="rows late" aria-hidden="true">
      {Array.from({ length: rows }, (_, at) => (
        <div key={at} className="line-sk">
          <span className="sk round" style={{ width: 28, height: 28 }} />
          <span className="sk" style={{ width: `${60 - at * 9}%` }} />
        </div>
      ))}
    </div>
  );
}
